"""A photo to look at: /visits/photos/<pk>/."""

import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from tests import factories, people
from visits.models import VisitPhoto
from visits.photo_services import add_photo, take_out_photo

from .forms import statements
from .pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def visit(alice):
    entry = factories.household(address="花溪路12号")
    return factories.visit(factories.campaign(), entry, filed_by=alice, by=[alice.cadre])


@pytest.fixture
def photo(visit, alice):
    return add_photo(visit, picture("red", (640, 480)), by=alice)[0]


def address(photo, **query):
    return reverse("visits:visit_photo", args=[photo.pk], query=query)


def test_photo_comes_as_a_picture_that_only_this_browser_may_keep(client, alice, photo):
    client.force_login(alice)
    response = client.get(address(photo))
    told = {
        name: response[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    }
    assert told == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Cookie" in response["Vary"]
    assert Image.open(io.BytesIO(response.content)).size == (640, 480)


def test_small_photo_is_one_of_its_own(client, alice, photo):
    client.force_login(alice)
    response = client.get(address(photo, size="small"))
    assert Image.open(io.BytesIO(response.content)).size == (320, 240)
    assert response["ETag"] != client.get(address(photo))["ETag"]


def test_browser_that_has_it_is_not_sent_it_again_but_asks_each_time(client, alice, photo):
    client.force_login(alice)
    etag = client.get(address(photo))["ETag"]
    again = client.get(address(photo), headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    client.logout()
    assert client.get(address(photo), headers={"if-none-match": etag}).status_code == 302


@pytest.mark.parametrize("who", [people.charlie, people.other_village_office])
def test_stranger_finds_no_such_photo(client, photo, who):
    client.force_login(who())
    assert client.get(address(photo)).status_code == 404
    assert client.get(address(photo), headers={"if-none-match": "*"}).status_code == 404


@pytest.mark.parametrize("who", [people.clerk, people.discipline, people.system_admin])
def test_roles_without_visits_see_no_photo(client, photo, who):
    client.force_login(who())
    assert client.get(address(photo)).status_code == 403


@pytest.mark.parametrize("who", [people.alice, people.bob, people.village_office, people.inspector])
def test_whoever_sees_the_visit_sees_its_photo(client, photo, who):
    client.force_login(who())
    assert client.get(address(photo)).status_code == 200


def test_photo_that_was_taken_out_is_shown_to_nobody(client, alice, photo):
    take_out_photo(photo, by=alice, reason="拍到了人")
    client.force_login(alice)
    assert client.get(address(photo)).status_code == 404


def test_photo_is_sent_as_it_lies_there_without_asking_for_anything_more(client, alice, photo):
    client.force_login(alice)
    _response, sent = statements(lambda: client.get(address(photo)))
    # One of them asks for the audit log where the visit lies.
    assert len(sent) == 4, "\n".join(sent)


# --- Certainties --------------------------------------------------------------------------------------------


def test_one_photo_belongs_to_a_visit_once(visit, photo):
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitPhoto.objects.create(
            visit=visit, image="photos/x.jpg", sha256=photo.sha256, width=1, height=1, created_by=None
        )


@pytest.mark.parametrize(
    "fields", [{"void_reason": "没有时间"}, {"voided_at": factories.at("2018-09-10"), "void_reason": ""}]
)
def test_taking_out_has_a_time_and_a_reason(photo, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitPhoto.objects.filter(pk=photo.pk).update(**fields)


def test_photo_whose_file_is_gone_is_not_found_and_its_visit_is(client, alice, photo):
    photo.image.storage.delete(photo.image.name)
    client.force_login(alice)
    assert client.get(address(photo)).status_code == 404
    assert (
        address(photo) in client.get(reverse("visits:visit_detail", args=[photo.visit_id])).content.decode()
    )
