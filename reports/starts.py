"""Which reports the office might make now: the day, the week, the circular, the final report."""

from django.utils import timezone

from .enums import ReportKind
from .periods import WHOLE, ReportPeriod


def periods_to_report(campaign, today=None):
    """The period of each series that holds today, kept inside the campaign; then the one before it."""
    today = today or timezone.localdate()
    day = min(max(today, campaign.first_on), campaign.last_on)
    periods = []
    for kind in (ReportKind.DAILY, ReportKind.WEEKLY, ReportKind.CIRCULAR):
        current = ReportPeriod.of(kind, day)
        before = ReportPeriod.of(kind, current.before[0])
        periods += [one for one in (current, before) if one.last >= campaign.first_on]
    return [*periods, ReportPeriod.parse(campaign, ReportKind.FINAL, WHOLE)]
