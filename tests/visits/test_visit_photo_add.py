"""Photos by a plain form: with the visit, and afterwards on its page (/visits/<pk>/photos/)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from campaigns.enums import CampaignState
from tests import factories, people
from visits import photo_services
from visits.models import Opinion, Visit, VisitPhoto
from visits.photo_services import add_photo
from visits.services import void_visit

from .forms import by, file_address, filled, statements
from .pictures import bomb, files, picture, upload

pytestmark = pytest.mark.django_db
COLOURS = ("red", "green", "blue", "white", "black", "navy", "gold")


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def entry(campaign):
    return factories.household(address="花溪路12号")


@pytest.fixture
def visit(campaign, alice, entry):
    return factories.visit(campaign, entry, filed_by=alice, by=[alice.cadre])


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def told(response):
    return [str(message) for message in response.context["messages"]]


# --- With the visit, without JavaScript ---------------------------------------------------------------------


@pytest.fixture
def send(client, alice, entry):
    """send(*uploads, **fields): Alice files a visit with photos."""
    client.force_login(alice)

    def post(*uploads, **fields):
        data = filled(("problem", "积水"), **{"cadres": [by(alice)], "photos": list(uploads), **fields})
        return client.post(file_address(entry), data, follow=True)

    return post


def test_visit_and_its_photos_come_in_one_form(send):
    response = send(upload(picture("red")), upload(picture("blue"), "IMG_2.jpg"))
    visit = Visit.objects.get()
    assert response.redirect_chain == [(reverse("visits:visit_detail", args=[visit.pk]), 302)]
    assert told(response) == ["已登记。"]
    assert [photo.image.name in files() for photo in visit.photos.all()] == [True, True]
    assert response.content.decode().count("?size=small") == 2


def test_bad_photo_never_stops_the_visit_and_each_is_named_with_its_reason(send):
    response = send(upload("文字".encode(), "便条.jpg"), upload(picture("red")), upload(bomb(), "大.png"))
    assert told(response) == [
        "已登记。",
        "照片“便条.jpg”没有存下：这个文件不是能打开的照片。请选 JPEG、PNG 或 WebP 照片，或者重新拍一张。",
        "照片“大.png”没有存下：照片的尺寸太大，请选小一点的，或者截一张图代替。",
    ]
    assert list(Opinion.objects.values_list("words_verbatim", flat=True)) == ["积水"]
    assert (VisitPhoto.objects.count(), len(files())) == (1, 1)


def test_folder_that_takes_no_file_never_stops_the_visit(send, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "full"
    settings.MEDIA_ROOT.write_text("no folder")
    response = send(upload(picture("red"), "路灯.jpg"))
    assert (Visit.objects.count(), Opinion.objects.count(), VisitPhoto.objects.count()) == (1, 1, 0)
    assert any("路灯.jpg”没有存下：系统正忙" in sentence for sentence in told(response))


def test_seventh_photo_is_named_and_six_are_kept(send):
    response = send(*[upload(picture(colour), f"{colour}.jpg") for colour in COLOURS])
    assert told(response)[1:] == [
        "照片“gold.jpg”没有存下：一次走访最多 6 张照片，这一张放不下了。先拿掉一张再加。"
    ]
    assert len(files()) == 6


def test_form_sent_twice_is_one_visit_with_each_photo_once(send):
    identity = "6f1f7d5e-8f43-4f5c-9d4c-0c1b1f3a2b10"
    for _ in range(2):
        send(upload(picture("red")), client_id=identity)
    send(upload(picture("blue")), client_id=identity)
    assert (Visit.objects.count(), VisitPhoto.objects.count(), len(files())) == (1, 2, 2)


def test_form_that_is_refused_keeps_no_photo_and_asks_for_it_again(send):
    response = send(upload(), outcome="")
    assert "照片要重新选一次" in response.content.decode()
    assert (Visit.objects.count(), files()) == (0, [])


def test_other_content_under_the_same_identity_says_where_photos_go(send):
    identity = "6f1f7d5e-8f43-4f5c-9d4c-0c1b1f3a2b10"
    send(client_id=identity)
    response = send(upload(), client_id=identity, note="别的")
    assert response.status_code == 409
    assert told(response) == ["照片没有跟来：登记以后，请在走访页上加照片。"]
    assert files() == []


def test_filing_without_photos_costs_nothing_more(client, alice, entry):
    client.force_login(alice)
    data = filled(("problem", "积水"), cadres=[by(alice)])
    response, sent = statements(lambda: client.post(file_address(entry), data))
    assert response.status_code == 302
    assert [text for text in sent if "visitphoto" in text] == []


# --- Afterwards, on the page of the visit -------------------------------------------------------------------


def address(visit):
    return reverse("visits:visit_photo_add", args=[visit.pk])


def add(client, visit, *uploads):
    return client.post(address(visit), {"photos": list(uploads)}, follow=True)


@pytest.mark.parametrize("who", [people.village_office, people.bob])
def test_those_who_answer_for_the_place_add_photos_too(client, visit, who):
    user = who()
    client.force_login(user)
    response = add(client, visit, upload(picture("red")), upload(picture("blue")))
    assert told(response) == ["已存下 2 张照片。"]
    assert set(visit.photos.values_list("created_by", flat=True)) == {user.pk}


def test_page_offers_photos_to_whoever_may_correct_and_only_shows_them_to_others(client, alice, visit):
    add_photo(visit, picture(), by=alice)
    page = reverse("visits:visit_detail", args=[visit.pk])
    client.force_login(alice)
    own = client.get(page).content.decode()
    client.force_login(people.inspector())
    others = client.get(page).content.decode()
    assert ("照片 1，共 1 张" in own, "加照片" in own, "take-out" in own) == (True, True, True)
    assert ("照片 1，共 1 张" in others, "加照片" in others, "take-out" in others) == (True, False, False)


def test_page_with_six_photos_offers_no_seventh(client, alice, visit):
    for colour in COLOURS[:6]:
        add_photo(visit, picture(colour), by=alice)
    client.force_login(alice)
    assert "加照片" not in client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert told(add(client, visit, upload(picture("gold"), "7.jpg"))) == [
        "照片“7.jpg”没有存下：一次走访最多 6 张照片，这一张放不下了。先拿掉一张再加。"
    ]


def test_pressing_the_button_without_a_photo_says_what_to_do(client, alice, visit):
    client.force_login(alice)
    assert told(add(client, visit)) == ["还没有选照片：先选照片，再点“加照片”。"]


def test_photo_that_was_taken_out_is_not_put_back(client, alice, visit):
    photo, _ = add_photo(visit, picture(), by=alice)
    photo_services.take_out_photo(photo, by=alice, reason="拍到了人")
    client.force_login(alice)
    assert told(add(client, visit, upload())) == ["照片“IMG_1.jpg”没有存下：这张照片先前已被拿掉。"]


@pytest.mark.parametrize("who", [people.charlie, people.other_village_office])
def test_stranger_finds_no_visit_to_add_to(client, visit, who):
    client.force_login(who())
    assert client.post(address(visit), {"photos": [upload()]}).status_code in (403, 404)
    assert files() == []


def test_who_sees_a_visit_without_answering_for_it_adds_nothing(client, visit):
    client.force_login(people.alice())
    assert client.post(address(visit), {"photos": [upload()]}).status_code == 403
    assert files() == []


def test_closed_campaign_takes_no_more_photos(client, alice, visit, campaign):
    campaign.state = CampaignState.CLOSED
    campaign.save()
    client.force_login(alice)
    assert client.post(address(visit), {"photos": [upload()]}).status_code == 403
    assert files() == []


def test_visit_that_is_made_void_meanwhile_leaves_neither_row_nor_file(alice, visit, campaign):
    """The page was open when somebody else made the visit void."""
    void_visit(visit, by=alice, reason="填错了")
    with pytest.raises(ValidationError, match="照片不能再动"):
        add_photo(visit, picture(), by=alice)
    assert (VisitPhoto.objects.count(), files()) == (0, [])


def test_visit_page_costs_the_same_for_one_photo_and_for_three(client, alice, visit):
    client.force_login(alice)
    page = reverse("visits:visit_detail", args=[visit.pk])
    add_photo(visit, picture("red"), by=alice)
    _, one = statements(lambda: client.get(page))
    for colour in ("blue", "gold"):
        photo, _ = add_photo(visit, picture(colour), by=alice)
    photo_services.take_out_photo(photo, by=alice, reason="多余")
    _, three = statements(lambda: client.get(page))
    assert len(one) == len(three)
