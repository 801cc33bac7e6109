"""A department's desk: what waits for it, lot by lot, the most urgent lot and the most urgent row first.

Every question is asked once for all rows that are shown, however many they are.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.calendar import exceptions_between, is_working_day, working_days
from campaigns.enums import CampaignState

from .enums import IssueState, SlipStepKind
from .models import Issue, IssueStep, IssueSupport, SlipStep, SupervisionSlip
from .move_rules import SEND_BACK_WITHIN_WD
from .permissions import can_move_issue
from .supervision import can_answer_slip
from .workflow import BY_DEPARTMENT, CONTRIBUTE, MOVES, REMIND, REOPEN, REWORK, SEND_BACK, answers_to

RETURNED = (REWORK, REOPEN)
REQUESTS = ("ask_extension", "ask_parking")
STANDING = (IssueState.WAITING, IssueState.PARKED)
WITH_US = (IssueState.ASSIGNED, IssueState.IN_PROGRESS, *STANDING)
LOTS = {
    "slips": gettext_lazy("督办待回复"),
    "returned": gettext_lazy("退回重办"),
    "sign": gettext_lazy("待签收"),
    "working": gettext_lazy("办理中"),
    "standing": gettext_lazy("待补充和挂账"),
    "requests": gettext_lazy("我们的申请"),
    "support": gettext_lazy("协办"),
}
NOTE_SHOWN = 80
# The next steps that a row itself offers, the likeliest first; the issue's own page has all of them.
BUTTONS = {
    IssueState.ASSIGNED: ("sign", SEND_BACK),
    IssueState.IN_PROGRESS: ("reply", "note"),
    IssueState.WAITING: ("resume", "note"),
    IssueState.PARKED: ("note",),
}


@dataclass
class Row:
    """One line of the desk. `marks`: (words, "bad", "warn" or ""); `said`: (word, text) that was recorded."""

    issue: Issue
    slip: SupervisionSlip | None = None
    marks: list = field(default_factory=list)
    facts: list = field(default_factory=list)
    said: list = field(default_factory=list)
    moves: list = field(default_factory=list)
    can_answer: bool = False


class Desk:
    """What waits for the departments of one person. Issues of closed campaigns wait for nobody."""

    def __init__(self, user):
        self.user, self.departments = user, user.reach.department_ids
        self.now, self.today = timezone.now(), timezone.localdate()

    @cached_property
    def _seen(self):
        related = ("campaign", "category", "place", "lead_department")
        issues = Issue.objects.visible_to(self.user).unrestricted()
        return issues.filter(campaign__state=CampaignState.RUNNING, state__in=WITH_US).select_related(
            *related
        )

    @cached_property
    def _led(self):
        """Ours to handle, with `last_word`: whether the office gave it to us, or gave it back."""
        words = IssueStep.objects.filter(issue=OuterRef("pk"), move__in=["assign", "reply", *RETURNED])
        last = Subquery(words.order_by("-at", "-pk").values("move")[:1])
        return self._seen.filter(lead_department__in=self.departments).annotate(
            last_word=Coalesce(last, Value(""))
        )

    def rows_of(self, lot):
        """The rows of a lot as a query, in order of urgency."""
        return getattr(self, f"_{lot}")()

    def _slips(self):
        answered = SlipStep.objects.filter(slip=OuterRef("pk"), kind=SlipStepKind.ANSWERED)
        slips = SupervisionSlip.objects.visible_to(self.user).open()
        slips = slips.filter(
            ~Exists(answered), department__in=self.departments, campaign__state=CampaignState.RUNNING
        )
        related = ("campaign", "department", "issue__campaign", "issue__category", "issue__place")
        return slips.select_related(*related, "issue__lead_department").order_by(
            F("answer_due_on").asc(nulls_last=True), "issued_at", "pk"
        )

    def _returned(self):
        return self._led.filter(_RETURNED).order_by("due_at", "pk")

    def _sign(self):
        return self._led.filter(state=IssueState.ASSIGNED).order_by("assigned_at", "pk")

    def _working(self):
        return self._led.filter(_WORKING).order_by("due_at", "pk")

    def _standing(self):
        return self._led.filter(state__in=STANDING).order_by(F("review_on").asc(nulls_last=True), "pk")

    def _requests(self):
        """Each issue's last request of ours: first those that nobody has decided on, then the latest."""
        steps = IssueStep.objects.filter(move__in=REQUESTS, department__in=self.departments)
        later = steps.filter(issue=OuterRef("issue")).order_by("-at", "-pk").values("pk")[:1]
        steps = steps.filter(pk=Subquery(later), issue__in=self._led.values("pk"))
        after = IssueStep.objects.filter(
            Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
        )
        ends = Q(changes_state=True) | Q(move__in=[name for one in REQUESTS for name in answers_to(one)])
        settled = Exists(after.filter(ends, issue=OuterRef("issue")))
        related = ("issue__campaign", "issue__category", "issue__place", "issue__lead_department")
        return steps.select_related(*related).order_by(settled, "-at", "-pk")

    def _support(self):
        ours = IssueSupport.objects.filter(issue=OuterRef("pk"), department__in=self.departments)
        others = self._seen.exclude(lead_department__in=self.departments)
        return others.filter(Exists(ours)).order_by("due_at", "pk")

    def counts(self):
        """{lot: how many rows}."""
        led = self._led.order_by().aggregate(
            returned=Count("pk", filter=_RETURNED),
            sign=Count("pk", filter=Q(state=IssueState.ASSIGNED)),
            working=Count("pk", filter=_WORKING),
            standing=Count("pk", filter=Q(state__in=STANDING)),
        )
        return led | {lot: self.rows_of(lot).count() for lot in ("slips", "requests", "support")}

    def told(self, found):
        """{lot: rows} for {lot: what its query gave}."""
        issues = [_issue_of(one) for ones in found.values() for one in ones]
        told = _Told(self, issues)
        return {lot: [told.row(lot, one) for one in ones] for lot, ones in found.items()}


_RETURNED = Q(state=IssueState.IN_PROGRESS, last_word__in=RETURNED)
_WORKING = Q(state=IssueState.IN_PROGRESS) & ~Q(last_word__in=RETURNED)


def _issue_of(one):
    return one if isinstance(one, Issue) else one.issue


class _Told:
    """The words of the rows that are shown: their steps and the calendar are read once."""

    def __init__(self, desk, issues):
        self.desk, self.steps, self.exceptions = desk, {}, {}
        if not issues:
            return
        steps = IssueStep.objects.filter(issue__in={issue.pk for issue in issues})
        for step in steps.order_by("at", "pk"):
            self.steps.setdefault(step.issue_id, []).append(step)
        days = [desk.today]
        for issue in issues:
            days += [timezone.localdate(at) for at in (issue.due_at, issue.assigned_at) if at]
        self.exceptions = exceptions_between(min(days), max(days) + timedelta(days=30))

    def row(self, lot, one):
        row = Row(_issue_of(one))
        if lot == "slips":
            self._slip(row, one)
        elif lot == "requests":
            self._request(row, one)
        elif lot == "support":
            if row.issue.state not in STANDING:
                self._due(row)
            self._contribution(row)
        else:
            getattr(self, f"_{row.issue.state}")(row)
            if lot == "returned":
                self._gap(row)
            self._note(row)
        if lot not in ("slips", "requests", "support"):
            self._reminder(row)
            row.moves = self._moves(row.issue)
        return row

    def _last(self, issue, *moves):
        return next((step for step in reversed(self.steps.get(issue.pk, [])) if step.move in moves), None)

    def _moves(self, issue):
        names = BUTTONS[issue.state]
        may = [name for name in names if name != SEND_BACK or self._may_send_back(issue)]
        return [MOVES[name] for name in may if can_move_issue(self.desk.user, issue, name)]

    # --- Marks and facts of a row -------------------------------------------------------------------------------

    def _slip(self, row, slip):
        row.slip, row.can_answer = slip, can_answer_slip(self.desk.user, slip)
        if slip.answer_due_on:
            row.facts.append((_("回复期限"), slip.answer_due_on))
            if slip.answer_due_on < self.desk.today:
                row.marks.append((_("逾期未回复督办"), "bad"))

    def _assigned(self, row):
        self._due(row)
        until = self._send_back_until(row.issue)
        if row.issue.is_final_ruling:
            row.facts.append((_("退单"), _("活动办已作最终裁定，不能再退")))
        elif until < self.desk.today:
            row.facts.append((_("退单"), _("已过退单期限，请签收办理")))
        else:
            row.facts.append((_("最晚退单"), until))

    def _in_progress(self, row):
        self._due(row)
        for request in REQUESTS:
            last = self._last(row.issue, request, *answers_to(request))
            if last and last.move == request and not self._is_settled(last):
                row.marks.append((_("%s，等待批准") % last.move_label, ""))

    def _waiting(self, row):
        self._standing(row, _("待补充至"), "wait")

    def _parked(self, row):
        self._standing(row, _("下次复核日期"), "park")

    def _standing(self, row, word, move):
        day = row.issue.review_on
        if day:
            row.facts.append((word, day))
        if day and day < self.desk.today:
            row.marks.append((_("日期已过"), "bad"))
        elif day == self.desk.today:
            row.marks.append((_("今天到期"), "warn"))
        if (step := self._last(row.issue, move)) and step.reason:
            row.said.append((step.move_label, step.reason))

    def _gap(self, row):
        step = self._last(row.issue, *RETURNED)
        row.said.append((f"{step.move_label} {timezone.localdate(step.at)}", step.reason))

    def _note(self, row):
        """What we noted last: often the answer that a clerk has prepared."""
        step = self._last(row.issue, "note")
        if step and step.department_id == row.issue.lead_department_id:
            words = Truncator(step.reason).chars(NOTE_SHOWN)
            row.said.append((f"{step.move_label} {timezone.localdate(step.at)}", words))

    def _reminder(self, row):
        """A word of the office that nothing of ours has followed."""
        step = self._last(row.issue, REMIND, "assign", *BY_DEPARTMENT)
        if step and step.move == REMIND:
            row.marks.append((f"{step.move_label} {timezone.localdate(step.at):%m-%d}", "warn"))
            row.said.append((step.move_label, step.reason))

    def _contribution(self, row):
        """A supporting department says what it did, once or more often."""
        step = self._last(row.issue, CONTRIBUTE)
        if step and step.department_id in self.desk.departments:
            row.marks.append((_("已反馈"), "good"))
        if self.desk.user.has_perm(MOVES[CONTRIBUTE].permission):
            row.moves = [MOVES[CONTRIBUTE]]

    def _due(self, row):
        if not row.issue.due_at:
            return
        due, today = timezone.localdate(row.issue.due_at), self.desk.today
        row.facts.append((_("期限"), due))
        if row.issue.is_overdue_at(self.desk.now):
            late = working_days(due, today, self.exceptions)
            words = _("超期 %(days)s 个工作日") % {"days": late} if late else _("已超期")
            row.marks.append((words, "bad"))
        elif due == today:
            row.marks.append((_("今天到期"), "warn"))
        else:
            left = working_days(today, due, self.exceptions)
            words = _("还剩 %(days)d 个工作日") % {"days": left} if left else _("还剩不到 1 个工作日")
            row.marks.append((words, "warn" if left <= 1 else ""))

    def _send_back_until(self, issue):
        """The last day on which the department may still send the issue back."""
        day, number = timezone.localdate(issue.assigned_at), SEND_BACK_WITHIN_WD
        while number:
            day += timedelta(days=1)
            number -= is_working_day(day, self.exceptions)
        return day

    def _may_send_back(self, issue):
        return not issue.is_final_ruling and self.desk.today <= self._send_back_until(issue)

    # --- Requests -----------------------------------------------------------------------------------------------

    def _after(self, step):
        steps = self.steps[step.issue_id]
        return steps[[one.pk for one in steps].index(step.pk) + 1 :]

    def _is_settled(self, step):
        return any(one.move in answers_to(step.move) or one.changes_state for one in self._after(step))

    def _request(self, row, step):
        decided = next((one for one in self._after(step) if one.move in answers_to(step.move)), None)
        asked = f"{step.move_label} {timezone.localdate(step.at)}"
        row.said.append((asked, step.reason))
        if decided:
            row.marks.append((decided.move_label, "bad" if decided.move.startswith("refuse") else "good"))
            if decided.reason:
                row.said.append((f"{decided.move_label} {timezone.localdate(decided.at)}", decided.reason))
        elif self._is_settled(step):
            row.marks.append((_("问题的状态已变，申请不再有效"), ""))
        else:
            row.marks.append((_("等待批准"), "warn"))
        if wanted := step.details.get("due_on") or step.details.get("review_on"):
            row.facts.append((_("申请的日期"), parse_date(wanted)))
        if row.issue.due_at and row.issue.state == IssueState.IN_PROGRESS:
            row.facts.append((_("期限"), timezone.localdate(row.issue.due_at)))
