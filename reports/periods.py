"""The period of a report: one day, one week, or the whole campaign; its name, its cut-off, the one before."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date

from canvass.moments import day_start, last_moment

from .enums import ReportKind
from .weeks import Week

WHOLE = "final"  # the key of the one period of a final report
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class ReportPeriod:
    """What one report of a series is about: `key` names it in addresses, both days are included."""

    kind: ReportKind
    key: str
    first: date
    last: date

    @classmethod
    def parse(cls, campaign, kind, key):
        """The period of a key like "2018-09-10" or "2018-W36"; ValueError for anything else."""
        if kind == ReportKind.FINAL:
            if key != WHOLE:
                raise ValueError(key)
            return cls(
                ReportKind.FINAL, WHOLE, campaign.first_on, max(campaign.last_on, timezone.localdate())
            )
        if kind == ReportKind.DAILY:
            day = parse_date(key) if len(key) == len("2018-09-10") else None
            if day is None or day.year not in YEARS:
                raise ValueError(key)
            return cls.of(kind, day)
        week = Week.parse(key)
        if week.monday.year not in YEARS:
            raise ValueError(key)
        return cls.of(kind, week.monday)

    @classmethod
    def of(cls, kind, day):
        """The day itself for a daily report, the day's week for a weekly one and a circular."""
        if kind == ReportKind.DAILY:
            return cls(ReportKind.DAILY, day.isoformat(), day, day)
        week = Week.of(day)
        return cls(ReportKind(kind), str(week), week.monday, week.sunday)

    @property
    def before(self):
        """The days of the same length just before, (first, last)."""
        length = self.last - self.first + timedelta(days=1)
        return self.first - length, self.last - length

    def as_of(self, now):
        """The cut-off: the end of the period, or now while it is not over. A final report always says: now."""
        return min(now, last_moment(self.last))

    def has_begun(self, campaign, now):
        """Whether the period has a moment of the campaign in it by now."""
        return day_start(self.first) <= now and self.last >= campaign.first_on
