"""Where the front door leads."""

from datetime import date

import pytest

from canvass.roles import Role
from tests import factories, people

pytestmark = pytest.mark.django_db


def destination(client, user):
    client.force_login(user)
    response = client.get("/")
    return response.get("Location", response.status_code)


def test_start_asks_a_stranger_to_sign_in(client):
    assert client.get("/")["Location"] == "/login/?next=/"


@pytest.mark.parametrize(
    ("person", "page"),
    [
        (people.alice, "/visits/"),
        (people.bob, "/admin/"),
        (people.village_office, "/admin/"),
        (people.leader, "/reports/"),
        (people.inspector, "/reports/"),
        (people.clerk, "/issues/"),
        (people.discipline, "/issues/restricted/"),
        (people.system_admin, "/admin/"),
        (people.auditor, "/audit/"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_start_leads_to_the_page_of_the_duty_or_says_that_there_is_none_yet(client, person, page):
    found = destination(client, person())
    response = client.get("/")
    assert found == page or (found == 200 and "这里暂时没有您的页面" in response.text)


def test_start_leads_to_the_office_when_somebody_also_visits(client):
    user = people.bob()
    factories.posting(user.cadre, Role.VISITOR, people.GRID_A1)
    assert destination(client, user) == "/admin/"


def test_start_tells_somebody_without_a_duty_whom_to_ask(client):
    assert destination(client, people.nobody()) == 200
    assert "您今天还没有岗位" in client.get("/").text


def test_start_tells_nothing_of_a_duty_that_has_ended(client):
    user = people.alice()
    user.cadre.postings.update(to_on=date(2018, 9, 1))
    assert destination(client, user) == 200
