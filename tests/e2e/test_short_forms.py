"""Gatherings, materials, deeds and stay logs from the phone, signal or not, with and without JavaScript."""

import re
import time

import pytest
from playwright.sync_api import expect

from issues.models import Deed
from tests import factories, people
from tests.workbooks import GRID_A2, VILLAGE_A
from visits.models import Gathering, Handout, StayLog

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = {**PHONE, "viewport": {"width": 320, "height": 640}}
PAGES = {
    "gathering": "/visits/gatherings/new/",
    "handout": "/visits/handouts/new/",
    "stay-log": "/visits/stays/new/",
    "deed": "/visits/deeds/new/",
}


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


def open_form(page, kind):
    page.goto(PAGES[kind])
    expect(page.locator("#filing[data-ready]")).to_be_attached()


def hand_in(page):
    page.get_by_role("button", name="登记", exact=True).click()


def arrives(model, count, seconds=15):
    until = time.monotonic() + seconds
    while model.objects.count() < count and time.monotonic() < until:
        time.sleep(0.05)
    assert model.objects.count() == count


@pytest.mark.parametrize("window", [PHONE, SMALL], ids=["360", "320"])
def test_pages_are_clear_on_a_small_phone(open_window, sign_in, alice, campaign, look, window):
    mate = factories.cadre("毛队友")
    factories.team(campaign, alice.cadre, mate)
    page = sign_in(open_window(**window), alice)
    for kind in PAGES:
        open_form(page, kind)
        look(page, f"{kind}-empty")
        hand_in(page)
        if kind == "stay-log":
            expect(page.locator("#filing").get_by_text("请写下日志。")).to_be_visible()
            look(page, f"{kind}-refused")
            page.get_by_label("日志").fill("白天帮着收稻子\n夜里聊了灌溉渠")
            hand_in(page)
            expect(page.get_by_text("已登记。")).to_be_visible()
            look(page, f"{kind}-filed")
            page.get_by_text("填错了？作废这一份").click()
            look(page, f"{kind}-void")
    factories.handout(campaign, "3304111052010001", created_by=alice)
    factories.gathering(campaign, "3304111052010001", created_by=alice, topic="防汛防台和用电安全")
    page.goto("/visits/records/")
    expect(page.get_by_role("heading", name="我最近登记的")).to_be_visible()
    expect(page.get_by_text("手机上有一份要改").first).to_be_visible()
    look(page, "records-mine")


def test_gathering_without_a_signal_waits_and_arrives_once(phone, sign_in, alice, look):
    page = sign_in(phone, alice)
    open_form(page, "gathering")
    page.get_by_label("类型").select_option("evening_talk")
    page.get_by_label("主题").fill("防汛")
    page.get_by_label("参加人数").fill("40")
    page.context.set_offline(True)
    hand_in(page)
    card = page.locator("#handed-in li")
    expect(card.get_by_role("heading", name="宣讲活动 · 防汛")).to_be_visible()
    expect(card.get_by_text("没有信号。")).to_be_visible()
    assert not Gathering.objects.exists()
    look(page, "gathering-waiting")
    page.context.set_offline(False)
    arrives(Gathering, 1)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("已送达", exact=True)).to_be_visible()
    page.get_by_role("link", name="打开看").click()
    expect(page.get_by_role("heading", name="纳凉会 · 防汛")).to_be_visible()
    row = Gathering.objects.get()
    assert (row.topic, row.attendance) == ("防汛", 40)
    assert list(row.speakers.values_list("name", flat=True)) == ["艾一丽"]


def test_draft_of_each_form_is_there_again_and_of_no_other(phone, sign_in, alice):
    page = sign_in(phone, alice)
    open_form(page, "stay-log")
    page.get_by_label("日志").fill("写到一半\n还没写完")
    open_form(page, "deed")
    expect(page.get_by_label("内容")).to_have_value("")
    page.get_by_label("内容").fill("疏通下水道")
    open_form(page, "stay-log")
    expect(page.get_by_label("日志")).to_have_value("写到一半\n还没写完")
    page.goto("/visits/outbox/")
    expect(page.get_by_role("heading", name="实事 · 疏通下水道")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("蹲点日志 · "))).to_be_visible()


def test_form_that_was_taken_along_opens_and_is_filed_offline(phone, sign_in, alice):
    page = sign_in(phone, alice)
    page.goto("/visits/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/visits/records/")
    page.get_by_role("button", name="把这一页带上路").click()
    expect(page.get_by_text("已带上，没信号也能填")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("link", name="登记 实事").click()
    expect(page.get_by_text("没有信号：这是")).to_be_visible()
    expect(page.locator("#filing[data-ready]")).to_be_attached()
    page.get_by_label("内容").fill("修好路灯")
    hand_in(page)
    expect(page.locator("#handed-in li").get_by_text("没有信号。")).to_be_visible()
    page.context.set_offline(False)
    arrives(Deed, 1)
    assert Deed.objects.get().content == "修好路灯"


def test_other_content_under_one_identity_is_decided_by_the_person(phone, sign_in, alice, look):
    page = sign_in(phone, alice)
    open_form(page, "deed")
    identity = page.locator("[name=client_id]").input_value()
    row = factories.deed(factories.campaign("x"), created_by=alice, client_id=identity, content="第一份")
    page.get_by_label("内容").fill("第二份")
    hand_in(page)
    expect(page.locator("#handed-in").get_by_text("要您决定")).to_be_visible()
    look(page, "deed-conflict")
    page.get_by_role("button", name="是另外一份：另外登记").click()
    arrives(Deed, 2)
    assert set(Deed.objects.values_list("content", flat=True)) == {"第一份", "第二份"}
    assert row.pk


def test_all_of_it_works_without_javascript(phone_without_javascript, sign_in, campaign):
    factories.place(GRID_A2)
    page = sign_in(phone_without_javascript, people.person("visitor", VILLAGE_A, "艾一丽"))
    page.goto("/visits/records/")
    page.get_by_role("link", name="登记 资料发放").click()
    page.get_by_label("宣传册").fill("30")
    page.get_by_label("联系卡").fill("12")
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert sorted(Handout.objects.values_list("kind", "copies")) == [("booklet", 30), ("contact_card", 12)]
    page.goto(PAGES["stay-log"])
    hand_in(page)
    expect(page.get_by_text("请写下日志。")).to_be_visible()
    page.get_by_label("日志").fill("收稻子")
    hand_in(page)
    expect(page.get_by_text("已登记。")).to_be_visible()
    page.get_by_text("填错了？作废这一份").click()
    page.get_by_label("原因").fill("填错了")
    page.get_by_role("button", name="确认作废").click()
    expect(page.get_by_text("已作废。记录还在")).to_be_visible()
    assert StayLog.objects.get().is_void
