"""The slip that is left in a door: /visits/slips/."""

import pytest
from django.utils import timezone

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1

pytestmark = pytest.mark.django_db
SLIPS = "/visits/slips/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(client, campaign):
    user = people.alice()
    user.cadre.phone = "13800000001"
    user.cadre.save()
    client.force_login(user)
    return user


def test_each_door_has_its_slip_without_any_resident_s_name(client, campaign, alice):
    factories.household(address="花溪路1号", number="H-1", holder_name="张三丰")
    factories.household(address="花溪路2号", number="H-2")
    response = client.get(SLIPS, {"entry": ["H-2", "H-1"]})
    assert [slip.address for slip in response.context["slips"]] == ["花溪路1号", "花溪路2号"]
    page = response.content.decode()
    assert "艾一丽" in page
    assert "13800000001" in page
    assert "张" not in page.partition("slips")[2]


def test_slip_names_who_came_when_once_the_visit_is_filed(client, campaign, alice):
    entry = factories.household(number="H-1")
    mate = factories.cadre("伴同行")
    now = timezone.now()
    factories.visit(campaign, entry, by=[alice.cadre, mate], outcome="not_in", started_at=now)
    factories.visit(campaign, factories.household(number="H-2"), by=[mate], outcome="not_in")
    first, second = client.get(SLIPS, {"entry": ["H-1", "H-2"]}).context["slips"]
    assert (first.came_at, first.names) == (now, ["艾一丽", "伴同行"])
    assert (second.came_at, second.names) == (None, ["艾一丽"])


def test_phone_is_that_of_the_grid_s_leader_then_mine_then_my_department_s(client, campaign, alice):
    factories.household(number="H-1")

    def phone():
        return client.get(SLIPS, {"entry": "H-1"}).context["slips"][0].phone

    alice.cadre.phone = ""
    alice.cadre.department = factories.department(contact_phone="0573-12345")
    alice.cadre.save()
    assert phone() == "0573-12345"
    alice.cadre.phone = "13800000001"
    alice.cadre.save()
    assert phone() == "13800000001"
    factories.posting(factories.cadre(phone="13800000002"), Role.GRID_LEADER, GRID_A1)
    factories.posting(factories.cadre(phone="13800000003"), Role.GRID_LEADER, GRID_B1)
    assert phone() == "13800000002"


def test_number_that_no_key_opens_leaves_a_line_to_write_on(client, campaign, alice, settings):
    factories.household(number="H-1")
    settings.FIELD_KEYS = ["another key, of enough characters"]
    response = client.get(SLIPS, {"entry": "H-1"})
    assert response.context["slips"][0].phone == ""
    assert "号码无法读取" not in response.content.decode()


def test_without_doors_there_are_blank_slips(client, campaign, alice):
    slips = client.get(SLIPS).context["slips"]
    assert {slip.address for slip in slips} == {""}
    assert len(slips) == 6


def test_stranger_gets_no_slip_of_a_foreign_door(client, campaign):
    factories.household(number="H-1", address="花溪路1号")
    client.force_login(people.charlie())
    assert "花溪路1号" not in client.get(SLIPS, {"entry": "H-1"}).content.decode()


def test_who_may_not_file_and_closed_campaign(client, campaign, alice):
    campaign.state = "closed"
    campaign.save()
    assert client.get(SLIPS, {"campaign": campaign.code}).status_code == 404
    client.force_login(people.inspector())
    assert client.get(SLIPS).status_code == 403
    client.logout()
    assert client.get(SLIPS)["Location"] == f"/login/?next={SLIPS}"
