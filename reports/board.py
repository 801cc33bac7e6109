"""The figures of a dashboard, computed once for the campaign and for the week, each with its way down."""

from functools import cached_property

from django.utils.translation import gettext_lazy as _

from .breakdown import rows_by, totals
from .catalogue import CATALOGUE, COVERAGE, FIGURES
from .changes import change_of
from .drilldown import key_labels
from .late import overdue_by_department
from .shown import CAMPAIGN, WEEK, Shown
from .splits import SPLITS
from .trend import trend

# The columns of the table by place.
COLUMNS = (
    *COVERAGE,
    "visits",
    "issues",
    "issues_resolved",
    "issues_closed",
)
# The lots of the households to visit: they add up to it.
LOTS = COLUMNS[1:2] + COLUMNS[3:8]
# From how much of its households visited a place is in which band, the best first; each band has its own word.
BANDS = (
    (90, "most", _("九成以上")),
    (75, "many", _("七成半以上")),
    (50, "half", _("五成以上")),
    (0, "few", _("不到五成")),
)
APART = ("households_not_in", "households_vacant", "households_refused")  # what a tile tells apart


class Board:
    """Everything that the dashboard shows for one question."""

    def __init__(self, question):
        self.question = question
        self.totals = {CAMPAIGN: totals(question.scope), WEEK: totals(question.week_scope)}
        self.queries = {CAMPAIGN: question.address(), WEEK: question.address(week=question.week)}

    def shown(self, key, period=CAMPAIGN):
        return Shown(FIGURES[key], self.totals[period][key], self.queries[period], period)

    @cached_property
    def lines(self):
        """Every figure with its two values, and the labels of its keys when it is a grouped one."""
        return [
            {
                "figure": figure,
                CAMPAIGN: self.shown(figure.key),
                WEEK: self.shown(figure.key, WEEK),
                "keys": self._keys(figure),
            }
            for figure in CATALOGUE
        ]

    def _keys(self, figure):
        """(key, label, whether it holds anything) of a grouped figure."""
        here, now = self.totals[CAMPAIGN][figure.key].value, self.totals[WEEK][figure.key].value
        if not isinstance(here, dict):
            return []
        labels = key_labels(figure.measure(self.question.scope))
        return [(key, label, bool(here[key] or now[key])) for key, label in labels.items()]

    @cached_property
    def table(self):
        """The rows by place: name, code, cells; the row above the level only when it holds anything."""
        level = self.question.level
        if not level:
            return []
        figures = [FIGURES[key] for key in COLUMNS]
        *rows, above = rows_by(self.question.scope, level, figures)
        if any(result.value for result in above.figures.values()):
            rows.append(above)
        return [
            {
                "code": row.code,
                "name": row.name,
                "cells": [self._cell(figure, row, level) for figure in figures],
            }
            for row in rows
        ]

    def _cell(self, figure, row, level):
        query = f"{self.queries[CAMPAIGN]}&level={level}&part={row.code}"
        return Shown(figure, row.figures[figure.key], query, level=level, part=row.code)

    @property
    def columns(self):
        return [FIGURES[key] for key in COLUMNS]

    @property
    def total_row(self):
        return [self.shown(key) for key in COLUMNS]

    @cached_property
    def lots(self):
        """The lots of the households to visit, each with its share for the bar of coverage."""
        whole = self.totals[CAMPAIGN]["households"].value
        lots, left = [], 0.0
        for key in LOTS:
            share = 100 * self.totals[CAMPAIGN][key].value / whole if whole else 0
            lots.append(
                {
                    "name": key.removeprefix("households_"),
                    "shown": self.shown(key),
                    "left": left,
                    "share": share,
                }
            )
            left += share
        return lots

    def change(self, key):
        """How much more or less than the week before; None where nothing can be compared."""
        return change_of(FIGURES[key], self.question, lambda period: self.shown(key, period))

    @cached_property
    def place_tiles(self):
        """The table by place as tiles: those with households to visit, by their codes, each with its band."""
        at = {key: COLUMNS.index(key) for key in COLUMNS}
        return [
            {
                "name": row["name"],
                "code": row["code"],
                "coverage": row["cells"][at["visit_coverage"]],
                "band": band_of(row["cells"][at["visit_coverage"]].result.value),
                "apart": [row["cells"][at[key]] for key in APART],
            }
            for row in self.table
            if row["cells"][at["visit_coverage"]].result.denominator
        ]

    @property
    def bands(self):
        """(name, label, how many tiles) of each band."""
        found = [tile["band"]["name"] for tile in self.place_tiles]
        return [{"name": name, "label": label, "count": found.count(name)} for _from, name, label in BANDS]

    @cached_property
    def overdue(self):
        return overdue_by_department(self.question)

    @cached_property
    def trend(self):
        return trend(self.question)

    def bars(self, key, most):
        """A grouped figure as bars, the longest first, folded those beyond `most` and those of nothing.

        Or a split of a figure: all of it, in the order of its keys.
        """
        split = SPLITS.get(key)
        if split:
            measure = split.measure(self.question.scope)
            whole = Shown(split.figure, measure.result(), self.queries[CAMPAIGN], split=key)
        else:
            measure, whole = FIGURES[key].measure(self.question.scope), self.shown(key)
        values, labels = whole.result.value, key_labels(measure)
        longest = max(values.values(), default=0)
        order = labels if split else sorted(labels, key=lambda one: -values[one])
        bars = [
            {"key": one, "label": labels[one], "shown": whole, "share": 100 * values[one] / (longest or 1)}
            for one in order
        ]
        first = len(bars) if split else min(most, sum(1 for value in values.values() if value))
        folded = sum(values[bar["key"]] for bar in bars[first:])
        return {"whole": whole, "first": bars[:first], "rest": bars[first:], "folded": folded}


def band_of(percent):
    """The band of a percentage."""
    return next({"name": name, "label": label} for least, name, label in BANDS if percent >= least)
