"""A clerk takes words out of an issue where they do not belong, and sorts them anew."""

import pytest
from playwright.sync_api import expect

from issues.models import Issue
from tests import factories, people
from tests.factories import at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lamp():
    """A lamp in the park, spoken of by two; one meant the bridge. A third spoke of an issue merged into it."""
    campaign = factories.campaign()
    made = factories.issue(campaign, title="公园路灯不亮", number="WT000012", category_code="0704")
    merged = factories.issue(
        campaign,
        title="广场边路灯",
        number="WT000015",
        category_code="0704",
        state="merged",
        merged_into=made,
    )
    for issue, number, words in [
        (made, "SQ000031", "公园里的路灯不亮，老人摔了一跤"),
        (made, "SQ000032", "桥头的路灯也不亮，晚上骑车看不见。已经和你们说过两次了，希望这次能修好。"),
        (merged, "SQ000040", "广场边上也是黑的"),
    ]:
        heard = factories.opinion(
            campaign, words_verbatim=words, number=number, heard_at=at("2018-09-03 19:40")
        )
        issue.opinion_links.create(opinion=heard, at=at("2018-09-05 09:10"), by=people.bob())
    return made


def take_out(page, look):
    page.goto(f"/issues/{Issue.objects.get(number='WT000012').pk}/")
    look(page, "take-out-issue")
    page.get_by_role("link", name="移出 SQ000032").click()
    look(page, "take-out")
    page.get_by_role("button", name="移出诉求").click()
    expect(page.get_by_text("请写明为什么移出。")).to_be_visible()
    look(page, "take-out-refused")
    page.get_by_label("为什么移出").fill("说的是桥头，不是公园")
    page.get_by_role("button", name="移出诉求").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("分拣 SQ000032")
    expect(page.get_by_text("曾归入问题 WT000012")).to_be_visible()
    look(page, "take-out-sorted-anew")


def assert_taken_out(page, look, lamp):
    page.goto(f"/issues/{lamp.pk}/")
    expect(page.get_by_text("说的是桥头，不是公园")).to_be_visible()
    expect(page.get_by_role("link", name="移出")).to_have_count(0)
    look(page, "take-out-history")
    page.goto(f"/issues/joins/{lamp.opinion_links.standing().get().pk}/take-out/")
    expect(page.get_by_role("alert")).to_contain_text("仅有的诉求")
    look(page, "take-out-last")


def test_words_are_taken_out_at_a_desk(page, sign_in, look, lamp):
    sign_in(page, people.bob())
    take_out(page, look)
    assert_taken_out(page, look, lamp)


def test_words_are_taken_out_on_a_phone_without_javascript(
    open_window, phone_without_javascript, sign_in, look, lamp
):
    bob = people.bob()
    take_out(sign_in(phone_without_javascript, bob), lambda page, name: None)
    assert_taken_out(sign_in(open_window(viewport={"width": 360, "height": 640}), bob), look, lamp)


def test_pages_fit_a_phone_and_what_is_tapped_is_large_enough(phone, sign_in, look, lamp):
    sign_in(phone, people.bob())
    take_out(phone, look)
    phone.goto(f"/issues/joins/{lamp.opinion_links.standing().get().pk}/take-out/")
    phone.goto(f"/issues/{lamp.pk}/")
    small = phone.evaluate(
        """() => [...document.querySelectorAll("main .button, main .link-button")]
        .map(e => [e.innerText, e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([words]) => words)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_narrowest_window_holds_the_page(open_window, sign_in, look, lamp, width):
    window = sign_in(open_window(viewport={"width": width, "height": 640}), people.bob())
    window.goto(f"/issues/joins/{lamp.opinion_links.first().pk}/take-out/")
    look(window, "take-out-page")
