"""The ledger as it goes out: whose rows, which cells are locked, and text that stays text."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.enums import IssueState
from issues.models import Issue
from tests import factories, people

from .moving import an_issue, head
from .test_ledger import exported

pytestmark = pytest.mark.django_db
HEADER = ["问题编号", "标题", "状态", "期限", "行标记", "签收", "进展"]
REPLY = ["答复内容", "办结方式", "给群众的答复"]
WAIT = ["待补充原因", "待补充至"]


def numbers(book):
    return [cell.value for cell in book["问题台账"]["A"][1:]]


@pytest.mark.parametrize(
    ("who", "header"), [(people.clerk, HEADER + WAIT), (head, HEADER + REPLY + WAIT), (people.bob, HEADER + WAIT)]
)  # fmt: skip
def test_open_issues_of_ones_own(client, who, header):
    issue = an_issue(IssueState.IN_PROGRESS)
    an_issue(IssueState.CLOSED, campaign=issue.campaign)
    book = exported(client, who())
    assert [cell.value for cell in book["问题台账"][1]] == header
    assert numbers(book) == [issue.number]


def test_other_departments_get_none_of_it(client):
    an_issue(IssueState.IN_PROGRESS)
    assert numbers(exported(client, people.clerk(factories.department("镇农办")))) == []


def test_other_towns_office_gets_none_of_it(client):
    an_issue(IssueState.IN_PROGRESS)
    assert numbers(exported(client, people.bob("330411106"))) == []


def test_only_the_cells_to_fill_in_are_open(client):
    an_issue(IssueState.IN_PROGRESS)
    sheet = exported(client, people.clerk())["问题台账"]
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[2]] == [True] * 5 + [False] * 4


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"x\")"])  # fmt: skip
def test_a_title_never_becomes_a_formula(client, title):
    an_issue(IssueState.IN_PROGRESS, title=title)
    cell = exported(client, people.clerk())["问题台账"]["B2"]
    assert (cell.value, cell.data_type) == (title, "s")


@pytest.mark.parametrize("who", [people.alice, people.discipline, people.nobody])
def test_strangers_do_not_find_it(client, who):
    client.force_login(who())
    assert client.get("/issues/ledger/export/").status_code == 404


# --- A part of it, and what did not fit -----------------------------------------------------------------------


def many(campaign, number, **fields):
    """So many accepted issues at once."""
    one = factories.issue(campaign, **fields)
    rows = [
        Issue(
            campaign=campaign,
            number=f"M{n}",
            title="路灯",
            category=one.category,
            level=one.level,
            place=one.place,
        )
        for n in range(number - 1)
    ]
    Issue.objects.bulk_create(rows)


def cover(book):
    return {row[0].value: row[1].value for row in book["说明"].iter_rows()}


def test_second_sheet_says_what_the_first_one_holds(client):
    an_issue(IssueState.IN_PROGRESS)

    book = exported(client, people.bob())

    assert book.active.title == "问题台账"
    told = cover(book)
    assert (told["在办问题"], told["本表列出"], told["导出人"]) == ("1 件", "1 件", "鲍二柏")
    assert "注意" not in told


@pytest.mark.parametrize(("number", "more"), [(2_000, None), (2_001, 1)])
def test_rows_that_did_not_fit_are_told_on_the_page_and_in_the_file(client, number, more):
    many(factories.campaign(), number)
    bob = people.bob()
    sentence = f"共 {number:d} 件，一张台账最多 2000 件：先列期限最近的，另有 {more} 件没有列出。"

    book = exported(client, bob)
    page = client.get("/issues/ledger/").content.decode()

    assert len(numbers(book)) == 2_000
    assert (sentence in page) == bool(more)
    assert (sentence in cover(book).get("注意", "")) == bool(more)
    assert book.active.title == ("说明" if more else "问题台账")


def test_ledger_of_one_state_or_one_department(client):
    campaign, other = factories.campaign(), factories.department("镇农办")
    held = an_issue(IssueState.IN_PROGRESS, campaign=campaign)
    signed = an_issue(IssueState.ASSIGNED, campaign=campaign)
    theirs = an_issue(IssueState.ASSIGNED, campaign=campaign, lead_department=other)
    bob = people.bob()

    assert set(numbers(exported(client, bob))) == {held.number, signed.number, theirs.number}
    assert set(numbers(exported(client, bob, state="assigned"))) == {signed.number, theirs.number}
    assert numbers(exported(client, bob, state="assigned", department=other.pk)) == [theirs.number]


@pytest.mark.parametrize(
    "query", [{"state": "closed"}, {"state": "x"}, {"department": "x"}, {"department": "0"}]
)
def test_unknown_part_is_not_found(client, query):
    an_issue(IssueState.IN_PROGRESS)
    client.force_login(people.bob())

    assert client.get("/issues/ledger/export/", query).status_code == 404


def test_department_offers_and_exports_no_other_department(client):
    an_issue(IssueState.IN_PROGRESS)
    other = factories.department("镇农办")
    an_issue(IssueState.IN_PROGRESS, campaign=Issue.objects.get().campaign, lead_department=other)
    client.force_login(people.clerk())

    assert "镇农办" not in client.get("/issues/ledger/").content.decode()
    assert client.get("/issues/ledger/export/", {"department": other.pk}).status_code == 404


def test_ledger_costs_the_same_for_any_number_of_rows(client):
    bob, campaign = people.bob(), factories.campaign()
    client.force_login(bob)
    client.get("/issues/ledger/")

    def cost(number):
        while Issue.objects.count() < number:
            an_issue(IssueState.IN_PROGRESS, campaign=campaign)
        with CaptureQueriesContext(connection) as captured:
            client.get("/issues/ledger/")
            b"".join(client.get("/issues/ledger/export/").streaming_content)
        return len(captured)

    assert cost(1) == cost(3)
