"""The rows of the audit log as CSV: what the page shows, harmless for whoever opens it."""

import csv
import io

import pytest

from grids import audit_views
from grids.audit import record
from grids.enums import AuditAction
from grids.models import AuditRow, Cadre
from tests import factories, people
from tests.desk import text

pytestmark = pytest.mark.django_db
FILE = "/audit/rows.csv"


@pytest.fixture
def auditor(client):
    client.force_login(people.auditor())
    return client


def lines(response):
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_file_holds_the_rows_of_the_filter_and_says_what_it_covers(auditor):
    visit = factories.visit(factories.campaign(), factories.household())
    first = record(None, AuditAction.OPENED, record=visit, user=people.alice())
    record(None, AuditAction.SIGNED_IN, user=people.bob())

    response = auditor.get(FILE, {"kind": "visits.Visit", "number": visit.pk})
    head, _as_of, made_by, headings, *rows = lines(response)

    assert f"记录编号：{visit.pk}" in head[0]
    assert made_by[0].startswith("沈十一 于 ")
    assert [(row[0], row[2], row[4], row[-1]) for row in rows] == [("1", "艾一丽", "打开", first.seal)]
    assert len(headings) == len(rows[0])
    assert response["Content-Disposition"].startswith("attachment")


def test_name_like_a_formula_stays_a_text(auditor):
    alice = people.alice()
    Cadre.objects.filter(user=alice).update(name="=1+1")
    alice.refresh_from_db()
    record(None, AuditAction.SIGNED_IN, user=alice)

    assert lines(auditor.get(FILE))[-1][2] == "'=1+1"


def test_taking_the_file_along_is_on_record(auditor):
    auditor.get(FILE)
    row = AuditRow.objects.get()
    assert (row.name, row.action, row.door) == ("沈十一", "downloaded", "grids:audit_csv")


def test_unclear_filter_gives_the_page_and_no_file(auditor):
    response = auditor.get(FILE, {"number": "5"})
    assert response.status_code == 400
    assert "请同时选记录类型" in text(response)


def test_more_rows_than_a_file_takes_are_refused_with_a_way_out(auditor, monkeypatch):
    monkeypatch.setattr(audit_views, "MOST", 2)
    for _time in range(2):
        record(None, AuditAction.ERASED)
    assert auditor.get(FILE, {"action": "erased"}).status_code == 200
    record(None, AuditAction.ERASED)

    response = auditor.get(FILE, {"action": "erased"})

    assert response.status_code == 400
    assert "请缩小日期范围" in text(response)


@pytest.mark.parametrize("person", [people.alice, people.bob, people.nobody])
def test_stranger_gets_no_file(client, person):
    client.force_login(person())
    assert client.get(FILE).status_code == 403


def test_auditor_of_another_town_takes_nothing_of_this_one(client):
    record(None, AuditAction.SIGNED_IN, user=people.alice())
    client.force_login(people.auditor("330411106"))
    assert "艾一丽" not in client.get(FILE).content.decode()
