"""Filing a visit on a phone, signal or not: nothing is lost, nothing arrives twice, nobody else reads it."""

import re
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.enums import CampaignState
from tests import factories, people
from tests.visits.forms import file_address
from visits.models import Handout, Opinion, Visit

from .conftest import PHONE
from .filing import ask, hand_in, open_form, write

pytestmark = pytest.mark.django_db(transaction=True)
FILING = re.compile(r"/visits/new/\?")


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def houses(campaign):
    return [factories.household(address=f"花溪路{n}号") for n in range(1, 5)]


@pytest.fixture
def plain_phone(open_window):
    """A phone whose browser has no service worker, as WeChat's on iOS: the open page has to do it all."""
    return open_window(**PHONE, service_workers="block")


def arrives(count, seconds=15):
    """The database holds so many visits, soon."""
    until = time.monotonic() + seconds
    while Visit.objects.count() < count and time.monotonic() < until:
        time.sleep(0.05)
    assert Visit.objects.count() == count


def said():
    return sorted(Opinion.objects.values_list("words_verbatim", flat=True))


# --- With a signal ------------------------------------------------------------------------------------------


def test_visit_takes_at_most_eight_taps_from_list_to_confirmation(phone, sign_in, alice, houses, look):
    page = sign_in(phone, alice)
    taps = []

    def tap(locator):
        taps.append(locator)
        locator.tap()

    page.goto("/visits/")
    tap(page.get_by_role("link", name="填报 花溪路1号"))
    expect(page.locator("#filing[data-ready]")).to_be_attached()
    look(page, "filing-empty")
    tap(page.get_by_text("见面", exact=True))
    tap(page.get_by_role("button", name="多一人"))
    tap(page.get_by_text("联系卡"))
    row = page.get_by_role("group", name="第 1 条")
    tap(row.get_by_label("原话"))
    page.keyboard.type("一下雨门口就积水")
    tap(row.get_by_text("问题", exact=True))
    look(page, "filing-met")
    tap(page.get_by_role("button", name="登记", exact=True))
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert len(taps) <= 8
    visit = Visit.objects.get()
    assert (visit.outcome, visit.people_met, said()) == ("met", 2, ["一下雨门口就积水"])
    assert list(visit.cadres.values_list("cadre", flat=True)) == [alice.cadre.pk]
    assert list(Handout.objects.values_list("kind", "copies")) == [("contact_card", 1)]
    assert abs((visit.filed_on_phone_at - visit.filed_at).total_seconds()) < 60
    expect(page.locator("#outbox-badge")).to_be_hidden()
    look(page, "filed")


def test_nobody_in_asks_for_nothing_that_only_a_talk_gives(phone, sign_in, alice, houses):
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    page.get_by_label("见面", exact=True).check()
    expect(page.get_by_label("见面人数")).to_have_value("1")
    page.get_by_label("未遇").check()
    expect(page.get_by_label("见面人数")).to_be_hidden()
    expect(page.get_by_role("group", name="第 1 条")).to_be_hidden()
    expect(page.get_by_text("联系卡")).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert list(Visit.objects.values_list("outcome", "people_met")) == [("not_in", None)]


def test_mates_of_the_last_filing_are_ticked_in_the_next(phone, sign_in, alice, houses, campaign):
    mate = factories.cadre("毛队友")
    factories.team(campaign, alice.cadre, mate)
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    page.get_by_text("时间、走访人、方式").click()
    page.get_by_label("毛队友").check()
    page.get_by_label("未遇").check()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    open_form(page, houses[1])
    expect(page.get_by_label("毛队友")).to_be_checked()
    expect(page.get_by_text("毛队友").first).to_be_visible()


def test_opinions_are_added_and_solved_on_the_spot_without_asking_the_server(
    phone, sign_in, alice, houses, look
):
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    write(page, "灯不亮")
    page.get_by_label("当场解决了").check()
    page.get_by_label("当场办了什么").fill("换了灯泡")
    page.context.set_offline(True)
    page.get_by_role("button", name="再加一条诉求").click()
    row = page.get_by_role("group", name="第 2 条")
    row.get_by_label("原话").fill("网格员很热心")
    row.get_by_label("表扬").check()
    look(page, "filing-two-opinions")
    page.context.set_offline(False)
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    rows = Opinion.objects.order_by("pk").values_list("words_verbatim", "done_on_spot")
    assert list(rows) == [("灯不亮", "换了灯泡"), ("网格员很热心", "")]


def test_refused_form_opens_filled_says_why_and_is_filed_once_mended(phone, sign_in, alice, houses, look):
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    hand_in(page)
    form = page.locator("#filing")
    expect(form.get_by_role("alert")).to_contain_text("还没有存下")
    expect(form.get_by_text("请选择走访结果。")).to_be_visible()
    page.get_by_label("见面", exact=True).check()
    page.get_by_role("group", name="第 1 条").get_by_label("原话").fill("灯不亮")
    hand_in(page)
    expect(form.get_by_text("请选择这条诉求的性质。")).to_be_visible()
    look(page, "filing-refused")
    page.goto("/visits/outbox/")
    expect(page.get_by_text("要改一改")).to_be_visible()
    page.get_by_role("link", name="打开修改").click()
    expect(page.get_by_label("原话")).to_have_value("灯不亮")
    expect(form.get_by_text("请选择这条诉求的性质。")).to_be_visible()
    write(page, "灯不亮")
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert said() == ["灯不亮"]


# --- Drafts -------------------------------------------------------------------------------------------------


def test_draft_is_there_again_word_for_word(phone, sign_in, alice, houses):
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    write(page, "一下雨门口就积水\n已经三年了", note="写到一半")
    page.get_by_role("button", name="再加一条诉求").click()
    page.get_by_role("group", name="第 2 条").get_by_label("原话").fill("还没选性质")
    page.goto("/visits/")
    open_form(page, houses[1])
    expect(page.get_by_label("手记")).to_have_value("")
    open_form(page, houses[0])
    expect(page.get_by_text("接着上次没填完的填")).to_be_visible()
    expect(page.get_by_label("手记")).to_have_value("写到一半")
    expect(page.get_by_label("见面", exact=True)).to_be_checked()
    expect(page.get_by_role("group", name="第 1 条").get_by_label("原话")).to_have_value(
        "一下雨门口就积水\n已经三年了"
    )
    expect(page.get_by_role("group", name="第 2 条").get_by_label("原话")).to_have_value("还没选性质")


# --- The queue ----------------------------------------------------------------------------------------------


def test_visits_filed_without_a_signal_arrive_once_each_word_for_word(
    plain_phone, sign_in, alice, houses, look
):
    """No signal, then a cut answer, then a broken server, then all is well."""
    page = sign_in(plain_phone, alice)
    words = [f"第{n}户：路灯不亮，“晚上”看不见\n<b>&" for n in range(3)]
    for house, text in zip(houses, words, strict=False):
        open_form(page, house)
        write(page, text)
        page.context.set_offline(True)
        hand_in(page)
        expect(page.get_by_role("heading", name="已存在手机上")).to_be_visible()
        expect(page.get_by_text("没有信号。")).to_be_visible()
        look(page, "handed-in-without-signal") if house == houses[0] else None
        page.route(
            FILING, lambda route: route.abort() if route.request.method == "POST" else route.fallback()
        )
        page.context.set_offline(False)
    assert Visit.objects.count() == 0
    page.goto("/visits/outbox/")
    expect(page.locator("#outbox-badge")).to_contain_text("3 份等待送出。")
    expect(page.get_by_text("等待送出", exact=True)).to_have_count(3)
    look(page, "outbox-waiting")

    tries = []

    def cut(route):
        """The server files it, and its answer never arrives."""
        tries.append(route.request.url)
        if len(tries) <= 3:
            route.fetch()
            route.abort()
        elif len(tries) == 4:
            route.fulfill(status=502, body="<h1>Bad gateway</h1>")
        elif len(tries) == 5:
            route.fulfill(status=200, content_type="text/html", body="<h1>请登录无线网络</h1>")
        else:
            route.continue_()

    page.unroute(FILING)
    page.route(FILING, cut)
    for _ in range(8):
        ask(page, "Outbox.flush(true)")
    expect(page.get_by_text("已送达", exact=True)).to_have_count(3)
    expect(page.locator("#outbox-badge")).to_be_hidden()
    assert len(tries) > 6
    assert (Visit.objects.count(), said()) == (3, words)
    look(page, "outbox-sent")


def test_two_windows_and_a_flapping_line_make_one_visit(open_window, sign_in, alice, houses):
    page = sign_in(open_window(**PHONE, service_workers="block"), alice)
    open_form(page, houses[0])
    write(page, "积水")
    page.context.set_offline(True)
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    other = page.context.new_page()
    for _ in range(3):
        page.context.set_offline(False)
        page.context.set_offline(True)
    page.context.set_offline(False)
    other.goto("/visits/outbox/")
    for one in (page, other, page, other):
        one.evaluate("void Outbox.flush(true)")
    expect(other.get_by_text("已送达", exact=True)).to_be_visible()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    assert (Visit.objects.count(), said()) == (1, ["积水"])


def test_closed_browser_and_expired_sign_in_lose_nothing(
    open_profile, tmp_path, live_server, sign_in, alice, houses
):
    """Filed without a signal, browser closed, session gone; opened and signed in again: all arrive."""

    def open_browser():
        return open_profile(tmp_path / "profile", live_server.url, **PHONE)

    page = sign_in(open_browser(), alice)
    open_form(page, houses[0])
    write(page, "第一户的话")
    page.context.set_offline(True)
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    page.context.close()

    Session.objects.all().delete()
    page = sign_in(open_browser(), alice)
    page.goto("/visits/outbox/")
    arrives(1)
    open_form(page, houses[1])
    write(page, "第二户的话")
    Session.objects.all().delete()
    hand_in(page)
    expect(page.get_by_text("登录已过期，请重新登录")).to_be_visible()
    page.goto("/login/?next=/visits/outbox/")
    expect(page.get_by_role("heading", name="登录大走访")).to_be_visible()
    sign_in(page, alice).goto("/visits/outbox/")
    expect(page.get_by_text("花溪路2号")).to_be_visible()
    arrives(2)
    page.context.close()
    assert said() == ["第一户的话", "第二户的话"]


def test_another_person_on_the_phone_sees_nothing_sends_nothing_and_loses_nothing(
    plain_phone, sign_in, alice, houses
):
    page = sign_in(plain_phone, alice)
    page.route(FILING, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    open_form(page, houses[0])
    write(page, "艾一丽听到的话")
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    open_form(page, houses[1])
    page.get_by_label("见面", exact=True).check()
    page.get_by_label("手记").fill("艾一丽写到一半")
    kept = "Store.records.all().then((rows) => JSON.stringify(rows))"
    whose = "Store.records.all().then((rows) => rows.map((row) => row.person))"
    before = ask(page, kept)
    assert [word for word in ("艾一丽", "花溪路", "一半") if word in before] == []
    ask(
        page, "Outbox.flush(true)"
    )  # what the page does by itself is over, before the line lets anything through
    page.unroute(FILING)

    mate = people.alice()
    sign_in(page, mate).goto("/visits/outbox/")
    expect(page.get_by_text("都送到了，手机上没有留下的表。")).to_be_visible()
    expect(page.locator("#outbox-badge")).to_be_hidden()
    open_form(page, houses[1])
    expect(page.get_by_label("手记")).to_have_value("")
    expect(page.get_by_label("见面", exact=True)).not_to_be_checked()
    ask(page, "Outbox.flush(true)")
    assert ask(page, whose) == [str(alice.pk)] * 2
    assert Visit.objects.count() == 0

    sign_in(page, alice).goto("/visits/outbox/")
    arrives(1)
    assert Visit.objects.get().filed_by == alice
    open_form(page, houses[1])
    expect(page.get_by_label("手记")).to_have_value("艾一丽写到一半")


def test_open_page_of_who_has_left_sends_nothing_under_another_sign_in(plain_phone, sign_in, alice, houses):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "艾一丽听到的话")
    sign_in(page, people.alice())
    hand_in(page)
    expect(page.get_by_text("这部手机上现在登录的是别人。")).to_be_visible()
    assert Visit.objects.count() == 0
    sign_in(page, alice)
    page.get_by_role("button", name="现在就送").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    assert Visit.objects.get().filed_by == alice


def test_conflict_is_shown_side_by_side_and_filed_as_its_own_visit(plain_phone, sign_in, alice, houses, look):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    page.get_by_label("未遇").check()
    page.get_by_label("手记").fill("第一份")
    identity = page.locator("[name=client_id]").input_value()
    page.route(FILING, lambda route: (route.fetch(), route.abort()))
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    arrives(1)
    # The same form was sent from an older window meanwhile, with other words.
    Visit.objects.filter(client_id=identity).update(content_hash="other", note="先送到的")
    page.unroute(FILING)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("要您决定")).to_be_visible()
    expect(page.get_by_role("cell", name="先送到的")).to_be_visible()
    expect(page.get_by_role("cell", name="第一份")).to_be_visible()
    look(page, "outbox-conflict")
    page.get_by_role("button", name="是另外一份：另外登记").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    assert sorted(Visit.objects.values_list("note", flat=True)) == ["先送到的", "第一份"]


def test_form_that_was_handed_in_cannot_be_thrown_away(plain_phone, sign_in, alice, houses):
    """Not even by the button that a restored draft brought along."""
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "积水")
    open_form(page, houses[0])
    expect(page.get_by_role("button", name="不要了，重新填")).to_be_visible()
    page.context.set_offline(True)
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    expect(page.get_by_role("button", name="不要了，重新填")).to_be_hidden()
    ask(page, "Outbox.mine().then(([record]) => Outbox.discard(record.id))")
    page.context.set_offline(False)
    arrives(1)
    assert said() == ["积水"]


def test_words_handed_in_while_older_ones_are_on_the_way_are_not_taken_for_arrived(
    plain_phone, sign_in, alice, houses
):
    """A stale window hands in the same form with other words, just before the first answer comes."""
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "先说的话")

    def answer_late(route):
        answer = route.fetch()
        ask(
            page,
            "(async () => { const [record] = await Outbox.mine(), payload = await Vault.open(record.sealed);"
            " payload.fields = payload.fields.map(([name, value]) => [name, value.replace('先说', '后说')]);"
            " await Outbox.keep(record.id, 'waiting', payload) })()",
        )
        route.fulfill(response=answer)

    page.route(FILING, answer_late, times=1)
    hand_in(page)
    page.get_by_role("button", name="现在就送").click()
    expect(page.get_by_text("要您决定")).to_be_visible()
    expect(page.get_by_role("cell", name="【问题】先说的话")).to_be_visible()
    expect(page.get_by_role("cell", name="【问题】后说的话")).to_be_visible()


def test_address_from_the_history_brings_no_identity_of_a_form_that_waits(
    plain_phone, sign_in, alice, houses
):
    page = sign_in(plain_phone, alice)
    page.route(FILING, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    open_form(page, houses[0])
    address = page.url
    write(page, "上午的话")
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("这一户已有一份在手机上等待送出。")).to_be_visible()
    write(page, "下午的话")
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    page.unroute(FILING)
    page.goto("/visits/outbox/")
    arrives(2)
    assert said() == ["上午的话", "下午的话"]


def test_words_are_thrown_away_by_two_presses_only(plain_phone, sign_in, alice, houses):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    page.get_by_label("未遇").check()
    page.get_by_label("手记").fill("不要了的话")
    page.goto("/visits/outbox/")
    page.get_by_role("button", name="这份不要了").click()
    page.reload()
    expect(page.get_by_text("没填完", exact=True)).to_be_visible()
    page.get_by_role("button", name="这份不要了").click()
    page.get_by_role("button", name="确定不要？再按一次").click()
    expect(page.get_by_text("都送到了")).to_be_visible()


def test_visit_that_comes_after_the_campaign_says_so_and_stays_until_given_up(
    plain_phone, sign_in, alice, houses, campaign
):
    page = sign_in(plain_phone, alice)
    open_form(page, houses[0])
    write(page, "来晚了的话")
    campaign.state = CampaignState.CLOSED
    campaign.save()
    hand_in(page)
    expect(page.get_by_text("这里现在不在您的范围内，或者活动已结束。")).to_be_visible()
    page.get_by_text("看看写了什么").click()
    expect(page.get_by_text("来晚了的话")).to_be_visible()
    campaign.state = CampaignState.RUNNING
    campaign.save()
    page.get_by_role("button", name="现在就送").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    assert said() == ["来晚了的话"]


def test_wrong_clock_of_a_phone_neither_hinders_nor_hides(plain_phone, sign_in, alice, houses):
    """Three days slow: the visit is filed now, and both times are kept."""
    page = sign_in(plain_phone, alice)
    page.clock.set_fixed_time(timezone.now() - timedelta(days=3))
    open_form(page, houses[0])
    page.get_by_label("未遇").check()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    visit = Visit.objects.get()
    assert 2.9 < (visit.filed_at - visit.filed_on_phone_at).total_seconds() / 86400 < 3.1
    assert abs((visit.filed_at - visit.started_at).total_seconds()) < 120


def test_browser_without_a_database_keeps_words_all_the_same(plain_phone, sign_in, alice, houses):
    page = sign_in(plain_phone, alice)
    page.add_init_script(
        "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {value: undefined})"
    )
    page.route(FILING, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    open_form(page, houses[0])
    write(page, "没有数据库")
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    page.unroute(FILING)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    assert said() == ["没有数据库"]


def test_words_put_elsewhere_while_the_database_slept_are_not_hidden_by_it(
    plain_phone, sign_in, alice, houses
):
    page = sign_in(plain_phone, alice)
    page.route(FILING, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    open_form(page, houses[0])
    write(page, "数据库里的话")
    ask(
        page,
        "Store.records.all().then(([row]) => localStorage.setItem('canvass-records:x', JSON.stringify({...row, id: 'x'})))",
    )
    page.goto("/visits/outbox/")
    expect(page.get_by_text("没填完", exact=True)).to_have_count(2)
    page.get_by_role("button", name="这份不要了").first.click()
    page.get_by_role("button", name="确定不要？再按一次").click()
    expect(page.get_by_text("没填完", exact=True)).to_have_count(1)


def test_browser_that_stores_nothing_says_so_and_sends_from_the_open_page(
    plain_phone, sign_in, alice, houses
):
    """Plain http without any storage and without WebCrypto, as in the strictest built-in browsers."""
    page = sign_in(plain_phone, alice)
    page.add_init_script(
        "for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new Error('refused') }});"
        " Object.defineProperty(window, 'isSecureContext', {value: false});"
        " Object.defineProperty(navigator, 'locks', {value: undefined})"
    )
    page.route(FILING, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    open_form(page, houses[0])
    write(page, "什么都不能存")
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    expect(page.locator("#outbox-badge")).to_contain_text("请不要关掉本页")
    page.unroute(FILING)
    page.get_by_role("button", name="现在就送").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    assert said() == ["什么都不能存"]


# --- Pages without a signal ---------------------------------------------------------------------------------


def settled(page):
    """The service worker rules this page, and what the page had to put away is put away."""
    ask(page, "navigator.serviceWorker.ready.then(() => undefined)")
    expect(page.locator("#phone")).to_be_attached()


def kept_pages(page, count):
    page.wait_for_timeout(50)
    until = time.monotonic() + 10
    while ask(page, "Store.pages.all().then((rows) => rows.length)") < count and time.monotonic() < until:
        page.wait_for_timeout(50)
    return ask(page, "Store.pages.all().then((rows) => JSON.stringify(rows))")


def pages_are_gone(page):
    """The sign-in page deletes them, a moment after it has come."""
    databases, until = (
        "indexedDB.databases().then((all) => all.map((one) => one.name))",
        time.monotonic() + 10,
    )
    while (left := "canvass-pages" in ask(page, databases)) and time.monotonic() < until:
        page.wait_for_timeout(50)
    return not left


def test_list_and_pinned_forms_open_without_a_signal_and_what_is_filed_arrives(
    phone, sign_in, alice, houses, look
):
    page = sign_in(phone, alice)
    page.goto("/visits/")
    settled(page)
    page.get_by_role("button", name="把这一页带上路").click()
    expect(page.get_by_role("button", name="已带上")).to_be_visible()
    text = kept_pages(page, 9)
    assert [word for word in ("艾一丽", "花溪路") if word in text] == []
    look(page, "list-pinned")

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("没有信号：这是")).to_be_visible()
    page.locator("a.entry-words").filter(has_text="花溪路2号").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("花溪路2号")
    look(page, "household-offline")
    page.get_by_role("link", name="填报这一户的走访").click()
    expect(page.locator("#filing[data-ready]")).to_be_attached()
    page.goto("/visits/")
    page.get_by_role("link", name="填报 花溪路3号").click()
    expect(page.locator("#filing[data-ready]")).to_be_attached()
    write(page, "在没信号的地方说的")
    look(page, "filing-offline")
    hand_in(page)
    expect(page.get_by_role("heading", name="已存在手机上")).to_be_visible()
    page.get_by_role("link", name="回到我的走访对象").click()
    expect(page.get_by_role("listitem").filter(has_text="花溪路3号")).to_contain_text("手机上等待送出")
    look(page, "list-offline")
    page.goto("/visits/outbox/")
    expect(page.get_by_role("heading", name="花溪路3号")).to_be_visible()
    expect(page.get_by_role("link", name="我的走访对象")).to_be_visible()
    look(page, "offline-frame")
    page.context.set_offline(False)
    arrives(1)
    assert said() == ["在没信号的地方说的"]


def test_each_form_opened_without_a_signal_is_a_visit_of_its_own(phone, sign_in, alice, houses):
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    settled(page)
    kept_pages(page, 1)
    page.context.set_offline(True)
    for note in ("上午没人", "下午没人"):
        page.goto(file_address(houses[0]))
        expect(page.locator("#filing[data-ready]")).to_be_attached()
        expect(page.get_by_text("这一户已有一份在手机上等待送出。")).to_have_count(int(note == "下午没人"))
        page.get_by_label("未遇").check()
        page.get_by_label("手记").fill(note)
        hand_in(page)
        expect(page.get_by_text("没有信号。")).to_be_visible()
    page.context.set_offline(False)
    arrives(2)
    assert sorted(Visit.objects.values_list("note", flat=True)) == ["上午没人", "下午没人"]


def test_signing_out_wipes_the_pages_and_keeps_the_words(phone, sign_in, alice, houses):
    page = sign_in(phone, alice)
    open_form(page, houses[0])
    settled(page)
    page.get_by_label("未遇").check()
    page.get_by_label("手记").fill("写到一半")
    kept_pages(page, 1)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录大走访")).to_be_visible()
    assert pages_are_gone(page)
    page.context.set_offline(True)
    page.goto("/visits/")
    expect(page.get_by_text("手机上的内容锁着")).to_be_visible()
    assert "花溪路" not in page.content()
    assert ask(page, "Store.pages.all().then((rows) => rows.length)") == 0
    sign_in(page, alice)
    page.context.set_offline(False)
    # The frame opens the page by itself once there is a signal.
    expect(page.get_by_role("link", name="填报 花溪路1号")).to_be_visible()
    open_form(page, houses[0])
    expect(page.get_by_label("手记")).to_have_value("写到一半")
    page.get_by_role("button", name="不要了，重新填").click()
    page.get_by_role("button", name="确定不要？再按一次").click()
    expect(page.get_by_text("接着上次没填完的填")).to_be_hidden()
    expect(page.locator("#filing[data-ready]")).to_be_attached()
    expect(page.locator("[name=note]")).to_have_value("")


def test_half_an_idle_day_wipes_the_pages_at_the_first_opening(phone, sign_in, alice, houses):
    page = sign_in(phone, alice)
    page.goto("/visits/")
    settled(page)
    kept_pages(page, 1)
    ask(page, "localStorage.setItem('canvass:seen', Date.now() - 12.1 * 3600 * 1000)")
    page.context.set_offline(True)
    page.goto("/visits/")
    expect(page.get_by_text("手机上的内容锁着")).to_be_visible()
    assert ask(page, "Store.pages.all().then((rows) => rows.length)") == 0
    assert "花溪路" not in page.content()


def test_first_page_of_a_phone_is_small(phone, sign_in, alice, houses):
    """Everything that the list brings along the first time, as compressed as the server sends it."""
    page = sign_in(phone, alice)
    page.goto("/visits/")
    page.wait_for_load_state("networkidle")
    sizes = ask(
        page,
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".map((entry) => [entry.name, entry.encodedBodySize])",
    )
    assert sum(size for _name, size in sizes) < 100_000, sizes
