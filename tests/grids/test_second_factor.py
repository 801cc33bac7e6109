"""The own second factor: turned on by whoever proves both halves, asked of those whose duties need it, taken off."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from canvass.roles import SECOND_FACTOR_ROLES, Role
from grids.models import SecondFactor
from grids.second_factor import RECOVERY_CODES, factor_of, has_factor, take_off_factor
from grids.sign_ins import issue_link
from tests import factories, people
from tests.desk import address, queries, said, text
from tests.signing_in import (
    PASSWORD,
    browser,
    code_of,
    enrolled,
    kinds,
    printed,
    row,
    sign_in,
    signed_in,
    with_password,
)
from tests.workbooks import TOWN

pytestmark = pytest.mark.django_db
PAGE = "/second-factor/"


@pytest.fixture
def bob():
    return with_password(people.bob())


@pytest.fixture
def desk(bob):
    made = browser()
    sign_in(made, bob)
    return made


def turn(client, code, present=PASSWORD):
    return client.post(PAGE, {"present": present, "code": code})


def test_page_shows_what_an_app_needs(desk, bob):
    page = desk.get(PAGE)
    secret = SecondFactor.objects.get(user=bob).secret

    assert len(secret) == 32
    assert " ".join(secret[start : start + 4] for start in range(0, 32, 4)) in text(page)
    assert "<svg" in page.content.decode()
    assert 'href="otpauth://totp/' in page.content.decode() and f"secret={secret}" in said(page)
    assert "no-store" in page["Cache-Control"]
    assert SecondFactor.objects.get(user=bob).secret == secret, "a second look shows the same"
    assert not has_factor(bob)


def test_waiting_secret_whose_key_is_lost_gives_way_to_a_new_one(desk, bob, settings):
    desk.get(PAGE)
    settings.FIELD_KEYS = ["another key of the site, long enough to be one"]
    assert "读取" not in text(desk.get(PAGE))
    assert turn(desk, code_of(factor_of(bob).secret)).status_code == 200
    assert has_factor(bob)


def test_right_code_turns_it_on_and_shows_ten_codes_once(desk, bob):
    other = browser()
    sign_in(other, bob)
    desk.get(PAGE)

    page = turn(desk, code_of(factor_of(bob).secret))

    codes = page.context["codes"]
    assert len(set(codes)) == RECOVERY_CODES == 10
    assert all(code in text(page) for code in codes)
    assert "no-store" in page["Cache-Control"]
    assert has_factor(bob)
    assert kinds(bob.cadre) == ["factor_on"]
    assert (signed_in(desk), signed_in(other)) == (bob, None)
    assert not any(code in text(desk.get(PAGE)) for code in codes)
    assert "恢复码还剩 10 条" in text(desk.get(PAGE))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"present": "wrong"}, "现在的密码不对"),
        ({"present": ""}, "没有通过"),
        ({"code": "000000"}, "验证码不对"),
        ({"code": ""}, "没有通过"),
    ],
)
def test_without_both_halves_it_stays_off(desk, bob, fields, sentence):
    both = {"present": PASSWORD, "code": code_of(factor_of(bob).secret)}
    response = desk.post(PAGE, both | fields)
    assert (response.status_code, sentence in text(response), has_factor(bob)) == (400, True, False)


def test_tries_are_limited_here_too(desk, bob):
    secret = factor_of(bob).secret
    for _try in range(5):
        turn(desk, "000000")
    assert turn(desk, code_of(secret)).status_code == 429
    assert not has_factor(bob)


def test_turning_off_needs_password_and_code(desk, bob):
    secret = enrolled(bob)[1]
    for present, code in (("wrong", code_of(secret)), (PASSWORD, "000000")):
        turn(desk, code, present)
        assert has_factor(bob)

    assert turn(desk, code_of(secret))["Location"] == PAGE

    assert not has_factor(bob)
    assert kinds(bob.cadre) == ["factor_off"]
    assert factor_of(bob).secret != secret, "an old phone is worth nothing"
    assert sign_in(browser(), bob)["Location"] == "/"


def test_page_needs_a_sign_in(client):
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"


def test_factor_that_is_on_was_confirmed_by_a_code(bob):
    factor = factor_of(bob)
    for broken in ({"last_counter": -1}, {"secret": ""}):
        with pytest.raises(IntegrityError, match="secondfactor_confirmed_by_code"), transaction.atomic():
            SecondFactor.objects.filter(pk=factor.pk).update(
                **{"confirmed_at": factories.at("2018-09-03"), "last_counter": 5} | broken
            )


# --- Who must have one --------------------------------------------------------------------------------------


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("role", [*SECOND_FACTOR_ROLES, "superuser"])
def test_these_turn_it_on_before_their_first_page(required, role):
    if role == "superuser":
        user = with_password(factories.user("root", is_superuser=True))
    else:
        user = with_password(people.person(role, TOWN))
    window = browser()
    sign_in(window, user)

    for page in ("/", "/admin/", "/visits/", "/issues/", "/sign-ins/mine/"):
        assert window.get(page)["Location"] == PAGE
    assert "您的职责要求两步验证" in text(window.get(PAGE))
    assert window.get("/password/").status_code == 200

    turn(window, code_of(factor_of(user).secret))
    assert window.get("/sign-ins/mine/").status_code == 200


@pytest.mark.parametrize(
    "role", [Role.VISITOR, Role.GRID_LEADER, Role.VILLAGE_OFFICE, Role.LEADING_GROUP, Role.INSPECTOR]
)
def test_others_may_and_need_not(required, role):
    window = browser()
    sign_in(window, with_password(people.person(role, TOWN)))
    assert window.get("/sign-ins/mine/").status_code == 200


def test_nobody_needs_one_where_the_setting_is_off(desk, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    assert desk.get("/admin/").status_code == 200


def test_password_comes_before_the_second_factor(required):
    user = with_password(factories.user("root", is_superuser=True, must_change_password=True))
    window = browser()
    sign_in(window, user)
    assert window.get("/admin/")["Location"] == "/password/"
    assert window.get(PAGE)["Location"] == "/password/"


def test_session_from_before_the_second_factor_gives_the_code_too(required, bob):
    window = browser()
    sign_in(window, bob)
    enrolled(bob)
    assert window.get("/admin/")["Location"] == "/login/?next=/admin/"
    assert signed_in(window) is None


def test_new_duty_asks_for_it_at_the_next_page(required):
    user = with_password(people.leader())
    window = browser()
    sign_in(window, user)
    assert window.get("/sign-ins/mine/").status_code == 200
    factories.posting(user.cadre, Role.CAMPAIGN_OFFICE, TOWN)
    assert window.get("/sign-ins/mine/")["Location"] == PAGE


def test_it_costs_no_query_a_page(required, bob):
    secret = enrolled(bob)[1]
    window = browser()
    sign_in(window, bob)
    window.post("/login/code/", {"code": code_of(secret)})
    with_factor = queries(window, "/sign-ins/mine/")
    from django.conf import settings

    settings.SECOND_FACTOR_REQUIRED = False
    assert queries(window, "/sign-ins/mine/") == with_factor


# --- A lost phone -------------------------------------------------------------------------------------------


def verb(cadre):
    return address(type(cadre), "verb", cadre.pk, "take_off_factor")


def desk_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("who", [people.system_admin, lambda: factories.user("root", is_superuser=True)])
def test_lost_factor_is_taken_off_and_on_record(desk, bob, who):
    enrolled(bob)
    admin = who()

    assert desk_of(admin).post(verb(bob.cadre)).status_code == 302

    assert not has_factor(bob) and signed_in(desk) is None
    assert list(bob.cadre.sign_in_steps.values_list("kind", "by")) == [("factor_taken_off", admin.pk)]


@pytest.mark.parametrize(
    "who",
    [
        people.bob,
        people.leader,
        people.charlie,
        people.discipline,
        lambda: people.person(Role.SECURITY_ADMIN, TOWN),
    ],
)
def test_nobody_else_takes_one_off(who):
    holder = enrolled(people.village_office())[0]
    stranger = who()

    desk_of(stranger).post(verb(holder.cadre))
    assert has_factor(holder)
    with pytest.raises(ValidationError):
        take_off_factor(row(holder.cadre), by=stranger)


def test_nobody_takes_the_own_off_here():
    admin = enrolled(people.system_admin())[0]
    desk_of(admin).post(verb(admin.cadre))
    assert has_factor(admin)


def test_system_administrator_takes_none_off_an_administrator():
    admin = people.system_admin()
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.DISCIPLINE):
        holder = enrolled(people.person(role, TOWN))[0]
        desk_of(admin).post(verb(holder.cadre))
        assert has_factor(holder)


def test_one_administrator_alone_does_not_get_in(bob):
    """Whoever prints the link does not take the second factor off, nor the other way round; two may."""
    enrolled(bob)
    one, two = people.system_admin(), people.system_admin()
    printed(bob.cadre, one)
    with pytest.raises(ValidationError, match="另一位管理员"):
        take_off_factor(row(bob.cadre), by=one)

    take_off_factor(row(bob.cadre), by=two)

    with pytest.raises(ValidationError, match="另一位管理员"):
        issue_link(bob.cadre, by=two)
    reset = {"password1": "another-Pass-9", "password2": "another-Pass-9"}
    assert desk_of(two).post(f"/admin/grids/user/{bob.pk}/password/", reset).status_code == 403
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_printed_link_still_opens_after_the_factor_was_taken_off(bob, client):
    enrolled(bob)
    token = printed(bob.cadre, people.system_admin())
    take_off_factor(row(bob.cadre), by=people.system_admin())
    assert client.get(f"/welcome/{token}/").status_code == 200


def test_button_stands_where_there_is_something_to_take_off(bob):
    admin = desk_of(people.system_admin())
    page = address(type(bob.cadre), "change", bob.cadre.pk)
    assert "解除两步验证" not in text(admin.get(page))
    enrolled(bob)
    assert "解除两步验证" in text(admin.get(page))


def test_server_takes_it_off_a_superuser():
    root = enrolled(factories.user("root"))[0]
    said = io.StringIO()
    call_command("second_factor_off", "root", stdout=said)
    assert not has_factor(root) and "root" in said.getvalue()
    for name in ("root", "nobody"):
        with pytest.raises(CommandError, match="no account with a second factor"):
            call_command("second_factor_off", name)
