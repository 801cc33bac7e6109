"""Photos on a phone: they follow the words, arrive once, and nobody else sees them."""

import io
import re
import time

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import factories, people
from tests.visits.pictures import picture, told_photo
from visits.models import Visit, VisitPhoto

from .conftest import PHONE, _note_foreign, _note_policy
from .filing import ask, becomes_true, choose, file, hand_in, open_form, write
from .test_outbox import FILING

pytestmark = pytest.mark.django_db(transaction=True)
SENDING = re.compile(r"/visits/phone-photos/")


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def houses(campaign):
    return [factories.household(address=f"花溪路{n}号") for n in range(1, 3)]


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def plain_phone(open_window):
    return open_window(**PHONE, service_workers="block")


def arrive(count, seconds=20):
    """The database holds so many photos, soon."""
    until = time.monotonic() + seconds
    while VisitPhoto.objects.count() < count and time.monotonic() < until:
        time.sleep(0.05)
    assert VisitPhoto.objects.count() == count


def sizes():
    return sorted(VisitPhoto.objects.values_list("width", "height"))


def test_photos_chosen_without_a_signal_arrive_once_each_whatever_becomes_of_the_answers(
    plain_phone, sign_in, alice, houses, look
):
    """No signal, then cut answers, then a broken server and somebody's page, then all is well."""
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "墙上裂了缝")
    page.context.set_offline(True)
    choose(page, told_photo(size=(2400, 1800)), picture("navy", (300, 200)))
    expect(page.get_by_role("img", name="照片 2")).to_be_visible()
    look(page, "photos-chosen")
    page.set_viewport_size({"width": 320, "height": 640})
    look(page, "photos-chosen")
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    expect(page.get_by_text("照片 2 张", exact=True)).to_be_visible()
    expect(page.locator("#outbox-badge")).to_contain_text("1 份等待送出。 2 张照片等待送出。")
    look(page, "photos-handed-in")

    tries, bodies = [], []

    def cut(route):
        tries.append(route.request.url)
        bodies.append(route.request.post_data_buffer)
        if len(tries) <= 2:
            route.fetch()
            route.abort()
        elif len(tries) == 3:
            route.fulfill(status=502, body="<h1>Bad gateway</h1>")
        elif len(tries) == 4:
            route.fulfill(status=200, content_type="text/html", body="<h1>请登录无线网络</h1>")
        else:
            route.continue_()

    page.route(SENDING, cut)
    page.context.set_offline(False)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    for _ in range(7):
        ask(page, "Photos.flush(true)")
    expect(page.get_by_text("照片 2/2 已送达")).to_be_visible()
    expect(page.locator("#outbox-badge")).to_be_hidden()
    look(page, "photos-sent")
    assert len(tries) > 4
    assert (Visit.objects.count(), sizes()) == (1, [(300, 200), (1200, 1600)])
    # What left the phone told nothing but the picture, and was small.
    assert [body for body in bodies if b"SECRET" in body or b"Exif" in body or len(body) > 1_000_000] == []
    assert [len(row) for row in (ask(page, "Store.pictures.all()"),)] == [0]


def test_photo_stands_upright_on_the_page_of_its_visit(phone, sign_in, alice, houses, look):
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    write(page, "积水")
    choose(page, told_photo(size=(640, 480)), picture("gold"))
    expect(page.get_by_role("img", name="照片 2")).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    arrive(2)
    page.reload()
    expect(page.get_by_role("img", name="照片 1，共 2 张")).to_be_visible()
    expect(page.locator("#outbox-badge")).to_be_hidden()
    look(page, "photos-on-visit")
    page.set_viewport_size({"width": 320, "height": 640})
    look(page, "photos-on-visit")
    with VisitPhoto.objects.order_by("pk").first().image.open() as stored:
        image = Image.open(io.BytesIO(stored.read()))
    assert image.size == (480, 640)
    red, green, _blue = image.getpixel((240, 100))
    assert red > 200 and green < 60
    page.get_by_text("加照片").first.click()
    page.locator("#id_photos").set_input_files(file(picture("lime"), "IMG_3.jpg"))
    page.get_by_role("button", name="加照片").click()
    expect(page.get_by_text("已存下 1 张照片。")).to_be_visible()
    page.get_by_role("link", name=re.compile("拿掉 ?照片 1")).click()
    expect(page.get_by_role("heading", name="拿掉照片")).to_be_visible()
    page.get_by_label("原因").fill("拍到了邻居")
    look(page, "photo-take-out")
    page.get_by_role("button", name="确认拿掉").click()
    expect(page.get_by_text("拿掉了一张")).to_contain_text("拍到了邻居")
    expect(page.get_by_role("img", name="照片 1，共 2 张")).to_be_visible()


def test_closed_browser_keeps_the_photos_of_a_draft_and_of_a_form_that_waits(
    browser_type, browser_type_launch_args, tmp_path, live_server, sign_in, alice, houses, complaints
):
    def open_browser():
        context = browser_type.launch_persistent_context(
            tmp_path / "profile",
            **browser_type_launch_args,
            **PHONE,
            base_url=live_server.url,
            locale="zh-CN",
        )
        page = context.pages[0]
        page.on("console", lambda m: _note_policy(m, complaints))
        page.on("pageerror", lambda error: complaints.append(f"script error on {page.url}: {error}"))
        page.on("request", lambda request: _note_foreign(request, complaints))
        return sign_in(page, alice)

    page = open_browser()
    open_form(page, houses[0])
    write(page, "第一户")
    choose(page, picture("red", (90, 60)))
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.context.set_offline(True)
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    page.route(FILING, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.context.set_offline(False)
    open_form(page, houses[1])
    write(page, "第二户写到一半")
    choose(page, picture("blue", (60, 90)))
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    kept = ask(page, "Store.pictures.all().then((rows) => rows.map((row) => Boolean(row.sealed.iv)))")
    assert kept == [True, True]
    page.context.close()

    page = open_browser()
    page.goto("/visits/outbox/")
    arrive(1)
    open_form(page, houses[1])
    expect(page.get_by_text("接着上次没填完的填")).to_be_visible()
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    arrive(2)
    page.context.close()
    assert {
        visit.entry_id: [photo.width for photo in visit.photos.all()] for visit in Visit.objects.all()
    } == {
        houses[0].pk: [90],
        houses[1].pk: [60],
    }


def test_photo_is_removed_by_two_presses_and_a_discarded_form_takes_its_photos_along(
    plain_phone, sign_in, alice, houses
):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    page.get_by_label("未遇").check()
    choose(page, *[picture(colour) for colour in ("red", "green", "blue", "white", "black", "navy", "gold")])
    expect(page.get_by_text("最多 6 张照片，“IMG_7.jpg”没有存下。")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(6)
    first = page.get_by_role("listitem").filter(has=page.get_by_role("img", name="照片 1"))
    first.get_by_role("button").click()
    expect(page.get_by_role("img", name="照片 6")).to_be_visible()
    first.get_by_role("button").click()
    expect(page.get_by_role("img")).to_have_count(5)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("照片 5 张", exact=True)).to_be_visible()
    expect(page.locator("#outbox-badge")).to_be_hidden()
    page.get_by_role("button", name="这份不要了").click()
    page.get_by_role("button", name="确定不要？再按一次").click()
    expect(page.get_by_text("都送到了")).to_be_visible()
    left = "Promise.all([Store.photos.all(), Store.pictures.all()]).then((all) => all.map((rows) => rows.length))"
    assert ask(page, left) == [0, 0]
    assert VisitPhoto.objects.count() == 0


def test_photo_that_the_server_refuses_says_why_and_its_owner_drops_it(
    plain_phone, sign_in, alice, houses, look
):
    """Six lie there already, sent from another phone."""
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "积水")
    choose(page, picture("gold"))
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.route(SENDING, lambda route: route.abort())
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    visit = Visit.objects.get()
    for n in range(6):
        visit.photos.create(image=f"photos/{n}.jpg", sha256=str(n), width=1, height=1, created_by=alice)
    page.unroute(SENDING)
    page.goto("/visits/outbox/")
    ask(page, "Photos.flush(true)")
    expect(page.get_by_text("一次走访最多 6 张照片，这一张放不下了。")).to_be_visible()
    expect(page.locator("#outbox-badge")).to_contain_text("1 份要您看一看。")
    look(page, "photo-refused")
    away = page.get_by_role("listitem").filter(has=page.get_by_role("img")).get_by_role("button").last
    away.click()
    page.get_by_role("button", name="确定不要？再按一次").click()
    expect(page.get_by_text("一次走访最多 6 张照片")).to_be_hidden()
    expect(page.locator("#outbox-badge")).to_be_hidden()
    assert ask(page, "Store.pictures.all().then((rows) => rows.length)") == 0


def test_what_is_no_photo_or_finds_no_room_is_told_and_the_words_go_their_way(
    plain_phone, sign_in, alice, houses, look
):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "字都在")
    page.locator("#id_photos").set_input_files(file("文字".encode(), "便条.jpg"))
    expect(page.get_by_text("“便条.jpg”打不开，没有存下。")).to_be_visible()
    page.evaluate("void (Store.pictures.change = () => Promise.reject(new Error('full')))")
    choose(page, picture())
    expect(page.get_by_text("这部手机存不下“IMG_1.jpg”。")).to_be_visible()
    look(page, "photo-no-room")
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert Visit.objects.get().opinions.get().words_verbatim == "字都在"
    assert VisitPhoto.objects.count() == 0


def test_browser_without_a_database_says_that_the_photo_has_to_wait(plain_phone, sign_in, alice, houses):
    page = sign_in(plain_phone, alice)
    page.add_init_script(
        "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {value: undefined})"
    )
    open_form(page, houses[0])
    write(page, "没有数据库")
    choose(page, picture())
    expect(page.get_by_text("这部手机存不下“IMG_1.jpg”。")).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert Visit.objects.get().opinions.get().words_verbatim == "没有数据库"


def test_another_person_on_the_phone_sees_and_sends_no_photo(plain_phone, sign_in, alice, houses):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "艾一丽的话")
    choose(page, picture())
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.route(SENDING, lambda route: route.abort())
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    page.evaluate("sessionStorage.clear()")
    # Her own open page would send it.
    page.goto("about:blank")
    page.unroute(SENDING)
    sign_in(page, people.alice())
    page.goto("/visits/outbox/")
    expect(page.get_by_text("都送到了")).to_be_visible()
    ask(page, "Photos.flush(true)")
    assert ask(page, "Photos.mine().then((rows) => rows.length)") == 0
    assert VisitPhoto.objects.count() == 0
    page.evaluate("sessionStorage.clear()")
    sign_in(page, alice)
    page.goto("/visits/outbox/")
    arrive(1)
    assert VisitPhoto.objects.get().created_by == alice


def test_photos_move_along_when_the_words_become_a_visit_of_their_own(
    plain_phone, sign_in, alice, houses, campaign
):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "第二份")
    choose(page, picture())
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    identity = page.locator("[name=client_id]").input_value()
    factories.visit(campaign, houses[0], client_id=identity, filed_by=alice)
    hand_in(page)
    page.get_by_role("button", name="是另外一份：另外登记").click()
    arrive(1)
    photo = VisitPhoto.objects.get()
    assert str(photo.visit.client_id) != identity
    assert photo.visit.opinions.get().words_verbatim == "第二份"


def test_words_do_not_wait_for_a_photo_that_is_still_being_made(plain_phone, sign_in, alice, houses):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "先登记")
    page.evaluate(
        "void (window.createImageBitmap = () => new Promise((resolve, reject) => setTimeout(reject, 1500)))"
    )
    choose(page, picture("red", (90, 60)))
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    arrive(1)
    assert sizes() == [(90, 60)]


def test_photo_that_is_still_being_kept_when_its_words_arrive_follows_them(
    plain_phone, sign_in, alice, houses
):
    """Its row is there before its sealed picture is, and in between the queue comes by."""
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "先登记")
    page.evaluate(
        """() => {
            const change = Store.pictures.change;
            const allowed = new Promise((resolve) => { window.goOn = resolve; });
            Store.pictures.change = async (id, decide) => {
                window.isKeeping = true;
                if (decide()) await allowed;
                return change(id, decide);
            };
        }"""
    )
    choose(page, picture("red", (90, 60)))
    becomes_true(page, "window.isKeeping")
    hand_in(page)
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    ask(page, "Photos.flush(true)")
    page.evaluate("window.goOn()")
    expect(page.get_by_text("已登记。")).to_be_visible()
    page.goto("/visits/outbox/")
    arrive(1)
    assert sizes() == [(90, 60)]


def test_plain_form_without_javascript_brings_its_photos(phone_without_javascript, sign_in, alice, houses):
    page = sign_in(phone_without_javascript, alice)
    page.goto(f"/visits/new/?entry={houses[0].number}")
    page.get_by_label("未遇").check()
    page.locator("#id_photos").set_input_files(
        [file(told_photo()), file("文字".encode(), "便条.jpg"), file(picture("blue", (50, 50)), "IMG_2.jpg")]
    )
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记。")).to_be_visible()
    expect(page.get_by_text("照片“便条.jpg”没有存下")).to_be_visible()
    assert sizes() == [(48, 64), (50, 50)]
