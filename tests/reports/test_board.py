"""The blocks of the dashboard: changes, places as tiles, what is late, splits and the trend."""

import io
import json
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.enums import SupervisionColour
from issues.models import SupervisionSlip
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A

from .random_campaign import RandomCampaign
from .reading import cells, figures, read

pytestmark = pytest.mark.django_db
ASKED = {"as_of": "2018-09-30", "week": "2018-W39"}  # from Monday the 24th


def get(client, user, **asked):
    client.force_login(user)
    return client.get("/reports/", {**ASKED, **asked})


def by_command(*more):
    out = io.StringIO()
    call_command("figures", "--campaign", "counted", "--json", *more, stdout=out)
    return json.loads(out.getvalue())


def changes(page):
    """{key: (number, words)} of the changes on a page."""
    return {
        value.given["data-figure"]: (value.number, value.text)
        for value in read(page)
        if value.given.get("class") == "change"
    }


def splits(page):
    """{split: {key: number}}."""
    found = {}
    for value in read(page):
        if value.given.get("class") == "split":
            found.setdefault(value.given["data-split"], {})[value.given["data-key"]] = value.number
    return found


def tiles(page):
    """The tiles of the places as pieces of markup."""
    return [piece.split("</li>")[0] for piece in page.content.decode().split('<li class="place-tile ')[1:]]


# --- Equal to the command -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 8])
def test_board_blocks_say_what_the_command_says(client, seed):
    world = RandomCampaign(seed)
    leader = people.leader(world.campaign.area_id)
    page = get(client, leader, campaign="counted", as_of="2018-10-08", week="2018-W36")
    whole = by_command("--as-of", "2018-10-08", "--by", "department")
    total, found = whole["figures"], splits(page)
    assert sum(found["state"].values()) == total["issues"]["value"]
    assert found["state"]["closed"] == total["issues_closed"]["value"]
    assert sum(found["result"].values()) == total["confirmed_solved_rate"]["denominator"]
    assert found["result"]["solved"] == total["confirmed_solved_rate"]["numerator"]
    assert sum(found["satisfaction"].values()) == total["satisfaction_rate"]["denominator"]
    overdue = {
        row["code"]: row["figures"]["issues_overdue"]["value"]
        for row in whole["rows"]
        if row["figures"]["issues_overdue"]["value"]
    }
    assert cells(page, "issues_overdue", "department") == overdue


@pytest.mark.parametrize("seed", [3, 8])
def test_board_changes_are_differences_of_what_the_command_says(client, seed):
    world = RandomCampaign(seed)
    leader = people.leader(world.campaign.area_id)
    page = get(client, leader, campaign="counted", as_of="2018-10-08", week="2018-W37")
    week, before = (
        by_command("--as-of", "2018-10-08", "--from", first, "--to", last)["figures"]
        for first, last in (("2018-09-10", "2018-09-16"), ("2018-09-03", "2018-09-09"))
    )
    whole, then = (by_command("--as-of", day)["figures"] for day in ("2018-10-08", "2018-09-09"))
    found = {key: number for key, (number, _words) in changes(page).items()}
    flows = ("visits", "households_visited", "issues", "issues_closed", "gathering_attendance")
    states = ("issues_open", "issues_overdue", "visit_coverage", "closing_rate")
    expected = {key: week[key]["value"] - before[key]["value"] for key in flows}
    expected |= {
        key: round(whole[key]["value"] - then[key]["value"], 1)
        for key in states
        if None not in (whole[key]["value"], then[key]["value"])
    }
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("by", ["week", "day"])
def test_board_trend_adds_up_to_the_figures(client, by):
    world = RandomCampaign(4)
    leader = people.leader(world.campaign.area_id)
    page = get(client, leader, campaign="counted", as_of="2018-10-08", week="2018-W36", trend=by)
    trend, total = page.context["board"].trend, figures(page)
    for line in trend["series"]:
        key = line["figure"].key
        assert line["before"] + sum(line["counts"]) + line["after"] == total[key, "campaign"], key
        assert cells(page, key, None) == dict(
            zip([str(row["span"]) for row in trend["rows"]], line["counts"], strict=True)
        )
    assert len(trend["rows"]) == (31 if by == "day" else len(trend["rows"]))


# --- The change to the week before ----------------------------------------------------------------------------


def test_board_tells_more_fewer_and_as_many_as_the_week_before(client):
    campaign, worker = factories.campaign(), factories.cadre()
    for moment in ("2018-09-17 00:00", "2018-09-24 00:00", "2018-09-25 10:00", "2018-09-30 23:00"):
        factories.visit(campaign, factories.household(), started_at=at(moment), by=[worker])
    factories.visit(
        campaign,
        factories.household(),
        started_at=at("2018-09-18 10:00"),
        state="void",
        voided_at=at("2018-09-19"),
        by=[worker],
    )
    factories.issue(campaign, registered_at=at("2018-09-16 23:59"))
    for day in ("2018-09-17", "2018-09-23"):
        factories.issue(campaign, registered_at=at(f"{day} 09:00"))
    page = get(client, people.leader())
    found = changes(page)
    assert found["visits"] == (2, "↑ 比上周多 2")
    assert found["issues"] == (-2, "↓ 比上周少 2")
    assert found["gatherings"] == (0, "＝ 与上周持平")
    # three issues were open at the end of Sunday the 23rd, and are still
    assert found["issues_open"] == (0, "＝ 与上周末持平")
    assert found["visit_coverage"] == (60.0, "↑ 比上周末多 60.0 个百分点")  # 1 of 5, then 4 of 5


def test_board_change_leads_to_the_rows_of_the_week_before(client):
    campaign = factories.campaign()
    factories.visit(campaign, factories.household(), started_at=at("2018-09-18 10:00"))
    page = get(client, people.leader()).content.decode()
    address = re.search(r'class="change" data-figure="visits"[^>]*><a href="([^"]+)"', page)[1]
    rows = client.get(address.replace("&amp;", "&"))
    assert {value.given["class"]: value.number for value in read(rows)}["row-count"] == 1


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"week": "2018-W26"}, False),  # the campaign's first: nothing before it
        ({"week": "2018-W27"}, True),
        ({"week": "2018-W40"}, False),  # has not begun at the cut-off
    ],
)
def test_board_compares_only_what_can_be_compared(client, asked, says):
    factories.campaign()
    assert bool(changes(get(client, people.leader(), **asked))) is says


def test_board_says_that_the_week_is_not_over(client):
    factories.campaign()
    leader = people.leader()
    assert "本周还没有过完" in get(client, leader, as_of="2018-09-29").content.decode()
    assert "本周还没有过完" not in get(client, leader, as_of="2018-09-30").content.decode()


# --- Places as tiles ------------------------------------------------------------------------------------------


def test_board_tiles_say_what_the_table_says(client):
    world = RandomCampaign(6)
    leader = people.leader(world.campaign.area_id)
    page = get(client, leader, campaign="counted", as_of="2018-10-08")
    level = page.context["question"].level
    drawn = [
        dict(re.findall(r'data-figure="(\w+)"[^>]*data-part="\d+"[^>]*value="([\d.]*)"', tile))
        for tile in tiles(page)
    ]
    named = [re.search(r'class="place-name" href="[^"]*place=(\d+)', tile)[1] for tile in tiles(page)]
    keys = ("visit_coverage", "households_not_in", "households_vacant", "households_refused")
    table = {key: cells(page, key, level) for key in keys}
    asked = cells(page, "households", level)
    assert named == sorted(code for code, households in asked.items() if households)
    assert [{key: float(tile[key]) for key in keys} for tile in drawn] == [
        {key: table[key][code] for key in keys} for code in named
    ]


@pytest.mark.parametrize(
    ("visited", "whole", "words"),
    [(9, 10, "九成以上"), (8, 9, "七成半以上"), (3, 4, "七成半以上"), (1, 2, "五成以上"), (0, 1, "不到五成")],
)
def test_board_tile_names_its_band(client, visited, whole, words):
    campaign, worker = factories.campaign(), factories.cadre()
    for number in range(whole):
        entry = factories.household(GRID_A1)
        if number < visited:
            factories.visit(campaign, entry, by=[worker])
    (tile,) = tiles(get(client, people.leader()))
    assert f'<span class="place-band">{words}</span>' in tile


def test_board_of_a_village_office_shows_its_own_grids_alone(client):
    campaign = factories.campaign()
    office = factories.department()
    for grid in (GRID_A1, GRID_B1):
        factories.household(grid)
        factories.issue(campaign, grid, state="in_progress", **factories.assigned(office))
    page = get(client, people.village_office())
    assert [re.search(r"place=(\d+)", tile)[1] for tile in tiles(page)] == [GRID_A1]
    assert cells(page, "issues_overdue", "department") == {office.name: 1}
    assert splits(page)["state"]["in_progress"] == 1
    assert GRID_B1 not in page.content.decode()
    assert get(client, people.leader(), place=VILLAGE_A).status_code == 200


# --- What is late ---------------------------------------------------------------------------------------------


def test_board_names_departments_with_what_is_overdue_and_for_how_long(client):
    campaign = factories.campaign()
    water, roads = factories.department("水务站"), factories.department("公路站")
    for due in ("2018-09-19", "2018-09-20"):
        factories.issue(campaign, state="in_progress", **factories.assigned(roads, due=due))
    factories.issue(campaign, state="in_progress", **factories.assigned(water, due="2018-09-28"))
    factories.issue(campaign, state="in_progress", **factories.assigned(water, due="2018-09-30"))  # not yet
    page = get(client, people.leader())
    # Thursday the 20th, Friday the 21st, the 25th to the 30th: Monday the 24th is Mid-Autumn, the 29th and
    # 30th are worked for the National Day.
    assert [
        (line["name"], line["shown"].result.value, line["days"]) for line in page.context["board"].overdue
    ] == [
        ("公路站", 2, 8),
        ("水务站", 1, 2),
    ]
    link = next(v.link for v in read(page) if v.given.get("data-part") == "公路站")
    assert "共 2 行" in client.get(link).content.decode()


def test_board_counts_slips_that_stand_by_colour(client):
    campaign, office = factories.campaign(), factories.department()
    for number, (colour, state) in enumerate(
        [("red", "in_progress"), ("red", "replied"), ("blue", "in_progress")]
    ):
        fields = {"replied_at": at("2018-09-20")} if state == "replied" else {}
        issue = factories.issue(campaign, state=state, **factories.assigned(office), **fields)
        SupervisionSlip.objects.create(
            campaign=campaign,
            issue=issue,
            department=office,
            number=f"DB{number}",
            colour=colour,
            issued_at=at("2018-09-18"),
        )
    page = get(client, people.leader())
    assert splits(page)["standing"] == {"blue": 1, "yellow": 0, "red": 1}
    assert figures(page)["supervisions_by_colour", "campaign"] == {"blue": 1, "yellow": 0, "red": 2}
    assert [page.content.decode().count(f'class="slip slip-{colour}">') for colour in SupervisionColour] == [
        1
    ] * 3


def test_board_asks_as_often_for_three_departments_as_for_one(client):
    campaign = factories.campaign()

    def statements():
        factories.issue(campaign, state="in_progress", **factories.assigned(factories.department()))
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/reports/", ASKED).status_code == 200
        return len(captured)

    client.force_login(people.leader())
    first = statements()
    statements()
    assert statements() == first
    assert first < 200


# --- Splits and their rows ------------------------------------------------------------------------------------


def test_split_leads_to_its_rows(client):
    campaign = factories.campaign()
    office = factories.department()
    factories.issue(campaign)
    for _ in range(2):
        factories.issue(campaign, state="in_progress", **factories.assigned(office))
    page = get(client, people.leader())
    link = next(v.link for v in read(page) if v.given.get("data-key") == "in_progress")
    rows = client.get(link)
    assert "收集问题数 · 按状态 · 办理中" in rows.content.decode()
    assert {v.given["class"]: v.number for v in read(rows)} == {"split": 2, "row-count": 2}


@pytest.mark.parametrize(
    "asked", [{"split": "nothing"}, {"split": "result"}, {"split": "state", "key": "void"}]
)
def test_split_of_another_figure_or_key_does_not_exist(client, asked):
    factories.campaign()
    client.force_login(people.leader())
    assert client.get("/reports/figures/issues/", asked).status_code == 404


def test_split_hides_what_is_not_in_reach(client):
    """A village office that asks for the rows of the whole town gets no such page."""
    factories.issue(factories.campaign(), GRID_B1)
    client.force_login(people.village_office())
    assert "共 0 行" in client.get("/reports/figures/issues/", {"split": "state"}).content.decode()
    assert (
        client.get("/reports/figures/issues/", {"split": "state", "place": GRID_B1[:12]}).status_code == 404
    )


# --- The trend ------------------------------------------------------------------------------------------------


def test_board_trend_by_day_begins_at_midnight_in_shanghai(client):
    campaign, worker = factories.campaign(), factories.cadre()
    household = factories.household()
    for moment in ("2018-09-26 23:59:59", "2018-09-27 00:00", "2018-09-27 23:59:59"):
        factories.visit(campaign, household, started_at=at(moment), by=[worker])
    factories.issue(
        campaign,
        state="closed",
        outcome="substantive",
        replied_at=at("2018-09-20"),
        closed_at=at("2018-09-27 00:00"),
        state_since=at("2018-09-27 00:00"),
        **factories.assigned(factories.department()),
    )
    page = get(client, people.leader(), trend="day")
    some = {
        key: {day: number for day, number in cells(page, key, None).items() if number}
        for key in ("visits", "households_visited", "issues_closed")
    }
    assert some == {
        "visits": {"2018-09-26": 1, "2018-09-27": 2},
        "households_visited": {"2018-09-26": 1},
        "issues_closed": {"2018-09-27": 1},
    }


def test_board_trend_of_a_young_campaign_has_one_day(client):
    factories.campaign(first_on=date(2018, 9, 30), last_on=date(2018, 12, 1))
    page = get(client, people.leader(), trend="day", week="")
    assert [str(row["span"]) for row in page.context["board"].trend["rows"]] == ["2018-09-30"]
