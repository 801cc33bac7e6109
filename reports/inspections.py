"""Visits drawn by chance and asked about by somebody who was not there: was somebody there, was it as recorded?

A draw can be made again from its seed. Whoever took part in a visit or filed it does not ask about it. Nobody
reached: asked again on another day, three times in all, and then the visit is out of the share that was confirmed.
"""

import secrets
from random import Random

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.enums import CampaignState
from campaigns.models import CampaignOutcome
from campaigns.services import lock_campaign
from canvass import places
from canvass.figures import Scope
from visits.figures import counting_rows
from visits.models import Visit
from visits.permissions import is_own_visit

from .hints import HINTS, known_to_office
from .models import Inspection, InspectionSample, SampledVisit

TRIES = 3
INSPECT = "reports.inspect_visits"
MAKES_UP = ("visits.check_visit", INSPECT)


# --- The draw ---------------------------------------------------------------------------------------------------


def _candidates(campaign, place, first_on, last_on, *, at, before=None):
    """Valid counting visits of place and period that were filed by then, and neither drawn before nor inspected.

    `before`: a draw that is made again; what was drawn by it or later could be drawn then.
    """
    visits = counting_rows(Scope(campaign, at, first_on, last_on)).queryset
    visits = visits.inside(place.code).filter(filed_at__lte=at)
    earlier = SampledVisit.objects.filter(visit=OuterRef("pk"))
    later = earlier.none()
    if before is not None:
        earlier, later = earlier.filter(sample__lt=before.pk), earlier.filter(sample__gte=before.pk)
    inspected = Q(Exists(Inspection.objects.filter(visit=OuterRef("pk")))) & ~Q(Exists(later))
    return visits.exclude(Exists(earlier)).exclude(inspected)


def _drawn(candidates, *, method, size, seed):
    """([pk] as chance has it, {pk: keys of hints}) for the keys of all candidates."""
    pks = list(candidates.order_by("pk").values_list("pk", flat=True))
    dice = Random(seed)
    if method == InspectionSample.Method.RANDOM:
        return dice.sample(pks, min(size, len(pks))), {}
    hints = _hints_of(candidates)
    flagged = [pk for pk in pks if pk in hints]
    chosen = dice.sample(flagged, min(size, len(flagged)))
    rest = [pk for pk in pks if pk not in hints]
    return chosen + dice.sample(rest, min(size - len(chosen), len(rest))), hints


def _hints_of(visits):
    """{pk: keys of hints that the office knows}, judged among these visits."""
    known, found = known_to_office(visits), {}
    for one in HINTS.values():
        for pk in one.rows(known).values_list("pk", flat=True):
            found.setdefault(pk, []).append(one.key)
    return found


def can_draw(user, campaign, place):
    return campaign.is_writable and places.is_inside(place.code, *user.reach.codes_with(INSPECT))


@transaction.atomic
def draw_sample(campaign, *, by, client_id, place, first_on, last_on, method, size):
    """(sample, whether it is new). Who inspects here and was not there may ask about any visit of it."""
    campaign = lock_campaign(campaign.pk)
    if drawn := InspectionSample.objects.filter(client_id=client_id).first():
        if drawn.drawn_by_id != by.pk:
            raise ValidationError(_("请再按一次“抽取”。"))
        return drawn, False
    if not can_draw(by, campaign, place):
        raise ValidationError(_("只有活动进行中、在您的责任范围内才能抽样。"))
    now, seed = timezone.now(), secrets.token_hex(8)
    candidates = _candidates(campaign, place, first_on, last_on, at=now)
    chosen, hints = _drawn(candidates, method=method, size=size, seed=seed)
    if not chosen:
        raise ValidationError(_("这个范围和时段里没有还没抽过的有效走访，请换一个范围或时段。"))
    sample = InspectionSample.objects.create(
        campaign=campaign,
        place=place,
        first_on=first_on,
        last_on=last_on,
        method=method,
        size=size,
        population=candidates.count(),
        seed=seed,
        client_id=client_id,
        drawn_at=now,
        drawn_by=by,
    )
    SampledVisit.objects.bulk_create(
        SampledVisit(sample=sample, visit_id=pk, hints=hints.get(pk, [])) for pk in chosen
    )
    return sample, True


def drawn_again(sample):
    """The keys that a random draw gives from its seed; visits corrected or made void since may change it."""
    candidates = _candidates(
        sample.campaign, sample.place, sample.first_on, sample.last_on, at=sample.drawn_at, before=sample
    )
    return _drawn(candidates, method=sample.method, size=sample.size, seed=sample.seed)[0]


# --- Asking -----------------------------------------------------------------------------------------------------


def sampled_visits(user):
    """Drawn visits where this person inspects, whether or not they are settled."""
    here = places.inside("grid_id", *user.reach.codes_with(INSPECT))
    return Visit.objects.visible_to(user).filter(here, sampled__isnull=False)


def told_apart(visits):
    """The visits with `tries` that reached nobody, and whether somebody was reached and confirmed it."""
    reached = Inspection.objects.filter(visit=OuterRef("pk"), is_reached=True)
    return visits.annotate(
        tries=Count("inspections", filter=Q(inspections__is_reached=False)),
        is_asked=Exists(reached),
        is_confirmed=Exists(reached.filter(is_confirmed=True)),
    )


def waiting_visits(user):
    """Drawn visits of running campaigns that still have to be asked about, own ones too; valid ones only."""
    rows = told_apart(sampled_visits(user).valid_at(timezone.now()))
    return rows.filter(campaign__state=CampaignState.RUNNING, is_asked=False, tries__lt=TRIES)


def offered_visits(user):
    """Those of them that this person may ask about today: not an own visit, nobody asked today."""
    today = Inspection.objects.filter(visit=OuterRef("pk"), asked_on=timezone.localdate())
    own = Visit.objects.own(user).values("pk")
    return waiting_visits(user).exclude(pk__in=own).exclude(Exists(today))


def refusal_to_inspect(user, visit):
    """Why this person cannot record about the visit now, in a sentence; "" when nothing stands against it."""
    if is_own_visit(user, visit):
        return _("您参加或登记了这次走访，请由别人来抽查。")
    if not visit.campaign.is_writable:
        return _("活动已经结束，不能再记抽查。")
    if visit.voided_at is not None:
        return _("这条走访已经作废，不必再抽查。")
    return _already_asked(list(visit.inspections.select_related("by__cadre").order_by("asked_on", "pk")))


def _already_asked(asked):
    for one in asked:
        who = one.by.display_name if one.by else _("他人")
        if one.is_reached:
            return _("%(who)s已经在 %(day)s 问过这一户，结果已记下。") % {"who": who, "day": one.asked_on}
        if one.asked_on == timezone.localdate():
            return _("%(who)s今天已经联系过这一户，没有联系上；请改天再试。") % {"who": who}
    if len(asked) >= TRIES:
        return _("已经试过三次都没有联系上，不再问，也不计入属实率。")
    return ""


@transaction.atomic
def record_inspection(visit, *, by, way, is_reached, is_confirmed=False, found="", words_verbatim=""):
    """(inspection, whether it is new): one try. Whoever comes second is told who was first."""
    locked = Visit.objects.select_for_update(of=("self",)).select_related("campaign")
    visit = locked.get(pk=visit.pk)
    if not sampled_visits(by).filter(pk=visit.pk).exists():
        raise ValidationError(_("这条走访没有被抽中，或者不在您的责任范围内。"))
    said = {"way": way, "is_reached": is_reached, "is_confirmed": is_confirmed}
    said |= {"found": found.strip(), "words_verbatim": words_verbatim.strip()}
    same = visit.inspections.filter(asked_on=timezone.localdate(), by=by, **said).first()
    if same is not None:
        return same, False
    if text := refusal_to_inspect(by, visit):
        raise ValidationError(text, code="settled")
    inspection = Inspection(visit=visit, asked_on=timezone.localdate(), at=timezone.now(), by=by, **said)
    inspection.validate_constraints()
    inspection.save(force_insert=True)
    return inspection, True


# --- Visited again ----------------------------------------------------------------------------------------------


def make_up_doors(user):
    """Inspections that did not confirm a valid visit, the latest of each door where no counting visit followed.

    For those who answer for the place: doors, not workers; who was said to have been there is not told.
    """
    here = places.inside("grid_id", *user.reach.codes_with(*MAKES_UP))
    visits = Visit.objects.visible_to(user).filter(here, campaign__state=CampaignState.RUNNING)
    denied = Inspection.objects.filter(is_reached=True, is_confirmed=False)
    counts = CampaignOutcome.objects.filter(campaign=OuterRef("campaign"), counts_as_visited=True)
    followed = Visit.objects.filter(
        entry=OuterRef("visit__entry"),
        campaign=OuterRef("visit__campaign"),
        started_at__date__gte=OuterRef("asked_on"),
        outcome__in=counts.values("outcome"),
    ).exclude(pk=OuterRef("visit"))
    newer = denied.filter(visit__entry=OuterRef("visit__entry"), pk__gt=OuterRef("pk"))
    found = denied.filter(visit__in=visits.valid_at(timezone.now()).values("pk"))
    return found.exclude(Exists(followed.valid_at(timezone.now()))).exclude(Exists(newer))
