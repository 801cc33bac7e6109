"""The residents' bulletin on a phone, at a desk, in large letters and on paper; the office's pages behind it."""

import pytest
from playwright.sync_api import expect

from tests.reports.bulletining import WORDS, example, four_villages, public

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/bulletin/wangdian-2018/"


@pytest.fixture
def office():
    campaign, issues = four_villages()
    made = public(campaign)
    example(issues[0], made)
    return made


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_bulletin_is_accessible_and_fits_the_width(open_window, look, office, width):
    window = open_window(viewport={"width": width, "height": 640})
    window.goto(ADDRESS)
    expect(window.get_by_role("heading", name=WORDS["title"])).to_be_visible()
    look(window, "bulletin")
    window.get_by_role("button", name="长辈版").click()
    expect(window.locator("html.elder")).to_have_count(1)
    expect(window.get_by_role("heading", name=WORDS["title"])).to_be_visible()
    look(window, "bulletin-elder")


def test_bulletin_prints_its_numbers_and_examples(page, look, office):
    page.goto(ADDRESS)
    page.emulate_media(media="print")
    expect(page.get_by_text(WORDS["answer"])).to_be_visible()
    expect(page.locator(".footer")).to_be_hidden()
    expect(page.get_by_role("link", name="查询办理情况")).to_be_hidden()
    expect(page.get_by_text(f"{page.url.split('/bulletin/')[0]}/s/")).to_be_visible()
    look(page, "bulletin-print")


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_office_s_pages_are_accessible_and_fit_the_width(open_window, sign_in, look, office, width):
    window = sign_in(open_window(viewport={"width": width, "height": 640}), office)
    window.goto("/reports/editions/")
    expect(window.get_by_text("4 个村没有填报")).to_have_count(2)
    look(window, "edition-list-ready")
    window.goto("/reports/bulletin/")
    expect(window.get_by_text("已公开")).to_be_visible()
    look(window, "bulletin-office")
    window.locator(".bulletin-candidates a").first.click()
    expect(window.get_by_role("heading", name="写一个简报例子")).to_be_visible()
    for name, words in (("标题", WORDS["title"]), ("群众反映", "电话13812345678"), ("办理和答复", "好了")):
        window.get_by_label(name).fill(words)
    window.get_by_role("button", name="检查并预览").click()
    expect(window.get_by_text("文字里有电话号码（138****5678），请删去。")).to_be_visible()
    look(window, "bulletin-example-refused")
    window.get_by_label("群众反映").fill(WORDS["text"])
    window.get_by_role("button", name="检查并预览").click()
    expect(window.get_by_role("heading", name="群众会看到")).to_be_visible()
    look(window, "bulletin-example-preview")
    window.get_by_role("button", name="就这样公开").click()
    expect(window.get_by_role("heading", name=WORDS["title"])).to_have_count(2)
