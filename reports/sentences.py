"""Sentences and cells of a report: plain text and figures, each figure with what it was computed from.

A run is {"text": …}; a run of a figure also has figure, period, value, numerator, denominator and, where it is
one key of a grouped figure or one row of a breakdown, key, level and part. The words of a report are Chinese,
whatever the language of the page: an official paper has one wording.
"""

import re

from django.utils import timezone
from django.utils.translation import override

from canvass.moments import last_moment

from .catalogue import FIGURES
from .facts import CAMPAIGN
from .templatetags.board import spelled

CHINESE = "zh-hans"
# A sum that is always printed with its two parts.
PARTS = {"issues_resolved_or_started": ("issues_resolved", "issues_started")}
_HOLE = re.compile(r"\{(\w+)(?:@(\w+))?\}")
_WHOLES = ("街道", "社区", "镇", "乡", "区", "县", "市", "省", "村")


def text_run(text):
    return {"text": str(text)}


def label_of(key):
    with override(CHINESE):
        return str(FIGURES[key].label)


def unit_of(key):
    with override(CHINESE):
        return str(FIGURES[key].unit)


def value_text(key, result, *, unit=True):
    """A value as a paper prints it: 18,362户; a rate always with numerator/denominator; — for none."""
    if result.value is None:
        return "—"
    if result.denominator is not None:
        return f"{spelled(result.value, '%')}（{result.numerator:,}/{result.denominator:,}）"
    return f"{spelled(result.value)}{unit_of(key) if unit else ''}"


def result_run(key, period, result, /, *, unit=True, **place):
    """A run of one result; `place`: key of a grouped figure, or level and part of a breakdown."""
    return {
        "text": value_text(key, result, unit=unit),
        "figure": key,
        "period": period,
        "value": result.value,
        "numerator": result.numerator,
        "denominator": result.denominator,
        **place,
    }


def figure_run(facts, key, period=CAMPAIGN, *, unit=True):
    return result_run(key, period, facts.result(key, period), unit=unit)


def sentence(facts, template, **words):
    """The runs of a template: {visits} is that figure to date, {visits@week} in the week, or one of the words."""
    runs, end = [], 0
    for hole in _HOLE.finditer(template):
        runs.append(text_run(template[end : hole.start()]))
        name, period = hole[1], hole[2] or CAMPAIGN
        if name in words:
            filled = words[name]
            runs += filled if isinstance(filled, list) else [text_run(filled)]
        else:
            runs.append(figure_run(facts, name, period))
        end = hole.end()
    runs.append(text_run(template[end:]))
    return [run for run in runs if run["text"]]


def paragraph(runs):
    return {"type": "paragraph", "runs": runs}


def cutoff_text(as_of, *, with_year=False):
    """9月10日 for the end of that day, else with the time."""
    moment = timezone.localtime(as_of)
    day = f"{f'{moment.year}年' if with_year else ''}{moment.month}月{moment.day}日"
    is_end = as_of >= last_moment(moment.date()).replace(microsecond=0)
    return day if is_end else f"{day}{moment:%H时%M分}"


def whole_of(area):
    """全镇, 全街道, 全区 …: the whole of the campaign's area in one word."""
    ending = next((word for word in _WHOLES if area.name.endswith(word)), "")
    return f"全{ending}" if ending else area.name
