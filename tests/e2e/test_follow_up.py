"""From the department's reply to struck off, and the look-back after it, on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.issues.asking import IN_LOT, heard_by, requested
from tests.issues.moving import an_issue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue():
    """Something in every lot; two residents spoke of what is to be asked about, one lives across the village."""
    campaign = factories.campaign(second_check_percent=0)
    issues = {lot: make(campaign=campaign, title=f"花溪路积水（{lot}）") for lot, make in IN_LOT.items()}
    issue = issues["check"]
    issue.result = "已更换井盖两处，疏通雨水管四十米，现场试水正常，并向住户作了说明。"
    issue.save()
    heard_by(issue, None, number="SQ1", entry=factories.household(address="花溪路7号"))
    merged = an_issue("merged", campaign=campaign, merged_into=issue)
    heard_by(
        merged, None, number="SQ2", words_verbatim="井盖一踩就响，晚上睡不着", entry=factories.household()
    )
    own = people.bob()
    heard_by(IN_LOT["ask"](campaign=campaign), own.cadre)
    requested("ask_void", campaign=campaign, title="重复登记的路灯问题")
    return own


@pytest.mark.parametrize("width", [360, 1366])
def test_office_asks_every_resident_and_closes(open_window, sign_in, look, queue, width):
    window = sign_in(open_window(viewport={"width": width, "height": 640}, java_script_enabled=False), queue)
    window.goto("/issues/")
    window.get_by_role("link", name="回访队列").click()
    expect(window.get_by_role("heading", name="花溪路积水（check）")).to_be_visible()
    window.get_by_role("link", name="转回访").click()
    window.get_by_role("button", name="转回访").click()
    expect(window.locator("main")).to_contain_text("这里没有等着办的问题")

    window.get_by_role("link", name="待回访").click()
    expect(window.locator("main")).to_contain_text("1 件由您经手或走访，须由他人回访")
    window.get_by_role("link", name="记回访").click()
    window.get_by_label("问的是哪条诉求").select_option(index=1)
    window.get_by_label("回访方式").select_option("phone")
    window.get_by_label("回访结果").select_option("solved")
    window.get_by_label("满意度").select_option("satisfied")
    window.get_by_label("群众原话").fill("不响了")
    window.get_by_role("button", name="记回访").click()
    expect(window.locator("main")).to_contain_text("2 条诉求，已问 1 条")
    window.get_by_role("link", name="花溪路积水（check）").click()
    expect(window.locator("main")).to_contain_text("还没有单独问过")
    window.locator("main").get_by_role("link", name="返回", exact=True).click()
    expect(window.locator("main")).to_contain_text("2 条诉求，已问 1 条")


@pytest.mark.parametrize("width", [360, 1366])
def test_every_lot_fits_and_is_accessible(open_window, sign_in, look, queue, width):
    window = sign_in(open_window(viewport={"width": width, "height": 640}), queue)
    for lot in IN_LOT:
        window.goto(f"/issues/follow-up/?lot={lot}")
        look(window, f"follow-up-{lot}")
    window.get_by_role("link", name="批准延期").click()
    look(window, "follow-up-extend")
    window.goto("/issues/follow-up/")
    window.get_by_role("link", name="转回访").click()
    window.get_by_role("button", name="转回访").click()
    window.goto("/issues/follow-up/?lot=ask")
    look(window, "follow-up-voices")
    window.get_by_role("link", name="记回访").click()
    look(window, "follow-up-heard")
    window.get_by_label("问的是哪条诉求").select_option(index=2)
    window.get_by_label("回访方式").select_option("phone")
    window.get_by_label("回访结果").select_option("partly")
    window.get_by_label("满意度").select_option("mostly")
    window.get_by_label("群众原话").fill("不响了，就是路面还有点低")
    window.get_by_role("button", name="记回访").click()
    window.get_by_role("link", name="花溪路积水（check）").click()
    look(window, "follow-up-issue")
    window.goto("/issues/follow-up/?lot=look_back")
    window.get_by_role("link", name="回头看 I").click()
    window.get_by_label("回访方式").select_option("door")
    window.get_by_label("回访结果").select_option("not_solved")
    window.get_by_label("满意度").select_option("dissatisfied")
    window.get_by_role("button", name="回头看").click()
    expect(window.locator("main")).to_contain_text("群众说没有解决")
    look(window, "follow-up-unsolved")


@pytest.mark.parametrize("width", [360, 1366])
def test_old_closing_is_continued(open_window, sign_in, look, width):
    issue = an_issue("closed", campaign=factories.campaign(), closed_at=factories.at("2026-01-05"))
    heard_by(issue, None, words_verbatim="雨一大井盖就冒水，孩子上学要绕路，冬天结冰更不好走")
    heard_by(issue, None)
    window = sign_in(open_window(viewport={"width": width, "height": 640}), people.bob())
    window.goto(f"/issues/{issue.pk}/")
    window.get_by_role("link", name="登记接续的新问题").click()
    look(window, "continue")
    window.get_by_label("标题").fill("")
    window.get_by_role("button", name="受理").click()
    look(window, "continue-refused")
    window.get_by_label("标题").fill("花溪路又积水")
    window.get_by_role("button", name="受理").click()
    expect(window.locator("main")).to_contain_text(f"接续 {issue.number}")
    look(window, "continued")
