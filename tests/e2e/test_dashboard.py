"""The dashboard on a phone, a desktop and paper, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from campaigns.models import Campaign
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/reports/?as_of=2018-09-30&week=2018-W36"


@pytest.fixture
def leader():
    campaign = factories.campaign()
    worker = factories.cadre()
    for grid in (GRID_A1, GRID_A1, GRID_B1):
        factories.visit(campaign, factories.household(grid), by=[worker])
    factories.household(GRID_B1)
    factories.issue(campaign, state="in_progress", **factories.assigned(factories.department()))
    factories.gathering(campaign)
    return people.leader()


def test_dashboard_is_accessible_on_desktop_and_phone(page, phone, leader, sign_in, look):
    for window in (page, phone):
        sign_in(window, leader).goto(ADDRESS)
        expect(window.locator(".coverage-value")).to_have_text("75.0%")
        look(window, "dashboard")


def test_dashboard_shows_charts_that_fit_the_screen(page, phone, leader, sign_in):
    for window, name in ((page, "wide"), (phone, "narrow")):
        sign_in(window, leader).goto(ADDRESS)
        expect(window.locator(f".chart-{name}").first).to_be_visible()
        assert window.locator(".chart:visible").count() == window.locator(f".chart-{name}").count() == 4


def test_dashboard_fits_a_screen_on_the_wall(open_window, leader, sign_in, look):
    wall = sign_in(open_window(viewport={"width": 1920, "height": 1080}), leader)
    wall.goto(ADDRESS)
    expect(wall.locator(".place-tile")).to_have_count(2)
    look(wall, "dashboard")
    assert wall.evaluate("document.querySelector('.board').getBoundingClientRect().bottom") <= 1080


def test_dashboard_tells_a_rule_on_tap_without_javascript(phone_without_javascript, leader, sign_in):
    phone = sign_in(phone_without_javascript, leader)
    phone.goto(ADDRESS)
    rule = phone.locator(".tile", has_text="走访户次").locator("details").first
    expect(rule.locator("p")).to_be_hidden()
    rule.locator("summary").tap()
    expect(rule.locator("p")).to_have_text("对住户的有效且算作走访的次数。")
    assert rule.locator("summary").bounding_box()["height"] >= 44
    phone.get_by_role("link", name="按日").click()
    expect(phone.locator("#trend-title")).to_have_text("各日走访与问题")


def test_dashboard_leads_to_its_rows_without_javascript(phone_without_javascript, leader, sign_in):
    phone = sign_in(phone_without_javascript, leader)
    phone.goto(ADDRESS)
    phone.locator(".tile", has_text="走访户次").locator("a.value").first.click()
    expect(phone.locator("h1")).to_have_text("走访户次")
    expect(phone.locator(".counted")).to_have_text("共 3 行")
    phone.get_by_role("link", name=re.compile("回到数据页")).click()
    expect(phone.locator("h1")).to_contain_text("王店镇大走访")


def test_figure_rows_are_accessible(page, leader, sign_in, assert_accessible):
    sign_in(page, leader)
    for key in ("visits", "visit_coverage", "gatherings_by_kind", "gathering_attendance"):
        page.goto(f"/reports/figures/{key}/?as_of=2018-09-30")
        assert_accessible(page)


def test_dashboard_prints_on_one_sheet_without_navigation(page, leader, sign_in):
    worker, campaign = factories.cadre(), Campaign.objects.get()
    for number in range(10, 38):  # thirty villages with the two above
        factories.place(f"3304111052{number}", name=f"荷花{number}村")
        factories.visit(campaign, factories.household(f"3304111052{number}0001"), by=[worker])
    for number in range(7):
        office = factories.department(f"第{number}站")
        factories.issue(campaign, state="in_progress", **factories.assigned(office))
    sign_in(page, leader).goto(ADDRESS)
    expect(page.locator(".place-tile")).to_have_count(30)
    page.emulate_media(media="print")
    for hidden in (".top-bar", ".asked-form", ".filters >> nth=0", ".all-figures"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".late-table")).to_be_visible()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
