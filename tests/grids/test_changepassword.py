"""`manage.py changepassword`: whoever may run it knows the password, so it holds for one sign-in."""

import pytest
from django.contrib.auth.management.commands import changepassword
from django.core.management import call_command

from grids.models import OpenSignIn
from tests import people
from tests.signing_in import (
    PASSWORD,
    PIN,
    browser,
    printed,
    sign_in,
    signed_in,
    typed,
    welcome,
    with_password,
    worker,
)

pytestmark = pytest.mark.django_db
NEW = "server-Pass-2026"


@pytest.fixture(autouse=True)
def keyboard(monkeypatch):
    monkeypatch.setattr(changepassword.getpass, "getpass", lambda **prompt: NEW)


def change(user):
    call_command("changepassword", user.username, verbosity=0)
    user.refresh_from_db()


def test_password_from_the_server_opens_one_page_only():
    bob = with_password(people.bob())
    before = browser()
    sign_in(before, bob)

    change(bob)

    assert signed_in(before) is None and not OpenSignIn.objects.exists()
    after = browser()
    sign_in(after, bob, NEW)
    assert after.get("/admin/")["Location"] == "/password/"
    after.post("/password/", {"present": NEW, **typed(PASSWORD)})
    assert after.get("/admin/").status_code == 200


def test_phone_of_a_pin_is_not_asked_for():
    cadre = worker()
    browser().post(welcome(printed(cadre, people.bob())), typed(PIN))
    cadre.refresh_from_db()

    change(cadre.user)

    elsewhere = browser()
    sign_in(elsewhere, cadre.user, NEW)
    assert signed_in(elsewhere) == cadre.user
