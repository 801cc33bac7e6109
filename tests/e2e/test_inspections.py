"""An inspector draws visits, asks at the doors, and the grid leader reads which doors to visit again."""

from datetime import date

import pytest
from playwright.sync_api import expect

from canvass.roles import Role
from reports.models import Inspection, InspectionSample
from tests import factories, people
from tests.reports.inspecting import visits_of
from tests.workbooks import GRID_A1, GRID_B1

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visits():
    campaign, alice = factories.campaign(last_on=date(2100, 1, 1)), people.alice()
    factories.place(GRID_A1)
    visits_of(campaign, alice, grid=GRID_B1)
    return visits_of(campaign, alice, 3, note="说了门口积水的事，已记下原话。", people_met=None)


def draw_and_ask(window, look):
    window.goto("/reports/inspections/")
    expect(window.get_by_text("今天没有等着问的走访。")).to_be_visible()
    window.get_by_role("link", name="抽取走访").click()
    expect(window.get_by_role("button", name="抽取")).to_be_visible()
    look(window, "sample-draw")
    window.get_by_label("先抽有提示的").check()
    window.get_by_label("抽几条").fill("0")
    window.get_by_role("button", name="抽取").click()
    expect(window.get_by_text("至少抽 1 条。")).to_be_visible()
    window.get_by_label("抽几条").fill("4")
    window.get_by_role("button", name="抽取").click()
    expect(window.get_by_text("从 4 条可抽的走访里抽了 4 条")).to_be_visible()
    look(window, "sample-detail")
    window.get_by_role("link", name="花溪路2号").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("花溪路2号")
    window.get_by_label("上门").check()
    window.get_by_label("联系上，不属实").check()
    window.get_by_role("button", name="记下").click()
    expect(window.get_by_text("请写明与记录有什么不一样。")).to_be_visible()
    look(window, "inspection-record-refused")
    window.get_by_label("群众原话").fill("这个月没见有人来过")
    window.get_by_label("核查情况").fill("没有人来过")
    window.get_by_role("button", name="记下").click()
    expect(window.get_by_text("已记下抽查结果。")).to_be_visible()
    expect(window.get_by_text("0.0%").first).to_be_visible()
    look(window, "inspection-list")
    assert Inspection.objects.get().found == "没有人来过"
    assert InspectionSample.objects.get().method == "flagged"


def test_inspector_asks_and_grid_leader_reads_the_doors(open_window, phone, page, sign_in, look, visits):
    draw_and_ask(sign_in(phone, people.inspector()), look)
    phone.goto(f"/reports/inspections/visits/{visits[1].pk}/")
    expect(phone.get_by_text("这个月没见有人来过")).to_be_visible()
    look(phone, "inspection-recorded")
    leader = sign_in(
        open_window(viewport={"width": 360, "height": 640}),
        people.person(Role.GRID_LEADER, GRID_A1, "葛八长"),
    )
    leader.goto("/visits/to-check/")
    leader.get_by_role("link", name="补访清单").click()
    expect(leader.get_by_role("link", name="花溪路2号", exact=True)).to_be_visible()
    look(leader, "make-up-list")
    desk = sign_in(page, people.bob())
    desk.goto("/reports/inspections/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("抽查")
    look(desk, "inspection-list")
    desk.goto("/reports/make-up/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("补访清单")
    look(desk, "make-up-list")


def test_inspection_needs_no_javascript(phone_without_javascript, sign_in, visits):
    draw_and_ask(sign_in(phone_without_javascript, people.inspector()), lambda page, name: None)
