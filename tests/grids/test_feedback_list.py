"""Whoever keeps the system reads what was said about it: /feedback/all/."""

import pytest

from canvass.roles import Role
from grids.models import FeedbackAnswer
from tests import people
from tests.visits.forms import statements
from tests.workbooks import TOWN

from .test_feedback_file import say

pytestmark = pytest.mark.django_db
ADDRESS = "/feedback/all/"
OTHER_TOWN = "330411106"
READERS = {"campaign office": people.bob, "system admin": people.system_admin}
OTHERS = {
    "visitor": people.charlie,
    "village office": people.village_office,
    "clerk": people.clerk,
    "leading group": people.leader,
    "inspector": people.inspector,
    "discipline": people.discipline,
    "security admin": lambda: people.person(Role.SECURITY_ADMIN, TOWN, "安十四"),
    "nobody": people.nobody,
}


@pytest.mark.parametrize("role", READERS)
def test_reader_sees_what_was_said_and_where_but_not_who_said_it(client, role):
    alice = people.alice()
    say(alice, happened="按钮找不到")
    client.force_login(READERS[role]())

    page = client.get(ADDRESS).text

    assert "按钮找不到" in page
    assert "地方" in page or "网格" in page
    assert alice.display_name not in page


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_opens_it(client, role):
    said = say(people.alice(), happened="按钮找不到")
    client.force_login(OTHERS[role]())

    for address in (ADDRESS, f"/feedback/{said.pk}/"):
        page = client.get(address)
        assert page.status_code == 403
        assert "按钮找不到" not in page.text


def test_office_of_another_town_finds_nothing(client):
    said = say(people.alice(), happened="按钮找不到")
    client.force_login(people.bob(OTHER_TOWN))

    assert "按钮找不到" not in client.get(f"{ADDRESS}?lot=all").text
    assert client.get(f"/feedback/{said.pk}/").status_code == 404


def test_department_without_a_place_is_answered_by_any_office(client):
    clerk = people.clerk()
    say(clerk, place=None, happened="单位的事")
    client.force_login(people.bob(OTHER_TOWN))

    assert "单位的事" in client.get(ADDRESS).text


def test_answered_leaves_the_list_of_what_waits(client):
    bob = people.bob()
    FeedbackAnswer.objects.create(feedback=say(people.alice(), happened="旧的"), text="好了", by=bob)
    say(people.charlie(), happened="新的")
    client.force_login(bob)

    waiting, everything = client.get(ADDRESS).text, client.get(f"{ADDRESS}?lot=all").text

    assert "旧的" not in waiting
    assert "新的" in waiting
    assert "旧的" in everything


def test_own_feedback_is_somebody_elses_to_answer(client):
    bob = people.bob()
    own = say(bob, happened="活动办自己的")
    client.force_login(bob)

    assert "活动办自己的" not in client.get(ADDRESS).text
    assert client.get(f"/feedback/{own.pk}/").status_code == 404


def test_list_needs_the_same_queries_for_any_number_of_rows(client):
    alice = people.alice()
    client.force_login(people.bob())
    found = []
    for _number in range(3):
        say(alice)
        found.append(len(statements(lambda: client.get(ADDRESS))[1]))

    assert found[0] == found[2]
