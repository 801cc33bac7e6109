"""What the tests of hand-overs share: who leaves with a grid, words to follow and a visit to correct."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from canvass.roles import Role
from issues.hand_overs import propose_hand_overs, settle_hand_over
from issues.models import IssueOpinion
from tests import factories, people
from tests.workbooks import GRID_A1


def leaving():
    """Alice leaves grid A1 with words of an open issue and a visit that was sent back; Dora is to take over."""
    campaign, alice, bob = factories.campaign(), people.alice(), people.bob()
    home = factories.household(GRID_A1, address="花溪路1号")
    visit = factories.visit(
        campaign, home, by=[alice.cadre], filed_by=alice, number="V-77", state="sent_back"
    )
    visit.steps.create(move="sent_back", reason="门牌不对", by=bob)
    words = factories.opinion(
        campaign, number="SQ-77", words_verbatim="井盖坏了", entry=home, visit=visit, collector=alice.cadre
    )
    unit = factories.department()
    issue = factories.issue(campaign, state="in_progress", title="井盖", **factories.assigned(unit))
    IssueOpinion.objects.create(issue=issue, opinion=words)
    dora = factories.cadre("窦四", user=True)
    return SimpleNamespace(
        campaign=campaign, alice=alice, bob=bob, dora=dora, home=home, visit=visit, words=words, issue=issue,
        unit=unit, posting=alice.cadre.postings.get(),
    )  # fmt: skip


def chosen(rows, successor=None):
    return {f"posting-{rows.posting.pk}": successor or rows.dora}


def proposed(rows, *, successor=None, last_on=None, by=None):
    last_on = last_on or timezone.localdate() + timedelta(days=3)
    return propose_hand_overs(
        rows.alice.cadre, by=by or rows.bob, chosen=chosen(rows, successor), last_on=last_on, note="调走"
    )[0]


def taken(rows, **fields):
    made = proposed(rows, **fields)
    settle_hand_over(made, by=made.successor.user, kind="accepted")
    return made


def also_visits(cadre, code=GRID_A1):
    return factories.posting(cadre, Role.VISITOR, code)
