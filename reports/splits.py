"""Values beside a figure: its very own rows, grouped by a column of theirs. They add up to the figure.

None of them is a figure: what counts at all is said by the figure's rule alone.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from canvass.figures import Grouped, Rate
from issues.enums import FollowUpResult, IssueState, SupervisionColour
from issues.figures import VERDICTS
from issues.models.issues import OUT

from .catalogue import FIGURES


@dataclass(frozen=True)
class Split:
    """`narrow` leaves some of the rows out; a rate is split by its denominator."""

    key: str
    label: str
    figure_key: str
    column: str
    keys: tuple
    narrow: Any = None

    @property
    def figure(self):
        return FIGURES[self.figure_key]

    def of(self, measure):
        """The grouped measure over the rows of the figure's measure."""
        if isinstance(measure, Rate):
            measure = measure.denominator
        if isinstance(measure, Grouped):
            measure = measure.measure
        if self.narrow:
            rows = measure.rows
            measure = measure.over(
                type(rows)(self.narrow(rows.queryset), rows.place, rows.department, rows.category)
            )
        return Grouped(measure, self.column, self.keys)

    def measure(self, scope):
        measure = self.figure.measure(scope)
        return measure and self.of(measure)


SPLITS = {
    split.key: split
    for split in (
        Split("state", _("按状态"), "issues", "state_then", tuple(s for s in IssueState if s not in OUT)),
        Split("result", _("按回访结果"), "confirmed_solved_rate", "result", tuple(FollowUpResult.answers())),
        Split("satisfaction", _("按满意程度"), "satisfaction_rate", "satisfaction", tuple(VERDICTS)),
        Split(
            "standing",
            _("现仍未解除"),
            "supervisions_by_colour",
            "colour",
            tuple(SupervisionColour),
            narrow=lambda slips: slips.open(),
        ),
    )
}
