"""The figures that a report is made of: each catalogue figure for each of its periods, asked once."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from canvass.figures import Result, Scope
from canvass.moments import last_moment

from .breakdown import level_below, rows_by, totals
from .catalogue import CATALOGUE, FIGURES
from .enums import ReportKind
from .periods import ReportPeriod

CAMPAIGN, WEEK, LAST_WEEK, DAY = "campaign", "week", "last_week", "day"
PERIODS = {
    ReportKind.DAILY: (DAY, CAMPAIGN),
    ReportKind.WEEKLY: (WEEK, LAST_WEEK, CAMPAIGN),
    ReportKind.CIRCULAR: (WEEK, CAMPAIGN),
    ReportKind.FINAL: (CAMPAIGN,),
}
NOTHING = Result(None)


@dataclass(frozen=True)
class Facts:
    """What is known at `known_at` about a campaign and a period, with the cut-off `as_of`.

    `draft` holds what people typed, `former` the latest edition of an earlier period; both may be None. The
    checks need no more than this.
    """

    campaign: Any
    period: ReportPeriod
    as_of: datetime
    known_at: datetime
    draft: Any = None
    former: Any = None

    @property
    def scope(self):
        """The campaign to date."""
        return Scope(self.campaign, self.as_of, place=self.campaign.area_id, known_at=self.known_at)

    @property
    def period_scope(self):
        return replace(self.scope, first=self.period.first, last=self.period.last)

    @cached_property
    def scopes(self):
        """{period: Scope}; None for a week before the campaign began. Last week keeps its own cut-off."""
        first, last = self.period.before
        had_begun = last >= self.campaign.first_on
        known = {
            CAMPAIGN: self.scope,
            WEEK: self.period_scope,
            DAY: self.period_scope,
            LAST_WEEK: replace(self.scope, as_of=last_moment(last), first=first, last=last)
            if had_begun
            else None,
        }
        return {name: known[name] for name in self.periods}

    @property
    def periods(self):
        return PERIODS[self.period.kind]

    @cached_property
    def totals(self):
        """{period: {figure key: Result}}."""
        nothing = dict.fromkeys(FIGURES, NOTHING)
        return {name: totals(scope) if scope else nothing for name, scope in self.scopes.items()}

    def result(self, key, period=CAMPAIGN):
        return self.totals[period][key]

    def value(self, key, period=CAMPAIGN):
        return self.totals[period][key].value

    @property
    def level(self):
        """The level of the rows by place: the towns of a county, the villages of a town."""
        return level_below(self.campaign.area_id)

    def rows(self, keys, period=CAMPAIGN):
        """The rows by place for some figures; what lies above the level only when it holds anything."""
        if not self.level or self.scopes[period] is None:
            return []
        *rows, above = rows_by(self.scopes[period], self.level, [FIGURES[key] for key in keys])
        return [*rows, above] if any(result.value for result in above.figures.values()) else rows

    @cached_property
    def additive(self):
        """The figures whose rows add up to their total, and that have rows by place."""
        measures = {figure.key: figure.measure(self.scope) for figure in CATALOGUE}
        return [key for key, one in measures.items() if one.additive and one.rows.field(self.level)]
