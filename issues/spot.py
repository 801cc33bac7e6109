"""Solved on the spot: the visitor said so, and somebody else who answers for the place confirms it, or does not.

Confirmed words are an issue of the village that only waits for the resident to be asked; whoever confirmed counts
as its handler. What is not confirmed goes to the triage desk, where it waited all the while. Misconduct reports
never come here.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.enums import CampaignState
from campaigns.services import lock_campaign
from canvass import places
from visits.models import Opinion, Visit

from . import services, sorting
from .enums import IssueLevel, Urgency
from .models import SpotRefusal
from .models.issues import RESTRICTED_CATEGORY
from .workflow import KEEPERS, SPOT


def said_solved(user):
    """Words said to be solved on the spot in the places this person answers for, decided on or not.

    Never those of an own visit, and never those that this person wrote down or corrected.
    """
    here = places.inside("place_id", *user.reach.codes_with(KEEPERS))
    own = Q(collector=user.reach.cadre) | Q(created_by=user) | Q(visit__in=Visit.objects.own(user))
    words = Opinion.objects.visible_to(user).unrestricted().filter(here, nature__in=sorting.ISSUE_NATURES)
    return words.exclude(done_on_spot="").exclude(own)


def waiting_spots(user):
    """Those of them that still wait for somebody to look: valid, of a running campaign, neither sorted nor refused."""
    valid = said_solved(user).valid_at(timezone.now()).filter(campaign__state=CampaignState.RUNNING)
    return sorting.unsorted(valid).filter(spot_refusal=None)


def can_confirm_spot(user, opinion):
    return waiting_spots(user).filter(pk=opinion.pk).exists()


@transaction.atomic
def confirm_spot(opinion, *, by, title, category):
    """An issue that was solved when it was heard: registered and moved on in one, the visitor's account its reason."""
    _lock_waiting(opinion, by)
    if category.code.startswith(RESTRICTED_CATEGORY):
        raise ValidationError(_("检举控告不能当场解决，请点“没有解决”，交给活动办。"), code="forbidden")
    issue = services.register_issue(
        by=by,
        campaign=opinion.campaign,
        title=title,
        category=category,
        level=IssueLevel.VILLAGE,
        urgency=Urgency.usual(opinion.nature),
        place=opinion.place,
        opinions=[opinion],
    )
    return services.move_issue(
        issue, move=SPOT, by=by, version=issue.version, reason=opinion.done_on_spot.strip()
    )


@transaction.atomic
def refuse_spot(opinion, *, by, reason):
    """Not solved after all: the office reads why, and the words go the ordinary way."""
    _lock_waiting(opinion, by)
    if not reason.strip():
        raise ValidationError(_("请写明为什么没有解决。"), code="incomplete")
    return SpotRefusal.objects.create(opinion=opinion, reason=reason.strip(), by=by)


def _lock_waiting(opinion, by):
    """One decision at a time in a campaign; whoever comes second is told what the first one decided."""
    lock_campaign(opinion.campaign_id)
    services.lock_words([opinion])
    if not can_confirm_spot(by, opinion):
        raise ValidationError(what_became(opinion, by), code="sorted")


def what_became(opinion, user):
    """A sentence about words that wait for no confirmation any more."""
    refusal = SpotRefusal.objects.filter(opinion=opinion).select_related("by__cadre").first()
    if refusal is None or not sorting.unsorted(Opinion.objects.filter(pk=opinion.pk)).exists():
        return sorting.what_became(opinion, user)
    who = refusal.by.display_name if refusal.by else _("他人")
    return _("诉求 %(number)s 已由%(who)s核实为没有解决（%(why)s），不必再办。") % {
        "number": opinion.number,
        "who": who,
        "why": refusal.reason,
    }


def refusals_of(opinion):
    """Who found these words, or those that they correct, not solved; latest first."""
    if not opinion.done_on_spot:
        return SpotRefusal.objects.none()
    rows = [opinion.pk]
    while opinion.corrects_id:
        opinion = opinion.corrects
        rows.append(opinion.pk)
    return SpotRefusal.objects.filter(opinion__in=rows).select_related("by__cadre").order_by("-at", "-pk")
