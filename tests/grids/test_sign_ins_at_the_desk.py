"""Sign-ins on the roster: how each stands, the verbs, the log, and accounts that an admin keeps."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from canvass.append_only import MESSAGE
from canvass.roles import Role
from grids.hand_outs import PER_SHEET
from grids.models import Area, Cadre, Grid, SignInStep, User
from grids.sign_ins import issue_link, restore_sign_in, suspend_sign_in
from tests import factories, people
from tests.desk import address, listed, queries, text
from tests.signing_in import (
    OTHER_TOWN,
    PASSWORD,
    kinds,
    old_link,
    printed,
    signed_in,
    typed,
    welcome,
    worker,
)
from tests.workbooks import GRID_A1, TOWN, VILLAGE_A

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    return people.bob()


@pytest.fixture
def office(client, bob):
    client.force_login(bob)
    return client


def verb(client, cadre, name):
    return client.post(f"/admin/grids/cadre/{cadre.pk}/verb/{name}/")


def tools(client, cadre):
    return [str(one["label"]) for one in client.get(address(Cadre, "change", cadre.pk)).context["verbs"]]


# --- How it stands ------------------------------------------------------------------------------------------


def each_state(bob):
    """One cadre in every state."""
    made = {state: worker(phone="") for state in ("none", "issued", "expired", "suspended")}
    made["active"] = worker(phone="", user=factories.user(password=PASSWORD))
    printed(made["issued"], bob)
    old_link(made["expired"], bob, days_left=-1)
    made["suspended"].user = factories.user(password=PASSWORD)
    made["suspended"].save()
    suspend_sign_in(made["suspended"], by=bob)
    return made


@pytest.mark.parametrize("state", ["none", "issued", "expired", "active", "suspended"])
def test_list_shows_and_finds_each_state(office, bob, state):
    made = each_state(bob)

    assert [made[state]] == [one for one in listed(office, Cadre, sign_in=state) if one != bob.cadre]
    words = {
        "none": "未发放",
        "issued": f"已发二维码 至 {made['issued'].sign_in_steps.get().expires_on:%-m-%d}",
        "expired": "二维码过期",
        "active": "已启用",
        "suspended": "已停用",
    }
    page = text(office.get(address(Cadre), {"q": made[state].staff_number}))
    assert words[state] in page.split("上次登录")[-1]


def test_link_for_somebody_active_shows_both(office, bob):
    cadre = worker(user=factories.user(password=PASSWORD))
    printed(cadre, bob)

    assert "已启用 换发中" in text(office.get(address(Cadre), {"q": cadre.staff_number}))


def test_list_tells_the_day_of_the_last_sign_in(office):
    moment = factories.at("2018-09-05 00:30")
    worker(user=factories.user(password=PASSWORD, last_login=moment))

    assert "2018年9月5日" in text(office.get(address(Cadre)))


def test_roster_costs_the_same_for_three_rows_as_for_one(office, bob):
    def more():
        printed(worker(phone="", user=factories.user(password=PASSWORD)), bob)

    more()
    queries(office, address(Cadre))
    one = queries(office, address(Cadre))
    more()
    more()

    assert queries(office, address(Cadre)) == one <= 10


def test_filter_finds_who_has_no_duty_any_more(office):
    ended = worker()
    ended.postings.update(to_on=factories.FIRST_DAY)

    assert listed(office, Cadre, posted="no") == [ended]
    assert ended not in listed(office, Cadre, posted="yes")


# --- The way to the sheet -----------------------------------------------------------------------------------


def test_chosen_rows_lead_to_the_sheet(office):
    rows = [worker(phone="").pk, worker(phone="").pk]

    response = office.post(address(Cadre), {"action": "hand_out_selected", "_selected_action": rows})

    assert response["Location"] == f"/sign-ins/?cadres={rows[0]}.{rows[1]}"
    assert office.get(response["Location"]).status_code == 200


def test_too_many_rows_are_told(office):
    for _number in range(PER_SHEET + 1):
        worker(phone="")
    rows = list(Cadre.objects.values_list("pk", flat=True))

    response = office.post(
        address(Cadre), {"action": "hand_out_selected", "_selected_action": rows}, follow=True
    )

    assert f"一次最多 {PER_SHEET} 人" in text(response)


def test_reader_of_the_roster_has_no_action(client):
    client.force_login(people.inspector())
    worker()

    page = client.get(address(Cadre))

    assert "hand_out_selected" not in page.content.decode()


@pytest.mark.parametrize(("model", "code"), [(Area, VILLAGE_A), (Grid, GRID_A1)])
def test_place_leads_to_its_sheet(office, model, code):
    worker()

    page = office.get(address(model, "change", code)).content.decode()

    assert f"/sign-ins/?place={code}" in page
    assert office.get(f"/sign-ins/?place={code}").status_code == 200


def test_buttons_follow_the_state(office, bob):
    made = each_state(bob)

    assert {state: tools(office, cadre) for state, cadre in made.items()} == {
        "none": ["发放登录二维码"],
        "issued": ["停用登录", "换发登录二维码"],
        "expired": ["换发登录二维码"],
        "active": ["停用登录", "代看", "换发登录二维码"],
        "suspended": ["恢复登录"],
    }


# --- Taking it back -----------------------------------------------------------------------------------------


def test_suspended_person_is_signed_out_everywhere_for_good(office, bob):
    cadre = worker()
    phone = Client()
    phone.post(welcome(printed(cadre, bob)), typed())
    desk = Client()
    desk.post("/login/", {"username": cadre.staff_number, "password": PASSWORD})
    assert signed_in(phone) and signed_in(desk)

    verb(office, cadre, "suspend")
    assert signed_in(phone) is None and signed_in(desk) is None
    verb(office, cadre, "restore")
    cadre.refresh_from_db()

    assert cadre.user.is_active
    for session in (phone, desk):
        assert signed_in(session) is None  # no old session and no old password comes back to life
        session.post("/login/", {"username": cadre.staff_number, "password": PASSWORD})
        assert signed_in(session) is None
    assert phone.post(welcome(printed(cadre, bob)), typed()).status_code == 302
    assert kinds(cadre) == ["issued", "used", "suspended", "restored", "issued", "used"]


def test_each_step_says_who_and_when(office, bob):
    cadre = worker(user=factories.user(password=PASSWORD))
    began = timezone.now()
    verb(office, cadre, "suspend")

    step = cadre.sign_in_steps.get()
    assert (step.kind, step.by, step.account) == ("suspended", bob, cadre.user)
    assert began <= step.at <= timezone.now()
    assert "停用登录 鲍二柏" in text(office.get(address(Cadre, "change", cadre.pk)))


@pytest.mark.parametrize("name", ["suspend", "restore"])
def test_stale_button_does_nothing(office, name):
    cadre = worker()

    response = verb(office, cadre, name)

    assert response.status_code == 302
    assert kinds(cadre) == []


@pytest.mark.parametrize(
    "role", [Role.LEADING_GROUP, Role.DISCIPLINE, Role.SYSTEM_ADMIN, Role.CAMPAIGN_OFFICE]
)
def test_office_suspends_nobody_above(office, bob, role):
    boss = people.person(role, TOWN)

    verb(office, boss.cadre, "suspend")

    boss.refresh_from_db()
    assert boss.is_active
    with pytest.raises(ValidationError):
        suspend_sign_in(boss.cadre, by=bob)
    with pytest.raises(ValidationError):
        restore_sign_in(boss.cadre, by=bob)


def test_office_of_another_town_meets_nobody(client):
    cadre = people.alice().cadre
    stranger = people.bob(OTHER_TOWN)
    client.force_login(stranger)

    assert verb(client, cadre, "suspend").status_code == 404
    for service in (suspend_sign_in, restore_sign_in, issue_link):
        with pytest.raises(ValidationError):
            service(cadre, by=stranger)
    assert kinds(cadre) == []


def test_whose_duties_ended_can_still_be_suspended(office):
    cadre = people.alice().cadre
    cadre.postings.update(to_on=factories.FIRST_DAY)

    verb(office, cadre, "suspend")

    cadre.user.refresh_from_db()
    assert not cadre.user.is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_papers_at_once_the_later_one_lives(bob):
    cadre = worker()
    barrier = Barrier(2)

    def issue(_number):
        try:
            barrier.wait()
            return issue_link(cadre, by=bob).token
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        tokens = list(pool.map(issue, range(2)))

    assert sorted(Client().get(welcome(token)).status_code for token in tokens) == [200, 404]


# --- The log ------------------------------------------------------------------------------------------------


def step(cadre, bob, **fields):
    return SignInStep.objects.create(**{"cadre": cadre, "by": bob, "kind": "issued", **fields})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "issued"}, "signinstep_link_expires"),
        ({"kind": "issued", "token_hash": "a"}, "signinstep_link_expires"),
        ({"kind": "suspended", "token_hash": "a"}, "signinstep_link_expires"),
        ({"kind": "suspended", "expires_on": "2018-09-01"}, "signinstep_link_expires"),
        ({"kind": "used"}, "signinstep_use_names_link"),
    ],
)
def test_steps_hold_what_their_kind_needs(bob, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        step(worker(), bob, **fields)


def test_database_itself_lets_a_link_be_used_once(bob):
    cadre = worker()
    link = step(cadre, bob, token_hash="a", expires_on="2018-09-01")
    step(cadre, bob, kind="used", link=link)

    with pytest.raises(IntegrityError), transaction.atomic():
        step(cadre, bob, kind="used", link=link)
    with pytest.raises(IntegrityError), transaction.atomic():
        step(worker(), bob, token_hash="a", expires_on="2018-09-01")


def test_only_a_use_names_a_link(bob):
    link = step(worker(), bob, token_hash="a", expires_on="2018-09-01")

    with pytest.raises(IntegrityError, match="signinstep_use_names_link"), transaction.atomic():
        step(worker(), bob, kind="suspended", link=link)


def test_log_is_not_rewritten(bob):
    cadre = worker()
    printed(cadre, bob)

    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        cadre.sign_in_steps.update(by=bob)


# --- Accounts that an admin keeps ---------------------------------------------------------------------------


@pytest.fixture
def admin(client):
    client.force_login(people.system_admin())
    return client


@pytest.mark.parametrize("role", [Role.DISCIPLINE, Role.SECURITY_ADMIN, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_admin_does_not_reset_the_passwords_of_controllers(admin, role):
    other = people.person(role, TOWN)
    page = f"/admin/grids/user/{other.pk}/password/"
    before = other.password

    assert admin.get(page).status_code == 403
    assert admin.post(page, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403
    other.refresh_from_db()
    assert other.password == before


def test_admin_does_not_reset_the_own_password_there(client):
    admin = people.system_admin()
    client.force_login(admin)

    assert client.get(f"/admin/grids/user/{admin.pk}/password/").status_code == 403


def link_account(client, cadre, account):
    fields = {"name": cadre.name, "category": "other", "department": "", "phone": "", "user": account.pk}
    inlines = {
        f"{rows}-{count}_FORMS": "0"
        for rows in ("postings", "sign_in_steps")
        for count in ("TOTAL", "INITIAL")
    }
    client.post(address(Cadre, "change", cadre.pk), fields | inlines)
    cadre.refresh_from_db()
    return cadre.user == account


def test_admin_links_an_account_only_where_the_sign_in_is_the_own_business(admin):
    """Whoever knows an account's password becomes whom it is linked to."""
    account = factories.user("known", password=PASSWORD)
    discipline = factories.cadre("纪九明")
    factories.posting(discipline, Role.DISCIPLINE, TOWN)

    assert not link_account(admin, discipline, account)
    assert link_account(admin, worker(), account)


def test_new_admin_page_of_an_account_stops_nobody_behind_the_log(admin):
    alice = people.alice()

    admin.post(address(User, "change", alice.pk), {"username": alice.username})

    alice.refresh_from_db()
    assert alice.is_active
