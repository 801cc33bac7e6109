"""The clocks of an issue: what each department, and the office, owes by when.

FIRST RESPONSE  from the assignment until the lead department signs for it
ANSWER          from the assignment until the lead department's approved reply, or a supporting one's contribution;
                after a rework or reopening it runs anew (REVIEW, where the profile has a limit of that kind)
CLOSE           the office's own: from the reply until the issue is struck off

The write door (moves.py) calls these, one issue locked at a time; nobody else changes a clock. Whether a clock was
met in time is written down at that moment and never again. `Issue.due_at` repeats the due date of the lead
department's answer clock, because lists and figures sort and count by it.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from campaigns.calendar import after_working_days, exceptions_between, is_provisional, working_days
from canvass.moments import due_by

from .enums import ClockKind, LimitUnit
from .models import IssueClock, TimeLimit

ANSWERS = (ClockKind.ANSWER, ClockKind.REVIEW)
SHORT = {LimitUnit.MINUTE: timedelta(minutes=1), LimitUnit.HOUR: timedelta(hours=1)}


# --- Limits ---------------------------------------------------------------------------------------------------


def limit_for(issue, kind):
    """The template for a clock: of the issue's urgency, else the one for all others; None if there is none."""
    limits = TimeLimit.objects.filter(profile=issue.profile, kind=kind, urgency__in=[issue.urgency, ""])
    return limits.order_by("-urgency").first()


def due_after(moment, amount, unit):
    """When something begun at a moment is due; days and working days end with their last second."""
    if unit in SHORT:
        return moment + amount * SHORT[unit]
    day = timezone.localdate(moment)
    if unit == LimitUnit.DAY:
        return due_by(day + timedelta(days=amount))
    return due_by(after_working_days(day, amount))


def usual_due(issue, moment, kind=ClockKind.ANSWER):
    """(the template's due date for a clock begun at this moment, the template); (None, None) without one."""
    limit = limit_for(issue, kind)
    return (due_after(moment, limit.amount, limit.unit), limit) if limit else (None, None)


# --- Running ---------------------------------------------------------------------------------------------------


def begin(issue, kind, at, *, department=None, due_on=None):
    """Start a clock. `due_on`: the day somebody typed; the template's own day keeps the template's exact moment."""
    due_at, limit = usual_due(issue, at, kind)
    if due_on is not None and (due_at is None or timezone.localdate(due_at) != due_on):
        due_at, limit = due_by(due_on), None
    if due_at is None:
        return None
    return IssueClock.objects.create(
        issue=issue,
        kind=kind,
        department=department,
        begun_at=at,
        due_at=due_at,
        amount=limit.amount if limit else None,
        unit=limit.unit if limit else "",
        is_provisional=is_provisional(timezone.localdate(due_at)),
    )


def answer_clock(issue):
    """The lead department's running answer clock; made from the row for an issue that a workbook brought."""
    running = issue.clocks.running().filter(kind__in=ANSWERS, department=issue.lead_department_id)
    clock = running.last()
    if clock is None and issue.lead_department_id and issue.due_at:
        clock = IssueClock.objects.create(
            issue=issue,
            kind=ClockKind.ANSWER,
            department_id=issue.lead_department_id,
            begun_at=min(issue.assigned_at, issue.due_at),
            due_at=issue.due_at,
            stopped_at=issue.state_since if issue.state in ("waiting", "parked") else None,
        )
    return clock


def meet(clocks, at):
    """What was owed is done: freeze whether in time. A due date that names a day ends with its last second."""
    for clock in clocks:
        clock.met_at = max(at, clock.begun_at)
        clock.is_on_time = at.replace(microsecond=0) <= clock.due_at
        clock.stopped_at = None
        clock.save(update_fields=["met_at", "is_on_time", "stopped_at"])


def drop(clocks, at):
    """Nobody owes it any more, and nobody is judged."""
    clocks.update(dropped_at=at, stopped_at=None)


def stop(issue, at):
    """The departments' clocks stand still while the issue waits or is parked."""
    answer_clock(issue)
    issue.clocks.running().filter(department__isnull=False, stopped_at=None).update(stopped_at=at)


def run_on(issue, at):
    """For as long as a clock stood still its due date moves on, in the clock's own unit."""
    answer_clock(issue)
    for clock in issue.clocks.running().exclude(stopped_at=None):
        stood = stood_for(clock, at)
        clock.due_at, clock.stood = _moved(clock, stood), clock.stood + stood
        clock.is_provisional = is_provisional(timezone.localdate(clock.due_at))
        clock.stopped_at = None
        clock.save(update_fields=["due_at", "stood", "is_provisional", "stopped_at"])


def stood_for(clock, at):
    """How long a stopped clock has been standing still: working days, days, or minutes, by its unit."""
    if clock.stopped_at is None:
        return 0
    if clock.unit in SHORT:
        return int((at - clock.stopped_at) / timedelta(minutes=1))
    first, last = timezone.localdate(clock.stopped_at), timezone.localdate(at)
    return (last - first).days if clock.unit == LimitUnit.DAY else working_days(first, last)


def _moved(clock, stood):
    if not stood:
        return clock.due_at
    if clock.unit in SHORT:
        return clock.due_at + timedelta(minutes=stood)
    return due_after(clock.due_at, stood, clock.unit or LimitUnit.WORKING_DAY)


def extend(clock, due_on):
    """A granted extension: from now on the date is a typed one."""
    clock.due_at, clock.amount, clock.unit = due_by(due_on), None, ""
    clock.is_provisional = is_provisional(due_on)
    clock.save(update_fields=["due_at", "amount", "unit", "is_provisional"])


def definite_due(clock):
    """When a provisional clock is due by the calendar as it is published now."""
    return due_after(clock.begun_at, clock.amount + clock.stood, clock.unit)


def now_published():
    """Running clocks of working days that were reckoned before their year's plan of holidays was out."""
    waiting = IssueClock.objects.running().filter(
        is_provisional=True, unit=LimitUnit.WORKING_DAY, stopped_at=None
    )
    return [
        clock
        for clock in waiting.select_related("issue__campaign")
        if not is_provisional(timezone.localdate(clock.due_at))
    ]


# --- To be read -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """One clock as a person reads it: `state` is met, late (met too late), dropped, stopped, over or running.

    `days`: working days left, or since it was due.
    """

    clock: IssueClock
    state: str
    days: int = 0


def readings(issue, now=None):
    """The clocks of an issue, oldest first, each with how it stands."""
    now = now or timezone.now()
    clocks = list(issue.clocks.select_related("department"))
    if not clocks:
        return []
    moments = [now, *(clock.due_at for clock in clocks)]
    days = [timezone.localdate(moment) for moment in moments]
    exceptions = exceptions_between(min(days), max(days))
    return [_reading(clock, now, exceptions) for clock in clocks]


def _reading(clock, now, exceptions):
    if clock.met_at:
        return Reading(clock, "met" if clock.is_on_time else "late")
    if clock.dropped_at:
        return Reading(clock, "dropped")
    if clock.stopped_at:
        return Reading(clock, "stopped")
    today, due_on = timezone.localdate(now), timezone.localdate(clock.due_at)
    if clock.due_at < now.replace(microsecond=0):
        return Reading(clock, "over", working_days(due_on, today, exceptions))
    return Reading(clock, "running", working_days(today, due_on, exceptions))


def used(clock, now=None):
    """What a clock has used of its limit, stops left out, in its own unit (working days for a typed date)."""
    end = clock.met_at or clock.dropped_at or clock.stopped_at or now or timezone.now()
    if clock.unit in SHORT:
        return int((end - clock.begun_at) / timedelta(minutes=1)) - clock.stood
    first, last = timezone.localdate(clock.begun_at), timezone.localdate(end)
    spent = (last - first).days if clock.unit == LimitUnit.DAY else working_days(first, last)
    return spent - clock.stood
