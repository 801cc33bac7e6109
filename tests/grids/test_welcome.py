"""The first sign-in by a printed link: looking uses nothing up, one POST opens it, and then it is dead."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from canvass.roles import Role
from grids import sign_ins
from grids.models import Posting, User
from tests import factories, people
from tests.desk import text
from tests.signing_in import (
    PASSWORD,
    PIN,
    kinds,
    neighbour,
    old_link,
    printed,
    signed_in,
    typed,
    welcome,
    worker,
)
from tests.workbooks import GRID_A1, TOWN

pytestmark = pytest.mark.django_db
DEAD = "这个登录二维码不能用"


@pytest.fixture
def office():
    return people.bob()


@pytest.fixture
def cadre():
    return worker()


@pytest.fixture
def link(cadre, office):
    return welcome(printed(cadre, office))


def test_link_asks_whether_it_is_this_person(client, cadre, link):
    response = client.get(link)

    said = text(response)
    assert "是您吗？ 王小花" in said and "走访人员" in said and cadre.staff_number in said
    assert "王小花" not in re.search("<title>(.*?)</title>", response.content.decode(), re.S)[1]
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")


def test_first_password_signs_in(client, cadre, link):
    response = client.post(link, typed())

    assert response["Location"] == "/"
    cadre.refresh_from_db()
    assert signed_in(client) == cadre.user
    assert (cadre.user.username, cadre.user.must_change_password) == (cadre.staff_number, False)
    assert kinds(cadre) == ["issued", "used"]
    assert Client().login(username=cadre.staff_number, password=PASSWORD)


@pytest.mark.parametrize("look", ["get", "head", "options"])
def test_previews_use_nothing_up(client, cadre, link, look):
    for _preview in range(3):
        getattr(Client(), look)(link)

    assert kinds(cadre) == ["issued"]
    assert client.post(link, typed())["Location"] == "/"


def test_token_may_be_typed_in_any_way(client, link):
    token = link.split("/")[2].lower()
    spaced = " ".join(token[at : at + 4] for at in range(0, 26, 4))
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in spaced)

    assert "是您吗" in text(client.get(welcome(full_width)))


# --- Dead links ---------------------------------------------------------------------------------------------


def used(cadre, office):
    token = printed(cadre, office)
    Client().post(welcome(token), typed())
    return token


def renewed(cadre, office):
    token = printed(cadre, office)
    printed(cadre, office)
    return token


def suspended(cadre, office):
    token = printed(cadre, office)
    sign_ins.suspend_sign_in(cadre, by=office)
    return token


def expired(cadre, office):
    return old_link(cadre, office, days_left=-1)


def unknown(cadre, office):
    return "0" * 26


def posting_ended(cadre, office):
    token = printed(cadre, office)
    Posting.objects.filter(cadre=cadre).update(to_on=factories.FIRST_DAY)
    return token


def promoted(cadre, office):
    """The paper was printed for a visitor; now it would open misconduct reports."""
    token = printed(cadre, office)
    factories.posting(cadre, Role.DISCIPLINE, TOWN)
    return token


def linked_to_another_account(cadre, office):
    token = printed(cadre, office)
    cadre.user = factories.user("root", is_superuser=True)
    cadre.save()
    return token


def name_taken(cadre, office):
    token = printed(cadre, office)
    factories.user(cadre.staff_number)
    return token


WAYS_TO_DIE = [
    used,
    renewed,
    suspended,
    expired,
    unknown,
    posting_ended,
    promoted,
    linked_to_another_account,
    name_taken,
]


@pytest.mark.parametrize("death", WAYS_TO_DIE)
def test_dead_link_opens_nothing_and_does_not_say_why(client, cadre, office, death):
    never = Client().get(welcome("Z" * 26))
    token = death(cadre, office)
    before = list(User.objects.values_list("pk", "password"))

    for response in (client.get(welcome(token)), client.post(welcome(token), typed("another-Pass-9"))):
        assert response.status_code == 404
        assert text(response) == text(never)
        assert DEAD in text(response) and "王小花" not in text(response)
    assert list(User.objects.values_list("pk", "password")) == before
    assert signed_in(client) is None


def test_link_opens_on_its_last_day(client, cadre, office):
    token = old_link(cadre, office, days_left=0)

    assert client.post(welcome(token), typed())["Location"] == "/"


def test_link_printed_today_ends_in_fourteen_days(cadre, office):
    printed(cadre, office)

    step = cadre.sign_in_steps.get()
    assert step.expires_on == timezone.localdate(step.at) + timedelta(days=14)
    assert sign_ins.LINK_DAYS == 14


def test_database_keeps_no_token(cadre, office):
    token = printed(cadre, office)

    step = cadre.sign_in_steps.values().get()
    assert not any(token in str(value) for value in step.values())
    assert len(token) * 5 >= 128


def test_revoked_between_looking_and_sending(client, cadre, office, link):
    client.get(link)
    sign_ins.suspend_sign_in(cadre, by=office)

    assert DEAD in text(client.post(link, typed()))


def test_guessing_is_slowed_down_for_the_address_alone(client, link):
    for number in range(30):
        client.get(welcome(f"{number:026d}"))

    response = client.get(link)
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert client.get(link, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_opening_an_old_paper_again_and_again_is_no_guessing(client, cadre, office):
    """People scan the paper each morning; the hall they sit in has one address."""
    old = welcome(used(cadre, office))
    for _scan in range(31):
        assert client.get(old).status_code == 404

    assert client.get(welcome(printed(neighbour(), office))).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(cadre, link):
    barrier = Barrier(2)

    def send(password):
        try:
            barrier.wait()
            return Client().post(link, typed(password)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, ["first-Pass-71", "second-Pass-72"]))

    assert sorted(answers) == [302, 404]
    assert kinds(cadre) == ["issued", "used"]
    cadre.refresh_from_db()
    winner = ["first-Pass-71", "second-Pass-72"][answers.index(302)]
    assert cadre.user.check_password(winner)


def test_renewed_link_replaces_the_password_and_ends_other_sessions(client, cadre, office, link):
    client.post(link, typed())
    phone = Client()
    second = welcome(printed(cadre, office))
    assert signed_in(client) is not None  # a new paper alone ends nothing

    phone.post(second, typed("another-Pass-9"))

    assert signed_in(client) is None
    assert not Client().login(username=cadre.staff_number, password=PASSWORD)
    assert User.objects.filter(cadre=cadre).count() == 1


def test_somebody_else_s_session_ends_on_the_shared_phone(client, cadre, link):
    client.force_login(people.alice())

    client.post(link, typed())

    cadre.refresh_from_db()
    assert signed_in(client) == cadre.user


# --- What may be chosen -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("123456", "太容易猜"),
        ("654321", "太容易猜"),
        ("135791", "太容易猜"),
        ("111111", "太容易猜"),
        ("121212", "太容易猜"),
        ("123123", "太容易猜"),
        ("112112", "太容易猜"),
        ("159753", "太容易猜"),
        ("73041", "至少 6 位"),
        ("13812345678", "不要用手机号"),
        ("345678", "太容易猜"),
        ("812345", "不要用手机号"),
        ("138123456789", "不要用手机号"),
        ("abc", "密码太短"),
        ("password1", "太常见"),
        ("a13812345678", "不要用手机号"),
    ],
)
def test_easy_passwords_are_refused_in_words(client, cadre, link, password, sentence):
    response = client.post(link, typed(password))

    assert response.status_code == 400
    assert sentence in text(response)
    assert kinds(cadre) == ["issued"]


def test_digits_of_the_staff_number_are_no_pin(client, office):
    cadre = worker(staff_number="WD-20937")
    link = welcome(printed(cadre, office))

    assert "不要用手机号或工号" in text(client.post(link, typed("209375")))


def test_two_different_entries_are_told(client, cadre, link):
    response = client.post(link, typed(PASSWORD, "something-else-8"))

    assert "两次输入的密码不一样" in text(response)
    assert kinds(cadre) == ["issued"]


@pytest.mark.parametrize("role", [Role.VISITOR, Role.GRID_LEADER])
def test_who_files_visits_may_choose_digits(client, office, role):
    cadre = worker(role=role)

    response = client.post(welcome(printed(cadre, office)), typed("７３０ ４１８", "730418"))

    assert response.status_code == 302
    cadre.refresh_from_db()
    assert cadre.user.pin_device
    cookie = response.cookies[f"device-{cadre.user.pk}"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] > 365 * 86400
    assert cookie.value not in cadre.user.pin_device


@pytest.mark.parametrize("role", [Role.VILLAGE_OFFICE, Role.UNIT_CLERK])
def test_office_duties_need_a_whole_password(client, office, role):
    cadre = worker()
    if role == Role.UNIT_CLERK:
        factories.posting(cadre, role, department=factories.department())
    else:
        factories.posting(cadre, role, GRID_A1[:12])
    link = welcome(printed(cadre, office))

    assert "不能只用数字密码" in text(client.post(link, typed(PIN)))
    assert client.post(link, typed()).status_code == 302


def test_coming_duty_counts_for_the_pin(client, office):
    cadre = worker()
    factories.posting(cadre, Role.VILLAGE_OFFICE, GRID_A1[:12], from_on="2099-01-01")

    assert "不能只用数字密码" in text(client.post(welcome(printed(cadre, office)), typed(PIN)))


def test_two_people_share_a_phone(client, office):
    first, second = worker(), neighbour()
    client.post(welcome(printed(first, office)), typed(PIN))
    client.post(welcome(printed(second, office)), typed("480517"))
    client.post("/logout/")

    for cadre, pin in ((first, PIN), (second, "480517")):
        client.post("/login/", {"username": cadre.staff_number, "password": pin})
        cadre.refresh_from_db()
        assert signed_in(client) == cadre.user
        client.post("/logout/")
