"""/reports/rights/new/: a resident's request under the number of a receipt, of words or of a door."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from issues.receipts import receipt_for
from reports.models import RightsRequest
from tests import factories, people
from tests.workbooks import GRID_A1, TOWN, VILLAGE_A

from .asking_rights import register, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


@pytest.fixture
def opinion(campaign):
    return factories.opinion(campaign, number="O1")


def test_request_is_due_in_fifteen_days(client, campaign, bob, opinion):
    asked = registered(client, bob, campaign, "O1", kind="see", way="letter")
    assert (asked.kind, asked.way, asked.opinion, asked.entry, asked.place_id) == (
        "see", "letter", opinion, None, GRID_A1,
    )  # fmt: skip
    assert (asked.received_on, asked.due_on, asked.created_by) == (date(2018, 9, 10), date(2018, 9, 25), bob)


def test_request_is_found_by_receipt_and_means_the_latest_words(client, campaign, bob, opinion):
    receipt = receipt_for(opinion, by=bob)
    latest = factories.opinion(campaign, corrects=opinion)
    assert registered(client, bob, campaign, receipt.typed_code.lower()).opinion == latest


def test_request_is_found_by_door(client, campaign, bob):
    entry = factories.household(number="H7")
    asked = registered(client, bob, campaign, "H7")
    assert (asked.entry, asked.opinion, asked.place_id) == (entry, None, GRID_A1)


@pytest.mark.parametrize("typed", ["O9", "沈百合", "花溪路1号", "x" * 65, ""])
def test_request_is_found_by_number_alone(client, campaign, bob, opinion, typed):
    factories.household(holder_name="沈百合", address="花溪路1号")
    page = register(client, bob, campaign, typed)
    assert page.status_code == 200 and page.context["form"].errors["number"]
    assert not RightsRequest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "sell"}, "kind"),
        ({"way": ""}, "way"),
        ({"received_on": "2018-02-30"}, "received_on"),
        ({"received_on": ""}, "received_on"),
        ({"campaign": "other"}, "campaign"),
    ],
)
def test_request_refuses_bad_input(client, campaign, bob, opinion, fields, name):
    assert register(client, bob, campaign, "O1", **fields).context["form"].errors[name]


@pytest.mark.parametrize(
    ("day", "status"),
    [("2018-06-30", 200), ("2018-07-01", 302), (str(timezone.localdate()), 302), ("2029-01-01", 200)],
)
def test_request_was_received_between_the_first_day_and_today(client, campaign, bob, opinion, day, status):
    assert register(client, bob, campaign, "O1", received_on=day).status_code == status


@pytest.mark.parametrize(
    "stranger",
    [people.alice, people.village_office, people.leader, people.clerk, people.system_admin, people.nobody],
)
def test_nobody_else_registers(client, campaign, opinion, stranger):
    assert register(client, stranger(), campaign, "O1").status_code == 403


def test_office_of_another_town_finds_nothing(client, campaign, opinion):
    other = factories.campaign("other", area="330411106")
    office = people.bob("330411106")
    assert register(client, office, campaign, "O1").status_code == 200
    assert register(client, office, other, "O1").status_code == 200
    assert not RightsRequest.objects.exists()


def test_misconduct_report_is_discipline_s(client, campaign, bob):
    factories.opinion(campaign, number="R1", nature="report", restricted=True)
    assert register(client, bob, campaign, "R1").status_code == 200
    assert registered(client, people.discipline(), campaign, "R1").opinion.number == "R1"


def test_request_is_about_one_thing_and_due_later(campaign, bob, opinion):
    row = {
        "campaign": campaign, "place_id": VILLAGE_A, "kind": "see", "way": "phone", "created_by": bob,
        "received_on": date(2018, 9, 10), "due_on": date(2018, 9, 25),
    }  # fmt: skip
    factories.place(VILLAGE_A)
    for more, name in (
        ({}, "is_about_one"),
        ({"opinion": opinion, "entry": factories.household()}, "is_about_one"),
        ({"opinion": opinion, "due_on": date(2018, 9, 10)}, "due_after_received"),
    ):
        with pytest.raises(DatabaseError, match=f"rightsrequest_{name}"), transaction.atomic():
            RightsRequest.objects.create(**{**row, **more})
    assert TOWN
