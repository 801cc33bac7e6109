"""Opens an .xlsx that a stranger may have made: guards first, then rows as a stream."""

import io
import mmap
import warnings
import zipfile
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.text import Text
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import INLINE_STRING, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

# A workbook of 200,000 visits unpacks to about 120 MB. The zip directory's sizes can be trusted as limits:
# zipfile never hands out more bytes of a part than the directory declares.
LARGEST_UNPACKED = 400 * 2**20
LARGEST_STRINGS = 150 * 2**20
MOST_PARTS = 5_000
# Real sheets shrink ten- to fiftyfold.
HIGHEST_RATIO, RATIO_FROM = 250, 20 * 2**20
LAST_ROW = 1_048_576
TEXT_TAG = f"{{{SHEET_MAIN_NS}}}t"

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")


class UnreadableError(Exception):
    """The file is no workbook that we can read; the message tells a clerk why and what to do."""


@dataclass(frozen=True)
class RawSheet:
    """One visible sheet: its name, and a function that streams (row number, cells) from row 1 on."""

    name: str
    rows: object


@contextmanager
def open_workbook(source):
    """Yield the visible sheets of a path, bytes, a binary file, or {name: [{header: value}]} without a file."""
    if isinstance(source, dict):
        yield [RawSheet(name, lambda rows=rows: _rows_of_dicts(rows)) for name, rows in source.items()]
        return
    with _opened(source) as file:
        _guard(file)
        # openpyxl warns of drawings, rules and extensions that it leaves out: none of our business.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _unreadable():
                book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                yield [
                    RawSheet(sheet.title.strip(), lambda sheet=sheet: _rows_of_sheet(sheet))
                    for sheet in book.worksheets
                    if sheet.sheet_state == "visible"
                ]
            finally:
                book.close()


@contextmanager
def _opened(source):
    if isinstance(source, bytes | bytearray | memoryview):
        yield io.BytesIO(source)
    elif hasattr(source, "read"):
        source.seek(0)
        yield source
    else:
        path = Path(source)
        if not path.is_file():
            raise UnreadableError(_("找不到文件 %(path)s。请核对路径。") % {"path": path})
        try:
            file = path.open("rb")
        except OSError as error:
            raise UnreadableError(
                _("打不开文件 %(path)s：%(why)s。") % {"path": path, "why": error.strerror}
            ) from None
        with file:
            yield file


def _guard(file):
    head = file.read(8)
    if not head:
        raise UnreadableError(_("文件是空的。请重新保存或重新下载后再导入。"))
    if head == _OLE:
        if _contains(file, _ENCRYPTED_PART):
            raise UnreadableError(_("文件已加密，请另存为不加密的 .xlsx。"))
        raise UnreadableError(_("这是旧的 .xls 或其他 Office 文件，请在 Excel 中另存为 .xlsx。"))
    try:
        with zipfile.ZipFile(file) as archive:
            _guard_parts(archive.infolist())
            for part in archive.infolist():
                _guard_declarations(archive, part)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError):
        raise UnreadableError(_("不是 .xlsx 文件，或文件已损坏。请在 Excel 中另存为 .xlsx。")) from None
    finally:
        file.seek(0)


def _contains(file, wanted):
    try:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(wanted) >= 0
    except (OSError, ValueError, io.UnsupportedOperation, AttributeError):
        file.seek(0)
        return wanted in file.read()


def _guard_parts(parts):
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError(_("文件已加密，请另存为不加密的 .xlsx。"))
    strings = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
    swollen = any(
        part.file_size > RATIO_FROM and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    total = sum(part.file_size for part in parts)
    if total > LARGEST_UNPACKED or strings > LARGEST_STRINGS or len(parts) > MOST_PARTS or swollen:
        raise UnreadableError(
            _("文件解压后有 %(size)s MB，超出限度，没有打开。请删去无关内容，或分成几个文件导入。")
            % {"size": f"{total / 2**20:.0f}"}
        )
    names = {part.filename.lower() for part in parts}
    if "[content_types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise UnreadableError(_("文件里没有工作簿，不是 .xlsx 文件。请在 Excel 中另存为 .xlsx。"))


class _Seen(Exception):  # noqa: N818 no error, a way out
    """The first element of a part: nothing after it declares anything."""


def _guard_declarations(archive, part):
    """No workbook of Excel declares a document type; what does wants entities that grow, or files of this machine."""

    def refuse(*_declared):
        raise UnreadableError(
            _("文件里有不该有的 XML 声明（DOCTYPE），没有打开。请在 Excel 中另存为 .xlsx。")
        )

    def stop(*_element):
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, stop
    # What is no XML or broken is left to the reader, which has a sentence for it.
    with (
        suppress(_Seen, expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError),
        archive.open(part) as file,
    ):
        while piece := file.read(4096):
            parser.Parse(piece)


@contextmanager
def _unreadable():
    """Whatever openpyxl trips over in a broken file is one sentence to the clerk."""
    try:
        yield
    except Exception as error:
        raise UnreadableError(_("文件已损坏，读不下去。请在 Excel 中打开并另存为 .xlsx。")) from error


def _rows_of_sheet(sheet):
    """Stream the rows that the file holds: openpyxl's own loop, less what it collects on the way.

    `iter_rows` believes the dimension tag, fills gaps with blank rows and spends half its time on the parts
    of rich text.
    """
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _SheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        rows = parser.parse()
        while True:
            with _unreadable():
                row = next(rows, None)
            if row is None:
                return
            if row[0] > LAST_ROW:
                raise UnreadableError(_("工作表“%(sheet)s”超过 1048576 行。") % {"sheet": sheet.title})
            yield row


class _SheetParser(WorkSheetParser):
    """Rows as (number, values by position); texts by the short way, all else as openpyxl reads it."""

    def parse_row(self, row):
        number = row.get("r")
        self.row_counter = int(number) if number else self.row_counter + 1
        values, position = [], 0
        for element in row:
            reference = element.get("r")
            position = _position(reference.rstrip("0123456789")) if reference else position + 1
            if position <= len(values):
                raise ValueError("cells out of order")
            if position > len(values) + 1:
                values += [None] * (position - len(values) - 1)
            self.col_counter = position - 1
            values.append(self._value(element))
        return self.row_counter, values

    def _value(self, element):
        kind = element.get("t", "n")
        if kind == "s":
            index = element.findtext(VALUE_TAG)
            return self.shared_strings[int(index)] if index else None
        if kind == "inlineStr":
            text = element.find(INLINE_STRING)
            if text is None or len(text) == 0:
                return None
            plain = len(text) == 1 and text[0].tag == TEXT_TAG
            return text[0].text if plain else Text.from_tree(text).content
        return self.parse_cell(element)["value"]


@cache
def _position(letters):
    return column_index_from_string(letters)


def _rows_of_dicts(rows):
    header = list(dict.fromkeys(key for row in rows for key in row))
    if header:
        yield 1, header
    for number, row in enumerate(rows, 2):
        yield number, [row.get(key) for key in header]
