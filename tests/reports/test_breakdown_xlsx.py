"""The table as a workbook: the page's rows, numbers as numbers, text as text."""

import io

import pytest
from openpyxl import load_workbook

from campaigns.models import Team
from tests import factories, people
from tests.workbooks import GRID_A1

from .random_campaign import RandomCampaign
from .test_breakdown import AS_OF, RANDOM, SINGLE, get
from .test_breakdown_csv import page_rows

pytestmark = pytest.mark.django_db


def download(client, user, **asked):
    client.force_login(user)
    response = client.get("/reports/breakdown.xlsx", asked)
    assert response.status_code == 200
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["分组数据"]
    return book.active


def table_of(sheet):
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(number for number, row in enumerate(rows) if row[0] == "代码")
    return [row[0] for row in rows[:start]], rows[start], rows[start + 1 :]


@pytest.mark.parametrize("more", [{}, {"week": "2018-W36", "compare": "before", "level": "cadre_category"}])
def test_breakdown_xlsx_has_the_rows_of_the_page(client, more):
    world = RandomCampaign(5)
    leader = people.leader(world.campaign.area_id)
    page = get(client, leader, figure=SINGLE, **RANDOM, **more)
    _head, headings, rows = table_of(download(client, leader, figure=SINGLE, **RANDOM, **more))
    assert rows == [[None if one == "" else one for one in row] for row in page_rows(page)]
    assert headings[1] == str(page.context["page"].asked.level_name)


def test_breakdown_xlsx_says_what_it_covers(client):
    factories.campaign()
    sheet = download(client, people.leader(), figure="visits", **AS_OF)
    head, headings, rows = table_of(sheet)
    assert head[0] == "王店镇大走访　王店镇　按村社分组"
    assert head[1] == "时段：自活动开始（2018-07-01）"
    assert head[3].startswith("凌六导 于 ")
    assert (headings, rows) == (["代码", "村社", "走访户次（户次）"], [[None, "合计", 0]])
    assert sheet.freeze_panes == f"A{len(head) + 2}"


def test_breakdown_xlsx_makes_no_formula_of_a_name(client):
    campaign, worker = factories.campaign(), factories.cadre()
    factories.visit(campaign, factories.household(GRID_A1), by=[worker])
    team = factories.team(campaign, worker)
    Team.objects.filter(pk=team.pk).update(name="=1+1")
    sheet = download(client, people.leader(), level="team", **AS_OF)
    named = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in named] == ["s", "s"]
