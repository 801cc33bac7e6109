"""The table of a breakdown as CSV and as a workbook: the rows, the order and the numbers of the page."""

import csv
from io import BytesIO, StringIO

from django.utils import timezone
from django.utils.translation import gettext as _

from canvass.csv_text import harmless
from canvass.workbook_writer import WorkbookWriter

from .breakdown_words import remarks, span_words

NOTHING = "—"


def head_lines(table, user):
    """What the file covers, as of when, made by whom and when."""
    asked, question = table.asked, table.asked.question
    as_of, now = timezone.localtime(question.as_of), timezone.localtime()
    lines = [
        _("%(campaign)s　%(place)s　按%(level)s分组")
        % {
            "campaign": question.campaign.name,
            "place": question.place.name,
            "level": asked.level_name,
        },
        _("时段：%(span)s") % {"span": span_words(asked.span, asked.scope)},
    ]
    if asked.then:
        lines.append(_("对比时段：%(span)s") % {"span": span_words(asked.then, asked.then_scope)})
    lines.append(_("数据截至 %(moment)s") % {"moment": f"{as_of:%Y-%m-%d %H:%M}"})
    lines.append(
        _("%(name)s 于 %(moment)s 导出") % {"name": user.display_name, "moment": f"{now:%Y-%m-%d %H:%M}"}
    )
    return [*lines, *remarks(table)]


def headings(table):
    """The code and name of the row, then one heading a number."""
    return [
        _("代码"),
        str(table.asked.level_name),
        *(one for column in table.columns for one in _names(column)),
    ]


def _names(column):
    name = _("%(figure)s（%(unit)s）") % {"figure": column.label, "unit": column.unit}
    sides = [name, f"{name}·{_('分子')}", f"{name}·{_('分母')}"] if column.is_rate else [name]
    if not column.compares:
        return sides
    before = [_("%(name)s·对比时段") % {"name": one} for one in sides]
    return [*sides, *before, _("%(name)s·增减") % {"name": name}]


def rows(table):
    """The rows as on the page, the total last: text, numbers, and "—" where there is none."""
    for row in table.rows:
        yield [row["code"], row["name"], *_numbers(row["cells"])]
    yield ["", _("合计"), *_numbers(table.total)]


def _numbers(cells):
    numbers = []
    for cell in cells:
        numbers += _sides(cell.column, cell.value, cell.now.result)
        if cell.before:
            numbers += [*_sides(cell.column, cell.value_before, cell.before.result), cell.difference]
    return [NOTHING if number is None else number for number in numbers]


def _sides(column, value, result):
    return [value, result.numerator, result.denominator] if column.is_rate else [value]


def csv_of(table, user):
    """Bytes that Excel opens as they are: with a byte order mark, and no text that becomes a formula."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerows([harmless(line)] for line in head_lines(table, user))
    for row in (headings(table), *rows(table)):
        writer.writerow([harmless(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def xlsx_of(table, user):
    """The bytes of the workbook: numbers as numbers, everything else as text."""
    lines = head_lines(table, user)
    writer = WorkbookWriter(footer=lines[0])
    covers = "\n".join(" ".join(line.split("\n")) for line in lines)
    writer.write_figures(_("分组数据"), covers, headings(table), rows(table))
    stream = BytesIO()
    writer.save(stream)
    return stream.getvalue()
