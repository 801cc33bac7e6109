"""Sending a visit back: /visits/<pk>/send-back/."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories, people
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def visit(alice):
    return factories.visit(factories.campaign(), factories.household(), filed_by=alice)


def address(visit):
    return reverse("visits:visit_send_back", args=[visit.pk])


@pytest.mark.parametrize("state", ["filed", "checked"])
def test_sent_back_visit_stays_valid_and_tells_its_filer_why(client, visit, alice, state):
    visit.state = state
    visit.save()
    client.force_login(people.village_office())
    client.post(address(visit), {"reason": "见面人数不对"})
    visit.refresh_from_db()
    assert visit.state == "sent_back"
    assert Visit.objects.valid_at(timezone.now()).exists()
    client.force_login(alice)
    assert "见面人数不对" in client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()


def test_reason_is_needed(client, visit):
    client.force_login(people.village_office())
    response = client.post(address(visit), {"reason": ""})
    assert list(response.context["form"].errors.values()) == [["请写明原因。"]]
    visit.refresh_from_db()
    assert visit.state == "filed"


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
def test_who_may_send_back(client, visit, who, status):
    client.force_login(who())
    assert client.post(address(visit), {"reason": "请核对"}).status_code == status
    assert visit.steps.exists() == (status == 302)


def test_void_visit_is_not_sent_back(client, visit):
    Visit.objects.update(state="void", voided_at=timezone.now())
    client.force_login(people.village_office())
    assert client.post(address(visit), {"reason": "请核对"}).status_code == 403


def test_anonymous_is_asked_to_sign_in(client, visit):
    assert client.post(address(visit))["Location"] == f"/login/?next={address(visit)}"
