"""manage.py prepare, and what a report still waits for."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.models import SlipStep, SupervisionSlip
from reports.enums import ReportKind
from reports.missing import missing_of
from reports.models import ReportDraft
from reports.periods import ReportPeriod
from reports.ready import last_whole_periods, ready_reports
from tests import factories, people
from tests.factories import at, campaign, gathering, handout, household, visit

from .issuing import issued

pytestmark = pytest.mark.django_db
A, B, C, D = (f"33041110520{n}" for n in (1, 2, 3, 4))
TUESDAY = date(2018, 9, 4)


@pytest.fixture
def of():
    made = campaign()
    for code, name in ((A, "花溪社区"), (B, "庆丰村"), (C, "南梅村"), (D, "建林村")):
        factories.place(code, name=name)
    factories.place("330411105205", name="撤并村", to_on=date(2018, 8, 31))
    return made


def day(text="2018-09-03"):
    return ReportPeriod.of(ReportKind.DAILY, date.fromisoformat(text))


def prepare(*arguments):
    output = StringIO()
    call_command("prepare", *arguments, stdout=output)
    return output.getvalue().splitlines()


def red_slip(of, number, **fields):
    owner = factories.department()
    issue = factories.issue(of, state="in_progress", **factories.assigned(owner), **fields)
    return SupervisionSlip.objects.create(
        campaign=of, issue=issue, department=owner, number=number, colour="red"
    )


# --- What is missing -------------------------------------------------------------------------------------------------


def test_villages_without_a_record_are_those_counted_by_hand(of):
    visit(of, household(f"{A}0001"), started_at=at("2018-09-03 23:59:59"))
    visit(of, household(f"{B}0001"), started_at=at("2018-09-04 00:00"))  # Tuesday, in Shanghai
    visit(of, household(f"{B}0001"), started_at=at("2018-09-02 23:59:59"))  # Sunday
    visit(of, household(f"{C}0001"), voided_at=at("2018-09-03 22:00"), state="void")
    handout(of, D, given_on=date(2018, 9, 3))

    assert missing_of(of, day()).villages == ["庆丰村", "南梅村"]
    week = ReportPeriod.of(ReportKind.WEEKLY, TUESDAY)
    assert missing_of(of, week).villages == ["南梅村"]


def test_gathering_of_the_town_stands_for_no_village(of):
    gathering(of, factories.TOWN, held_on=date(2018, 9, 3))
    gathering(of, B, held_on=date(2018, 9, 3))

    assert missing_of(of, day()).villages == ["花溪社区", "南梅村", "建林村"]


def test_village_of_another_campaign_files_nothing_for_this_one(of):
    visit(campaign("other-2018", "330411106"), household("3304111062010001"))
    visit(campaign("twin-2018"), household(f"{A}0001"))

    assert "花溪社区" in missing_of(of, day()).villages
    assert len(missing_of(of, day()).villages) == 4


def test_late_filings_are_those_after_the_last_moment(of):
    entry = household(f"{A}0001")
    for filed, origin in (
        ("2018-09-03 23:59:59", "form"),
        ("2018-09-04 00:00", "form"),
        ("2018-09-06 09:00", "paper"),
        ("2018-09-06 09:00", "workbook"),
    ):
        visit(of, entry, filed_at=at(filed), origin=origin)

    assert missing_of(of, day()).late == 2


def test_red_slips_are_missing_until_the_department_answers(of):
    open_one, answered, lifted = (red_slip(of, f"DB-{n}") for n in (1, 2, 3))
    red_slip(of, "DB-4", is_restricted=True)
    SlipStep.objects.create(slip=answered, kind="answered", words="已在办")
    SlipStep.objects.create(slip=lifted, kind="lifted", words="误发")

    assert missing_of(of, day()).slips == [open_one.number]


def test_nothing_missing_is_said_too(of):
    for code in (A, B, C, D):
        visit(of, household(f"{code}0001"), filed_at=at("2018-09-03 20:00"))

    assert next(ready.sentence for ready in ready_reports(of, TUESDAY)) == (
        "昨天的日报可以发了：各村都有填报，没有补录，红色督办单都已回复。"
    )


# --- The periods -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "periods"),
    [
        ("2018-07-01", []),  # a Sunday, the first day of the campaign
        ("2018-07-02", ["2018-07-01", "2018-W26"]),
        ("2018-09-04", ["2018-09-03", "2018-W35"]),
        ("2018-10-01", ["2018-09-30", "2018-W39"]),
        ("2018-11-20", ["2018-09-30", "2018-W39"]),
    ],
)
def test_periods_are_the_last_whole_ones_inside_the_campaign(of, today, periods):
    assert [one.key for one in last_whole_periods(of, date.fromisoformat(today))] == periods


# --- The command -----------------------------------------------------------------------------------------------------


def test_draft_is_made_once_and_what_is_missing_is_printed(of):
    visit(of, household(f"{A}0001"), filed_at=at("2018-09-04 08:00"))
    red_slip(of, "DB-1")
    line = (
        "wangdian-2018  2018-09-03  昨天的日报可以发了：3 个村没有填报（庆丰村、南梅村、建林村）；"
        "事后补录走访 1 次；1 张红色督办单没有回复。"
    )

    assert prepare("--date", "2018-09-04", "--dry-run") == [line, "试运行：将新建 1 份草稿。"]
    assert ReportDraft.objects.count() == 0
    assert prepare("--date", "2018-09-04") == [line, "已新建 1 份草稿。"]
    assert prepare("--date", "2018-09-04") == [line, "已新建 0 份草稿。"]
    draft = ReportDraft.objects.get()
    assert (draft.kind, draft.period, draft.version) == ("daily", "2018-09-03", 0)


def test_week_is_prepared_on_mondays(of):
    prepare("--date", "2018-09-10")

    assert set(ReportDraft.objects.values_list("kind", "period")) == {
        ("daily", "2018-09-09"),
        ("weekly", "2018-W36"),
    }


def test_draft_that_somebody_typed_is_left_alone(of):
    typed = ReportDraft.objects.create(
        campaign=of, kind="daily", period="2018-09-03", lines={"note": "下雨"}, version=3
    )

    prepare("--date", "2018-09-04")

    typed.refresh_from_db()
    assert (typed.lines, typed.version) == ({"note": "下雨"}, 3)
    assert ReportDraft.objects.count() == 1


def test_issued_report_gets_no_draft(of):
    household(f"{A}0001")
    issued(of, "daily", "2018-09-03")

    line, total = prepare("--date", "2018-09-04")

    assert "昨天的日报已发：" in line
    assert (total, ReportDraft.objects.count()) == ("已新建 0 份草稿。", 0)


@pytest.mark.parametrize("state", ["draft", "closed", "archived"])
def test_campaign_that_does_not_run_is_left_alone(of, state):
    type(of).objects.update(state=state)

    assert prepare("--date", "2018-09-04") == ["已新建 0 份草稿。"]
    assert ReportDraft.objects.count() == 0


def test_date_that_is_none_is_refused(of):
    for text in ("gestern", "2018-02-30"):
        with pytest.raises(CommandError, match="请写成 2018-09-10"):
            prepare("--date", text)


# --- Where the office reads it ---------------------------------------------------------------------------------------


def test_office_reads_it_on_the_list_of_reports_and_readers_do_not(client, of):
    sentence = "2018-09-30 的日报可以发了：4 个村没有填报（花溪社区、庆丰村、南梅村、建林村）。"
    pages = {}
    for who in (people.bob(), people.leader()):
        client.force_login(who)
        pages[who.display_name] = client.get("/reports/editions/").text

    assert [sentence in page for page in pages.values()] == [True, False]
    assert "/reports/daily/2018-09-30/draft/" in pages["鲍二柏"]


def test_queries_do_not_grow_with_the_villages(of):
    def queries():
        with CaptureQueriesContext(connection) as found:
            missing_of(of, day())
        return len(found)

    one = queries()
    for n in range(3):
        visit(of, household(f"{A}000{n + 1}"))
        factories.place(f"33041110530{n}")
        red_slip(of, f"DB-{n}")
    assert queries() == one
