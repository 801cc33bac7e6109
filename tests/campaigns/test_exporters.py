"""Rows of the workbook that the campaign, its teams and its people give."""

from datetime import date

import pytest

from campaigns import exporters
from canvass.roles import Role
from tests import factories
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A

pytestmark = pytest.mark.django_db
DAY = date(2018, 9, 10)
OTHER_TOWN = "330411106"


@pytest.fixture
def campaign():
    return factories.campaign()


def duties(campaign, took_part=None, handling=()):
    """{staff number: [(role, places)]} of the sheet of people."""
    found = {}
    for row in exporters.Roster(campaign, took_part or {}, handling, on=DAY).rows():
        found.setdefault(row["staff_number"], []).append((row["role"], row["places"]))
    return found


def test_roster_holds_who_is_posted_in_the_area_or_above_it(campaign):
    for number, code in [("W1", GRID_A1), ("W2", TOWN), ("W3", "330411"), ("W4", OTHER_TOWN)]:
        factories.posting(factories.cadre(staff_number=number), Role.LEADING_GROUP, code)
    assert duties(campaign) == {
        "W1": [("leading_group", [GRID_A1])],
        "W2": [("leading_group", [TOWN])],
        "W3": [("leading_group", ["330411"])],
    }


@pytest.mark.parametrize(
    ("from_on", "to_on", "kept"),
    [
        (DAY, None, True),
        (date(2018, 9, 11), None, False),
        (date(2018, 9, 1), DAY, True),
        (date(2018, 9, 1), date(2018, 9, 9), False),
    ],
)
def test_roster_holds_the_postings_of_the_day(campaign, from_on, to_on, kept):
    factories.posting(factories.cadre(), Role.VISITOR, GRID_A1, from_on=from_on, to_on=to_on)
    assert len(duties(campaign)) == kept


def test_roster_grants_nobody_a_role_of_administration(campaign):
    worker = factories.cadre(staff_number="W1")
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.VISITOR):
        factories.posting(worker, role, GRID_A1)
    factories.posting(factories.cadre(staff_number="W2"), Role.SYSTEM_ADMIN, TOWN)
    assert duties(campaign) == {"W1": [("visitor", [GRID_A1])]}


def test_roster_lets_a_former_visitor_only_read_where_he_was(campaign):
    former = factories.cadre(staff_number="W1")
    factories.posting(former, Role.VISITOR, GRID_A1, to_on=date(2018, 8, 1))
    assert duties(campaign, {former.pk: GRID_B1}) == {"W1": [("inspector", [GRID_B1])]}


def test_roster_tells_only_clerks_of_handling_departments_without_a_place(campaign):
    handling, other = factories.department(), factories.department("镇农办")
    for number, department in [("W1", handling), ("W2", other)]:
        worker = factories.cadre(staff_number=number)
        factories.posting(worker, Role.UNIT_CLERK, department=department)
    roster = exporters.Roster(campaign, {}, {handling.pk}, on=DAY)
    assert [(row["staff_number"], row["department"], row["places"]) for row in roster.rows()] == [
        ("W1", "镇环保所", [TOWN])
    ]
    assert roster.departments == {handling.pk}


def test_roster_does_not_post_a_clerk_to_the_department_of_another(campaign):
    """The sheet has one department per person: a duty for another one would land in the wrong place."""
    own, other = factories.department(), factories.department("镇农办")
    worker = factories.cadre(staff_number="W1", department=own)
    factories.posting(worker, Role.UNIT_CLERK, TOWN, department=other)
    factories.posting(worker, Role.VISITOR, GRID_A1)
    assert duties(campaign) == {"W1": [("visitor", [GRID_A1])]}


def test_roster_names_the_teams_of_this_campaign_only(campaign):
    worker = factories.cadre(staff_number="W1")
    factories.posting(worker, Role.VISITOR, GRID_A1)
    factories.team(campaign, worker, name="一队")
    factories.team(factories.campaign("wangdian-2019"), worker, name="别的队")
    (row,) = exporters.Roster(campaign, {}, (), on=DAY).rows()
    assert row["teams"] == ["一队"]


def test_roster_of_three_asks_no_more_than_of_one(campaign, django_assert_num_queries):
    def add():
        worker = factories.cadre(department=factories.department())
        factories.posting(worker, Role.VISITOR, GRID_A1)
        factories.team(campaign, worker)

    for total in (1, 3):
        while len(duties(campaign)) < total:
            add()
        with django_assert_num_queries(4):
            assert len(list(exporters.Roster(campaign, {}, (), on=DAY).rows())) == total


def test_team_rows_hold_their_places(campaign):
    team = factories.team(campaign, name="一队", code=VILLAGE_A)
    team.places.create(place=factories.place(GRID_B1))
    factories.team(factories.campaign("wangdian-2019"), name="别的队")
    assert list(exporters.team_rows(campaign)) == [
        {"name": "一队", "kind": "visiting", "places": [VILLAGE_A, GRID_B1]}
    ]


def test_team_rows_leave_out_places_of_other_areas(campaign):
    team = factories.team(campaign, name="一队", code=VILLAGE_A)
    team.places.create(place=factories.place(OTHER_TOWN))
    team.places.create(place=factories.place("330411"))
    factories.team(campaign, name="二队", code=OTHER_TOWN)
    assert {row["name"]: row["places"] for row in exporters.team_rows(campaign)} == {
        "一队": ["330411", VILLAGE_A],
        "二队": [TOWN],
    }
