"""How an issue stands against its due date, as conditions: for filters, marks and counts alike."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from campaigns.calendar import exceptions_between, is_working_day
from canvass.moments import day_end

from ..enums import IssueState, Lateness

# Over this many working days late is "very late"; a red slip follows the same number.
VERY_LATE_AFTER_WD = 5
# Two long holidays with their make-up days never take more days than this.
REACH = timedelta(days=60)


def lateness_rules(now):
    """[(lateness, condition)] for issues that owe an answer by a day; the first that holds names the issue."""
    today = timezone.localdate(now)
    exceptions = exceptions_between(today - REACH, today + REACH)
    soon = day_end(_next_working_day(today, exceptions))
    very_late = day_end(_last_very_late_day(today, exceptions))
    return [
        (Lateness.STOPPED, Q(state__in=[IssueState.WAITING, IssueState.PARKED])),
        (Lateness.VERY_LATE, Q(due_at__lt=very_late)),
        (Lateness.LATE, Q(due_at__lt=now)),
        (Lateness.DUE_SOON, Q(due_at__lt=soon)),
    ]


def _next_working_day(day, exceptions):
    while not is_working_day(day := day + timedelta(days=1), exceptions):
        pass
    return day


def _last_very_late_day(today, exceptions):
    """The latest due day since which more than VERY_LATE_AFTER_WD working days have come, today among them."""
    day, come = today, 0
    while True:
        come += is_working_day(day, exceptions)
        day -= timedelta(days=1)
        if come > VERY_LATE_AFTER_WD:
            return day
