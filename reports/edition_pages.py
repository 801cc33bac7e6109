"""What the page of an edition shows beside the frozen content: the way to the rows, and what has changed since."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from canvass.moments import last_moment
from issues.models import Issue
from visits.models import Visit

from .differences import changed_figures, difference_lines
from .drilldown import visible
from .facts import CAMPAIGN, LAST_WEEK
from .periods import ReportPeriod
from .rendering import number_text, statement
from .sentences import label_of, value_text
from .services import results_now

MOST_LINKS = 10  # rows of a failed check that are offered to open


@dataclass(frozen=True)
class Paper:
    """A content on a page. `now` holds what the figures are today, for the latest edition alone."""

    content: dict
    campaign: object
    now: dict | None = None

    @property
    def number(self):
        return number_text(self.content) if "stamp" in self.content else ""

    @property
    def statement(self):
        return statement(self.content) if "stamp" in self.content else []

    @cached_property
    def changed(self):
        """{(period, key): the Result of today} of the figures that say something else today."""
        if self.now is None:
            return {}
        return {(period, key): now for period, key, _then, now in changed_figures(self.content, self.now)}

    @cached_property
    def differences(self):
        return difference_lines(self.content, self.now, self.campaign) if self.changed else []

    def now_text(self, run):
        """What a run would say today, where that is something else; breakdowns by place are not compared."""
        result = self.changed.get((run["period"], run["figure"]))
        if result is None or "part" in run:
            return ""
        if "key" in run:
            value = (result.value or {}).get(run["key"])
            return "" if value == run["value"] else value_text(run["figure"], result._replace(value=value))
        return value_text(run["figure"], result)

    def address(self, run):
        """Where the rows behind a run are listed, as the report counted them."""
        asked = {
            "campaign": self.content["campaign"]["code"],
            "place": self.content["campaign"]["area_code"],
            **self._period(run["period"]),
            "known_at": self.content["known_at"],
        }
        asked |= {name: run[name] for name in ("key", "level", "part") if name in run}
        return f"{reverse('reports:figure_rows', args=[run['figure']])}?{urlencode(asked)}"

    def _period(self, period):
        as_of = self._as_of(parse_datetime(self.content["as_of"]))
        if period == CAMPAIGN:
            return {"as_of": as_of}
        first, last = (parse_date(self.content[name]) for name in ("first_on", "last_on"))
        if period == LAST_WEEK:
            first, last = ReportPeriod.of(self.content["kind"], first).before
            return {"as_of": last, "from": first, "to": last}
        return {"as_of": as_of, "from": first, "to": last}

    @staticmethod
    def _as_of(moment):
        """The day when the cut-off is its end, else the moment."""
        day = timezone.localdate(moment)
        return day if moment == last_moment(day) else timezone.localtime(moment).isoformat()


def paper_of(report, *, is_latest):
    """An issued edition on a page."""
    return Paper(report.content, report.campaign, results_now(report) if is_latest else None)


def failure_links(failure, user, paper):
    """[(words, address)] of the rows behind a failed check that the person may see; the first of many."""
    if failure.figure:
        run = {"figure": failure.figure, "period": failure.period}
        return [(label_of(failure.figure), paper.address(run))]
    if failure.queryset is None:
        return []
    page = {Visit: "visits:visit_detail", Issue: "issues:issue_detail"}[failure.queryset.model]
    rows = visible(failure.queryset, user)[:MOST_LINKS]
    return [(row.number, reverse(page, args=[row.pk])) for row in rows]
