"""Reports in tests: facts of a period, and what a content says in words."""

from datetime import date

from django.utils import timezone

from campaigns.models import Campaign
from reports.enums import ReportKind
from reports.facts import Facts
from reports.periods import ReportPeriod
from reports.services import issue_report, prepare_report


def facts(campaign, kind="weekly", day="2018-09-06", **more):
    campaign = Campaign.objects.select_related("area").prefetch_related("outcomes").get(pk=campaign.pk)
    period = period_of(campaign, kind, day)
    now = more.pop("now", None) or timezone.now()
    return Facts(campaign, period, as_of=period.as_of(now), known_at=now, **more)


def paragraphs(content):
    """Every paragraph as text, in order, annexes included."""
    return [
        "".join(run["text"] for run in block["runs"])
        for section in [*content["sections"], *content["annexes"]]
        for block in section["blocks"]
        if block["type"] == "paragraph"
    ]


def tables(content):
    """{caption: rows of cell texts}."""
    return {
        block["caption"]: [["".join(run["text"] for run in cell) for cell in row] for row in block["rows"]]
        for section in [*content["sections"], *content["annexes"]]
        for block in section["blocks"]
        if block["type"] == "table"
    }


def figure_runs(content):
    """Every run of a figure in sections and annexes."""
    for section in [*content["sections"], *content["annexes"]]:
        for block in section["blocks"]:
            cells = (
                [block["runs"]] if block["type"] == "paragraph" else [c for row in block["rows"] for c in row]
            )
            yield from (run for cell in cells for run in cell if "figure" in run)


def period_of(campaign, kind, day):
    """The period of a series that holds a day."""
    if kind == "final":
        return ReportPeriod.parse(campaign, ReportKind.FINAL, "final")
    return ReportPeriod.of(ReportKind(kind), date.fromisoformat(day))


def issued(campaign, kind="weekly", day="2018-09-06", *, now=None, by=None, **more):
    """An edition as it is issued."""
    prepared = prepare_report(campaign, period_of(campaign, kind, day), now=now)
    return issue_report(prepared, by=by, **more)
