"""/reports/workbook/releases/: asking for an export with names and numbers; one's own and those to release."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import CampaignState
from canvass.roles import Role
from reports.models import ExportRequest
from tests import factories, people
from tests.workbooks import TOWN, VILLAGE_A

from .releases import LIST, WHY, ask, asked_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


def test_office_asks_and_says_why(client, campaign):
    bob = people.bob()
    asked = asked_by(client, bob, campaign)
    assert (asked.campaign, asked.place_id, asked.reason, asked.asked_by) == (campaign, TOWN, WHY, bob)
    assert "等另一人放行" in client.get(LIST).text


@pytest.mark.parametrize("reason", ["", "   "])
def test_request_without_a_reason_is_refused(client, campaign, reason):
    assert "请写明用途" in ask(client, people.bob(), campaign, reason).text
    assert not ExportRequest.objects.exists()


def test_second_request_waits_for_the_first(client, campaign):
    bob = people.bob()
    asked_by(client, bob, campaign)
    assert "还在等放行或可以下载" in ask(client, bob, campaign).text
    assert ExportRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (people.leader, 403),  # releases, and asks for nothing
        (lambda: people.bob(VILLAGE_A), 403),  # holds a part of the campaign's area
        (people.alice, 403),
        (people.village_office, 403),
        (people.inspector, 403),
        (people.system_admin, 403),
        (people.nobody, 403),
    ],
)
def test_nobody_else_asks(client, campaign, person, status):
    assert ask(client, person(), campaign).status_code == status
    assert not ExportRequest.objects.exists()


def test_office_of_another_town_asks_for_its_own_campaigns_only(client, campaign):
    other = factories.campaign("other", area="330411106")
    office = people.bob("330411106")
    assert "请选择您管理整个范围的活动" in ask(client, office, campaign).text
    assert ask(client, office, other).status_code == 302


def test_campaign_that_is_over_may_be_asked_for_too(client, campaign):
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert ask(client, people.bob(), campaign).status_code == 302


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (lambda: people.bob(), True),
        (people.leader, True),
        (lambda: people.leader("330411"), True),
        (lambda: people.leader(VILLAGE_A), False),  # below the asker
        (lambda: people.bob(VILLAGE_A), False),
        (lambda: people.bob(factories.place("330411106").pk), False),
    ],
)
def test_list_shows_those_that_one_may_release(client, campaign, reader, sees):
    asked = asked_by(client, people.bob(), campaign)
    client.force_login(reader())
    assert (asked.number in client.get(LIST).text) is sees


def test_town_does_not_see_what_the_county_asked(client, campaign):
    asked = asked_by(client, people.person(Role.CAMPAIGN_OFFICE, "330411", "区一办"), campaign)
    client.force_login(people.bob())
    assert asked.number not in client.get(LIST).text


def test_release_list_costs_the_same_for_one_and_three(client, campaign):
    asked_by(client, people.bob(), campaign)
    leader = people.leader()
    client.force_login(leader)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _n in range(2):
        asked_by(client, people.bob(), campaign)
    client.force_login(leader)
    client.get(LIST)
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(LIST).context["told"]) == 3
    assert len(one) == len(three)
