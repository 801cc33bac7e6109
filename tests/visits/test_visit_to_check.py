"""What waits for me to be checked: /visits/to-check/."""

import pytest

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1

from .forms import statements

pytestmark = pytest.mark.django_db
TO_CHECK = "/visits/to-check/"


@pytest.fixture
def campaign():
    return factories.campaign()


def notes(response):
    return {visit.note for visit in response.context["visits"]}


def test_grid_leader_sees_filed_visits_of_the_own_grid_by_others(client, campaign):
    leader = people.person(Role.GRID_LEADER, GRID_A1)
    entry = factories.household()
    factories.visit(campaign, entry, note="待审")
    factories.visit(campaign, entry, note="自己登记", filed_by=leader)
    factories.visit(campaign, entry, note="自己参加", by=[leader.cadre])
    factories.visit(campaign, entry, note="审过", state="checked")
    factories.visit(campaign, factories.household(GRID_A2), note="别的网格")
    closed = factories.campaign("closed", state="closed")
    factories.visit(closed, entry, note="已结束")
    client.force_login(leader)
    assert notes(client.get(TO_CHECK)) == {"待审"}


def test_village_office_sees_its_village_and_no_other(client, campaign):
    factories.visit(campaign, factories.household(GRID_A2), note="甲村")
    factories.visit(campaign, factories.household(GRID_B1), note="乙村")
    client.force_login(people.village_office())
    assert notes(client.get(TO_CHECK)) == {"甲村"}


@pytest.mark.parametrize("who", [people.alice, people.inspector, people.clerk])
def test_who_checks_nothing_has_no_such_page(client, campaign, who):
    client.force_login(who())
    assert client.get(TO_CHECK).status_code == 403


def test_anonymous_is_asked_to_sign_in(client):
    assert client.get(TO_CHECK)["Location"] == f"/login/?next={TO_CHECK}"


def test_page_costs_the_same_for_one_row_and_for_three(client, campaign):
    client.force_login(people.village_office())
    factories.visit(campaign, factories.household())
    _, one = statements(lambda: client.get(TO_CHECK))
    for _ in range(2):
        factories.visit(campaign, factories.household())
    _, three = statements(lambda: client.get(TO_CHECK))
    assert len(one) == len(three) == 4  # one of them asks for what was said to be solved on the spot
