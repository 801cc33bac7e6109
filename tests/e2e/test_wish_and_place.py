"""On the phone: who wants an answer, where one stands, and whom to call at once; with a signal and without."""

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.visits.forms import file_address
from visits.models import AnswerWish, Visit

from .conftest import PHONE
from .test_outbox import arrives, ask, hand_in, kept_pages, open_form, write

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "13812341234"
NARROW = {**PHONE, "viewport": {"width": 320, "height": 568}}
HERE = {"latitude": 30.6354321, "longitude": 120.7546789}


@pytest.fixture
def alice():
    factories.campaign(duty_name="值班室 老陈", duty_phone="0573-80000110")
    return people.alice()


@pytest.fixture
def house(alice):
    return factories.household(address="王店镇花溪社区梅里人家小区12幢2单元301室")


def wants_an_answer(page, way="电话", number=NUMBER):
    row = page.get_by_role("group", name="第 1 条")
    row.get_by_label("要答复", exact=True).check()
    row.get_by_label(way, exact=True).check()
    if number:
        row.get_by_label("联系电话").fill(number)
    return row


@pytest.mark.parametrize("window", [PHONE, NARROW], ids=["360", "320"])
def test_tick_reveals_how_and_the_number_goes_when_it_is_not_wanted(
    open_window, sign_in, alice, house, look, window
):
    page = sign_in(open_window(**window), alice)
    open_form(page, house)
    write(page, "一下雨门口就积水")
    row = page.get_by_role("group", name="第 1 条")
    expect(row.get_by_text("怎么答复")).to_be_hidden()
    row.get_by_label("要答复", exact=True).check()
    expect(row.get_by_text("怎么答复")).to_be_visible()
    expect(row.get_by_text("不要答复")).to_have_count(0)
    expect(row.get_by_label("联系电话")).to_be_hidden()
    row.get_by_label("短信", exact=True).check()
    row.get_by_label("联系电话").fill(NUMBER)
    row.get_by_label("可以让承办单位知道是谁说的").check()
    look(page, "wish-form")
    row.get_by_label("上门", exact=True).check()
    expect(row.get_by_label("联系电话")).to_be_hidden()
    row.get_by_label("电话", exact=True).check()
    expect(row.get_by_label("联系电话")).to_have_value("")
    row.get_by_label("要答复", exact=True).uncheck()
    expect(row.get_by_text("怎么答复")).to_be_hidden()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert not AnswerWish.objects.exists()


def test_draft_brings_the_wish_back_and_a_bad_number_is_told(phone, sign_in, alice, house, look):
    page = sign_in(phone, alice)
    open_form(page, house)
    write(page, "一下雨门口就积水")
    wants_an_answer(page, number="1381234")
    page.get_by_role("button", name="再加一条诉求").click()
    second = page.get_by_role("group", name="第 2 条")
    second.get_by_label("原话").fill("路灯不亮")
    second.get_by_label("问题", exact=True).check()
    second.get_by_label("要答复", exact=True).check()
    second.get_by_label("凭回执自己查").check()
    page.goto("/visits/")
    open_form(page, house)
    row = page.get_by_role("group", name="第 1 条")
    expect(row.get_by_label("联系电话")).to_have_value("1381234")
    expect(page.get_by_role("group", name="第 2 条").get_by_label("凭回执自己查")).to_be_checked()
    hand_in(page)
    expect(row.get_by_text("请填 11 位手机号码")).to_be_visible()
    look(page, "wish-refused")
    row.get_by_label("联系电话").fill(NUMBER)
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    rows = AnswerWish.objects.order_by("pk").values_list("way", "phone")
    assert list(rows) == [("phone", NUMBER), ("receipt", "")]
    expect(page.get_by_text("138****1234")).to_be_visible()
    look(page, "wish-visit")
    page.get_by_role("link", name="看号码").click()
    page.get_by_label("原因").fill("回电告知")
    look(page, "contact-asks-why")
    page.get_by_role("button", name="写明原因，看号码").click()
    expect(page.get_by_role("link", name=NUMBER)).to_be_visible()
    look(page, "contact-shown")


def test_wish_and_rounded_place_arrive_from_a_form_that_was_kept_offline(
    open_window, sign_in, alice, house, look
):
    page = sign_in(open_window(**PHONE, geolocation=HERE, permissions=["geolocation"]), alice)
    page.goto("/visits/")
    ask(page, "navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("button", name="把这一页带上路").click()
    expect(page.get_by_text("已带上，没信号也能填")).to_be_visible()
    kept_pages(page, 2)
    page.context.set_offline(True)
    page.goto(file_address(house))
    expect(page.locator("#filing[data-ready]")).to_be_attached()
    page.get_by_text("紧急报告").click()
    for name in ("报警 110", "急救 120", "值班室 老陈 0573-80000110"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
    look(page, "urgent-offline")
    write(page, "一下雨门口就积水")
    wants_an_answer(page)
    page.get_by_text("时间、走访人、方式").click()
    page.get_by_role("button", name="记下位置").click()
    expect(page.get_by_text("已记位置 30.635，120.755")).to_be_visible()
    look(page, "place-kept")
    hand_in(page)
    expect(page.get_by_text("没有信号。")).to_be_visible()
    page.get_by_text("看看写了什么").click()
    expect(page.get_by_text("一下雨门口就积水").last).to_be_visible()
    expect(page.get_by_text(NUMBER)).to_have_count(0)
    page.context.set_offline(False)
    ask(page, "Outbox.flush(true)")
    arrives(1)
    visit = Visit.objects.get()
    assert (str(visit.latitude), str(visit.longitude)) == ("30.635", "120.755")
    assert list(AnswerWish.objects.values_list("way", "phone")) == [("phone", NUMBER)]


def test_place_is_never_asked_by_itself_stays_rounded_in_the_draft_and_can_be_taken_off(
    open_window, sign_in, alice, house
):
    page = sign_in(open_window(**PHONE, geolocation=HERE, permissions=["geolocation"]), alice)
    page.add_init_script(
        "window.asked = 0; const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; real(...all); };"
    )
    open_form(page, house)
    page.get_by_label("未遇").check()
    page.get_by_text("时间、走访人、方式").click()
    assert page.evaluate("window.asked") == 0
    page.get_by_role("button", name="记下位置").click()
    expect(page.get_by_text("已记位置 30.635，120.755")).to_be_visible()
    assert (
        page.evaluate("Object.fromEntries(new FormData(document.getElementById('filing'))).latitude")
        == "30.635"
    )
    page.goto("/visits/")
    open_form(page, house)
    page.get_by_text("时间、走访人、方式").click()
    expect(page.get_by_text("已记位置 30.635，120.755")).to_be_visible()
    assert page.evaluate("window.asked") == 0
    page.get_by_role("button", name="去掉").click()
    expect(page.get_by_role("button", name="记下位置")).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert Visit.objects.get().latitude is None


def test_place_that_is_not_allowed_stops_nothing(phone, sign_in, alice, house):
    page = sign_in(phone, alice)
    open_form(page, house)
    page.get_by_label("未遇").check()
    page.get_by_text("时间、走访人、方式").click()
    page.get_by_role("button", name="记下位置").click()
    expect(page.get_by_text("不记也可以登记。")).to_be_visible()
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()


def test_without_javascript_all_of_the_wish_is_there_and_the_place_is_not(
    phone_without_javascript, sign_in, alice, house
):
    page = sign_in(phone_without_javascript, alice)
    page.goto(file_address(house))
    page.get_by_label("见面", exact=True).check()
    page.get_by_label("原话").fill("一下雨门口就积水")
    page.get_by_label("问题", exact=True).check()
    expect(page.get_by_label("不要答复")).to_be_checked()
    wants_an_answer(page, way="短信")
    page.get_by_text("紧急报告").click()
    expect(page.get_by_role("link", name="报警 110")).to_be_visible()
    box = page.locator(".urgent > summary").bounding_box()
    assert box["height"] >= 44
    page.get_by_text("时间、走访人、方式").click()
    expect(page.get_by_role("button", name="记下位置")).to_be_hidden()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("要答复：短信")).to_be_visible()
    assert list(AnswerWish.objects.values_list("way", "phone")) == [("text", NUMBER)]
