"""Doors to be visited again: where nobody confirmed the visit, until somebody has been there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns.enums import CampaignState
from canvass.roles import Role
from tests import factories, people
from tests.desk import queries, text
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1

from .inspecting import draw, record, visits_of

pytestmark = pytest.mark.django_db
URL = "/reports/make-up/"


@pytest.fixture
def campaign():
    return factories.campaign(last_on=date(2100, 1, 1))


def grid_leader(code=GRID_A1):
    return people.person(Role.GRID_LEADER, code, "葛八长")


def page(client, user):
    client.force_login(user)
    return client.get(URL)


def doors(answer):
    return [row.visit.entry.address for row in answer.context["page"]]


def denied(campaign, count=1, **fields):
    """Visits that the households did not confirm."""
    inspector = people.inspector()
    visits = visits_of(campaign, people.alice(), count, **fields)
    draw(campaign, inspector)
    for visit in visits:
        record(visit, inspector, confirmed=False, way="door")
    return visits


def test_list_holds_doors_that_did_not_confirm_and_no_worker(client, campaign):
    denied(campaign)
    inspector = people.inspector()
    confirmed, missed = visits_of(campaign, people.alice(), 2)
    draw(campaign, inspector)
    record(confirmed, inspector)
    record(missed, inspector, reached=False)

    answer = page(client, grid_leader())
    assert doors(answer) == ["花溪路1号"]
    assert "艾" not in text(answer)
    assert "没有人来过" not in text(answer)


def test_door_stays_until_a_counting_visit_follows(client, campaign):
    [visit] = denied(campaign)
    leader = grid_leader()
    for fields in (
        {"started_at": timezone.now(), "outcome": "not_in", "people_met": None},
        {"started_at": timezone.now(), "state": "void", "voided_at": timezone.now()},
        {"started_at": timezone.now() - timedelta(days=1)},
    ):
        factories.visit(campaign, visit.entry, **fields)
        assert doors(page(client, leader)) == ["花溪路1号"]
    factories.visit(campaign, visit.entry, started_at=timezone.now())
    assert doors(page(client, leader)) == []


def test_void_visit_and_closed_campaign_leave_no_door(client, campaign):
    [void, _kept] = denied(campaign, 2)
    void.state, void.voided_at = "void", timezone.now()
    void.save()
    assert doors(page(client, grid_leader())) == ["花溪路2号"]
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert doors(page(client, grid_leader())) == []


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (grid_leader, 1),
        (people.village_office, 1),
        (people.bob, 2),
        (people.inspector, 2),
        (people.other_village_office, 1),
        (lambda: grid_leader(GRID_A2), 0),
    ],
)
def test_each_sees_the_doors_of_the_own_places(client, campaign, who, found):
    denied(campaign)
    denied(campaign, grid=GRID_B1)
    assert len(doors(page(client, who()))) == found


@pytest.mark.parametrize("who", [people.alice, people.leader, people.clerk, people.nobody])
def test_others_have_no_such_page(client, campaign, who):
    assert page(client, who()).status_code == 403


def test_list_costs_the_same_for_one_and_three(client, campaign):
    leader = grid_leader()
    client.force_login(leader)
    denied(campaign)
    one = queries(client, URL)
    denied(campaign, 2)
    assert queries(client, URL) == one
