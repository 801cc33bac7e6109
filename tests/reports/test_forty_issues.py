"""Forty issues through the write door, and every handling figure counted by hand.

All are registered on Monday 2018-09-03 at 9:00 and assigned with 5 working days, so due on Monday the 10th, unless
the line says otherwise. Working days of that month: 3–7, 10–14, 17–21, 25–28, and the make-up days 29 and 30.

 n  kind                                  closed  wd  due    reply  outcome      answers (result, satisfaction)
 5  plain                                 10th     5  10th   6th    substantive  solved, satisfied
 3  late reply                            14th     9  10th   12th   procedural   partly, mostly
 3  extended to the 13th                  17th    10  13th   13th   procedural   solved, satisfied
 3  sent back, to another on the 5th      14th     9  12th   11th   substantive  solved, no answer
 2  waiting 5th to 10th, 3 wd             —        —  13th   13th                not reached
 2  parked since the 4th                  —        —  10th   —
 3  reworked on the 7th                   17th    10  14th   13th   substantive  not solved, dissatisfied; solved, satisfied
 1  reworked twice                        —        —  19th   20th                not solved, dissatisfied, twice
 2  reopened on the 13th                  21st    14  20th   19th   substantive  solved, satisfied, twice
 1  reopened on the 14th, in progress     —        —  21st   —                   solved, satisfied
 1  un-merged, assigned on the 5th        —        —  12th   —
 2  solved on the spot                    5th      2  —      3rd    substantive  solved, satisfied
 1  three tries, closed by two            13th     8  10th   7th    procedural   not reached, three times
 1  phased                                12th     7  10th   7th    phased       partly, mostly
 1  petition, 60 days                     —        —  2 Nov  —
 1  accepted only
 2  not accepted      1  transferred
 out of the figures: 2 merged, 1 withdrawn, 1 void, 1 restricted
"""

import json
from functools import partial

import pytest
import time_machine
from django.core.management import call_command

from canvass.roles import Role
from issues.models import Issue
from issues.moves import move_issue
from issues.services import accept_issue
from issues.supervision import supervise
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_A1, TOWN

pytestmark = pytest.mark.django_db

SOLVED = {"way": "phone", "result": "solved", "satisfaction": "satisfied", "outcome": "substantive"}
WORSE = {"way": "phone", "result": "not_solved", "satisfaction": "dissatisfied", "reason": "仍然积水"}
TAKEN = [("3 10:00", "assign", {}), ("3 14:00", "sign", {})]
ANSWER = [("6 10:00", "reply", {}), ("6 15:00", "ask", {})]
PLAIN = [*TAKEN, *ANSWER, ("10 09:00", "close", SOLVED)]
OTHER = {"proposed_department": "镇城建办", "reason": "不归我们管"}

KINDS = [
    (5, PLAIN),
    (3, [*TAKEN, ("12 10:00", "reply", {"outcome": "procedural"}), ("12 15:00", "ask", {}),
         ("14 09:00", "close", SOLVED | {"outcome": "procedural", "result": "partly", "satisfaction": "mostly"})]),
    (3, [*TAKEN, ("7 09:00", "ask_extension", {"due_on": "13"}), ("7 10:00", "extend", {"due_on": "13"}),
         ("13 10:00", "reply", {}), ("13 15:00", "ask", {}),
         ("17 09:00", "close", SOLVED | {"outcome": "procedural"})]),
    (3, [("3 10:00", "assign", {}), ("4 09:00", "send_back", OTHER),
         ("5 09:00", "assign", {"lead_department": "镇城建办", "due_on": "12"}), ("5 14:00", "sign", {}),
         ("11 10:00", "reply", {}), ("11 15:00", "ask", {}),
         ("14 09:00", "close", SOLVED | {"satisfaction": "no_answer"})]),
    (2, [*TAKEN, ("5 09:00", "wait", {"until_on": "12"}), ("10 09:00", "resume", {}), ("13 10:00", "reply", {}),
         ("14 09:00", "ask", {}), ("17 09:00", "not_reached", {"way": "phone"})]),
    (2, [*TAKEN, ("4 09:00", "ask_parking", {"plan": "列入明年", "milestone": "立项", "review_on": "28"}),
         ("4 10:00", "park", {})]),
    (3, [*TAKEN, *ANSWER, ("7 09:00", "rework", WORSE), ("13 10:00", "reply", {}), ("13 15:00", "ask", {}),
         ("17 09:00", "close", SOLVED)]),
    (1, [*TAKEN, *ANSWER, ("7 09:00", "rework", WORSE), ("11 10:00", "reply", {}), ("11 15:00", "ask", {}),
         ("12 09:00", "rework", WORSE), ("20 10:00", "reply", {}), ("20 15:00", "ask", {})]),
    (2, [*PLAIN, ("13 09:00", "reopen", {}), ("19 10:00", "reply", {}), ("19 15:00", "ask", {}),
         ("21 09:00", "close", SOLVED)]),
    (1, [*PLAIN, ("14 09:00", "reopen", {})]),
    (1, [("4 09:00", "merge", {}), ("5 08:00", "unmerge", {}), ("5 09:00", "assign", {"due_on": "12"}),
         ("5 14:00", "sign", {})]),
    (2, [("3 11:00", "spot", {}), ("5 09:00", "close", SOLVED)]),
    (1, [*TAKEN, ("7 10:00", "reply", {"outcome": "procedural"}), ("7 15:00", "ask", {}),
         *[(f"{day} 09:00", "not_reached", {"way": "phone"}) for day in (10, 11, 12)],
         ("12 10:00", "ask_procedural", {}), ("13 09:00", "close_procedural", {})]),
    (1, [*TAKEN, ("7 10:00", "reply", {"outcome": "phased"}), ("7 15:00", "ask", {}),
         ("12 09:00", "close", SOLVED | {"outcome": "phased", "result": "partly", "satisfaction": "mostly",
                                         "review_on": "28"})]),
    (1, [("3 10:00", "assign", {"due_on": None}), ("3 14:00", "sign", {})]),
    (1, []),
    (2, [("3 10:00", "not_accept", {"route": "人民法院", "told": "已告知本人"})]),
    (1, [("3 10:00", "transfer", {"route": "区国土分局", "told": "已告知本人"})]),
    (2, [("4 09:00", "merge", {})]),
    (1, [("6 09:00", "withdraw", {})]),
    (1, [("6 09:00", "ask_void", {}), ("6 10:00", "void", {})]),
    (1, []),
]  # fmt: skip
PETITION, RESTRICTED = 14, len(KINDS) - 1


@pytest.fixture
def movers():
    """{move: who makes it}; nobody asks back about the own work, and a request is granted by somebody else."""
    office, second = people.bob(), people.person(Role.CAMPAIGN_OFFICE, TOWN, "申十三")
    leader, keeper = people.leader(), people.person(Role.GRID_LEADER, GRID_A1, "葛十二")
    leaders = dict.fromkeys(["park", "close_procedural"], leader)
    return {"": office, "void": second, "spot": keeper, **leaders}


def heads():
    return {
        name: people.person(Role.UNIT_HEAD, name="邵十一", department=factories.department(name))
        for name in ("镇环保所", "镇城建办")
    }


DEPARTMENTAL = {"sign", "send_back", "wait", "resume", "ask_extension", "ask_parking", "reply"}


def make(issue, move, values, movers, head_of, main):
    issue.refresh_from_db()
    given = {
        "reason": "已到现场",
        "reply": "已疏通",
        "outcome": "substantive",
        "explanation": "资金未到",
    } | values
    if move == "assign":
        given = {"lead_department": "镇环保所", "due_on": "10"} | values
        given["due_on"] = given["due_on"] or "2018-11-02"
    for name in ("lead_department", "proposed_department"):
        if name in given:
            given[name] = factories.department(given[name])
    for name in ("due_on", "until_on", "review_on"):
        if name in given:
            given[name] = at(given[name] if "-" in given[name] else f"2018-09-{given[name]:0>2}").date()
    if move == "merge":
        given["main_issue"] = main
    by = head_of[issue.lead_department.name] if move in DEPARTMENTAL else movers.get(move, movers[""])
    move_issue(issue, move=move, by=by, version=issue.version, **given)


@pytest.fixture
def campaign(movers):
    """The forty, moved in the order of time, with the supervision of two mornings in between."""
    campaign, head_of, events = factories.campaign(), heads(), []
    with time_machine.travel(at("2018-09-03 09:00"), tick=False):
        for kind, (number, moves) in enumerate(KINDS):
            for _one in range(number):
                issue = accept_issue(
                    by=movers[""],
                    campaign=campaign,
                    title=f"花溪路积水 {kind}",
                    category=factories.Category.objects.get(code="20" if kind == RESTRICTED else "01"),
                    level="town",
                    place=factories.place(GRID_A1),
                    profile="petition" if kind == PETITION else None,
                )
                main = Issue.objects.order_by("pk").first()
                events += [
                    (_moment(when), partial(make, issue, move, values, movers, head_of, main))
                    for when, move, values in moves
                ]
    events += [(at("2018-09-11 08:00"), supervise), (at("2018-09-30 08:00"), supervise)]
    for moment, event in sorted(events, key=lambda pair: pair[0]):
        with time_machine.travel(moment, tick=False):
            event()
    return campaign


def _moment(when):
    day, hour = when.split()
    return at(f"2018-09-{day:0>2} {hour}")


def figures(capsys, campaign, as_of):
    capsys.readouterr()
    call_command("figures", "--campaign", campaign.code, "--as-of", as_of, "--json")
    found = json.loads(capsys.readouterr().out)["figures"]
    return {
        key: (row["value"], row["numerator"], row["denominator"]) if row["unit"] == "%" else row["value"]
        for key, row in found.items()
    }


HANDLING = {
    "issues": 35,  # 40 less 2 merged, 1 withdrawn, 1 void, 1 restricted
    "issues_accepted": 32,  # less 2 not accepted, 1 transferred
    "issues_assigned": 29,  # less 2 spot, 1 accepted only
    "spot_resolved": 2,
    "issues_open": 9,  # 2 waited + 2 parked + 1 reworked twice + 1 reopened + 1 un-merged + 1 petition + 1 accepted
    "issues_started": 8,  # all of these but the one accepted only
    "issues_closed": 23,  # 5 + 3 + 3 + 3 + 3 reworked + 2 reopened + 2 spot + 1 procedural + 1 phased
    "issues_resolved": 18,  # 5 + 3 extended (solved) + 3 sent back + 3 + 2 + 2; neither late, procedural nor phased
    "issues_resolved_or_started": 26,
    "closing_rate": (71.9, 23, 32),
    "resolution_rate": (51.4, 18, 35),
    "substantive_rate": (65.2, 15, 23),  # 5 + 3 sent back + 3 reworked + 2 reopened + 2 spot
    # Due by the 30th: all 29 assigned but the petition. Late: 3 late, 2 parked, 1 twice, 1 reopened, 1 un-merged.
    "on_time_rate": (71.4, 20, 28),
    "issues_overdue": 4,  # 2 parked, 1 reopened, 1 un-merged
    "returns": 3,
    "extensions": 3,
    # On the 11th: blue 3 sent back + 1 un-merged (4 of 5 wd used); yellow 3 late + 4 reworked. On the 30th: red the
    # un-merged, over 5 wd late, and the reopened.
    "supervisions_by_colour": {"blue": 4, "yellow": 7, "red": 2},
    # Replied or closed: 5 + 3 + 3 + 3 + 2 + 3 + 1 + 2 + 1 + 2 + 1 + 1; nobody answered for the 2 and the 1 procedural.
    "follow_up_rate": (88.9, 24, 27),
    # Answers: 5 + 3 + 3 + 3 + 6 + 2 + 4 + 1 + 2 + 1; solved: 5 + 3 + 3 + 3 + 4 + 1 + 2.
    "confirmed_solved_rate": (70.0, 21, 30),
    # Without the 3 who gave no verdict; dissatisfied: 3 + 2.
    "satisfaction_rate": (81.5, 22, 27),
    "rework_rate": (14.8, 4, 27),
    "reopen_rate": (12.5, 3, 24),
    "median_handling_days": 9,  # 2 2 5 5 5 5 5 7 8 9 9 [9] 9 9 9 10 10 10 10 10 10 14 14
}


def test_every_handling_figure_is_as_counted_by_hand(campaign, capsys):
    found = figures(capsys, campaign, "2018-09-30")

    assert {key: found[key] for key in HANDLING} == HANDLING
    assert {code: n for code, n in found["issues_by_category"].items() if n} == {"01": 35}


def test_past_stays_as_it_was_counted(campaign, capsys, movers):
    twice = Issue.objects.get(title="花溪路积水 7")
    with time_machine.travel(at("2018-10-08 09:00"), tick=False):
        make(twice, "close", SOLVED, movers, {}, None)
        for issue in Issue.objects.filter(title="花溪路积水 2"):
            make(issue, "reopen", {}, movers, {}, None)

    found = figures(capsys, campaign, "2018-09-30")
    assert {key: found[key] for key in HANDLING} == HANDLING
    # The three extended ones are open again, the one reworked twice is struck off.
    assert figures(capsys, campaign, "2018-10-09")["issues_closed"] == 23 - 3 + 1


def test_tenth_of_september_has_its_own_count(campaign, capsys):
    """Struck off by the end of the 10th: 5 plain, 2 + 1 reopened later, 2 spot; due by then: all of the 10th."""
    found = figures(capsys, campaign, "2018-09-10")

    assert found["issues_closed"] == 10
    # Due on the 10th then: 5 plain, 3 late, 2 parked, 3 reopened later, 1 procedural, 1 phased.
    assert found["on_time_rate"] == (66.7, 10, 15)
    assert found["issues"] == 35
    # Replied by then: the 5, 2 + 1 reopened later, 3 + 1 reworked, 2 spot, 1 procedural, 1 phased.
    assert found["rework_rate"] == (25.0, 4, 16)
