"""Checking a visit: /visits/<pk>/check/."""

import pytest
from django.urls import reverse

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return factories.visit(factories.campaign(), factories.household(), filed_by=people.alice())


def address(visit):
    return reverse("visits:visit_check", args=[visit.pk])


@pytest.mark.parametrize("state", ["filed", "sent_back"])
def test_checked_visit_says_who_checked_it(client, visit, state):
    visit.state = state
    visit.save()
    leader = people.person(Role.GRID_LEADER, GRID_A1)
    client.force_login(leader)
    client.post(address(visit))
    visit.refresh_from_db()
    assert visit.state == "checked"
    assert list(visit.steps.values_list("move", "by")) == [("checked", leader.pk)]


def test_nobody_checks_a_visit_of_ones_own(client, visit):
    leader = people.person(Role.GRID_LEADER, GRID_A1)
    visit.cadres.create(cadre=leader.cadre, name=leader.cadre.name, category="other")
    client.force_login(leader)
    assert client.post(address(visit)).status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (people.village_office, 302),
        (people.bob, 302),
        (people.alice, 403),
        (people.inspector, 403),
        (people.charlie, 403),
        (people.other_village_office, 404),
        (people.clerk, 403),
    ],
)
def test_who_may_check(client, visit, who, status):
    client.force_login(who())
    assert client.post(address(visit)).status_code == status
    assert visit.steps.exists() == (status == 302)


def test_checked_visit_is_not_checked_again(client, visit):
    client.force_login(people.village_office())
    client.post(address(visit))
    assert client.post(address(visit)).status_code == 403
    assert visit.steps.count() == 1


def test_reading_the_address_changes_nothing(client, visit):
    client.force_login(people.village_office())
    assert client.get(address(visit)).status_code == 405


def test_anonymous_is_asked_to_sign_in(client, visit):
    assert client.post(address(visit))["Location"] == f"/login/?next={address(visit)}"
