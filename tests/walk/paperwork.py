"""What lies in one grid beside the matters themselves: notices, requests, slips about departments, hand-overs, feedback."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from campaigns.models import PrivacyNotice
from grids.models import Feedback, OpenSignIn
from grids.models.feedback import FeedbackAnswer
from issues.models import ConductSlip
from reports.privacy_models import ExportRequest, PurgeRun, Redaction
from reports.rights_models import RightsRequest, RightsStep
from tests import factories
from visits.models import HandOver

from .secrets import EVERYBODY

TODAY = date(2018, 9, 5)


def lay_down(world, spot):
    """In every grid."""
    place = factories.place(spot.grid)
    request = RightsRequest.objects.create(
        campaign=spot.campaign,
        place=place,
        kind="see",
        way="phone",
        received_on=TODAY,
        due_on=date(2018, 9, 20),
        entry=spot.things["entry"],
        created_by=spot.office,
    )
    world.keep(spot, request, "rights")
    RightsStep.objects.create(
        request=request, kind="answered", by=spot.office, text=world.text(spot, "rights.text", "rights")
    )
    slip = ConductSlip.objects.create(
        campaign=spot.campaign,
        place=place,
        number=world.text(spot, "conduct.number", "conduct"),
        department=spot.department,
        words=world.text(spot, "conduct.words", "conduct"),
        client_id=uuid.uuid4(),
        created_by=spot.worker.user,
    )
    world.keep(spot, slip, "conduct")
    successor = factories.cadre(world.text(spot, "successor.name", "roster"))
    factories.posting(successor, "grid_leader", spot.grid)
    hand_over = HandOver.objects.create(
        leaver=spot.worker,
        successor=successor,
        place=place,
        last_on=date(2018, 9, 30),
        note=world.text(spot, "hand_over.note", "hand_over"),
        by=spot.office,
    )
    world.keep(spot, hand_over, "hand_over")
    feedback = Feedback.objects.create(
        wanted=world.text(spot, "feedback.wanted", "feedback"),
        happened=world.text(spot, "feedback.happened", "feedback"),
        place=place,
        by=spot.worker.user,
    )
    world.keep(spot, feedback, "feedback")
    FeedbackAnswer.objects.create(
        feedback=feedback, text=world.text(spot, "feedback.answer", "feedback"), by=spot.office
    )
    # Where somebody is signed in, which only that person reads.
    sign_in = OpenSignIn.objects.create(
        user=spot.worker.user,
        session_key=uuid.uuid4().hex,
        device="phone",
        browser="wechat",
        system="android",
        address=world.text(spot, "sign_in.address", "own"),
        ends_at=timezone.now() + timedelta(days=1),
    )
    world.keep(spot, sign_in, "own")
    for rule in ("redaction", "own"):
        redaction = Redaction.objects.create(
            table_name="visits_opinion",
            row_key=spot.things["report" if rule == "own" else "waiting"].pk,
            column_name="words_verbatim",
            start=0,
            length=2,
            place=place,
            subject=world.text(spot, "redaction.subject", rule),
            is_restricted=rule == "own",
            by=spot.office,
            reason=world.text(spot, "redaction.reason", rule),
        )
        world.keep(spot, redaction, rule)


def lay_down_in_town(world, spot):
    """Once for each town."""
    campaign, town = spot.campaign, spot.town
    version = PrivacyNotice.objects.filter(campaign=campaign).count() + 1
    public = {"rule": "campaign", "also": EVERYBODY}
    parts = ("who", "why", "what", "how_long", "rights", "contact")
    notice = PrivacyNotice.objects.create(
        campaign=campaign,
        version=version,
        created_by=spot.office,
        **{name: world.text(town, f"notice.{name}", **public) for name in parts},
    )
    units = {"unit_clerk", "unit_head"} if spot.is_home else set()
    world.keep(town, notice, "campaign", units, from_inside=True)
    request = ExportRequest.objects.create(
        campaign=campaign,
        place=factories.place(town),
        reason=world.text(town, "export.reason", "release"),
        asked_by=spot.office,
    )
    world.keep(town, request, "release")
    world.keep(town, PurgeRun.objects.create(campaign=campaign, kind="photos", number=3), "purge")
