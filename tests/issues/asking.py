"""Issues that wait in a lot of the follow-up queue, for the tests of the page and of its rules."""

from datetime import timedelta

from django.utils import timezone

from canvass.roles import Role
from issues.enums import IssueState
from issues.models import FollowUp, IssueStep
from tests import factories, people
from tests.workbooks import TOWN

from .moving import TODAY, an_issue

DAY = timedelta(days=1)
REQUESTED_IN = {
    "ask_extension": IssueState.IN_PROGRESS,
    "ask_parking": IssueState.IN_PROGRESS,
    "ask_procedural": IssueState.FOLLOW_UP,
    "ask_void": IssueState.ACCEPTED,
}


def requested(request, *, by=None, state=None, **fields):
    """An issue with a request that nobody has settled."""
    issue = an_issue(state or REQUESTED_IN[request], **fields)
    by = by or people.person(Role.CAMPAIGN_OFFICE, TOWN, "申十三")
    IssueStep.objects.create(
        issue=issue,
        move=request,
        from_state=issue.state,
        to_state=issue.state,
        changes_state=False,
        by=by,
        reason="材料没有到",
        details={"review_on": (TODAY + DAY).isoformat()} if request == "ask_parking" else {},
    )
    return issue


def found_unsolved(**fields):
    """Struck off a week ago; yesterday somebody asked, and it is not solved."""
    since = timezone.now() - 7 * DAY
    issue = an_issue(IssueState.CLOSED, closed_at=since, replied_at=since - DAY, state_since=since, **fields)
    FollowUp.objects.create(issue=issue, result="not_solved", at=timezone.now() - DAY)
    return issue


# lot: an issue that stands in it, for keyword fields of the issue.
IN_LOT = {
    "check": lambda **fields: an_issue(IssueState.REPLIED, **fields),
    "ask": lambda **fields: an_issue(IssueState.FOLLOW_UP, **fields),
    "look_back": lambda **fields: an_issue(
        IssueState.CLOSED, **{"outcome": "phased", "review_on": TODAY, **fields}
    ),
    "review": lambda **fields: an_issue(IssueState.PARKED, **{"review_on": TODAY, **fields}),
    "second": lambda **fields: an_issue(IssueState.CLOSED, **{"second_check_on": TODAY, **fields}),
    "reopen": found_unsolved,
    "pending": lambda **fields: requested("ask_extension", **fields),
}
# The lots in which the resident is asked: by neither handler nor first visitor.
ASKING = ["check", "ask", "look_back", "second"]


def heard_by(issue, cadre, **fields):
    """Words of a resident under an issue, collected by somebody."""
    opinion = factories.opinion(issue.campaign, collector=cadre, **fields)
    issue.opinion_links.create(opinion=opinion)
    return opinion
