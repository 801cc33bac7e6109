"""Solved on the spot: the visitor says so, the grid leader looks into it, and the visitor reads what became of it."""

import pytest
from playwright.sync_api import expect

from issues.models import Issue, SpotRefusal
from tests import factories, people
from tests.factories import at
from tests.issues.moving import grid_leader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor():
    """Told of a lamp and of a pipe on one visit, and dealt with both."""
    campaign, alice = factories.campaign(), people.alice()
    home = factories.household(address="花溪路12号3单元402室")
    visit = factories.visit(campaign, home, by=[alice.cadre], filed_by=alice)
    for number, words, done, when in [
        ("SQ000021", "楼道里的路灯不亮，老人晚上下楼看不见", "当场联系物业，换了灯泡", "2018-09-03 19:40"),
        ("SQ000022", "厨房的水管接头漏水，找了几次没人来", "帮着拧紧了接头", "2018-09-03 19:45"),
    ]:
        factories.opinion(
            campaign,
            visit=visit,
            entry=home,
            collector=alice.cadre,
            created_by=alice,
            number=number,
            words_verbatim=words,
            done_on_spot=done,
            heard_at=at(when),
        )
    return alice


def look_into_both(page, look):
    page.goto("/visits/to-check/")
    expect(page.get_by_text("说是当场解决的，请核实")).to_be_visible()
    look(page, "spot-list")
    page.get_by_role("link", name="核实 SQ000021").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("当场解决了吗？")
    look(page, "spot-check")
    page.get_by_role("button", name="确认当场解决").click()
    expect(page.get_by_text("已确认当场解决：")).to_be_visible()
    expect(page.get_by_text("拧紧了接头")).to_be_visible()
    page.get_by_text("没有解决", exact=True).click()
    page.get_by_role("button", name="没有解决，交活动办").click()
    expect(page.get_by_text("请写明为什么没有解决。")).to_be_visible()
    look(page, "spot-refused-without-reason")
    page.get_by_label("为什么没有解决").fill("晚上还在滴水，要换管子")
    page.get_by_role("button", name="没有解决，交活动办").click()
    expect(page.get_by_text("没有解决，已交活动办分拣。")).to_be_visible()
    assert Issue.objects.get().category_id == "0402"
    assert SpotRefusal.objects.get().reason == "晚上还在滴水，要换管子"


def test_grid_leader_looks_and_visitor_reads_the_outcome_on_a_phone(
    open_window, phone, sign_in, look, visitor
):
    look_into_both(sign_in(phone, grid_leader()), look)
    mine = sign_in(open_window(viewport={"width": 360, "height": 640}), visitor)
    mine.goto("/visits/mine/")
    expect(mine.get_by_text("当场解决，已经核实")).to_be_visible()
    expect(mine.get_by_text("晚上还在滴水，要换管子")).to_be_visible()
    look(mine, "spot-mine")
    desk = sign_in(open_window(), people.bob())
    desk.goto("/issues/triage/")
    expect(desk.get_by_text("核实没有解决")).to_be_visible()
    desk.get_by_role("link", name="分拣 SQ000022").click()
    expect(desk.get_by_text("晚上还在滴水，要换管子")).to_be_visible()
    look(desk, "spot-triage")


def test_grid_leader_needs_no_javascript(phone_without_javascript, sign_in, visitor):
    look_into_both(sign_in(phone_without_javascript, grid_leader()), lambda page, name: None)


@pytest.mark.parametrize("width", [320, 1366])
def test_pages_fit_any_window(open_window, sign_in, look, visitor, width):
    window = sign_in(open_window(viewport={"width": width, "height": 640}), people.bob())
    window.goto("/visits/to-check/")
    window.get_by_role("link", name="核实 SQ000021").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("当场解决了吗？")
    look(window, "spot-check")
    window.goto("/issues/triage/")
    window.get_by_role("link", name="分拣 SQ000021").click()
    expect(window.get_by_role("heading", name="确认当场解决")).to_be_visible()
    look(window, "spot-triage-offers")
