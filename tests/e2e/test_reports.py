"""A report is made, looked at and read: on the office's desktop and on a phone without JavaScript."""

import pytest
from playwright.sync_api import expect

from reports.models import PublishedReport
from tests import factories, people
from tests.reports.issuing import issued
from tests.workbooks import GRID_A1, GRID_B1

pytestmark = pytest.mark.django_db(transaction=True)
DRAFT = "/reports/weekly/2018-W36/draft/"


@pytest.fixture
def campaign():
    made = factories.campaign()
    for grid in (GRID_A1, GRID_B1):
        factories.visit(made, factories.household(grid), by=[factories.cadre()])
    factories.household(GRID_B1)
    factories.issue(made, state="in_progress", **factories.assigned(factories.department()))
    return made


def test_weekly_report_is_typed_issued_and_read(page, phone, campaign, sign_in, look):
    sign_in(page, people.bob()).goto(DRAFT)
    page.get_by_label("下周安排").fill("补访未遇户")
    page.get_by_role("button", name="存下草稿").click()
    expect(page.get_by_text("草稿已存下")).to_be_visible()
    look(page, "report-draft")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_text("已发出：周报 2018-W36 第 1 版")).to_be_visible()
    look(page, "report-edition")

    sign_in(phone, people.leader()).goto("/reports/weekly/2018-W36/")
    expect(phone.locator(".report-title")).to_have_text("王店镇大走访周报")
    look(phone, "report-edition")
    phone.goto("/reports/editions/")
    expect(phone.get_by_role("link", name="周报 2018-W36 第 1 版")).to_be_visible()
    look(phone, "report-list")


def test_draft_works_on_a_phone_without_javascript(phone_without_javascript, campaign, sign_in, look):
    factories.visit(campaign, factories.household())
    phone = sign_in(phone_without_javascript, people.bob())
    phone.goto(DRAFT)
    expect(phone.get_by_text("走访户次 3，大于走访干部人次 2。")).to_be_visible()
    expect(phone.get_by_role("button", name="发出")).to_be_disabled()
    phone.get_by_label("改不了而要照发的理由").fill("补登的走访缺走访人")
    phone.get_by_role("button", name="写明理由照发").click()
    expect(phone.get_by_text("鲍二柏决定照发：补登的走访缺走访人")).to_be_visible()
    phone.get_by_role("button", name="发出").click()
    expect(phone.locator(".report-statement", has_text="核对未通过而照发")).to_be_visible()
    assert PublishedReport.objects.get().edition == 1


def test_edition_prints_without_what_is_round_it(page, campaign, sign_in):
    issued(campaign)
    factories.visit(campaign, factories.household(), by=[factories.cadre()])
    sign_in(page, people.leader()).goto("/reports/weekly/2018-W36/")
    expect(page.locator("ins.now").first).to_be_visible()

    page.emulate_media(media="print")

    expect(page.locator(".report-title")).to_be_visible()
    for outside in (".report-tools", "ins.now", ".top-bar"):
        expect(page.locator(outside).first).to_be_hidden()
