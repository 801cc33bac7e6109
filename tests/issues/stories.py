"""Issues with a past: story(campaign, ("assign", "2018-09-04 10:00"), ("sign", "2018-09-05")).

The steps are written as the write door would, also for moves that no page offers yet, and the row is left
as they leave it.
"""

from datetime import timedelta

from issues.enums import IssueLevel
from issues.models import Category, Issue, IssueStep
from tests import factories
from tests.factories import at

TARGETS = {
    "assign": "assigned",
    "sign": "in_progress",
    "wait": "waiting",
    "park": "parked",
    "reply": "replied",
    "ask": "follow_up",
    "spot": "follow_up",
    "close": "closed",
    "rework": "in_progress",
    "reopen": "in_progress",
    "send_back": "accepted",
    "refuse": "not_accepted",
    "transfer": "transferred",
    "merge": "merged",
    "unmerge": "accepted",
    "withdraw": "withdrawn",
    "void": "void",
}
TO_CLOSED = [
    ("assign", "2018-09-04 10:00"),
    ("sign", "2018-09-04 14:00"),
    ("reply", "2018-09-06 10:00"),
    ("ask", "2018-09-06 15:00"),
    ("close", "2018-09-10 09:00"),
]


def story(campaign, *moves, registered="2018-09-03 09:00", code="01", place=factories.GRID_A1, **fields):
    """An issue after some (move, when) pairs. `outcome`, `due` (a day) and `department` say the rest."""
    outcome, due = fields.pop("outcome", "substantive"), at(f"{fields.pop('due', '2018-09-11')} 23:59:59")
    department = fields.pop("department", None) or factories.department()
    row = {"state": "accepted", "state_since": at(registered), "registered_at": at(registered), **fields}
    steps = [{"move": "accept", "to_state": "accepted", "at": at(registered)}]
    for move, when in moves:
        step = {"move": move, "to_state": TARGETS.get(move, row["state"]), "at": at(when)}
        step["changes_state"] = move != "extend"
        if move == "assign":
            row |= {"lead_department": department, "assigned_at": step["at"], "due_at": due}
            row.setdefault("first_assigned_at", step["at"])
            step["due_at"] = due
        elif move == "extend":
            row["due_at"] = step["due_at"] = row["due_at"] + timedelta(days=3)
        elif move in ("reply", "spot"):
            row |= {"replied_at": step["at"], "is_spot_resolved": move == "spot"}
            row.setdefault("first_replied_at", step["at"])
        elif move in ("rework", "reopen"):
            row["replied_at"] = None
        elif move == "close":
            row |= {"closed_at": step["at"], "outcome": outcome}
            row.setdefault("first_closed_at", step["at"])
            step["outcome"] = outcome
        if step["changes_state"]:
            row |= {"state": step["to_state"], "state_since": step["at"]}
        step["department"] = row.get("lead_department")
        steps.append(step)
    issue = Issue.objects.create(
        campaign=campaign,
        number=factories.number("I"),
        title="花溪路积水",
        category=Category.objects.get(code=code),
        level=IssueLevel.TOWN,
        place=factories.place(place),
        **row,
    )
    IssueStep.objects.bulk_create(IssueStep(issue=issue, **step) for step in steps)
    return issue


def closed(campaign, **fields):
    return story(campaign, *TO_CLOSED, **fields)
