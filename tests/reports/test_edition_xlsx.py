"""The ledger of an edition: /reports/editions/<pk>.xlsx with its eight sheets."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import people
from tests.factories import assigned, cadre, campaign, department, gathering, household, issue, visit

from .issuing import issued

pytestmark = pytest.mark.django_db
EIGHT = ["各网格进度", "问题分类与状态", "承办单位", "时间分段", "满意度", "宣讲活动", "人员构成", "数据质量"]


@pytest.fixture
def of():
    made = campaign()
    visit(made, household(), by=[cadre("张三丰")])
    gathering(made)
    issue(made, state="in_progress", **assigned(department("=HYPERLINK(1)")))
    return made


@pytest.fixture
def report(of):
    return issued(of)


@pytest.fixture
def book(report):
    return load_workbook(BytesIO(bytes(report.xlsx)))


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_download_is_the_stored_bytes(client, report):
    client.force_login(people.bob())

    response = client.get(f"/reports/editions/{report.pk}.xlsx")

    assert response.content == bytes(report.xlsx)
    assert "wangdian-2018-weekly-2018-W36-1.xlsx" in response["Content-Disposition"]


def test_book_has_the_figures_and_eight_sheets(book):
    assert book.sheetnames == ["本期数字", *EIGHT]


def test_each_sheet_says_what_it_covers_as_of_when_by_whom(book):
    for sheet in book:
        said = sheet["A1"].value
        assert "范围为王店镇大走访" in said
        assert "数据截至 2018-09-09 23:59" in said
        assert "由 命令行 于 " in said
        assert sheet.oddFooter.right.text == "第 &P 页，共 &N 页"
        assert sheet.print_title_rows == "$2:$2"


def test_figures_stand_cell_for_cell_as_in_the_content(book, report):
    headings, *lines = rows(book["本期数字"])
    assert headings[4:] == [
        f"{name}{side}" for name in ("本周", "上周", "累计") for side in ("", "·分子", "·分母")
    ]

    found = {(line[1], line[2]): line[4:] for line in lines if line[1]}
    for key, (value, _numerator, _denominator) in report.content["figures"]["campaign"].items():
        for part in value if isinstance(value, dict) else [None]:
            expected = []
            for period in ("week", "last_week", "campaign"):
                value, numerator, denominator = report.content["figures"][period][key]
                expected += [value[part] if part else value, numerator, denominator]
            assert found[key, part] == expected


def test_no_text_of_people_becomes_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [line[0] for line in rows(book["承办单位"]) if str(line[0]).startswith("=")] == ["=HYPERLINK(1)"]


def test_no_person_is_in_any_sheet(book):
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]

    assert [text for text in texts if "张三" in text] == []


def test_sheets_add_up(book, report):
    grids = rows(book["各网格进度"])
    assert [line[3] for line in grids[1:]] == [1, 1]
    assert grids[-1][1] == "合计"
    issues = rows(book["问题分类与状态"])
    assert issues[-1][-1] == report.content["figures"]["campaign"]["issues"][0] == 1
    bands = [line for line in rows(book["时间分段"]) if line[0] == "走访开始时刻"]
    assert {line[1]: line[2] for line in bands}["18–24 时"] == 1
    assert sum(line[2] for line in bands) == 1
    assert rows(book["宣讲活动"])[-1] == ["合计", 1, 60]


def test_data_quality_holds_the_outcome_of_each_check(book, report):
    outcomes = {line[0]: line[1] for line in rows(book["数据质量"])}

    assert outcomes["各地之和等于合计。"] == "通过"
    assert len([one for one in report.content["stamp"]["checks"] if outcomes[one["sentence"]]]) == 18
