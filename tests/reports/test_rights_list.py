"""/reports/rights/: requests by the day on which they are due, in words; about matters, not persons."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, people

from .asking_rights import LIST, act, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


def asked(client, bob, campaign, **fields):
    return registered(client, bob, campaign, factories.opinion(campaign).number, **fields)


@pytest.mark.parametrize(
    ("day", "says"),
    [("2018-09-24", "还有 1 天"), ("2018-09-25", "今天到期"), ("2018-09-26", "已超期 1 天")],
)
def test_list_says_in_words_when_it_is_due(client, campaign, bob, day, says):
    asked(client, bob, campaign)
    with time_machine.travel(f"{day}T12:00:00+08:00", tick=False):
        client.force_login(bob)
        assert says in client.get(LIST).text


def test_answered_request_leaves_the_list(client, campaign, bob):
    one = asked(client, bob, campaign)
    act(client, bob, one, "answer", text="已删除号码")
    assert one.number not in client.get(LIST).text
    assert one.number in client.get(LIST, {"lot": "all"}).text
    assert client.get(LIST, {"lot": "x"}).status_code == 404


def test_list_names_no_person(client, campaign, bob):
    factories.household(number="H7", holder_name="沈百合", address="花溪路7号")
    registered(client, bob, campaign, "H7")
    page = client.get(LIST).text
    assert ("花溪路7号" in page, "沈百合" in page, "沈*" in page) == (True, False, False)


def test_office_of_another_town_sees_none(client, campaign, bob):
    asked(client, bob, campaign)
    client.force_login(people.bob(factories.place("330411106").pk))
    assert client.get(LIST).context["told"] == []


def test_request_about_a_report_is_on_no_list_of_the_office(client, campaign, bob):
    factories.opinion(campaign, number="R1", nature="report", restricted=True)
    discipline = people.discipline()
    one = registered(client, discipline, campaign, "R1")
    assert one.number in client.get(LIST).text
    client.force_login(bob)
    assert one.number not in client.get(LIST).text


@pytest.mark.parametrize("stranger", [people.alice, people.leader, people.village_office, people.nobody])
def test_list_is_shut(client, campaign, stranger):
    client.force_login(stranger())
    assert client.get(LIST).status_code == 403


def test_rights_list_costs_the_same_for_one_and_three(client, campaign, bob):
    asked(client, bob, campaign)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _n in range(2):
        asked(client, bob, campaign)
    client.get(LIST)
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(LIST).context["told"]) == 3
    assert len(one) == len(three)
