"""Turning the second step on, signing in with it, and the end of a sign-in: on a phone and at a desk."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grids.models import SecondFactor
from tests import factories, people
from tests.e2e.conftest import DESKTOP, PHONE
from tests.signing_in import PASSWORD, code_of, with_password

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bob():
    factories.campaign()
    return with_password(people.bob())


def fill_in(window, user):
    window.get_by_label("工号、手机号或账号").fill(user.username)
    window.get_by_label("密码", exact=True).fill(PASSWORD)
    window.get_by_role("button", name="登录").click()


def give(window, button, **fields):
    for label, value in fields.items():
        window.get_by_label(label, exact=True).fill(value)
    window.get_by_role("button", name=button, exact=True).click()


@pytest.mark.parametrize("options", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_from_the_first_code_to_a_code_on_paper(open_window, live_server, look, bob, settings, options):
    settings.SECOND_FACTOR_REQUIRED = True
    window = open_window(**options)
    window.goto("/login/?next=/sign-ins/mine/")
    fill_in(window, bob)

    expect(window).to_have_url(f"{live_server.url}/second-factor/")
    look(window, "second-factor")
    secret = window.locator(".factor-secret").inner_text().replace(" ", "")
    give(window, "启用两步验证", 现在的密码=PASSWORD, 验证码=code_of(secret))
    look(window, "recovery-codes")
    paper = window.locator(".recovery-codes li").first.inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", paper)
    window.get_by_role("link", name="抄好了").click()
    window.goto("/second-factor/")
    look(window, "second-factor-on")
    window.get_by_role("button", name="退出").click()

    fill_in(window, bob)
    expect(window).to_have_url(f"{live_server.url}/login/code/")
    look(window, "sign-in-code")
    give(window, "登录", 验证码="000000")
    expect(window.get_by_role("alert")).to_be_visible()
    look(window, "sign-in-code-refused")
    # The code of the enrolment is used up; the next half minute is not here yet.
    give(window, "登录", 验证码=code_of(secret, 1))
    expect(window).not_to_have_url(re.compile("/login/"))
    window.goto("/sign-ins/mine/")
    look(window, "sign-in-list")
    window.get_by_role("button", name="退出").first.click()

    fill_in(window, bob)
    give(window, "登录", 验证码=paper.lower())
    expect(window).not_to_have_url(re.compile("/login/"))
    assert len(SecondFactor.objects.get().recovery_hashes) == 9


def test_others_are_ended_by_a_tap(open_window, look, bob):
    phone, desk = open_window(**PHONE), open_window()
    for window in (phone, desk):
        window.goto("/login/?next=/sign-ins/mine/")
        fill_in(window, bob)
    phone.reload()
    look(phone, "sign-in-list-two")

    phone.get_by_role("button", name="其他地方全部退出").click()
    expect(phone.locator(".messages")).to_contain_text("其他地方都已退出")
    desk.goto("/admin/")
    expect(desk).to_have_url(re.compile("/login/"))


def test_desk_warns_and_typing_is_use(open_window, sign_in, look, bob):
    window = open_window()
    window.clock.install(time=timezone.now())
    sign_in(window, bob)
    window.goto("/password/")
    bar = window.locator("#idle")
    expect(bar).to_be_hidden()

    window.clock.fast_forward("06:00")
    with window.expect_response("**/sign-ins/stay/") as told:
        window.get_by_label("新密码").press_sequentially("huaxi")
    assert told.value.status == 200
    window.clock.fast_forward("24:00")
    expect(bar).to_be_hidden()
    window.clock.fast_forward("02:00")
    expect(bar).to_contain_text("再过几分钟会自动退出")
    look(window, "idle-soon")
    with window.expect_response("**/sign-ins/stay/"):
        bar.get_by_role("button", name="继续").click()
    expect(bar).to_be_hidden()

    window.clock.fast_forward("31:00")
    expect(bar).to_contain_text("您填的内容还在这一页上")
    look(window, "idle-over")


def test_form_outlives_the_sign_in(open_window, sign_in, bob):
    """Signed out in between, signed in again in another window: what was typed is handed in."""
    window = open_window()
    sign_in(window, bob)
    window.goto("/admin/grids/department/add/")
    window.locator("#id_name").fill("镇水利站")
    window.locator("#id_level").select_option("town")

    bob.open_sign_ins.all().delete()
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()
    other = window.context.new_page()
    other.goto("/login/?next=/sign-ins/mine/")
    fill_in(other, bob)
    expect(other.locator("h1")).to_have_text("登录与安全")
    window.evaluate("document.getElementById('idle').hidden = false")
    with window.expect_response("**/sign-ins/stay/") as told:
        window.locator("#idle button").click()
    assert told.value.status == 200
    window.locator("input[name=_save]").click()

    expect(window.locator(".success")).to_contain_text("镇水利站")
