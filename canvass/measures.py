"""How rows become a value: counts, sums, groups, rates, medians. canvass.figures gives them their names."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F

from .shared import once


class Result(NamedTuple):
    """One value; numerator and denominator for a rate."""

    value: Any
    numerator: int | None = None
    denominator: int | None = None


class Measure:
    """How rows become a value. `additive`: the rows of a breakdown add up to the total."""

    additive = False
    column = None  # the column whose sum it is, for those who open the rows

    def result(self) -> Result:
        raise NotImplementedError

    def by(self, level) -> dict[str, Result] | None:
        """{code: result} for the codes that have rows; None when the figure does not apply to the level."""
        raise NotImplementedError

    def within(self, scope):
        """The same measure over one part; None when it does not apply."""
        rows = self.rows.within(scope)
        return rows and self.over(rows)

    def over(self, rows):
        raise NotImplementedError

    @property
    def empty(self) -> Result:
        return Result(0)


class Aggregate(Measure):
    """A count, a sum of a column, or a count of distinct values of a column."""

    def __init__(self, rows, expression, *, additive, column=None):
        self.rows, self.expression, self.additive, self.column = rows, expression, additive, column

    def over(self, rows):
        return Aggregate(rows, self.expression, additive=self.additive, column=self.column)

    def result(self):
        rows = self.rows.queryset.order_by()
        return Result(_number(once(rows, lambda: rows.aggregate(n=self.expression)["n"], self.expression)))

    def by(self, level):
        if not self.rows.field(level):
            return None
        if self.rows.has_several(level):
            return self._in_each(level)
        keyed = self.rows.queryset.order_by().values(part_code=self.rows.key(level))
        rows = keyed.annotate(n=self.expression)
        return {row["part_code"]: Result(_number(row["n"])) for row in once(rows, lambda: list(rows))}

    def _in_each(self, level):
        """A row of several parts counts once in each of them; under "" stand those that have none."""
        if self.additive and self.column:  # a sum: each row once a part, whoever else of the part was there
            keyed = self.rows.in_each(level).values_list("part_code", "pk", self.column).distinct()
            pairs = [(code, number) for code, _pk, number in once(keyed, lambda: list(keyed))]
        else:
            keyed = self.rows.in_each(level).values("part_code")
            rows = keyed.annotate(n=models.Count(self.column or "pk", distinct=True))
            pairs = [(row["part_code"], row["n"]) for row in once(rows, lambda: list(rows))]
        sums = defaultdict(int)
        for code, number in pairs:
            sums[code] += number or 0
        parts = {code: Result(_number(number)) for code, number in sums.items()}
        return parts | {"": self.over(self.rows.in_part(level, "")).result()}


def count(rows):
    """How many rows."""
    return Aggregate(rows, models.Count("pk"), additive=True)


def total(rows, column):
    """The sum of a column, blanks as zero."""
    return Aggregate(rows, models.Sum(column), additive=True, column=column)


def distinct(rows, column):
    """How many different values of a column."""
    return Aggregate(rows, models.Count(column, distinct=True), additive=False, column=column)


class Grouped(Measure):
    """A measure split by a column of listed values; every listed value is a key, zeros too."""

    def __init__(self, measure, column, keys):
        self.measure, self.split, self.keys = measure, column, [str(key) for key in keys]
        self.rows, self.additive, self.column = measure.rows, measure.additive, measure.column

    def over(self, rows):
        return Grouped(self.measure.over(rows), self.split, self.keys)

    @property
    def empty(self):
        return Result(dict.fromkeys(self.keys, 0))

    def _collect(self, pairs):
        values = dict.fromkeys(self.keys, 0)
        values.update({key: value for key, value in pairs if key in values})
        return Result(values)

    def result(self):
        grouped = self.rows.queryset.order_by().values(split_key=_expression(self.split))
        rows = grouped.annotate(n=self.measure.expression)
        return self._collect((row["split_key"], _number(row["n"])) for row in once(rows, lambda: list(rows)))

    def by(self, level):
        if not self.rows.field(level):
            return None
        keyed = self.rows.queryset.order_by().values(
            part_code=self.rows.key(level), split_key=_expression(self.split)
        )
        rows, parts = keyed.annotate(n=self.measure.expression), defaultdict(list)
        for row in once(rows, lambda: list(rows)):
            parts[row["part_code"]].append((row["split_key"], _number(row["n"])))
        return {code: self._collect(pairs) for code, pairs in parts.items()}


class Part(Measure):
    """One key of a grouped measure: the keys that stand side by side on a page are counted together."""

    additive = True

    def __init__(self, grouped, key):
        self.grouped, self.key, self.column = grouped, str(key), grouped.column

    @property
    def rows(self):
        return self.grouped.rows.filter(**{self.grouped.split: self.key})

    @property
    def expression(self):
        return self.grouped.measure.expression

    def within(self, scope):
        grouped = self.grouped.within(scope)
        return grouped and Part(grouped, self.key)

    def result(self):
        return Result(self.grouped.result().value[self.key])

    def by(self, level):
        parts = self.grouped.by(level)
        return parts and {code: Result(result.value[self.key]) for code, result in parts.items()}


class Rate(Measure):
    """Percent of one measure in another, one decimal, half up; no denominator, no value."""

    def __init__(self, numerator, denominator):
        self.numerator, self.denominator = numerator, denominator
        self.rows = denominator.rows

    @property
    def empty(self):
        return Result(None, 0, 0)

    def within(self, scope):
        numerator, denominator = self.numerator.within(scope), self.denominator.within(scope)
        return Rate(numerator, denominator) if numerator and denominator else None

    @staticmethod
    def _of(numerator, denominator):
        return Result(percent(numerator, denominator), numerator, denominator)

    def result(self):
        return self._of(self.numerator.result().value, self.denominator.result().value)

    def by(self, level):
        above, below = self.numerator.by(level), self.denominator.by(level)
        if above is None or below is None:
            return None
        zero = Result(0)
        return {
            code: self._of(above.get(code, zero).value, below.get(code, zero).value)
            for code in above.keys() | below.keys()
        }


class Median(Measure):
    """The median of a number that Python computes from some columns of each row."""

    def __init__(self, rows, columns, function):
        self.rows, self.columns, self.function = rows, columns, function

    def over(self, rows):
        return Median(rows, self.columns, self.function)

    @property
    def empty(self):
        return Result(None)

    def result(self):
        return self._median(self.rows.queryset.order_by().values_list(*self.columns))

    def by(self, level):
        if not self.rows.field(level):
            return None
        parts = defaultdict(list)
        keyed = self.rows.queryset.order_by().annotate(part_code=self.rows.key(level))
        for code, *values in keyed.values_list("part_code", *self.columns):
            parts[code].append(values)
        return {code: self._median(values) for code, values in parts.items()}

    def _median(self, rows):
        values = self.function(list(rows))
        return Result(_number(median(values)) if values else None)


class DistinctUnion(Measure):
    """Different values found in several kinds of rows, e.g. departments in visits or gatherings."""

    def __init__(self, *parts):
        self.parts = parts  # (Rows, column) pairs
        self.rows = parts[0][0]

    def within(self, scope):
        narrowed = [(rows.within(scope), column) for rows, column in self.parts]
        return DistinctUnion(*narrowed) if all(rows for rows, _column in narrowed) else None

    def values(self):
        return set().union(
            *(
                rows.queryset.order_by().exclude(**{column: None}).values_list(column, flat=True).distinct()
                for rows, column in self.parts
            )
        )

    def result(self):
        return Result(len(self.values()))

    def by(self, level):
        found = defaultdict(set)
        for rows, column in self.parts:
            if not rows.field(level):
                return None
            known = rows.queryset.order_by().exclude(**{column: None})
            keyed = known.values(part_code=rows.key(level), value=F(column)).distinct()
            for row in keyed:
                found[row["part_code"]].add(row["value"])
        return {code: Result(len(values)) for code, values in found.items()}


def percent(numerator, denominator):
    """Percent with one decimal, half up; None without a denominator."""
    if not denominator:
        return None
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    return float(exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def _expression(column):
    return F(column) if isinstance(column, str) else column


def _number(value):
    """Plain int where it is whole, else float; None (an empty sum) is 0."""
    value = value or 0
    return int(value) if value == int(value) else float(value)
