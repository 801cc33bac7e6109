"""The whole table from the public pages: every move, by every role, from every state; allowed or refused."""

from datetime import date

import pytest
from django.db.models import Model

from issues.enums import IssueState
from issues.models import Issue
from issues.workflow import MOVES
from tests import factories
from tests.issues.moving import BUTTONS, ENTITLED, ROLES, ready, values_for

pytestmark = pytest.mark.django_db


def typed(values):
    """What a person types or picks for the values of a move."""
    return {name: _typed(value) for name, value in values.items()}


def _typed(value):
    if isinstance(value, Issue):
        return value.number
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def send(client, issue, move):
    given = {"version": issue.version, **typed(values_for(move, issue))}
    return client.post(f"/issues/{issue.pk}/move/{move}/", given)


def is_untouched(issue):
    stored = Issue.objects.get(pk=issue.pk)
    return (stored.state, stored.version, stored.steps.count()) == (
        issue.state,
        issue.version,
        issue.steps.count(),
    )


@pytest.mark.parametrize("move", [move.name for move in BUTTONS])
def test_every_role_in_every_state(client, move):
    people = {role: make() for role, make in ROLES.items()}
    campaign = factories.campaign()
    entitled, row = ENTITLED[MOVES[move].permission], MOVES[move]
    for state in IssueState:
        issue = ready(move, state, campaign=campaign)
        for role in sorted(ROLES, key=lambda role: role in entitled):
            client.force_login(people[role])
            before = Issue.objects.get(pk=issue.pk)
            answer = send(client, before, move)
            case = f"{role} {move} {state}"
            is_ours = issue.lead_department_id or not row.by_department
            if role not in entitled or not is_ours:
                assert answer.status_code == (404 if people[role].has_perm("issues.view_issue") else 403), (
                    case
                )
                assert is_untouched(before), case
            elif state not in row.sources:
                assert answer.status_code == 200, case
                assert f"问题现在是“{state.label}”，不能{row.label}。" in answer.content.decode(), case
                assert is_untouched(before), case
            else:
                assert answer.status_code == 302, (case, answer.context and answer.context["form"].errors)
                step = Issue.objects.get(pk=issue.pk).steps.last()
                assert (step.move, step.to_state) == (move, row.target or state), case
                issue = ready(move, state, campaign=campaign)
