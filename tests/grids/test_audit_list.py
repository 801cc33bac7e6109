"""The auditor's page: who did what, who opened one record; read by auditors and by nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids import audit_list
from grids.audit import record
from grids.enums import AuditAction, AuditResult
from grids.models import AuditRow
from tests import factories, people
from tests.desk import queries, text
from visits.models import Opinion, Visit

pytestmark = pytest.mark.django_db
PAGE = "/audit/"


@pytest.fixture
def auditor(client):
    client.force_login(people.auditor())
    return client


@pytest.fixture
def visit():
    return factories.visit(factories.campaign(), factories.household(holder_name="户主甲"), note="家有病人")


@pytest.fixture
def rows(visit):
    """Three people at one visit, one of them refused; and a sign-in."""
    alice, bob, charlie = people.alice(), people.bob(), people.charlie()
    record(None, AuditAction.SIGNED_IN, user=alice)
    record(None, AuditAction.OPENED, record=visit, user=alice)
    record(None, AuditAction.SUBMITTED, record=visit, user=bob)
    record(None, AuditAction.OPENED, record=visit, user=charlie, result=AuditResult.REFUSED)


def shown(client, **query):
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return [row.id for row in response.context["rows"]]


def test_page_tells_who_did_what_to_which_record_and_no_word_of_it(auditor, rows, visit):
    said = text(auditor.get(PAGE))

    assert f"走访记录 #{visit.pk}" in said or f"走访 #{visit.pk}" in said
    for word in ("艾一丽", "鲍二柏", "查三理", "打开", "提交或更改", "登录", "被拒绝"):
        assert word in said
    assert "户主甲" not in said and "家有病人" not in said and visit.entry.address not in said


def test_who_opened_this_record(auditor, rows, visit):
    """By its key, and by the number that stands on its page."""
    for number in (visit.pk, visit.number):
        assert shown(auditor, kind="visits.Visit", number=number) == [4, 3, 2]
    assert shown(auditor, kind="visits.Visit", number=visit.pk, action="opened") == [4, 2]
    assert shown(auditor, kind="issues.Issue", number=visit.pk) == []


def test_index_serves_the_question(rows, visit):
    found = AuditRow.objects.of_record(Visit, visit.pk)
    if connection.vendor == "sqlite":
        assert "auditrow_record" in found.explain()
    assert found.count() == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "艾一"}, [2, 1]),
        ({"who": "没有这个人"}, []),
        ({"action": "signed_in"}, [1]),
        ({"result": "refused"}, [4]),
        ({"result": "refused", "who": "艾一丽"}, []),
        ({"door": "visits:visit_detail"}, []),
        ({"address": "10.0.0.1"}, []),
        ({"first_on": "2018-01-01", "last_on": "2018-12-31"}, []),
        ({"first_on": "2018-01-01"}, [4, 3, 2, 1]),
        ({"kind": ""}, [4, 3, 2, 1]),
    ],
)
def test_filters_leave_what_was_asked_for(auditor, rows, query, found):
    assert shown(auditor, **query) == found


def test_person_is_found_by_staff_number_and_account(auditor, rows):
    alice = AuditRow.objects.get(id=1).user
    assert shown(auditor, who=alice.cadre.staff_number.lower()) == [2, 1]
    assert shown(auditor, who=alice.username) == [2, 1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"number": "5"}, "请同时选记录类型"),
        ({"kind": "visits.Nonsense"}, "不在可用的选项中"),
        ({"action": "x"}, "不在可用的选项中"),
        ({"first_on": "31.12.2018"}, "日期"),
        ({"first_on": "2018-09-02", "last_on": "2018-09-01"}, "不能早于"),
    ],
)
def test_filter_that_cannot_be_understood_shows_no_row(auditor, rows, query, sentence):
    response = auditor.get(PAGE, query)

    assert response.status_code == 400
    assert sentence in text(response)
    assert response.context["rows"] == []


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "１"])
def test_nonsense_for_a_page_is_the_first_page(auditor, rows, before):
    assert shown(auditor, before=before) == [4, 3, 2, 1]


def test_pages_follow_each_other_without_a_gap(auditor, rows, monkeypatch):
    monkeypatch.setattr(audit_list, "PAGE", 2)
    first = auditor.get(PAGE)
    before = first.context["before"]

    assert [row.id for row in first.context["rows"]] == [4, 3]
    assert shown(auditor, before=before) == [2, 1]
    assert auditor.get(PAGE, {"before": before}).context["before"] == ""


@pytest.mark.parametrize(
    "person", [people.alice, people.bob, people.leader, people.discipline, people.system_admin, people.nobody]
)
def test_stranger_does_not_read_it(client, rows, person):
    client.force_login(person())
    assert client.get(PAGE).status_code == 403


def test_auditor_of_another_town_finds_nothing_of_this_one(client, rows, visit):
    client.force_login(people.auditor("330411106"))
    assert shown(client) == shown(client, kind="visits.Visit", number=visit.pk) == []


def test_nobody_changes_anything_here(auditor, rows):
    assert auditor.post(PAGE, {"name": "x"}).status_code == 405
    assert AuditRow.objects.filter(name="x").count() == 0


def test_own_reading_with_a_name_is_on_record_too(auditor, rows):
    auditor.get(PAGE, {"who": "艾一丽"})
    row = AuditRow.objects.first()
    assert (row.name, row.action, row.door) == ("沈十一", "searched", "grids:audit_list")


def test_one_row_and_three_cost_the_same(auditor):
    visit = factories.visit(factories.campaign(), factories.household())
    record(None, AuditAction.OPENED, record=visit, user=people.alice())
    one = queries(auditor, PAGE)
    for person in (people.bob(), people.charlie()):
        record(None, AuditAction.OPENED, record=visit, user=person)
    record(None, AuditAction.OPENED, record=factories.opinion(visit.campaign), user=people.leader())

    assert queries(auditor, PAGE) == one


def test_auditor_begins_here(auditor):
    assert auditor.get("/")["Location"] == PAGE
    assert PAGE in auditor.get("/admin/").content.decode()


def test_auditor_opens_no_record(auditor, visit):
    opinion = factories.opinion(visit.campaign)
    for path in (
        reverse("visits:visit_detail", args=[visit.pk]),
        reverse("admin:visits_visit_change", args=[visit.pk]),
        reverse("admin:visits_opinion_change", args=[opinion.pk]),
    ):
        assert auditor.get(path).status_code in (403, 404)
    assert Opinion.objects.visible_to(AuditRow.objects.first().user).count() == 0


def test_query_of_the_page_reads_the_log_once(auditor, rows):
    with CaptureQueriesContext(connection) as captured:
        auditor.get(PAGE)
    assert sum('FROM "grids_auditrow"' in query["sql"] for query in captured) == 1
