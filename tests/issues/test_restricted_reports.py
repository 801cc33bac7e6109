"""A misconduct report is discipline's alone: no list, page, search, paper, file or count tells anybody else of it."""

import json

import pytest
from django.core.management import call_command

from canvass.roles import Role
from issues.models import Deed, Issue, IssueOpinion, SupervisionSlip
from issues.receipts import receipt_for, record_verdict, standing_of
from tests import factories, people
from tests.desk import address, said
from tests.factories import at
from tests.workbooks import GRID_A1, TOWN
from visits.models import Opinion, OpinionMark, Visit

from .moving import grid_leader, head
from .supervising import overdue, slip_on

pytestmark = pytest.mark.django_db
# Each is planted with a part that a search may ask for and a tail that no answer may hold: a page repeats
# what was searched for.
TAILS = (
    "词语尾巴",
    "标题尾巴",
    "答复尾巴",
    "回访尾巴",
    "反馈尾巴",
    "督办说明尾巴",
    "KEY11",
    "KEY22",
    "KEY33",
)
SEARCHES = ("吃拿卡要", "泄密", "SQ-88", "WT-88")


@pytest.fixture
def secret():
    """A report that was an ordinary issue first, with everything that may hang on one; and open neighbours."""
    campaign = factories.campaign()
    collector = people.alice()
    home = factories.household(address="花溪路77号")
    visit = factories.visit(campaign, home, by=[collector.cadre], filed_by=collector)
    heard = {"visit": visit, "entry": home, "collector": collector.cadre}
    words = factories.opinion(campaign, number="SQ-88-KEY11", words_verbatim="某人吃拿卡要词语尾巴", **heard)
    plain = factories.opinion(campaign, number="SQ-1", words_verbatim="某人吃拿卡要路灯不亮", **heard)
    issue = overdue(campaign)
    Issue.objects.filter(pk=issue.pk).update(number="WT-88-KEY22", title="泄密某人收钱标题尾巴")
    issue.refresh_from_db()
    IssueOpinion.objects.create(issue=issue, opinion=words)
    issue.steps.create(
        move="reply",
        to_state="replied",
        at=at("2018-09-06"),
        reason="答复尾巴",
        details={"reply": "答复尾巴"},
    )
    Issue.objects.filter(pk=issue.pk).update(
        state="closed", replied_at=at("2018-09-06"), closed_at=at("2018-09-07"), outcome="substantive"
    )
    issue.follow_ups.create(result="not_solved", words_verbatim="回访尾巴", by=collector)
    receipt = receipt_for(words, by=None)
    record_verdict(receipt, solved=False, words="反馈尾巴")
    slip = slip_on(issue, number="DB-88-KEY33")
    slip.steps.create(kind="answered", words="督办说明尾巴")
    factories.deed(campaign, issue=issue, number="SS-1")
    merged = factories.issue(campaign, number="WT-2", title="另一件", state="merged", merged_into=issue)
    merged.steps.create(move="merge", to_state="merged", details={"main_issue": str(issue)})
    # An open issue with the same words beside its own.
    neighbour = overdue(campaign)
    for opinion in (words, plain):
        IssueOpinion.objects.create(issue=neighbour, opinion=opinion)
    waiting = factories.opinion(campaign, number="SQ-3", words_verbatim="又有人吃拿卡要了", **heard)
    # Now it is found to be a report.
    OpinionMark.objects.create(opinion=words, kind="restricted")
    Issue.objects.filter(pk=issue.pk).update(is_restricted=True, category="2001", state="assigned")
    return {
        "campaign": campaign, "issue": issue, "words": words, "slip": slip, "receipt": receipt, "visit": visit,
        "merged": merged, "neighbour": neighbour, "waiting": waiting, "home": home, "collector": collector,
    }  # fmt: skip


ROLES = {
    "who heard it": None,
    "grid leader": grid_leader,
    "village office": people.village_office,
    "campaign office": people.bob,
    "clerk": people.clerk,
    "head": head,
    "leading group": people.leader,
    "inspector": people.inspector,
    "system admin": people.system_admin,
    "security admin": lambda: people.person(Role.SECURITY_ADMIN, TOWN, "安十四"),
    "auditor": lambda: people.person(Role.AUDITOR, TOWN, "审十五"),
    "nobody": people.nobody,
    "discipline of another town": lambda: people.discipline("330411106"),
    "resident": None,
}


def issue_pages(secret):
    for issue in (secret["issue"], secret["merged"], secret["neighbour"]):
        yield f"/issues/{issue.pk}/"
        yield f"/issues/{issue.pk}/case/"
        yield f"/issues/{issue.pk}/case/review/"
        yield from (f"/issues/{issue.pk}/move/{move}/" for move in ("assign", "note"))
        yield from (f"/issues/{issue.pk}/papers/{kind}/" for kind in ("case", "supervision"))
        yield f"/issues/{issue.pk}/papers/case.docx"


def lists(secret):
    for lot in ("open", "overdue", "answered", "closed", "all"):
        yield f"/issues/?lot={lot}"
    yield from (f"/issues/?lot=all&q={word}" for word in SEARCHES)
    yield from (f"/issues/triage/?lot={lot}" for lot in ("issue", "suggestion", "praise"))
    yield from (f"/issues/triage/{secret[name].pk}/" for name in ("words", "waiting"))
    yield "/issues/verdicts/?lot=all"
    yield "/issues/restricted/"
    yield from (f"/issues/restricted/{secret[name].pk}/" for name in ("words", "waiting"))
    yield from (f"/issues/restricted/{secret[name].pk}/step/" for name in ("words", "waiting"))
    yield from ("/issues/hand-overs/", f"/issues/hand-overs/new/{secret['collector'].cadre.pk}/")
    yield from ("/issues/conduct/", "/feedback/", "/feedback/all/", "/viewing/")
    yield f"/s/{secret['receipt'].code}/conduct/"
    yield "/issues/supervision/"
    yield from (f"/issues/supervision/{secret['slip'].pk}/{verb}/" for verb in ("answer", "lift"))
    yield f"/issues/receipts/{secret['words'].pk}/"
    yield f"/s/{secret['receipt'].code}/"


def files(secret):
    yield "/issues/ledger/export/"
    yield f"/reports/workbook/export/?campaign={secret['campaign'].code}"


def visit_pages(secret):
    yield from ("/", "/visits/", "/visits/mine/", "/visits/to-check/")
    yield f"/visits/{secret['visit'].pk}/"
    yield f"/visits/{secret['visit'].pk}/correct/"
    yield f"/visits/entries/{secret['home'].number}/"


def report_pages(secret):
    yield "/reports/"
    for key in (
        "issues",
        "issues_overdue",
        "issues_by_category",
        "opinions",
        "supervisions_by_colour",
        "issues_open",
    ):
        yield f"/reports/figures/{key}/"
        yield f"/reports/figures/{key}/?level=grid&part={GRID_A1}"


def desk_pages(secret):
    yield "/admin/"
    for model in (Issue, Opinion, Deed, Visit):
        yield address(model)
        yield from (f"{address(model)}?q={word}" for word in SEARCHES[:2])
        for row in model.objects.all():
            yield address(model, "change", row.pk)
            yield address(model, "history", row.pk)
    for verb in ("assign", "withdraw", "merge"):
        yield address(Issue, "move", secret["issue"].pk, verb)
    yield f"{address(Issue)}?slip=yellow"
    query = "/admin/autocomplete/?app_label=issues&model_name=deed&field_name=issue&term="
    yield from (query + word for word in ("", *SEARCHES))


DOORS = (issue_pages, lists, files, visit_pages, report_pages, desk_pages)


def read(client, url):
    return said(client.get(url, follow=True))


@pytest.mark.parametrize("role", ROLES)
def test_report_is_told_to_nobody_but_discipline(client, secret, role):
    make_user = ROLES[role]
    if role != "resident":
        client.force_login(make_user() if make_user else secret["collector"])

    leaks = [
        (url, tail)
        for door in DOORS
        for url in door(secret)
        for page in [read(client, url)]
        for tail in TAILS
        if tail in page
    ]

    assert leaks == []


def test_discipline_reads_it(client, secret):
    client.force_login(people.discipline())

    page = read(client, f"/issues/{secret['issue'].pk}/")

    assert all(tail in page for tail in ("词语尾巴", "标题尾巴", "KEY22"))
    assert "标题尾巴" in read(client, "/issues/?lot=all&q=泄密")


def test_before_it_was_restricted_these_doors_told_of_it(client, secret):
    """That the doors are the right ones: opened again, they do tell."""
    Issue.objects.filter(pk=secret["issue"].pk).update(is_restricted=False, category="0101")
    client.force_login(people.bob())

    pages = [read(client, url) for door in DOORS for url in door(secret)]
    told = {tail for page in pages for tail in TAILS if tail in page}

    # The words keep their mark for ever; and with them what was said back on their receipt.
    assert told == {"标题尾巴", "答复尾巴", "回访尾巴", "督办说明尾巴", "KEY22", "KEY33"}


def test_receipt_of_a_report_says_only_that_it_was_received(secret):
    standing = standing_of(secret["receipt"])

    assert [str(matter.sentence) for matter in standing.matters] == ["已收到，由专门人员办理。"]
    assert [matter.department for matter in standing.matters] == [""]


@pytest.mark.parametrize("level", ["village", "grid", "department", "category"])
def test_no_count_below_the_town_knows_of_a_report(capsys, level):
    """The figures with an issue that is a report are those without any."""
    campaign = factories.campaign()
    overdue(campaign)

    def figures():
        call_command("figures", campaign=campaign.code, by=level, json=True)
        told = json.loads(capsys.readouterr().out)
        return told["figures"], told["rows"]

    before = figures()
    issue = overdue(campaign, code="2001", is_restricted=True)
    slip_on(issue)
    issue.follow_ups.create(result="solved")
    words = factories.opinion(campaign, nature="report", restricted=True)
    IssueOpinion.objects.create(issue=issue, opinion=words)

    assert SupervisionSlip.objects.count() == 1
    assert figures() == before
