"""Tries that all processes count together: exact in a crowd, gone when the window ends, silent when used up."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache, caches
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canvass.shared_tries import Limit, forget_tries, give_back_try, take_try
from canvass.sign_in import FAILURES, FAILURES_BY_ACCOUNT
from tests import factories
from tests.signing_in import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
DOOR = Limit("door", "a", 3, 60)
HOUSE = Limit("house", "b", 5, 60)


@pytest.mark.django_db
def test_as_many_tries_as_the_limit_says():
    assert [take_try(DOOR) for _try in range(5)] == [True, True, True, False, False]
    assert take_try(DOOR._replace(who="b")) and take_try(DOOR._replace(what="window"))


@pytest.mark.django_db
def test_all_limits_or_none():
    for _try in range(3):
        take_try(DOOR, HOUSE)

    assert not take_try(DOOR, HOUSE)
    assert [take_try(HOUSE) for _try in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_what_was_no_failure_does_not_count():
    for _try in range(10):
        assert take_try(DOOR)
        give_back_try(DOOR)
    for _try in range(3):
        take_try(DOOR)
    forget_tries(DOOR)
    assert take_try(DOOR)
    give_back_try(HOUSE)
    assert [take_try(HOUSE) for _try in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_window_begins_with_the_first_try_and_ends():
    with time_machine.travel("2018-09-03 08:00:00+00:00", tick=False) as clock:
        for seconds in (0, 30, 29):
            clock.shift(seconds)
            assert take_try(DOOR)
        assert not take_try(DOOR)
        clock.shift(1)
        assert [take_try(DOOR) for _try in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_try_that_is_refused_writes_nothing():
    for _try in range(3):
        take_try(DOOR)
    with CaptureQueriesContext(connection) as asked:
        take_try(DOOR)
    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]


@pytest.mark.django_db
def test_table_holds_no_name():
    take_try(Limit("sign-in", "WD-017 203.0.113.9", 3, 60))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM canvass_shared")
        rows = str(cursor.fetchall())
    assert "sign-in" in rows
    assert "WD-017" not in rows and "203.0.113.9" not in rows


# --- A crowd ------------------------------------------------------------------------------------------------


def at_once(number, work):
    """What each of so many threads got, every one with a connection of its own."""

    def alone(index):
        try:
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(alone, range(number)))


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_take_no_more_than_there_are():
    assert sum(at_once(20, lambda _index: take_try(HOUSE))) == 5


def _test_database():
    """The DATABASE_URL of the database that this test stands in."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_processes_count_together():
    code = (
        "import django; django.setup()\n"
        "from canvass.shared_tries import Limit, take_try\n"
        "print(sum(take_try(Limit('house', 'b', 5, 60)) for _try in range(5)))"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "canvass.settings",
        "DATABASE_URL": _test_database(),
        # Keys of the counts are made with it.
        "SECRET_KEY": "of both processes, and of nobody else in this world",
    }
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _process in range(2)
    ]
    assert sum(int(process.communicate(timeout=60)[0]) for process in both) == 5


@pytest.fixture
def hashed(monkeypatch):
    """One entry for each password that was really looked at."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    looked_at = []
    verify = MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda *args: looked_at.append(1) or verify(*args))
    return looked_at


@pytest.mark.django_db(transaction=True)
def test_of_twenty_wrong_passwords_at_once_five_are_looked_at(hashed):
    factories.user("xiaohua", password=PASSWORD)

    def wrong(_index):
        return Client().post("/login/", {"username": "xiaohua", "password": "wrong"}).status_code

    answers = at_once(20, wrong)

    assert sorted(answers) == [200] * FAILURES + [429] * 15
    assert len(hashed) == FAILURES


@pytest.mark.django_db
def test_many_addresses_guess_no_faster(client, hashed):
    factories.user("xiaohua", password=PASSWORD)
    with time_machine.travel("2018-09-03 08:00:00+00:00", tick=False) as clock:
        for number in range(FAILURES_BY_ACCOUNT):
            wrong = {"username": "xiaohua", "password": "wrong"}
            client.post("/login/", wrong, REMOTE_ADDR=f"10.0.{number // 5}.1")
        right = {"username": "xiaohua", "password": PASSWORD}
        assert client.post("/login/", right, REMOTE_ADDR="10.9.9.9").status_code == 429
        clock.shift(60 * 60)
        assert client.post("/login/", right, REMOTE_ADDR="10.9.9.9").status_code == 302
    assert len(hashed) == FAILURES_BY_ACCOUNT + 1


# --- What anybody may flood ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_wrong_receipt_codes_never_write_to_the_database(client):
    with CaptureQueriesContext(connection) as asked:
        for _try in range(3):
            client.get("/s/0000-0000-0000/")
    assert {query["sql"].split()[0] for query in asked} <= {"SELECT"}
    assert any(key for key in cache._cache if "receipt" in key)


def test_one_cache_is_of_this_process_and_one_of_all():
    assert type(caches["default"]).__name__ == "LocMemCache"
    assert type(caches["shared"]).__name__ == "DatabaseCache"
