"""Voiding a visit: /visits/<pk>/void/."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories, people
from visits.models import Opinion, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def visit(alice):
    campaign = factories.campaign()
    made = factories.visit(campaign, factories.household(), by=[alice.cadre], filed_by=alice)
    factories.opinion(campaign, visit=made)
    return made


def address(visit):
    return reverse("visits:visit_void", args=[visit.pk])


def test_void_visit_stays_with_its_reason_and_its_words(client, visit, alice):
    client.force_login(alice)
    client.post(address(visit), {"reason": "填错了户"})
    visit.refresh_from_db()
    step = visit.steps.get()
    assert (visit.state, visit.voided_at) == ("void", step.at)
    assert (step.move, step.by, step.reason) == ("voided", alice, "填错了户")
    assert not Visit.objects.valid_at(timezone.now()).exists()
    assert Opinion.objects.valid_at(timezone.now()).count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_reason_is_needed_and_short(client, visit, alice, reason):
    client.force_login(alice)
    assert client.post(address(visit), {"reason": reason}).status_code == 200
    visit.refresh_from_db()
    assert visit.state == "filed"


def test_page_asks_before_it_voids(client, visit, alice):
    client.force_login(alice)
    assert "确认作废" in client.get(address(visit)).content.decode()
    visit.refresh_from_db()
    assert visit.state == "filed"


def test_visit_is_voided_once(client, visit, alice):
    client.force_login(alice)
    client.post(address(visit), {"reason": "填错了户"})
    assert client.post(address(visit), {"reason": "再来"}).status_code == 403
    assert visit.steps.count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (people.village_office, 302),
        (people.bob, 302),
        (people.alice, 403),
        (people.inspector, 403),
        (people.leader, 403),
        (people.charlie, 404),
        (people.other_village_office, 404),
        (people.clerk, 403),
    ],
)
def test_who_may_void(client, visit, who, status):
    client.force_login(who())
    assert client.post(address(visit), {"reason": "填错了户"}).status_code == status
    visit.refresh_from_db()
    assert (visit.state == "void") == (status == 302)


def test_closed_campaign_voids_nothing(client, visit, alice):
    visit.campaign.state = "closed"
    visit.campaign.save()
    client.force_login(alice)
    assert client.post(address(visit), {"reason": "填错了户"}).status_code == 403


def test_anonymous_is_asked_to_sign_in(client, visit):
    assert client.post(address(visit))["Location"] == f"/login/?next={address(visit)}"
