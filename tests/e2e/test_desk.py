"""From the department's desk to the answer that a resident reads, on a phone and at a desk."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from issues.models import IssueOpinion, IssueSupport
from issues.receipts import receipt_for
from tests import factories, people
from tests.issues.moving import TODAY, an_issue, head, make
from tests.issues.supervising import slip_on

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receipt():
    """A desk with something in every lot; the receipt is of the issue that is answered here."""
    campaign = factories.campaign()

    def one(state, title, **fields):
        return an_issue(state, campaign=campaign, title=title, category_code="0704", **fields)

    late = one(
        "in_progress", "梅南社区育才新村安置房墙面渗水，住户多次反映", due_at=factories.at("2018-09-14")
    )
    slip_on(late, colour="red", answer_due_on=TODAY - timedelta(days=1))
    make(one("replied", "圣塘浜村后浜下水道堵"), "rework", reason="雨后路面又积水，只清了表面淤泥")
    one("assigned", "老人出行加装扶手")
    make(one("in_progress", "花溪路口红绿灯时间太短"), "ask_extension", reason="等交警部门回函")
    make(one("in_progress", "文昌里社区停车难"), "wait", reason="等业委会会议纪要")
    other = one("in_progress", "南梅村灌溉渠清淤", lead_department=factories.department("镇农办"))
    IssueSupport.objects.create(issue=other, department=factories.department())
    answered = one("in_progress", "新农桥村北庄雨水管破裂")
    opinion = factories.opinion(campaign)
    IssueOpinion.objects.create(issue=answered, opinion=opinion)
    return receipt_for(opinion, by=None)


@pytest.mark.parametrize("width", [360, 1366])
def test_clerk_prepares_the_head_answers_and_the_resident_reads_it(
    open_window, sign_in, look, receipt, width
):
    window = open_window(viewport={"width": width, "height": 640 if width == 360 else 768})
    sign_in(window, people.clerk()).goto("/issues/")
    expect(window.locator("h1")).to_have_text("本单位待办")
    look(window, "desk-clerk")
    window.get_by_role("link", name="签收", exact=True).click()
    window.get_by_role("button", name="签收").click()
    expect(window.locator("main")).to_contain_text("已签收")
    window.locator(".filters").get_by_role("link", name="办理中").click()
    look(window, "desk-working")
    row = window.locator("li.card", has_text="雨水管破裂")
    row.get_by_role("link", name="记进展").click()
    look(window, "note")
    window.get_by_label("说明").fill("9 月 5 日换好新的雨水管，长 12 米。")
    window.get_by_role("button", name="记进展").click()
    expect(row).to_contain_text("长 12 米")

    sign_in(window, head()).goto("/issues/")
    look(window, "desk-head")
    row.get_by_role("link", name="答复").click()
    look(window, "reply")
    window.get_by_label("说明").fill("更换雨水管 12 米")
    window.get_by_label("套用范本").select_option(label="已经办好")
    window.get_by_role("button", name="套用").click()
    expect(window.get_by_label("给群众的答复")).to_be_focused()
    expect(window.get_by_label("说明")).to_have_value("更换雨水管 12 米")
    look(window, "reply-text-used")
    window.get_by_label("办结方式").select_option("substantive")
    window.get_by_role("button", name="答复").click()
    expect(window.locator("main")).to_contain_text("还有空没有填好")
    look(window, "reply-with-gaps")
    window.get_by_label("给群众的答复").fill("您反映的雨水管已经换好。\n再有问题请打电话 0573-83250000。")
    window.get_by_role("button", name="预览").click()
    preview = window.locator(".preview blockquote").inner_text()
    look(window, "reply-preview")
    window.get_by_role("button", name="答复").click()
    expect(window.locator("main")).to_contain_text("已答复")

    window.context.clear_cookies()
    window.goto(f"/s/{receipt.typed_code}/")
    assert window.locator("blockquote").inner_text() == preview


def test_enter_in_a_line_makes_the_move_and_neither_uses_a_text_nor_previews(open_window, sign_in):
    issue = an_issue("accepted")
    window = sign_in(open_window(**PHONE, java_script_enabled=False), people.bob())
    window.goto(f"/issues/{issue.pk}/move/transfer/")
    window.get_by_label("说明").fill("不归本镇管")
    window.get_by_label("应向何处反映").last.fill("区水务局")
    window.get_by_label("已告知何人").fill("已当面告知")
    window.get_by_label("已告知何人").press("Enter")
    expect(window.locator("main")).to_contain_text("已移交")


def test_office_is_told_what_is_wrong_with_a_template(page, sign_in):
    window = sign_in(page, people.bob())
    window.goto("/admin/issues/answertemplate/add/")
    window.get_by_label("名称").fill("雨水管")
    window.get_by_label("用于").select_option("reply")
    window.get_by_label("内容").fill("您好，{resident}")
    window.get_by_role("button", name="保存", exact=True).click()
    expect(window.locator("body")).to_contain_text("不认识 {resident}")
    window.get_by_label("内容").fill("雨水管已于{today}换好。{department}")
    window.get_by_role("button", name="保存", exact=True).click()
    expect(window.locator("body")).to_contain_text("雨水管")
