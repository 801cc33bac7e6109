"""One value of a figure as a page shows it, with its way down to the rows."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

CAMPAIGN, WEEK = "campaign", "week"


@dataclass(frozen=True)
class Shown:
    """One value on a page: of which figure and period, which part of a breakdown, and where its rows are.

    `split` names the split of the figure that the value is of, see reports.splits.
    """

    figure: object
    result: object
    query: str
    period: str = CAMPAIGN
    level: str = ""
    part: str | None = None
    split: str = ""

    def address(self, **parameters):
        """Where the rows behind this value, or behind one side or key of it, are listed."""
        path = reverse("reports:figure_rows", args=[self.figure.key])
        if self.split:
            parameters = {"split": self.split, **parameters}
        return "?".join([path, "&".join(filter(None, [self.query, urlencode(parameters)]))])
