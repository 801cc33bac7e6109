"""The history of an issue that comes from a workbook: steps 'imported' from its state and dates alone."""

from .enums import IssueState as S
from .models.issues import REPLIED_ON
from .workflow import IMPORTED


def imported_steps(row, department):
    """[(move, from state, to state, at, department, outcome, due)], oldest first; `row`: values by column key.

    Accepted from 登记时间; the stated state, or assigned where it has gone further, from 交办时间; replied
    from 答复时间; closed from 办结时间. A state without a date counts from 登记时间. No step is dated before
    the one that led to it, so that a date alone (midnight) cannot turn the history round.
    """
    steps, state, latest = [], "", row["registered_at"]
    for target, at in _path(row):
        latest = max(latest, at or row["registered_at"])
        given_up = target in (S.NOT_ACCEPTED, S.TRANSFERRED, S.MERGED, S.WITHDRAWN)
        owner = None if target == S.ACCEPTED or given_up else department
        outcome = row.get("outcome", "") if target == S.CLOSED else ""
        due = row.get("due_at") if owner and target not in REPLIED_ON else None
        steps.append((IMPORTED, state, target.value, latest, owner, outcome, due))
        state = target.value
    return steps


def _path(row):
    """The states passed, each with its date or None."""
    state = S(row["state"])
    yield S.ACCEPTED, row["registered_at"]
    if state in REPLIED_ON:
        if row.get("assigned_at"):
            yield S.ASSIGNED, row["assigned_at"]
        yield S.REPLIED, row["replied_at"]
        if state == S.FOLLOW_UP:
            yield S.FOLLOW_UP, row["replied_at"]
        if state == S.CLOSED:
            yield S.CLOSED, row["closed_at"]
    elif state != S.ACCEPTED:
        yield state, row.get("assigned_at")


def state_since(row):
    """When the stated state began."""
    return imported_steps(row, None)[-1][3]


def follow_up_of(row):
    """(at, result, satisfaction) of what the resident said, or None."""
    result, satisfaction = row.get("follow_up", ""), row.get("satisfaction", "")
    if not (result or satisfaction):
        return None
    at = row.get("closed_at") or row.get("replied_at") or row["registered_at"]
    return at, result, satisfaction
