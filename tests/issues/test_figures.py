"""Hand-counted figures of issues, follow-ups, suggestions and deeds: one example a rule."""

from datetime import date

import pytest

from issues import figures
from issues.models import FollowUp, SuggestionAnswer, SupervisionSlip
from tests import factories
from tests.counting import last_second, parts, value
from tests.factories import at, deed
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B

from .stories import TO_CLOSED, closed, story

pytestmark = pytest.mark.django_db
ASSIGN, SIGN, REPLY, ASK, _CLOSE = TO_CLOSED


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def other():
    return factories.campaign("other")


def values(campaign, *figures, as_of="2018-09-30", **period):
    return [value(figure, campaign, as_of, **period) for figure in figures]


def ask_back(issue, result="", satisfaction="", when="2018-09-10 09:00"):
    return FollowUp.objects.create(issue=issue, result=result, satisfaction=satisfaction, at=at(when))


# --- Registered -----------------------------------------------------------------------------------------------


def test_issues_by_day_campaign_and_category(campaign, other):
    story(campaign, registered="2018-09-03 00:00:00", code="0101")
    story(campaign, registered="2018-09-03 23:59:59", code="07")
    story(campaign, registered="2018-09-02 23:59:59", code="01")
    story(campaign, registered="2018-06-30 23:59:59")
    story(campaign, code="20", is_restricted=True)
    story(campaign, is_restricted=True)
    story(other)

    assert [value(figures.issues, campaign, day) for day in ("2018-09-02", "2018-09-03")] == [1, 3]
    assert value(figures.issues, campaign, first="2018-09-03", last="2018-09-03") == 2
    by_category = value(figures.issues_by_category, campaign)
    assert len(by_category) == 23
    assert {code: n for code, n in by_category.items() if n} == {"01": 2, "07": 1}
    assert parts(figures.issues, campaign, "category") == {"01": 2, "07": 1}


@pytest.mark.parametrize("move", ["merge", "withdraw", "void"])
def test_issues_taken_out_are_counted_until_then(campaign, move):
    story(campaign, (move, "2018-09-05 08:00"))

    moments = ("2018-09-04", "2018-09-05 07:59:59", "2018-09-05 08:00:00")
    assert [value(figures.issues, campaign, moment) for moment in moments] == [1, 1, 0]
    assert [value(figures.issues_open, campaign, moment) for moment in moments] == [1, 1, 0]


def test_issue_whose_merging_was_undone_is_back(campaign):
    story(campaign, ("merge", "2018-09-05"), ("unmerge", "2018-09-07"))

    days = ("2018-09-04", "2018-09-05", "2018-09-07")
    assert [value(figures.issues, campaign, day) for day in days] == [1, 0, 1]


@pytest.mark.parametrize("move", ["refuse", "transfer"])
def test_issues_not_accepted_are_collected_and_nothing_else(campaign, move):
    story(campaign, (move, "2018-09-05"))

    assert values(campaign, figures.issues, figures.issues_accepted, figures.issues_open) == [1, 0, 0]
    assert value(figures.closing_rate, campaign) == (None, 0, 0)
    assert value(figures.resolution_rate, campaign) == (0.0, 0, 1)


def test_every_issue_is_closed_open_or_not_accepted(campaign):
    story(campaign)
    story(campaign, ASSIGN)
    story(campaign, ("refuse", "2018-09-05"))
    closed(campaign)

    found = values(
        campaign, figures.issues, figures.issues_accepted, figures.issues_open, figures.issues_closed
    )
    assert found == [4, 3, 2, 1]


def test_issues_assigned_go_by_the_first_assignment(campaign):
    story(campaign, ASSIGN, ("send_back", "2018-09-05"), ("assign", "2018-09-12"))
    story(campaign, ASSIGN, ("send_back", "2018-09-05"), ("refuse", "2018-09-06"))
    story(campaign)

    assert value(figures.issues_assigned, campaign, "2018-09-03") == 0
    assert value(figures.issues_assigned, campaign, "2018-09-05") == 2
    assert value(figures.issues_assigned, campaign) == 1
    assert value(figures.issues_assigned, campaign, first="2018-09-12") == 0
    assert value(figures.returns, campaign) == 2


def test_spot_resolved_is_registered_solved(campaign):
    story(campaign, ("spot", "2018-09-03 09:30"))
    story(campaign)

    assert value(figures.spot_resolved, campaign) == 1


# --- Handled --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moves", "started"),
    [
        ([], 0),
        ([ASSIGN], 0),
        ([ASSIGN, SIGN], 1),
        ([ASSIGN, SIGN, ("wait", "2018-09-05")], 1),
        ([ASSIGN, SIGN, ("park", "2018-09-05")], 1),
        ([ASSIGN, SIGN, REPLY], 1),
        ([ASSIGN, SIGN, REPLY, ASK], 1),
        (TO_CLOSED, 0),
    ],
)
def test_issues_started_are_in_hand_and_not_closed(campaign, moves, started):
    story(campaign, *moves)

    assert value(figures.issues_started, campaign) == started
    assert value(figures.issues_open, campaign) == (0 if moves == TO_CLOSED else 1)


@pytest.mark.parametrize(
    ("outcome", "answers", "resolved"),
    [
        ("substantive", [], 1),
        ("substantive", ["not_solved"], 1),
        ("procedural", [], 0),
        ("procedural", ["solved"], 1),
        ("procedural", ["solved", "partly"], 0),
        ("phased", ["not_solved", "solved"], 1),
        ("phased", ["solved", "not_reached"], 1),  # nobody answered the second time
    ],
)
def test_issues_resolved_by_outcome_or_by_the_residents_last_answer(campaign, outcome, answers, resolved):
    issue = closed(campaign, outcome=outcome)
    for day, answer in enumerate(answers, start=7):
        ask_back(issue, answer, when=f"2018-09-{day:02}")

    assert value(figures.issues_resolved, campaign) == resolved
    assert value(figures.issues_resolved_or_started, campaign) == resolved
    assert value(figures.resolution_rate, campaign) == (100.0 * resolved, resolved, 1)


def test_issues_closed_belong_to_the_day_of_closing_and_are_open_again_when_reopened(campaign):
    closed(campaign)
    story(campaign, *TO_CLOSED, ("reopen", "2018-09-20 08:00"))

    days = ("2018-09-09", "2018-09-10 08:59:59", "2018-09-10 09:00:00", "2018-09-20")
    assert [value(figures.issues_closed, campaign, day) for day in days] == [0, 0, 2, 1]
    assert [value(figures.issues_open, campaign, day) for day in days] == [2, 2, 0, 1]
    week = {"first": "2018-09-10", "last": "2018-09-16"}
    assert values(campaign, figures.issues_closed, figures.issues_resolved, figures.issues, **week) == [
        1,
        1,
        0,
    ]


def test_closing_rate_follows_the_issues_registered_in_the_period(campaign):
    closed(campaign)
    closed(campaign, registered="2018-08-20 09:00")
    story(campaign)
    story(campaign, ("refuse", "2018-09-05"))

    assert value(figures.closing_rate, campaign) == (66.7, 2, 3)
    assert value(figures.closing_rate, campaign, first="2018-09-03", last="2018-09-09") == (50.0, 1, 2)
    assert value(figures.resolution_rate, campaign, first="2018-09-03", last="2018-09-09") == (33.3, 1, 3)


def test_substantive_rate_is_of_the_closed_ones(campaign):
    for outcome in ("substantive", "procedural", "phased"):
        closed(campaign, outcome=outcome)
    story(campaign)

    assert value(figures.substantive_rate, campaign) == (33.3, 1, 3)
    assert value(figures.substantive_rate, campaign, last="2018-09-09") == (None, 0, 0)


def test_resolved_or_started_prints_its_two_parts(campaign):
    closed(campaign)
    story(campaign, ASSIGN, SIGN)
    story(campaign)

    both = [figures.issues_resolved, figures.issues_started, figures.issues_resolved_or_started]
    assert values(campaign, *both) == [1, 1, 2]
    assert values(campaign, *both, last="2018-09-09") == [0, 1, 1]


@pytest.mark.parametrize(
    ("reply", "in_time"),
    [("2018-09-11 23:59:59", 1), ("2018-09-12 00:00:00", 0), (None, 0)],
)
def test_on_time_is_an_approved_reply_by_the_due_date(campaign, reply, in_time):
    story(campaign, ASSIGN, SIGN, *([("reply", reply)] if reply else []))

    assert value(figures.on_time_rate, campaign) == (100.0 * in_time, in_time, 1)
    assert value(figures.on_time_rate, campaign, "2018-09-10") == (None, 0, 0)
    assert value(figures.on_time_rate, campaign, first="2018-09-12") == (None, 0, 0)


def test_on_time_goes_by_the_reply_that_stands(campaign):
    story(campaign, ASSIGN, SIGN, REPLY, ("rework", "2018-09-13 08:00"), ("reply", "2018-09-20 08:00"))

    found = [value(figures.on_time_rate, campaign, day) for day in ("2018-09-12", "2018-09-14", "2018-09-21")]
    # The first reply was in time; sent back, it is none; the second came after the due date.
    assert found == [(100.0, 1, 1), (0.0, 0, 1), (0.0, 0, 1)]


def test_department_that_sent_back_owes_nothing_by_any_day(campaign):
    story(campaign, ASSIGN, ("send_back", "2018-09-05"))

    assert value(figures.on_time_rate, campaign, "2018-09-20") == (None, 0, 0)
    assert value(figures.issues_overdue, campaign, "2018-09-20") == 0


@pytest.mark.parametrize(
    ("as_of", "overdue"),
    [
        ("2018-09-10", 0),
        ("2018-09-11 23:59:59", 0),
        ("2018-09-11", 0),  # to the last moment of the day that the due date names
        ("2018-09-12 00:00:00", 1),
        ("2018-09-13", 1),
        ("2018-09-14 09:00", 0),
    ],
)
def test_issues_overdue_are_past_due_without_a_reply(campaign, as_of, overdue):
    story(campaign, ASSIGN, SIGN, ("reply", "2018-09-14 08:00"))
    story(campaign)  # never assigned: no due date
    story(campaign, ASSIGN, ("send_back", "2018-09-05"), ("refuse", "2018-09-06"))

    assert value(figures.issues_overdue, campaign, as_of) == overdue


def test_extension_moves_the_due_date_from_its_own_moment_on(campaign):
    story(campaign, ASSIGN, SIGN, ("extend", "2018-09-13 08:00"))

    days = ("2018-09-11", "2018-09-12", "2018-09-13", "2018-09-14", "2018-09-15")
    assert [value(figures.issues_overdue, campaign, day) for day in days] == [0, 1, 0, 0, 1]
    assert value(figures.on_time_rate, campaign, "2018-09-12") == (0.0, 0, 1)
    assert value(figures.on_time_rate, campaign, "2018-09-13") == (None, 0, 0)
    assert [value(figures.extensions, campaign, day) for day in ("2018-09-12", "2018-09-13")] == [0, 1]


def test_returns_belong_to_the_department_that_sent_back(campaign, other):
    back = ("send_back", "2018-09-05 00:00")
    story(campaign, ASSIGN, back, department=factories.department("环保所"))
    story(campaign, ASSIGN, back, ("withdraw", "2018-09-06"), department=factories.department("城建办"))
    story(other, ASSIGN, back)

    assert [value(figures.returns, campaign, day) for day in ("2018-09-04", "2018-09-05")] == [0, 2]
    assert parts(figures.returns, campaign, "department") == {"环保所": 1}


def test_supervisions_by_colour(campaign):
    issue, out = story(campaign, ASSIGN), story(campaign, ("void", "2018-09-20"))
    for number, (of, colour, when) in enumerate(
        [(issue, "blue", "2018-09-10"), (issue, "red", "2018-09-12"), (out, "red", "2018-09-12")]
    ):
        SupervisionSlip.objects.create(
            campaign=campaign, issue=of, number=f"S{number}", colour=colour, issued_at=at(when)
        )

    assert value(figures.supervisions_by_colour, campaign) == {"blue": 1, "yellow": 0, "red": 1}
    assert value(figures.supervisions_by_colour, campaign, "2018-09-11") == {"blue": 1, "yellow": 0, "red": 0}


def test_median_handling_days_ends_in_half_between_two(campaign):
    assert value(figures.median_handling_days, campaign) is None

    closed(campaign, registered="2018-09-03 23:59:59")  # Tuesday to Friday and Monday: 5
    closed(campaign, registered="2018-09-04 00:00:00")  # 4
    assert value(figures.median_handling_days, campaign) == 4.5

    closed(campaign, registered="2018-08-31 09:00")  # 6
    assert value(figures.median_handling_days, campaign) == 5
    assert value(figures.median_handling_days, campaign, last="2018-09-09") is None
    assert parts(figures.median_handling_days, campaign, "village") == {VILLAGE_A: 5}


# --- Asked back -----------------------------------------------------------------------------------------------


def test_follow_up_rate_needs_an_answer(campaign):
    asked, in_vain, _unasked = (story(campaign, ASSIGN, SIGN, REPLY) for _ in range(3))
    ask_back(in_vain, "not_reached")
    ask_back(asked, "not_reached")
    ask_back(asked, "partly", when="2018-09-12")
    story(campaign, ASSIGN)

    assert value(figures.follow_up_rate, campaign) == (33.3, 1, 3)
    assert value(figures.follow_up_rate, campaign, "2018-09-11") == (0.0, 0, 3)
    assert value(figures.follow_up_rate, campaign, first="2018-09-07") == (None, 0, 0)


def test_follow_ups_count_answers_and_verdicts_apart(campaign, other):
    issue, out = closed(campaign), story(campaign, ("withdraw", "2018-09-20"))
    ask_back(issue, "solved", "mostly", "2018-09-08")
    ask_back(issue, "not_solved", "dissatisfied", "2018-09-09 23:59:59")
    ask_back(issue, "partly", "no_answer", "2018-09-10")
    ask_back(issue, "not_reached", when="2018-09-11")
    ask_back(issue, "", "satisfied", "2018-09-12")
    ask_back(out, "solved", "satisfied")
    ask_back(closed(other), "solved", "satisfied")

    assert value(figures.confirmed_solved_rate, campaign) == (33.3, 1, 3)
    assert value(figures.satisfaction_rate, campaign) == (66.7, 2, 3)
    assert value(figures.satisfaction_rate, campaign, first="2018-09-09", last="2018-09-09") == (0.0, 0, 1)


def test_rework_rate_is_of_issues_ever_replied(campaign):
    story(campaign, ASSIGN, SIGN, REPLY, ("rework", "2018-09-07"), ("reply", "2018-09-08"))
    story(campaign, ASSIGN, SIGN, REPLY)
    story(campaign, ASSIGN, SIGN)

    assert value(figures.rework_rate, campaign, "2018-09-06") == (0.0, 0, 2)
    assert value(figures.rework_rate, campaign) == (50.0, 1, 2)
    assert value(figures.rework_rate, campaign, first="2018-09-07") == (None, 0, 0)


@pytest.mark.parametrize(("reopened", "n"), [("2018-12-09 09:00:00", 1), ("2018-12-09 09:00:01", 0)])
def test_reopen_rate_knows_ninety_days(campaign, reopened, n):
    story(campaign, *TO_CLOSED, ("reopen", reopened))
    closed(campaign)

    assert value(figures.reopen_rate, campaign, "2018-12-01") == (0.0, 0, 2)
    assert value(figures.reopen_rate, campaign, "2018-12-31") == (50.0 * n, n, 2)


def test_issue_closed_twice_stays_with_its_first_closing_in_the_reopen_rate(campaign):
    again = [("reply", "2018-09-21"), ("ask", "2018-09-21"), ("close", "2018-09-25")]
    story(campaign, *TO_CLOSED, ("reopen", "2018-09-20"), *again)

    first, second = {"first": "2018-09-10", "last": "2018-09-16"}, {"first": "2018-09-24"}
    assert values(campaign, figures.reopen_rate, **first) == [(100.0, 1, 1)]
    assert values(campaign, figures.reopen_rate, **second) == [(None, 0, 0)]
    assert values(campaign, figures.issues_closed, **first) == [0]
    assert values(campaign, figures.issues_closed, **second) == [1]


# --- By place and department ----------------------------------------------------------------------------------


def test_issues_break_down_by_place_and_lead_department(campaign):
    story(campaign, ASSIGN, department=factories.department("环保所"))
    story(campaign, place=GRID_B1)
    story(campaign, place=TOWN)

    assert parts(figures.issues, campaign, "town") == {TOWN: 3}
    assert parts(figures.issues, campaign, "village") == {VILLAGE_A: 1, VILLAGE_B: 1, "": 1}
    assert parts(figures.issues, campaign, "grid") == {GRID_A1: 1, GRID_B1: 1, "": 1}
    assert parts(figures.issues, campaign, "department") == {"环保所": 1, "": 2}


# --- Suggestions and deeds ------------------------------------------------------------------------------------


def test_suggestions_adopted_go_by_the_last_answer(campaign):
    def suggestion(*answers):
        made = factories.opinion(campaign, nature="suggestion")
        for day, answer in enumerate(answers, start=10):
            SuggestionAnswer.objects.create(opinion=made, answer=answer, at=at(f"2018-09-{day}"))

    suggestion("adopted")
    suggestion("noted", "partly")
    suggestion("adopted", "not_adopted")
    suggestion()

    assert value(figures.suggestions_adopted, campaign, "2018-09-10") == 2
    assert value(figures.suggestions_adopted, campaign) == 2
    assert value(figures.adoption_rate, campaign, "2018-09-09") == (0.0, 0, 4)
    assert value(figures.adoption_rate, campaign) == (50.0, 2, 4)
    assert value(figures.adoption_rate, campaign, first="2018-09-04") == (None, 0, 0)


def test_deeds_sum_amounts_and_households(campaign, other):
    deed(campaign, amount="0.10", households_helped=None)
    deed(campaign, amount="0.20", households_helped=3, done_on=date(2018, 9, 13))
    deed(campaign, VILLAGE_A, amount=None, households_helped=1)
    deed(campaign, done_on=date(2018, 6, 30))
    deed(campaign, voided_at=last_second("2018-09-12"), void_reason="重复")
    deed(other)

    all_three = [figures.deeds, figures.deed_amount, figures.deed_households]
    assert values(campaign, *all_three) == [3, 0.3, 4]
    assert values(campaign, *all_three, first="2018-09-13") == [1, 0.2, 3]
    assert value(figures.deeds, campaign, "2018-09-12 23:59:58") == 3
    assert parts(figures.deed_households, campaign, "grid") == {GRID_A1: 3, "": 1}
