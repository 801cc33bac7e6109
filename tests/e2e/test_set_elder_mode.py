"""Elder mode in the hand: switched in place, remembered, and followed by what was kept on the phone."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.visits.forms import file_address

from .filing import ask, becomes_true

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    factories.campaign()
    return people.alice()


def is_elder(page, yes=True):
    """The class, and letters of 24 px for 16."""
    root = page.locator("html")
    (expect(root).to_have_class if yes else expect(root).not_to_have_class)(re.compile("elder"))
    expect(page.locator("body")).to_have_css("font-size", "24px" if yes else "16px")


def test_switch_without_javascript_comes_back_to_the_same_page(phone_without_javascript, sign_in, alice):
    page = sign_in(phone_without_javascript, alice)
    page.goto("/visits/?q=12")
    page.get_by_role("button", name="长辈版").first.click()
    expect(page.get_by_role("button", name="标准版").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/visits/\?q=12$"))
    is_elder(page)
    page.goto("/visits/new/")
    is_elder(page)
    page.get_by_role("button", name="标准版").click()
    expect(page.get_by_role("button", name="长辈版")).to_be_visible()
    is_elder(page, False)


def test_switch_loses_nothing_typed_and_lasts(phone, sign_in, alice):
    page = sign_in(phone, alice)
    page.goto(file_address(factories.household()))
    expect(page.locator("#filing[data-ready]")).to_be_attached()
    page.get_by_label("未遇").check()
    page.get_by_label("手记").fill("写到一半")
    with page.expect_request("**/elder/") as asked:
        page.get_by_role("button", name="长辈版").click()
    assert asked.value.post_data == "elder=1"
    is_elder(page)
    expect(page.get_by_label("手记")).to_have_value("写到一半")
    expect(page.get_by_role("button", name="标准版")).to_be_focused()
    page.goto("/visits/")
    is_elder(page)


def test_paper_is_printed_in_its_own_size(page, sign_in, alice):
    sign_in(page, alice).goto("/visits/")
    page.get_by_role("button", name="长辈版").first.click()
    is_elder(page)
    page.emulate_media(media="print")
    expect(page.locator("body")).to_have_css("font-size", "16px")


def test_pages_kept_on_the_phone_and_the_frame_follow_the_switch(phone, sign_in, alice):
    entry = factories.household()
    page = sign_in(phone, alice)
    page.goto("/visits/")
    ask(page, "navigator.serviceWorker.ready.then(() => undefined)")
    becomes_true(page, "Store.pages.all().then((rows) => rows.length)")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("没有信号：这是")).to_be_visible()
    is_elder(page, False)
    page.get_by_role("button", name="长辈版").first.click()
    is_elder(page)
    page.reload()
    expect(page.get_by_text("没有信号：这是")).to_be_visible()
    is_elder(page)
    page.goto(f"/visits/entries/{entry.number}/")
    expect(page.get_by_role("heading", name="没有信号")).to_be_visible()
    is_elder(page)
    page.get_by_role("button", name="标准版").click()
    is_elder(page, False)
