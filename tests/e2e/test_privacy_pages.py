"""The notice and a householder's name, in a browser: read by a stranger, opened for a reason.

SHOTS=/some/folder keeps a picture of each page.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import factories, people

pytestmark = pytest.mark.django_db(transaction=True)


def look(window, name):
    if folder := os.environ.get("SHOTS"):
        window.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def entry(campaign):
    return factories.household(address="花溪路12号", holder_name="张三丰", number="H001")


def test_stranger_reads_the_notice_on_a_phone_and_at_a_desk(
    page, phone, live_server, campaign, assert_accessible
):
    for window, name in ((page, "desk"), (phone, "phone")):
        window.goto(f"{live_server.url}/notices/{campaign.code}/")
        expect(window.get_by_role("heading", name="个人信息告知书")).to_be_visible()
        expect(window.get_by_role("heading", name="您的权利")).to_be_visible()
        assert_accessible(window)
        look(window, f"notice-{name}")


def test_worker_opens_the_name_at_the_door_for_a_reason(
    phone, live_server, sign_in, entry, assert_accessible
):
    sign_in(phone, people.alice())
    phone.goto(f"{live_server.url}/visits/entries/H001/")
    look(phone, "household")
    phone.get_by_role("link", name="看户名").click()
    expect(phone.get_by_text("张*")).to_be_visible()
    look(phone, "holder-asked")
    phone.get_by_label("原因").fill("上门要称呼")
    phone.get_by_role("button", name="写明原因，看户名").click()
    expect(phone.get_by_text("张三丰")).to_be_visible()
    assert_accessible(phone)
    look(phone, "holder-shown")
    phone.get_by_role("link", name="返回").click()
    expect(phone.get_by_text("张三丰")).to_have_count(0)


def test_form_leads_to_the_notice_and_back_with_all_that_was_typed(phone, live_server, sign_in, entry):
    sign_in(phone, people.alice())
    phone.goto(f"{live_server.url}/visits/new/?entry=H001")
    expect(phone.locator("#filing[data-ready]")).to_be_attached()
    phone.get_by_label("未遇", exact=True).check()
    look(phone, "form")
    phone.get_by_role("link", name="个人信息告知书（第 1 版）").click()
    expect(phone.get_by_role("heading", name="个人信息告知书")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_label("未遇", exact=True)).to_be_checked()


def test_office_publishes_the_next_version(page, live_server, sign_in, campaign):
    sign_in(page, people.bob())
    page.goto(f"{live_server.url}/admin/campaigns/privacynotice/")
    look(page, "desk-list")
    page.get_by_role("link", name="发布下一版").click()
    expect(page.get_by_label("保存多久")).to_have_value(
        "活动结束后 180 天内，清除居民的姓名和电话号码；不含个人信息的统计数字继续保存。"
    )
    look(page, "desk-form")
    page.get_by_label("保存多久").fill("活动结束后 90 天内清除。")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("告知书第 2 版").first).to_be_visible()
    page.goto(f"{live_server.url}/notices/{campaign.code}/")
    expect(page.get_by_text("活动结束后 90 天内清除。")).to_be_visible()
