"""Figures by team and by cadre category, counted by hand: never by person."""

from datetime import date

import pytest

from campaigns.models import TeamMember
from canvass.figures import CADRE_CATEGORY, TEAM, Scope
from canvass.roles import Role
from grids.services import place_entry
from reports.breakdown import rows_by, totals
from reports.catalogue import FIGURES
from reports.drilldown import behind
from tests import factories
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A

pytestmark = pytest.mark.django_db
KEYS = ("visits", "cadre_visits", "people_met", "team_members", "cadres", "late_filed_share", "households")


@pytest.fixture
def world():
    """Two teams; visits by one of them, by both, by two of one, by nobody's; and what must not count."""
    campaign, other = factories.campaign(), factories.campaign("other")
    anna, ben = factories.cadre(), factories.cadre(category="police_officer")
    cleo, dora = factories.cadre(category="volunteer"), factories.cadre(category="volunteer")
    factories.team(campaign, anna, ben, name="一队")
    blue = factories.team(campaign, name="二队")
    TeamMember.objects.create(team=blue, cadre=cleo, from_on=date(2018, 9, 3), to_on=date(2018, 9, 9))
    factories.team(other, anna, name="别处的队")
    home, moved = factories.household(GRID_A1), factories.household(GRID_A1)
    visit(campaign, home, anna, ben, met=3)  # two of one team: once
    visit(campaign, home, anna, cleo, met=5)  # two teams: once in each
    visit(campaign, home, dora, met=7)  # in no team
    visit(campaign, home, cleo, met=11, when="2018-09-02 23:59:59.999999")  # not yet a member
    visit(campaign, home, cleo, met=13, when="2018-09-03 00:00")
    visit(campaign, home, cleo, met=17, when="2018-09-09 23:59:59.999999")
    visit(campaign, home, cleo, met=19, when="2018-09-10 00:00")  # no member any more
    visit(campaign, home, anna, met=23, state="void", voided_at=at("2018-09-04"))
    visit(other, home, anna, met=29)
    visit(campaign, moved, anna, met=31)
    factories.place(GRID_B1)
    place_entry(moved, grid=factories.place(GRID_B1), state="active", from_on=date(2018, 9, 20))
    for cadre in (anna, ben, cleo):
        factories.posting(cadre, Role.VISITOR, GRID_A1)
    return campaign


def visit(campaign, entry, *cadres, met, when="2018-09-05 10:00", **fields):
    factories.visit(campaign, entry, by=cadres, people_met=met, started_at=at(when), **fields)


def scope_of(campaign, as_of="2018-09-30 23:59", **more):
    return Scope(campaign=campaign, as_of=at(as_of), place=campaign.area_id, **more)


def table(scope, level):
    return {
        row.name: [row.figures[key].value for key in KEYS[:5]]
        for row in rows_by(scope, level, [FIGURES[key] for key in KEYS])
    }


def test_teams_count_a_visit_once_each_as_they_were_that_day(world):
    assert table(scope_of(world), TEAM) == {
        "一队": [3, 4, 3 + 5 + 31, 2, None],
        "二队": [3, 3, 5 + 13 + 17, 0, None],
        "未分到本级": [3, 3, 7 + 11 + 19, 0, None],
    }
    assert [totals(scope_of(world))[key].value for key in KEYS[:4]] == [8, 10, 106, 2]


def test_cadre_categories_count_a_visit_once_each(world):
    rows = {name: row for name, row in table(scope_of(world), CADRE_CATEGORY).items() if any(row)}
    assert rows == {
        "专职网格员": [3, 3, 39, 1, 1],
        "警官": [1, 1, 3, 1, 1],
        "志愿者": [6, 6, 5 + 7 + 11 + 13 + 17 + 19, 0, 1],
    }


def test_category_is_that_of_the_day(world):
    anna = world.teams.get(name="一队").members.first().cadre
    anna.category = "volunteer"
    anna.save()
    assert table(scope_of(world), CADRE_CATEGORY)["专职网格员"] == [3, 3, 39, 0, 0]


def test_people_are_counted_in_the_period_and_the_place(world):
    week = scope_of(world, first=date(2018, 9, 3), last=date(2018, 9, 4))
    assert table(week, TEAM)["二队"][:3] == [1, 1, 13]
    village = Scope(campaign=world, as_of=at("2018-09-30"), place=VILLAGE_A)
    assert table(village, TEAM)["一队"][:3] == [3, 4, 39]


@pytest.mark.parametrize("level", [TEAM, CADRE_CATEGORY])
def test_each_row_by_people_opens_to_its_own_value(world, level):
    scope = scope_of(world)
    for row in rows_by(scope, level, [FIGURES[key] for key in KEYS]):
        for key, result in row.figures.items():
            measure = FIGURES[key].measure(scope.at(level, row.code))
            assert (measure.result() if measure else None) == (result if measure else None), (row.name, key)
            if key in ("visits", "cadre_visits"):
                assert behind(measure).queryset.count() == result.value


def test_households_have_no_team(world):
    assert {row.figures["households"].value for row in rows_by(scope_of(world), TEAM)} == {None}
