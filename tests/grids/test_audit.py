"""The one way into the audit log: what a row says, that nobody changes it, that the chain holds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpRequest

from canvass.append_only import MESSAGE
from canvass.roles import Role
from grids.audit import is_sealed, record
from grids.audit_chain import verify_chain
from grids.audit_records import place_path
from grids.enums import AuditAction, AuditResult
from grids.models import AuditRow, Cadre, RegisterEntry, User
from issues.models import Issue, Receipt
from tests import factories, people
from visits.models import AnswerWish, Visit, VisitPhoto

from .auditing import told

pytestmark = pytest.mark.django_db


def test_row_of_a_command_says_what_and_nothing_of_a_person():
    row = record(None, AuditAction.ERASED)

    assert told("id", "action", "result", "user", "name", "address", "device") == [
        (1, "erased", "done", None, "", "", "")
    ]
    assert (row.previous, is_sealed(row)) == ("", True)


def test_row_keeps_the_person_as_of_then_and_the_place_of_the_record():
    alice, visit = people.alice(), factories.visit(factories.campaign(), factories.household())
    number = alice.cadre.staff_number

    record(None, AuditAction.OPENED, record=visit, user=alice)
    Cadre.objects.filter(user=alice).update(name="艾改名", staff_number="新-1")

    columns = ("name", "staff_number", "record_type", "record_key", "place", "posted")
    assert told(*columns) == [
        ("艾一丽", number, "visits.Visit", str(visit.pk), people.GRID_A1, f" {people.GRID_A1}")
    ]


def test_record_may_be_named_by_model_and_key():
    visit = factories.visit(factories.campaign(), factories.household())

    record(None, AuditAction.OPENED, record=(Visit, visit.pk))
    record(None, AuditAction.OPENED, record=(Visit, 10**9))

    assert told("record_key", "place") == [(str(visit.pk), people.GRID_A1), (str(10**9), "")]


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Visit, "grid_id"),
        (RegisterEntry, "grid_id"),
        (Issue, "place_id"),
        (VisitPhoto, "visit__grid_id"),
        (Receipt, "opinion__place_id"),
        (AnswerWish, "opinion__place_id"),
        (User, ""),
        (Cadre, ""),
    ],
)
def test_place_of_a_record_is_found_by_the_shortest_way(model, path):
    assert place_path(model) == path


def test_rows_follow_each_other():
    rows = [record(None, AuditAction.ERASED) for _time in range(3)]

    assert [row.id for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == ["", rows[0].seal, rows[1].seal]
    assert verify_chain().count == 3


def test_seal_depends_on_the_key(settings):
    row = record(None, AuditAction.ERASED)

    settings.AUDIT_KEYS = [b"new"]
    assert not is_sealed(row)
    settings.AUDIT_KEYS = [b"new", *_former(settings)]
    assert is_sealed(row)


def _former(settings):
    from canvass.settings import AUDIT_KEYS

    return AUDIT_KEYS


def by_save(row):
    row.name = "别人"
    row.save()


def by_update(row):
    AuditRow.objects.update(name="别人")


def by_delete(row):
    row.delete()


def by_sql(row):
    connection.cursor().execute("DELETE FROM grids_auditrow")


@pytest.mark.parametrize("attempt", [by_save, by_update, by_delete, by_sql])
def test_no_row_changes_or_goes(attempt):
    row = record(None, AuditAction.ERASED)

    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        attempt(AuditRow.objects.get())

    assert told("id", "name", "seal") == [(1, "", row.seal)]


@pytest.mark.parametrize(
    "wrong", [{"id": 1, "previous": "x", "seal": "y"}, {"id": 2, "seal": "y"}, {"id": 1}]
)
def test_database_refuses_a_row_without_its_place_in_the_chain(wrong):
    with pytest.raises(IntegrityError, match="auditrow_follows_sealed"), transaction.atomic():
        AuditRow.objects.create(action="opened", result="done", **wrong)


def test_second_row_with_a_number_is_refused():
    record(None, AuditAction.ERASED)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditRow.objects.bulk_create([AuditRow(id=1, action="opened", result="done", seal="x")])


@pytest.mark.django_db(transaction=True)
def test_row_is_never_written_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        record(None, AuditAction.ERASED)

    with transaction.atomic():
        transaction.on_commit(lambda: record(None, AuditAction.ERASED))
    assert AuditRow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_make_one_chain():
    user, writers, each = people.alice(), 4, 6
    start = Barrier(writers)

    def write(_number):
        try:
            start.wait()
            for _time in range(each):
                record(None, AuditAction.OPENED, user=user)
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))

    verdict = verify_chain()
    assert (verdict.problem, verdict.count) == ("", writers * each)
    assert AuditRow.objects.count() == writers * each


# --- Who sees which rows ------------------------------------------------------------------------------------


@pytest.fixture
def rows():
    """One of each kind, by what an auditor of the town should think of it."""
    visit = factories.visit(factories.campaign(), factories.household())
    stranger = people.person(Role.VISITOR, "3304111062010001", "外镇人")
    made = {
        "person of the town": record(None, AuditAction.SIGNED_IN, user=people.alice()),
        "stranger at a record of the town": record(
            None, AuditAction.OPENED, record=visit, user=stranger, result=AuditResult.REFUSED
        ),
        "stranger elsewhere": record(None, AuditAction.SIGNED_IN, user=stranger),
        "nobody": record(None, AuditAction.SIGN_IN_FAILED, result=AuditResult.REFUSED),
        "department": record(None, AuditAction.SIGNED_IN, user=people.clerk()),
    }
    return {row.id: name for name, row in made.items()}


def seen(user, rows):
    return {rows[row.id] for row in AuditRow.objects.visible_to(user)}


def test_auditor_sees_people_and_records_of_the_own_area_and_what_lies_nowhere(rows):
    assert seen(people.auditor(), rows) == set(rows.values()) - {"stranger elsewhere"}


def test_auditor_of_the_county_sees_both_towns(rows):
    assert seen(people.auditor("330411"), rows) == set(rows.values())


def test_auditor_of_another_town_sees_only_the_own_people(rows):
    other = {"stranger at a record of the town", "stranger elsewhere", "nobody", "department"}
    assert seen(people.auditor("330411106"), rows) == other


@pytest.mark.parametrize(
    "person", [people.alice, people.bob, people.leader, people.system_admin, people.nobody]
)
def test_nobody_else_sees_a_row(rows, person):
    assert seen(person(), rows) == set()


def test_request_without_a_page_is_no_hindrance():
    request = HttpRequest()
    request.META["REMOTE_ADDR"], request.user = "10.0.0.7", people.nobody()

    record(request, AuditAction.ERASED)

    assert told("address", "door", "user") == [("10.0.0.7", "", request.user.pk)]
