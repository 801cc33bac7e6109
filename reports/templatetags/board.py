"""Values of figures as markup: for the eye with separators and units, for a machine in <data>."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from reports.changes import is_state

register = template.Library()


def spelled(value, unit=""):
    """A value for the eye: "12,345", "83.4%", "1,250.50", and "—" where there is none."""
    if value is None:
        return "—"
    if unit == "%":
        return f"{value:.1f}%"
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix("0") if round(value * 10) == value * 10 else f"{value:,.2f}"
    return f"{value:,}"


def _data(shown, value, unit, **attributes):
    """<data> of a figure; the cells of a breakdown and the parts of a split bear another class."""
    given = {
        "class": "split" if shown.split else "figure" if shown.part is None else "cell",
        "data-figure": shown.figure.key,
        "data-period": shown.period,
        "data-level": shown.level or None,
        "data-part": shown.part,
        "data-split": shown.split or None,
        **attributes,
        "value": "" if value is None else value,
    }
    marked = format_html_join(
        "", ' {}="{}"', ((name, value) for name, value in given.items() if value is not None)
    )
    return format_html("<data{}>{}</data>", marked, spelled(value, unit))


def plain(number):
    """int where it is whole, else float: what the figures themselves give."""
    return int(number) if number == int(number) else float(number)


@register.simple_tag
def value(shown):
    """The value of a figure, linked to its rows."""
    result = shown.result
    data = _data(
        shown,
        result.value,
        str(shown.figure.unit),
        **{"data-numerator": result.numerator, "data-denominator": result.denominator},
    )
    if result.value is None and result.denominator is None:
        return data
    return format_html('<a class="value" href="{}">{}</a>', shown.address(), data)


@register.simple_tag
def key_value(shown, key):
    """The value of one key of a grouped figure, linked to its rows."""
    data = _data(shown, shown.result.value[key], "", **{"data-key": key})  # a count, of a split rate too
    return format_html('<a class="value" href="{}">{}</a>', shown.address(key=key), data)


@register.simple_tag
def column_value(column, shown):
    """What stands in a column of a breakdown: the value or one key of it, with the two sides of a rate."""
    if column.key and shown.result.value is not None:
        return key_value(shown, column.key)
    return format_html("{} {}", value(shown), sides(shown))


@register.simple_tag
def difference(cell):
    """How much more or less than before, with sign and word; nothing where one of the two has no value."""
    gap = cell.difference
    if gap is None:
        return "—"
    word = _("持平") if not gap else _("多") if gap > 0 else _("少")
    sign = "" if not gap else "+" if gap > 0 else "−"
    unit = _("个百分点") if cell.column.is_rate else ""
    size = f"{abs(gap):.1f}" if cell.column.is_rate else spelled(abs(gap))
    words = f"{word} {sign}{size}{unit}" if gap else word
    return format_html('<data class="difference" value="{}">{}</data>', gap, words)


@register.simple_tag
def sides(shown):
    """Numerator / denominator of a rate, each linked to its rows; nothing for other figures."""
    if shown.result.denominator is None:
        return ""
    return format_html(
        '<span class="sides"><a href="{}" title="{}">{}</a> / <a href="{}" title="{}">{}</a></span>',
        shown.address(side="numerator"),
        _("分子"),
        spelled(shown.result.numerator),
        shown.address(side="denominator"),
        _("分母"),
        spelled(shown.result.denominator),
    )


@register.simple_tag
def shown(board, key, period="campaign"):
    """The value of a figure on the board: {% shown board "visits" as visits %}."""
    return board.shown(key, period)


@register.simple_tag
def cells(shown):
    """What a cell of the table by place holds: the value, and the two sides of a rate."""
    return format_html("{} {}", value(shown), sides(shown))


@register.inclusion_tag("reports/_tile.html")
def tile(board, key):
    """One figure with its rule, its value to date and in the week, and the change to the week before."""
    figure = board.shown(key).figure
    return {
        "figure": figure,
        "to_date": board.shown(key),
        "week": None if is_state(figure) else board.shown(key, "week"),
        "change": board.change(key),
    }


@register.simple_tag
def change(one):
    """A change in words, linked to the rows of the earlier value; nothing where nothing can be compared."""
    if one is None:
        return ""
    return format_html(
        '<data class="change" data-figure="{}" value="{}"><a href="{}"><span aria-hidden="true">{}</span> {}</a></data>',
        one.before.figure.key,
        one.number,
        one.before.address(),
        one.sign,
        one.words,
    )


@register.simple_tag
def change_to(board, key):
    return change(board.change(key))


@register.simple_tag
def bars(board, key, most=6):
    """A grouped figure as bars, the longest ones open: {% bars board "gatherings_by_kind" as group %}."""
    return board.bars(key, most)


@register.inclusion_tag("reports/_rules.html")
def rules(board, *keys):
    """The rules of the figures of one block, on tap."""
    return {"figures": [board.shown(key).figure for key in keys]}


@register.filter
def in_thousands(number):
    """A number for the eye; an amount of money comes as Decimal from the database."""
    return spelled(plain(number))


@register.filter
def percentage(value):
    """A share for the eye, "—" where there is none."""
    return spelled(value, "%")


@register.filter
def in_plain(number):
    """A number for a machine, in every language the same."""
    return str(plain(number))
