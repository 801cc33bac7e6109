"""Hand-counted figures of places and people."""

from datetime import date

import pytest

from canvass.roles import Role
from grids.enums import CadreCategory
from grids.figures import areas_with_grids, cadres, cadres_by_category, grids
from tests import factories
from tests.counting import parts, value
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B

pytestmark = pytest.mark.django_db
ELSEWHERE = "3304021000010001"


@pytest.fixture
def campaign():
    return factories.campaign()


def test_grids_are_the_active_ones_of_the_area(campaign):
    factories.place(GRID_A1)
    factories.place(GRID_A2, to_on=date(2018, 9, 10))
    factories.place(GRID_B1, from_on=date(2018, 9, 11))
    factories.place(ELSEWHERE)

    assert [value(grids, campaign, day) for day in ("2018-09-10", "2018-09-11")] == [2, 2]
    assert parts(grids, campaign, "grid", "2018-09-10") == {GRID_A1: 1, GRID_A2: 1}
    assert [value(areas_with_grids, campaign, day) for day in ("2018-09-10", "2018-09-11")] == [1, 2]
    assert parts(areas_with_grids, campaign, "village", "2018-09-11") == {VILLAGE_A: 1, VILLAGE_B: 1}
    assert parts(grids, campaign, "department") is None


def test_cadres_are_counted_once_while_they_visit_in_the_area(campaign):
    twice, ended, office, stranger = (factories.cadre() for _ in range(4))
    factories.posting(twice, Role.VISITOR, GRID_A1)
    factories.posting(twice, Role.GRID_LEADER, GRID_B1)
    factories.posting(ended, Role.VISITOR, TOWN, to_on=date(2018, 9, 10))
    factories.posting(office, Role.CAMPAIGN_OFFICE, TOWN)
    factories.posting(stranger, Role.VISITOR, ELSEWHERE)
    factories.posting(stranger, Role.VISITOR, "3304")  # around the area, not in it

    assert [value(cadres, campaign, day) for day in ("2018-06-30", "2018-09-10", "2018-09-11")] == [0, 2, 1]
    assert parts(cadres, campaign, "village", "2018-09-10") == {VILLAGE_A: 1, VILLAGE_B: 1, "": 1}


def test_cadres_by_category_and_department_add_up(campaign):
    department = factories.department("环保所")
    for category, of in [("police_officer", department), ("judge", department), ("judge", None)]:
        factories.posting(factories.cadre(category=category, department=of), Role.VISITOR, GRID_A1)

    found = value(cadres_by_category, campaign)

    assert list(found) == list(CadreCategory.values)
    assert {key: n for key, n in found.items() if n} == {"police_officer": 1, "judge": 2}
    assert parts(cadres, campaign, "department") == {"环保所": 2, "": 1}
    assert parts(cadres, campaign, "category") is None
