"""Digits open on one phone only, and for nobody who does more than file visits."""

import pytest

from canvass.roles import PIN_ROLES, Role
from tests import factories, people
from tests.desk import text
from tests.signing_in import PIN, browser, printed, sign_in, signed_in, typed, welcome, worker
from tests.workbooks import TOWN

pytestmark = pytest.mark.django_db

PLACED = [role for role in Role if role not in (*PIN_ROLES, Role.UNIT_CLERK, Role.UNIT_HEAD)]


@pytest.fixture
def phone():
    return browser()


@pytest.fixture
def cadre(phone):
    made = worker()
    phone.post(welcome(printed(made, people.bob())), typed(PIN))
    phone.post("/logout/")
    made.refresh_from_db()
    return made


def test_opens_where_it_was_set_and_nowhere_else(phone, cadre):
    elsewhere = browser()
    for window, opens in ((elsewhere, False), (phone, True), (elsewhere, False)):
        sign_in(window, cadre.user, PIN)
        assert (signed_in(window) == cadre.user) == opens


@pytest.mark.parametrize("role", PLACED)
def test_opens_no_page_for_whoever_has_another_duty(phone, cadre, role):
    factories.posting(cadre, role, TOWN)

    sign_in(phone, cadre.user, PIN)

    for page in ("/", "/admin/", "/visits/", "/issues/", "/reports/", "/sign-ins/mine/"):
        assert phone.get(page)["Location"] == "/password/"
    assert "不能只用数字密码" in text(phone.post("/password/", {"present": PIN, **typed("480517")}))
    elsewhere = browser()
    sign_in(elsewhere, cadre.user, PIN)
    assert signed_in(elsewhere) is None


@pytest.mark.parametrize("role", [Role.UNIT_CLERK, Role.UNIT_HEAD])
def test_opens_no_page_for_a_department(phone, cadre, role):
    factories.posting(cadre, role, department=factories.department())
    sign_in(phone, cadre.user, PIN)
    assert phone.get("/issues/")["Location"] == "/password/"
