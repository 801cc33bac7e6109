"""A page on which somebody types says so: that counts as use, and gives the page a fresh token."""

import pytest
import time_machine

from tests import people
from tests.signing_in import browser, sign_in, signed_in, with_password

pytestmark = pytest.mark.django_db
PAGE = "/sign-ins/stay/"
JSON = {"accept": "application/json"}


def test_who_types_stays_signed_in():
    bob, desk = with_password(people.bob()), browser()
    with time_machine.travel("2018-09-03 08:00:00+08:00", tick=False) as clock:
        sign_in(desk, bob)
        for _quarter in range(4):
            clock.shift(20 * 60)
            answer = desk.get(PAGE, headers=JSON)
            assert answer.status_code == 200 and len(answer.json()["csrf"]) == 64
        assert signed_in(desk) == bob


def test_script_is_told_when_it_is_too_late():
    bob, desk = with_password(people.bob()), browser()
    with time_machine.travel("2018-09-03 08:00:00+08:00", tick=False) as clock:
        sign_in(desk, bob)
        clock.shift(30 * 60 + 1)
        answer = desk.get(PAGE, headers=JSON)
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


def test_stranger_is_told_nothing(client):
    assert client.get(PAGE, headers=JSON).status_code == 401
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"


def test_it_is_only_asked(client):
    client.force_login(people.bob())
    assert client.post(PAGE).status_code == 405
