"""Doors that stay shut: who handled a matter does not close it, words stay as said, a former department is out.

For misconduct reports see test_restricted_reports.
"""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from canvass.roles import Role
from grids.models import User
from issues.enums import IssueState
from issues.models import Deed, Issue
from issues.moves import move_issue
from reports.loading import load
from tests import factories, people
from tests.desk import address, choices, said, text
from tests.workbooks import CODE, TOWN, sample, workbook
from visits.models import Opinion

from .moving import an_issue, head, make
from .supervising import slip_on

pytestmark = pytest.mark.django_db
CLOSING = {"outcome": "substantive", "way": "phone", "result": "solved", "satisfaction": "satisfied"}
OTHER_TOWN = "330411106"


def also(user, role, code="", **fields):
    """The same person with one more posting, as the next request meets it."""
    factories.posting(user.cadre, role, code, **fields)
    return User.objects.get(pk=user.pk)


# --- Who handled it does not close it ---------------------------------------------------------------------------


def heard_first(issue):
    visitor = also(people.alice(), Role.CAMPAIGN_OFFICE, TOWN)
    issue.opinion_links.create(opinion=factories.opinion(issue.campaign, collector=visitor.cadre))
    return visitor


def visited_first(issue):
    visitor = also(people.alice(), Role.CAMPAIGN_OFFICE, TOWN)
    visit = factories.visit(issue.campaign, factories.household(), by=[visitor.cadre])
    issue.opinion_links.create(opinion=factories.opinion(issue.campaign, visit=visit))
    return visitor


def supports_it(issue):
    other = factories.department("镇农办")
    issue.supports.create(department=other)
    return also(people.clerk(other), Role.CAMPAIGN_OFFICE, TOWN)


HANDLERS = {
    "clerk": lambda issue: people.clerk(),
    "head": lambda issue: head(),
    "clerk in the office": lambda issue: also(people.clerk(), Role.CAMPAIGN_OFFICE, TOWN),
    "head in the office": lambda issue: also(head(), Role.CAMPAIGN_OFFICE, TOWN),
    "supporting clerk in the office": supports_it,
    "who heard it, in the office": heard_first,
    "who visited, in the office": visited_first,
}


def by_service(client, user, issue):
    with pytest.raises(ValidationError):
        move_issue(issue, move="close", by=user, version=issue.version, **CLOSING)


def by_move_page(client, user, issue):
    client.post(f"/issues/{issue.pk}/move/close/", {"version": issue.version, **CLOSING})


def by_admin_verb(client, user, issue):
    client.post(address(Issue, "move", issue.pk, "close"), {"version": issue.version, **CLOSING})


def by_admin_form(client, user, issue):
    client.post(
        address(Issue, "change", issue.pk), {"state": "closed", "closed_at": "2018-09-20 10:00", **CLOSING}
    )


def by_bulk_action(client, user, issue):
    for verb in ("close", "close_procedural"):
        data = {"rows": f"{issue.pk}:{issue.version}", **CLOSING}
        client.post(f"/admin/issues/issue/bulk/{verb}/", data)
    data = {"action": "close_selected", "_selected_action": [issue.pk]}
    client.post(address(Issue), data)


def by_ledger(client, user, issue):
    """Every cell filled in, the locked state too, and a column of one's own making."""
    answer = client.get("/issues/ledger/export/")
    book = load_workbook(io.BytesIO(answer.getvalue()))
    sheet = book["问题台账"]
    cells = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(1, 20, "销号")
    for name, value in {"状态": "已销号", "签收": "是", "进展": "已办结", "办结方式": "实质"}.items():
        if name in cells:
            sheet.cell(2, cells[name], value)
    sheet.cell(2, 20, "是")
    target = io.BytesIO()
    book.save(target)
    compared = client.post("/issues/ledger/", {"file": SimpleUploadedFile("台账.xlsx", target.getvalue())})
    if compared.context.get("token"):
        client.post("/issues/ledger/", {"token": compared.context["token"]})


@pytest.mark.parametrize(
    "door", [by_service, by_move_page, by_admin_verb, by_admin_form, by_bulk_action, by_ledger]
)
@pytest.mark.parametrize("handler", HANDLERS)
def test_who_handled_a_matter_closes_it_through_no_door(client, handler, door):
    issue = an_issue(IssueState.FOLLOW_UP)
    user = HANDLERS[handler](issue)
    client.force_login(user)

    door(client, user, issue)

    kept = Issue.objects.get(pk=issue.pk)
    assert (kept.state, kept.closed_at, kept.version) == (IssueState.FOLLOW_UP, None, issue.version)


def test_somebody_else_in_the_office_closes_it(client):
    issue = an_issue(IssueState.FOLLOW_UP)
    client.force_login(people.bob())

    by_move_page(client, None, issue)

    assert Issue.objects.get(pk=issue.pk).state == IssueState.CLOSED


def test_workbook_never_changes_the_state_of_a_known_issue():
    load(workbook(sample()))
    running = Issue.objects.get(number="I002")
    sheets = {"问题": [row for row in sample()["问题"] if row["问题编号"] == "I002"]}
    sheets["问题"][0] |= {
        "状态": "已销号", "答复时间": "2018-09-10", "办结时间": "2018-09-12", "办结方式": "实质",
        "回访结果": "已解决", "办理结果": "已办",
    }  # fmt: skip

    outcome = load(workbook(sheets), campaign_code=CODE)

    assert outcome.errors and not outcome.changed
    kept = Issue.objects.get(number="I002")
    assert (kept.state, kept.closed_at, kept.version) == (running.state, None, running.version)
    assert kept.steps.count() == running.steps.count()


# --- Words stay as they were said -------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [people.bob, people.village_office, people.discipline])
def test_words_do_not_change_by_a_form_of_the_desk(client, person):
    words = factories.opinion(factories.campaign(), words_verbatim="一下雨门口就积水")
    client.force_login(person())

    forged = {"words_verbatim": "没有意见", "nature": "praise", "number": "X", "_save": "保存"}
    client.post(address(Opinion, "change", words.pk), forged)

    kept = Opinion.objects.get()
    assert (kept.words_verbatim, kept.nature, kept.number) == ("一下雨门口就积水", words.nature, words.number)


def test_words_do_not_change_by_a_workbook():
    load(workbook(sample()))
    before = list(Opinion.objects.order_by("pk").values_list("number", "words_verbatim", "nature"))
    sheets = {"诉求": sample()["诉求"]}
    sheets["诉求"][0]["原话"] = "没有意见"

    outcome = load(workbook(sheets), campaign_code=CODE)

    assert outcome.errors and not outcome.changed
    assert list(Opinion.objects.order_by("pk").values_list("number", "words_verbatim", "nature")) == before


# --- A former department is out ---------------------------------------------------------------------------------


def sent_back(issue):
    make(issue, "send_back", head())


def given_to_another(issue):
    back = make(issue, "send_back", head())
    make(back, "assign", lead_department=factories.department("镇农办"))


def dropped_from_the_support(issue):
    """First in support of another department, then left out of the next assignment."""
    back = make(issue, "send_back", head())
    again = make(
        back, "assign", lead_department=factories.department("镇农办"), supports=[factories.department()]
    )
    back = make(again, "send_back", head(factories.department("镇农办")))
    make(back, "assign", lead_department=factories.department("镇农办"))


def pages(issue, slip):
    """Every address that would show the issue to whoever may see it."""
    own = [f"/issues/{issue.pk}/", "/issues/?lot=all", "/issues/?lot=all&q=秘密", "/issues/supervision/"]
    own += [f"/issues/{issue.pk}/move/{move}/" for move in ("sign", "note", "assign", "close")]
    own += [f"/issues/{issue.pk}/papers/{kind}/" for kind in ("case", "assignment", "supervision")]
    own += [f"/issues/{issue.pk}/papers/{kind}.docx" for kind in ("case", "assignment", "supervision")]
    own += [f"/issues/supervision/{slip.pk}/{verb}/" for verb in ("answer", "lift")]
    own += [f"/issues/{issue.pk}/case/", "/issues/verdicts/?lot=all", "/issues/ledger/export/"]
    own += [address(Issue), address(Issue) + "?q=秘密", address(Issue, "change", issue.pk)]
    return [*own, address(Issue, "history", issue.pk), address(Issue, "move", issue.pk, "assign")]


@pytest.mark.parametrize("moved_on", [sent_back, given_to_another, dropped_from_the_support])
@pytest.mark.parametrize("in_an_office", [False, True])
def test_former_department_reads_the_issue_nowhere(client, moved_on, in_an_office):
    issue = an_issue(IssueState.ASSIGNED, title="秘密里的尾巴", number="WT-77")
    slip = slip_on(issue, number="DB-88")
    user = people.clerk()
    if in_an_office:  # at the desk, but of another town
        user = also(user, Role.CAMPAIGN_OFFICE, OTHER_TOWN)
    client.force_login(user)
    seen = [url for url in pages(issue, slip) if "尾巴" in said(client.get(url, follow=True))]
    assert f"/issues/{issue.pk}/" in seen and "/issues/ledger/export/" in seen
    assert (address(Issue) in seen) == in_an_office

    moved_on(issue)

    shown = {url: said(client.get(url, follow=True)) for url in pages(issue, slip)}
    leaks = [
        (url, word) for url, page in shown.items() for word in ("尾巴", "WT-77", "DB-88") if word in page
    ]
    assert leaks == []
    if in_an_office:
        assert choices(client, Deed, "issue", "秘密") == []


def test_former_department_hands_nothing_back(client):
    issue = an_issue(IssueState.ASSIGNED, title="秘密里的尾巴")
    client.force_login(people.clerk())
    book = load_workbook(io.BytesIO(client.get("/issues/ledger/export/").getvalue()))
    given_to_another(issue)
    sheet = book["问题台账"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("签收") + 1, "是")
    target = io.BytesIO()
    book.save(target)

    page = client.post("/issues/ledger/", {"file": SimpleUploadedFile("台账.xlsx", target.getvalue())})

    assert [row.refusal for row in page.context["rows"]] == ["这一行不是您可以办理的问题。"]
    assert page.context["token"] == "" and "尾巴" not in text(page)


@pytest.mark.parametrize("move", ["sign", "note", "wait", "reply"])
def test_former_department_moves_nothing(client, move):
    issue = an_issue(IssueState.ASSIGNED)
    former = head()
    client.force_login(former)
    given_to_another(issue)
    issue.refresh_from_db()

    fields = {"version": issue.version, "reason": "已办", "reply": "已办", "outcome": "substantive"}
    fields["until_on"] = timezone.localdate() + timedelta(days=3)
    answer = client.post(f"/issues/{issue.pk}/move/{move}/", fields)

    assert answer.status_code == 404
    assert Issue.objects.get(pk=issue.pk).version == issue.version
