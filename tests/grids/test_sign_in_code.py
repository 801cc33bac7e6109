"""The code after the password: right once, refused else, and nothing opens before it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connections
from django.urls import get_resolver

from grids.models import AuditRow, OpenSignIn, SecondFactor, User
from grids.second_factor import TRIES, TRIES_A_DAY, check_code, check_first_code, factor_of
from tests import people
from tests.desk import text
from tests.signing_in import (
    PIN,
    browser,
    code_of,
    enrolled,
    printed,
    sign_in,
    signed_in,
    typed,
    welcome,
    with_password,
    worker,
)

pytestmark = pytest.mark.django_db
PAGE = "/login/code/"
WRONG = "000000"


@pytest.fixture
def clock():
    # In the middle of a half minute.
    with time_machine.travel("2018-09-03 08:00:10+08:00", tick=False) as travelling:
        yield travelling


@pytest.fixture
def bob(clock):
    return with_password(people.bob())


@pytest.fixture
def secret(bob):
    return enrolled(bob)[1]


@pytest.fixture
def half(bob, secret):
    """A window in which the password was right."""
    made = browser()
    assert sign_in(made, bob, to="/admin/")["Location"] == PAGE
    return made


def give(client, code):
    return client.post(PAGE, {"code": code})


def test_code_of_now_opens_the_page_one_came_for(half, bob, secret):
    assert give(half, code_of(secret))["Location"] == "/admin/"
    assert signed_in(half) == bob
    assert half.get("/admin/").status_code == 200


@pytest.mark.parametrize("write", ["{} {}", "{}-{}", " {}{} "])
def test_code_as_people_write_it(half, bob, secret, write):
    code = code_of(secret)
    give(half, write.format(code[:3], code[3:]))
    assert signed_in(half) == bob


def test_code_in_full_width(half, bob, secret):
    give(half, code_of(secret).translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}))
    assert signed_in(half) == bob


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(half, secret, steps, opens):
    give(half, code_of(secret, steps))
    assert (signed_in(half) is not None) == opens


@pytest.mark.parametrize(
    "code", ["", WRONG, "12345", "1234567", "abcdef", "０", "1" * 60, "-", "0000-0000-0000-0000"]
)
def test_other_texts_open_nothing(half, code):
    response = give(half, code)
    assert (response.status_code, signed_in(half)) == (400, None)


def test_code_opens_once(half, bob, secret):
    give(half, code_of(secret))
    second = browser()
    sign_in(second, bob)

    answer = give(second, code_of(secret))

    assert "已经用过" in text(answer)
    assert signed_in(second) is None


def test_code_before_the_one_used_last_opens_nothing(half, bob, secret):
    give(half, code_of(secret))
    second = browser()
    sign_in(second, bob)
    give(second, code_of(secret, -1))
    assert signed_in(second) is None


def test_next_code_opens_again(half, bob, secret, clock):
    give(half, code_of(secret))
    second = browser()
    sign_in(second, bob)
    clock.shift(30)
    give(second, code_of(secret))
    assert signed_in(second) == bob


# --- Between the two halves ---------------------------------------------------------------------------------


def test_right_password_alone_opens_nothing(half):
    """Every address without words: it leads to the sign-in, or is open to any stranger."""
    stranger = browser()
    for prefix, resolver in get_resolver().namespace_dict.values():
        for name, found in resolver.reverse_dict.lists():
            address = f"/{prefix}{found[0][0][0][0]}"
            if not isinstance(name, str) or "%" in address or name == "sign_in_code":
                continue
            one, other = half.get(address), stranger.get(address)
            assert (one.status_code, one.get("Location")) == (other.status_code, other.get("Location")), (
                address
            )
    assert signed_in(half) is None


def test_half_signed_in_person_is_nobody(half, bob):
    page = half.get(PAGE)
    assert bob.cadre.name not in page.content.decode()
    assert page.context["user"].is_anonymous
    assert OpenSignIn.objects.count() == 0
    bob.refresh_from_db()
    assert bob.last_login is None


def test_half_sign_in_can_be_given_up(half):
    assert half.post("/logout/")["Location"] == "/login/"
    assert half.get(PAGE)["Location"] == "/login/"


def test_page_is_for_whoever_knew_the_password(client):
    assert client.get(PAGE)["Location"] == "/login/"
    assert give(client, WRONG)["Location"] == "/login/"


@pytest.mark.parametrize(("seconds", "opens"), [(600, True), (601, False)])
def test_half_sign_in_ends_after_ten_minutes(half, secret, clock, seconds, opens):
    clock.shift(seconds)
    give(half, code_of(secret))
    assert (signed_in(half) is not None) == opens


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!"}])
def test_half_sign_in_ends_with_the_account_or_the_password(half, bob, secret, change):
    User.objects.filter(pk=bob.pk).update(**change)
    assert give(half, code_of(secret))["Location"] == "/login/"
    assert signed_in(half) is None


def test_session_that_was_there_before_is_worth_nothing(bob, secret):
    window = browser()
    window.get("/login/")
    window.cookies["sessionid"] = "planted0planted0planted0planted0"
    sign_in(window, bob)
    assert window.cookies["sessionid"].value != "planted0planted0planted0planted0"
    half_key = window.cookies["sessionid"].value
    give(window, code_of(secret))
    assert window.cookies["sessionid"].value != half_key


def test_printed_link_does_not_go_around_the_code():
    cadre = worker()
    first = browser()
    first.post(welcome(printed(cadre, people.bob())), typed())
    cadre.refresh_from_db()
    secret = enrolled(cadre.user)[1]

    second = browser()
    answer = second.post(welcome(printed(cadre, people.bob())), typed("another-Pass-9"))

    assert answer["Location"] == PAGE and signed_in(second) is None
    give(second, code_of(secret))
    assert signed_in(second) == cadre.user


def test_pin_needs_the_code_too():
    cadre = worker()
    phone = browser()
    phone.post(welcome(printed(cadre, people.bob())), typed(PIN))
    cadre.refresh_from_db()
    secret = enrolled(cadre.user)[1]
    phone.post("/logout/")

    assert sign_in(phone, cadre.user, PIN)["Location"] == PAGE
    give(phone, code_of(secret))
    assert signed_in(phone) == cadre.user


def test_who_has_no_second_factor_is_asked_for_none(clock):
    window = browser()
    assert sign_in(window, with_password(people.charlie()), to="/visits/")["Location"] == "/visits/"


# --- Tries --------------------------------------------------------------------------------------------------


def test_five_wrong_codes_lock_the_right_one_too(half, bob, secret, clock):
    assert [give(half, WRONG).status_code for _try in range(TRIES)] == [400] * TRIES

    locked = give(half, code_of(secret))
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert "请 15 分钟后再试" in text(locked)
    elsewhere = browser()
    sign_in(elsewhere, bob)
    assert elsewhere.post(PAGE, {"code": code_of(secret)}, REMOTE_ADDR="10.0.0.9").status_code == 429

    clock.shift(900)
    sign_in(elsewhere, bob)
    give(elsewhere, code_of(secret))
    assert signed_in(elsewhere) == bob


def test_who_tries_for_hours_is_locked_for_a_day(bob, secret, clock):
    tried = 0
    while tried < TRIES_A_DAY:
        assert not check_code(bob, WRONG)
        tried += 1
        clock.shift(200)
    window = browser()
    sign_in(window, bob)
    assert give(window, code_of(secret)).status_code == 429


def test_right_code_begins_the_count_anew(bob, secret, clock):
    for _round in range(3):
        for _try in range(TRIES - 1):
            assert not check_code(bob, WRONG)
        clock.shift(30)
        assert check_code(bob, code_of(secret))


def test_log_tells_of_codes_as_it_tells_of_passwords(half, bob, secret, clock):
    def written():
        return list(AuditRow.objects.filter(user=bob).order_by("id").values_list("action", "door"))

    assert written() == [], "a right password alone is no sign-in"
    for _try in range(TRIES + 3):
        give(half, WRONG)
    clock.shift(900)
    again = browser()
    sign_in(again, bob)
    give(again, code_of(secret))

    door = "grids:sign_in_code"
    assert written() == [*[("sign_in_failed", door)] * TRIES, ("locked_out", door), ("signed_in", door)]


# --- Codes on paper -----------------------------------------------------------------------------------------


@pytest.fixture
def paper(bob, clock):
    return check_first_code(bob, code_of(factor_of(bob).secret))


def test_code_on_paper_opens_once(bob, paper):
    for code, opens in ((paper[0], True), (paper[0], False), (paper[9].lower(), True)):
        window = browser()
        sign_in(window, bob)
        give(window, code)
        assert (signed_in(window) is not None) == opens
    assert len(SecondFactor.objects.get().recovery_hashes) == 8


def test_database_knows_neither_secret_nor_paper(bob, paper):
    from django.db import connection

    secret = factor_of(bob).secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM grids_secondfactor")
        kept = str(cursor.fetchall())
    assert secret not in kept
    assert not any(code in kept for code in paper)


def test_lost_key_of_the_site_leaves_the_paper(bob, paper, settings):
    settings.FIELD_KEYS = ["another key of the site, long enough to be one"]
    window = browser()
    sign_in(window, bob)
    assert give(window, "123456").status_code == 400
    give(window, paper[0])
    assert signed_in(window) == bob


def test_paper_of_another_person_opens_nothing(bob, paper):
    charlie = enrolled(with_password(people.charlie()))[0]
    window = browser()
    sign_in(window, charlie)
    give(window, paper[0])
    assert signed_in(window) is None


# --- Two at once --------------------------------------------------------------------------------------------


def at_once(number, work):
    def alone(index):
        try:
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(alone, range(number)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "paper"])
def test_same_code_at_once_opens_one_window(kind):
    bob = with_password(people.bob())
    paper = check_first_code(bob, code_of(factor_of(bob).secret))
    SecondFactor.objects.update(last_counter=0)
    code = paper[0] if kind == "paper" else code_of(factor_of(bob).secret)
    windows = [browser() for _window in range(4)]
    for window in windows:
        sign_in(window, bob)

    at_once(4, lambda index: give(windows[index], code))

    assert [signed_in(window) for window in windows].count(bob) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_codes_at_once_are_five_looks(monkeypatch):
    bob = enrolled(with_password(people.bob()))[0]
    answers = at_once(20, lambda _index: _status(bob))
    assert sorted(answers) == ["locked"] * 15 + ["wrong"] * 5


def _status(user):
    from grids.second_factor import TooManyTriesError

    try:
        return "right" if check_code(user, WRONG) else "wrong"
    except TooManyTriesError:
        return "locked"
