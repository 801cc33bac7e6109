"""Taking a photo out with a reason: /visits/photos/<pk>/take-out/."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from campaigns.enums import CampaignState
from tests import factories, people
from visits.photo_services import add_photo, take_out_photo

from .pictures import files, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def visit(alice):
    entry = factories.household(address="花溪路12号")
    return factories.visit(factories.campaign(), entry, filed_by=alice, by=[alice.cadre])


@pytest.fixture
def photo(visit, alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return add_photo(visit, picture(), by=alice)[0]


def address(photo):
    return reverse("visits:visit_photo_take_out", args=[photo.pk])


def test_photo_goes_from_the_page_and_who_when_why_stays(client, alice, visit, photo):
    client.force_login(alice)
    assert "花溪路12号" in client.get(address(photo)).content.decode()
    response = client.post(address(photo), {"reason": "拍到了孩子"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(reverse("visits:visit_detail", args=[visit.pk]), 302)]
    assert "?size=small" not in page
    assert "艾一丽 · 拍到了孩子" in page
    photo.refresh_from_db()
    assert (photo.voided_by, photo.void_reason, files()) == (alice, "拍到了孩子", [photo.image.name])


def test_reason_is_needed(client, alice, photo):
    client.force_login(alice)
    response = client.post(address(photo), {"reason": " "})
    assert response.context["form"].errors == {"reason": ["请写明原因。"]}
    photo.refresh_from_db()
    assert not photo.is_void


def test_photo_is_taken_out_once(client, alice, photo):
    take_out_photo(photo, by=alice, reason="先")
    with pytest.raises(ValidationError, match="刚才已经拿掉"):
        take_out_photo(photo, by=alice, reason="后")
    photo.refresh_from_db()
    assert photo.void_reason == "先"
    client.force_login(alice)
    assert client.get(address(photo)).status_code == 404


@pytest.mark.parametrize("who", [people.charlie, people.other_village_office, people.inspector])
def test_stranger_and_reader_take_nothing_out(client, photo, who):
    client.force_login(who())
    assert client.post(address(photo), {"reason": "不要"}).status_code in (403, 404)
    photo.refresh_from_db()
    assert not photo.is_void


def test_who_only_sees_the_visit_takes_nothing_out(client, photo):
    client.force_login(people.alice())
    assert client.post(address(photo), {"reason": "不要"}).status_code == 403
    photo.refresh_from_db()
    assert not photo.is_void


def test_closed_campaign_keeps_its_photos(client, alice, visit, photo):
    visit.campaign.state = CampaignState.CLOSED
    visit.campaign.save()
    client.force_login(alice)
    assert client.post(address(photo), {"reason": "不要"}).status_code == 403
    photo.refresh_from_db()
    assert not photo.is_void
