"""How long a sign-in lasts: half an hour without use at a desk, half a day on a phone, and never for ever."""

import pytest
import time_machine
from django.test import Client

from canvass.roles import Role
from tests import factories, people
from tests.desk import text
from tests.signing_in import DESK_AGENT, PHONE_AGENT, browser, sign_in, signed_in, with_password
from tests.workbooks import TOWN

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 60 * 60
DAY = 24 * HOUR
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Version/16.0 Mobile/15E148 Safari/604.1"
WECHAT_AT_A_DESK = (
    f"{DESK_AGENT} MicroMessenger/7.0.20 NetType/WIFI MiniProgramEnv/Windows WindowsWechat/WMPF"
)


@pytest.fixture
def clock():
    with time_machine.travel("2018-09-03 08:00:00+08:00", tick=False) as travelling:
        yield travelling


def signed_in_at(agent, who=people.alice):
    user, client = with_password(who()), browser(agent)
    assert sign_in(client, user).status_code == 302
    return user, client


@pytest.mark.parametrize(
    ("agent", "seconds"),
    [
        (DESK_AGENT, 30 * MINUTE),
        (WECHAT_AT_A_DESK, 30 * MINUTE),
        ("", 30 * MINUTE),
        (PHONE_AGENT, 12 * HOUR),
        (IPAD, 12 * HOUR),
    ],
)
def test_idle_time_by_device(clock, agent, seconds):
    user, client = signed_in_at(agent)
    clock.shift(seconds - 1)
    assert signed_in(client) == user
    clock.shift(seconds)
    assert signed_in(client) == user
    clock.shift(seconds + 1)
    assert signed_in(client) is None


def test_each_use_begins_the_half_hour_anew(clock):
    _bob, desk = signed_in_at(DESK_AGENT, people.bob)
    for seconds in (10, 29 * MINUTE + 59, 29 * MINUTE + 59):
        clock.shift(seconds)
        assert desk.get("/admin/").status_code == 200
    clock.shift(30 * MINUTE + 1)
    assert desk.get("/admin/").status_code == 302


def test_page_that_asks_by_itself_is_no_use(clock):
    _alice, phone = signed_in_at(PHONE_AGENT)
    for _time in range(3):
        clock.shift(4 * HOUR)
        assert phone.get("/visits/phone-key/", headers={"accept": "application/json"}).status_code == 200
    clock.shift(1)
    answer = phone.get("/visits/phone-key/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


def use_every(client, clock, seconds, until):
    """Signed in after each step, and the seconds after which it was over."""
    passed = 0
    while passed < until:
        clock.shift(seconds)
        passed += seconds
        if client.get("/password/").status_code != 200:
            return passed
    return None


def test_desk_ends_after_twelve_hours_of_use(clock):
    _bob, desk = signed_in_at(DESK_AGENT, people.bob)
    assert use_every(desk, clock, 20 * MINUTE, DAY) == 12 * HOUR + 20 * MINUTE


def test_phone_of_a_visitor_ends_after_a_week_of_use(clock):
    _alice, phone = signed_in_at(PHONE_AGENT)
    assert use_every(phone, clock, 8 * HOUR, 10 * DAY) == 7 * DAY + 8 * HOUR


def test_phone_of_an_office_ends_after_twelve_hours(clock):
    _bob, phone = signed_in_at(PHONE_AGENT, people.bob)
    assert use_every(phone, clock, 6 * HOUR, DAY) == 18 * HOUR


def test_phone_of_whoever_gets_a_higher_duty_ends_sooner(clock):
    alice, phone = signed_in_at(PHONE_AGENT)
    for _time in range(3):
        clock.shift(8 * HOUR)
        assert signed_in(phone) == alice
    factories.posting(alice.cadre, Role.CAMPAIGN_OFFICE, TOWN)
    assert signed_in(phone) is None


# --- What somebody is told ----------------------------------------------------------------------------------


def test_page_after_the_half_hour_leads_back_and_says_why(clock):
    bob, desk = signed_in_at(DESK_AGENT, people.bob)
    clock.shift(30 * MINUTE + 1)

    away = desk.get("/admin/grids/cadre/?q=a")
    page = desk.get(away["Location"])
    back = desk.post(away["Location"], {"username": bob.username, "password": "huaxi-Sep7-walks"})

    assert "30 分钟没有操作，为安全已自动退出" in text(page)
    assert "没有写入" not in text(page)
    assert back["Location"] == "/admin/grids/cadre/?q=a"


def test_longest_time_is_said_too(clock):
    _bob, desk = signed_in_at(DESK_AGENT, people.bob)
    for _time in range(30):
        clock.shift(25 * MINUTE)
        away = desk.get("/admin/")
        if away.status_code != 200:
            break
    assert "这次登录已满 12 小时" in text(desk.get(away["Location"]))


def test_form_after_the_half_hour_is_said_not_to_be_written(clock):
    _bob, desk = signed_in_at(DESK_AGENT, people.bob)
    clock.shift(30 * MINUTE + 1)

    away = desk.post(
        "/admin/grids/department/add/",
        {"name": "镇水利站", "level": "town"},
        headers={"referer": "http://testserver/admin/grids/department/add/?x=1"},
    )

    assert away["Location"].startswith("/login/?next=%2Fadmin%2Fgrids%2Fdepartment%2Fadd%2F%3Fx%3D1&")
    assert "刚才提交的内容没有写入" in text(desk.get(away["Location"]))


@pytest.mark.parametrize("referer", ["", "https://evil.example/a", "//evil.example/"])
def test_form_from_nowhere_leads_to_the_first_page(clock, referer):
    _bob, desk = signed_in_at(DESK_AGENT, people.bob)
    clock.shift(30 * MINUTE + 1)
    away = desk.post("/admin/grids/department/add/", {}, headers={"referer": referer})
    assert away["Location"].startswith("/login/?next=%2F&")


@pytest.mark.parametrize("over", ["idle", "x", "<b>"])
def test_address_says_nothing_of_its_own(client, over):
    page = text(client.get("/login/", {"over": over, "unsent": "1"}))
    assert "自动退出" not in page and "没有写入" not in page


def test_form_of_the_phone_is_told_in_json(clock):
    _alice, phone = signed_in_at(PHONE_AGENT)
    clock.shift(12 * HOUR + 1)
    answer = phone.post("/visits/new/", {}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


def test_signing_out_when_it_was_over_already_just_signs_out(clock):
    _bob, desk = signed_in_at(DESK_AGENT, people.bob)
    clock.shift(30 * MINUTE + 1)
    assert desk.post("/logout/")["Location"] == "/login/"


def test_desk_is_told_by_its_pages_and_the_phone_is_not(client):
    _alice, desk = signed_in_at(DESK_AGENT)
    page = desk.get("/visits/").content.decode()
    assert 'data-seconds="1800"' in page
    _bob, office = signed_in_at(DESK_AGENT, people.bob)
    assert 'data-seconds="1800"' in office.get("/admin/").content.decode()
    _charlie, phone = signed_in_at(PHONE_AGENT, people.charlie)
    assert "data-seconds" not in phone.get("/visits/").content.decode()
    assert "data-seconds" not in client.get("/login/").content.decode()


# --- What nobody can turn back ------------------------------------------------------------------------------


def test_cookie_of_the_last_use_is_good_for_its_own_session_alone(clock):
    _alice, old = signed_in_at(DESK_AGENT)
    clock.shift(31 * MINUTE)
    _bob, new = signed_in_at(DESK_AGENT, people.bob)
    new.get("/password/")

    for value in (new.cookies["last-use"].value, "9999999999", f"9999999999:{'x' * 27}", ""):
        old.cookies["last-use"] = value
        stolen = Client(headers={"user-agent": DESK_AGENT})
        stolen.cookies.update(old.cookies)
        assert signed_in(stolen) is None


def test_session_without_a_beginning_is_over(client):
    """As those from before this rule."""
    client.force_login(people.bob())
    session = client.session
    del session["sign_in_began"], session["sign_in_kind"]
    session.save()
    assert client.get("/admin/").status_code == 302
    assert signed_in(client) is None


def test_last_use_is_kept_by_the_browser_out_of_reach_of_scripts(client):
    client.force_login(people.bob())
    cookie = client.get("/password/").cookies["last-use"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_public_pages_know_nothing_of_it(client):
    client.force_login(people.bob())
    assert "last-use" not in client.get("/s/").cookies
