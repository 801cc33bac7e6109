"""Where somebody is signed in: one's own list, ended one by one or all at once, and nobody else's business."""

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from grids.models import OpenSignIn
from grids.sign_ins import suspend_sign_in
from tests import factories, people
from tests.desk import queries, text
from tests.signing_in import (
    PASSWORD,
    PHONE_AGENT,
    browser,
    printed,
    row,
    sign_in,
    signed_in,
    typed,
    welcome,
    with_password,
    worker,
)

pytestmark = pytest.mark.django_db
PAGE = "/sign-ins/mine/"


@pytest.fixture
def alice():
    return with_password(people.alice())


@pytest.fixture
def desk(alice):
    made = browser()
    sign_in(made, alice)
    return made


@pytest.fixture
def phone(alice):
    made = browser(PHONE_AGENT)
    sign_in(made, alice)
    return made


def rows_of(user):
    return list(OpenSignIn.objects.filter(user=user))


def test_page_tells_where_one_is_signed_in(desk, phone):
    page = text(desk.get(PAGE))

    assert "手机 · 微信 · 安卓" in page
    assert "电脑 · 谷歌内核浏览器 · Windows 就是现在这一处" in page
    assert page.count("就是现在这一处") == 1
    assert "来源地址 127.0.0.1" in page


def test_one_is_ended_at_once(desk, phone, alice):
    desk.post(PAGE, {"end": OpenSignIn.objects.get(device="phone").pk})

    assert phone.get(PAGE)["Location"] == f"/login/?next={PAGE}"
    assert phone.get("/visits/phone-key/", headers={"accept": "application/json"}).status_code == 401
    assert signed_in(desk) == alice
    assert [row.device for row in rows_of(alice)] == ["computer"]


def test_all_others_are_ended_and_this_one_stays(desk, phone, alice):
    third = browser()
    sign_in(third, alice)

    desk.post(PAGE, {"end": "others"})

    assert (signed_in(desk), signed_in(phone), signed_in(third)) == (alice, None, None)
    assert len(rows_of(alice)) == Session.objects.count() == 1


def test_nobody_sees_or_ends_another_ones(desk, alice):
    root = factories.user("root", is_superuser=True)
    theirs = OpenSignIn.objects.get(user=alice).pk
    for other in (people.charlie(), people.bob(), people.system_admin(), root):
        client = Client()
        client.force_login(other)

        assert "Windows" not in text(client.get(PAGE))
        assert client.post(PAGE, {"end": theirs}).status_code == 404
        client.post(PAGE, {"end": "others"})
    assert signed_in(desk) == alice


@pytest.mark.parametrize("typed_end", ["", "x", "0", "-1", "９", "9" * 30])
def test_what_is_no_row_of_one_s_own_is_not_found(desk, typed_end):
    assert desk.post(PAGE, {"end": typed_end}).status_code == 404


def test_page_needs_a_sign_in(client):
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"


def test_page_costs_the_same_with_one_and_with_three(desk, alice):
    one = queries(desk, PAGE)
    for _number in range(2):
        sign_in(browser(PHONE_AGENT), alice)
    assert queries(desk, PAGE) == one


def test_row_goes_with_the_sign_in(desk, alice):
    desk.post("/logout/")
    assert rows_of(alice) == []


def test_row_keeps_a_day_and_no_time(alice):
    """A list of when somebody worked must not come into being."""
    with time_machine.travel("2018-09-03 08:00:00+08:00", tick=False) as clock:
        phone = browser(PHONE_AGENT)
        sign_in(phone, alice)
        for moment in ("2018-09-03 19:00:00+08:00", "2018-09-04 06:30:00+08:00"):
            clock.move_to(moment)
            assert phone.get("/visits/").status_code == 200
        kept = OpenSignIn.objects.values().get()

    moments = {name: str(value) for name, value in kept.items() if name.endswith(("_at", "_on"))}
    assert moments == {
        "began_at": "2018-09-03 00:00:00+00:00",
        "last_used_on": "2018-09-04",
        "ends_at": "2018-09-10 00:00:00+00:00",
    }


def test_what_has_ended_by_itself_is_cleared_away(alice):
    with time_machine.travel("2018-09-03 08:00:00+08:00", tick=False) as clock:
        sign_in(browser(), alice)
        clock.shift(12 * 60 * 60 + 1)
        sign_in(browser(), people_with_password := with_password(people.charlie()))
        assert [row.user for row in OpenSignIn.objects.all()] == [people_with_password]
        clock.shift(36 * 60 * 60 + 1)
        sign_in(browser(), alice)
        assert OpenSignIn.objects.count() == Session.objects.count() == 1


# --- What ends every sign-in --------------------------------------------------------------------------------


def test_suspending_ends_all(desk, phone, alice):
    suspend_sign_in(row(alice.cadre), by=people.bob())

    assert (signed_in(desk), signed_in(phone), rows_of(alice)) == (None, None, [])


def test_new_password_ends_all_but_this_one(desk, phone, alice):
    desk.post("/password/", {"present": PASSWORD, **typed("another-Pass-9")})

    assert (signed_in(desk), signed_in(phone)) == (alice, None)
    page = text(desk.get(PAGE))
    assert page.count("最近使用") == 1 and "就是现在这一处" in page


def test_password_that_an_administrator_sets_ends_all(desk, phone, alice):
    admin = Client()
    admin.force_login(people.system_admin())
    reset = {"password1": "another-Pass-9", "password2": "another-Pass-9"}
    admin.post(f"/admin/grids/user/{alice.pk}/password/", reset)

    assert (signed_in(desk), signed_in(phone), rows_of(alice)) == (None, None, [])


def test_printed_link_ends_all_and_begins_one():
    cadre = worker()
    first = browser(PHONE_AGENT)
    first.post(welcome(printed(cadre, people.bob())), typed())
    cadre.refresh_from_db()

    second = browser()
    second.post(welcome(printed(cadre, people.bob())), typed("another-Pass-9"))

    assert (signed_in(first), signed_in(second)) == (None, cadre.user)
    assert [row.device for row in rows_of(cadre.user)] == ["computer"]
