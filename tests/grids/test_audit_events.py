"""Sign-ins in the audit log: who came, who did not, who went; never what somebody typed."""

import pytest
from django.db import OperationalError
from django.test import Client

from canvass.sign_in import FAILURES
from grids import audit_events
from grids.models import AuditRow
from tests import factories, people
from tests.signing_in import PASSWORD, printed, signed_in, typed, welcome, worker

from .auditing import told

pytestmark = pytest.mark.django_db
ROW = ("name", "action", "door", "result")


@pytest.fixture
def cadre():
    made = worker(staff_number="WD-017")
    made.user = factories.user("xiaohua", password=PASSWORD)
    made.save()
    return made


def sign_in(client, name, password=PASSWORD, **extra):
    return client.post("/login/", {"username": name, "password": password}, **extra)


def test_coming_and_going(client, cadre):
    sign_in(client, "13812345678", REMOTE_ADDR="10.0.0.9")
    client.post("/logout/")

    assert told(*ROW) == [
        ("王小花", "signed_in", "login", "done"),
        ("王小花", "signed_out", "logout", "done"),
    ]
    assert told("address", "staff_number")[0] == ("10.0.0.9", "WD-017")


def test_wrong_password_names_the_account_that_was_meant(client, cadre):
    sign_in(client, "wd-017", "wrong")

    assert told(*ROW, "user") == [("王小花", "sign_in_failed", "login", "refused", cadre.user.pk)]


@pytest.mark.parametrize("name", ["nobody", "13912345678", "330411199001010011", PASSWORD])
def test_typed_name_of_no_account_is_not_kept(client, cadre, name):
    sign_in(client, name, "wrong")

    assert told("user", "name", "staff_number", "action") == [(None, "", "", "sign_in_failed")]
    assert name not in str(list(AuditRow.objects.values()))


@pytest.mark.parametrize(("name", "who"), [("WD-017", "王小花"), ("nobody", "")])
def test_lock_out_is_told_once_within_its_window(client, cadre, name, who):
    for _try in range(FAILURES + 4):
        sign_in(client, name, "wrong")

    assert [row for row in told("name", "action", "result") if row[1] == "locked_out"] == [
        (who, "locked_out", "refused")
    ]
    assert AuditRow.objects.count() == FAILURES + 1


def test_one_time_link_says_that_it_was_one():
    cadre = worker()
    phone = Client()
    phone.post(welcome(printed(cadre, people.bob())), typed())

    assert told(*ROW) == [("王小花", "link_used", "grids:welcome", "done")]


def test_looking_at_a_link_and_a_wrong_code_leave_nothing(client):
    client.get(welcome(printed(worker(), people.bob())))
    client.get(welcome("0123456789ABCDEFGHJKMNPQRS"))
    assert told("id") == []


def test_new_password_is_a_change_without_a_record(client, cadre):
    client.force_login(cadre.user)
    client.post("/password/", {"present": PASSWORD, **typed("another-Pass-9")})

    assert told("action", "door", "record_type", "status") == [("submitted", "grids:new_password", "", 302)]


def test_nobody_is_kept_out_because_the_log_cannot_be_written(client, cadre, monkeypatch, caplog):
    def refuse(rows, request=None):
        raise OperationalError("disk full")

    monkeypatch.setattr(audit_events, "write", refuse)
    assert sign_in(client, "WD-017").status_code == 302
    assert signed_in(client) == cadre.user
