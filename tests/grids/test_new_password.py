"""The own password: changed by whoever knows it, and before anything else when somebody else had set it."""

import pytest
from django.core.management import call_command
from django.test import Client

from grids.models import User
from tests import factories, people
from tests.desk import address, text
from tests.signing_in import PASSWORD, PIN, kinds, signed_in, typed, with_password

pytestmark = pytest.mark.django_db
PAGE = "/password/"
NEW = "another-Pass-9"


@pytest.fixture
def alice(client):
    user = people.alice()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    return user


def change(client, present=PASSWORD, new=NEW, again=None):
    return client.post(PAGE, {"present": present, **typed(new, again)})


def test_password_changes_and_this_session_stays(client, alice):
    other = Client()
    other.force_login(alice)

    assert change(client)["Location"] == "/"

    assert signed_in(client) == alice and signed_in(other) is None
    assert Client().login(username=alice.username, password=NEW)
    assert kinds(alice.cadre) == ["changed"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"present": "wrong"}, "现在的密码不对"),
        ({"new": PASSWORD}, "新密码不能和现在的一样"),
        ({"new": "short"}, "密码太短"),
        ({"new": "zouBian"}, "密码太短：至少 8 位"),
        ({"new": "zouBianHuaxi"}, "除了字母，还要有数字或符号"),
        ({"again": "other"}, "两次输入的密码不一样"),
        ({"new": "123456"}, "太容易猜"),
    ],
)
def test_refusals_are_told_and_change_nothing(client, alice, fields, sentence):
    response = change(client, **fields)

    assert (response.status_code, sentence in text(response)) == (400, True)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("who", "password", "fits"),
    [
        (people.charlie, "zouBia-7", True),
        (people.charlie, "zouBi-7", False),
        (people.bob, "zouBian-7", False),
        (people.bob, "zouBianH-7", True),
        (people.clerk, "zouBian-7", False),
        (people.leader, "zouBian-7", False),
        (people.nobody, "zouBian-7", False),
    ],
)
def test_who_does_more_than_visit_needs_a_longer_password(client, who, password, fits):
    client.force_login(with_password(who()))
    assert change(client, new=password).status_code == (302 if fits else 400)


def test_found_phone_does_not_guess_the_password(client, alice):
    for _try in range(5):
        change(client, present="wrong")

    assert "试错的次数太多" in text(change(client))
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_visitor_changes_to_digits_and_back(client, alice):
    change(client, new=PIN)
    client.post("/logout/")
    client.post("/login/", {"username": alice.cadre.staff_number, "password": PIN})
    assert signed_in(client) == alice

    change(client, present=PIN, new=NEW)
    alice.refresh_from_db()
    assert alice.pin_device == ""
    assert Client().login(username=alice.username, password=NEW)


@pytest.mark.parametrize("who", [people.bob, people.leader, people.nobody, people.discipline])
def test_digits_are_for_nobody_else(client, who):
    user = who()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)

    assert "不能只用数字密码" in text(change(client, new=PIN))


def test_page_needs_a_sign_in(client):
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"


def test_desk_leads_to_the_same_page(client):
    client.force_login(people.bob())
    assert client.get("/admin/password_change/")["Location"] == PAGE


# --- Set by somebody else -----------------------------------------------------------------------------------


def must(client, user, password):
    """Sign in with a password that somebody else set, and look where one may go."""
    client.logout()
    client.post("/login/", {"username": user.username, "password": password})
    user.refresh_from_db()
    return {page: client.get(page).get("Location", "") for page in ("/", "/admin/", "/visits/", PAGE)}


LOCKED = {"/": PAGE, "/admin/": PAGE, "/visits/": PAGE, PAGE: ""}


def test_created_superuser_sets_an_own_password_first(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="root", email="", interactive=False, verbosity=0)
    root = User.objects.get()

    assert must(client, root, PASSWORD) == LOCKED
    assert client.post("/visits/new/", {})["Location"] == PAGE
    assert client.get("/healthz").status_code == 200
    change(client)
    assert client.get("/")["Location"] == "/admin/"


def test_account_added_at_the_desk_sets_an_own_password_first(client):
    client.force_login(people.system_admin())
    client.post(
        address(User, "add"),
        {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
    )

    assert must(client, User.objects.get(username="newcomer"), PASSWORD) == LOCKED


def test_reset_password_holds_for_one_sign_in_and_is_on_record(client, alice):
    admin = people.system_admin()
    client.force_login(admin)
    reset = {"password1": NEW, "password2": NEW}
    assert client.post(f"/admin/grids/user/{alice.pk}/password/", reset).status_code == 302

    assert must(client, alice, NEW) == LOCKED
    assert change(client, present=NEW, new=PASSWORD)["Location"] == "/"
    assert client.get("/visits/").status_code == 200
    steps = alice.cadre.sign_in_steps.order_by("pk").values_list("kind", "by")
    assert list(steps) == [("reset", admin.pk), ("changed", alice.pk)]


def test_locked_person_may_sign_out(client):
    user = factories.user("root", must_change_password=True)
    client.force_login(user)

    assert "别人设的" in text(client.get(PAGE))
    client.post("/logout/")
    assert signed_in(client) is None
