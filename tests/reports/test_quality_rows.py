"""The visits behind a hint, for the eyes that may see them, without those who went."""

import pytest

from tests import factories, people
from tests.desk import queries, text
from tests.workbooks import GRID_B1, VILLAGE_A, VILLAGE_B

from .inspecting import visits_of

pytestmark = pytest.mark.django_db
DAYS = {"from": "2018-09-01", "to": "2018-09-30"}


@pytest.fixture
def campaign():
    made, alice = factories.campaign(), people.alice()
    visits_of(made, alice, people_met=None)
    visits_of(made, alice, 2, grid=GRID_B1, people_met=None)
    visits_of(made, alice)
    return made


def rows(client, user, key="met_nobody", **asked):
    client.force_login(user)
    return client.get(f"/reports/quality/{key}/", {**DAYS, **asked})


def places_of(answer):
    return sorted(visit.grid_id[:12] for visit in answer.context["page"])


def test_rows_are_as_many_as_the_page_says_and_name_nobody(client, campaign):
    assert places_of(rows(client, people.bob())) == [VILLAGE_A, VILLAGE_B, VILLAGE_B]
    answer = rows(client, people.bob(), part=VILLAGE_B)
    assert places_of(answer) == [VILLAGE_B, VILLAGE_B]
    assert "共 2 行" in text(answer)
    assert "艾" not in text(answer)


def test_village_office_sees_the_own_rows_alone(client, campaign):
    assert places_of(rows(client, people.village_office())) == [VILLAGE_A]
    assert rows(client, people.village_office(), part=VILLAGE_B).status_code == 404


def test_unknown_hint_and_place_are_not_found_and_others_refused(client, campaign):
    assert rows(client, people.bob(), key="lazy").status_code == 404
    assert rows(client, people.bob(), part="330411105209").status_code == 404
    assert rows(client, people.alice()).status_code == 403
    answer = rows(client, people.bob(), **{"from": "x"})
    assert answer.status_code == 400
    assert "不是日期" in text(answer)


def test_rows_cost_the_same_for_one_and_three(client, campaign):
    client.force_login(people.bob())
    address = "/reports/quality/met_nobody/?from=2018-09-01&to=2018-09-30&part={}"
    visits_of(campaign, people.alice(), grid=GRID_B1, people_met=None)
    assert queries(client, address.format(VILLAGE_A)) == queries(client, address.format(VILLAGE_B))
