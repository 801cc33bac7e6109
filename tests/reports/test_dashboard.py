"""The dashboard: whose numbers, the same numbers as the command's, week by week, place by place."""

import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import CampaignState
from canvass.roles import Role
from reports.catalogue import CATALOGUE, FIGURES
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B

from .random_campaign import RandomCampaign
from .reading import cells, figures

pytestmark = pytest.mark.django_db
AS_OF = {"as_of": "2018-09-30"}


def get(client, user, **asked):
    client.force_login(user)
    return client.get("/reports/", asked)


def by_command(*more, campaign):
    out = io.StringIO()
    call_command("figures", "--campaign", campaign, "--json", *more, stdout=out)
    return {
        key: given["value"]
        if given["denominator"] is None
        else (given["value"], given["numerator"], given["denominator"])
        for key, given in json.loads(out.getvalue())["figures"].items()
    }


@pytest.fixture
def two_villages():
    """One visited household in each village, and what must not be counted with it."""
    campaign = factories.campaign()
    worker = factories.cadre()
    for grid in (GRID_A1, GRID_B1):
        factories.visit(campaign, factories.household(grid), by=[worker])
    factories.household(GRID_A1)
    factories.visit(
        campaign, factories.household(GRID_B1), state="void", voided_at=at("2018-09-05"), by=[worker]
    )
    factories.issue(campaign, GRID_A1)
    return campaign


# --- The numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 4])
def test_dashboard_says_what_the_command_says(client, seed):
    world = RandomCampaign(seed)
    asked = {"as_of": "2018-10-08", "week": "2018-W36", "campaign": "counted"}
    page = figures(get(client, people.leader(world.campaign.area_id), **asked))
    whole = by_command("--as-of", "2018-10-08", campaign="counted")
    week = by_command(
        "--as-of", "2018-10-08", "--from", "2018-09-03", "--to", "2018-09-09", campaign="counted"
    )
    assert {key: value for (key, period), value in page.items() if period == "campaign"} == whole
    assert {key: value for (key, period), value in page.items() if period == "week"} == week
    assert set(whole) == {figure.key for figure in CATALOGUE}


def test_dashboard_prints_nothing_for_a_rate_without_denominator(client):
    factories.campaign()
    page = get(client, people.leader(), **AS_OF)
    assert figures(page)["visit_coverage", "campaign"] == (None, 0, 0)
    assert '<data class="figure" data-figure="median_handling_days" data-period="campaign" value="">—' in (
        page.content.decode()
    )


def test_dashboard_prints_resolved_or_started_with_its_two_parts(client):
    campaign = factories.campaign()
    office = factories.department()
    for _ in range(2):
        factories.issue(campaign, state="in_progress", **factories.assigned(office))
    factories.issue(
        campaign,
        state="closed",
        outcome="substantive",
        replied_at=at("2018-09-10"),
        closed_at=at("2018-09-12"),
        **factories.assigned(office),
    )
    page = get(client, people.leader(), **AS_OF).content.decode()
    statement = page[page.index('class="statement"') :].split("</p>")[0]
    assert [f'data-figure="{key}"' in statement for key in ("issues_resolved", "issues_started")] == [
        True
    ] * 2
    assert '"issues_resolved_or_started" data-period="campaign" value="3"' in statement


def test_dashboard_explains_every_figure(client):
    factories.campaign()
    page = get(client, people.leader(), **AS_OF).content.decode()
    assert [figure.key for figure in CATALOGUE if str(figure.rule) not in page] == []


# --- The table by place ---------------------------------------------------------------------------------------


def test_dashboard_lists_the_villages_of_a_town(client, two_villages):
    page = get(client, people.leader(), **AS_OF)
    assert cells(page, "households", "village") == {VILLAGE_A: 2, VILLAGE_B: 2}
    assert cells(page, "households_visited", "village") == {VILLAGE_A: 1, VILLAGE_B: 1}
    assert cells(page, "visits", "village") == {VILLAGE_A: 1, VILLAGE_B: 1}
    assert cells(page, "issues", "village") == {VILLAGE_A: 1, VILLAGE_B: 0}


def test_dashboard_lists_the_towns_of_a_county(client):
    campaign = factories.campaign(area="330411")
    for grid in (GRID_A1, "3304111062010001"):
        factories.visit(campaign, factories.household(grid), by=[factories.cadre()])
    page = get(client, people.leader("330411"), **AS_OF)
    assert cells(page, "visits", "town") == {TOWN: 1, "330411106": 1}


def test_dashboard_lists_what_lies_above_the_villages_last(client, two_villages):
    page = get(client, people.leader(), **AS_OF).content.decode()
    assert "未分到本级" not in page
    factories.issue(two_villages, TOWN)
    page = get(client, people.leader(), **AS_OF)
    assert cells(page, "issues", "village") == {VILLAGE_A: 1, VILLAGE_B: 0, "": 1}
    assert "未分到本级" in page.content.decode()


@pytest.mark.parametrize("seed", [1, 6])
def test_dashboard_rows_add_up_to_their_total(client, seed):
    world = RandomCampaign(seed)
    page = get(client, people.leader(world.campaign.area_id), campaign="counted", as_of="2018-10-08")
    level = "village" if world.campaign.area_id == TOWN else "town"
    total = figures(page)
    sums = {
        key: sum(cells(page, key, level).values())
        for key in ("households", "households_visited", "households_not_in", "visits", "issues")
    }
    assert sums == {key: total[key, "campaign"] for key in sums}
    assert total["households", "campaign"] > 0


def test_dashboard_asks_as_often_for_three_villages_as_for_one(client):
    campaign = factories.campaign()
    leader, worker = people.leader(), factories.cadre()

    def statements(grid):
        factories.visit(campaign, factories.household(grid), by=[worker])
        factories.issue(campaign, grid)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/reports/", AS_OF).status_code == 200
        return len(captured)

    client.force_login(leader)
    first = statements(GRID_A1)
    statements(GRID_B1)
    assert statements("3304111052030001") == first


# --- The weeks ------------------------------------------------------------------------------------------------


def test_dashboard_weeks_begin_on_monday_midnight_in_shanghai(client):
    campaign, worker = factories.campaign(), factories.cadre()
    for moment in (
        "2018-09-02 23:59:59.999999",
        "2018-09-03 00:00",
        "2018-09-09 23:59:59.999999",
        "2018-09-10 00:00",
    ):
        factories.visit(campaign, factories.household(), started_at=at(moment), by=[worker])
    leader = people.leader()
    page = get(client, leader, week="2018-W36", **AS_OF)
    assert figures(page)["visits", "week"] == 2
    by_week = cells(page, "visits", None)
    assert {week: number for week, number in by_week.items() if number} == {
        "2018-W35": 1,
        "2018-W36": 2,
        "2018-W37": 1,
    }


@pytest.mark.parametrize(
    ("as_of", "week"),
    [
        ("2018-09-09", "2018-W36"),
        ("2018-09-10", "2018-W37"),
        ("2019-05-01", "2018-W39"),
        ("2018-01-01", "2018-W26"),
    ],
)
def test_dashboard_takes_the_week_of_the_cut_off_within_the_campaign(client, as_of, week):
    factories.campaign()
    assert f"指 {week}（" in get(client, people.leader(), as_of=as_of).content.decode()


def test_dashboard_names_what_came_after_the_campaign(client):
    campaign = factories.campaign(last_on=date(2018, 9, 9))
    factories.visit(campaign, factories.household(), started_at=at("2018-09-12 10:00"))
    page = get(client, people.leader(), **AS_OF).content.decode()
    assert "活动结束后另有 1" in page


def test_dashboard_charts_name_and_describe_themselves(client, two_villages):
    page = get(client, people.leader(), **AS_OF).content.decode()
    assert page.count('role="img"') == page.count("<desc ") == 8
    assert "style=" not in page


@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": "2018-13-40"},
        {"as_of": "9999-12-31"},
        {"as_of": "heute"},
        {"week": "2018-W54"},
        {"week": "36"},
    ],
)
def test_dashboard_says_clearly_what_it_cannot_read(client, asked):
    factories.campaign()
    page = get(client, people.leader(), **asked)
    assert page.status_code == 400
    assert f"“{next(iter(asked.values()))}”不是" in page.content.decode()


# --- Who sees what --------------------------------------------------------------------------------------------


def test_dashboard_shows_a_village_office_its_own_village(client, two_villages):
    page = get(client, people.village_office(), **AS_OF)
    assert figures(page)["households", "campaign"] == 2
    assert figures(page)["households_visited", "campaign"] == 1
    assert cells(page, "households", "grid") == {GRID_A1: 2}


def test_dashboard_narrows_to_a_place_inside_ones_own(client, two_villages):
    page = get(client, people.leader(), place=VILLAGE_B, **AS_OF)
    assert figures(page)["issues", "campaign"] == 0
    assert figures(page)["visits", "campaign"] == 1


@pytest.mark.parametrize("place", [VILLAGE_B, TOWN, GRID_B1, "330411105999", "x"])
def test_dashboard_of_a_foreign_place_does_not_exist(client, two_villages, place):
    assert get(client, people.village_office(), place=place).status_code == 404


def test_nul_in_the_address_breaks_nothing(client, two_villages):
    user = people.village_office()
    page = get(client, user, place=f"{VILLAGE_A}\0", campaign="wangdian-2018\0", **AS_OF)
    assert figures(page)["issues", "campaign"] == 1
    assert get(client, user, place="\0x").status_code == 404


def test_dashboard_lets_choose_between_two_villages(client, two_villages):
    user = people.village_office()
    factories.posting(user.cadre, Role.VILLAGE_OFFICE, VILLAGE_B)
    page = get(client, user, **AS_OF)
    assert f"place={VILLAGE_B}" in page.content.decode()
    assert figures(page)["issues", "campaign"] == 1
    assert figures(get(client, user, place=VILLAGE_B, **AS_OF))["issues", "campaign"] == 0


def test_dashboard_of_a_foreign_or_unknown_campaign_does_not_exist(client, two_villages):
    factories.campaign("elsewhere", area="330411106")
    leader = people.leader()
    assert [get(client, leader, campaign=code).status_code for code in ("elsewhere", "nowhere")] == [404, 404]


def test_dashboard_does_not_follow_a_visitors_posting(client, two_villages):
    """Who reads reports in one village and visits in another sees no totals of the other."""
    user = people.village_office()
    factories.posting(user.cadre, Role.VISITOR, GRID_B1)
    assert get(client, user, place=VILLAGE_B).status_code == 404


@pytest.mark.parametrize("who", ["alice", "clerk", "discipline", "system_admin", "nobody"])
def test_dashboard_is_for_those_who_read_reports(client, two_villages, who):
    assert get(client, getattr(people, who)()).status_code == 403


def test_dashboard_needs_a_sign_in(client):
    assert client.get("/reports/").headers["Location"] == "/login/?next=/reports/"


def test_dashboard_opens_the_newest_running_campaign(client):
    factories.campaign("old", first_on=date(2018, 1, 1), name="去年的")
    factories.campaign("new", first_on=date(2018, 7, 1), name="今年的")
    factories.campaign("over", first_on=date(2018, 8, 1), name="结束的", state=CampaignState.CLOSED)
    page = get(client, people.leader())
    assert page.context["campaign"].code == "new"


def test_dashboard_without_a_campaign_is_friendly(client):
    page = get(client, people.leader())
    assert page.status_code == 200
    assert "还没有您能看到的活动" in page.content.decode()


def test_dashboard_counts_no_restricted_report(client):
    campaign = factories.campaign()
    factories.opinion(campaign)
    factories.opinion(campaign, nature="report", restricted=True)
    factories.issue(campaign, category_code="20", is_restricted=True)
    page = figures(get(client, people.leader(), **AS_OF))
    assert (page["opinions", "campaign"], page["issues", "campaign"]) == (1, 0)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_dashboard_renders_in_both_languages(client, two_villages, language):
    client.cookies["django_language"] = language
    page = get(client, people.leader(), **AS_OF)
    assert f'lang="{language}"' in page.content.decode()
    assert figures(page)["households", "campaign"] == 4
    assert len(FIGURES) * 2 == len(figures(page))
