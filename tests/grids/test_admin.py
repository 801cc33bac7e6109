"""The registers at the office desk: whose rows, which columns, what may be changed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from canvass.roles import Role
from grids.accounts import account_for
from grids.models import Area, Cadre, Department, Grid, Place, Posting, RegisterEntry, User
from tests import factories, people
from tests.desk import address, choices, listed, queries, text
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, TOWN, VILLAGE_A
from visits.models import Visit

pytestmark = pytest.mark.django_db
OTHER_TOWN = "330411106"


@pytest.fixture
def office(client):
    client.force_login(people.bob())
    return client


def make_rows(number):
    """That many more rows on every list."""
    for _ in range(number):
        entry = factories.household(holder_name="张三丰")
        factories.visit(factories.Campaign.objects.first() or factories.campaign(), entry)
        post = factories.department(factories.number("单位"))
        cadre = factories.cadre(department=post, user=True)
        factories.posting(cadre, Role.VISITOR, GRID_A1)
        factories.posting(factories.cadre(), Role.UNIT_CLERK, department=post)
        last = Grid.objects.order_by("-code").first().code
        factories.place(f"{VILLAGE_A}0{int(last[-3:]) + 1:03d}")


# --- Who sees what ------------------------------------------------------------------------------------------


def test_register_shows_the_own_village_only(client):
    mine, other = factories.household(GRID_A1), factories.household(GRID_B1)
    client.force_login(people.village_office())

    assert listed(client, RegisterEntry) == [mine]
    assert client.get(address(RegisterEntry, "change", mine.pk)).status_code == 200
    assert client.get(address(RegisterEntry, "change", other.pk)).status_code == 404
    assert client.get(address(RegisterEntry, "history", other.pk)).status_code == 404


def test_guessed_number_and_foreign_row_look_the_same(client):
    other = factories.household(GRID_B1)
    client.force_login(people.village_office())

    foreign = client.get(address(RegisterEntry, "change", other.pk))
    absent = client.get(address(RegisterEntry, "change", other.pk + 1000))

    assert (foreign.status_code, text(foreign)) == (absent.status_code, text(absent))


def test_search_and_autocomplete_offer_the_own_village_only(client):
    mine = factories.household(GRID_A1, address="花溪路8号", number="H-A")
    factories.household(GRID_B1, address="花溪路8号", number="H-B")
    client.force_login(people.village_office())

    assert listed(client, RegisterEntry, q="花溪路") == [mine]

    assert choices(client, Visit, "entry", "花溪路") == ["花溪路8号（H-A）"]


@pytest.mark.parametrize(
    "person", [people.alice, people.clerk, people.leader, people.discipline, people.nobody]
)
def test_desk_is_closed_to_those_without_a_desk_role(client, person):
    client.force_login(person())

    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get(address(RegisterEntry), follow=True).status_code == 403


def test_system_admin_sees_no_household(client):
    entry = factories.household()
    client.force_login(people.system_admin())

    assert client.get(address(RegisterEntry)).status_code == 403
    assert client.get(address(RegisterEntry, "change", entry.pk)).status_code in (403, 404)


def test_roster_shows_the_own_town_only(office):
    stranger = people.bob(OTHER_TOWN)

    assert stranger.cadre not in listed(office, Cadre)
    assert stranger.cadre not in [row.cadre for row in listed(office, Posting)]
    assert office.get(address(Cadre, "change", stranger.cadre.pk)).status_code == 404


@pytest.mark.parametrize("model", [RegisterEntry, Grid, Area, Department, Cadre, Posting])
def test_list_costs_the_same_for_three_rows_as_for_one(office, model):
    make_rows(1)
    queries(office, address(model))
    one = queries(office, address(model))
    make_rows(2)

    assert queries(office, address(model)) == one <= 10


def test_account_list_costs_the_same_for_three_rows_as_for_one(client):
    client.force_login(people.system_admin())
    make_rows(1)
    one = queries(client, address(User))
    make_rows(2)

    assert queries(client, address(User)) == one <= 10


def test_nothing_can_be_deleted(office):
    entry = factories.household()

    assert office.post(address(RegisterEntry, "delete", entry.pk), {"post": "yes"}).status_code == 403
    office.post(address(RegisterEntry), {"action": "delete_selected", "_selected_action": [entry.pk]})
    assert RegisterEntry.objects.filter(pk=entry.pk).exists()


# --- Masks --------------------------------------------------------------------------------------------------


def test_list_masks_names_and_phones(office):
    factories.household(holder_name="张三丰")
    cadre = people.person(Role.VISITOR, GRID_A1).cadre
    cadre.phone = "13812345678"
    cadre.save()

    entries, cadres = text(office.get(address(RegisterEntry))), text(office.get(address(Cadre)))

    assert "张*" in entries and "张三丰" not in entries
    assert "138****5678" in cadres and "13812345678" not in cadres


@pytest.mark.parametrize("person", [people.bob, people.inspector])
def test_nobody_reads_the_full_name_in_passing(client, person):
    entry = factories.household(holder_name="张三丰")

    client.force_login(person())
    page = client.get(address(RegisterEntry, "change", entry.pk)).content.decode()

    assert "张*" in page and "张三丰" not in page


def renamed(entry, **fields):
    own = {"kind": entry.kind, "address": entry.address, "grid": entry.grid_id, "state": entry.state}
    periods = {"periods-TOTAL_FORMS": 0, "periods-INITIAL_FORMS": 0}
    return own | {"holder_name": "", "effective_on": "2018-09-01"} | periods | fields


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"address": "花溪路3号"}, "张三丰"),
        ({"holder_name": "李四海"}, "李四海"),
        ({"drop_name": "on"}, ""),
    ],
)
def test_name_that_is_left_blank_stays_and_another_takes_its_place(office, fields, name):
    entry = factories.household(holder_name="张三丰")

    response = office.post(address(RegisterEntry, "change", entry.pk), renamed(entry, **fields))

    assert response.status_code == 302
    entry.refresh_from_db()
    assert entry.holder_name == name


def test_name_is_not_both_replaced_and_dropped(office):
    entry = factories.household(holder_name="张三丰")
    typed = renamed(entry, holder_name="李四海", drop_name="on")

    page = office.post(address(RegisterEntry, "change", entry.pk), typed).content.decode()

    assert "要么填新的户名，要么勾“删去户名”。" in page


@pytest.mark.parametrize(("kind", "shown"), [("enterprise", True), ("school", True), ("shop", False)])
def test_name_of_a_firm_or_a_school_is_no_persons(office, kind, shown):
    entry = factories.household(holder_name="王店镇丝绸厂", kind=kind)

    for page in (address(RegisterEntry), address(RegisterEntry, "change", entry.pk)):
        assert ("王店镇丝绸厂" in office.get(page).content.decode()) == shown


def test_number_changed_at_the_desk_signs_in_from_then_on(office):
    cadre = people.alice().cadre
    cadre.phone = "13812345678"
    cadre.save()
    fields = {"name": cadre.name, "category": cadre.category, "department": "", "phone": "13987654321"}
    inlines = ("postings", "sign_in_steps")
    rows = {f"{rows}-{count}_FORMS": 0 for rows in inlines for count in ("TOTAL", "INITIAL")}

    response = office.post(address(Cadre, "change", cadre.pk), fields | rows)
    assert response.status_code == 302, response.context["errors"]

    assert account_for("13987654321") == cadre.user
    assert account_for("13812345678") is None


# --- Places -------------------------------------------------------------------------------------------------


def grid_form(code, **fields):
    return {"code": code, "name": "第九网格", "kind": "general", "from_on": "", "to_on": "", **fields}


def test_grid_gets_its_village_from_its_code(office):
    factories.place(VILLAGE_A)

    office.post(address(Grid, "add"), grid_form(f"{VILLAGE_A}0009"))

    assert Grid.objects.get(code=f"{VILLAGE_A}0009").parent_id == VILLAGE_A


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("33041110520100", "网格编码为 16 位数字"),
        ("33041110520100a9", "网格编码为 16 位数字"),
        (f"{TOWN}9990001", "上级代码 330411105999 还没有登记"),
        (f"{VILLAGE_A}1009", "第 13 位须与类型一致"),
    ],
)
def test_wrong_grid_code_is_told_in_words(office, code, sentence):
    factories.place(VILLAGE_A)

    response = office.post(address(Grid, "add"), grid_form(code))

    assert sentence in text(response)
    assert not Grid.objects.exists()


def test_grid_of_another_town_cannot_be_added(office):
    factories.place(f"{OTHER_TOWN}201")

    response = office.post(address(Grid, "add"), grid_form(f"{OTHER_TOWN}2010001"))

    assert "这个代码不在您负责的区划内" in text(response)


def test_code_of_a_grid_is_given_once(office):
    factories.place(GRID_A1)

    office.post(address(Grid, "change", GRID_A1), grid_form(GRID_A2, name="新名"))

    assert [(grid.code, grid.name) for grid in Grid.objects.all()] == [(GRID_A1, "新名")]


def test_grid_of_another_town_is_read_only(office):
    other = factories.place(f"{OTHER_TOWN}2010001")

    response = office.post(address(Grid, "change", other.code), grid_form(other.code, name="改名"))

    assert response.status_code == 403
    assert Place.objects.get(code=other.code).name == other.name


# --- The register -------------------------------------------------------------------------------------------


def entry_form(**fields):
    defaults = {
        "number": "H-1",
        "kind": "household",
        "address": "花溪路1号",
        "holder_name": "",
        "grid": GRID_A1,
        "state": "active",
        "effective_on": "2018-08-01",
    }
    inline = {"periods-TOTAL_FORMS": "0", "periods-INITIAL_FORMS": "0"}
    return {**defaults, **inline, **fields}


def test_new_entry_has_its_first_period(office):
    factories.place(GRID_A1)

    office.post(address(RegisterEntry, "add"), entry_form())

    periods = RegisterEntry.objects.get(number="H-1").periods
    assert list(periods.values_list("grid", "state", "from_on", "to_on")) == [
        (GRID_A1, "active", date(2018, 8, 1), None)
    ]


def test_moving_an_entry_keeps_what_held_before(office):
    entry = factories.household(GRID_A1)
    factories.place(GRID_A2)

    office.post(
        address(RegisterEntry, "change", entry.pk),
        entry_form(grid=GRID_A2, state="vacant", effective_on="2018-09-01"),
    )

    assert list(entry.periods.values_list("grid", "state", "from_on", "to_on")) == [
        (GRID_A1, "active", factories.FIRST_DAY, date(2018, 8, 31)),
        (GRID_A2, "vacant", date(2018, 9, 1), None),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"effective_on": "2018-06-30", "state": "vacant"}, "请填这一天或以后的日期"),
        ({"effective_on": (timezone.localdate() + timedelta(days=1)).isoformat()}, "不能填将来的日期"),
        ({"address": ""}, "这个字段是必填项"),
    ],
)
def test_entry_form_says_what_is_wrong(office, fields, sentence):
    entry = factories.household()

    response = office.post(address(RegisterEntry, "change", entry.pk), entry_form(**fields))

    assert sentence in text(response)
    entry.refresh_from_db()
    assert (entry.state, entry.periods.count()) == ("active", 1)


def test_entry_cannot_be_put_into_another_towns_grid(office):
    entry = factories.household()
    foreign = factories.place(f"{OTHER_TOWN}2010001")

    office.post(address(RegisterEntry, "change", entry.pk), entry_form(grid=foreign.code))

    entry.refresh_from_db()
    assert entry.grid_id == GRID_A1
    assert choices(office, RegisterEntry, "grid") == ["花溪社区 地方3304111052010001（3304111052010001）"]


def test_register_tells_the_last_visit(office):
    campaign, entry = factories.campaign(), factories.household()
    factories.visit(campaign, entry, outcome="not_in", started_at=factories.at("2018-09-01 08:00"))
    factories.visit(campaign, entry, outcome="met", started_at=factories.at("2018-09-05 23:30"))
    void = {"state": "void", "voided_at": timezone.now()}
    factories.visit(campaign, entry, outcome="refused", started_at=factories.at("2018-09-09"), **void)

    assert "见面 2018-09-05" in text(office.get(address(RegisterEntry)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"area": VILLAGE_A}, ["A1", "A2"]),
        ({"area": GRID_A2}, ["A2"]),
        ({"area": TOWN}, ["A1", "A2", "B1"]),
        ({"area": OTHER_TOWN}, []),
        ({"area": "村"}, ["A1", "A2", "B1"]),
        ({"q": "A2"}, ["A2"]),
        ({"kind__exact": "school"}, []),
    ],
)
def test_register_filters(office, query, expected):
    for grid, number in ((GRID_A1, "A1"), (GRID_A2, "A2"), (GRID_B1, "B1")):
        factories.household(grid, number=number)

    assert sorted(entry.number for entry in listed(office, RegisterEntry, **query)) == expected


# --- People -------------------------------------------------------------------------------------------------


def posting_form(cadre, role, **fields):
    return {
        "cadre": cadre.pk,
        "role": role,
        "place": GRID_A1,
        "department": "",
        "from_on": "2018-08-01",
        "to_on": "",
        **fields,
    }


def test_office_posts_a_visitor(office):
    cadre = factories.cadre()
    factories.place(GRID_A1)

    office.post(address(Posting, "add"), posting_form(cadre, Role.VISITOR))

    assert [(p.role, p.place_id) for p in cadre.postings.all()] == [(Role.VISITOR, GRID_A1)]


@pytest.mark.parametrize(
    "role", [Role.CAMPAIGN_OFFICE, Role.DISCIPLINE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR]
)
def test_office_gives_no_role_beyond_its_work(office, role):
    cadre = factories.cadre()
    factories.place(GRID_A1)

    office.post(address(Posting, "add"), posting_form(cadre, role))

    assert not cadre.postings.exists()


def test_nobody_posts_himself(client):
    me = people.person(Role.SECURITY_ADMIN, TOWN)
    factories.place(GRID_A1)
    client.force_login(me)

    response = client.post(address(Posting, "add"), posting_form(me.cadre, Role.DISCIPLINE))

    assert "不能给自己设岗位" in text(response)
    assert me.cadre.postings.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": Role.VISITOR, "place": ""}, "请选这个岗位负责的区划或网格"),
        ({"role": Role.UNIT_CLERK, "place": ""}, "承办角色请选单位"),
        ({"to_on": "2018-07-31"}, "结束日期不能早于开始日期"),
    ],
)
def test_posting_form_says_what_is_wrong(office, fields, sentence):
    cadre = factories.cadre()
    factories.place(GRID_A1)

    response = office.post(address(Posting, "add"), posting_form(cadre, Role.VISITOR) | fields)

    assert sentence in text(response)
    assert not cadre.postings.exists()


def test_posting_is_ended_but_never_turned_into_another(office):
    cadre = factories.cadre()
    posting = factories.posting(cadre, Role.VISITOR, GRID_A1)

    office.post(
        address(Posting, "change", posting.pk),
        posting_form(cadre, Role.GRID_LEADER, to_on="2018-09-01"),
    )

    posting.refresh_from_db()
    assert (posting.role, posting.to_on) == (Role.VISITOR, date(2018, 9, 1))


def test_office_does_not_link_accounts(office):
    cadre = factories.cadre()
    factories.posting(cadre, Role.VISITOR, GRID_A1)
    account = factories.user()
    fields = {"name": "王五", "category": "other", "department": "", "phone": "", "user": account.pk}
    inlines = {
        f"{rows}-{count}_FORMS": "0"
        for rows in ("postings", "sign_in_steps")
        for count in ("TOTAL", "INITIAL")
    }

    office.post(address(Cadre, "change", cadre.pk), fields | inlines)

    cadre.refresh_from_db()
    assert (cadre.name, cadre.user) == ("王五", None)
    assert office.get(address(User)).status_code == 403


def test_system_admin_keeps_accounts_but_no_superuser(client):
    client.force_login(people.system_admin())
    root = factories.user("root", is_superuser=True)
    clerk = people.alice()
    stranger = people.bob(OTHER_TOWN)

    seen = listed(client, User)
    assert clerk in seen and root not in seen and stranger not in seen
    assert client.get(address(User, "change", root.pk)).status_code == 404
    assert client.get(f"/admin/grids/user/{root.pk}/password/").status_code == 404
    assert client.get(f"/admin/grids/user/{clerk.pk}/password/").status_code == 200
    form = client.get(address(User, "change", clerk.pk)).context["adminform"].form
    assert set(form.fields) == {"username"}


@pytest.mark.parametrize("sent", ["没有", "2018-W99", str(2**64 + 1)])
def test_account_that_can_be_none_is_refused_at_its_field(client, sent):
    client.force_login(people.system_admin())
    cadre = factories.cadre()
    factories.posting(cadre, Role.VISITOR, GRID_A1)
    fields = {"name": "王五", "category": "other", "department": "", "phone": "", "user": sent}
    inlines = {
        f"{rows}-{count}_FORMS": "0"
        for rows in ("postings", "sign_in_steps")
        for count in ("TOTAL", "INITIAL")
    }

    response = client.post(address(Cadre, "change", cadre.pk), fields | inlines)

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["user"]
    cadre.refresh_from_db()
    assert cadre.name != "王五"


def test_nobody_keeps_groups_of_permissions(client):
    client.force_login(factories.user("root", is_superuser=True))

    assert client.get("/admin/auth/group/").status_code == 404


def test_wrong_end_of_a_posting_is_told_in_words(office):
    """The first day is read-only there, and the rule that joins the two is asked all the same."""
    cadre = factories.cadre()
    posting = factories.posting(cadre, Role.VISITOR, GRID_A1)

    response = office.post(
        address(Posting, "change", posting.pk), posting_form(cadre, Role.VISITOR, to_on="2018-06-30")
    )

    assert "结束日期不能早于开始日期" in text(response)
    posting.refresh_from_db()
    assert posting.to_on is None


def test_whoever_does_not_read_the_register_sees_how_many_and_no_way_to_it(client, office):
    factories.household()
    assert "/admin/grids/registerentry/?area=" in office.get(address(Grid)).content.decode()

    client.force_login(people.system_admin())
    page = client.get(address(Grid))
    assert "/admin/grids/registerentry/" not in page.content.decode()
    assert [row.entry_count for row in page.context["cl"].result_list if row.code == GRID_A1] == [1]
