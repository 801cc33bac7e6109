"""What the queue of a phone is told about a photo: POST /visits/phone-photos/<identity>/."""

import io
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from campaigns.enums import CampaignState
from tests import factories, people
from visits.models import VisitPhoto
from visits.photo_services import add_photo
from visits.services import void_visit

from .pictures import bomb, files, picture, told_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def visit(campaign, alice):
    entry = factories.household(address="花溪路12号")
    return factories.visit(campaign, entry, client_id=uuid4(), filed_by=alice, by=[alice.cadre])


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def send(client, user, visit, data=None, **headers):
    """As the queue does it: bare bytes, and whose they are."""
    headers = {"accept": "application/json", "x-person": str(user.pk), "x-photo": "row-1", **headers}
    identity = getattr(visit, "client_id", visit)
    address = reverse("visits:phone_photo", args=[identity])
    return client.post(
        address, picture() if data is None else data, content_type="image/jpeg", headers=headers
    )


# --- Arrived ------------------------------------------------------------------------------------------------


def test_photo_is_confirmed_under_the_row_of_the_phone_and_kept_without_its_story(client, alice, visit):
    client.force_login(alice)
    answer = send(client, alice, visit, told_photo())
    assert (answer.status_code, answer.json()) == (201, {"photo": {"id": "row-1"}})
    photo = VisitPhoto.objects.get()
    assert (photo.visit, photo.created_by, photo.width, photo.height) == (visit, alice, 48, 64)
    assert files() == [photo.image.name]
    with photo.image.open() as file:
        kept = file.read()
    assert b"SECRET" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}


def test_name_of_the_file_tells_nothing_about_the_visit(client, alice, visit):
    client.force_login(alice)
    send(client, alice, visit)
    stem = files()[0].removeprefix("photos/").removesuffix(".jpg")
    assert len(stem) == 32
    assert not set(stem) - set("0123456789abcdef")
    assert stem not in (visit.client_id.hex, VisitPhoto.objects.get().sha256[:32])


def test_hundredth_try_is_the_same_photo(client, alice, visit):
    client.force_login(alice)
    codes = [send(client, alice, visit).status_code for _ in range(4)]
    assert codes == [201, 200, 200, 200]
    assert (VisitPhoto.objects.count(), len(files())) == (1, 1)


def test_same_picture_may_belong_to_two_visits(client, alice, visit, campaign):
    other = factories.visit(campaign, factories.household(), client_id=uuid4(), filed_by=alice)
    client.force_login(alice)
    codes = [send(client, alice, one).status_code for one in (visit, other)]
    assert codes == [201, 201]


def test_who_went_along_may_send_one_too(client, visit, campaign):
    mate = people.alice()
    visit.cadres.create(cadre=mate.cadre, name="艾一丽", category="other")
    client.force_login(mate)
    assert send(client, mate, visit).status_code == 201


def test_photo_that_was_taken_out_does_not_come_back_with_a_late_try(client, alice, visit):
    client.force_login(alice)
    send(client, alice, visit)
    VisitPhoto.objects.update(voided_at=factories.at("2018-09-10"), void_reason="拍到了人")
    assert send(client, alice, visit).status_code == 200
    assert list(VisitPhoto.objects.values_list("void_reason", flat=True)) == ["拍到了人"]


@pytest.mark.django_db(transaction=True)
def test_same_bytes_at_the_same_moment_are_one_photo_and_one_file(alice, visit):
    answers = at_once([lambda client: send(client, alice, visit)] * 4, alice)
    assert sorted(answers) == [200, 200, 200, 201]
    assert [photo.image.name for photo in VisitPhoto.objects.all()] == files()
    assert len(files()) == 1


@pytest.mark.django_db(transaction=True)
def test_last_free_place_is_taken_once_at_the_same_moment(alice, visit):
    for colour in ("red", "green", "blue", "white", "black"):
        add_photo(visit, picture(colour), by=alice)
    answers = at_once(
        [
            lambda client: send(client, alice, visit, picture("navy")),
            lambda client: send(client, alice, visit, picture("gold")),
        ],
        alice,
    )
    assert sorted(answers) == [201, 422]
    assert sorted(photo.image.name for photo in VisitPhoto.objects.all()) == files()
    assert len(files()) == 6


def at_once(posts, user):
    """Status codes of several posts that begin together, each from a browser of its own."""
    start, answers = Barrier(len(posts)), []

    def run(post):
        browser = Client()
        browser.force_login(user)
        start.wait()
        try:
            answers.append(post(browser).status_code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[post]) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# --- Refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: "文字".encode(), "不是能打开的照片"),
        (lambda: b"", "不是能打开的照片"),
        (bomb, "尺寸太大"),
        (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(300), "HEIC"),
        (lambda: picture() + bytes(3 * 1024 * 1024), "照片太大"),
    ],
    ids=["text", "empty", "bomb", "heic", "large"],
)
def test_what_is_no_photo_is_told_in_a_sentence_and_leaves_nothing(client, alice, visit, data, words):
    client.force_login(alice)
    answer = send(client, alice, visit, data())
    assert answer.status_code == 422
    assert words in answer.json()["refused"]
    assert (VisitPhoto.objects.count(), files()) == (0, [])


def test_seventh_photo_is_refused_and_one_taken_out_makes_room(client, alice, visit):
    client.force_login(alice)
    colours = ("red", "green", "blue", "white", "black", "navy", "gold")
    answers = [send(client, alice, visit, picture(colour)) for colour in colours]
    assert [answer.status_code for answer in answers] == [201] * 6 + [422]
    assert answers[-1].json() == {"refused": "一次走访最多 6 张照片，这一张放不下了。先拿掉一张再加。"}
    assert len(files()) == 6
    VisitPhoto.objects.filter(pk=VisitPhoto.objects.first().pk).update(
        voided_at=factories.at("2018-09-10"), void_reason="多余"
    )
    assert send(client, alice, visit, picture("gold")).status_code == 201


def test_void_visit_and_closed_campaign_take_no_photo_and_say_so(client, alice, visit, campaign):
    client.force_login(alice)
    campaign.state = CampaignState.CLOSED
    campaign.save()
    sentence = {"refused": "这次走访已作废、活动已结束，或者不归您改，照片不能再动。"}
    answer = send(client, alice, visit)
    assert (answer.status_code, answer.json()) == (422, sentence)
    campaign.state = CampaignState.RUNNING
    campaign.save()
    void_visit(visit, by=alice, reason="填错了")
    answer = send(client, alice, visit)
    assert (answer.status_code, answer.json()) == (422, sentence)
    assert (VisitPhoto.objects.count(), files()) == (0, [])


def test_visit_that_nobody_filed_is_unknown(client, alice):
    client.force_login(alice)
    assert send(client, alice, uuid4()).status_code == 404


@pytest.mark.parametrize("who", [people.charlie, people.alice, people.village_office])
def test_somebody_elses_visit_is_unknown_to_a_phone_even_where_its_page_is_open(client, visit, who):
    stranger = who()
    client.force_login(stranger)
    answer = send(client, stranger, visit)
    assert answer.status_code in (403, 404)
    assert "花溪路" not in answer.content.decode()
    assert (VisitPhoto.objects.count(), files()) == (0, [])


def test_signed_out_phone_is_told_so(client, alice, visit):
    answer = send(client, alice, visit)
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})
    assert files() == []


def test_photo_of_another_person_is_not_taken_from_who_is_signed_in_now(client, alice, visit):
    client.force_login(alice)
    answer = send(client, alice, visit, **{"x-person": str(people.charlie().pk)})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})
    assert files() == []


def test_photo_without_a_fresh_token_is_refused(alice, visit):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert send(browser, alice, visit).status_code == 403
    token = browser.get(reverse("visits:phone_key"), headers={"accept": "application/json"}).json()["csrf"]
    assert send(browser, alice, visit, **{"x-csrftoken": token}).status_code == 201
