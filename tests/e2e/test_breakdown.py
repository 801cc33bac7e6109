"""Breakdowns on a phone, a desktop and paper: asked, compared, saved, without JavaScript too."""

import pytest
from playwright.sync_api import expect

from campaigns.models import Campaign
from reports.models import SavedView
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/reports/breakdown/?as_of=2018-09-30"
COMPARED = f"{ADDRESS}&week=2018-W37&compare=before&figure=visits&figure=people_met&figure=late_filed_share&figure=households"


@pytest.fixture
def office():
    campaign = factories.campaign()
    worker, officer = factories.cadre(), factories.cadre(category="police_officer")
    factories.team(campaign, worker, name="花溪村走访一队")
    for grid, day in ((GRID_A1, "2018-09-04"), (GRID_A1, "2018-09-05"), (GRID_B1, "2018-09-11")):
        entry = factories.household(grid)
        factories.visit(campaign, entry, by=[worker, officer], started_at=at(f"{day} 10:00"), origin="form")
    factories.issue(campaign, state="in_progress", **factories.assigned(factories.department()))
    return people.bob()


def test_breakdown_is_accessible_on_desktop_and_phone(page, phone, office, sign_in, look):
    for window in (page, phone):
        sign_in(window, office)
        for name, address in (
            ("breakdown", ADDRESS),
            ("compared", COMPARED),
            ("team", f"{ADDRESS}&level=team"),
        ):
            window.goto(address)
            expect(window.locator(".breakdown tfoot th")).to_have_text("合计")
            look(window, name)
        window.goto(COMPARED)
        window.locator(".asking > summary").click()
        expect(window.get_by_label("地方")).to_be_visible()
        look(window, "breakdown-form")


def test_saved_views_are_accessible(phone, office, sign_in, look):
    campaign = Campaign.objects.get()
    view = SavedView.objects.create(
        owner=office, campaign=campaign, name="每周各村对比", query="level=village", is_shared=True
    )
    sign_in(phone, office).goto("/reports/breakdown/views/")
    expect(phone.get_by_role("link", name="每周各村对比", exact=True)).to_be_visible()
    look(phone, "saved_view_list")
    phone.goto(f"/reports/breakdown/views/{view.pk}/edit/")
    expect(phone.get_by_label("名称")).to_have_value("每周各村对比")
    look(phone, "saved_view_edit")


def test_breakdown_keeps_the_place_in_sight_on_a_phone(phone, office, sign_in):
    sign_in(phone, office).goto(ADDRESS)
    expect(phone.locator(".breakdown")).to_be_visible()
    sizes = phone.evaluate(
        """() => {
          const frame = document.querySelector(".table-frame"), name = frame.querySelector("tbody th");
          frame.scrollLeft = 400;
          return [document.documentElement.scrollWidth, frame.scrollLeft > 100,
                  Math.round(name.getBoundingClientRect().left - frame.getBoundingClientRect().left) <= 1];
        }"""
    )
    assert sizes == [360, True, True]


def test_breakdown_is_asked_and_saved_without_javascript(phone_without_javascript, office, sign_in):
    phone = sign_in(phone_without_javascript, office)
    phone.goto(ADDRESS)
    phone.locator(".asking > summary").click()
    phone.get_by_label("一周").select_option("2018-W37")
    phone.get_by_label("与上一时段比").check()
    phone.get_by_role("button", name="查看").click()
    expect(phone.locator(".breakdown tfoot .gap").first).to_be_visible()
    phone.get_by_text("保存现在的条件").click()
    phone.get_by_label("名称").fill("每周对比")
    phone.get_by_role("button", name="保存").click()
    expect(phone.get_by_text("已保存视图“每周对比”。")).to_be_visible()
    phone.get_by_role("link", name="改名、共享或删除").click()
    expect(phone.locator("h1")).to_have_text("保存的视图")
    phone.get_by_role("link", name="修改“每周对比”").click()
    expect(phone.locator("h1")).to_have_text("修改视图")
    phone.get_by_role("button", name="删除这个视图").click()
    expect(phone.get_by_text("已删除视图“每周对比”。")).to_be_visible()


def test_breakdown_leads_to_its_rows(page, office, sign_in):
    sign_in(page, office).goto(f"{ADDRESS}&level=team&figure=visits")
    page.locator(".breakdown tbody a.value").first.click()
    expect(page.locator(".counted")).to_have_text("共 3 行")
    expect(page.locator(".card .soft.small")).to_contain_text("花溪村走访一队")


def test_breakdown_prints_across_a4(page, office, sign_in):
    sign_in(page, office).goto(COMPARED)
    expect(page.locator(".breakdown")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".asking")).to_be_hidden()
    expect(page.locator(".breakdown")).to_be_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 841." in pdf
