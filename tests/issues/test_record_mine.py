"""My other records: /visits/records/."""

import pytest
from django.urls import reverse

from campaigns.enums import CampaignState
from tests import factories, people
from tests.visits.forms import statements
from tests.visits.short_forms import ALL
from tests.workbooks import GRID_A1, GRID_B1

pytestmark = pytest.mark.django_db
ADDRESS = "/visits/records/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


def one_of_each(campaign, user, code=GRID_A1):
    return [
        factories.gathering(campaign, code, created_by=user),
        factories.handout(campaign, code, created_by=user),
        factories.deed(campaign, code, created_by=user),
        factories.stay_log(campaign, user.cadre, code, entry=factories.household(code)),
    ]


def test_page_leads_to_the_four_forms_and_my_list_leads_to_it(client, alice):
    client.force_login(alice)
    page = client.get(ADDRESS).content.decode()
    for form in ALL.values():
        assert f"{reverse(form.page)}?campaign=wangdian-2018" in page
    assert f'href="{ADDRESS}"' in client.get("/visits/").content.decode()


def test_page_shows_what_i_filed_newest_first_and_what_is_void(client, campaign, alice):
    client.force_login(alice)
    made = one_of_each(campaign, alice)
    client.post(made[0].get_absolute_url(), {"reason": "填错了"})
    response = client.get(ADDRESS)
    assert response.context["records"] == made[::-1]
    page = response.content.decode()
    assert "宣传册 10 份" in page
    assert "已作废" in page


def test_page_shows_nothing_of_others_and_no_materials_of_visits(client, campaign, alice):
    one_of_each(campaign, people.alice())
    door = factories.visit(campaign, factories.household())
    factories.handout(campaign, GRID_A1, created_by=alice, visit=door)
    factories.gathering(campaign, GRID_B1, created_by=alice)
    factories.gathering(factories.campaign("other", state=CampaignState.DRAFT), GRID_A1, created_by=alice)
    client.force_login(alice)
    assert client.get(ADDRESS).context["records"] == []


def test_closed_campaign_is_read_only(client, campaign, alice):
    made = one_of_each(campaign, alice)
    campaign.state = CampaignState.CLOSED
    campaign.save()
    client.force_login(alice)
    response = client.get(ADDRESS, {"campaign": campaign.code})
    assert response.context["records"] == made[::-1]
    assert "/visits/gatherings/new/" not in response.content.decode()


@pytest.mark.parametrize("who", [people.bob, people.village_office, people.clerk, people.discipline])
def test_page_is_for_those_who_go_from_door_to_door(client, campaign, who):
    client.force_login(who())
    assert client.get(ADDRESS).status_code == 403


def test_page_costs_the_same_with_one_and_three_of_each(client, campaign, alice):
    client.force_login(alice)
    one_of_each(campaign, alice)
    _page, one = statements(lambda: client.get(ADDRESS))
    one_of_each(campaign, alice), one_of_each(campaign, alice)
    page, three = statements(lambda: client.get(ADDRESS))
    assert len(page.context["records"]) == 12
    assert len(one) == len(three), "\n".join(three)
