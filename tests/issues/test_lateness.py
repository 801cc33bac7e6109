"""How an issue stands against its due date: one condition, on the working days of the Chinese calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.calendar import working_days
from campaigns.models import CalendarDay
from issues.enums import IssueState, Lateness
from issues.models import Issue
from tests import factories, people
from tests.desk import address, listed, queries
from tests.factories import at

from .supervising import overdue, slip_on

pytestmark = pytest.mark.django_db
# A Monday before the long holiday of October 2024; the Sunday before it was worked.
NOW = at("2024-09-30 10:00")


def due(when, state=IssueState.ASSIGNED, **fields):
    held = factories.assigned(factories.department()) | {"due_at": at(when) if when else None}
    replied = {"replied_at": timezone.now()} if state == IssueState.REPLIED else {}
    return factories.issue(factories.campaign(), state=state, **held, **replied, **fields)


def lateness(now=NOW):
    return Issue.objects.with_lateness(now).get().lateness


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        # One working day after 30 September is 8 October: the holiday lengthens "soon".
        ("2024-10-08 23:59:59", Lateness.DUE_SOON),
        ("2024-10-09 00:00:00", Lateness.NOT_DUE),
        ("2024-09-30 10:00:00", Lateness.DUE_SOON),
        ("2024-09-30 09:59:59", Lateness.LATE),
        # Five working days since: 24, 25, 26, 27, 29 (made up), 30 are six.
        ("2024-09-24 23:59:59", Lateness.LATE),
        ("2024-09-23 23:59:59", Lateness.VERY_LATE),
    ],
)
def test_lateness_follows_the_working_days(when, expected):
    due(when)

    assert lateness() == expected


def test_very_late_is_what_a_red_slip_calls_over_five_working_days():
    for days in range(40):
        day = timezone.localdate(NOW) - timedelta(days=days)
        factories.issue(
            factories.campaign(f"c{days}"),
            state=IssueState.ASSIGNED,
            **factories.assigned(factories.department()) | {"due_at": at(f"{day} 00:00")},
        )

    for issue in Issue.objects.with_lateness(NOW):
        late = working_days(timezone.localdate(issue.due_at), timezone.localdate(NOW))
        assert issue.lateness == (Lateness.VERY_LATE if late > 5 else Lateness.LATE)


def test_office_table_of_days_counts():
    due("2024-10-08 12:00")
    CalendarDay.objects.create(day="2024-10-02", is_working=True, name="加班")

    assert lateness() == Lateness.NOT_DUE


@pytest.mark.parametrize("state", [IssueState.WAITING, IssueState.PARKED])
def test_clock_that_stands_still_is_neither_late_nor_due(state):
    due("2024-09-01 12:00", state)

    assert lateness() == Lateness.STOPPED


def test_answered_or_without_a_date_has_no_clock():
    due("2024-09-01 12:00", IssueState.REPLIED)
    assert lateness() == Lateness.NO_CLOCK
    Issue.objects.all().update(state=IssueState.ACCEPTED, due_at=None)
    assert lateness() == Lateness.NO_CLOCK


# --- At the desk ----------------------------------------------------------------------------------------------


@pytest.fixture
def office(client):
    client.force_login(people.bob())
    return client


def four(campaign):
    """One issue of each kind that has a mark, and one without."""
    held = factories.assigned(factories.department())
    made = {"late": overdue(campaign, days=60), "new": factories.issue(campaign)}
    far = held | {"due_at": timezone.now() + timedelta(days=90)}
    made["open"] = factories.issue(campaign, state=IssueState.ASSIGNED, **far)
    made["waiting"] = factories.issue(campaign, state=IssueState.WAITING, **held)
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"lateness": "very_late"}, ["late"]),
        ({"lateness": "not_due"}, ["open"]),
        ({"lateness": "stopped"}, ["waiting"]),
        ({"lateness": "no_clock"}, ["new"]),
        ({"lateness": "due_soon"}, []),
        ({"lateness": "nonsense"}, ["late", "new", "open", "waiting"]),
        ({"slip": "red"}, ["late"]),
        ({"slip": "blue"}, []),
        ({"slip": "none"}, ["new", "open", "waiting"]),
        ({"slip": "red", "lateness": "very_late"}, ["late"]),
    ],
)
def test_list_is_narrowed_by_lateness_and_by_the_slip_that_stands(office, query, expected):
    made = four(factories.campaign())
    slip_on(made["late"], colour="red")

    found = listed(office, Issue, **query)

    assert sorted(name for name, issue in made.items() if issue in found) == expected


def test_slip_that_was_lifted_marks_nothing(office):
    issue = overdue(factories.campaign())
    slip_on(issue, colour="red").steps.create(kind="lifted", words="已办")

    assert listed(office, Issue, slip="red") == []
    assert [row.slip_colour for row in listed(office, Issue)] == [None]


def test_marks_say_in_words_what_their_colour_says(office):
    made = four(factories.campaign())
    slip_on(made["late"], colour="yellow")

    rows = {issue.pk: issue for issue in listed(office, Issue)}
    page = office.get(address(Issue)).content.decode()

    assert (rows[made["late"].pk].slip_colour, rows[made["new"].pk].slip_colour) == ("yellow", None)
    for word in ("超期 5 个工作日以上", "停计", "黄色督办"):
        assert f">{word}</span>" in page


def test_list_costs_the_same_for_one_three_and_a_hundred_rows(office):
    campaign, costs = factories.campaign(), []
    for number in (1, 2, 97):
        for _row in range(number):
            issue = overdue(campaign)
            slip_on(issue)
            issue.steps.create(move="remind", to_state=issue.state, changes_state=False, reason="请抓紧")
        costs.append(queries(office, address(Issue)))

    assert costs[0] == costs[1] == costs[2] <= 12
