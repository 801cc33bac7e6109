"""Breakdowns: the numbers of the command, what adds up, two periods, whose rows, and clear words."""

import io
import json
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canvass.figures import CADRE_CATEGORY, LEVELS, PAGE_LEVELS, TEAM
from reports.catalogue import CATALOGUE, FIGURES
from reports.figure_choices import DEFAULTS, LEVEL_NAMES, groups
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B

from .random_campaign import RandomCampaign
from .reading import read, side_links
from .test_figure_rows import NO_COUNT, counted

pytestmark = pytest.mark.django_db
AS_OF = {"as_of": "2018-09-30"}
RANDOM = {"campaign": "counted", "as_of": "2018-10-08"}
SINGLE = [figure.key for figure in CATALOGUE]


def get(client, user, **asked):
    client.force_login(user)
    return client.get("/reports/breakdown/", asked)


def shown(page, period="now"):
    """{(part or None for the total, key or (key, sub-key)): value} of one period."""
    return {
        (
            value.given.get("data-part"),
            (value.given["data-figure"], value.given.get("data-key")),
        ): value.number
        for value in read(page)
        if value.given.get("data-period") == period
    }


def column(page, key, period="now"):
    """{part: value} of one figure, the total under None."""
    return {part: value for (part, (figure, _key)), value in shown(page, period).items() if figure == key}


def gaps(page):
    """The texts of the differences in the order of the page."""
    return [value.text for value in read(page) if value.given["class"] == "difference"]


@pytest.fixture
def two_villages():
    """Two visits of the first week and one of the second, one of them in another village."""
    campaign, worker = factories.campaign(), factories.cadre()
    for grid, day in ((GRID_A1, "2018-09-04"), (GRID_A1, "2018-09-05"), (GRID_B1, "2018-09-11")):
        factories.visit(campaign, factories.household(grid), by=[worker], started_at=at(f"{day} 10:00"))
    return campaign


# --- The numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_breakdown_says_what_the_command_says(client, level):
    world = RandomCampaign(3 if level == "department" else 4)
    page = get(client, people.leader(world.campaign.area_id), level=level, figure=SINGLE, **RANDOM)
    out = io.StringIO()
    call_command(
        "figures", "--campaign", "counted", "--as-of", "2018-10-08", "--by", level, "--json", stdout=out
    )
    answer = json.loads(out.getvalue())
    wanted = {
        (part, (key, sub)): value
        for part, figures in [
            (None, answer["figures"]),
            *((row["code"], row["figures"]) for row in answer["rows"]),
        ]
        for key, given in figures.items()
        for sub, value in _values(given["value"])
    }
    found = shown(page)
    assert {place: wanted[place] for place in found if found[place] is not None} == {
        place: value for place, value in found.items() if value is not None
    }
    # What stands nowhere on the page holds nothing: zero keys of grouped figures, an empty last row.
    assert not [place for place, value in wanted.items() if value and place not in found]


def _values(value):
    return value.items() if isinstance(value, dict) else [(None, value)]


@pytest.mark.parametrize("level", PAGE_LEVELS)
def test_sums_add_up_at_every_level_except_where_the_page_says(client, level):
    world = RandomCampaign(6)
    page = get(client, people.leader(world.campaign.area_id), level=level, figure=SINGLE, **RANDOM)
    table = page.context["page"].table
    silent = {*table.not_by_level, *table.in_several_rows, *table.row_by_row}
    sums, checked = {}, {}
    for (part, place), value in shown(page).items():
        if FIGURES[place[0]] not in silent:
            if part is None:
                checked[place] = value
            else:
                sums[place] = sums.get(place, 0) + value
    assert {place: pytest.approx(value, abs=1e-6) for place, value in checked.items()} == sums
    assert level in (TEAM,) or checked


def test_breakdown_says_which_sums_do_not_add_up(client):
    campaign = factories.campaign()
    one, two = factories.cadre(), factories.cadre(category="volunteer")
    factories.visit(campaign, factories.household(), by=[one, two])
    page = get(client, people.leader(), level=CADRE_CATEGORY, **AS_OF)
    held = {part: value for part, value in column(page, "visits").items() if value}
    assert held == {"full_time_grid_worker": 1, "volunteer": 1, None: 1}
    assert "各行之和可能大于合计：走访学校次数、走访户次、走访群众人次。" in page.content.decode()
    assert sum(value for part, value in column(page, "cadre_visits").items() if part) == 2


def test_breakdown_says_which_figures_have_no_such_level(client, two_villages):
    page = get(client, people.leader(), level="category", figure=["households", "issues"], **AS_OF)
    assert set(column(page, "households").items()) >= {("01", None), (None, 3)}
    assert "这些数字不按问题类别统计，各行写“—”：应访户数。" in page.content.decode()


def test_breakdown_lists_what_lies_above_the_level_before_the_total(client, two_villages):
    assert "未分到本级" not in get(client, people.leader(), **AS_OF).content.decode()
    factories.issue(two_villages, TOWN)
    page = get(client, people.leader(), figure="issues", **AS_OF)
    assert list(column(page, "issues").items()) == [(VILLAGE_A, 0), (VILLAGE_B, 0), ("", 1), (None, 1)]


def test_breakdown_shows_grouped_figures_key_by_key(client, two_villages):
    factories.gathering(two_villages, kind="reception", place_id=VILLAGE_A)
    page = get(client, people.leader(), figure="gatherings_by_kind", **AS_OF)
    assert {place: value for (part, place), value in shown(page).items() if part is None} == {
        ("gatherings_by_kind", "reception"): 1
    }


# --- Its rows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["village", "department", TEAM, CADRE_CATEGORY])
def test_every_value_leads_to_as_many_rows(client, level):
    RandomCampaign(9)
    page = get(
        client,
        people.leader("33"),  # around the campaign: sees the rows of its visits outside its area too
        level=level,
        figure=[*DEFAULTS[level], "visits", "people_met", "team_members"],
        compare="before",
        week="2018-W36",
        **RANDOM,
    )
    links = {
        value.link: value.number
        for value in read(page)
        if value.link and "data-denominator" not in value.given and value.given["data-figure"] not in NO_COUNT
    }
    sample = Random(9).sample(sorted(links), min(len(links), 24))
    found = {link: counted(client.get(link)) for link in sample}
    assert found == {link: links[link] for link in sample}


def test_both_sides_of_a_rate_lead_to_their_rows(client):
    world = RandomCampaign(5)
    page = get(client, people.leader(world.campaign.area_id), figure="late_filed_share", level=TEAM, **RANDOM)
    rates = {value.link: value.given for value in read(page) if "data-denominator" in value.given}
    links = side_links(page)
    assert len(links) == 2 * len(rates)
    for link in links[:8]:
        side = "data-numerator" if "side=numerator" in link else "data-denominator"
        assert counted(client.get(link)) == int(rates[link.rsplit("&side=", 1)[0]][side])


# --- Two periods ----------------------------------------------------------------------------------------------


def test_breakdown_compares_a_week_with_the_one_before(client, two_villages):
    page = get(client, people.leader(), week="2018-W37", compare="before", figure="visits", **AS_OF)
    assert column(page, "visits") == {VILLAGE_A: 0, VILLAGE_B: 1, None: 1}
    assert column(page, "visits", "before") == {VILLAGE_A: 2, VILLAGE_B: 0, None: 2}
    assert gaps(page) == ["少 −2", "多 +1", "少 −1"]
    assert "对比 2018-09-03 至 2018-09-09" in page.content.decode()


def test_breakdown_compares_with_as_many_days_before(client, two_villages):
    days = {"from": "2018-09-05", "to": "2018-09-11"}
    page = get(client, people.leader(), compare="before", figure="visits", **days, **AS_OF)
    assert column(page, "visits") == {VILLAGE_A: 1, VILLAGE_B: 1, None: 2}
    assert column(page, "visits", "before") == {VILLAGE_A: 1, VILLAGE_B: 0, None: 1}
    assert gaps(page) == ["持平", "多 +1", "多 +1"]


def test_breakdown_compares_with_other_days(client, two_villages):
    days = {"from": "2018-09-04", "to": "2018-09-04", "then_from": "2018-09-05", "then_to": "2018-09-30"}
    page = get(client, people.leader(), compare="days", figure="visits", **days, **AS_OF)
    assert column(page, "visits", "before")[None] == 2
    assert gaps(page)[-1] == "少 −1"


def test_breakdown_compares_rates_in_points(client, two_villages):
    for n, day in enumerate(("2018-09-04", "2018-09-11", "2018-09-11")):
        issue = {"registered_at": at(day)}
        if n == 1:
            issue |= {"state": "closed", "outcome": "substantive", "closed_at": at("2018-09-20")}
            issue |= {"replied_at": at("2018-09-15"), **factories.assigned(factories.department())}
        factories.issue(two_villages, **issue)
    page = get(client, people.leader(), week="2018-W37", compare="before", figure="closing_rate", **AS_OF)
    assert gaps(page)[-1] == "多 +50.0个百分点"


def test_breakdown_does_not_compare_what_no_period_changes(client, two_villages):
    page = get(client, people.leader(), week="2018-W37", compare="before", figure="households", **AS_OF)
    assert (column(page, "households", "before"), gaps(page)) == ({}, [])
    assert "截止时点的状态，不随时段变化，也不作对比：应访户数。" in page.content.decode()


def test_breakdown_says_that_nothing_was_before_the_campaign(client, two_villages):
    page = get(
        client,
        people.leader(),
        **{"from": "2018-07-01", "to": "2018-09-30"},
        compare="before",
        figure="visits",
        **AS_OF,
    )
    assert column(page, "visits", "before")[None] == 0
    assert "对比时段在活动开始之前，没有数字。" in page.content.decode()


# --- Asking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"from": "2018-09-09", "to": "2018-09-03"}, "时段的最后一天不能早于第一天。"),
        ({"from": "9.9."}, "“9.9.”不是日期"),
        ({"week": "2018-W99"}, "“2018-W99”不是一周"),
        ({"week": "2018-W36", "from": "2018-09-03"}, "周和起止日只能填一种"),
        ({"figure": "nonsense"}, "没有“nonsense”这个数字：请重新勾选。"),
        ({"figure": "visits\0x"}, "请重新勾选。"),
        ({"level": "worker"}, "没有“worker”这种分组：请从镇街、村社"),
        ({"compare": "before"}, "请先选一周，或填时段的第一天和最后一天。"),
        ({"compare": "days", "then_from": "2018-09-03"}, "请把对比时段的第一天和最后一天都填上。"),
        (
            {"compare": "days", "then_from": "2018-09-03", "then_to": "2018-09-01"},
            "对比时段的最后一天不能早于第一天。",
        ),
        ({"compare": "yesterday"}, "没有“yesterday”这种比法"),
        ({"compare": "before", "from": "2019-01-01"}, "没有上一时段可比"),
        ({"level": "town", "place": VILLAGE_A}, "不能按镇街分组"),
    ],
)
def test_breakdown_says_clearly_what_it_cannot_read(client, two_villages, asked, words):
    page = get(client, people.leader(), **AS_OF, **asked)
    assert page.status_code == 400
    assert words in page.content.decode()


def test_breakdown_begins_with_the_usual_figures_of_a_level(client, two_villages):
    for level in LEVEL_NAMES:
        page = get(client, people.leader(), level=level, **AS_OF)
        assert {figure.key for figure in page.context["page"].asked.figures} == set(DEFAULTS[level])
        assert f"?campaign=wangdian-2018&place={TOWN}&as_of=2018-09-30&level={level}" == (
            "?" + page.context["page"].query
        )


def test_breakdown_offers_every_figure_once(client):
    assert [figure for _name, figures in groups() for figure in figures] == CATALOGUE


def test_breakdown_form_says_what_was_asked(client, two_villages):
    days = {"from": "2018-09-05", "to": "2018-09-11"}
    page = get(client, people.leader(), compare="before", figure=["visits", "issues"], **days, **AS_OF)
    html = page.content.decode()
    assert html.count('value="2018-09-05"') == html.count('value="2018-09-11"') == 1
    assert html.count('name="figure" value="visits" checked') == 1
    assert html.count(" checked") == 3


def test_breakdown_asks_as_often_for_three_villages_as_for_one(client, two_villages):
    leader = people.leader()

    def statements(grid, level):
        worker = factories.cadre()
        factories.team(two_villages, worker)
        factories.visit(two_villages, factories.household(grid), by=[worker])
        with CaptureQueriesContext(connection) as captured:
            page = get(client, leader, level=level, week="2018-W36", compare="before", **AS_OF)
        assert page.status_code == 200
        return len(captured)

    get(client, leader)
    for level in ("village", TEAM):
        first = statements(GRID_A1, level)
        statements("3304111052030001", level)
        assert statements("3304111052040001", level) == first


# --- Who sees what --------------------------------------------------------------------------------------------


def test_breakdown_shows_a_village_office_its_own_village(client, two_villages):
    page = get(client, people.village_office(), figure="visits", **AS_OF)
    assert column(page, "visits") == {GRID_A1: 2, None: 2}


@pytest.mark.parametrize("place", [VILLAGE_B, TOWN, "x"])
def test_breakdown_of_a_foreign_place_does_not_exist(client, two_villages, place):
    for address in ("", ".csv", ".xlsx"):
        client.force_login(people.village_office())
        assert client.get(f"/reports/breakdown{address or '/'}", {"place": place}).status_code == 404


def test_breakdown_by_people_stays_inside_the_own_place(client, two_villages):
    stranger = factories.cadre()
    factories.team(two_villages, stranger, name="别村的队", code=VILLAGE_B)
    factories.visit(two_villages, factories.household(GRID_B1), by=[stranger])
    page = get(client, people.village_office(), level=TEAM, **AS_OF)
    assert "别村的队" not in page.content.decode()
    assert column(page, "visits") == {"": 2, None: 2}


def test_breakdown_names_no_worker(client, two_villages):
    worker = factories.cadre("欧阳春")
    factories.team(two_villages, worker)
    factories.visit(two_villages, factories.household(), by=[worker])
    for level in PAGE_LEVELS:
        assert "欧阳春" not in get(client, people.leader(), level=level, **AS_OF).content.decode()


@pytest.mark.parametrize("who", ["alice", "clerk", "discipline", "system_admin", "nobody"])
def test_breakdown_is_for_those_who_read_reports(client, two_villages, who):
    client.force_login(getattr(people, who)())
    addresses = ("/reports/breakdown/", "/reports/breakdown.csv", "/reports/breakdown/views/")
    assert [client.get(address).status_code for address in addresses] == [403] * 3


def test_breakdown_without_a_campaign_is_friendly(client):
    page = get(client, people.leader())
    assert "还没有您能看到的活动" in page.content.decode()


def test_dashboard_and_navigation_lead_to_the_breakdown(client, two_villages):
    client.force_login(people.leader())
    page = client.get("/reports/", AS_OF).content.decode()
    assert f'href="/reports/breakdown/?campaign=wangdian-2018&amp;place={TOWN}&amp;as_of=2018-09-30"' in page
    assert '<a href="/reports/breakdown/">分组数据</a>' in page
