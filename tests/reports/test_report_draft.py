"""The page where the office makes a report: /reports/weekly/2018-W36/draft/."""

import pytest

from reports.models import PublishedReport, ReportDraft
from tests import people
from tests.factories import at, cadre, campaign, household, issue, visit
from tests.workbooks import VILLAGE_A

from .issuing import issued, period_of

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/weekly/2018-W36/draft/"
LINES = {"practice": "逐户上门", "problems": "晚上不在家的多", "next": "补访未遇户"}


@pytest.fixture
def of():
    made = campaign()
    visit(made, household(), by=[cadre()])
    household()
    return made


@pytest.fixture
def wrong(of):
    """A visit that nobody made: an error that stops the report."""
    return visit(of, household(), started_at=at("2018-09-04 19:00"))


@pytest.fixture
def bob(client):
    user = people.bob()
    client.force_login(user)
    return user


def typed(*figures, version=0, **lines):
    """What the form sends."""
    sent = {"action": "save", "version": version, **LINES, **lines}
    sent |= {"figures-TOTAL_FORMS": len(figures), "figures-INITIAL_FORMS": 0}
    for n, figure in enumerate(figures):
        sent |= {f"figures-{n}-{name}": value for name, value in figure.items()}
    return sent


BENCHES = {"label": "新装休闲椅", "value": "12", "unit": "把", "reason": "村里报来，系统不统计"}


def test_office_sees_preview_checks_and_button(client, of, bob):
    response = client.get(ADDRESS)

    assert response.context["paper"].content["figures"]["campaign"]["households"] == [2, None, None]
    assert len(response.context["prepared"].passed) == 18
    assert ">发出</button>" in response.text
    assert "disabled" not in response.text
    assert not ReportDraft.objects.exists()


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.clerk, 403),
        (people.leader, 403),
        (people.inspector, 403),
        (people.village_office, 403),
        (lambda: people.bob(VILLAGE_A), 404),
        (lambda: people.bob("330411106"), 404),
    ],
)
def test_stranger_neither_sees_nor_sends_the_draft(client, of, stranger, status):
    client.force_login(stranger())

    assert client.get(ADDRESS).status_code == status
    for sent in (typed(), {"action": "issue", "version": 0}):
        assert client.post(ADDRESS, sent).status_code == status
    assert not ReportDraft.objects.exists()
    assert not PublishedReport.objects.exists()


def test_office_of_a_village_posted_as_a_reader_of_the_town_issues_nothing(client, of):
    """What one may do in one's own village is not widened by what one may read elsewhere."""
    user = people.bob(VILLAGE_A)
    people.factories.posting(user.cadre, "leading_group", "330411105")
    client.force_login(user)

    assert client.get("/reports/weekly/2018-W36/").status_code == 200
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"action": "issue", "version": 0}).status_code == 404


def test_typed_lines_are_kept_and_stand_in_the_preview(client, of, bob):
    response = client.post(ADDRESS, typed(), follow=True)

    assert "草稿已存下" in response.text
    assert ReportDraft.objects.get().lines == LINES
    assert '<p class="report-text">补访未遇户</p>' in response.text


def test_typed_figure_is_marked_with_author_and_reason(client, of, bob):
    response = client.post(ADDRESS, typed(BENCHES), follow=True)

    [figure] = ReportDraft.objects.get().figures
    assert (figure["value"], figure["author"], figure["reason"]) == (12, "鲍二柏", "村里报来，系统不统计")
    assert '<span class="typed">12把</span>（人工填写）' in response.text


def test_row_that_nobody_changed_keeps_its_author(client, of, bob):
    client.post(ADDRESS, typed(BENCHES))
    client.force_login(people.person("campaign_office", "330411105", "卞十一"))

    client.post(ADDRESS, typed(BENCHES, {**BENCHES, "label": "新栽树", "unit": "棵"}, version=1))

    assert [one["author"] for one in ReportDraft.objects.get().figures] == ["鲍二柏", "卞十一"]


@pytest.mark.parametrize("missing", ["value", "unit", "reason"])
def test_half_a_typed_figure_is_refused_and_nothing_is_lost(client, of, bob, missing):
    response = client.post(ADDRESS, typed(BENCHES | {missing: ""}))

    assert response.status_code == 422
    assert "内容、数、单位和理由都要填" in response.text
    assert "补访未遇户</textarea>" in response.text
    assert not ReportDraft.objects.exists()


def test_row_with_nothing_but_the_figure_it_stands_for_is_refused(client, of, bob):
    row = dict.fromkeys(BENCHES, "") | {"figure": "households_visited"}

    response = client.post(ADDRESS, typed(row))

    assert response.status_code == 422
    assert "内容、数、单位和理由都要填" in response.text
    assert not ReportDraft.objects.exists()


def test_second_of_two_who_save_is_told_and_keeps_the_words(client, of, bob):
    client.post(ADDRESS, typed(next="先存的"))

    response = client.post(ADDRESS, typed(next="后存的"))

    assert "这份草稿刚刚被别人改过" in response.text
    assert "后存的</textarea>" in response.text
    assert ReportDraft.objects.get().lines["next"] == "先存的"
    assert 'name="version" value="1"' in response.text

    client.post(ADDRESS, typed(version=1, next="后存的"))
    assert ReportDraft.objects.get().lines["next"] == "后存的"


def test_issuing_freezes_what_was_previewed(client, of, bob):
    client.post(ADDRESS, typed())

    response = client.post(ADDRESS, {"action": "issue", "version": 1}, follow=True)

    report = PublishedReport.objects.get()
    assert (report.serial, report.edition, report.issued_by) == (1, 1, bob)
    assert response.context["report"] == report
    assert "已发出：周报 2018-W36 第 1 版" in response.text
    assert "补访未遇户" in response.text


def test_draft_that_changed_since_it_was_seen_is_not_issued(client, of, bob):
    client.post(ADDRESS, typed())

    response = client.post(ADDRESS, {"action": "issue", "version": 0})

    assert "草稿刚刚被别人改过" in response.text
    assert not PublishedReport.objects.exists()


def test_failed_check_stops_the_report_and_leads_to_its_rows(client, of, bob, wrong):
    response = client.get(ADDRESS)
    assert "走访户次 2，大于走访干部人次 1。" in response.text
    assert "disabled" in response.text

    response = client.post(ADDRESS, {"action": "issue", "version": 0})
    assert "核对未通过：走访户次 2，大于走访干部人次 1。" in response.text
    assert not PublishedReport.objects.exists()


def test_check_overruled_by_name_with_a_reason_is_printed(client, of, bob, wrong):
    sent = {"action": "overrule", "check": "visits_within_cadre_visits", "version": 0}
    assert "请写明为什么照发" in client.post(ADDRESS, {**sent, "reason": " "}).text

    client.post(ADDRESS, {**sent, "reason": "补登的走访缺走访人"})
    client.post(ADDRESS, {"action": "issue", "version": 1})

    report = PublishedReport.objects.get()
    [said] = report.content["stamp"]["overruled"]
    assert (said["check"], said["reason"], said["who"]) == (
        "visits_within_cadre_visits",
        "补登的走访缺走访人",
        "鲍二柏",
    )
    page = client.get("/reports/weekly/2018-W36/")
    assert "核对未通过而照发：走访户次 2，大于走访干部人次 1。理由：补登的走访缺走访人（鲍二柏）" in page.text


def test_decision_ends_when_something_else_fails(client, of, bob, wrong):
    client.post(
        ADDRESS,
        {"action": "overrule", "check": "visits_within_cadre_visits", "version": 0, "reason": "补登"},
    )
    visit(of, household(), started_at=at("2018-09-05 19:00"))

    response = client.post(ADDRESS, {"action": "issue", "version": 1})

    assert "走访户次 3，大于走访干部人次 1。" in response.text
    assert not PublishedReport.objects.exists()


def test_check_that_holds_cannot_be_overruled(client, of, bob):
    sent = {"action": "overrule", "check": "lots_add_up", "version": 0, "reason": "随便"}

    assert "不需要照发" in client.post(ADDRESS, sent).text
    assert not ReportDraft.objects.exists()


def test_correction_needs_a_note_and_shows_what_it_will_say(client, of, bob):
    issued(of)
    issue(of)

    assert "本周收集问题数由 0件 改为 1件。" in client.get(ADDRESS).text
    assert "请写明更正说明" in client.post(ADDRESS, {"action": "issue", "version": 0}).text

    client.post(ADDRESS, {"action": "issue", "version": 0, "correction": "补登一件问题"})
    assert list(
        PublishedReport.objects.order_by("edition").values_list("edition", "serial", "correction")
    ) == [
        (1, 1, ""),
        (2, 1, "补登一件问题"),
    ]


def test_nothing_new_is_not_issued_again(client, of, bob):
    issued(of)

    assert "内容与已发的一版相同" in client.get(ADDRESS).text
    assert "没有再发" in client.post(ADDRESS, {"action": "issue", "version": 0, "correction": "再发"}).text
    assert PublishedReport.objects.count() == 1


def test_period_before_the_campaign_or_in_the_future_is_not_issued(client, of, bob):
    for address in ("/reports/weekly/2018-W20/draft/", "/reports/weekly/2090-W20/draft/"):
        assert "不能发报告" in client.post(address, {"action": "issue", "version": 0}).text
    assert not PublishedReport.objects.exists()


def test_archived_campaign_has_no_draft(client, of, bob):
    type(of).objects.update(state="archived")

    assert client.get(ADDRESS).status_code == 404


def test_daily_final_and_circular_are_made_on_the_same_page(client, of, bob):
    for address in (
        "/reports/daily/2018-09-03/draft/",
        "/reports/circular/2018-W36/draft/",
        "/reports/final/draft/",
    ):
        client.post(address, {"action": "issue", "version": 0})
    assert sorted(PublishedReport.objects.values_list("kind", "period", "serial")) == [
        ("circular", "2018-W36", 1),
        ("daily", "2018-09-03", 1),
        ("final", "final", 1),
    ]
    assert period_of(of, "weekly", "2018-09-06").key == "2018-W36"
