"""The one door through which an issue's state changes: the whole table, and the rules of single moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from campaigns.calendar import after_working_days
from canvass.roles import Role
from issues.enums import IssueState
from issues.models import FollowUp, Issue, IssueStep
from issues.workflow import MOVES
from tests import factories, people

from .moving import BUTTONS, TODAY, an_issue, head, make, mover, ready

STATES = list(IssueState)
ALLOWED = {(move.name, state) for move in BUTTONS for state in move.sources}


def refused(issue, move, by=None, **changes):
    """The sentence that refuses a move; nothing has changed."""
    before = (issue.state, issue.steps.count(), FollowUp.objects.count())
    with pytest.raises(ValidationError) as refusal:
        make(issue, move, by, **changes)
    stored = Issue.objects.get(pk=issue.pk)
    assert (stored.state, stored.steps.count(), FollowUp.objects.count()) == before
    return refusal.value.messages[0]


@pytest.mark.parametrize(("move", "state"), [(m.name, s) for m in BUTTONS for s in STATES])
def test_move_follows_the_table_and_leaves_a_step(db, move, state):
    issue, by = ready(move, state), mover(move)

    if (move, state) in ALLOWED:
        moved = make(issue, move, by)

        target = MOVES[move].target or state
        step = moved.steps.last()
        assert (moved.state, moved.version) == (target, issue.version + 1)
        assert (step.move, step.from_state, step.to_state, step.by) == (move, state, target, by)
        assert step.changes_state == (MOVES[move].target is not None)
    else:
        assert "不能" in refused(issue, move, by)


@pytest.mark.parametrize("move", [move.name for move in BUTTONS if move.required])
def test_move_asks_for_what_it_must_record(db, move):
    issue = ready(move)

    assert "须填写" in refused(issue, move, **dict.fromkeys(MOVES[move].required))


@pytest.mark.parametrize("move", [move.name for move in BUTTONS])
def test_move_of_a_restricted_issue_is_nobodys_here(db, move):
    issue = ready(move, is_restricted=True, category_code="20")

    assert refused(issue, move)


def test_stale_version_is_refused_and_says_who_moved_it(db):
    issue = an_issue(IssueState.ACCEPTED)
    make(issue, "assign", people.bob())

    with pytest.raises(ValidationError) as refusal:
        make(issue, "withdraw")

    assert refusal.value.messages == ["这件问题已被鲍二柏改为“已交办”，请看清最新情况后再办。"]
    assert Issue.objects.get(pk=issue.pk).state == IssueState.ASSIGNED


def test_closed_campaign_is_read_only(db):
    issue = an_issue(IssueState.ACCEPTED, campaign=factories.campaign(state="closed"))

    assert refused(issue, "assign") == "活动已结束，问题只能查看。"


# --- Separation of duties ---------------------------------------------------------------------------------------


# An issue that is solved on the spot never had a department.
@pytest.mark.parametrize("move", [move.name for move in BUTTONS if move.independent and move.name != "spot"])
def test_handler_may_not_ask_back_or_close(db, move):
    issue, by = ready(move), mover(move)
    factories.posting(by.cadre, Role.UNIT_CLERK, department=issue.lead_department)

    assert "未经手、未走访" in refused(issue, move, type(by).objects.get(pk=by.pk))


@pytest.mark.parametrize("move", [move.name for move in BUTTONS if move.independent])
def test_first_visitor_may_not_ask_back_or_close(db, move):
    issue, by = ready(move), mover(move)
    issue.opinion_links.create(opinion=factories.opinion(issue.campaign, collector=by.cadre))

    assert "未经手、未走访" in refused(issue, move, by)


def test_who_vouched_for_a_spot_solution_may_not_close_it(db):
    bob = people.bob()
    issue = make(an_issue(IssueState.ACCEPTED), "spot", bob)

    assert "未经手、未走访" in refused(issue, "close", bob)


@pytest.mark.parametrize("move", [move.name for move in BUTTONS if move.request])
def test_request_is_settled_by_somebody_else(db, move):
    by = mover(move)
    issue = an_issue(MOVES[move].sources[0])
    assert "没有待批的申请" in refused(issue, move, by)

    details = {"review_on": TODAY.isoformat()}
    issue.steps.create(
        move=MOVES[move].request, to_state=issue.state, changes_state=False, by=by, details=details
    )

    assert "申请人以外" in refused(issue, move, by)


def test_request_is_settled_once(db):
    issue = make(ready("refuse_extension"), "refuse_extension")

    assert "没有待批的申请" in refused(issue, "extend")


# --- Rules of single moves --------------------------------------------------------------------------------------


def test_spot_solution_is_asked_back_and_counts_as_replied(db):
    issue = make(an_issue(IssueState.ACCEPTED), "spot")

    assert (issue.is_spot_resolved, issue.result) == (True, "已疏通下水道")
    assert issue.replied_at == issue.first_replied_at is not None


def test_assign_sets_department_and_due_date_to_the_days_last_second(db):
    other = factories.department("镇农办")
    issue = make(
        an_issue(IssueState.ACCEPTED),
        "assign",
        due_on=date(2030, 9, 10),
        supports=[other, factories.department()],
    )

    assert timezone.localtime(issue.due_at).isoformat() == "2030-09-10T23:59:59+08:00"
    assert issue.lead_department == factories.department()
    assert [support.department for support in issue.supports.all()] == [other]


def test_send_back_leaves_the_issue_to_the_office_and_names_a_department(db):
    issue = make(an_issue(IssueState.ASSIGNED), "send_back")

    assert (issue.lead_department, issue.due_at) == (None, None)
    assert issue.first_assigned_at is not None
    step = issue.steps.last()
    assert (step.department, step.details) == (factories.department(), {"proposed_department": "镇农办"})


def test_send_back_is_over_after_one_working_day_or_a_final_ruling(db):
    late = an_issue(IssueState.ASSIGNED, assigned_at=timezone.now() - timedelta(days=15))
    final = make(an_issue(IssueState.ACCEPTED, campaign=late.campaign), "assign", is_final=True)

    assert "已过期限" in refused(late, "send_back")
    assert "最终裁定" in refused(final, "send_back")


def test_extension_is_at_most_three_working_days_and_three_times(db):
    issue = ready("extend")
    due_on = timezone.localdate(issue.due_at)
    last = after_working_days(due_on, 3)

    assert "最多 3 个工作日" in refused(issue, "ask_extension", due_on=last + timedelta(days=1))
    assert "最多 3 个工作日" in refused(issue, "extend", due_on=due_on)
    for _time in range(3):
        issue = make(issue, "extend")
        issue = make(issue, "ask_extension") if _time < 2 else issue
    assert "已经延期 3 次" in refused(issue, "ask_extension")


def test_extension_is_asked_before_the_due_date(db):
    issue = an_issue(IssueState.IN_PROGRESS, due_at=timezone.now() - timedelta(seconds=1))

    assert refused(issue, "ask_extension") == "期限已过，不能申请延期。"


def test_extension_moves_the_due_date_and_the_request_does_not(db):
    issue = an_issue(IssueState.IN_PROGRESS)
    new = timezone.localdate(issue.due_at) + timedelta(days=1)

    asked = make(issue, "ask_extension")
    assert asked.due_at == issue.due_at
    granted = make(asked, "extend", due_on=new)

    assert timezone.localdate(granted.due_at) == new
    assert granted.steps.last().due_at == granted.due_at


def test_parking_takes_plan_and_review_from_the_request(db):
    issue = make(ready("park"), "park")

    assert issue.review_on == TODAY + timedelta(days=20)
    assert issue.steps.last().details["plan"] == "分两步"


@pytest.mark.parametrize("days", [0, 31])
def test_review_of_parking_is_within_thirty_days(db, days):
    issue = ready("ask_parking")

    assert "30 天以内" in refused(issue, "ask_parking", review_on=TODAY + timedelta(days=days))


def test_parking_ends_after_a_hundred_and_eighty_days(db):
    issue = make(ready("park"), "park")
    Issue.objects.filter(pk=issue.pk).update(state_since=timezone.now() - timedelta(days=170))
    old = an_issue(
        IssueState.PARKED, campaign=issue.campaign, state_since=timezone.now() - timedelta(days=170)
    )

    assert make(issue, "review_parking").review_on == TODAY + timedelta(days=20)
    assert "挂账最长 180 天" in refused(old, "review_parking")


def test_merge_points_to_the_main_issue_and_can_be_undone(db):
    campaign = factories.campaign()
    main = factories.issue(campaign)

    merged = make(an_issue(IssueState.ACCEPTED, campaign=campaign), "merge", main_issue=main)
    assert merged.merged_into == main
    undone = make(merged, "unmerge")

    assert (undone.state, undone.merged_into) == (IssueState.ACCEPTED, None)


def test_merge_refuses_itself_another_campaign_and_what_is_merged(db):
    campaign = factories.campaign()
    issue = an_issue(IssueState.ACCEPTED, campaign=campaign)
    merged = an_issue(IssueState.MERGED, campaign=campaign)
    elsewhere = factories.issue(factories.campaign("other"))

    for main in (issue, elsewhere):
        assert refused(issue, "merge", main_issue=main) == "主件须是本次活动的另一件问题。"
    assert "不能并入" in refused(issue, "merge", main_issue=merged)
    Issue.objects.filter(pk=merged.pk).update(merged_into=issue)
    assert "已有问题并入" in refused(issue, "merge")


def test_close_keeps_outcome_and_answer(db):
    issue = make(an_issue(IssueState.FOLLOW_UP), "close")

    asked = issue.follow_ups.get()
    assert (issue.outcome, asked.result, asked.satisfaction, asked.way) == (
        "substantive",
        "solved",
        "satisfied",
        "phone",
    )
    assert issue.closed_at == issue.first_closed_at == issue.steps.last().at


def test_close_needs_a_resident_who_was_reached_and_finds_it_solved(db):
    issue = an_issue(IssueState.FOLLOW_UP)

    assert "没有联系上群众" in refused(issue, "close", result="not_reached")
    assert "群众认为没有解决" in refused(issue, "close", result="not_solved")


def test_phased_closing_fixes_the_day_of_the_look_back(db):
    issue = an_issue(IssueState.FOLLOW_UP)

    assert "回头看" in refused(issue, "close", outcome="phased")
    assert make(issue, "close", outcome="phased", review_on=date(2030, 1, 1)).review_on == date(2030, 1, 1)


def test_procedural_closing_takes_three_tries_or_an_explanation(db):
    issue = an_issue(IssueState.FOLLOW_UP)
    for _try in range(2):
        issue = make(issue, "not_reached")
    assert "现在未联系上 2 次" in refused(issue, "ask_procedural")

    issue = make(make(issue, "not_reached"), "ask_procedural")
    closed = make(issue, "close_procedural")

    assert (closed.state, closed.outcome) == (IssueState.CLOSED, "procedural")
    explained = an_issue(IssueState.FOLLOW_UP, campaign=issue.campaign, outcome="procedural")
    assert make(explained, "ask_procedural").state == IssueState.FOLLOW_UP


def test_second_rework_goes_one_level_up(db):
    issue = an_issue(IssueState.FOLLOW_UP, level="town")

    once = make(issue, "rework", result="not_solved", satisfaction="dissatisfied")
    assert (once.level, once.replied_at, once.outcome) == ("town", None, "")
    assert once.follow_ups.get().result == "not_solved"
    department_head = head()
    again = make(make(once, "reply", department_head), "rework")

    assert again.level == "county"


def test_reopening_ends_after_ninety_days(db):
    campaign = factories.campaign()
    fresh = an_issue(IssueState.CLOSED, campaign=campaign, closed_at=timezone.now() - timedelta(days=89))
    old = an_issue(IssueState.CLOSED, campaign=campaign, closed_at=timezone.now() - timedelta(days=91))

    reopened = make(fresh, "reopen")

    assert (reopened.state, reopened.closed_at, reopened.outcome) == (IssueState.IN_PROGRESS, None, "")
    assert reopened.first_closed_at == fresh.first_closed_at
    assert "接续" in refused(old, "reopen")


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_one_wins_and_the_other_is_told():
    issue = an_issue(IssueState.ACCEPTED)
    clerks = [people.bob(), people.bob()]
    moves = ["assign", "withdraw"]
    barrier = Barrier(2)

    def attempt(position):
        try:
            barrier.wait()
            make(issue, moves[position], clerks[position])
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(attempt, range(2)))

    assert told == ["moved", "stale"]
    assert IssueStep.objects.filter(issue=issue).count() == 2
