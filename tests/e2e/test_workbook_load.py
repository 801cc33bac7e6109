"""The office loads a workbook in the browser: upload, look, confirm, done."""

import pytest
from playwright.sync_api import expect

from grids.models import RegisterEntry
from tests import factories, people
from tests.workbooks import GRID_A1, sample, workbook
from visits.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


def choose(page, content, name="王店.xlsx"):
    content = workbook(content) if isinstance(content, dict) else content
    page.goto("/reports/workbook/load/")
    page.locator("#id_file").set_input_files({"name": name, "mimeType": "", "buffer": content})


@pytest.mark.parametrize("window", ["page", "phone_without_javascript"])
def test_workbook_load_from_upload_to_figures(request, window, sign_in):
    page = sign_in(request.getfixturevalue(window), people.bob())
    factories.campaign()
    factories.household(GRID_A1, number="H001", address="花溪路旧1号")
    choose(page, sample())
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("检查通过")).to_be_visible(timeout=20000)
    expect(page.locator("del").filter(has_text="花溪路旧1号")).to_be_visible()
    assert not Visit.objects.exists()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已导入“王店镇大走访”")).to_be_visible(timeout=20000)
    expect(page.get_by_role("link", name="查看数字")).to_have_attribute(
        "href", "/reports/?campaign=wangdian-2018"
    )
    assert Visit.objects.count() == len(sample()["走访记录"])
    assert RegisterEntry.objects.get(number="H001").address == "花溪路1号"


def test_workbook_load_shows_errors_that_a_clerk_can_mend(page, sign_in, assert_accessible):
    sign_in(page, people.bob())
    sheets = sample()
    sheets["走访记录"][0]["开始时间"] = "2018-13-40"
    choose(page, sheets)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("alert")).to_contain_text("有 1 处错误", timeout=20000)
    expect(page.get_by_role("cell", name="2018-13-40")).to_be_visible()
    assert_accessible(page)


def test_workbook_load_pages_are_accessible(page, phone, sign_in, assert_accessible, look):
    user = people.bob()
    factories.campaign()
    for window in (page, phone):
        sign_in(window, user)
        choose(window, sample())
        assert_accessible(window)
        window.get_by_role("button", name="上传并检查").click()
        expect(window.get_by_text("检查通过")).to_be_visible(timeout=20000)
        look(window, "workbook-load")


def test_workbook_template_downloads(page, sign_in):
    sign_in(page, people.bob())
    page.goto("/reports/workbook/load/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载空白模板").click()
    assert download.value.suggested_filename == "活动表格模板.xlsx"
