"""Writes a campaign workbook as the specifications in `canvass.workbook` describe it, one row at a time.

The file streams to its target: memory does not grow with the rows. Text is always text: what a person typed
never becomes a formula, and a code never becomes a number. Knows no model.
"""

import re
from datetime import time

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .workbook import EXPLANATIONS, LIST_SEPARATORS, NO, YES, Kind

# The hidden sheet that holds the values of the drop-downs; the loader leaves hidden sheets alone.
LISTS = "选项"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32767  # what an Excel cell holds
LAST_ROW = 1048576

# XML cannot hold them, whatever somebody pasted.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT, _DAY, _MOMENT, _WHOLE, _MONEY = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0", "0.00"
_LAYOUT = {
    # kind: (width in characters, number format)
    Kind.TEXT: (24, _TEXT),
    Kind.CODE: (20, _TEXT),
    Kind.CHOICE: (14, _TEXT),
    Kind.YES_NO: (10, _TEXT),
    Kind.DATE: (13, _DAY),
    Kind.MOMENT: (18, _MOMENT),
    Kind.WHOLE: (11, _WHOLE),
    Kind.MONEY: (14, _MONEY),
}
_LONG_TEXT_WIDTH = 50


def clean_text(text):
    """Text as a cell can hold it: no control characters, line ends as Excel writes them, not too long."""
    text = str(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("", text)
    if len(text) > LONGEST_TEXT:
        note = _("……（全文超出单元格容量，请在系统中查看）")
        text = text[: LONGEST_TEXT - len(note)] + note
    return text


class _Cells:
    """Makes the cells of one sheet. A cell is written as soon as its row is appended, so one cell of each
    format and column is filled again and again: several times cheaper than a styled cell a value.
    """

    def __init__(self, worksheet):
        self.worksheet = worksheet
        worksheet._values_to_row = self._number_cells

    @staticmethod
    def _number_cells(cells, row):
        for number, cell in enumerate(cells, 1):
            if cell is not None:
                cell.row, cell.column = row, number
                yield cell

    def styled(self, number_format, data_type, value=None, **style):
        cell = WriteOnlyCell(self.worksheet)
        cell.number_format, cell.data_type, cell._value = number_format, data_type, value
        for name, look in style.items():
            setattr(cell, name, look)
        return cell

    def text(self, text, **style):
        return self.styled(_TEXT, "s", clean_text(text), **style)

    def plain(self, value):
        """A number as a number, everything else as text; None leaves the cell out."""
        if value is None or value == "":
            return None
        if isinstance(value, int | float):
            return self.styled(_WHOLE if isinstance(value, int) else "General", "n", value)
        return self.text(value)

    def column(self, column):
        """A function that puts a stored value of this column into its cell; None leaves the cell out."""
        if column.kind is Kind.DATE:
            return self._fill(_DAY, "d", lambda value: value)
        if column.kind is Kind.MOMENT:
            return self._moment(column)
        if column.kind in (Kind.WHOLE, Kind.MONEY):
            return self._fill(_LAYOUT[column.kind][1], "n", lambda value: value)
        return self._fill(_TEXT, "s", _words(column))

    def _fill(self, number_format, data_type, convert):
        cell = self.styled(number_format, data_type)

        def fill(value):
            if value is None or value == "":
                return None
            cell._value = convert(value)
            return cell

        return fill

    def _moment(self, column):
        moment, day = self.styled(_MOMENT, "d"), self.styled(_DAY, "d")
        zone = timezone.get_default_timezone()
        end = time(23, 59, 59)

        def fill(value):
            if value is None:
                return None
            value = value.astimezone(zone).replace(tzinfo=None, microsecond=0)
            if column.day_end and value.time() == end:
                day._value = value.date()
                return day
            moment._value = value
            return moment

        return fill


def _words(column):
    """How a stored value reads in the workbook."""
    if column.many:
        separator = LIST_SEPARATORS[-1]
        return lambda values: clean_text(separator.join(map(str, values)))
    if column.kind is Kind.CHOICE:
        return column.labels.__getitem__
    if column.kind is Kind.YES_NO:
        return lambda value: YES if value else NO
    return clean_text


def _blank(value):
    return None


class WorkbookWriter:
    """One workbook being written: `write_sheet` for each sheet, then `explain`, then `save`."""

    HEAD = {
        "font": Font(bold=True, color="FF1F2933"),
        "fill": PatternFill("solid", fgColor="FFE3ECF5"),
        "alignment": Alignment(vertical="center"),
    }
    REQUIRED = HEAD | {"font": Font(bold=True, color="FFB3261E")}

    def __init__(self, footer="", watermark=""):
        """`watermark`: who released the personal columns; it heads every page, and only with it are they filled."""
        self.book = Workbook(write_only=True)
        self.footer = footer.replace("&", "&&")  # a lone & is a command there
        self.watermark = watermark.replace("&", "&&")
        if watermark:
            properties = self.book.properties
            properties.title = properties.description = properties.keywords = watermark
        self.lists = []

    def write_sheet(self, sheet, rows=()):
        """Write one sheet; `rows` are {column key: stored value}. Returns how many there were.

        Personal columns stay blank, whatever the rows hold, but for a workbook with a watermark.
        """
        worksheet = self.book.create_sheet(sheet.zh)
        cells = _Cells(worksheet)
        self._lay_out(worksheet, sheet.columns)
        worksheet.append(
            [
                cells.text(column.header, **(self.REQUIRED if column.required else self.HEAD))
                for column in sheet.columns
            ]
        )
        fills = [
            (column.key, cells.column(column) if self.watermark or not column.personal else _blank)
            for column in sheet.columns
        ]
        count = 0
        for row in rows:
            worksheet.append([fill(row.get(key)) for key, fill in fills])
            count += 1
        worksheet.close()
        return count

    def _lay_out(self, worksheet, columns):
        self._set_print(worksheet, "1:1", "A2")
        for number, column in enumerate(columns, 1):
            letter = get_column_letter(number)
            width, number_format = _LAYOUT[column.kind]
            if column.kind is Kind.TEXT and column.max_length is None:
                width = _LONG_TEXT_WIDTH
            dimension = worksheet.column_dimensions[letter]
            dimension.width, dimension.number_format = width, number_format
            if column.kind in (Kind.CHOICE, Kind.YES_NO):
                self._offer(worksheet, f"{letter}2:{letter}{LAST_ROW}", column)

    def _set_print(self, worksheet, headings, below):
        """The rows of headings stay in sight and on every page; the foot says what it is and which page."""
        worksheet.freeze_panes = below
        worksheet.print_title_rows = headings
        worksheet.page_setup.orientation = "landscape"
        worksheet.oddFooter.left.text = self.footer
        if self.watermark:
            worksheet.oddHeader.center.text = self.watermark
        worksheet.oddFooter.right.text = _("第 &P 页，共 &N 页")

    def _offer(self, worksheet, cells, column):
        """A drop-down of the listed values."""
        self.lists.append([f"{worksheet.title}·{column.zh}", *column.listed])
        letter = get_column_letter(len(self.lists))
        rule = DataValidation(
            type="list",
            formula1=f"'{LISTS}'!${letter}$2:${letter}${len(column.listed) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=column.zh,
            error=_("请从列表中选择。"),
        )
        rule.add(cells)
        worksheet.data_validations.append(rule)

    def write_figures(self, name, covers, headings, rows):
        """A sheet of figures: on top, line by line, what it covers; the headings; rows of text, numbers and blanks."""
        worksheet = self.book.create_sheet(name)
        cells = _Cells(worksheet)
        lines = covers.splitlines()
        head = len(lines) + 1
        self._set_print(worksheet, f"{head}:{head}", f"A{head + 1}")
        for number, heading in enumerate(headings, 1):
            width = min(max(2 * len(heading) + 2, 10), 40)
            worksheet.column_dimensions[get_column_letter(number)].width = width
        for line in lines:
            worksheet.append([cells.text(line)])
        worksheet.append([cells.text(heading, **self.HEAD) for heading in headings])
        for row in rows:
            worksheet.append([cells.plain(value) for value in row])
        worksheet.close()

    def explain(self, rows, widths):
        """The sheet of explanations, second in the book: (is a heading, texts of the row) each."""
        worksheet = self.book.create_sheet(EXPLANATIONS, 1)
        cells = _Cells(worksheet)
        for number, width in enumerate(widths, 1):
            worksheet.column_dimensions[get_column_letter(number)].width = width
        wrapped = {"alignment": Alignment(vertical="top", wrap_text=True)}
        for is_head, row in rows:
            style = self.HEAD if is_head else wrapped
            worksheet.append([cells.text(text, **style) if text else None for text in row])
        worksheet.close()

    def save(self, target):
        """Finish the file. Sheets are already on disk; this zips them."""
        if self.lists:
            self._write_lists()
        self.book.save(target)

    def _write_lists(self):
        worksheet = self.book.create_sheet(LISTS)
        worksheet.sheet_state = "hidden"
        cells = _Cells(worksheet)
        for row in range(max(map(len, self.lists), default=0)):
            worksheet.append(
                [cells.text(values[row]) if row < len(values) else None for values in self.lists]
            )
