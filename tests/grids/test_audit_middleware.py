"""What a request leaves in the audit log without its page's doing anything for it."""

import logging
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from grids import audit_middleware
from grids.models import AuditRow, Department, Posting
from tests import factories, people
from tests.desk import address, text
from tests.visits.forms import filled
from visits.models import Opinion, Visit

from .auditing import about, told

pytestmark = pytest.mark.django_db
ROW = ("name", "action", "door", "record_type", "record_key", "result", "status")


@pytest.fixture
def visit():
    return factories.visit(factories.campaign(), factories.household(), filed_by=people.alice())


def client_of(user, **defaults):
    client = Client(**defaults)
    client.force_login(user)
    return client


def page(visit):
    return reverse("visits:visit_detail", args=[visit.pk])


# --- Who opened this record ---------------------------------------------------------------------------------


def test_who_opened_this_record_is_one_query(visit, django_assert_num_queries):
    other = factories.visit(visit.campaign, factories.household())
    for person in (visit.filed_by, people.bob(), people.leader()):
        assert client_of(person).get(page(visit)).status_code == 200
    client_of(people.bob()).get(page(other))
    assert client_of(people.charlie()).get(page(visit)).status_code == 404
    assert client_of(people.clerk()).post(page(visit) + "void/", {"reason": "看看"}).status_code == 403

    with django_assert_num_queries(1):
        found = about(visit)

    assert found == [
        ("艾一丽", "opened", "done"),
        ("鲍二柏", "opened", "done"),
        ("凌六导", "opened", "done"),
        ("查三理", "opened", "refused"),
        ("陈八办", "submitted", "refused"),
    ]


def test_row_says_from_where_and_with_what(visit):
    agent = "Mozilla/5.0 (Linux; Android 13; V2199A) Chrome/116.0 Mobile Safari/537.36"
    client_of(people.alice(), REMOTE_ADDR="10.3.0.8", HTTP_USER_AGENT=agent).get(page(visit))

    row = AuditRow.objects.get()
    assert (row.address, row.device, row.place, row.status) == ("10.3.0.8", "phone", people.GRID_A1, 200)


def test_same_record_by_its_pages_here_and_at_the_desk(visit):
    bob = client_of(people.bob())
    for path in (page(visit), address(Visit, "change", visit.pk), address(Visit, "history", visit.pk)):
        bob.get(path)

    assert told("door", record_type="visits.Visit", record_key=str(visit.pk)) == [
        ("visits:visit_detail",),
        ("admin:visits_visit_change",),
        ("admin:visits_visit_history",),
    ]


def test_record_that_is_not_there_is_named_by_its_number_only():
    alice = client_of(people.alice())
    alice.get("/visits/987654/")
    alice.get("/visits/entries/张三家/")
    client_of(people.bob()).get("/admin/visits/visit/张三/change/")

    assert told("record_type", "record_key", "result") == [
        ("visits.Visit", "987654", "refused"),
        ("grids.RegisterEntry", "", "refused"),
        ("visits.Visit", "", "refused"),
    ]


def test_household_is_found_by_the_number_in_its_address():
    entry = factories.household()
    factories.campaign()
    client_of(people.alice()).get(reverse("visits:entry_detail", args=[entry.number]))

    assert told("record_type", "record_key", "place") == [
        ("grids.RegisterEntry", str(entry.pk), entry.grid_id)
    ]


# --- What was done ------------------------------------------------------------------------------------------


def test_change_names_its_record_and_no_word(visit):
    alice = client_of(visit.filed_by)
    alice.post(page(visit) + "void/", {"reason": "填错了人家"})

    assert told(*ROW) == [
        ("艾一丽", "submitted", "visits:visit_void", "visits.Visit", str(visit.pk), "done", 302)
    ]
    assert "填错" not in str(list(AuditRow.objects.values()))


def file(client, entry, **headers):
    form = filled(("problem", "路灯不亮"), client_id=str(uuid4()))
    return client.post(reverse("visits:visit_file", query={"entry": entry.number}), form, headers=headers)


def test_form_that_is_filed_is_logged_under_the_record_that_it_made():
    factories.campaign()
    alice, entry = people.alice(), factories.household()
    client = client_of(alice)
    number = alice.cadre.staff_number
    assert file(client, entry).status_code == 200, "without anybody who went"
    form = filled(("problem", "路灯不亮"), cadres=number)
    assert client.post(reverse("visits:visit_file", query={"entry": entry.number}), form).status_code == 302
    queue = {"accept": "application/json", "x-person": str(alice.pk)}
    form |= {"client_id": str(uuid4())}
    address = reverse("visits:visit_file", query={"entry": entry.number})
    assert client.post(address, form, headers=queue).status_code == 201

    first, second = Visit.objects.order_by("pk")
    assert told("record_type", "record_key", "status", action="submitted") == [
        ("", "", 200),
        ("visits.Visit", str(first.pk), 302),
        ("visits.Visit", str(second.pk), 201),
    ]


def test_what_the_desk_adds_is_named():
    bob = client_of(people.bob())
    bob.post(address(Department, "add"), {"name": "水利站", "level": "town"})

    made = Department.objects.get(name="水利站")
    assert about(made) == [("鲍二柏", "submitted", "done")]


def test_action_on_many_rows_leaves_a_row_for_each():
    campaign = factories.campaign()
    visits = [factories.visit(campaign, factories.household()) for _time in range(3)]
    data = {"action": "check_selected", "_selected_action": [visit.pk for visit in visits[:2]]}
    client_of(people.bob()).post(address(Visit), data)

    assert [len(about(visit)) for visit in visits] == [1, 1, 0]


def test_failed_form_says_its_status(visit):
    client_of(visit.filed_by).post(page(visit) + "void/", {"reason": ""})

    assert told("action", "status") == [("submitted", 200)]


def test_request_without_the_token_of_its_form_is_refused_on_record(visit):
    client = Client(enforce_csrf_checks=True)
    client.force_login(visit.filed_by)
    assert client.post(page(visit) + "void/", {"reason": "外站的"}).status_code == 403

    assert about(visit) == [("艾一丽", "submitted", "refused")]


def test_file_is_a_download():
    factories.campaign()
    bob = client_of(people.bob())
    assert bob.get(reverse("reports:breakdown_csv")).status_code == 200

    assert told("action", "door") == [("downloaded", "reports:breakdown_csv")]


@pytest.mark.parametrize("path", ["/visits/?q=王老汉", "/issues/?q=王老汉", "/admin/visits/visit/?q=王老汉"])
def test_search_is_logged_and_what_for_is_not(path):
    factories.campaign()
    client_of(people.bob()).get(path)

    assert told("action", "result") == [("searched", "done")]
    assert "王老汉" not in str(list(AuditRow.objects.values()))


def test_page_that_is_not_ones_own_is_refused_on_record():
    assert client_of(people.alice()).get("/reports/").status_code == 403

    assert told(*ROW) == [("艾一丽", "opened", "reports:dashboard", "", "", "refused", 403)]


# --- What leaves no row -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/visits/", "/visits/mine/", "/visits/?q=", "/healthz", "/nowhere/", "/sw.js"]
)
def test_list_and_page_without_a_record_leave_none(path):
    factories.campaign()
    client_of(people.alice()).get(path)
    assert told("id") == []


def test_resident_leaves_none(client):
    for path in ("/s/", "/s/0123456789AB/", "/bulletin/C1/"):
        client.get(path)
    client.post("/s/0123456789AB/", {"solved": "yes"})
    assert told("id") == []


def test_stranger_who_is_sent_to_the_sign_in_leaves_none(client, visit):
    assert client.get(page(visit)).status_code == 302
    assert told("id") == []


def test_who_is_sent_on_has_opened_nothing(visit):
    alice = visit.filed_by
    alice.must_change_password = True
    alice.save()
    assert client_of(alice).get(page(visit))["Location"] == "/password/"
    assert told("id") == []


# --- When the log cannot be written -------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch):
    """A database that takes no row of the log."""

    def refuse(rows, request=None):
        raise OperationalError("database is locked")

    monkeypatch.setattr(audit_middleware, "write", refuse)


@pytest.fixture
def critical(caplog):
    """What the server's log tells as critical."""
    return lambda: [r.getMessage() for r in caplog.records if r.levelno == logging.CRITICAL]


def test_record_is_not_shown_without_its_row(broken, critical, visit):
    response = client_of(visit.filed_by).get(page(visit))

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "现在打不开" in text(response) and visit.entry.address not in text(response)
    assert critical() == ["audit row lost: opened visits:visit_detail"]


def test_filed_word_is_not_lost(broken, critical):
    factories.campaign()
    alice, entry = people.alice(), factories.household()
    form = filled(("problem", "路灯不亮"), cadres=alice.cadre.staff_number)
    address = reverse("visits:visit_file", query={"entry": entry.number})

    response = client_of(alice).post(address, form)

    assert response["Location"] == page(Visit.objects.get())
    assert Opinion.objects.get().words_verbatim == "路灯不亮"
    assert critical() == ["audit row lost: submitted visits:visit_file"]


def test_refusal_stays_a_refusal(broken, critical, visit):
    assert client_of(people.charlie()).get(page(visit)).status_code == 404
    assert len(critical()) == 1


def test_list_needs_no_log(broken, critical):
    factories.campaign()
    assert client_of(people.alice()).get("/visits/").status_code == 200
    assert critical() == []


def test_misconduct_report_leaves_its_number_alone():
    opinion = factories.opinion(factories.campaign(), nature="report", restricted=True)
    client_of(people.discipline()).get(reverse("issues:restricted_detail", args=[opinion.pk]))

    assert about(opinion) == [("纪九明", "opened", "done")]
    assert opinion.words_verbatim not in str(list(AuditRow.objects.values()))


def test_rights_given_at_the_desk_are_on_record():
    bob, cadre = people.bob(), factories.cadre("新来的")
    factories.place(people.GRID_A1)
    form = {"cadre": cadre.pk, "role": "visitor", "place": people.GRID_A1, "from_on": "2018-09-01"}
    assert client_of(bob).post(address(Posting, "add"), form).status_code == 302

    assert about(cadre.postings.get()) == [("鲍二柏", "submitted", "done")]
