"""manage.py supervise: which slips are due on which day, once each."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.enums import CampaignState
from campaigns.models import CalendarDay
from issues import figures
from issues.enums import IssueState
from issues.models import Issue, SlipStep, SupervisionSlip
from issues.moves import move_issue
from issues.supervision import answer_slip, lift_slip, supervise
from tests import factories, people
from tests.counting import value
from tests.factories import at

from .moving import head
from .stories import story

pytestmark = pytest.mark.django_db
# Assigned on a Monday, due on the next: five working days.
GIVEN = ("assign", "2018-09-03 10:00")
SIGNED = ("sign", "2018-09-03 14:00")
DUE = "2018-09-10"


@pytest.fixture
def campaign():
    return factories.campaign()


def a_case(campaign, *moves, due=DUE, **fields):
    return story(campaign, GIVEN, SIGNED, *moves, due=due, **fields)


def on(when):
    """What the command issues at a moment: [(colour, cause)], by number."""
    slips = supervise(now=at(when) if isinstance(when, str) else when)
    return [(slip.colour, slip.cause) for slip in slips]


def move_on(issue, move, state, when, **columns):
    """What the write door would leave."""
    columns |= {"state": state, "state_since": at(when)}
    Issue.objects.filter(pk=issue.pk).update(**columns)
    issue.refresh_from_db()
    issue.steps.create(move=move, to_state=state, at=at(when), department=issue.lead_department)


def rework(issue, replied, reworked):
    move_on(issue, "reply", "replied", replied, replied_at=at(replied))
    move_on(issue, "rework", "in_progress", reworked, replied_at=None)


# --- Which colour, when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ("2018-09-03 10:00", []),
        ("2018-09-06 23:59", []),  # three of five days used
        ("2018-09-07 00:00", [("blue", "due_soon")]),  # four of five: just four fifths
        ("2018-09-09 12:00", [("blue", "due_soon")]),
        ("2018-09-10 23:59:59.999999", [("blue", "due_soon")]),  # the last second of the due date
        ("2018-09-11 00:00", [("yellow", "overdue")]),
        ("2018-09-17 23:59", [("yellow", "overdue")]),  # five working days late
        ("2018-09-18 00:00", [("red", "long_overdue")]),
    ],
)
def test_colour_follows_the_time_used(campaign, when, wanted):
    a_case(campaign)

    assert on(when) == wanted


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ("2018-10-10 08:00", "yellow"),  # two make-up days, seven holidays, then three more: five
        ("2018-10-11 08:00", "red"),
    ],
)
def test_lateness_counts_make_up_days_and_no_holidays(campaign, when, wanted):
    a_case(campaign, due="2018-09-28")

    assert [colour for colour, _cause in on(when)] == [wanted]


def test_day_that_the_office_closed_does_not_count(campaign):
    a_case(campaign)
    CalendarDay.objects.create(day=date(2018, 9, 7), is_working=False, name="台风")

    assert on("2018-09-07 08:00") == []  # three of four
    assert on("2018-09-10 08:00") == [("blue", "due_soon")]


@pytest.mark.parametrize(
    ("when", "wanted"),
    [("2018-09-03 21:11", []), ("2018-09-03 21:12", [("blue", "due_soon")])],
)
def test_matter_due_on_the_day_goes_by_the_clock(campaign, when, wanted):
    a_case(campaign, due="2018-09-03")  # 10:00 to midnight: 13.999 hours, four fifths after 11 h 12 min

    assert on(when) == wanted


def test_waiting_neither_uses_time_nor_gets_a_slip(campaign):
    issue = a_case(campaign)
    move_on(issue, "wait", "waiting", "2018-09-05 09:00")

    assert on("2018-09-20 08:00") == []

    # Two working days stood still, the due date moved by two: six and seven are the third and fourth used.
    move_on(issue, "resume", "in_progress", "2018-09-07 09:00", due_at=at("2018-09-12 23:59:59"))
    assert on("2018-09-10 08:00") == []
    assert on("2018-09-11 08:00") == [("blue", "due_soon")]


@pytest.mark.parametrize(
    "state", ["accepted", "parked", "replied", "follow_up", "closed", "withdrawn", "merged", "void"]
)
def test_only_what_a_department_is_working_on_is_supervised(campaign, state):
    issue = a_case(campaign)
    columns = {"replied_at": at("2018-09-05"), "closed_at": at("2018-09-06"), "outcome": "substantive"}
    move_on(issue, "x", state, "2018-09-06", **columns)

    assert on("2018-12-01 08:00") == []


def test_unsigned_issues_are_supervised_too(campaign):
    story(campaign, GIVEN, due=DUE)

    assert on("2018-09-11 08:00") == [("yellow", "overdue")]


def test_one_rework_is_yellow_two_are_red(campaign):
    issue = a_case(campaign, due="2018-09-28")
    rework(issue, "2018-09-05", "2018-09-06 09:00")
    assert on("2018-09-06 10:00") == [("yellow", "rework")]

    rework(issue, "2018-09-07", "2018-09-10 09:00")
    assert on("2018-09-10 10:00") == [("red", "reworks")]


def test_reworks_of_a_former_department_are_not_held_against_the_next(campaign):
    issue = a_case(campaign, due="2018-09-28")
    rework(issue, "2018-09-05", "2018-09-06 09:00")
    issue.lead_department = factories.department("镇农办")
    issue.save()
    move_on(issue, "assign", "assigned", "2018-09-06 10:00", assigned_at=at("2018-09-06 10:00"))

    assert on("2018-09-06 11:00") == []


@pytest.mark.parametrize(("outcome", "wanted"), [("substantive", [("red", "false_closing")]), ("phased", [])])
def test_false_closing_is_red_and_a_phased_one_that_comes_up_again_is_none(campaign, outcome, wanted):
    issue = a_case(
        campaign, ("reply", "2018-09-04"), ("ask", "2018-09-04"), ("close", "2018-09-05"),
        outcome=outcome, due="2018-09-28",
    )  # fmt: skip
    move_on(issue, "reopen", "in_progress", "2018-09-06", replied_at=None, closed_at=None, outcome="")

    assert on("2018-09-06 12:00") == wanted


@pytest.mark.parametrize("state", [CampaignState.CLOSED, CampaignState.ARCHIVED, CampaignState.DRAFT])
def test_campaigns_that_do_not_run_are_left_alone(state):
    a_case(factories.campaign(state=state))

    assert on("2018-12-01 08:00") == []


def test_restricted_reports_are_never_supervised(campaign):
    a_case(campaign, code="20", is_restricted=True)

    assert on("2018-12-01 08:00") == []
    assert not SupervisionSlip.objects.exists()


# --- One open slip, issued once -----------------------------------------------------------------------------------


def test_graver_slip_takes_the_place_of_the_open_one_and_numbers_go_on(campaign):
    issue = a_case(campaign)
    for when in (
        "2018-09-07 08:00",
        "2018-09-07 18:00",
        "2018-09-11 08:00",
        "2018-09-12 08:00",
        "2018-09-18 08:00",
    ):
        supervise(now=at(when))

    slips = list(SupervisionSlip.objects.order_by("pk"))
    assert [(slip.number, slip.colour) for slip in slips] == [
        ("DB000001", "blue"),
        ("DB000002", "yellow"),
        ("DB000003", "red"),
    ]
    assert [(step.kind, step.slip, step.successor) for step in SlipStep.objects.order_by("pk")] == [
        ("superseded", slips[0], slips[1]),
        ("superseded", slips[1], slips[2]),
    ]
    assert list(SupervisionSlip.objects.open()) == [slips[2]]
    assert {slip.department for slip in slips} == {issue.lead_department}


def test_slip_says_by_when_it_must_be_answered(campaign):
    a_case(campaign, due="2018-09-28")

    (slip,) = supervise(now=at("2018-09-30 08:00"))

    assert (slip.answer_due_on, slip.due_at, slip.by) == (date(2018, 10, 9), at("2018-09-28 23:59:59"), None)


def test_numbers_are_the_campaigns_own(campaign):
    other = factories.campaign("honghe-2018", "330411106")
    for one in (campaign, other):
        a_case(one, place=f"{one.area_id}2010001")
    a_case(campaign)

    supervise(now=at("2018-09-11 08:00"))

    numbers = SupervisionSlip.objects.order_by("campaign", "number").values_list("campaign", "number")
    assert list(numbers) == [
        (campaign.pk, "DB000001"),
        (campaign.pk, "DB000002"),
        (other.pk, "DB000001"),
    ]


def test_number_stands_once_in_a_campaign(campaign):
    a_case(campaign)
    (slip,) = supervise(now=at("2018-09-11 08:00"))

    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionSlip.objects.create(campaign=campaign, issue=slip.issue, number=slip.number, colour="red")


@pytest.mark.parametrize(
    "fields", [{"kind": "lifted"}, {"kind": "answered"}, {"kind": "superseded"}, {"kind": "x"}]
)
def test_step_of_a_slip_says_why(campaign, fields):
    a_case(campaign)
    (slip,) = supervise(now=at("2018-09-11 08:00"))

    with pytest.raises(IntegrityError), transaction.atomic():
        slip.steps.create(**fields)


def test_slip_ends_once(campaign):
    a_case(campaign)
    (slip,) = supervise(now=at("2018-09-11 08:00"))
    slip.steps.create(kind="lifted", words="已协调")

    with pytest.raises(IntegrityError), transaction.atomic():
        slip.steps.create(kind="lifted", words="再解除")


def test_reply_ends_a_slip_and_a_rework_brings_the_next(campaign):
    issue = a_case(campaign)
    supervise(now=at("2018-09-11 08:00"))
    move_on(issue, "reply", "replied", "2018-09-11 09:00", replied_at=at("2018-09-11 09:00"))

    assert not SupervisionSlip.objects.open().exists()
    assert on("2018-09-12 08:00") == []

    move_on(issue, "rework", "in_progress", "2018-09-12 09:00", replied_at=None)
    assert not SupervisionSlip.objects.open().exists()
    assert [colour for colour, _cause in on("2018-09-12 10:00")] == ["yellow"]
    assert SupervisionSlip.objects.open().count() == 1


def test_the_write_door_ends_a_slip_and_brings_the_next(campaign):
    issue = a_case(campaign)
    (first,) = supervise()
    department = {"reason": "已修好", "outcome": "substantive", "reply": "下水道已疏通"}
    move_issue(issue, move="reply", by=head(issue.lead_department), version=issue.version, **department)
    assert supervise() == []

    issue.refresh_from_db()
    move_issue(issue, move="rework", by=people.bob(), version=issue.version, reason="仍然积水")
    (second,) = supervise()

    # The rework began a new clock: no longer late, and once reworked.
    assert (first.colour, second.colour, second.replaces) == ("red", "yellow", None)
    assert list(SupervisionSlip.objects.open()) == [second]


def test_slip_stands_only_with_the_department_that_has_the_issue(campaign):
    issue = a_case(campaign)
    supervise(now=at("2018-09-11 08:00"))
    issue.lead_department = factories.department("镇农办")
    issue.due_at = at("2018-09-12 23:59:59")
    issue.save()

    assert not SupervisionSlip.objects.open().exists()
    (slip,) = supervise(now=at("2018-09-13 08:00"))
    assert (slip.department.name, slip.colour, slip.replaces) == ("镇农办", "yellow", None)


def test_what_the_office_signed_off_comes_back_only_graver_or_with_a_new_term(campaign):
    issue, bob = a_case(campaign), people.bob()
    for when in ("2018-09-07 08:00", "2018-09-11 08:00"):
        (slip,) = supervise(now=at(when))
        lift_slip(slip, by=bob, words="已现场协调")
        assert on(when) == []

    assert on("2018-09-17 08:00") == []
    (red,) = supervise(now=at("2018-09-18 08:00"))
    lift_slip(red, by=bob, words="等待上级批复")
    assert on("2018-09-30 08:00") == []

    Issue.objects.filter(pk=issue.pk).update(due_at=at("2018-10-12 23:59:59"))
    assert on("2018-10-13 08:00") == [("yellow", "overdue")]


def test_rework_that_the_office_signed_off_brings_no_second_slip(campaign):
    issue = a_case(campaign, due="2018-12-28")
    rework(issue, "2018-09-05", "2018-09-06 09:00")
    (slip,) = supervise(now=at("2018-09-06 10:00"))
    lift_slip(slip, by=people.bob(), words="单位已当面说明")

    assert on("2018-09-07 08:00") == []


def test_answer_leaves_the_slip_standing(campaign):
    issue = a_case(campaign)
    (slip,) = supervise(now=at("2018-09-11 08:00"))
    answer_slip(slip, by=people.clerk(issue.lead_department), words="明天疏通")

    assert list(SupervisionSlip.objects.open()) == [slip]
    assert on("2018-09-12 08:00") == []


def test_figure_counts_the_slips_issued(campaign):
    a_case(campaign)
    a_case(campaign, code="20", is_restricted=True)
    for when in ("2018-09-07 08:00", "2018-09-11 08:00", "2018-09-18 08:00"):
        supervise(now=at(when))

    assert value(figures.supervisions_by_colour, campaign) == {"blue": 1, "yellow": 1, "red": 1}
    assert value(figures.supervisions_by_colour, campaign, "2018-09-11") == {"blue": 1, "yellow": 1, "red": 0}


# --- The command --------------------------------------------------------------------------------------------------


def numbered(issue, number):
    issue.number = number
    issue.save(update_fields=["number"])
    return issue


def run(capsys, *options):
    call_command("supervise", *options)
    return capsys.readouterr().out.splitlines()


def test_dry_run_says_what_would_be_issued_and_writes_no_row(campaign, capsys):
    issue = numbered(a_case(campaign), "WT000007")

    with CaptureQueriesContext(connection) as captured:
        lines = run(capsys, "--dry-run")

    assert lines == [
        "DB000001  红  wangdian-2018  WT000007  镇环保所  超期 5 个工作日以上",
        "试运行：将发出 1 张督办单。",
    ]
    assert {query["sql"].split()[0] for query in captured} == {"SELECT"}
    assert not issue.slips.exists()


def test_command_twice_on_one_day_issues_nothing_twice(campaign, capsys):
    a_case(campaign)

    assert run(capsys)[-1] == "已发出 1 张督办单。"
    assert run(capsys) == ["已发出 0 张督办单。"]
    assert SupervisionSlip.objects.count() == 1


def test_command_names_the_slip_that_it_supersedes(campaign, capsys):
    numbered(a_case(campaign), "WT000007")
    supervise(now=at("2018-09-11 08:00"))

    assert run(capsys)[0].endswith("超期 5 个工作日以上  接续 DB000001")


def test_command_with_nothing_to_do_says_so(db, capsys):
    assert run(capsys) == ["已发出 0 张督办单。"]


@pytest.mark.django_db(transaction=True)
def test_two_commands_at_once_issue_nothing_twice():
    campaign = factories.campaign()
    for _issue in range(3):
        a_case(campaign)
    barrier = Barrier(2)

    def attempt(_position):
        try:
            barrier.wait()
            return len(supervise())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [0, 3]

    numbers = SupervisionSlip.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["DB000001", "DB000002", "DB000003"]


@pytest.mark.parametrize("issues", [1, 3])
def test_dry_run_asks_the_same_questions_for_any_number_of_issues(
    campaign, issues, django_assert_num_queries
):
    for _issue in range(issues):
        a_case(campaign)

    with django_assert_num_queries(11):
        supervise(dry_run=True)


def test_issue_of_tomorrow_is_not_late_today(campaign):
    now = timezone.now()
    issue = a_case(campaign)
    Issue.objects.filter(pk=issue.pk).update(assigned_at=now, due_at=now + timedelta(days=60))

    assert issue.state == IssueState.IN_PROGRESS
    assert on(now) == []
