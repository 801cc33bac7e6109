"""Weeks from Monday to Sunday, named as ISO names them: 2018-W36."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Value, When
from django.db.models.functions import TruncDate
from django.utils.formats import date_format

from canvass.moments import day_start


@dataclass(frozen=True, order=True)
class Week:
    """One week, by its Monday. Like a Day it is a span: from `first` to `last`, in a chart called by `name`."""

    monday: date

    @classmethod
    def of(cls, day):
        """The week of a day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text):
        """The week of a label like "2018-W36"; ValueError for anything else, the 54th week too."""
        found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
        if not found:
            raise ValueError(text)
        return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))

    def __str__(self):
        year, number, _weekday = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def number(self):
        return self.monday.isocalendar().week

    @property
    def sunday(self):
        return self.monday + timedelta(days=6)

    @property
    def first(self):
        return self.monday

    @property
    def last(self):
        return self.sunday

    @property
    def week(self):
        return self

    @property
    def name(self):
        return f"W{self.number:02d}"

    @property
    def note(self):
        """What stands under the name in a chart."""
        return date_format(self.monday, "n/j")

    @property
    def asked(self):
        """The parameters that ask for it."""
        return {"week": self}

    @property
    def before(self):
        return Week(self.monday - timedelta(days=7))

    @property
    def after(self):
        return Week(self.monday + timedelta(days=7))


@dataclass(frozen=True, order=True)
class Day:
    """One day as a span."""

    day: date

    def __str__(self):
        return self.day.isoformat()

    @property
    def first(self):
        return self.day

    @property
    def last(self):
        return self.day

    @property
    def week(self):
        return Week.of(self.day)

    @property
    def name(self):
        return date_format(self.day, "n/j")

    @property
    def note(self):
        return date_format(self.day, "D")

    @property
    def asked(self):
        return {"from": self, "to": self}


def weeks_between(first, last):
    """Every week that has a day in the period, in order."""
    weeks, week = [], Week.of(first)
    while week.monday <= last:
        weeks.append(week)
        week = week.after
    return weeks


def by_span(measure, field, spans):
    """[how much before the first span, in each span …, after the last] of a measure dated by a moment.

    One query, whatever the number of spans, which follow one another without a gap; the parts add up to the
    measure's result.
    """
    starts = [span.first for span in spans] + [spans[-1].last + timedelta(days=1)]
    queryset, counts = measure.rows.queryset.order_by(), [0] * (len(starts) + 1)
    if field in queryset.query.annotations:  # looked up for every row: asked once, not once for each span
        for row in queryset.values(day=TruncDate(field)).annotate(n=measure.expression):
            counts[bisect_right(starts, row["day"])] += row["n"]
        return counts
    cases = [When(**{f"{field}__lt": day_start(day)}, then=Value(index)) for index, day in enumerate(starts)]
    bucket = Case(*cases, default=Value(len(starts)))
    for row in queryset.values(bucket=bucket).annotate(n=measure.expression):
        counts[row["bucket"]] = row["n"]
    return counts
