"""The guards before a stranger's file is opened, each one sentence; and what is read of a good one."""

import io
import re
import struct
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from canvass import workbook_reader
from canvass.workbook_reader import UnreadableError, open_workbook
from tests.workbooks import sample, workbook

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
NO_WORKBOOK = "文件里没有工作簿，不是 .xlsx 文件。请在 Excel 中另存为 .xlsx。"
DAMAGED = "不是 .xlsx 文件，或文件已损坏。请在 Excel 中另存为 .xlsx。"
BROKEN = "文件已损坏，读不下去。请在 Excel 中打开并另存为 .xlsx。"
TOO_LARGE = "文件解压后有 {} MB，超出限度，没有打开。请删去无关内容，或分成几个文件导入。"


def _zip(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _bomb(declared):
    """A real workbook whose zip directory declares one sheet to be enormous, as a bomb's does."""
    content = bytearray(workbook(sample()))
    entry = content.rindex(b"PK\x01\x02", 0, content.index(b"xl/worksheets/sheet8.xml", len(content) // 2))
    struct.pack_into("<I", content, entry + 24, declared)
    return bytes(content)


def _reason(source):
    with pytest.raises(UnreadableError) as error, open_workbook(source) as sheets:
        for sheet in sheets:
            list(sheet.rows())
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件是空的。请重新保存或重新下载后再导入。"),
        ("工号,姓名\n".encode(), DAMAGED),
        (b"PK\x03\x04 not a zip", DAMAGED),
        (OLE + b"\0" * 600, "这是旧的 .xls 或其他 Office 文件，请在 Excel 中另存为 .xlsx。"),
        (
            OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "文件已加密，请另存为不加密的 .xlsx。",
        ),
        (_zip(**{"readme.txt": "hello"}), NO_WORKBOOK),
        (_zip(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<broken"}), BROKEN),
        (_bomb(3 * 2**30), TOO_LARGE.format(3072)),
    ],
    ids=["empty", "csv", "torn", "xls", "encrypted", "other zip", "broken parts", "bomb"],
)
def test_file_that_is_no_workbook_is_one_sentence(content, reason):
    assert _reason(content) == reason


def test_password_on_the_zip_is_named():
    content = bytearray(workbook(sample()))
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert _reason(bytes(content)) == "文件已加密，请另存为不加密的 .xlsx。"


def test_bomb_is_refused_before_anything_is_unpacked(monkeypatch):
    def opened(*args, **kwargs):
        raise AssertionError("unpacked")

    monkeypatch.setattr(workbook_reader, "load_workbook", opened)

    assert _reason(_bomb(3 * 2**30)).startswith("文件解压后有 3072 MB")


def test_part_that_is_larger_than_declared_is_not_read_on():
    """A directory that understates a part: zipfile hands out no more than it declares."""
    assert _reason(_bomb(100)) == BROKEN


def test_part_that_shrank_beyond_belief_is_refused():
    zeros = _zip(
        **{"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/worksheets/sheet1.xml": b"0" * (21 * 2**20)}
    )

    assert _reason(zeros) == TOO_LARGE.format(21)


def test_shared_strings_have_a_limit_of_their_own(monkeypatch):
    monkeypatch.setattr(workbook_reader, "LARGEST_STRINGS", 10)
    strings = _zip(**{"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/sharedStrings.xml": "x" * 11})

    assert _reason(strings) == TOO_LARGE.format(0)


DECLARED = "文件里有不该有的 XML 声明（DOCTYPE），没有打开。请在 Excel 中另存为 .xlsx。"
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def _declared(name, declaration, encoding="utf-8"):
    """A good workbook, but for a declaration before the first element of one part."""
    content, target = workbook(sample()), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(target, "w") as bad:
        for part in good.infolist():
            data = good.read(part)
            if part.filename == name:
                root = re.sub(r"^<\?xml[^>]*\?>\s*", "", data.decode())
                head = f'<?xml version="1.0" encoding="{encoding}"?><!-- {"x" * 9000} -->'
                data = f"{head}{declaration}{root}".encode(encoding)
            bad.writestr(part.filename, data)
    return target.getvalue()


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE, "<!DOCTYPE r>"])
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/core.xml"])
def test_declaration_in_a_part_is_refused_before_it_is_read(monkeypatch, name, declaration):
    def opened(*args, **kwargs):
        raise AssertionError("read")

    monkeypatch.setattr(workbook_reader, "load_workbook", opened)

    assert _reason(_declared(name, declaration)) == DECLARED


def test_declaration_is_found_in_any_encoding():
    assert _reason(_declared("xl/workbook.xml", LAUGHS, "utf-16")) == DECLARED


def test_workbook_with_a_comment_but_no_declaration_is_read():
    with open_workbook(_declared("xl/workbook.xml", "")) as sheets:
        assert len(sheets) > 5


def test_path_that_leads_nowhere_is_named(tmp_path):
    assert _reason(tmp_path / "无.xlsx") == f"找不到文件 {tmp_path / '无.xlsx'}。请核对路径。"
    assert _reason(str(tmp_path)) == f"找不到文件 {tmp_path}。请核对路径。"


def test_sheet_is_read_whatever_its_dimension_tag_says(tmp_path):
    content = workbook({"区划": [{"区划代码": str(n)} for n in range(30)]})
    path = tmp_path / "cut.xlsx"
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(path, "w") as cut:
        for part in good.infolist():
            data = good.read(part)
            if part.filename.startswith("xl/worksheets/"):
                data = data.replace(b"<sheetData>", b'<dimension ref="A1:A5"/><sheetData>', 1)
            cut.writestr(part.filename, data)

    with open_workbook(path) as [sheet]:
        assert [number for number, _cells in sheet.rows()] == list(range(1, 32))


_STRINGS_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def _as_excel_saves(content):
    """The same workbook with its texts in one shared table, and a cell of every other type at the end."""
    strings, buffer = [], io.BytesIO()

    def share(match):
        strings.append(match[2])
        return f'<c r="{match[1]}" t="s"><v>{len(strings) - 1}</v></c>'

    typed = (
        '<row r="9" ht="18"><c r="B9" t="str"><f>A1&amp;"x"</f><v>算出</v></c><c r="C9" t="b"><v>1</v></c>'
        '<c r="D9" t="e"><v>#REF!</v></c><c r="F9"><v>12.5</v></c>'
        '<c r="G9" t="inlineStr"><is><r><t>粗</t></r><r><t>细</t></r></is></c><c r="H9" t="s"/></row></sheetData>'
    )
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(buffer, "w") as shared:
        for part in good.infolist():
            text = good.read(part).decode()
            if part.filename == "xl/worksheets/sheet1.xml":
                text = re.sub(r'<c r="(\w+)" t="inlineStr"><is><t>(.*?)</t></is></c>', share, text)
                text = text.replace("</sheetData>", typed)
            shared.writestr(part.filename, text.replace("</Types>", _STRINGS_TYPE))
        items = "".join(f"<si><t>{text}</t></si>" for text in strings)
        shared.writestr(
            "xl/sharedStrings.xml",
            f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>',
        )
    return buffer.getvalue()


def test_workbook_as_excel_saves_it_is_read_cell_by_cell():
    content = _as_excel_saves(workbook({"区划": [{"区划代码": "33", "名称": "浙江省"}]}))

    with open_workbook(content) as [sheet]:
        assert list(sheet.rows()) == [
            (1, ["区划代码", "名称"]),
            (2, ["33", "浙江省"]),
            (9, [None, "算出", True, "#REF!", None, 12.5, "粗细", None]),
        ]


def test_dates_and_numbers_keep_their_type():
    moment = datetime.fromisoformat("2018-09-03T19:30")
    content = workbook(
        {"实事": [{"时间": moment, "日期": date(2018, 9, 3), "数": 3, "金额": 12.5, "空": None}]}
    )

    with open_workbook(content) as [sheet]:
        assert list(sheet.rows())[1] == (2, [moment, datetime.fromisoformat("2018-09-03"), 3, 12.5])


def test_hidden_sheets_are_left_out():
    book = Workbook()
    book.active.title = "区划"
    book.create_sheet("名单").sheet_state = "hidden"
    book.create_sheet("更深").sheet_state = "veryHidden"
    buffer = io.BytesIO()
    book.save(buffer)

    with open_workbook(buffer) as sheets:
        assert [sheet.name for sheet in sheets] == ["区划"]


def test_rows_come_from_dictionaries_too():
    with open_workbook({"区划": [{"区划代码": "33", "名称": "浙江省"}, {"区划代码": "34"}]}) as [sheet]:
        assert list(sheet.rows()) == [(1, ["区划代码", "名称"]), (2, ["33", "浙江省"]), (3, ["34", None])]
