"""The table as CSV: the page's rows and numbers, opened by Excel as they are, no text a formula."""

import csv
import io

import pytest

from campaigns.models import Team
from canvass.csv_text import harmless
from tests import factories, people
from tests.workbooks import GRID_A1

from .random_campaign import RandomCampaign
from .test_breakdown import AS_OF, RANDOM, SINGLE, get, shown

pytestmark = pytest.mark.django_db
NOTHING = "—"


def download(client, user, **asked):
    client.force_login(user)
    response = client.get("/reports/breakdown.csv", asked)
    assert response.status_code == 200
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def table_of(rows):
    """(head lines, headings, rows): the headings are the first line of several cells."""
    start = next(number for number, row in enumerate(rows) if len(row) > 1)
    return [row[0] for row in rows[:start]], rows[start], rows[start + 1 :]


def page_rows(page):
    """The page's table as its file should have it."""
    table = page.context["page"].table
    for code, name, cells in [*(row.values() for row in table.rows), ("", "合计", table.total)]:
        row = [code, name]
        for cell in cells:
            for value, result in [(cell.value, cell.now.result)] + (
                [(cell.value_before, cell.before.result)] if cell.before else []
            ):
                row += [value] + ([result.numerator, result.denominator] if cell.column.is_rate else [])
            if cell.before:
                row.append(cell.difference)
        yield [NOTHING if one is None else one for one in row]


@pytest.mark.parametrize("more", [{}, {"week": "2018-W36", "compare": "before", "level": "team"}])
def test_breakdown_csv_has_the_rows_of_the_page(client, more):
    world = RandomCampaign(4)
    leader = people.leader(world.campaign.area_id)
    page = get(client, leader, figure=SINGLE, **RANDOM, **more)
    _head, headings, rows = table_of(download(client, leader, figure=SINGLE, **RANDOM, **more))
    assert rows == [[str(one) for one in row] for row in page_rows(page)]
    assert {len(row) for row in rows} == {len(headings)}
    # What the table says is what the eye sees.
    total = {place: value for (part, place), value in shown(page).items() if part is None}
    visits = headings.index("走访户次（户次）")
    assert rows[-1][visits] == str(total["visits", None])


def test_breakdown_csv_says_what_it_covers(client):
    factories.campaign()
    leader = people.leader()
    asked = {"week": "2018-W36", "compare": "before", "figure": ["visits", "households"]}
    head, headings, _rows = table_of(download(client, leader, **asked, **AS_OF))
    assert head[:4] == [
        "王店镇大走访　王店镇　按村社分组",
        "时段：2018-09-03 至 2018-09-09",
        "对比时段：2018-08-27 至 2018-09-02",
        "数据截至 2018-09-30 23:59",
    ]
    assert head[4].startswith("凌六导 于 20")
    assert head[5] == "这些数字是截止时点的状态，不随时段变化，也不作对比：应访户数。"
    assert headings == [
        "代码",
        "村社",
        "应访户数（户）",
        "走访户次（户次）",
        "走访户次（户次）·对比时段",
        "走访户次（户次）·增减",
    ]


@pytest.mark.parametrize("name", ["=1+1", "+8", "-8", "@SUM(A1)", "\t=1", " =1", "＝1+1", "＠SUM(A1)"])
def test_breakdown_csv_makes_no_formula_of_a_name(client, name):
    campaign, worker = factories.campaign(), factories.cadre()
    factories.visit(campaign, factories.household(GRID_A1), by=[worker])
    team = factories.team(campaign, worker)
    Team.objects.filter(pk=team.pk).update(name=name)
    _head, _headings, rows = table_of(download(client, people.leader(), level="team", **AS_OF))
    assert rows[0][:2] == [f"'{name}", f"'{name}"]


def test_numbers_stay_numbers():
    assert [harmless(value) for value in (-5, 2.5, "", "安全", "—")] == [-5, 2.5, "", "安全", "—"]


def test_breakdown_csv_says_clearly_what_it_cannot_read(client):
    factories.campaign()
    client.force_login(people.leader())
    page = client.get("/reports/breakdown.csv", {"figure": "nonsense"})
    assert (page.status_code, "没有“nonsense”这个数字" in page.content.decode()) == (400, True)
