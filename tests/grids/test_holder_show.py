"""/register/<pk>/name/: a householder's name, whole, for a reason that stays on record."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from canvass.append_only import MESSAGE
from grids.enums import AuditAction
from grids.models import AuditRow, HolderReading
from tests import factories, people
from tests.desk import queries
from tests.workbooks import GRID_B1, VILLAGE_B

pytestmark = pytest.mark.django_db
NAME, WHY = "张三丰", "上门要称呼"


@pytest.fixture
def entry():
    factories.campaign()
    return factories.household(address="花溪路12号", holder_name=NAME)


def address(entry):
    return reverse("grids:holder_show", args=[entry.pk])


def ask(client, user, entry, reason=WHY):
    client.force_login(user)
    return client.post(address(entry), {"reason": reason})


def main(response):
    return response.content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("person", [people.alice, people.village_office, people.bob])
def test_who_works_with_the_household_reads_the_name_for_a_reason(client, entry, person):
    user = person()
    client.force_login(user)
    before = main(client.get(address(entry)))
    assert "张*" in before and NAME not in before

    response = ask(client, user, entry)

    assert NAME in main(response)
    assert "no-store" in response["Cache-Control"]
    reading = HolderReading.objects.get()
    assert (reading.entry, reading.by, reading.reason) == (entry, user, WHY)
    row = AuditRow.objects.get(action=AuditAction.UNMASKED)
    assert (row.user, row.record_type, row.record_key) == (user, "grids.RegisterEntry", str(entry.pk))


def test_name_is_shown_in_the_answer_alone(client, entry):
    alice = people.alice()
    ask(client, alice, entry)
    page = main(client.get(address(entry)))
    assert NAME not in page
    assert alice.display_name in page and WHY in page


@pytest.mark.parametrize("reason", ["", "   ", "很" * 201])
def test_without_a_reason_nothing_is_shown(client, entry, reason):
    page = main(ask(client, people.alice(), entry, reason))
    assert NAME not in page
    assert "原因" in page
    assert not HolderReading.objects.exists()


@pytest.mark.parametrize("person", [people.charlie, people.other_village_office, people.clerk])
def test_stranger_finds_no_such_household(client, entry, person):
    assert ask(client, person(), entry).status_code == 404
    assert not HolderReading.objects.exists()


@pytest.mark.parametrize("person", [people.leader, people.inspector])
def test_leaders_and_inspectors_read_the_mask_alone(client, entry, person):
    assert ask(client, person(), entry).status_code == 403
    assert not HolderReading.objects.exists()


def test_posting_elsewhere_opens_nothing_here(client, entry):
    """A leader of the town who visits in another village: the household is seen, its name is not."""
    leader = people.leader()
    factories.posting(leader.cadre, "visitor", GRID_B1)
    assert ask(client, leader, entry).status_code == 403


@pytest.mark.parametrize("fields", [{"holder_name": ""}, {"kind": "enterprise", "holder_name": "丝绸厂"}])
def test_where_nothing_is_hidden_there_is_no_page(client, entry, fields):
    other = factories.household(**fields)
    assert ask(client, people.alice(), other).status_code == 404


def test_household_page_leads_there(client, entry):
    client.force_login(people.alice())
    page = client.get(reverse("visits:entry_detail", args=[entry.number])).content.decode()
    assert address(entry) in page
    client.force_login(people.leader())
    page = client.get(reverse("visits:entry_detail", args=[entry.number])).content.decode()
    assert address(entry) not in page


def test_reading_is_never_changed(client, entry):
    ask(client, people.alice(), entry)
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        HolderReading.objects.update(reason="别的")
    with pytest.raises(IntegrityError), transaction.atomic():
        HolderReading.objects.create(entry=entry, by=people.bob(), reason="")


def test_page_costs_the_same_with_one_reading_and_with_three(client, entry):
    alice = people.alice()
    ask(client, alice, entry)
    one = queries(client, address(entry))
    for person in (people.village_office(), people.bob()):
        HolderReading.objects.create(entry=entry, by=person, reason=WHY)
    client.force_login(alice)
    assert queries(client, address(entry)) == one


def test_household_of_another_village_is_unknown_to_its_neighbour(client, entry):
    assert VILLAGE_B not in entry.grid_id
    assert ask(client, people.village_office(VILLAGE_B), entry).status_code == 404
