"""How visits and issues went, by week or by day: the charts and the table under them."""

from datetime import timedelta

from canvass.figures import Result

from .catalogue import FIGURES
from .charts import span_chart
from .shown import Shown
from .weeks import Day, by_span, weeks_between

MOST_WEEKS, MOST_DAYS = 26, 31  # what one chart can show
BY_WEEK, BY_DAY = "week", "day"
WIDTHS = (520, 330)
# Which figure goes up in which chart, by the moment that dates its rows.
SERIES = (
    ("visits", "started_at"),
    ("households_visited", "first_counting_at"),
    ("issues", "registered_at"),
    ("issues_closed", "since_then"),
)


def trend(question):
    """Series, charts in two widths, and the rows of the table: the parts add up to the campaign's figures."""
    spans = _spans(question)
    series = [_line(question, key, field, spans) for key, field in SERIES]
    now = _now(question)
    return {
        "by": question.trend,
        "series": series,
        "charts": [
            [span_chart(spans, line, now, width=width, number=number) for width in WIDTHS]
            for number, line in enumerate(series, 1)
        ],
        "rows": [_row(question, series, index, span) for index, span in enumerate(spans)],
    }


def _spans(question):
    campaign, day = question.campaign, question.scope.day
    last = max(campaign.first_on, min(day, campaign.last_on))
    if question.trend == BY_WEEK:
        return weeks_between(campaign.first_on, last)[-MOST_WEEKS:]
    first = max(campaign.first_on, last - timedelta(days=MOST_DAYS - 1))
    return [Day(first + timedelta(days=number)) for number in range((last - first).days + 1)]


def _now(question):
    """Whether a span is set off: it is the week asked for, or a day of it."""
    week = question.week
    return lambda span: week.monday <= span.first <= week.sunday


def _line(question, key, field, spans):
    figure = FIGURES[key]
    before, *counts, after = by_span(figure.measure(question.scope), field, spans)
    return {"figure": figure, "counts": counts, "before": before, "after": after}


def _row(question, series, index, span):
    query = question.address(**span.asked)
    return {
        "span": span,
        "query": question.address(week=span.week, trend=question.trend),
        "cells": [
            Shown(line["figure"], Result(line["counts"][index]), query, part=str(span)) for line in series
        ],
    }
