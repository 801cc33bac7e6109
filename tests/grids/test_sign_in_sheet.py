"""Who gets a link from whom: the sheet that the office prints, and every way around its rules."""

import re

import pytest
from django.test import Client

from canvass.roles import Role
from grids import sign_ins
from grids.hand_outs import PER_SHEET
from grids.models import Posting, SignInStep
from grids.permissions import can_hand_out
from tests import factories, people
from tests.desk import queries, text
from tests.signing_in import OTHER_TOWN, PASSWORD, kinds, old_link, printed, row, typed, welcome, worker
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, TOWN, VILLAGE_A

pytestmark = pytest.mark.django_db
SHEET = "/sign-ins/"


@pytest.fixture
def bob():
    return people.bob()


@pytest.fixture
def office(client, bob):
    client.force_login(bob)
    return client


def codes(response):
    return re.findall(r'class="sheet-code">([0-9A-Z-]+)<', response.content.decode())


def ticked(response):
    boxes = re.findall(r'name="cadre" value="(\d+)"( checked)?', response.content.decode())
    return {int(pk): bool(mark) for pk, mark in boxes}


# --- The page -----------------------------------------------------------------------------------------------


def test_sheet_names_each_person_and_each_code_opens(office):
    first, second = worker(), worker("李四海", GRID_B1, phone="13912345678")

    response = office.post(SHEET, {"cadre": [first.pk, second.pk]})

    said = text(response)
    for cadre in (first, second):
        assert cadre.name in said and cadre.staff_number in said
        assert f"{cadre.sign_in_steps.get().expires_on} 以前有效" in said
    assert "走访人员" in said and response["Cache-Control"].startswith("max-age=0")
    assert response.content.decode().count(' class="qr"') == 2
    assert [Client().get(welcome(code)).status_code for code in codes(response)] == [200, 200]


def test_second_sheet_kills_the_first(office):
    cadre = worker()
    first, second = (codes(office.post(SHEET, {"cadre": cadre.pk}))[0] for _sheet in range(2))

    assert [Client().get(welcome(code)).status_code for code in (first, second)] == [404, 200]


def test_place_offers_those_without_a_sign_in(office, bob):
    waiting, other, elsewhere = worker(), worker(phone="", code=GRID_A2), worker(code=GRID_B1, phone="")
    holder, late = worker(phone=""), worker(phone="")
    printed(holder, bob)
    old_link(late, bob, days_left=-1)
    worker(phone="", user=factories.user(password=PASSWORD))  # signs in already
    ended = worker(phone="")
    ended.postings.update(to_on=factories.FIRST_DAY)

    found = ticked(office.get(SHEET, {"place": VILLAGE_A}))

    assert found == {waiting.pk: True, other.pk: True, holder.pk: False, late.pk: True}
    assert elsewhere.pk in ticked(office.get(SHEET, {"place": TOWN}))


def test_first_page_counts_who_waits_in_each_village(office):
    worker()
    worker(code=GRID_A2, phone="")
    worker(code=GRID_B1, phone="")
    people.alice()

    said = text(office.get(SHEET))

    assert "王店镇 3 人未登录" in said and "花溪社区 2 人未登录" in said


def test_more_than_one_sheet_is_told(office):
    for _number in range(PER_SHEET + 2):
        worker(phone="")

    response = office.get(SHEET, {"place": VILLAGE_A})

    assert len(ticked(response)) == PER_SHEET
    assert "还有 2 人没有列出" in text(response)


def test_who_cannot_get_one_is_named_with_the_reason(office):
    leader = factories.cadre("凌六导")
    factories.posting(leader, Role.LEADING_GROUP, TOWN)
    unposted = factories.cadre("吴岗位")
    cadre = worker()

    response = office.get(SHEET, {"cadres": f"{leader.pk}.{unposted.pk}.{cadre.pk}"})
    assert ticked(response) == {cadre.pk: True}
    assert f"凌六导（{leader.staff_number}）：担任或担任过更高的职务" in text(response)
    assert f"吴岗位（{unposted.staff_number}）：还没有岗位" in text(response)

    response = office.post(SHEET, {"cadre": [leader.pk, unposted.pk, cadre.pk]})
    assert len(codes(response)) == 1
    assert "2 人发不了" in text(response)
    assert not SignInStep.objects.filter(cadre__in=[leader, unposted]).exists()


@pytest.mark.parametrize("query", [{"place": TOWN}, {}])
def test_page_costs_the_same_for_three_rows_as_for_one(office, query):
    address = f"{SHEET}?place={query['place']}" if query else SHEET
    worker(phone="")
    queries(office, address)
    one = queries(office, address)
    worker(phone="")
    worker(phone="")

    assert queries(office, address) == one <= 10


# --- Strangers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who",
    [people.alice, people.village_office, people.clerk, people.leader, people.inspector, people.discipline],
)
def test_who_hands_out_nothing_has_no_sheet(client, who):
    cadre = worker()
    client.force_login(who())

    assert client.get(SHEET).status_code == 403
    assert client.post(SHEET, {"cadre": cadre.pk}).status_code == 403
    assert kinds(cadre) == []


def test_sheet_needs_a_sign_in(client):
    assert client.get(SHEET)["Location"] == f"/login/?next={SHEET}"


def test_office_of_another_town_finds_nobody(client):
    mine, theirs = worker(), worker(code=f"{OTHER_TOWN}2010001", phone="")
    client.force_login(people.bob(OTHER_TOWN))

    foreign = client.post(SHEET, {"cadre": [theirs.pk, mine.pk]})
    absent = client.post(SHEET, {"cadre": [theirs.pk, mine.pk + 10_000]})

    assert (foreign.status_code, text(foreign)) == (absent.status_code, text(absent))
    assert client.get(SHEET, {"cadres": mine.pk}).status_code == 404
    assert client.get(SHEET, {"place": VILLAGE_A}).status_code == 404
    assert foreign.status_code == 404
    assert SignInStep.objects.count() == 0


@pytest.mark.parametrize("wrong", ["x", "-1", "²", "1" * 30, "1.", ""])
def test_odd_addresses_find_nothing(office, wrong):
    assert office.get(SHEET, {"cadres": wrong}).status_code == 404
    assert office.post(SHEET, {"cadre": wrong}).status_code == 404
    assert office.get(SHEET, {"place": wrong or "0"}).status_code == 404


# --- Taking an account over ---------------------------------------------------------------------------------


def taken_over(client, cadre):
    """Whether the person at the desk gets a link for the cadre that opens something."""
    response = client.post(SHEET, {"cadre": cadre.pk})
    # Each time another password: the present one is refused.
    chosen = typed(factories.number("huaxi-Sep-"))
    return any(Client().post(welcome(code), chosen).status_code == 302 for code in codes(response))


OF_THE_OFFICE = [Role.VISITOR, Role.GRID_LEADER, Role.VILLAGE_OFFICE, Role.UNIT_CLERK, Role.UNIT_HEAD]
OF_THE_ADMIN = [*OF_THE_OFFICE, Role.CAMPAIGN_OFFICE, Role.LEADING_GROUP, Role.INSPECTOR]


def posted(role, code=TOWN):
    made = factories.cadre(role.label)
    if role in (Role.UNIT_CLERK, Role.UNIT_HEAD):
        factories.posting(made, role, department=factories.department())
    else:
        factories.posting(made, role, code)
    return made


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("who", "theirs"), [(people.bob, OF_THE_OFFICE), (people.system_admin, OF_THE_ADMIN)]
)
def test_each_hands_out_the_sign_ins_below_the_own_duty(client, role, who, theirs):
    cadre = posted(role)
    client.force_login(who())

    assert taken_over(client, cadre) == (role in theirs)


@pytest.mark.parametrize("role", [role for role in Role if role not in OF_THE_OFFICE])
def test_one_higher_duty_among_several_is_enough(office, role):
    cadre = worker()
    factories.posting(cadre, role, TOWN)

    assert not taken_over(office, cadre)


def test_a_higher_duty_that_begins_tomorrow_counts(office):
    cadre = worker()
    factories.posting(cadre, Role.DISCIPLINE, TOWN, from_on="2099-01-01")

    assert not taken_over(office, cadre)


def test_ending_a_leader_s_posting_first_does_not_help(office):
    """The office may end that posting and give it back later: the account in between must stay closed to it."""
    cadre = worker()
    factories.posting(cadre, Role.LEADING_GROUP, TOWN)
    Posting.objects.filter(role=Role.LEADING_GROUP).update(to_on="2018-08-01")

    assert not taken_over(office, cadre)


def test_nobody_hands_out_the_own_sign_in(office, bob):
    factories.posting(bob.cadre, Role.VISITOR, GRID_A1)
    Posting.objects.filter(role=Role.CAMPAIGN_OFFICE, cadre=bob.cadre).update(role=Role.VISITOR)
    factories.posting(bob.cadre, Role.CAMPAIGN_OFFICE, TOWN)

    assert not taken_over(office, bob.cadre)
    assert not can_hand_out(bob, row(bob.cadre))


def test_colleague_in_the_office_stays_out_of_reach(office):
    assert not taken_over(office, people.bob().cadre)


def test_duty_in_another_town_too_is_out_of_reach(office):
    cadre = worker()
    factories.posting(cadre, Role.VISITOR, f"{OTHER_TOWN}2010001")

    assert not taken_over(office, cadre)


def test_superuser_on_the_roster_is_out_of_reach(client):
    cadre = worker(user=factories.user(is_superuser=True))
    for who in (people.bob(), people.system_admin()):
        client.force_login(who)
        assert not taken_over(client, cadre)


def test_superuser_hands_out_every_sign_in_but_the_own(client):
    root = factories.user("root", is_superuser=True)
    client.force_login(root)

    assert taken_over(client, posted(Role.DISCIPLINE))
    assert not taken_over(client, posted_as(root))


def posted_as(user):
    made = posted(Role.VISITOR, GRID_A1)
    made.user = user
    made.save()
    return made


def test_office_one_level_up_hands_out_below_and_not_beside(client):
    client.force_login(people.bob("330411"))
    assert taken_over(client, worker())
    client.force_login(people.bob(VILLAGE_A))
    assert not taken_over(client, worker(code=GRID_B1, phone=""))


# A department lies nowhere: whoever gave its people their first sign-in keeps it.


def unit_clerk():
    return posted(Role.UNIT_CLERK)


def test_department_s_account_stays_with_the_office_that_gave_it(client, bob):
    cadre = unit_clerk()
    client.force_login(bob)
    assert taken_over(client, cadre)
    assert taken_over(client, cadre)  # its own office renews it

    stranger = people.bob(OTHER_TOWN)
    client.force_login(stranger)
    assert not taken_over(client, cadre)
    assert not can_hand_out(stranger, row(cadre))


def test_department_s_account_made_by_hand_is_the_system_admin_s(client, bob):
    cadre = unit_clerk()
    cadre.user = factories.user()
    cadre.save()
    client.force_login(bob)
    assert not taken_over(client, cadre)
    client.force_login(people.system_admin())
    assert taken_over(client, cadre)


def test_name_of_somebody_else_s_account_is_not_taken(office):
    factories.user("WD-7")
    cadre = worker(staff_number="WD-7")

    response = office.post(SHEET, {"cadre": cadre.pk})

    assert "工号已被另一个账号用作账号名" in text(response) and codes(response) == []


def test_suspended_person_is_restored_first(office, bob):
    cadre = worker(user=True)
    sign_ins.suspend_sign_in(cadre, by=bob)

    assert "请先恢复登录" in text(office.post(SHEET, {"cadre": cadre.pk}))
