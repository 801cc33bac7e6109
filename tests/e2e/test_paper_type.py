"""A clerk types sheets of paper in, without touching the mouse; without JavaScript too."""

import time

import pytest
from playwright.sync_api import expect

from tests import factories, people
from visits.models import Opinion, Visit

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/visits/typing/"


@pytest.fixture
def clerk():
    factories.campaign()
    for n in (1, 2, 3):
        address = f"花溪社区梅园小区12幢3单元{n}02室"
        factories.household(address=address, number=f"WDH0000{n}", holder_name="欧阳三丰")
    people.alice()
    return people.village_office()


class Keys:
    """The keyboard, with a count of the keys that are no text."""

    def __init__(self, page):
        self.page, self.pressed, self.typed = page, 0, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text):
        """As from a keyboard for digits and letters, as from an input method for Chinese."""
        plain = text.isascii()
        (self.page.keyboard.type if plain else self.page.keyboard.insert_text)(text)
        self.typed += len(text)

    def line(self, *texts):
        """Each text and Enter."""
        for text in texts:
            if text:
                self.type(text)
            self.press("Enter")


def opened(page):
    page.goto(PAGE)
    page.locator("#typing[data-ready]").wait_for()
    expect(page.get_by_label("门牌")).to_be_focused()
    return Keys(page)


def filed(page, rows):
    expect(page.locator("#typed > li")).to_have_count(rows)
    expect(page.get_by_label("门牌")).to_be_focused()
    expect(page.get_by_label("门牌")).to_have_value("")


def test_three_rows_are_filed_by_keyboard_alone(page, sign_in, clerk, look):
    sign_in(page, clerk)
    keys, begun = opened(page), time.monotonic()
    # Found by its number, with words.
    keys.line("WDH00001", "910", "1930", "1", "艾一丽", "2", "1", "一下雨门口就积水", "", "老人在家")
    filed(page, 1)
    # A scanner types the code of the door and Enter; nobody was in. Day and people stay.
    keys.line(f"{page.url.split('/visits')[0]}/visits/new/?entry=WDH00002&campaign=wangdian-2018")
    expect(page.get_by_label("门牌")).to_have_value("花溪社区梅园小区12幢3单元202室")
    keys.line("", "19：40", "3")
    keys.press("Control+Enter")
    filed(page, 2)
    # Found by part of the address, chosen from the list with the arrow.
    keys.type("梅园")
    expect(page.get_by_role("option")).to_have_count(3)
    keys.press("ArrowDown", "ArrowDown", "ArrowDown")
    keys.line("", "", "20", "见面", "", "1", "", "")
    filed(page, 3)
    seconds = time.monotonic() - begun
    print(f"\n3 rows: {keys.pressed} keys besides {keys.typed} of text, {seconds / 3:.1f} s a row by machine")
    look(page, "paper-type")
    rows = Visit.objects.order_by("pk").values_list("entry__number", "outcome", "people_met", "note")
    assert list(rows) == [
        ("WDH00001", "met", 2, "老人在家"),
        ("WDH00002", "not_in", None, ""),
        ("WDH00003", "met", 1, ""),
    ]
    assert set(Visit.objects.values_list("origin", "filed_by")) == {("paper", clerk.pk)}
    assert Opinion.objects.get().collector.name == "艾一丽"
    assert keys.pressed <= 33


def test_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(page, sign_in, clerk, look):
    sign_in(page, clerk)
    keys = opened(page)
    keys.line("梅园小区12幢3单元", "13月40日", "930", "1", "W-404", "2", "", "老人在家")
    expect(page.get_by_text("有 3 户对得上，请选一户。")).to_be_visible()
    expect(page.get_by_label("门牌")).to_be_focused()
    expect(page.get_by_text("没有“13月40日”这一天")).to_be_visible()
    look(page, "paper-type-wrong")
    keys.press("ArrowDown", "Enter")
    keys.type("910")
    keys.press("Control+Enter")
    expect(page.get_by_text("没有工号或姓名为 W-404 的人员")).to_be_visible()
    expect(page.get_by_label("走访人")).to_be_focused()
    page.reload()
    page.locator("#typing[data-ready]").wait_for()
    expect(page.get_by_label("门牌")).to_have_value("花溪社区梅园小区12幢3单元102室")
    expect(page.get_by_label("手记")).to_have_value("老人在家")
    page.get_by_label("走访人").focus()
    page.get_by_label("走访人").fill("艾一丽")
    keys.press("Control+Enter")
    filed(page, 1)
    assert Visit.objects.get().entry.number == "WDH00001"


def test_double_enter_and_a_lost_answer_make_one_visit(page, sign_in, clerk):
    sign_in(page, clerk)
    keys = opened(page)
    row = ("WDH00001", "910", "930", "3", "艾一丽", "", "", "没人")
    page.route(f"**{PAGE}", lambda route: (route.fetch(), route.abort()))  # it arrives, its answer does not
    keys.line(*row)
    expect(page.get_by_text("没有送到")).to_be_visible()
    page.unroute(f"**{PAGE}")
    page.get_by_label("手记").focus()
    keys.press("Enter", "Enter")
    expect(page.get_by_text("没有重复")).to_be_visible()
    assert Visit.objects.count() == 1


def test_row_under_a_used_identity_is_told_and_may_be_filed_on_its_own(page, sign_in, clerk):
    sign_in(page, clerk)
    keys = opened(page)
    used = page.locator("[name=client_id]").input_value()
    keys.line("WDH00001", "910", "930", "3", "艾一丽", "", "", "没人")
    filed(page, 1)
    page.evaluate("id => { document.getElementById('typing').elements.client_id.value = id; }", used)
    keys.line("WDH00002", "", "940", "3", "", "", "", "")
    expect(page.get_by_text("这一行先前已经登记过，内容不一样")).to_be_visible()
    expect(page.get_by_role("button", name="另作一行登记")).to_be_focused()
    keys.press("Enter")
    filed(page, 2)
    assert Visit.objects.count() == 2


def test_row_is_filed_without_javascript(phone_without_javascript, sign_in, clerk):
    page = sign_in(phone_without_javascript, clerk)
    page.goto(PAGE)
    page.get_by_label("门牌").fill("梅园小区12幢3单元")
    page.keyboard.press("Enter")
    page.get_by_label("花溪社区梅园小区12幢3单元202室").check()
    for label, text in [("日期", "910"), ("时间", "930"), ("结果", "3"), ("走访人", "艾一丽")]:
        page.get_by_label(label, exact=False).first.fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_text("已登记：花溪社区梅园小区12幢3单元202室。")).to_be_visible()
    expect(page.get_by_label("日期")).to_have_value("910")
    expect(page.get_by_label("走访人")).to_have_value("艾一丽")
    assert Visit.objects.get().entry.number == "WDH00002"


def test_page_fits_a_phone(phone, sign_in, clerk, look):
    sign_in(phone, clerk)
    opened(phone)
    look(phone, "paper-type")
