"""Supervision: which slips are due, issuing them, answering and lifting them.

BLUE    four fifths of the working days between assignment and due date are used
YELLOW  past due, or reworked once
RED     over five working days late, reworked twice, or reopened after a closing that was none

One slip stands per issue; a graver one takes its place. A slip ends by an approved reply or by the office's
signed reason; what the office has signed off brings no second slip of the same or a lesser colour.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar import after_working_days, exceptions_between, working_days
from campaigns.models import Campaign
from campaigns.services import lock_campaign
from canvass import places

from .clocks import ANSWERS
from .enums import IssueOutcome, IssueState, LimitUnit, SlipCause, SlipStepKind, SupervisionColour
from .models import Issue, IssueClock, IssueStep, SlipStep, SupervisionSlip
from .models.lateness import VERY_LATE_AFTER_WD
from .models.supervision import SETTLED
from .workflow import REOPEN, REWORK

SOON_PERCENT = 80
ANSWER_WITHIN_WD = 2
PREFIX = "DB"

COLOURS = {
    SlipCause.DUE_SOON: SupervisionColour.BLUE,
    SlipCause.OVERDUE: SupervisionColour.YELLOW,
    SlipCause.REWORK: SupervisionColour.YELLOW,
    SlipCause.LONG_OVERDUE: SupervisionColour.RED,
    SlipCause.REWORKS: SupervisionColour.RED,
    SlipCause.FALSE_CLOSING: SupervisionColour.RED,
}
GRAVITY = {colour: number for number, colour in enumerate(SupervisionColour, 1)}
# Where a department's clock runs. Waiting and parked issues stand still; answered ones are the office's.
RUNNING = [IssueState.ASSIGNED, IssueState.IN_PROGRESS]


def supervise(*, now=None, dry_run=False, campaign=None):
    """Issue every slip that is due in the running campaigns (or in one), and say which. A dry run writes nothing.

    Each campaign is locked while it is looked at: two commands at once issue nothing twice.
    """
    now, issued = now or timezone.now(), []
    running = Campaign.objects.running().filter(**({"pk": campaign.pk} if campaign else {}))
    for pk in running.order_by("pk").values_list("pk", flat=True):
        if dry_run:
            issued += _due_slips(Campaign.objects.get(pk=pk), now)
            continue
        with transaction.atomic():
            campaign = lock_campaign(pk)
            if campaign.is_writable:  # it may have been closed while we waited
                issued += [_issue(slip) for slip in _due_slips(campaign, now)]
    return issued


def _issue(slip):
    slip.save(force_insert=True)
    if slip.replaces:
        SlipStep.objects.create(
            slip=slip.replaces, kind=SlipStepKind.SUPERSEDED, successor=slip, at=slip.issued_at
        )
    return slip


# --- Which are due ----------------------------------------------------------------------------------------------


def _due_slips(campaign, now):
    """Slips to be issued, unsaved and numbered; `replaces` is the open slip that each supersedes, or None."""
    issues = (
        Issue.objects.unrestricted()
        .filter(campaign=campaign, state__in=RUNNING, due_at__isnull=False, assigned_at__isnull=False)
        .filter(lead_department__isnull=False)
    )
    cases = _Cases.of(campaign, issues, now)
    number, answer_due_on = (
        _last_number(campaign),
        after_working_days(timezone.localdate(now), ANSWER_WITHIN_WD),
    )
    slips = []
    for issue in issues.select_related("lead_department").order_by("due_at", "pk"):
        cause, replaces = cases.cause(issue), cases.open.get(issue.pk)
        if cause is None or (replaces and gravity(cause) <= GRAVITY[replaces.colour]):
            continue
        number += 1
        slip = SupervisionSlip(
            campaign=campaign,
            issue=issue,
            department=issue.lead_department,
            number=f"{PREFIX}{number:06d}",
            colour=COLOURS[cause],
            cause=cause,
            issued_at=now,
            due_at=issue.due_at,
            answer_due_on=answer_due_on,
        )
        slip.replaces = replaces
        slips.append(slip)
    return slips


def gravity(cause):
    return GRAVITY[COLOURS[cause]]


def _last_number(campaign):
    last = campaign.slips.filter(number__regex=rf"^{PREFIX}[0-9]{{6}}$").aggregate(last=Max("number"))["last"]
    return int(last.removeprefix(PREFIX)) if last else 0


@dataclass
class _Cases:
    """What the slips of a campaign depend on, read in a handful of queries for any number of issues."""

    now: object
    steps: dict  # issue: its changes of state, oldest first
    clocks: dict  # issue: the lead department's running answer clock; none for one a workbook brought
    open: dict  # issue: the slip that stands
    lifted: dict  # issue: the steps that lifted slips by a signed reason
    days: object  # (start, end) -> working days

    @classmethod
    def of(cls, campaign, issues, now):
        steps, lifted = defaultdict(list), defaultdict(list)
        for step in IssueStep.objects.filter(issue__in=issues.values("pk"), changes_state=True):
            steps[step.issue_id].append(step)
        of_campaign = SlipStep.objects.filter(slip__campaign=campaign, kind=SlipStepKind.LIFTED)
        for step in of_campaign.select_related("slip"):
            lifted[step.slip.issue_id].append(step)
        standing = SupervisionSlip.objects.filter(campaign=campaign).open()
        clocks = {
            clock.issue_id: clock
            for clock in IssueClock.objects.running().filter(
                kind__in=ANSWERS, issue__in=issues.values("pk"), department=F("issue__lead_department")
            )
        }
        moments = [now, *(clock.begun_at for clock in clocks.values())]
        moments += [moment for pair in issues.values_list("assigned_at", "due_at") for moment in pair]
        days = _calendar(timezone.localdate(min(moments)), timezone.localdate(max(moments)))
        return cls(now, steps, clocks, {slip.issue_id: slip for slip in standing}, lifted, days)

    def cause(self, issue):
        """The gravest cause that no signed reason has settled, or None."""
        found = [cause for cause in (self._by_clock(issue), self._by_history(issue)) if cause]
        return max(found, key=gravity, default=None)

    def _by_clock(self, issue):
        cause = self._lateness(issue)
        signed = [
            GRAVITY[step.slip.colour] for step in self.lifted[issue.pk] if _is_same_term(step.slip, issue)
        ]
        return cause if cause and gravity(cause) > max(signed, default=0) else None

    def _lateness(self, issue):
        today, due_on = timezone.localdate(self.now), timezone.localdate(issue.due_at)
        # A due date that names a day ends with that day's last second.
        if issue.due_at < self.now.replace(microsecond=0):
            late = self.days(due_on, today)
            return SlipCause.LONG_OVERDUE if late > VERY_LATE_AFTER_WD else SlipCause.OVERDUE
        clock = self.clocks.get(issue.pk)
        begun_at, stood = (clock.begun_at, clock.stood) if clock else (issue.assigned_at, 0)
        begun = timezone.localdate(begun_at)
        used, given = self.days(begun, today) - stood, self.days(begun, due_on) - stood
        # Limits in minutes, hours or days, and those due within the day: by the clock on the wall.
        if given <= 0 or (clock and clock.unit not in ("", LimitUnit.WORKING_DAY)):
            used, given = self.now - begun_at, issue.due_at - begun_at
        return SlipCause.DUE_SOON if used * 100 >= given * SOON_PERCENT else None

    def _by_history(self, issue):
        """By what the same department's answers led to; a phased closing that comes up again is no false one."""
        reworks, false_closings, latest, closing = 0, 0, None, None
        for step in self.steps[issue.pk]:
            if step.to_state == IssueState.CLOSED:
                closing = step.outcome
            if step.department_id not in (None, issue.lead_department_id):
                continue
            if step.move == REWORK:
                reworks, latest = reworks + 1, step.at
            elif step.move == REOPEN and closing != IssueOutcome.PHASED:
                false_closings, latest = false_closings + 1, step.at
        if latest is None or any(step.at >= latest for step in self.lifted[issue.pk]):
            return None
        if false_closings:
            return SlipCause.FALSE_CLOSING
        return SlipCause.REWORKS if reworks > 1 else SlipCause.REWORK


def _is_same_term(slip, issue):
    """Whether a slip was about the due date that the issue still has, with the department it still has."""
    return slip.due_at == issue.due_at and slip.department_id == issue.lead_department_id


def _calendar(first, last):
    exceptions = exceptions_between(first, last)
    return cache(lambda start, end: working_days(start, end, exceptions))


def days_late(slips, now=None):
    """Working days that the issue of each slip is past its due date now: {slip: days}."""
    today = timezone.localdate(now or timezone.now())
    due = {slip.pk: timezone.localdate(slip.issue.due_at) for slip in slips if slip.issue.due_at}
    if not due:
        return {}
    days = _calendar(min(due.values()), today)
    return {pk: days(day, today) for pk, day in due.items()}


# --- Answering and lifting --------------------------------------------------------------------------------------


def can_answer_slip(user, slip):
    """The people of the department that the slip was sent to."""
    return (
        slip.campaign.is_writable
        and user.has_perm("issues.answer_issue")
        and slip.department_id in user.reach.department_ids
    )


def can_lift_slip(user, slip):
    """The campaign office of the place."""
    office = user.reach.codes_with("issues.handle_issue")
    return slip.campaign.is_writable and places.is_inside(slip.issue.place_id, *office)


@transaction.atomic
def answer_slip(slip, *, by, words):
    """What the department says to a slip; the slip stands until the issue is answered."""
    slip = _locked(slip, by)
    if not can_answer_slip(by, slip):
        raise ValidationError(_("只有收到督办单的单位可以回复。"), code="forbidden")
    return SlipStep.objects.create(slip=slip, kind=SlipStepKind.ANSWERED, by=by, words=_said(words))


@transaction.atomic
def lift_slip(slip, *, by, words):
    """End a slip by a signed reason, without an answer to the issue."""
    slip = _locked(slip, by)
    if not can_lift_slip(by, slip):
        raise ValidationError(_("只有活动办可以解除督办。"), code="forbidden")
    return SlipStep.objects.create(slip=slip, kind=SlipStepKind.LIFTED, by=by, words=_said(words))


def _locked(slip, by):
    """The slip as it stands, while nobody else issues, answers or lifts one in its campaign."""
    lock_campaign(slip.campaign_id)
    visible = SupervisionSlip.objects.visible_to(by).open().select_related("campaign", "issue")
    standing = visible.filter(pk=slip.pk).first()
    if standing is None:
        raise ValidationError(_("督办单 %s 已经解除或由新的督办单接续，请看最新情况。") % slip, code="stale")
    return standing


def _said(words):
    if not (words or "").strip():
        raise ValidationError(_("请写明说明。"), code="incomplete")
    return words.strip()


# --- To be read -------------------------------------------------------------------------------------------------


def slips_of(issue, user):
    """The slips of an issue that a person may see, newest first, each with `ending`: how it ended, in words."""
    steps = Prefetch("steps", SlipStep.objects.select_related("by__cadre", "successor"))
    slips = list(
        SupervisionSlip.objects.visible_to(user)
        .filter(issue=issue)
        .with_settled_at()
        .select_related("department")
        .prefetch_related(steps)
    )
    for slip in slips:
        slip.ending = _ending(slip, issue)
    return slips


def _ending(slip, issue):
    """How a slip ended, "" while it stands. The same rules as `SupervisionSlipQuerySet.open`."""
    for step in slip.steps.all():
        if step.kind == SlipStepKind.SUPERSEDED:
            return _("已由 %s 接续") % step.successor
        if step.kind == SlipStepKind.LIFTED:
            return _("已说明理由解除")
    if slip.settled_at or issue.state in SETTLED:
        return _("问题已答复或不再办理")
    return "" if slip.department_id == issue.lead_department_id else _("已不由该单位办理")
