"""What one person types for others: who filed it, and who heard the words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1
from visits.contents import VisitContent, Words
from visits.filing import FilingConflict
from visits.models import Visit
from visits.services import correct_visit, file_visit, find_companions

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def visitors():
    """The staff numbers of two who went along; the first one heard the words."""
    made = [factories.cadre("艾一丽"), factories.cadre("毛队友")]
    for cadre in made:
        factories.posting(cadre, Role.VISITOR, GRID_A1)
    return [cadre.staff_number for cadre in made]


def content(visitors, *opinions, **fields):
    found = find_companions(visitors)
    values = {
        "started_at": factories.at("2018-09-10 19:30"),
        "ended_at": None,
        "outcome": "met",
        "way": "",
        "people_met": 2,
        "note": "",
        "companions": tuple(found[number] for number in visitors),
        "opinions": tuple(Words("problem", words) for words in opinions),
        **fields,
    }
    return VisitContent(**values)


def type_in(clerk, campaign, visitors, *opinions, client_id=None):
    said = content(visitors, *opinions)
    visit, _is_new = file_visit(
        factories.RegisterEntry.objects.first() or factories.household(),
        by=clerk,
        campaign=campaign,
        client_id=client_id or uuid4(),
        content=said,
        origin=Visit.Origin.PAPER,
        collector=said.companions[0].cadre,
    )
    return visit


def test_typed_words_were_heard_by_the_first_visitor_and_filed_by_the_clerk(campaign, visitors):
    clerk = people.village_office()
    visit = type_in(clerk, campaign, visitors, "积水")
    [words] = visit.opinions.all()
    assert (visit.origin, visit.filed_by) == ("paper", clerk)
    assert timezone.now() - visit.filed_at < timedelta(minutes=1)
    assert (words.collector.staff_number, words.created_by) == (visitors[0], clerk)
    assert clerk.cadre.pk not in visit.cadres.values_list("cadre", flat=True)


def test_another_first_visitor_under_the_same_identity_is_other_content(campaign, visitors):
    clerk, identity = people.village_office(), uuid4()
    type_in(clerk, campaign, visitors, client_id=identity)
    with pytest.raises(FilingConflict):
        type_in(clerk, campaign, visitors[::-1], client_id=identity)


def test_words_added_to_paper_by_the_clerk_were_heard_by_the_visitor_too(campaign, visitors):
    clerk = people.village_office()
    visit = type_in(clerk, campaign, visitors)
    correct_visit(
        visit,
        by=clerk,
        content=content(visitors, "漏了一条"),
        reason="表背面还有一条",
        seen_step=visit.steps.get().pk,
    )
    [words] = visit.opinions.all()
    assert (words.collector.staff_number, words.created_by) == (visitors[0], clerk)


def test_words_that_a_visitor_adds_to_paper_were_heard_by_that_visitor(campaign, visitors):
    mate = people.alice()
    visit = type_in(people.village_office(), campaign, [*visitors, mate.cadre.staff_number])
    correct_visit(
        visit,
        by=mate,
        content=content([*visitors, mate.cadre.staff_number], "我也听到一条"),
        reason="补一条",
        seen_step=visit.steps.get().pk,
    )
    assert visit.opinions.get().collector == mate.cadre
