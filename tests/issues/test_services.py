"""Accepting an issue: numbers, natures, levels, restriction."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from issues.models import Category, Issue
from issues.services import accept_issue
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A
from visits.models import Opinion


def accept(by, **changes):
    values = {
        "campaign": factories.Campaign.objects.first() or factories.campaign(),
        "title": "花溪路积水",
        "category": Category.objects.get(code="0704"),
        "level": "town",
        "place": factories.place(GRID_A1),
        **changes,
    }
    return accept_issue(by=by, **values)


def test_accept_issue_numbers_in_turn_and_links_the_words(db):
    by = people.bob()
    campaign = factories.campaign()
    first, second = factories.opinion(campaign), factories.opinion(campaign)

    one, two = accept(by, opinions=[second, first]), accept(by)

    assert [one.number, two.number] == ["WT000001", "WT000002"]
    assert [link.opinion for link in one.opinion_links.all()] == [second, first]
    assert [(s.move, s.to_state) for s in one.steps.all()] == [("accept", "accepted")]


def test_closed_campaign_accepts_nothing(db):
    factories.campaign(state="closed")

    with pytest.raises(ValidationError, match="活动不在进行中"):
        accept(people.bob())


@pytest.mark.parametrize("nature", ["suggestion", "praise"])
def test_accept_issue_refuses_what_is_no_issue(db, nature):
    heard = factories.opinion(factories.campaign(), nature=nature)

    with pytest.raises(ValidationError, match="不能转为问题"):
        accept(people.bob(), opinions=[heard])

    assert Issue.objects.count() == 0


def test_misconduct_is_restricted_at_once_with_its_words(db):
    by = people.bob()
    heard = factories.opinion(factories.campaign())

    issue = accept(by, opinions=[heard], category=Category.objects.get(code="2001"))

    assert issue.is_restricted
    assert [list(model.objects.visible_to(by)) for model in (Issue, Opinion)] == [[], []]
    discipline = people.discipline()
    assert list(Issue.objects.visible_to(discipline)) == [issue]
    assert list(Opinion.objects.visible_to(discipline)) == [heard]


def test_report_is_not_for_the_office_even_before_anybody_marked_it(db):
    by = people.bob()
    heard = factories.opinion(factories.campaign(), nature="report")

    with pytest.raises(ValidationError, match="不能查看"):
        accept(by, opinions=[heard])

    assert list(Opinion.objects.visible_to(by)) == []
    assert list(Opinion.objects.visible_to(people.discipline())) == [heard]


def test_village_office_accepts_its_own_level_only(db):
    by = people.village_office(VILLAGE_A)

    assert accept(by, level="village").level == "village"
    for changes in ({"level": "town"}, {"level": "village", "place": factories.place(GRID_B1)}):
        with pytest.raises(ValidationError, match="您不能受理"):
            accept(by, **changes)


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_get_two_numbers():
    campaign, clerks = factories.campaign(), [people.bob(), people.bob()]
    barrier = Barrier(2)

    def attempt(by):
        try:
            barrier.wait()
            return accept(by, campaign=campaign).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = sorted(pool.map(attempt, clerks))

    assert numbers == ["WT000001", "WT000002"]
