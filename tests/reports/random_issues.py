"""Issues in every state with their histories, for random_campaign: steps first, then the row as they leave it."""

from datetime import timedelta

from issues.enums import FollowUpResult, IssueLevel, IssueOutcome, Satisfaction, SupervisionColour
from issues.models import FollowUp, Issue, IssueStep, SupervisionSlip
from tests.factories import number

# from: [(move, to)], likelier ones more than once; a move to "" changes no state, no move ends the walk.
WALK = {
    "accepted": [
        *[("assign", "assigned")] * 7,
        *[("spot", "follow_up")] * 3,
        ("merge", "merged"),
        ("withdraw", "withdrawn"),
        ("refuse", "not_accepted"),
        ("transfer", "transferred"),
    ],
    "assigned": [("send_back", "accepted"), *[("sign", "in_progress")] * 3],
    "in_progress": [
        *[("reply", "replied")] * 5,
        ("wait", "waiting"),
        ("park", "parked"),
        *[("extend", "")] * 2,
        ("void", "void"),
    ],
    "waiting": [("resume", "in_progress")],
    "parked": [("resume", "in_progress")],
    "replied": [*[("ask", "follow_up")] * 3, ("rework", "in_progress")],
    "follow_up": [*[("close", "closed")] * 4, ("rework", "in_progress")],
    "closed": [*[("", "")] * 2, ("reopen", "in_progress")],
    "merged": [("unmerge", "accepted")],
    "not_accepted": [],
    "transferred": [],
    "withdrawn": [],
    "void": [],
}
CATEGORIES = ["01", "0101", "07", "0701", "16", "99", "20"]


def make_issues(world):
    for _ in range(60):
        _make_issue(world)


def _make_issue(world):
    dice = world.dice
    moments = iter(sorted(world.moment() for _ in range(16)))
    row = {"state": "accepted", "registered_at": next(moments), "is_spot_resolved": False, "outcome": ""}
    row["state_since"] = row["registered_at"]
    steps = [_step("accept", "accepted", row["registered_at"])]
    for moment in moments:
        if dice.random() < 0.08 or not WALK[row["state"]]:
            break
        move, to = dice.choice(WALK[row["state"]])
        if not move:
            break
        steps.append(_step(move, to or row["state"], moment, changes_state=bool(to)))
        _advance(world, row, steps[-1])
    category = dice.choice(CATEGORIES)
    issue = Issue.objects.create(
        campaign=world.of_either(),
        number=number("I"),
        title="花溪路积水",
        category_id=category,
        level=dice.choice(list(IssueLevel)),
        place_id=world.placed(),
        is_restricted=category == "20" or dice.random() < 0.05,
        **row,
    )
    for step in steps:
        IssueStep.objects.create(issue=issue, **step)
    _hang_on(world, issue)


def _step(move, to, at, *, changes_state=True):
    return {"move": move, "to_state": to, "at": at, "changes_state": changes_state}


def _advance(world, row, step):
    """What the write door would do to the row."""
    move, at = step["move"], step["at"]
    if step["changes_state"]:
        row["state"], row["state_since"] = step["to_state"], at
    if move == "assign":
        row["lead_department"] = world.dice.choice(world.departments)
        row["assigned_at"] = at
        row.setdefault("first_assigned_at", at)
        row["due_at"] = (at + timedelta(days=world.dice.randint(1, 9))).replace(microsecond=0)
        step["due_at"] = row["due_at"]
    elif move == "extend":
        row["due_at"] = row.get("due_at", at.replace(microsecond=0)) + timedelta(days=3)
        step["due_at"] = row["due_at"]
    elif move in ("reply", "spot"):
        row["is_spot_resolved"] = row["is_spot_resolved"] or move == "spot"
        row["replied_at"] = at
        row.setdefault("first_replied_at", at)
    elif move in ("rework", "reopen"):
        row["replied_at"] = None
        if row.get("due_at"):
            row["due_at"] = (at + timedelta(days=world.dice.randint(1, 9))).replace(microsecond=0)
            step["due_at"] = row["due_at"]
    elif move == "close":
        row["outcome"] = step["outcome"] = world.dice.choice(list(IssueOutcome))
        row["closed_at"] = at
        row.setdefault("first_closed_at", at)
    step["department"] = row.get("lead_department")


def _hang_on(world, issue):
    dice = world.dice
    for _ in range(dice.randint(0, 3)):
        FollowUp.objects.create(
            issue=issue,
            at=world.moment(),
            result=dice.choice([*FollowUpResult, ""]),
            satisfaction=dice.choice([*Satisfaction, ""]),
        )
    if dice.random() < 0.3:
        SupervisionSlip.objects.create(
            campaign=issue.campaign,
            issue=issue,
            number=number("S"),
            colour=dice.choice(list(SupervisionColour)),
            issued_at=world.moment(),
            department=dice.choice([*world.departments, None]),
        )
