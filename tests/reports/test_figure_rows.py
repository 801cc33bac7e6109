"""The rows behind a value: as many as it says, for the eyes that may see them."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canvass.places import parent_code
from grids.services import place_entry
from reports.catalogue import CATALOGUE
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A

from .random_campaign import RandomCampaign
from .reading import read, side_links

pytestmark = pytest.mark.django_db
AS_OF = {"as_of": "2018-09-30"}
NO_COUNT = {"median_handling_days"}  # a median is no number of rows


def get(client, user, key, /, **asked):
    client.force_login(user)
    return client.get(f"/reports/figures/{key}/", {**AS_OF, **asked})


def counted(page):
    """The sum of the column when there is one, else the number of rows, those that are hidden included.

    The value itself where hidden rows keep the column from adding up to it.
    """
    found = {value.given["class"]: value.number for value in read(page)}
    if "column-sum" in found:
        return found["figure"] if "hidden-count" in found else found["column-sum"]
    return found.get("row-count", 0) + found.get("hidden-count", 0)


# --- Equal to the value ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [5, 9])
def test_figure_rows_are_as_many_as_the_dashboard_says(client, seed):
    world = RandomCampaign(seed)
    client.force_login(people.leader(world.campaign.area_id))
    page = client.get("/reports/", {"campaign": "counted", "as_of": "2018-10-08", "week": "2018-W36"})
    links = {
        value.link: value.number
        for value in read(page)
        if value.link and "data-denominator" not in value.given and value.given["data-figure"] not in NO_COUNT
    }
    sample = Random(seed).sample(sorted(links), 60)
    found = {link: (page.status_code, counted(page)) for link in sample for page in [client.get(link)]}
    assert found == {link: (200, links[link]) for link in sample}


@pytest.mark.parametrize("seed", [5, 9])
def test_figure_rows_of_both_sides_are_as_many_as_the_rate_says(client, seed):
    world = RandomCampaign(seed)
    client.force_login(people.leader(world.campaign.area_id))
    page = client.get("/reports/", {"campaign": "counted", "as_of": "2018-10-08"})
    for link in Random(seed).sample(sorted(set(side_links(page))), 24):
        rows = client.get(link)
        side = "data-numerator" if "side=numerator" in link else "data-denominator"
        rate = next(value for value in read(rows) if value.given.get("class") == "figure")
        assert counted(rows) == int(rate.given[side]), link


def test_figure_rows_of_every_figure_open(client):
    world = RandomCampaign(2)
    client.force_login(people.leader(world.campaign.area_id))
    for figure in CATALOGUE:
        page = client.get(f"/reports/figures/{figure.key}/", {"campaign": "counted", "as_of": "2018-10-08"})
        assert page.status_code == 200, figure.key
        assert str(figure.rule) in page.content.decode()


def test_figure_rows_sum_every_page_of_a_column(client):
    campaign, home = factories.campaign(), factories.household()
    for day in range(1, 29):
        for hour in (9, 15):
            factories.visit(campaign, home, started_at=at(f"2018-08-{day:02d} {hour:02d}:00"), people_met=3)
    leader = people.leader()
    first, second = (get(client, leader, "people_met", page=number) for number in (1, 2))
    assert counted(first) == counted(second) == 168
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 6)
    assert "共 56 行" in first.content.decode()


def test_figure_rows_take_days_from_and_to(client):
    campaign = factories.campaign()
    for moment in ("2018-08-31 23:59", "2018-09-01 00:00", "2018-09-02 23:59", "2018-09-03 00:00"):
        factories.visit(campaign, factories.household(), started_at=at(moment))
    page = get(client, people.leader(), "visits", **{"from": "2018-09-01", "to": "2018-09-02"})
    assert counted(page) == 2
    assert "2018-09-01 至 2018-09-02" in page.content.decode()


def test_figure_rows_of_one_key_of_a_grouped_figure(client):
    campaign = factories.campaign()
    factories.gathering(campaign, kind="reception")
    for _ in range(2):
        factories.gathering(campaign, kind="evening_talk")
    leader = people.leader()
    page = get(client, leader, "gatherings_by_kind", key="evening_talk")
    assert {value.given["class"]: value.number for value in read(page)} == {"figure": 2, "row-count": 2}
    assert get(client, leader, "gatherings_by_kind", key="tea").status_code == 404


def test_figure_rows_of_a_part_above_the_level(client):
    campaign = factories.campaign()
    factories.issue(campaign, GRID_A1)
    factories.issue(campaign, parent_code(VILLAGE_A))
    page = get(client, people.leader(), "issues", level="village", part="")
    assert counted(page) == 1
    assert "未分到本级" in page.content.decode()


def test_nul_in_the_address_breaks_nothing(client):
    factories.issue(factories.campaign(), GRID_A1)
    leader = people.leader()
    assert counted(get(client, leader, "issues", level="category", part="01\0")) == 1
    assert get(client, leader, "issues", level="category", part="x\0").status_code == 404


def test_figure_rows_say_when_a_figure_has_no_such_level(client):
    factories.campaign()
    page = get(client, people.leader(), "households", level="category", part="01")
    assert page.status_code == 200
    assert "不按所选的分级统计" in page.content.decode()


# --- Who sees what --------------------------------------------------------------------------------------------


def test_figure_rows_stop_at_the_village(client):
    campaign = factories.campaign()
    for grid in (GRID_A1, GRID_B1):
        factories.visit(campaign, factories.household(grid, address=f"门牌{grid}"))
    page = get(client, people.village_office(), "visits").content.decode()
    assert f"门牌{GRID_A1}" in page
    assert f"门牌{GRID_B1}" not in page
    office = people.other_village_office()
    assert get(client, office, "visits", place=VILLAGE_A).status_code == 404
    assert get(client, office, "visits", level="village", part=VILLAGE_A).status_code == 404


@pytest.mark.parametrize("who", ["alice", "clerk", "discipline", "system_admin", "nobody"])
def test_figure_rows_are_for_those_who_read_reports(client, who):
    factories.campaign()
    assert get(client, getattr(people, who)(), "visits").status_code == 403


def test_figure_rows_mask_names(client):
    campaign, worker = factories.campaign(), factories.cadre("欧阳春")
    home = factories.household(holder_name="司马光")
    factories.visit(campaign, home, by=[worker])
    factories.posting(worker, "visitor", GRID_A1)
    leader = people.leader()
    for key in ("visits", "households", "cadres", "cadre_visits"):
        page = get(client, leader, key).content.decode()
        assert "欧阳春" not in page and "司马光" not in page, key
    assert "欧*" in get(client, leader, "cadres").content.decode()
    assert "司*" in get(client, leader, "households").content.decode()


def test_figure_rows_say_how_many_are_hidden(client):
    """A household that has moved on counts for the village of that day, but its page is closed to it now."""
    factories.campaign()
    stays, goes = factories.household(), factories.household(address="搬走的门牌")
    factories.place(GRID_B1)
    place_entry(goes, grid=factories.place(GRID_B1), state="active", from_on=at("2018-10-01").date())
    assert stays.grid_id == GRID_A1
    page = get(client, people.village_office(), "households")
    values = {value.given["class"]: value.number for value in read(page)}
    assert values == {"figure": 2, "row-count": 1, "hidden-count": 1}
    assert "搬走的门牌" not in page.content.decode()


def test_figure_rows_show_no_restricted_words(client):
    campaign = factories.campaign()
    factories.opinion(campaign, words_verbatim="路灯不亮")
    factories.opinion(campaign, words_verbatim="有人侵占", nature="report", restricted=True)
    page = get(client, people.leader(), "opinions").content.decode()
    assert "路灯不亮" in page
    assert "有人侵占" not in page


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("nonsense", {}),
        ("visits", {"level": "planet"}),
        ("visits", {"level": "village", "part": "330411999999"}),
        ("visits", {"place": VILLAGE_A, "level": "village", "part": "330411106201"}),
        ("issues", {"level": "category", "part": "xx"}),
        ("visits", {"side": "numerator"}),
        ("visit_coverage", {"side": "outside"}),
        ("visits", {"key": "met"}),
        ("visits", {"campaign": "nowhere"}),
    ],
)
def test_figure_rows_of_nothing_do_not_exist(client, key, asked):
    factories.campaign()
    assert get(client, people.leader(), key, **asked).status_code == 404


@pytest.mark.parametrize(
    "asked", [{"from": "1.9.2018"}, {"from": "2018-09-02", "to": "2018-09-01"}, {"week": "2018-W99"}]
)
def test_figure_rows_say_clearly_what_they_cannot_read(client, asked):
    factories.campaign()
    page = get(client, people.leader(), "visits", **asked)
    assert page.status_code == 400
    assert "请改一下地址" in page.content.decode()


def test_figure_rows_ask_as_often_for_three_visits_as_for_one(client):
    campaign, leader = factories.campaign(), people.leader()

    def statements():
        factories.visit(campaign, factories.household(), by=[factories.cadre()])
        with CaptureQueriesContext(connection) as captured:
            client.get("/reports/figures/visits/", AS_OF)
        return len(captured)

    client.force_login(leader)
    first = statements()
    statements()
    assert statements() == first
