"""/reports/redactions/<kind>/<pk>/: a name inside words is blanked for good, by whom it may be, once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection

from canvass.roles import Role
from issues.models import Issue
from reports.models import PublishedReport, Redaction
from reports.redacting import find_spots, redact, seen_digest
from reports.redaction_texts import find_subject
from reports.services import save_draft
from tests import factories, people
from tests.workbooks import GRID_A1
from visits.models import Opinion, Visit

from .issuing import issued, paragraphs, period_of
from .redacting import WHY, address, confirm, find, redacted

pytestmark = pytest.mark.django_db
NAME, GONE = "沈百合", "███"
OTHER_TOWN = "330411106"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


@pytest.fixture
def opinion(campaign):
    return factories.opinion(
        campaign, words_verbatim=f"{NAME}说路灯坏了，请找{NAME}", done_on_spot=f"告诉了{NAME}"
    )


# --- What the page does ---------------------------------------------------------------------------------------


def test_redaction_blanks_every_chosen_place(client, bob, opinion):
    answer = redacted(client, bob, "opinion", opinion, NAME)
    assert answer["Location"] == "/reports/redactions/"
    opinion.refresh_from_db()
    assert (opinion.words_verbatim, opinion.done_on_spot) == (
        f"{GONE}说路灯坏了，请找{GONE}",
        f"告诉了{GONE}",
    )
    rows = Redaction.objects.order_by("pk")
    assert [(r.table_name, r.row_key, r.column_name, r.start, r.length, r.by, r.reason) for r in rows] == [
        ("visits_opinion", opinion.pk, "words_verbatim", 0, 3, bob, WHY),
        ("visits_opinion", opinion.pk, "words_verbatim", 11, 3, bob, WHY),
        ("visits_opinion", opinion.pk, "done_on_spot", 3, 3, bob, WHY),
    ]


def test_redaction_blanks_only_what_was_chosen(client, bob, opinion):
    seen = find(client, bob, "opinion", opinion, NAME).context["seen"]
    confirm(client, "opinion", opinion, NAME, seen, spots=[1])
    opinion.refresh_from_db()
    assert opinion.words_verbatim == f"{NAME}说路灯坏了，请找{GONE}"


def test_redaction_shows_where_the_words_stand_before_anything_happens(client, bob, opinion):
    page = find(client, bob, "opinion", opinion, NAME)
    assert [(spot.before, spot.words, spot.after) for spot in page.context["spots"]] == [
        ("", NAME, f"说路灯坏了，请找{NAME}"),
        (f"{NAME}说路灯坏了，请找", NAME, ""),
        ("告诉了", NAME, ""),
    ]
    assert "谁也恢复不了" in page.text
    opinion.refresh_from_db()
    assert NAME in opinion.words_verbatim


def test_redaction_finds_the_words_that_a_correction_replaced(client, campaign, bob):
    former = factories.opinion(campaign, words_verbatim=f"{NAME}家的灯")
    latest = factories.opinion(campaign, words_verbatim=f"{NAME}家的路灯", corrects=former)
    redacted(client, bob, "opinion", latest, NAME)
    assert list(Opinion.objects.order_by("pk").values_list("words_verbatim", flat=True)) == [
        f"{GONE}家的灯",
        f"{GONE}家的路灯",
    ]


def test_redaction_of_a_visit_reaches_its_former_note_and_forgets_its_digest(client, campaign, bob):
    visit = factories.visit(campaign, factories.household(), note=f"{NAME}在家", content_hash="a" * 64)
    visit.steps.create(move="corrected", reason="写错", before={"note": f"见到{NAME}", "outcome": "met"})
    redacted(client, bob, "visit", visit, NAME)
    visit.refresh_from_db()
    assert (visit.note, visit.content_hash) == (f"{GONE}在家", "")
    assert visit.steps.get().before == {"note": f"见到{GONE}", "outcome": "met"}


def test_redaction_of_an_issue_reaches_all_that_is_written_about_it(client, campaign, bob):
    issue = factories.issue(campaign, title=f"{NAME}门口积水", result=f"已告知{NAME}")
    issue.steps.create(
        move="reply", to_state="replied", reason=NAME, details={"reply": f"{NAME}您好", "told": "是"}
    )
    issue.follow_ups.create(result="solved", words_verbatim=f"我是{NAME}")
    other = factories.issue(campaign)
    other.steps.create(
        move="merge", to_state="merged", details={"main_issue": f"{issue.number} {issue.title}"}
    )
    content_type = ContentType.objects.get_for_model(Issue)
    LogEntry.objects.create(
        user=bob, content_type=content_type, object_id=issue.pk, object_repr=str(issue), action_flag=CHANGE
    )
    words = factories.opinion(campaign, words_verbatim=f"{NAME}说的")
    issue.opinion_links.create(opinion=words)
    assert redacted(client, bob, "issue", issue, NAME).status_code == 302
    issue.refresh_from_db()
    words.refresh_from_db()
    step, merge = issue.steps.get(move="reply"), other.steps.get(move="merge")
    assert (issue.title, issue.result, words.words_verbatim) == (
        f"{GONE}门口积水",
        f"已告知{GONE}",
        f"{GONE}说的",
    )
    assert (step.reason, step.details) == (GONE, {"reply": f"{GONE}您好", "told": "是"})
    assert merge.details == {"main_issue": f"{issue.number} {GONE}门口积水"}
    assert issue.follow_ups.get().words_verbatim == f"我是{GONE}"
    assert LogEntry.objects.get().object_repr == f"{issue.number} {GONE}门口积水"


def test_redaction_of_words_reaches_the_issue_that_they_became(client, campaign, bob, opinion):
    issue = factories.issue(campaign, title=f"{NAME}门口路灯")
    issue.opinion_links.create(opinion=opinion)
    redacted(client, bob, "opinion", opinion, NAME)
    issue.refresh_from_db()
    assert issue.title == f"{GONE}门口路灯"


def test_discipline_reads_no_visit_by_redacting(client, campaign):
    visit = factories.visit(campaign, factories.household(), note=f"{NAME}在家")
    report = factories.opinion(
        campaign, visit=visit, nature="report", restricted=True, words_verbatim=f"{NAME}收钱"
    )
    page = find(client, people.discipline(), "opinion", report, NAME)
    assert [spot.text.row for spot in page.context["spots"]] == [report]


def test_redaction_makes_the_files_of_an_edition_anew(client, campaign, bob):
    period = period_of(campaign, "weekly", "2018-09-06")
    save_draft(
        campaign, period, by=bob, version=0, lines={"practice": f"感谢{NAME}", "problems": "无", "next": "无"}
    )
    edition = issued(campaign)
    before = (edition.docx_sha256, edition.xlsx_sha256)
    figures = edition.content["figures"]
    assert redacted(client, bob, "edition", edition, NAME).status_code == 302
    edition = PublishedReport.objects.get()
    told = "\n".join(paragraphs(edition.content))
    assert (NAME in told, f"感谢{GONE}" in told) == (False, True)
    assert edition.content["figures"] == figures
    assert edition.docx_sha256 != before[0]
    assert (edition.edition, edition.correction) == (1, "")
    assert "有 1 处个人信息已经隐去" in client.get("/reports/weekly/2018-W36/").text


def test_search_finds_the_words_no_more(client, campaign, bob):
    issue = factories.issue(campaign, title=f"{NAME}门口积水")
    redacted(client, bob, "issue", issue, NAME)
    assert issue.number not in client.get("/issues/", {"words": NAME, "q": NAME}).text
    assert list(Issue.objects.filter(title__contains="门口积水")) == [issue]


def test_redaction_of_records(client, campaign, bob):
    log = factories.stay_log(campaign, people.alice().cadre, text=f"住在{NAME}家", content_hash="c" * 64)
    deed = factories.deed(campaign, content=f"帮{NAME}修灯", donor=NAME)
    gathering = factories.gathering(campaign, topic=f"{NAME}讲家史")
    for kind, row in (("staylog", log), ("deed", deed), ("gathering", gathering)):
        redacted(client, bob, kind, row, NAME)
        row.refresh_from_db()
    assert (log.text, log.content_hash) == (f"住在{GONE}家", "")
    assert (deed.content, deed.donor, gathering.topic) == (f"帮{GONE}修灯", GONE, f"{GONE}讲家史")


# --- What is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "reason", "says"),
    [
        ("", WHY, "请填写要隐去的字"),
        ("沈", WHY, "至少两个字"),
        ("长" * 51, WHY, "最多 50 个字"),
        ("██", WHY, "已经隐去"),
        (NAME, "", "请写明原因"),
        (NAME, f"有{NAME}的名字", "不要写要隐去的内容"),
        ("没有的人", WHY, "没有这几个字"),
    ],
)
def test_redaction_refuses_bad_input(client, bob, opinion, words, reason, says):
    page = find(client, bob, "opinion", opinion, words, reason)
    assert says in page.text
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"understood": ""}, "请先确认"),
        ({"spots": []}, "请至少选一处"),
        ({"spots": [99]}, "没有隐去"),
        ({"spots": ["x"]}, "没有隐去"),
        ({"seen": "0" * 64}, "刚才已被别人改动"),
        ({"seen": "x"}, "请再找一次"),
    ],
)
def test_redaction_wants_a_whole_confirmation(client, bob, opinion, fields, says):
    seen = find(client, bob, "opinion", opinion, NAME).context["seen"]
    fields = {"seen": seen, "spots": [0], **fields}
    page = confirm(client, "opinion", opinion, NAME, **fields)
    assert page.status_code == 200
    assert says in page.text
    opinion.refresh_from_db()
    assert NAME in opinion.words_verbatim
    assert not Redaction.objects.exists()


def test_page_that_is_stale_is_refused(client, campaign, bob):
    visit = factories.visit(campaign, factories.household(), note=f"{NAME}在家")
    seen = find(client, bob, "visit", visit, NAME).context["seen"]
    Visit.objects.filter(pk=visit.pk).update(note=f"今天{NAME}在家")
    page = confirm(client, "visit", visit, NAME, seen, spots=[0])
    assert "刚才已被别人改动" in page.text
    assert page.context["seen"] != seen
    visit.refresh_from_db()
    assert visit.note == f"今天{NAME}在家"


# --- Who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.village_office, 403),
        (people.leader, 403),
        (people.inspector, 403),
        (people.clerk, 403),
        (people.system_admin, 403),
        (people.nobody, 403),
        (lambda: people.bob(factories.place(OTHER_TOWN).pk), 404),
        (people.discipline, 404),
    ],
)
def test_nobody_else_redacts(client, opinion, stranger, status):
    client.force_login(stranger())
    assert client.get(address("opinion", opinion)).status_code == status
    assert client.post(address("opinion", opinion), {"words": NAME, "reason": WHY}).status_code == status


def test_without_a_sign_in_one_signs_in_first(client, opinion):
    assert client.get(address("opinion", opinion)).status_code == 302


@pytest.mark.parametrize("kind", ["nothing", "user", "handout", "registerentry"])
def test_there_are_no_other_kinds(client, bob, opinion, kind):
    client.force_login(bob)
    assert client.get(f"/reports/redactions/{kind}/{opinion.pk}/").status_code == 404


def test_misconduct_report_is_redacted_by_discipline_alone(client, campaign, bob):
    report = factories.opinion(campaign, nature="report", restricted=True, words_verbatim=f"{NAME}收钱")
    client.force_login(bob)
    assert client.get(address("opinion", report)).status_code == 404
    assert redacted(client, people.discipline(), "opinion", report, NAME).status_code == 302
    report.refresh_from_db()
    assert report.words_verbatim == f"{GONE}收钱"
    for other in (bob, people.discipline()):
        assert list(Redaction.objects.visible_to(other)) == []


def test_part_of_the_area_reaches_no_edition(client, campaign):
    """An office of one village blanks its own words; an edition tells of the whole campaign."""
    issue = factories.issue(campaign, GRID_A1, title=f"{NAME}门口积水")
    office = people.person(Role.CAMPAIGN_OFFICE, GRID_A1[:12], "单一村")
    edition = issued(campaign)
    client.force_login(office)
    assert client.get(address("edition", edition)).status_code == 404
    assert redacted(client, office, "issue", issue, NAME).status_code == 302


# --- Two at once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_one_redacts_and_the_other_is_told():
    campaign = factories.campaign()
    opinion = factories.opinion(campaign, words_verbatim=f"{NAME}说路灯坏了")
    clerks = [people.bob(), people.bob()]
    subject, row = find_subject("opinion", opinion.pk, clerks[0])
    seen = seen_digest(find_spots(subject, row, NAME, by=clerks[0]))
    both = Barrier(2)

    def attempt(by):
        try:
            both.wait()
            redact("opinion", opinion, NAME, chosen=[0], seen=seen, by=by, reason=WHY)
        except ValidationError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, clerks)) == ["done", "stale"]
    assert Redaction.objects.count() == 1
    opinion.refresh_from_db()
    assert opinion.words_verbatim == f"{GONE}说路灯坏了"
