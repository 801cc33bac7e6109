"""/reports/workbook/releases/<pk>/: another person releases or refuses, once; the asker takes it back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from canvass.roles import Role
from reports import releasing
from reports.models import ExportRequest
from tests import factories, people
from tests.workbooks import TOWN, VILLAGE_A

from .releases import act, address, asked_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


@pytest.fixture
def asked(client, campaign, bob):
    return asked_by(client, bob, campaign)


def steps(asked):
    return list(asked.steps.values_list("kind", flat=True))


@pytest.mark.parametrize(
    "other",
    [lambda: people.bob(), people.leader, lambda: people.leader("330411"), lambda: people.bob("330411")],
)
def test_another_one_of_the_same_or_a_higher_level_releases(client, asked, other):
    assert act(client, other(), asked, "release").status_code == 302
    assert steps(asked) == ["released"]
    assert releasing.standing_of(asked).state == "ready"


def test_nobody_releases_the_own_request(client, asked, bob):
    page = act(client, bob, asked, "release")
    assert (page.status_code, "须由申请人以外" in page.text) == (409, True)
    assert steps(asked) == []


@pytest.mark.parametrize(
    "stranger",
    [
        lambda: people.leader(VILLAGE_A),
        lambda: people.bob(VILLAGE_A),
        lambda: people.bob(factories.place("330411106").pk),
        lambda: people.leader(factories.place("330411106").pk),
    ],
)
def test_who_is_below_or_elsewhere_finds_no_request(client, asked, stranger):
    someone = stranger()
    assert act(client, someone, asked, "release").status_code == 404
    assert client.get(address(asked)).status_code == 404


@pytest.mark.parametrize("stranger", [people.alice, people.clerk, people.system_admin, people.nobody])
def test_page_is_shut_to_everybody_else(client, asked, stranger):
    assert act(client, stranger(), asked, "release").status_code == 403


def test_whoever_does_not_release_says_why(client, asked):
    leader = people.leader()
    assert "请写明原因" in act(client, leader, asked, "refuse").text
    assert act(client, leader, asked, "refuse", reason="用途不清").status_code == 302
    assert releasing.standing_of(asked).state == "refused"


@pytest.mark.parametrize("action", ["", "download", "x" * 300])
def test_unknown_button_does_nothing(client, asked, action):
    act(client, people.leader(), asked, action)
    assert steps(asked) == []


def test_released_once(client, asked):
    act(client, people.leader(), asked, "release")
    page = act(client, people.bob(), asked, "refuse", reason="不行")
    assert (page.status_code, "已经有人决定" in page.text) == (409, True)
    assert steps(asked) == ["released"]


@pytest.mark.parametrize("released", [False, True])
def test_asker_withdraws(client, asked, bob, released):
    if released:
        act(client, people.leader(), asked, "release")
    assert act(client, bob, asked, "withdraw").status_code == 302
    assert releasing.standing_of(asked).state == "withdrawn"
    assert act(client, people.leader(), asked, "release").status_code == 409


def test_nobody_else_withdraws(client, asked):
    assert act(client, people.leader(), asked, "withdraw").status_code == 409
    assert steps(asked) == []


@pytest.mark.parametrize(("seconds", "state"), [(-1, "waiting"), (0, "lapsed")])
def test_request_that_nobody_decides_lapses(client, asked, seconds, state):
    moment = asked.asked_at + releasing.WAITS + timedelta(seconds=seconds)
    assert releasing.standing_of(asked, moment).state == state
    with time_machine.travel(moment, tick=False):
        leader = people.leader()
        assert act(client, leader, asked, "release").status_code == (302 if state == "waiting" else 409)


@pytest.mark.parametrize(
    ("first", "second", "constraint"),
    [
        ("released", "refused", "exportstep_decided_once"),
        ("withdrawn", "withdrawn", "exportstep_withdrawn_once"),
    ],
)
def test_database_keeps_one_decision(asked, bob, first, second, constraint):
    asked.steps.create(kind=first, by=bob, reason="一")
    with pytest.raises(DatabaseError), transaction.atomic():
        asked.steps.create(kind=second, by=bob, reason="二")


def test_database_wants_reasons(asked, bob):
    with pytest.raises(DatabaseError, match="exportstep_refusal_says_why"), transaction.atomic():
        asked.steps.create(kind="refused", by=bob)
    with pytest.raises(DatabaseError, match="exportrequest_says_why"), transaction.atomic():
        ExportRequest.objects.create(campaign=asked.campaign, place_id=TOWN, reason="", asked_by=bob)


@pytest.mark.django_db(transaction=True)
def test_two_deciders_at_once_one_wins_and_the_other_is_told():
    campaign = factories.campaign()
    bob, leaders = people.bob(), [people.leader(), people.person(Role.CAMPAIGN_OFFICE, TOWN, "第二人")]
    asked = releasing.ask_for_export(campaign, by=bob, reason="核对")
    both = Barrier(2)

    def attempt(by):
        try:
            both.wait()
            releasing.decide(asked, by=by, release=by == leaders[0], reason="不行")
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(attempt, leaders))
    assert (told[0], "已经有人决定" in told[1]) == ("", True)
    assert asked.steps.count() == 1
