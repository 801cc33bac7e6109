"""Accounts on paper: the sheet, the scan, the first password, the first page; on a phone, at a desk, in print."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from canvass.roles import Role
from tests import factories, people
from tests.e2e.conftest import PHONE
from tests.signing_in import PASSWORD, PIN, printed, welcome, worker
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A
from visits.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")
LONG_NAME = "阿卜杜热西提·买买提艾力江"


@pytest.fixture
def office():
    factories.campaign()
    return people.bob()


def roster(number):
    """As many people without a sign-in; among them long names, two duties, a long place."""
    factories.place(GRID_B1, name="花溪社区东片滨河安置小区第三综合网格")
    for index in range(number):
        name = (LONG_NAME, "王小花", "欧阳司马上官诸葛")[index % 3]
        cadre = worker(name, GRID_B1 if index % 2 else GRID_A1, phone="", staff_number=f"WD-2018-{index:04d}")
        if index % 4 == 0:
            factories.posting(cadre, Role.GRID_LEADER, GRID_A1)


def test_from_the_printed_sheet_to_the_first_filed_visit(
    page, open_window, sign_in, live_server, office, look
):
    factories.household(address="花溪路8号")
    worker()
    sign_in(page, office)
    page.goto("/admin/grids/cadre/")
    page.get_by_role("checkbox").first.wait_for()
    page.locator("tr", has_text="王小花").locator("input.action-select").check()
    page.locator("select[name=action]").select_option("hand_out_selected")
    page.locator("button[name=index]").click()
    page.get_by_role("button", name="生成二维码").click()
    code = page.locator(".sheet-code").inner_text()

    phone = open_window(**PHONE)
    phone.goto("/welcome/")
    phone.get_by_label("二维码下面的字母和数字").fill(code.lower())
    phone.get_by_role("button", name="下一步").click()
    expect(phone.locator(".who-name")).to_have_text("王小花")
    phone.get_by_label("新密码").fill(PIN)
    phone.get_by_label("再输一遍").fill(PIN)
    phone.get_by_role("button", name="设好密码，进入系统").click()
    expect(phone).to_have_url(f"{live_server.url}/visits/")

    phone.goto("/visits/")
    phone.get_by_role("link", name="花溪路8号").first.click()
    phone.get_by_role("link", name="填报").last.click()
    phone.get_by_text("未遇", exact=True).first.click()
    phone.locator("main form button[type=submit]").last.click()
    expect(phone).not_to_have_url(re.compile("/new/"))
    assert [visit.cadres.get().name for visit in Visit.objects.all()] == ["王小花"]

    phone.get_by_role("button", name="退出").click()
    phone.get_by_label("工号、手机号或账号").fill("138 1234 5678")
    phone.get_by_label("密码", exact=True).fill(PIN)
    phone.get_by_role("button", name="登录").click()
    expect(phone).to_have_url(f"{live_server.url}/visits/")

    other = open_window(**PHONE)
    other.goto("/login/")
    other.get_by_label("工号、手机号或账号").fill("13812345678")
    other.get_by_label("密码", exact=True).fill(PIN)
    other.get_by_role("button", name="登录").click()
    expect(other.get_by_role("alert")).to_contain_text("只在设置它的那部手机")


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_pages_of_the_person_are_accessible_and_fit(open_window, sign_in, look, office, width):
    cadre = worker(LONG_NAME)
    factories.posting(cadre, Role.GRID_LEADER, GRID_A1)
    link = welcome(printed(cadre, office))
    clerk = worker("李四海", VILLAGE_A, role=Role.VILLAGE_OFFICE, phone="")
    window = open_window(viewport={"width": width, "height": 640 if width < 1000 else 768})
    for name, address in {
        "welcome": link,
        "welcome-clerk": welcome(printed(clerk, office)),
        "welcome-dead": welcome("Z" * 26),
        "welcome-code": "/welcome/",
        "login": "/login/",
    }.items():
        window.goto(address)
        look(window, name)
    window.goto(link)
    window.get_by_label("新密码").fill("123456")
    window.get_by_label("再输一遍").fill("123456")
    window.get_by_role("button", name="设好密码，进入系统").click()
    look(window, "welcome-refused")
    window.goto("/login/")
    window.get_by_label("工号、手机号或账号").fill("WD-1")
    window.get_by_label("密码", exact=True).fill("wrong")
    window.get_by_role("button", name="登录").click()
    look(window, "login-refused")
    sign_in(window, factories.user("root", must_change_password=True))
    window.goto("/")
    look(window, "new-password")


@pytest.mark.parametrize("width", [360, 1366])
def test_pages_of_the_office_are_accessible_and_fit(open_window, sign_in, look, office, width):
    roster(9)
    leader = factories.cadre("凌六导")
    factories.posting(leader, Role.LEADING_GROUP, TOWN)
    window = sign_in(open_window(viewport={"width": width, "height": 768}), office)
    window.goto("/sign-ins/")
    look(window, "sheet-places")
    window.get_by_role("link", name=re.compile("王店镇")).click()
    look(window, "sheet-choice")
    window.get_by_role("button", name="生成二维码").click()
    look(window, "sheet")
    window.goto("/admin/grids/cadre/")
    look(window, "roster")


def test_everything_to_tap_is_large_enough(phone, office):
    for address in (welcome(printed(worker(), office)), "/welcome/", "/login/"):
        phone.goto(address)
        small = phone.evaluate(
            """() => [...document.querySelectorAll("main button, main .button, main input:not([type=hidden])")]
            .filter(e => !e.classList.contains("visually-hidden"))
            .map(e => [e.innerText || e.name, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([words, box]) => `${words} ${box.width}x${box.height}`)"""
        )
        assert small == [], address


def test_who_scans_without_javascript_signs_in(phone_without_javascript, live_server, office):
    phone = phone_without_javascript
    phone.goto(welcome(printed(worker(), office)))
    phone.get_by_label("新密码").fill(PASSWORD)
    phone.get_by_label("再输一遍").fill(PASSWORD)
    phone.get_by_role("button", name="设好密码，进入系统").click()
    expect(phone).to_have_url(f"{live_server.url}/visits/")


@pytest.mark.parametrize(("number", "pages"), [(1, 1), (8, 1), (9, 2), (24, 3)])
def test_sheet_prints_eight_whole_cards_on_a_page(open_window, sign_in, office, number, pages):
    roster(number)
    window = sign_in(open_window(), office)
    window.goto(f"/sign-ins/?place={TOWN}")
    window.get_by_role("button", name="生成二维码").click()
    window.emulate_media(media="print")
    cut = window.evaluate(
        """() => [...document.querySelectorAll(".sheet-card")].flatMap(card => {
            const box = card.getBoundingClientRect();
            return [...card.querySelectorAll("*")].filter(part => {
                const own = part.getBoundingClientRect();
                return own.bottom > box.bottom + 0.5 || own.right > box.right + 0.5;
            }).map(part => part.className + " " + part.textContent);
        })"""
    )
    paper = window.pdf(prefer_css_page_size=True)
    if SHOTS:
        (Path(SHOTS) / f"sheet-{number}.pdf").write_bytes(paper)

    assert window.locator(".sheet-card").count() == number
    assert cut == []
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == pages
    assert b"/MediaBox [0 0 59" in paper
