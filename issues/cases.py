"""A leader takes the case: one issue, one leader, one team, one plan; and the review by three parties."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Team
from canvass import places
from canvass.roles import REPORT_READERS, Role
from grids.models import Cadre, Posting

from .enums import IssueState
from .models import CaseReview, Issue, LeaderCase
from .models.issues import OUT, REFUSED

DONE = [*OUT, *REFUSED, IssueState.CLOSED]


def can_take_case(user, issue):
    """The campaign office of the place records who leads, while the issue is open."""
    office = user.reach.codes_with("issues.handle_issue")
    is_open = issue.state not in DONE and not issue.is_restricted and issue.campaign.is_writable
    return is_open and places.is_inside(issue.place_id, *office)


def leaders_for(issue):
    """Cadres of the leading group whose posting covers the issue's place today."""
    around = [issue.place_id[:length] for length in places.LENGTHS if length <= len(issue.place_id)]
    posted = Posting.objects.active_on(timezone.localdate()).filter(role=Role.LEADING_GROUP, place__in=around)
    return Cadre.objects.filter(pk__in=posted.values("cadre")).order_by("name", "pk")


def teams_for(issue):
    """The teams of the issue's campaign."""
    return Team.objects.filter(campaign=issue.campaign_id).order_by("name")


def case_of(issue):
    """The case as it stands, or None."""
    rows = LeaderCase.objects.filter(issue=issue).select_related("leader", "team", "by__cadre")
    return rows.prefetch_related("reviews__by__cadre").first()


def case_for(issue, user):
    """The case, for the readers of the area and the lead department; its plan is not for visitors."""
    reach = user.reach
    reads = places.is_inside(issue.place_id, *reach.codes(*REPORT_READERS))
    handles = issue.lead_department_id is not None and issue.lead_department_id in reach.department_ids
    return case_of(issue) if (reads or handles) and not issue.is_restricted else None


@transaction.atomic
def take_case(issue, *, by, leader, team, plan):
    """Record leader, team and plan; another leader later is another row, and the first stays readable."""
    issue = _locked(issue, by)
    if (
        not leaders_for(issue).filter(pk=leader.pk).exists()
        or not teams_for(issue).filter(pk=team.pk).exists()
    ):
        raise ValidationError(_("包案领导须是本范围领导小组成员，专班须是本次活动的队伍。"), code="rule")
    return LeaderCase.objects.create(issue=issue, leader=leader, team=team, plan=plan, by=by)


@transaction.atomic
def review_case(issue, *, by, held_on, task_force, legal_expert, conclusion):
    """Record what leader, task force and legal expert found; there is no review without a leader."""
    issue = _locked(issue, by)
    case = case_of(issue)
    if case is None:
        raise ValidationError(_("先确定包案领导，再记录三方会审。"), code="rule")
    if held_on > timezone.localdate():
        raise ValidationError(_("会审日期不能晚于今天。"), code="rule")
    return CaseReview.objects.create(
        case=case,
        held_on=held_on,
        task_force=task_force,
        legal_expert=legal_expert,
        conclusion=conclusion,
        by=by,
    )


def _locked(issue, by):
    issue = Issue.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=issue.pk)
    if not can_take_case(by, issue):
        raise ValidationError(_("只有活动办可以为在办的问题确定包案和会审。"), code="forbidden")
    return issue
