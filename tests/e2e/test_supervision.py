"""A slip from the department's desk to the office's signed reason, on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from campaigns.calendar import last_year_in_library
from tests import factories, people
from tests.issues.supervising import overdue, slip_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slips():
    campaign = factories.campaign()
    blue, red = overdue(campaign, days=-1), overdue(campaign, days=20)
    return [
        slip_on(blue, colour="blue", cause="due_soon"),
        slip_on(overdue(campaign), colour="yellow"),
        slip_on(red, colour="red", cause="long_overdue", answer_due_on=factories.at("2018-09-05").date()),
    ]


@pytest.mark.parametrize("width", [360, 1366])
def test_department_answers_the_office_lifts_and_a_leader_takes_the_case(
    open_window, sign_in, look, slips, width
):
    leader = people.leader()
    factories.team(slips[0].campaign, name="花溪路排水专班")
    window = sign_in(open_window(viewport={"width": width, "height": 640}), people.clerk())
    window.goto("/issues/supervision/")
    look(window, "desk-of-a-department")
    window.get_by_role("link", name="回复督办").first.click()
    look(window, "answer")
    window.get_by_role("button", name="回复督办").click()
    expect(window.locator("main")).to_contain_text("请写明说明")
    look(window, "answer-refused")
    window.get_by_label("说明").fill("配件已到，明天上午修好路灯")
    window.get_by_role("button", name="回复督办").click()
    expect(window.locator("main")).to_contain_text(f"已回复督办单 {slips[2]}")

    sign_in(window, people.bob()).goto("/issues/supervision/")
    expect(window.locator("main")).to_contain_text("配件已到，明天上午修好路灯")
    look(window, "desk-of-the-office")
    window.get_by_role("link", name="说明理由并解除").first.click()
    window.get_by_label("说明").fill("已现场核实修好")
    look(window, "lift")
    window.get_by_role("button", name="解除督办").click()
    expect(window.locator("main li.card")).to_have_count(2)

    window.goto(f"/issues/{slips[2].issue_id}/")
    expect(window.locator("main")).to_contain_text("已说明理由解除")
    look(window, "issue")

    window.get_by_role("link", name="确定包案领导").click()
    window.get_by_label("包案领导").select_option(label=leader.display_name)
    window.get_by_label("专班队伍").select_option(label="花溪路排水专班")
    window.get_by_label("化解方案").fill("先抽水，再改管，月底验收")
    look(window, "case")
    window.get_by_role("button", name="存下").click()
    window.get_by_role("link", name="记录三方会审").click()
    look(window, "review")
    window.get_by_label("专班参加人员").fill("镇环保所、镇城建办")
    window.get_by_label("法律专家").fill("区司法局律师")
    window.get_by_label("会审意见").fill("管网改造可行，依法立项")
    window.get_by_role("button", name="存下").click()
    expect(window.locator("main")).to_contain_text("管网改造可行，依法立项")
    look(window, "issue-with-a-case")


def test_calendar_is_filled_by_a_button(page, sign_in):
    window = sign_in(page, people.bob())
    window.goto("/admin/campaigns/calendarday/")
    window.get_by_role("link", name="按国家安排填入某年").click()
    window.get_by_label("年份").select_option(str(last_year_in_library()))
    window.get_by_role("button", name="确认按国家安排填入某年").click()
    expect(window.locator("body")).to_contain_text(f"{last_year_in_library()} 年已填入")
