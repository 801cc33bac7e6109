"""Issuing: one of two wins, and a row never changes. That all renderings say the same: test_numbers_agree.py."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from reports.models import PublishedReport, ReportDraft
from reports.services import STALE, issue_report, prepare_report, save_draft
from tests import people
from tests.factories import cadre, campaign, household, visit

from .issuing import issued, period_of

# --- Of two who issue at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_make_one_edition_and_the_second_is_told():
    of = campaign()
    visit(of, household(), by=[cadre()])
    prepared = [prepare_report(of, period_of(of, "weekly", "2018-09-06")) for _ in range(2)]
    ready, said = threading.Barrier(2), []

    def issue(one):
        try:
            ready.wait()
            said.append(issue_report(one, by=None))
        except ValidationError as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=[one]) for one in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    report = PublishedReport.objects.get()
    assert (report.edition, report.serial) == (1, 1)
    assert sorted(map(str, said)) == sorted([STALE, str(report)])


@pytest.mark.django_db
def test_edition_that_was_prepared_before_another_was_issued_is_refused():
    of = campaign()
    visit(of, household(), by=[cadre()])
    late = prepare_report(of, period_of(of, "weekly", "2018-09-06"))
    issued(of)

    with pytest.raises(ValidationError, match="刚刚有人发出了报告"):
        issue_report(late, by=None)


@pytest.mark.django_db
def test_serial_number_counts_the_periods_of_a_series_and_not_its_editions():
    of = campaign()
    issued(of, day="2018-09-06")
    visit(of, household(), by=[cadre()])
    issued(of, day="2018-09-06", correction="补录")
    issued(of, day="2018-09-13")
    issued(of, "daily", "2018-09-13")

    numbers = PublishedReport.objects.order_by("pk").values_list("period", "serial", "edition")
    assert list(numbers) == [
        ("2018-W36", 1, 1),
        ("2018-W36", 1, 2),
        ("2018-W37", 2, 1),
        ("2018-09-13", 1, 1),
    ]


@pytest.mark.django_db
def test_office_of_another_place_issues_nothing_even_by_the_service():
    of = campaign()
    prepared = prepare_report(of, period_of(of, "weekly", "2018-09-06"))
    stranger = people.bob("330411106")

    with pytest.raises(ValidationError, match="只有本活动所在地的活动办"):
        issue_report(prepared, by=stranger)
    with pytest.raises(ValidationError, match="只有本活动所在地的活动办"):
        save_draft(of, period_of(of, "weekly", "2018-09-06"), by=stranger, version=0, lines={"next": "x"})
    assert not ReportDraft.objects.exists()


# --- What the database holds ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_edition_can_neither_be_changed_nor_deleted():
    report = issued(campaign())

    for change in (
        lambda: PublishedReport.objects.update(content={}),
        lambda: PublishedReport.objects.filter(pk=report.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({}, "publishedreport_edition_once|UNIQUE"),
        ({"edition": 2}, "publishedreport_correction_says_why"),
        ({"period": "2018-W37", "correction": "第一版没有更正"}, "publishedreport_correction_says_why"),
        ({"period": "2018-W37"}, "publishedreport_serial_once|UNIQUE"),
        ({"period": "2018-W37", "serial": 0}, "publishedreport_period_is_whole"),
        ({"period": "2018-W37", "serial": 2, "last_on": "2018-09-01"}, "publishedreport_period_is_whole"),
    ],
)
def test_row_that_breaks_a_rule_is_refused(changed, constraint):
    report = issued(campaign())
    columns = {field.attname: getattr(report, field.attname) for field in report._meta.concrete_fields}
    columns.pop("id")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PublishedReport.objects.create(**columns | changed)


@pytest.mark.django_db
def test_draft_stands_once_for_a_period():
    of = campaign()
    ReportDraft.objects.create(campaign=of, kind="weekly", period="2018-W36")

    with pytest.raises(IntegrityError), transaction.atomic():
        ReportDraft.objects.create(campaign=of, kind="weekly", period="2018-W36")
