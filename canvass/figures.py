"""What a figure is and how it is computed; the figures themselves stand in the apps' figures.py.

A figure is a function of a Scope that returns a measure over rows of the database. The measure gives the
total, the same broken down by a level, and the very rows behind it: nothing is counted twice in the code.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, Length, Substr
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan
from django.utils import timezone

from . import places
from .measures import (
    Aggregate,
    DistinctUnion,
    Grouped,
    Measure,
    Median,
    Part,
    Rate,
    Result,
    count,
    distinct,
    percent,
    total,
)
from .moments import day_start, last_moment

__all__ = [
    "CADRE_CATEGORY",
    "CATEGORY",
    "DEPARTMENT",
    "GRID",
    "LEVELS",
    "PAGE_LEVELS",
    "PLACE_LEVELS",
    "TEAM",
    "TOWN",
    "VILLAGE",
    "Aggregate",
    "DistinctUnion",
    "Figure",
    "Grouped",
    "Measure",
    "Median",
    "Part",
    "Rate",
    "Result",
    "Rows",
    "Scope",
    "Several",
    "count",
    "distinct",
    "figure",
    "percent",
    "total",
]

TOWN, VILLAGE, GRID, DEPARTMENT, CATEGORY = "town", "village", "grid", "department", "category"
PLACE_LEVELS = {TOWN: places.TOWN, VILLAGE: places.VILLAGE, GRID: places.GRID}
LEVELS = (*PLACE_LEVELS, DEPARTMENT, CATEGORY)
# Whose work it was, by team or kind of cadre, never by person. Pages break down by these too; the command does not.
TEAM, CADRE_CATEGORY = "team", "cadre_category"
PAGE_LEVELS = (*LEVELS, TEAM, CADRE_CATEGORY)


@dataclass(frozen=True)
class Scope:
    """What is asked: one campaign, one cut-off, one period, and optionally one part of the whole.

    `first` and `last` are the days of the period, both included; None means from the campaign's first day,
    and until `as_of`. Rows dated before the campaign's first day are in no figure. `part` narrows to one row
    of a breakdown: a place code, a department's or team's name, a category's two digits or a cadre category;
    "" is what lies above it. `known_at`: what was voided by then is out; without it, what was voided by `as_of`.
    """

    campaign: Any
    as_of: datetime
    first: date | None = None
    last: date | None = None
    place: str = ""
    level: str = ""
    part: str | None = None
    known_at: datetime | None = None

    @property
    def known(self):
        """The moment whose knowledge decides which rows are void."""
        return self.known_at or self.as_of

    @property
    def day(self):
        """The calendar day of the cut-off."""
        return timezone.localdate(self.as_of)

    @property
    def first_day(self):
        return max(self.first or self.campaign.first_on, self.campaign.first_on)

    @property
    def last_day(self):
        return min(self.last or self.day, self.day)

    @property
    def is_whole(self):
        """Whether no period was asked for: cumulative from the campaign's first day to the cut-off."""
        return self.first is None and self.last is None

    def moments(self, field):
        """Condition: a moment lies in the period."""
        until = min(last_moment(self.last_day), self.as_of)
        return models.Q(**{f"{field}__gte": day_start(self.first_day), f"{field}__lte": until})

    def days(self, field):
        """Condition: a day lies in the period."""
        return models.Q(**{f"{field}__gte": self.first_day, f"{field}__lte": self.last_day})

    def at(self, level, part):
        """The same scope, narrowed to one row of a breakdown."""
        return replace(self, level=level, part=part)


@dataclass(frozen=True)
class Several:
    """Where the codes of a row stand that may have several, and which of them hold: the teams of a visit."""

    field: str
    condition: models.Q

    def holders(self, model, part=""):
        """The keys of the rows that have this code; without one, of those that have any."""
        named = {self.field: part} if part else {f"{self.field}__isnull": False}
        return model._base_manager.filter(self.condition, **named).values("pk")


@dataclass(frozen=True)
class Rows:
    """A queryset and where the codes of its rows stand, level by level (None: nowhere)."""

    queryset: models.QuerySet
    place: str | None = None
    department: str | None = None
    category: str | None = None
    team: str | Several | None = None
    cadre_category: str | Several | None = None

    def field(self, level):
        return self.place if level in PLACE_LEVELS else getattr(self, level)

    def has_several(self, level):
        """Whether one row may fall into several rows of the breakdown, so that these add up to more."""
        return isinstance(self.field(level), Several)

    def in_each(self, level):
        """The rows with the `part_code` of each of their parts; of two cadres of one team it stands twice."""
        several = self.field(level)
        held = self.queryset.order_by().filter(several.condition, **{f"{several.field}__isnull": False})
        return held.annotate(part_code=F(several.field))

    def filter(self, *args, **kwargs):
        return replace(self, queryset=self.queryset.filter(*args, **kwargs))

    def key(self, level):
        """Expression: the code of the row of the breakdown that each record falls into, "" for none."""
        field = self.field(level)
        if self.has_several(level):
            raise TypeError("A row of several parts has no single key.")
        if level == CATEGORY:
            return Substr(field, 1, 2)
        if level not in PLACE_LEVELS:
            return Coalesce(F(field), Value(""))
        length = PLACE_LEVELS[level]
        reaches_level = GreaterThanOrEqual(Length(field), length)
        return Case(
            When(reaches_level, then=Substr(field, 1, length)),
            default=Value(""),
            output_field=models.CharField(),
        )

    def within(self, scope):
        """The rows of the scope's place and part; None when they carry no such thing."""
        rows = self
        if scope.place and scope.place != scope.campaign.area_id:
            if not self.place:
                return None
            rows = rows.filter(places.inside(self.place, scope.place))
        if scope.part is None:
            return rows
        return rows.in_part(scope.level, scope.part) if self.field(scope.level) else None

    def in_part(self, level, part):
        """The rows of one row of a breakdown; "" for those that lie above it or have no such thing."""
        field = self.field(level)
        if self.has_several(level):
            held = models.Q(pk__in=field.holders(self.queryset.model, part))
            return self.filter(held if part else ~held)
        if level in PLACE_LEVELS:
            if part:
                return self.filter(places.inside(field, part))
            return self.filter(LessThan(Length(field), PLACE_LEVELS[level]))
        if level == CATEGORY:
            return self.filter(Exact(Substr(field, 1, 2), part))
        if part:
            return self.filter(**{field: part})
        return self.filter(Exact(self.key(level), Value("")))


@dataclass(frozen=True)
class Figure:
    """A figure: key = function name = variable in templates. `rule` is its definition in one sentence."""

    key: str
    label: str
    unit: str
    dated_by: str
    rule: str
    function: Any

    def measure(self, scope):
        """The measure within the scope; None when it does not apply to the scope's part."""
        return self.function(scope).within(scope)

    def result(self, scope):
        measure = self.measure(scope)
        return measure.result() if measure else Result(None)


def figure(label, unit, dated_by, rule):
    """Decorator: the function `key(scope) -> Measure` becomes a Figure of that key."""

    def wrap(function):
        return Figure(function.__name__, label, unit, dated_by, rule, function)

    return wrap
