"""Issues in any state, ready for a move of the table, and the people who may make it."""

from datetime import timedelta

from django.utils import timezone

from canvass.roles import Role
from issues.enums import IssueState
from issues.models import FollowUp, IssueStep, IssueSupport
from issues.moves import move_issue
from issues.workflow import DEPARTMENT, HEAD, KEEPERS, LEADERS, MOVES, OFFICE
from tests import factories, people
from tests.workbooks import GRID_A1, TOWN

TODAY = timezone.localdate()
BUTTONS = [move for move in MOVES.values() if move.sources]


def head(department=None):
    """Answers for a department."""
    return people.person(Role.UNIT_HEAD, name="邵十一", department=department or factories.department())


def grid_leader(code=GRID_A1):
    return people.person(Role.GRID_LEADER, code, "葛十二")


MOVERS = {
    OFFICE: people.bob,
    DEPARTMENT: people.clerk,
    HEAD: head,
    LEADERS: people.leader,
    KEEPERS: grid_leader,
}
ENTITLED = {
    OFFICE: {"office"},
    DEPARTMENT: {"clerk", "head"},
    HEAD: {"head"},
    LEADERS: {"leader"},
    KEEPERS: {"office", "village", "grid leader"},
}
ROLES = {
    "office": people.bob,
    "clerk": people.clerk,
    "head": head,
    "visitor": people.alice,
    "grid leader": grid_leader,
    "village": people.village_office,
    "leader": people.leader,
    "inspector": people.inspector,
    "discipline": people.discipline,
    "admin": people.system_admin,
    "nobody": people.nobody,
    "other department": lambda: people.clerk(factories.department("镇农办")),
    "other town": lambda: people.bob("330411106"),
}
ANSWERS = {
    "lead_department": factories.department,
    "proposed_department": lambda: factories.department("镇农办"),
    "due_on": lambda: TODAY + timedelta(days=7),
    "until_on": lambda: TODAY + timedelta(days=5),
    "review_on": lambda: TODAY + timedelta(days=20),
    "outcome": lambda: "substantive",
    "result": lambda: "solved",
    "satisfaction": lambda: "satisfied",
    "way": lambda: "phone",
}
# What an issue must be like, beside its state, for a move to be called for.
CALLS = {
    "look_back": {"outcome": "phased", "review_on": TODAY},
    "second_check": {"second_check_on": TODAY},
}


def mover(move):
    """Somebody who may make a move."""
    return MOVERS[MOVES[move].permission]()


def an_issue(state, **fields):
    """An issue in a state, with what the state needs; due in a week, assigned today."""
    now = timezone.now()
    if state not in (IssueState.ACCEPTED, IssueState.NOT_ACCEPTED, IssueState.TRANSFERRED):
        fields = {
            "lead_department": factories.department(),
            "assigned_at": now,
            "first_assigned_at": now,
            "due_at": now + timedelta(days=7),
            "state_since": now,
            **fields,
        }
    if state in (IssueState.REPLIED, IssueState.FOLLOW_UP, IssueState.CLOSED):
        fields = {"replied_at": now, "first_replied_at": now, **fields}
    if state == IssueState.CLOSED:
        fields = {"closed_at": now, "first_closed_at": now, "outcome": "substantive", **fields}
    campaign = fields.pop("campaign", None) or factories.campaign()
    return factories.issue(campaign, state=state, **fields)


def ready(move, state=None, **fields):
    """An issue on which everything that a move presupposes has happened, by other people."""
    issue = an_issue(state or MOVES[move].sources[0], **CALLS.get(move, {}) | fields)
    request = MOVES[move].request
    if request:
        details = {
            "review_on": (TODAY + timedelta(days=20)).isoformat(),
            "plan": "分两步",
            "milestone": "设计",
            "explanation": "管子明年才能换",
        }
        IssueStep.objects.create(
            issue=issue,
            move=request,
            from_state=issue.state,
            to_state=issue.state,
            changes_state=False,
            by=people.person(Role.CAMPAIGN_OFFICE, TOWN, "申十三"),
            details=details,
        )
    if MOVES[move].by_support:
        IssueSupport.objects.create(issue=issue, department=factories.department())
        issue.lead_department = factories.department("镇城建办")
        issue.save()
    if move == "ask_procedural":
        for _try in range(3):
            FollowUp.objects.create(issue=issue, result="not_reached")
    if move == "keep_closed":
        FollowUp.objects.create(issue=issue, result="not_solved")
    return issue


def values_for(move, issue):
    values = {name: ANSWERS.get(name, lambda: "已疏通下水道")() for name in MOVES[move].required}
    if "main_issue" in values:
        values["main_issue"] = factories.issue(issue.campaign, title="主件")
    if move in ("ask_extension", "extend"):
        values["due_on"] = timezone.localdate(issue.due_at) + timedelta(days=1)
    return values


def make(issue, move, by=None, **changes):
    """Make a move with everything it asks for."""
    values = {"version": issue.version, **values_for(move, issue), **changes}
    return move_issue(issue, move=move, by=by or mover(move), **values)
