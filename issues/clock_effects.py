"""What each clock effect of the move table does. Called by the write door with the issue locked, before it is saved."""

from . import clocks
from .enums import ClockKind

RESPONSE, ANSWER, REVIEW, CLOSE = ClockKind.RESPONSE, ClockKind.ANSWER, ClockKind.REVIEW, ClockKind.CLOSE


def _begins(change):
    """Each department its own clock; what an earlier department owed is off."""
    issue, now, due_on = change.issue, change.now, change.values["due_on"]
    clocks.drop(issue.clocks.running(), now)
    clocks.begin(issue, RESPONSE, now, department=issue.lead_department)
    lead = clocks.begin(issue, ANSWER, now, department=issue.lead_department, due_on=due_on)
    issue.due_at = lead.due_at
    for support in issue.supports.select_related("department"):
        clocks.begin(issue, ANSWER, now, department=support.department, due_on=due_on)


def _responds(change):
    clocks.meet(change.issue.clocks.running().filter(kind=RESPONSE), change.now)


def _ends(change):
    clocks.drop(change.issue.clocks.running(), change.now)


def _stops(change):
    clocks.stop(change.issue, change.now)


def _runs(change):
    clocks.run_on(change.issue, change.now)
    if clock := clocks.answer_clock(change.issue):
        change.issue.due_at = clock.due_at


def _extends(change):
    clock = clocks.answer_clock(change.issue)
    clocks.extend(clock, change.values["due_on"])
    change.issue.due_at = clock.due_at


def _contributes(change):
    mine = change.issue.clocks.running().filter(kind=ANSWER, department__in=change.by.reach.department_ids)
    clocks.meet(mine.exclude(department=change.issue.lead_department_id), change.now)


def _answers(change):
    """The lead answers for all: what supporting departments had not yet said is asked no more."""
    issue = change.issue
    if clock := clocks.answer_clock(issue):
        clocks.meet([clock], change.now)
    clocks.drop(issue.clocks.running(), change.now)
    clocks.begin(issue, CLOSE, change.now)


def _awaits(change):
    """Solved at the door: only the office's own clock."""
    clocks.begin(change.issue, CLOSE, change.now)


def _again(change):
    """The department's answer did not hold: it gets the limit of a review, or the whole limit once more."""
    issue, now = change.issue, change.now
    clocks.drop(issue.clocks.running(), now)
    kind = REVIEW if clocks.limit_for(issue, REVIEW) else ANSWER
    if clock := clocks.begin(issue, kind, now, department=issue.lead_department):
        issue.due_at = clock.due_at


def _closes(change):
    clocks.meet(change.issue.clocks.running().filter(kind=CLOSE), change.now)


EFFECTS = {
    "begins": _begins,
    "responds": _responds,
    "stops": _stops,
    "runs": _runs,
    "extends": _extends,
    "contributes": _contributes,
    "answers": _answers,
    "awaits": _awaits,
    "again": _again,
    "closes": _closes,
    "ends": _ends,
}
