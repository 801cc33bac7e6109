"""The table of a breakdown: what stands in each cell now and before, what adds up and what does not."""

from dataclasses import dataclass
from functools import cached_property

from canvass.figures import CADRE_CATEGORY, TEAM, Result

from .breakdown import Row, rows_by, totals
from .drilldown import key_labels
from .shown import Shown

NOW, BEFORE = "now", "before"
STATE = "as_of"  # dated by the cut-off: the same in every period
MOVING = {"issues_resolved_or_started"}  # dated so too, but its one part follows the period


@dataclass(frozen=True)
class Column:
    """One figure, or one key of a grouped figure."""

    figure: object
    key: str = ""
    key_label: str = ""
    compares: bool = False

    @property
    def label(self):
        return f"{self.figure.label} · {self.key_label}" if self.key else str(self.figure.label)

    @property
    def unit(self):
        return str(self.figure.unit)

    @property
    def is_rate(self):
        return self.unit == "%"

    def of(self, result):
        """The column's value in a result of its figure."""
        return result.value[self.key] if self.key and result.value is not None else result.value


@dataclass(frozen=True)
class Cell:
    """What one cell holds: the value now, and before where the two are compared."""

    column: Column
    now: Shown
    before: Shown | None = None

    @property
    def value(self):
        return self.column.of(self.now.result)

    @property
    def value_before(self):
        return self.column.of(self.before.result)

    @property
    def difference(self):
        """Now less before, as exact as the values; None where one of them is missing."""
        if self.value is None or self.value_before is None:
            return None
        gap = self.value - self.value_before
        return round(gap, 2) if isinstance(gap, float) else gap


def is_state(figure):
    """Whether a figure tells the state at the cut-off, the same in every period."""
    return figure.dated_by == STATE and figure.key not in MOVING


class Table:
    """Rows, total and remarks of one BreakdownQuestion. As many queries for many rows as for one."""

    def __init__(self, asked):
        self.asked = asked
        self.measures = {figure.key: figure.measure(asked.scope) for figure in asked.figures}
        self.now = self._computed(asked.scope)
        self.before = self._computed(asked.then_scope) if asked.then else None
        period = {"week": asked.week} if asked.week else asked.span.parameters()
        self.periods = {NOW: period, BEFORE: asked.then.parameters() if asked.then else {}}

    def _computed(self, scope):
        *rows, above = rows_by(scope, self.asked.level, self.asked.figures)
        return Row("", "", totals(scope, self.asked.figures)), rows, above

    # --- Columns --------------------------------------------------------------------------------------------

    @cached_property
    def columns(self):
        """One a figure; of a grouped figure one a key that holds anything, all if none does."""
        return [column for figure in self.asked.figures for column in self._columns(figure)]

    def _columns(self, figure):
        compares = bool(self.before) and not is_state(figure)
        totals_of = [part[0].figures[figure.key].value for part in (self.now, self.before) if part]
        if not isinstance(totals_of[0], dict):
            return [Column(figure, compares=compares)]
        labels = key_labels(self.measures[figure.key])
        held = [key for key in labels if any(values[key] for values in totals_of)]
        return [Column(figure, key, str(labels[key]), compares) for key in held or labels]

    # --- Rows -----------------------------------------------------------------------------------------------

    @cached_property
    def rows(self):
        """(code, name, cells) in order of the codes; what lies above the level last, if it holds anything."""
        _total, rows, above = self.now
        names = {row.code: str(row.name) for row in rows}
        results = {NOW: {row.code: row.figures for row in rows}}
        if self.before:
            names |= {row.code: str(row.name) for row in self.before[1] if row.code not in names}
            results[BEFORE] = {row.code: row.figures for row in self.before[1]}
        made = [self._row(code, names[code], results) for code in self._in_order(names)]
        if self._holds(above) or (self.before and self._holds(self.before[2])):
            lying = {NOW: {"": above.figures}, BEFORE: {"": self.before[2].figures} if self.before else {}}
            made.append(self._row("", str(above.name), lying))
        return made

    def _in_order(self, names):
        """Only a department or team of the earlier period alone is not in its place yet."""
        first = [row.code for row in self.now[1]]
        return first if len(first) == len(names) else sorted(names)

    @staticmethod
    def _holds(row):
        values = [
            result.denominator if result.denominator is not None else result.value
            for result in row.figures.values()
        ]
        return any(any(value.values()) if isinstance(value, dict) else value for value in values)

    def _row(self, code, name, results):
        cells = [
            self._cell(column, *(results.get(when, {}).get(code) for when in (NOW, BEFORE)), part=code)
            for column in self.columns
        ]
        return {"code": code, "name": name, "cells": cells}

    @cached_property
    def total(self):
        """The cells of the last row."""
        before = self.before[0].figures if self.before else None
        return [self._cell(column, self.now[0].figures, before) for column in self.columns]

    def _cell(self, column, now, before, part=None):
        shown = [
            self._shown(column, figures, when, part)
            for when, figures in ((NOW, now), (BEFORE, before))
            if when == NOW or column.compares
        ]
        return Cell(column, *shown)

    def _shown(self, column, figures, when, part):
        figure, level = column.figure, self.asked.level
        result = figures[figure.key] if figures else self._empty(figure)
        narrowed = {"level": level, "part": part} if part is not None else {}
        query = self.asked.question.address(**self.periods[when], **narrowed)
        return Shown(figure, result, query, when, level if part is not None else "", part)

    def _empty(self, figure):
        """What a row that is in only one of the two periods holds in the other."""
        return self.measures[figure.key].empty if self._applies(figure) else Result(None)

    # --- Remarks --------------------------------------------------------------------------------------------

    @cached_property
    def not_by_level(self):
        """Figures that do not apply to the level."""
        return [figure for figure in self.asked.figures if not self._applies(figure)]

    @cached_property
    def in_several_rows(self):
        """Sums of which one record stands in several rows: the rows add up to more than the total."""
        return [figure for figure in self._applying if self._additive(figure) and self._several(figure)]

    @cached_property
    def row_by_row(self):
        """Rates, medians and distinct counts: computed for each row, they do not add up."""
        return [figure for figure in self._applying if not self._additive(figure)]

    @cached_property
    def states(self):
        """Figures that are the same in every period; said only where a period is asked for."""
        if self.asked.span.is_whole and not self.asked.then:
            return []
        return [figure for figure in self.asked.figures if is_state(figure)]

    @property
    def is_by_people(self):
        return self.asked.level in (TEAM, CADRE_CATEGORY)

    @property
    def then_is_before_campaign(self):
        return bool(self.asked.then) and self.asked.then.last < self.asked.question.campaign.first_on

    @property
    def _applying(self):
        return [figure for figure in self.asked.figures if self._applies(figure)]

    def _applies(self, figure):
        measure = self.measures[figure.key]
        return bool(measure and measure.rows.field(self.asked.level))

    def _additive(self, figure):
        return self.measures[figure.key].additive

    def _several(self, figure):
        return self.measures[figure.key].rows.has_several(self.asked.level)
