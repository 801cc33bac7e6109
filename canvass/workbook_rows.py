"""From a raw sheet to typed rows: the header is checked once, then every cell is read by its column."""

import difflib

from django.utils.translation import gettext as _

from .importing import Row
from .workbook import Kind
from .workbook_cells import BadCellError, display, reader


def read_rows(sheet, raw, load):
    """Yield a Row for every row that is not blank. Problems of header and cells go to the load's log."""
    rows = raw.rows()
    header = next(rows, None)
    if header is None:
        return
    names = _Header(sheet, header[1], load.log)
    if len(names.nameless) == names.width and not any(_is_filled(cells) for _number, cells in rows):
        return  # an empty sheet is as good as none
    read, missing = names.columns()
    importer = load.importers[sheet.key]
    importer.keyless = any(key in missing for key in sheet.unique)
    required = [column for column in sheet.required if column.key not in missing]
    for number, cells in rows:
        row = _typed(sheet, number, cells, read, load)
        if names.nameless or len(cells) > names.width:
            names.refuse_nameless(number, cells)
        if row is None:
            continue
        for column in required:
            if column.key not in row.values and column.key not in row.unreadable:
                row.error(column.key, _("必填，这里是空的。请填写。"))
        row.bad = row.bad or bool(missing)
        yield row


def _is_filled(cells):
    return any(cell is not None and str(cell).strip() for cell in cells)


def _typed(sheet, number, cells, read, load):
    """A Row, or None for a blank one."""
    values, row = {}, None
    for position, column, read_cell in read:
        raw = cells[position] if position < len(cells) else None
        if raw is None:
            continue
        try:
            value = read_cell(raw)
        except BadCellError as error:
            row = row or Row(sheet, number, values, load.log)
            row.error(column.key, error, display(raw))
            row.unreadable.add(column.key)
            continue
        if value is not None:
            values[column.key] = value
            if column.past and value > (load.today if column.kind is Kind.DATE else load.now):
                row = row or Row(sheet, number, values, load.log)
                row.error(column.key, _("时间在将来。请核对年月日。"), display(raw))
    if row is None and not values:
        return None
    return row or Row(sheet, number, values, load.log)


class _Header:
    """Which position holds which column; everything that is wrong with row 1."""

    def __init__(self, sheet, cells, log):
        self.sheet, self.log = sheet, log
        self.names = [self._name(cell) for cell in cells]
        self.width = len(cells)
        self.nameless = [position for position, name in enumerate(self.names) if not name]
        self.refused = False

    @staticmethod
    def _name(cell):
        return str(cell).strip().strip("*＊").strip() if cell is not None else ""

    def refuse_nameless(self, number, cells):
        """Report, once, a filled cell that stands under no name: it would be lost silently."""
        positions = [*self.nameless, *range(self.width, len(cells))]
        found = [cells[n] for n in positions if n < len(cells) and str(cells[n] or "").strip()]
        if found and not self.refused:
            self.refused = True
            reason = _("这一列没有名称。请在第 1 行写上列名，或删去这一列。")
            self.log.error(self.sheet.zh, number, "", found[0], reason)

    def columns(self):
        """([(position, column, function that reads its cells)], keys of the required columns that are missing)."""
        found, strange = {}, []
        for position, name in enumerate(self.names):
            column = self.sheet.by_header.get(name)
            if column is None:
                strange += [(position, name)] if name else []
            elif column.key in found:
                self._error(name, name, _("这一列出现了两次。请删去一列。"))
            else:
                found[column.key] = (position, column)
        for position, name in strange:
            self._judge(position, name, found)
        missing = {column.key for column in self.sheet.required} - found.keys()
        for column in self.sheet.required:
            if column.key in missing:
                self._error(column.zh, "", _("缺少这一列，它是必填的。请在第 1 行补上。"))
        return [(position, column, reader(column)) for position, column in found.values()], missing

    def _judge(self, position, name, found):
        """A misspelt header stands for the nearest column that is still missing, so that one error is one line."""
        open_names = [column.zh for column in self.sheet.columns if column.key not in found]
        near = difflib.get_close_matches(name, open_names, n=1, cutoff=0.5)
        if near:
            column = self.sheet.by_header[near[0]]
            found[column.key] = (position, column)
            self._error(name, name, _("没有这一列，是不是“%(near)s”？请改正第 1 行。") % {"near": near[0]})
        else:
            listed = "、".join(self.sheet.by_header)
            self._error(name, name, _("没有这一列。请删去；可用的列：%(listed)s。") % {"listed": listed})

    def _error(self, column, value, reason):
        self.log.error(self.sheet.zh, 1, column, value, reason)
