"""The empty workbook."""

import io

import pytest
from openpyxl import load_workbook

from reports.sheets import SHEETS
from tests import people

pytestmark = pytest.mark.django_db
URL = "/reports/workbook/template/"


@pytest.fixture
def book(client):
    client.force_login(people.bob())
    response = client.get(URL)
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.getvalue()))


def test_workbook_template_has_every_sheet_with_starred_headers_and_no_row(book):
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert visible == [SHEETS[0].zh, "说明", *(sheet.zh for sheet in SHEETS[1:])]
    for sheet in SHEETS:
        rows = list(book[sheet.zh].values)
        assert rows == [tuple(column.header for column in sheet.columns)]


def test_workbook_template_keeps_codes_as_text_and_dates_as_dates(book):
    columns = book["走访记录"].column_dimensions
    assert [columns[letter].number_format for letter in "ABCG"] == ["@", "@", "yyyy-mm-dd hh:mm", "0"]
    assert book["走访记录"].freeze_panes == "A2"


def test_workbook_template_offers_the_listed_values_from_a_hidden_sheet(book):
    rules = {str(rule.sqref): rule.formula1 for rule in book["走访记录"].data_validations.dataValidation}
    assert list(rules) == ["D2:D1048576", "F2:F1048576"]
    assert book["选项"].sheet_state == "hidden"
    cells = book["选项"][rules["D2:D1048576"].split("!")[1].replace("$", "")]
    assert [cell.value for (cell,) in cells] == ["见面", "远程", "未遇", "空关", "拒访", "搬迁", "拆除"]


def test_workbook_template_explains_every_column(book):
    rows = list(book["说明"].values)
    explained = {(row[0], row[1]) for row in rows}
    assert {(sheet.zh, column.zh) for sheet in SHEETS for column in sheet.columns} <= explained
    assert ("走访记录", "走访编号", "必填", "代码（按文字填写）", None, "本次活动中唯一的编号。") in rows


@pytest.mark.parametrize(
    "person", [people.alice, people.village_office, people.leader, people.clerk, people.nobody]
)
def test_workbook_template_is_for_the_campaign_office(client, person):
    client.force_login(person())
    assert client.get(URL).status_code == 403


def test_workbook_template_needs_a_sign_in(client):
    assert client.get(URL)["Location"] == f"/login/?next={URL}"
