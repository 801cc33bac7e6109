"""Nobody in at several doors: /visits/nobody-in/."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from canvass.roles import Role
from grids.services import place_entry
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, VILLAGE_A
from visits.models import Handout, Visit, VisitCadre, VisitStep

from .forms import by, statements

pytestmark = pytest.mark.django_db
PAGE = "/visits/nobody-in/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(client, campaign):
    user = people.alice()
    client.force_login(user)
    return user


@pytest.fixture
def doors(campaign):
    return [factories.household(address=f"花溪路{n}号", number=f"H-{n}") for n in (1, 2, 3)]


def filled(user, doors, **fields):
    return {
        "client_id": str(uuid4()),
        "entry": [door.number for door in doors],
        "started_at": "2018-09-10T19:30",
        "cadres": [by(user)],
        **fields,
    }


# --- The page to confirm ------------------------------------------------------------------------------------


def test_page_asks_for_now_and_me(client, campaign, alice, doors):
    response = client.get(PAGE, {"entry": ["H-1", "H-3"]}, follow=True)
    form = response.context["form"]
    assert [door.number for door in response.context["doors"]] == ["H-1", "H-3"]
    assert form.initial["cadres"] == [by(alice)]
    assert abs((timezone.now() - form.initial["started_at"]).total_seconds()) < 60
    assert "id=" in response.redirect_chain[0][0]


def test_nothing_ticked_leads_back_to_the_list_with_a_sentence(client, campaign, alice, doors):
    response = client.get(PAGE, follow=True)
    assert response.redirect_chain[-1][0].startswith("/visits/?campaign=")
    assert "请先在名单里勾选" in response.content.decode()


def test_address_of_a_filed_round_leads_back_to_the_list(client, campaign, alice, doors):
    data = filled(alice, doors)
    client.post(PAGE, data)
    response = client.get(PAGE, {"entry": "H-1", "id": data["client_id"]}, follow=True)
    assert "刚才那一批已经登记了" in response.content.decode()


# --- What is filed ------------------------------------------------------------------------------------------


def test_each_door_gets_a_visit_of_its_own(client, campaign, alice, doors):
    mate = factories.cadre("伴同行")
    factories.posting(mate, Role.VISITOR, GRID_A1)
    response = client.post(PAGE, filled(alice, doors[:2], cadres=[by(alice), mate.staff_number]), follow=True)
    assert "已登记 2 户未遇。" in response.content.decode()
    visits = Visit.objects.order_by("entry__number")
    assert [(v.entry, v.outcome, v.way, v.grid_id, v.filed_by, v.people_met) for v in visits] == [
        (door, "not_in", "door", GRID_A1, alice, None) for door in doors[:2]
    ]
    assert {v.started_at for v in visits} == {factories.at("2018-09-10 19:30")}
    assert len({v.number for v in visits}) == len({v.client_id for v in visits}) == 2
    assert VisitStep.objects.filter(move="filed", by=alice).count() == 2
    names = VisitCadre.objects.values_list("name", "role").distinct().order_by("name")
    assert set(names) == {("艾一丽", "visitor"), ("伴同行", "visitor")}
    assert not Handout.objects.exists()


def test_card_left_in_each_door_is_counted(client, campaign, alice, doors):
    client.post(PAGE, filled(alice, doors, left_card="on"))
    rows = Handout.objects.order_by("visit__entry__number")
    assert [(h.visit.entry, h.kind, h.copies, h.place_id, str(h.given_on)) for h in rows] == [
        (door, "contact_card", 1, GRID_A1, "2018-09-10") for door in doors
    ]


def test_visit_lies_in_the_grid_that_the_door_had_that_day(client, campaign):
    user = people.person(Role.VISITOR, VILLAGE_A)
    moved, old = factories.household(), factories.household(from_on=factories.at("2018-09-05").date())
    place_entry(
        moved, grid=factories.place(GRID_A2), state="active", from_on=factories.at("2018-09-11").date()
    )
    client.force_login(user)
    client.post(PAGE, filled(user, [moved, old]))
    assert {v.entry_id: v.grid_id for v in Visit.objects.all()} == {moved.pk: GRID_A1, old.pk: GRID_A1}


def test_door_ticked_twice_is_one_visit(client, campaign, alice, doors):
    client.post(PAGE, filled(alice, doors, entry=["H-1", "H-1"]))
    assert Visit.objects.count() == 1


def test_taken_short_number_gives_way_to_the_whole_identity(client, campaign, alice, doors):
    data = filled(alice, doors[:1])
    taken = f"20180910-{data['client_id'][:8].upper()}"
    factories.visit(campaign, doors[1], number=taken)
    client.post(PAGE, data)
    assert (
        Visit.objects.get(entry=doors[0]).number == f"20180910-{data['client_id'].replace('-', '').upper()}"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"entry": []}, "请至少勾选一户"),
        ({"cadres": []}, "请至少勾选一位走访人"),
        ({"cadres": ["W-none"]}, "没有工号为 W-none 的人员"),
        ({"started_at": "2030-01-01T10:00"}, "开始时间不能晚于现在"),
        ({"started_at": "2018-06-30T23:59"}, "开始时间不能早于活动第一天"),
        ({"started_at": "昨天"}, "请填写日期和时间"),
        ({"started_at": ""}, "请填写时间"),
        ({"client_id": "x"}, "表单不完整"),
        ({"entry": [f"H-{n}" for n in range(51)]}, "一次最多 50 户"),
    ],
)
def test_refused_form_says_why_and_files_nothing(client, campaign, alice, doors, fields, words):
    response = client.post(PAGE, filled(alice, doors) | fields)
    assert words in response.content.decode()
    assert not Visit.objects.exists()


# --- The same form again ------------------------------------------------------------------------------------


def test_same_form_sent_twice_is_the_same_visits(client, campaign, alice, doors):
    data = filled(alice, doors, left_card="on")
    client.post(PAGE, data)
    again = client.post(PAGE, data | {"entry": data["entry"][::-1]}, follow=True)
    assert "没有重复" in again.content.decode()
    assert (Visit.objects.count(), Handout.objects.count()) == (3, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"entry": ["H-3"]},
        {"entry": ["H-1", "H-2", "H-3"]},
        {"started_at": "2018-09-10T19:31"},
        {"left_card": "on"},
    ],
    ids=["other doors", "one more", "other time", "a card"],
)
def test_other_content_under_the_same_identity_is_refused_with_both(client, campaign, alice, doors, change):
    data = filled(alice, doors[:2])
    client.post(PAGE, data)
    response = client.post(PAGE, data | change)
    assert response.status_code == 409
    assert any(row.differs for row in response.context["rows"])
    page = response.content.decode()
    assert "花溪路1号" in page
    assert "花溪路2号" in page
    assert Visit.objects.count() == 2
    sent = dict(response.context["sent"])
    assert "client_id" not in sent
    new = {"client_id": response.context["new_id"]}
    client.post(PAGE, data | change | new)
    assert Visit.objects.count() == 2 + len((data | change)["entry"])


def test_identity_of_somebody_else_shows_nothing_of_theirs(client, campaign, alice, doors):
    theirs = factories.household(GRID_B1, address="庆丰路9号")
    charlie = people.charlie()
    data = filled(alice, doors[:1])
    client.force_login(charlie)
    client.post(PAGE, filled(charlie, [theirs], client_id=data["client_id"]))
    client.force_login(alice)
    response = client.post(PAGE, data)
    assert response.status_code == 409
    assert "庆丰路" not in response.content.decode()
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sends_at_once_are_one_round(campaign, doors):
    alice = people.alice()
    data, barrier, codes = filled(alice, doors, left_card="on"), Barrier(2), []

    def send():
        try:
            client = Client()
            client.force_login(alice)
            barrier.wait(timeout=20)
            codes.append(client.post(PAGE, data).status_code)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [302, 302]
    assert (Visit.objects.count(), VisitStep.objects.count(), Handout.objects.count()) == (3, 3, 3)


# --- Whose doors --------------------------------------------------------------------------------------------


def test_one_door_that_is_not_mine_keeps_all_of_them_unfiled(client, campaign, alice, doors):
    factories.household(GRID_B1, number="H-9", address="庆丰路9号")
    response = client.post(PAGE, filled(alice, doors, entry=["H-1", "H-9", "H-2"]))
    page = response.content.decode()
    assert "H-9 现在不在您的责任范围内" in page
    assert "庆丰路" not in page
    assert not Visit.objects.exists()
    assert [door.number for door in response.context["doors"]] == ["H-1", "H-2"]


def test_door_that_moved_away_meanwhile_is_named(client, campaign, alice, doors):
    data = filled(alice, doors)
    place_entry(doors[1], grid=factories.place(GRID_B1), state="active", from_on=timezone.localdate())
    assert "H-2 现在不在您的责任范围内" in client.post(PAGE, data).content.decode()
    assert not Visit.objects.exists()


def test_round_that_was_filed_is_still_the_same_after_a_door_moved_away(client, campaign, alice, doors):
    data = filled(alice, doors)
    client.post(PAGE, data)
    place_entry(doors[1], grid=factories.place(GRID_B1), state="active", from_on=timezone.localdate())
    assert client.post(PAGE, data).status_code == 302
    assert Visit.objects.count() == 3


def test_stranger_files_nothing_here(client, campaign, doors):
    charlie = people.charlie()
    client.force_login(charlie)
    assert "不在您的责任范围内" in client.post(PAGE, filled(charlie, doors)).content.decode()
    page = client.get(PAGE, {"entry": "H-1"}, follow=True).content.decode()
    assert "花溪路1号" not in page
    assert not Visit.objects.exists()


def test_door_outside_the_campaign_is_refused(client, doors, campaign):
    bob = people.bob()
    village = factories.campaign("village", area=VILLAGE_A)
    other = factories.household(GRID_B1, number="H-9")
    client.force_login(bob)
    page = client.post(f"{PAGE}?campaign={village.code}", filled(bob, [*doors, other])).content.decode()
    assert "H-9 现在不在您的责任范围内" in page
    assert not Visit.objects.exists()


@pytest.mark.parametrize("state", ["closed", "draft"])
def test_campaign_that_is_not_running_takes_nothing(client, campaign, alice, doors, state):
    campaign.state = state
    campaign.save()
    address = f"{PAGE}?campaign={campaign.code}"
    assert client.get(address, {"entry": "H-1"}).status_code == 404
    assert client.post(address, filled(alice, doors)).status_code == 404
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "who", [people.clerk, people.inspector, people.leader, people.discipline, people.nobody]
)
def test_who_may_not_file_opens_no_page(client, campaign, doors, who):
    client.force_login(who())
    assert client.get(PAGE, {"entry": "H-1"}).status_code == 403


def test_anonymous_is_asked_to_sign_in(client):
    assert client.get(PAGE)["Location"].startswith("/login/?next=/visits/nobody-in/")


@pytest.mark.parametrize("query", [{"entry": "\0"}, {"entry": "H-1\0"}, {"id": "\0", "entry": "H-1"}])
def test_nul_breaks_nothing(client, campaign, alice, doors, query):
    assert client.get(PAGE, query, follow=True).status_code == 200


def test_ten_doors_cost_as_much_as_one(client, campaign, alice):
    more = [factories.household() for _ in range(11)]
    _, one = statements(lambda: client.post(PAGE, filled(alice, more[:1], left_card="on")))
    _, ten = statements(lambda: client.post(PAGE, filled(alice, more[1:], left_card="on")))
    assert len(one) == len(ten) <= 16
    assert reverse("visits:nobody_in") == PAGE
