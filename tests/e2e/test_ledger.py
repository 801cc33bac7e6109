"""A department's ledger goes out, is filled in, compared and confirmed, on a phone and at a desk."""

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from issues.enums import IssueState
from tests import people
from tests.issues.moving import an_issue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1366, 768)])
def test_the_ledger_there_and_back(open_window, sign_in, look, tmp_path, width, height):
    first = an_issue(IssueState.IN_PROGRESS)
    an_issue(IssueState.ASSIGNED, campaign=first.campaign, title="路灯不亮")
    window = sign_in(open_window(viewport={"width": width, "height": height}), people.clerk())
    window.goto("/issues/")
    look(window, "ledger-link")
    window.get_by_role("link", name="台账往返").click()
    look(window, "ledger")
    with window.expect_download() as waiting:
        window.get_by_role("button", name="导出台账").click()
    file = tmp_path / "ledger.xlsx"
    waiting.value.save_as(file)
    book = load_workbook(file)
    book.active["G2"] = book.active["G3"] = "已进场施工"
    book.save(file)
    window.set_input_files("input[type=file]", file)
    window.get_by_role("button", name="上传并比对").click()
    expect(window.get_by_role("status")).to_contain_text("可以办 1 行，不能办 1 行。还没有写入任何数据。")
    look(window, "ledger-compared")
    window.get_by_role("button", name="确认办理 1 行").click()
    expect(window.get_by_role("status")).to_contain_text("已办 1 行，未办 1 行。")
    look(window, "ledger-done")
    first.refresh_from_db()
    assert first.steps.filter(move="note").count() == 1
