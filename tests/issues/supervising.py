"""What the tests of the supervision desk share: a slip that stands today."""

from datetime import timedelta

from django.utils import timezone

from tests import factories
from tests.factories import at
from tests.workbooks import GRID_A1

from .stories import story


def overdue(campaign, *, days=3, place=GRID_A1, **fields):
    """An issue whose due date was some days ago. Not a matter of working days: see test_supervise for those."""
    issue = story(
        campaign, ("assign", "2018-09-03 10:00"), ("sign", "2018-09-03 14:00"), place=place, **fields
    )
    issue.due_at = timezone.now() - timedelta(days=days)
    issue.save(update_fields=["due_at"])
    return issue


def slip_on(issue, when="2018-09-03 15:00", colour="yellow", **fields):
    """A slip as the command would leave it."""
    values = {
        "number": factories.number("DB"),
        "cause": "overdue",
        "issued_at": at(when),
        "due_at": issue.due_at,
    }
    return issue.slips.create(
        campaign=issue.campaign,
        department=issue.lead_department,
        colour=colour,
        **values | fields,
    )
