"""Rows of the workbook that opinions, issues and deeds give."""

import pytest

from grids.models import RegisterEntry
from issues import exporters
from issues.enums import IssueState
from tests import factories, people
from tests.workbooks import GRID_A1

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


def test_opinion_rows_give_the_latest_answer(campaign, bob):
    words = factories.opinion(campaign, nature="suggestion")
    words.answers.create(answer="noted", at=factories.at("2018-09-10"))
    words.answers.create(answer="adopted", at=factories.at("2018-09-20"))
    words.answers.create(answer="not_adopted", at=factories.at("2018-09-15"))
    (row,) = exporters.opinion_rows(campaign, bob, RegisterEntry.objects.none())
    assert (row["answer"], row["entry"], row["visit"]) == ("adopted", None, None)


def test_issue_rows_keep_the_order_of_words_and_departments(campaign, bob):
    issue = factories.issue(campaign)
    for position, number in [(1, "O1"), (0, "O2")]:
        issue.opinion_links.create(opinion=factories.opinion(campaign, number=number), position=position)
    for name in ("乙所", "甲所"):
        issue.supports.create(department=factories.department(name))
    (row,) = exporters.issue_rows(campaign, bob)
    assert (row["opinions"], row["supports"]) == (["O2", "O1"], ["乙所", "甲所"])


def test_issue_rows_remember_an_assignment_that_came_back(campaign, bob):
    moment = factories.at("2018-09-05 10:00")
    factories.issue(campaign, first_assigned_at=moment)
    (row,) = exporters.issue_rows(campaign, bob)
    assert row["assigned_at"] == moment


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], (None, None)),
        ([("not_reached", "")], (None, None)),
        ([("", "mostly")], ("", "mostly")),
        ([("solved", ""), ("", "satisfied")], ("solved", "")),
        ([("not_solved", "dissatisfied"), ("partly", "mostly")], ("partly", "mostly")),
    ],
)
def test_issue_rows_give_the_last_verdict(campaign, bob, asked, told):
    issue = factories.issue(campaign)
    for day, (result, satisfaction) in enumerate(asked, 1):
        issue.follow_ups.create(at=factories.at(f"2018-09-0{day}"), result=result, satisfaction=satisfaction)
    (row,) = exporters.issue_rows(campaign, bob)
    assert (row["follow_up"], row["satisfaction"]) == told


def test_handling_departments_lead_or_support(campaign, bob):
    leading, supporting, hidden = (factories.department(name) for name in ("甲所", "乙所", "丙所"))
    factories.department("丁所")
    issue = factories.issue(campaign, state=IssueState.ASSIGNED, **factories.assigned(leading))
    issue.supports.create(department=supporting)
    secret = factories.issue(campaign, category_code="20", is_restricted=True)
    secret.supports.create(department=hidden)
    assert exporters.handling_departments(campaign, bob) == {leading.pk, supporting.pk}


def test_restricted_rows_are_out_even_for_discipline(campaign):
    user = people.discipline()
    factories.opinion(campaign, GRID_A1, restricted=True)
    factories.issue(campaign, category_code="20", is_restricted=True)
    entries = RegisterEntry.objects.all()
    assert list(exporters.opinion_rows(campaign, user, entries)) == []
    assert list(exporters.issue_rows(campaign, user)) == []


def test_deed_rows_leave_void_ones_out(campaign, bob):
    factories.deed(campaign, number="D1")
    factories.deed(campaign, number="D2", voided_at=factories.at("2018-09-20"), void_reason="重复")
    assert [row["number"] for row in exporters.deed_rows(campaign, bob)] == ["D1"]
