"""The sign-in page: by name, staff number or phone; one sentence for all that is wrong; five tries."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canvass.roles import Role
from canvass.sign_in import FAILURES, FAILURES_BY_ADDRESS
from grids.sign_ins import suspend_sign_in
from tests import factories, people
from tests.desk import text
from tests.signing_in import PASSWORD, PIN, neighbour, printed, signed_in, typed, welcome, worker

pytestmark = pytest.mark.django_db


def sign_in(client, username, password=PASSWORD, **extra):
    return client.post("/login/", {"username": username, "password": password}, **extra)


@pytest.fixture
def cadre():
    made = worker(staff_number="WD-017")
    made.user = factories.user("xiaohua", password=PASSWORD)
    made.save()
    return made


@pytest.mark.parametrize(
    "name",
    [
        "xiaohua",
        "WD-017",
        "wd-017",
        "ＷＤ－０１７",
        "13812345678",
        "138 1234 5678",
        "１３８　１２３４　５６７８",
        " WD-017 ",
    ],
)
def test_each_name_of_a_person_opens(client, cadre, name):
    assert sign_in(client, name).status_code == 302
    assert signed_in(client) == cadre.user


@pytest.mark.parametrize("name", ["1381234567", "138123456789", "王小花", "", "XIAOHUA", "WD-01"])
def test_other_texts_open_nothing(client, cadre, name):
    sign_in(client, name)
    assert signed_in(client) is None


def test_shared_phone_number_opens_nothing(client, cadre):
    worker(user=factories.user(password="another-Pass-9"))

    for password in (PASSWORD, "another-Pass-9"):
        sign_in(client, "13812345678", password)
        assert signed_in(client) is None
    assert sign_in(client, "WD-017").status_code == 302


@pytest.mark.parametrize("other", ["no sign-in", "suspended"])
def test_phone_number_of_somebody_who_cannot_sign_in_does_not_count(client, cadre, other):
    twin = worker()
    if other == "suspended":
        twin.user = factories.user(password="another-Pass-9")
        twin.save()
        suspend_sign_in(twin, by=people.bob())

    assert sign_in(client, "13812345678").status_code == 302
    assert signed_in(client) == cadre.user


def test_name_of_an_account_goes_before_a_staff_number(client, cadre):
    """Nobody draws another one's sign-in to himself by a staff number that he thinks up."""
    worker(staff_number="xiaohua", phone="", user=factories.user(password="another-Pass-9"))

    sign_in(client, "xiaohua", "another-Pass-9")
    assert signed_in(client) is None
    assert sign_in(client, "xiaohua").status_code == 302


def test_wrong_password_unknown_name_and_suspended_account_look_the_same(client, cadre):
    suspended = neighbour()
    suspended.user = factories.user(password=PASSWORD)
    suspended.save()
    suspend_sign_in(suspended, by=people.bob())
    bound = worker(phone="13712345678")
    Client().post(welcome(printed(bound, people.bob())), typed(PIN))
    tries = [
        ("WD-017", "wrong"),
        ("13812345678", "wrong"),
        ("nobody", PASSWORD),
        (suspended.staff_number, PASSWORD),
        (bound.staff_number, PIN),
        (bound.staff_number, "wrong"),
    ]

    def answer(name, password):
        with CaptureQueriesContext(connection) as asked:
            page = sign_in(Client(), name, password).content.decode().replace(name, "")
        return re.sub('value="[A-Za-z0-9]{64}"', "", page), len(asked)

    pages = {answer(*one) for one in tries}

    assert len(pages) == 1
    assert "账号或密码不对" in next(iter(pages))[0]


def test_unknown_name_costs_a_hash_too(client, cadre, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    counts = []
    for name in ("WD-017", "nobody"):
        hashed.clear()
        sign_in(client, name, "wrong")
        counts.append(len(hashed))

    assert counts == [1, 1]


# --- Lock-out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["WD-017", "nobody"])
def test_five_failures_lock_name_and_address(client, cadre, name):
    answers = [sign_in(client, name, "wrong").status_code for _try in range(FAILURES)]
    locked = sign_in(client, name)

    assert answers == [200] * FAILURES
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert "请 15 分钟后再试" in text(locked)
    assert signed_in(client) is None


def test_lock_holds_for_that_name_and_that_address(client, cadre):
    for _try in range(FAILURES):
        sign_in(client, "WD-017", "wrong")

    assert sign_in(client, " ｗｄ－０１７", PASSWORD).status_code == 429
    assert sign_in(client, "WD-017", REMOTE_ADDR="10.0.0.9").status_code == 302
    other = factories.user("other", password=PASSWORD)
    assert sign_in(client, other.username).status_code == 302


def test_fourth_failure_and_a_success_begin_anew(client, cadre):
    for _round in range(2):
        for _try in range(FAILURES - 1):
            sign_in(client, "WD-017", "wrong")
        assert sign_in(client, "WD-017").status_code == 302
        client.post("/logout/")


def test_one_password_for_the_whole_roster_is_stopped(client, cadre):
    for number in range(FAILURES_BY_ADDRESS):
        sign_in(client, f"WD-{number + 100}", "Abc12345")

    assert sign_in(client, "WD-017").status_code == 429


def test_empty_form_counts_nothing(client, cadre):
    for _try in range(FAILURES + 1):
        sign_in(client, "WD-017", "")
    assert sign_in(client, "WD-017").status_code == 302


# --- Digits alone -------------------------------------------------------------------------------------------


@pytest.fixture
def bound(client):
    """A person with a PIN, signed out again on the phone `client`."""
    cadre = worker()
    client.post(welcome(printed(cadre, people.bob())), typed(PIN))
    client.post("/logout/")
    cadre.refresh_from_db()
    return cadre


@pytest.mark.parametrize("pin", [PIN, "７３０４１８", "730 418"])
def test_pin_opens_on_the_phone_where_it_was_set(client, bound, pin):
    assert sign_in(client, "138 1234 5678", pin).status_code == 302
    assert signed_in(client) == bound.user


def test_pin_opens_nothing_on_another_phone(bound):
    other = Client()

    response = sign_in(other, bound.staff_number, PIN)

    assert "换发登录二维码" in text(response)
    assert signed_in(other) is None


def test_key_of_another_person_does_not_help(client, bound):
    second = neighbour()
    thief = Client()
    thief.post(welcome(printed(second, people.bob())), typed("480517"))
    second.refresh_from_db()
    thief.cookies[f"device-{bound.user.pk}"] = thief.cookies[f"device-{second.user.pk}"].value
    thief.post("/logout/")

    sign_in(thief, bound.staff_number, PIN)
    assert signed_in(thief) is None


def test_new_pin_on_a_new_phone_ends_the_old_one(client, bound):
    new = Client()
    new.post(welcome(printed(bound, people.bob())), typed("480517"))
    new.post("/logout/")

    for phone, pin, opens in ((client, PIN, False), (client, "480517", False), (new, "480517", True)):
        sign_in(phone, bound.staff_number, pin)
        assert (signed_in(phone) is not None) == opens


def test_pin_that_duties_have_outgrown_opens_one_page_only(client, bound):
    factories.posting(bound, Role.VILLAGE_OFFICE, "330411105201")

    sign_in(client, bound.staff_number, PIN)

    assert client.get("/admin/")["Location"] == "/password/"
    page = client.post("/password/", {"present": PIN, **typed("480517")})
    assert "不能只用数字密码" in text(page)
    assert client.post("/password/", {"present": PIN, **typed()})["Location"] == "/"
    assert client.get("/admin/").status_code == 200
