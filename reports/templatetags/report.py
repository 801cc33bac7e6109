"""The runs of a report as markup: text as it is, a figure in <data> that leads to its rows."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from reports.edition_pages import failure_links

register = template.Library()


@register.simple_tag
def runs(paper, several):
    """A paragraph or a cell of the content, run by run."""
    return format_html_join("", "{}", ((_run(paper, one),) for one in several))


def _run(paper, run):
    if run.get("typed"):
        return format_html('<span class="typed">{}</span>', run["text"])
    if "figure" not in run:
        return run["text"]
    data = _data(run)
    if run["value"] is not None or run["denominator"] is not None:
        data = format_html('<a class="value" href="{}">{}</a>', paper.address(run), data)
    now = paper.now_text(run)
    if now:
        data = format_html('{}<ins class="now">{} {}</ins>', data, _("现在"), now)
    return data


def _data(run):
    """Like the dashboard's: a machine reads the value as the figures command prints it."""
    value = run["value"]
    given = {
        "class": "cell" if "part" in run else "figure",
        "data-figure": run["figure"],
        "data-period": run["period"],
        "data-key": run.get("key"),
        "data-level": run.get("level"),
        "data-part": run.get("part"),
        "data-numerator": run["numerator"],
        "data-denominator": run["denominator"],
        "value": "" if value is None else value,
    }
    marked = format_html_join("", ' {}="{}"', ((name, one) for name, one in given.items() if one is not None))
    return format_html("<data{}>{}</data>", marked, run["text"])


@register.filter
def numeral(number):
    """1 → 一: the levels of an official paper."""
    return "一二三四五六七八九十"[number - 1]


@register.simple_tag
def cell_class(block, place):
    """Numbers stand to the right."""
    return mark_safe(' class="num"') if block["columns"][place]["number"] else ""


@register.simple_tag(takes_context=True)
def failure_rows(context, failure):
    """The rows behind a failed check, as far as this person may see them."""
    return failure_links(failure, context["request"].user, context["paper"])
