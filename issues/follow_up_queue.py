"""What waits for somebody to ask the resident, to look again, or to decide: in lots, the longest waiting first.

Each lot is a condition on issues, of one's own places alone. What one worked on or heard oneself is not offered
where somebody else has to ask; the page says how many of those are left to colleagues.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.enums import CampaignState
from canvass import places

from .contacts import contacts_of
from .enums import FollowUpResult, IssueOutcome, IssueState
from .models import FollowUp, Issue, IssueStep
from .move_rules import TRIES, is_reopening_over
from .permissions import asked_or_closed_by, found_unsolved, handled_or_heard_by, waiting_for_answer
from .voices import VOICE, told_apart, voices_by_issue
from .workflow import (
    HEARD,
    KEEP_CLOSED,
    LEADERS,
    LOOK_BACK,
    MOVES,
    OFFICE,
    REOPEN,
    REWORK,
    SECOND_CHECK,
    answers_to,
)

REQUESTS = sorted({move.request for move in MOVES.values() if move.request})


@dataclass(frozen=True)
class Lot:
    """A tab: `rows(desk)` gives its issues with `waiting_since`; `moves` are its buttons, the first one the usual."""

    key: str
    label: str
    hint: str
    since_label: str
    rows: Callable
    moves: tuple = ()
    is_asking: bool = False  # neither handler nor first visitor may


def _in_state(state):
    return lambda desk: desk.office.filter(state=state).annotate(waiting_since=F("state_since"))


def _look_back(desk):
    """What was looked at and found unsolved waits for a decision first, in a lot of its own."""
    due = Q(state=IssueState.CLOSED, outcome=IssueOutcome.PHASED, review_on__lte=desk.today)
    unsolved = found_unsolved(desk.office).values("pk")
    return desk.office.filter(due).exclude(pk__in=unsolved).annotate(waiting_since=F("review_on"))


def _review(desk):
    """Waiting lasts to the end of its day; a review is due on its day. Without a day, as a workbook leaves it, now."""
    no_day = Q(review_on__isnull=True)
    waits = Q(state=IssueState.WAITING) & (Q(review_on__lt=desk.today) | no_day)
    parked = Q(state=IssueState.PARKED) & (Q(review_on__lte=desk.today) | no_day)
    since = Coalesce("review_on", TruncDate("state_since"))
    return desk.office.filter(waits | parked).annotate(waiting_since=since)


def _second_check(desk):
    """To whoever closed it, a matter that was drawn does not exist here, not even as a count."""
    drawn = desk.office.filter(state=IssueState.CLOSED, second_check_on__lte=desk.today)
    return drawn.exclude(asked_or_closed_by(desk.user)).annotate(waiting_since=F("second_check_on"))


def _reopen(desk):
    return found_unsolved(desk.office).annotate(waiting_since=F("unsolved_since"))


def _pending(desk):
    """Requests of others that this person may settle; leaders and the office have different ones."""
    condition = Q(pk__in=[])
    for request in REQUESTS:
        settled_by = MOVES[answers_to(request)[0]]
        issues = desk.issues(settled_by.permission).filter(state__in=settled_by.sources)
        condition |= Q(pk__in=waiting_for_answer(issues, request, desk.user).values("pk"))
    asked = IssueStep.objects.filter(issue=OuterRef("pk"), move__in=REQUESTS).order_by("-at", "-pk")
    return Issue.objects.filter(condition).annotate(waiting_since=Subquery(asked.values("at")[:1]))


PENDING = Lot(
    "pending",
    pgettext_lazy("follow-up", "待批"),
    gettext_lazy("别人提出的申请，由您批准或者不同意。"),
    gettext_lazy("申请时间"),
    _pending,
)
LOTS = {
    lot.key: lot
    for lot in (
        Lot(
            "check",
            pgettext_lazy("follow-up", "待审核"),
            gettext_lazy("承办单位已经答复。看答复是否对得上诉求：对得上就转回访，对不上就退回重办。"),
            gettext_lazy("答复时间"),
            _in_state(IssueState.REPLIED),
            ("ask", REWORK),
            True,
        ),
        Lot(
            "ask",
            pgettext_lazy("follow-up", "待回访"),
            gettext_lazy("问群众是否解决、是否满意。几条诉求并在一起的，每位都问到。"),
            gettext_lazy("转回访时间"),
            _in_state(IssueState.FOLLOW_UP),
            ("close", HEARD, "not_reached", REWORK, "ask_procedural"),
            True,
        ),
        Lot(
            "look_back",
            pgettext_lazy("follow-up", "回头看"),
            gettext_lazy("阶段性办结的问题，约定的日子到了，再去看、再去问。"),
            gettext_lazy("约定日期"),
            _look_back,
            (LOOK_BACK,),
            True,
        ),
        Lot(
            "review",
            gettext_lazy("到期复核"),
            gettext_lazy("待补充的已过期限，请催承办单位；挂账的到了复核日期，请复核。"),
            gettext_lazy("到期日期"),
            _review,
            ("review_parking", "unpark"),
        ),
        Lot(
            "second",
            pgettext_lazy("follow-up", "二次回访"),
            gettext_lazy("销号后随机抽中的问题，由没有回访过的人再问一次。"),
            gettext_lazy("可以回访的日期"),
            _second_check,
            (SECOND_CHECK,),
            True,
        ),
        Lot(
            "reopen",
            gettext_lazy("待定重开"),
            gettext_lazy("销号以后群众说没有解决。请重开，或者写明为什么不重开。"),
            gettext_lazy("问到的时间"),
            _reopen,
            (REOPEN, KEEP_CLOSED),
        ),
        PENDING,
    )
}


@dataclass
class Row:
    """One issue of a lot, with what somebody has to know before picking up the telephone."""

    issue: object
    days: int
    tries: int = 0
    last_try: object = None
    voices: int = 0
    asked: int = 0
    requests: list = field(default_factory=list)
    moves: list = field(default_factory=list)
    can_continue: bool = False
    contacts: list = field(default_factory=list)


class Desk:
    """The queue of one person, as of now."""

    def __init__(self, user):
        self.user, self.now = user, timezone.now()
        self.today = timezone.localdate(self.now)
        self.office = self.issues(OFFICE)

    def issues(self, permission):
        """Issues of running campaigns where a posting of this person gives the permission; no restricted one."""
        seen = Issue.objects.visible_to(self.user).unrestricted()
        inside = places.inside("place_id", *self.user.reach.codes_with(permission))
        return seen.filter(inside, campaign__state=CampaignState.RUNNING)

    @property
    def lots(self):
        """The office all of them, the leading group the requests, others none."""
        if self.user.has_perm(OFFICE):
            return list(LOTS.values())
        return [PENDING] if self.user.has_perm(LEADERS) else []

    def offered(self, lot):
        """The issues of a lot that this person may take up."""
        rows = lot.rows(self)
        return rows.exclude(handled_or_heard_by(self.user)) if lot.is_asking else rows

    def left(self, lot):
        """How many of a lot somebody else has to take up, because of what this person did or heard."""
        return lot.rows(self).filter(handled_or_heard_by(self.user)).count() if lot.is_asking else 0

    def ordered(self, lot):
        """Who waits longest comes first."""
        related = ("place__parent", "lead_department", "campaign", "category")
        return self.offered(lot).order_by("waiting_since", "pk").select_related(*related)

    def told(self, lot, issues):
        """[Row] of one page, with what the rows have in common read at once."""
        since, voices = _asked_since_reply(issues), voices_by_issue(issues)
        requests = _pending_requests(issues)
        own = Issue.objects.filter(handled_or_heard_by(self.user), pk__in=[issue.pk for issue in issues])
        own = set(own.values_list("pk", flat=True))
        rows = [
            self._row(lot, issue, since.get(issue.pk, []), voices[issue.pk], requests.get(issue.pk, []), own)
            for issue in issues
        ]
        if lot.is_asking:
            contacts = contacts_of(set().union(*voices.values()), self.user)
            for row in rows:
                row.contacts = [contacts[pk] for pk in sorted(voices[row.issue.pk]) if pk in contacts]
        return rows

    def _row(self, lot, issue, asked, voices, requests, own):
        missed = [one for one in asked if one.result == FollowUpResult.NOT_REACHED]
        row = Row(
            issue=issue,
            days=(self.today - _day(issue.waiting_since)).days,
            tries=len(missed),
            last_try=missed[-1].at if missed else None,
            voices=len(voices),
            asked=len(voices & told_apart(asked)),
            requests=requests,
        )
        row.can_continue = lot.key == "reopen" and is_reopening_over(issue, self.now)
        row.moves = self._moves(lot, row, own)
        return row

    def _moves(self, lot, row, own):
        """The buttons of a row: those of the lot that make sense for this issue."""
        issue, names = row.issue, list(lot.moves)
        if lot is PENDING:
            mine = [step.move for step in row.requests if step.by_id != self.user.pk]
            names = [name for request in mine for name in answers_to(request)]
        if row.voices - row.asked > 1 and HEARD in names:
            names = [HEARD, *(name for name in names if name != HEARD)]
        unfit = set()
        if row.voices < 2:
            unfit.add(HEARD)
        if row.tries < TRIES and issue.outcome != IssueOutcome.PROCEDURAL:
            unfit.add("ask_procedural")
        if any(step.move == "ask_procedural" for step in row.requests):
            unfit.add("ask_procedural")
        if row.can_continue:
            unfit.add(REOPEN)
        moves = [MOVES[name] for name in names if name not in unfit]
        return [
            move
            for move in moves
            if issue.state in move.sources
            and not (move.independent and issue.pk in own)
            and places.is_inside(issue.place_id, *self.user.reach.codes_with(move.permission))
        ]


def _day(since):
    return timezone.localdate(since) if hasattr(since, "hour") else since


def _asked_since_reply(issues):
    """{pk of an issue: follow-ups since the reply that stands}, oldest first."""
    rows = FollowUp.objects.annotate(voice=VOICE).filter(
        issue__in=[issue.pk for issue in issues], at__gte=F("issue__replied_at")
    )
    rows = rows.order_by("at", "pk")
    found = {}
    for row in rows:
        found.setdefault(row.issue_id, []).append(row)
    return found


def _pending_requests(issues):
    """{pk of an issue: [requests nobody has settled]}: `permissions.pending_request` for a page."""
    wanted = Q(changes_state=True)
    for request in REQUESTS:
        wanted |= Q(move__in=[request, *answers_to(request)])
    steps = IssueStep.objects.filter(wanted, issue__in=[issue.pk for issue in issues])
    found = {}
    for step in steps.order_by("at", "pk").select_related("by__cadre", "department"):
        open_ones = found.setdefault(step.issue_id, {})
        if step.changes_state:
            open_ones.clear()
        elif step.move in REQUESTS:
            open_ones[step.move] = step
        else:
            open_ones.pop(MOVES[step.move].request, None)
    return {pk: list(open_ones.values()) for pk, open_ones in found.items()}
