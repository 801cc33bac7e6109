"""Clocks through the write door, to the day and the minute; each line of a table below was counted by hand."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from campaigns.calendar import last_year_in_library
from campaigns.models import CalendarDay
from issues.clocks import readings, used, usual_due
from issues.models import Issue, IssueClock, TimeLimit
from issues.moves import move_issue
from tests import factories, people
from tests.desk import address
from tests.issues.moving import head, mover, values_for
from tests.workbooks import VILLAGE_A

pytestmark = pytest.mark.django_db
MONDAY = "2018-09-03 09:00"


@pytest.fixture
def campaign():
    return factories.campaign()


def travel(when):
    return time_machine.travel(factories.at(when), tick=False)


def go(issue, when, move, by=None, **values):
    """Make a move at a moment, with everything it asks for."""
    with travel(when):
        issue.refresh_from_db()
        given = {"version": issue.version, **values_for(move, issue), **values}
        return move_issue(issue, move=move, by=by or mover(move), **given)


def assigned(campaign, when=MONDAY, **fields):
    """An issue assigned at a moment, due by the template's limit."""
    supports = fields.pop("supports", ())
    due_on = fields.pop("due_on", None)
    issue = factories.issue(campaign, registered_at=factories.at(when), **fields)
    with travel(when):
        due_on = due_on or timezone.localdate(usual_due(issue, timezone.now())[0])
    return go(issue, when, "assign", due_on=due_on, lead_department=factories.department(), supports=supports)


def clock(issue, kind="answer", department="镇环保所"):
    return issue.clocks.filter(kind=kind, department__name=department).last()


def due(issue, kind="answer"):
    found = issue.clocks.filter(kind=kind).last()
    return timezone.localtime(found.due_at).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("profile", "urgency", "begun", "response", "answer"),
    [
        ("campaign", "ordinary", "2024-09-30 10:00", "2024-10-08 23:59:59", "2024-10-12 23:59:59"),
        ("campaign", "ordinary", "2024-10-11 10:00", "2024-10-12 23:59:59", "2024-10-17 23:59:59"),
        ("campaign", "question", "2024-09-30 10:00", "2024-10-08 23:59:59", "2024-10-10 23:59:59"),
        ("campaign", "urgent", "2024-09-30 10:00", "2024-09-30 10:30:00", "2024-10-08 23:59:59"),
        ("campaign", "utilities", "2024-09-30 10:00", "2024-10-08 23:59:59", "2024-10-01 10:00:00"),
        ("campaign", "complex", "2024-09-30 10:00", "2024-10-08 23:59:59", "2024-10-15 23:59:59"),
        ("petition", "ordinary", "2024-09-30 10:00", "2024-10-15 23:59:59", "2024-11-29 23:59:59"),
        ("petition", "urgent", "2024-09-30 10:00", "2024-10-15 23:59:59", "2024-11-29 23:59:59"),
    ],
)
def test_limits_by_profile_and_urgency(campaign, profile, urgency, begun, response, answer):
    issue = assigned(campaign, begun, profile=profile, urgency=urgency)

    assert (due(issue, "response"), due(issue)) == (response, answer)
    assert issue.due_at == clock(issue).due_at


def test_typed_day_ends_with_its_last_second(campaign):
    issue = assigned(campaign, due_on=factories.at("2018-09-20").date(), urgency="utilities")

    assert due(issue) == "2018-09-20 23:59:59"
    assert (clock(issue).amount, clock(issue).unit) == (None, "")


@pytest.mark.parametrize(("when", "on_time"), [("2018-09-10 23:59:59", True), ("2018-09-11 00:00:00", False)])
def test_answer_is_judged_at_the_reply(campaign, when, on_time):
    issue = assigned(campaign)
    go(issue, "2018-09-03 15:00", "sign")
    go(issue, when, "reply")

    answer = clock(issue)
    assert (answer.is_on_time, answer.met_at) == (on_time, factories.at(when))


def test_each_clock_is_met_by_its_own_move(campaign):
    issue = assigned(campaign)
    go(issue, "2018-09-05 08:00", "sign")
    go(issue, "2018-09-07 10:00", "reply")
    go(issue, "2018-09-07 15:00", "ask")
    go(issue, "2018-09-14 23:59:59", "close")

    found = {
        row.kind: (row.department_id is None, due(issue, row.kind), row.is_on_time)
        for row in issue.clocks.all()
    }
    assert found == {
        "response": (False, "2018-09-04 23:59:59", False),
        "answer": (False, "2018-09-10 23:59:59", True),
        "close": (True, "2018-09-14 23:59:59", True),
    }


def test_clock_stands_still_and_the_sums_leave_the_stops_out(campaign):
    """Wait Wed 5 to Mon 10 (3 working days), park Wed 12 to Wed 19 (5), extend by 2, answer on Tue 25."""
    issue = assigned(campaign)  # Mon 3, 5 working days: due Mon 10
    go(issue, "2018-09-03 15:00", "sign")
    go(issue, "2018-09-05 09:00", "wait", until_on=factories.at("2018-09-12").date())
    assert used(clock(issue), factories.at("2018-09-09")) == 2
    go(issue, "2018-09-10 09:00", "resume")
    assert due(issue) == "2018-09-13 23:59:59"
    review = factories.at("2018-10-01").date()
    go(issue, "2018-09-12 09:00", "ask_parking", review_on=review)
    go(issue, "2018-09-12 10:00", "park")
    assert [reading.state for reading in readings(issue, factories.at("2018-09-17"))] == ["met", "stopped"]
    go(issue, "2018-09-19 09:00", "unpark")
    # 5 working days from the 13th: 14, 17, 18, 19, 20.
    assert due(issue) == "2018-09-20 23:59:59"
    longer = factories.at(
        "2018-09-25"
    ).date()  # the Mid-Autumn holiday is the 24th, the 22nd to the 24th free
    asked = go(issue, "2018-09-19 10:00", "ask_extension", due_on=longer)
    go(asked, "2018-09-19 11:00", "extend", due_on=longer)
    assert due(issue) == "2018-09-25 23:59:59"
    go(issue, "2018-09-25 16:00", "reply")

    answer = clock(issue)
    assert (answer.is_on_time, answer.stood) == (True, 8)
    # Working days from the 4th to the 25th are 15; eight of them stood still.
    assert used(answer) == 7


@pytest.mark.parametrize(
    ("urgency", "resumed", "expected"),
    [
        ("utilities", "2018-09-04 08:30", "2018-09-05 06:30:00"),  # 21 h 30 min stood still
        ("complex", "2018-09-13 08:00", "2018-09-28 23:59:59"),  # ten days
        ("ordinary", "2018-09-08 08:00", "2018-09-14 23:59:59"),  # Tue to Fri
        ("ordinary", "2018-09-03 18:00", "2018-09-10 23:59:59"),  # the same day: nothing
    ],
)
def test_stop_moves_the_due_date_in_the_clock_s_own_unit(campaign, urgency, resumed, expected):
    issue = assigned(campaign, urgency=urgency)
    go(issue, "2018-09-03 10:00", "sign")
    go(issue, "2018-09-03 11:00", "wait", until_on=factories.at("2018-09-20").date())
    moved = go(issue, resumed, "resume")

    assert due(issue) == expected
    assert moved.steps.last().due_at == moved.due_at == clock(issue).due_at


def test_changed_template_changes_no_clock_that_runs_and_no_result(campaign):
    done, running = assigned(campaign), assigned(campaign)
    go(done, "2018-09-03 15:00", "sign")
    go(done, "2018-09-10 10:00", "reply")
    before = list(IssueClock.objects.order_by("pk").values())

    TimeLimit.objects.update(amount=1, unit="minute")

    assert list(IssueClock.objects.order_by("pk").values()) == before
    running.refresh_from_db()
    assert running.due_at == factories.at("2018-09-10 23:59:59")
    later = assigned(campaign, "2018-09-10 09:00")
    assert due(later) == "2018-09-10 09:01:00"


def test_each_supporting_department_has_a_clock_of_its_own(campaign):
    one, two = factories.department("镇农办"), factories.department("镇城建办")
    issue = assigned(campaign, supports=[one, two])
    go(issue, "2018-09-03 15:00", "sign")
    go(issue, "2018-09-11 09:00", "contribute", by=head(one), reason="已清理沟渠")
    assert clock(issue, department="镇农办").is_on_time is False
    assert clock(issue).met_at is None
    go(issue, "2018-09-12 09:00", "reply")

    state = {str(row.clock.department): row.state for row in readings(issue) if row.clock.kind == "answer"}
    assert state == {"镇环保所": "late", "镇农办": "late", "镇城建办": "dropped"}


def test_support_contributes_once_and_strangers_never(campaign):
    support = factories.department("镇农办")
    issue = assigned(campaign, supports=[support])
    go(issue, "2018-09-04 09:00", "contribute", by=head(support), reason="已清理沟渠")
    first = clock(issue, department="镇农办").met_at
    go(issue, "2018-09-05 09:00", "contribute", by=head(support), reason="又查了一遍")

    assert clock(issue, department="镇农办").met_at == first
    for stranger in (head(), head(factories.department("镇民政办")), people.bob()):
        with pytest.raises(ValidationError, match="角色或范围"):
            go(issue, "2018-09-05 10:00", "contribute", by=stranger, reason="不相干")


@pytest.mark.parametrize(
    ("profile", "kind", "expected"),
    [("campaign", "answer", "2018-09-14 23:59:59"), ("petition", "review", "2018-10-07 23:59:59")],
)
def test_rework_begins_a_new_clock_and_keeps_the_old_result(campaign, profile, kind, expected):
    issue = assigned(campaign, profile=profile)
    go(issue, "2018-09-03 15:00", "sign")
    go(issue, "2018-09-06 10:00", "reply")
    issue = go(issue, "2018-09-07 10:00", "rework")

    answers = issue.clocks.filter(kind__in=["answer", "review"])
    assert [(row.kind, row.is_on_time) for row in answers] == [("answer", True), (kind, None)]
    assert due(issue, kind) == expected
    assert issue.due_at == answers.last().due_at == issue.steps.last().due_at
    assert issue.clocks.get(kind="close").dropped_at is not None


def test_sent_back_issue_has_no_running_clock_and_the_next_department_a_whole_one(campaign):
    issue = assigned(campaign, supports=[factories.department("镇农办")])
    go(issue, "2018-09-04 10:00", "send_back", proposed_department=factories.department("镇城建办"))
    assert not issue.clocks.running().exists()

    due_on = factories.at("2018-09-12").date()
    lead = factories.department("镇城建办")
    go(issue, "2018-09-05 10:00", "assign", lead_department=lead, due_on=due_on)
    assert due(issue) == "2018-09-12 23:59:59"
    assert issue.clocks.running().filter(kind="answer").get().department == lead


@pytest.mark.parametrize(("days", "allowed"), [(30, True), (31, False)])
def test_petition_is_extended_once_by_thirty_days(campaign, days, allowed):
    issue = assigned(campaign, profile="petition")  # due Fri 2018-11-02
    go(issue, "2018-09-03 15:00", "sign")
    longer = (timezone.localtime(issue.due_at) + timedelta(days=days)).date()
    if not allowed:
        with pytest.raises(ValidationError, match="最多延期 30 天"):
            go(issue, "2018-10-10 10:00", "ask_extension", due_on=longer)
        return
    go(issue, "2018-10-10 10:00", "ask_extension", due_on=longer)
    go(issue, "2018-10-10 11:00", "extend", due_on=longer)

    with pytest.raises(ValidationError, match="已经延期 1 次"):
        go(issue, "2018-10-10 12:00", "ask_extension", due_on=longer + timedelta(days=1))


def test_issue_that_a_workbook_brought_gets_its_clock_when_it_first_needs_one(campaign):
    lead = factories.department()
    issue = factories.issue(
        campaign,
        state="in_progress",
        lead_department=lead,
        assigned_at=factories.at(MONDAY),
        due_at=factories.at("2018-09-10 23:59:59"),
    )
    go(issue, "2018-09-11 08:00", "reply")

    assert (clock(issue).begun_at, clock(issue).is_on_time) == (factories.at(MONDAY), False)


class TestProvisional:
    """A working-day limit beyond the last published year."""

    year = last_year_in_library() + 1

    @pytest.fixture
    def issue(self, campaign):
        # The library guesses a New Year without moved days; the office's own plan moves one.
        issue = assigned(campaign, f"{self.year}-03-01 09:00")
        assert clock(issue).is_provisional
        return issue

    def publish(self, issue, day):
        """The office types the year's plan: a day off inside the limit, and a make-up Saturday somewhere."""
        CalendarDay.objects.create(day=day, is_working=False, name="假日")
        saturday = next(
            day
            for day in (factories.at(f"{self.year}-11-{n:02}").date() for n in range(1, 8))
            if day.weekday() == 5
        )
        CalendarDay.objects.create(day=saturday, is_working=True, name="调休上班")

    def test_due_date_is_reckoned_again_once_the_plan_is_there(self, issue, capsys):
        before, version, steps = issue.due_at, issue.version, issue.steps.count()
        call_command("supervise")
        issue.refresh_from_db()
        assert (issue.due_at, issue.version) == (before, version)

        self.publish(issue, timezone.localdate(before))
        with travel(f"{self.year}-03-02 08:00"):
            call_command("supervise", "--dry-run")
            issue.refresh_from_db()
            assert (issue.due_at, issue.steps.count()) == (before, steps)
            call_command("supervise")
            call_command("supervise")
        issue.refresh_from_db()

        assert issue.due_at > before
        assert (issue.version, issue.steps.count()) == (version + 1, steps + 1)
        assert issue.steps.last().due_at == issue.due_at == clock(issue).due_at
        assert not clock(issue).is_provisional
        assert issue.number in capsys.readouterr().out

    def test_plan_that_changes_nothing_leaves_no_step(self, issue):
        steps = issue.steps.count()
        self.publish(issue, factories.at(f"{self.year}-10-01").date())
        call_command("supervise")

        assert issue.steps.count() == steps
        assert not clock(issue).is_provisional

    def test_typed_date_stays(self, campaign):
        day = factories.at(f"{self.year}-03-20").date()
        issue = assigned(campaign, f"{self.year}-03-01 09:00", due_on=day)
        self.publish(issue, day)
        call_command("supervise")
        issue.refresh_from_db()

        assert timezone.localdate(issue.due_at) == day


# --- On the pages -----------------------------------------------------------------------------------------------


def test_issue_page_tells_each_clock_in_words(client, campaign):
    issue = assigned(campaign, supports=[factories.department("镇农办")])
    go(issue, "2018-09-05 15:00", "sign")
    client.force_login(people.bob())

    def told(when):
        with travel(when):
            page = client.get(f"/issues/{issue.pk}/")
        rows = page.context["clocks"]
        text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
        return [(row.clock.get_kind_display(), row.state, row.days) for row in rows], text

    rows, text = told("2018-09-07 08:00")
    assert rows == [("首次响应", "late", 0), ("答复", "running", 1), ("答复", "running", 1)]
    assert "首次响应 镇环保所 逾期" in text and "答复 镇农办 还有 1 个工作日" in text
    assert "今天到期" in told("2018-09-10 23:00")[1]
    assert "已超期 2 个工作日" in told("2018-09-12 08:00")[1]


def test_office_edits_limits_and_nobody_else_does(client, campaign):
    limit = TimeLimit.objects.get(profile="campaign", kind="answer", urgency="")
    form = {"profile": "campaign", "kind": "answer", "urgency": "", "amount": 7, "unit": "working_day"}
    for user, expected in ((people.clerk(), 5), (people.leader(), 5), (people.bob(), 7)):
        client.force_login(user)
        client.post(address(TimeLimit, "change", limit.pk), form)
        limit.refresh_from_db()
        assert limit.amount == expected

    issue = factories.issue(campaign)
    page = client.get(f"/issues/{issue.pk}/move/assign/")
    assert "7 个工作日" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [({"amount": 0}, "时长至少为 1"), ({"urgency": ""}, "这一种时限已经有了")],
)
def test_limit_that_cannot_be_is_refused(client, fields, complaint):
    client.force_login(people.bob())
    form = {"profile": "campaign", "kind": "answer", "urgency": "ordinary", "amount": 7, "unit": "day"}
    page = client.post(address(TimeLimit, "add"), {**form, **fields})

    assert complaint in page.content.decode()
    assert not TimeLimit.objects.filter(unit="day", amount__in=[0, 7]).exists()


def test_office_chooses_the_profile_when_it_accepts(client, campaign):
    client.force_login(people.bob())
    factories.place(VILLAGE_A)
    form = {"campaign": campaign.pk, "title": "信访件", "category": "0704", "level": "town"}
    form |= {"urgency": "ordinary", "place": VILLAGE_A, "profile": "petition"}
    client.post(address(Issue, "add"), form)
    issue = Issue.objects.get(title="信访件")
    assert issue.profile == "petition"
