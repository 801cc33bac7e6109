"""The review by three parties: case leader, task force, legal expert."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.models import CaseReview
from tests import factories, people
from tests.desk import text

from .supervising import overdue

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    issue = overdue(factories.campaign())
    return issue.leader_cases.create(
        leader=people.leader().cadre, team=factories.team(issue.campaign), plan="先抽水，再改管"
    )


def url(issue):
    return f"/issues/{issue.pk}/case/review/"


def filled(**fields):
    today = timezone.localdate().isoformat()
    return {
        "held_on": today,
        "task_force": "镇环保所、镇城建办",
        "legal_expert": "区司法局律师",
        "conclusion": "管网改造可行，依法立项",
        **fields,
    }


def test_review_is_recorded_and_read_beside_the_case(client, case):
    bob = people.bob()
    client.force_login(bob)

    page = text(client.post(url(case.issue), filled(), follow=True))

    assert all(
        words in page for words in ("已记录三方会审", "管网改造可行，依法立项", "区司法局律师", "凌六导")
    )
    review = CaseReview.objects.get()
    assert (review.case, review.held_on, review.by) == (case, timezone.localdate(), bob)


@pytest.mark.parametrize("name", ["held_on", "task_force", "legal_expert", "conclusion"])
def test_each_of_the_three_parties_and_the_conclusion_is_needed(client, case, name):
    client.force_login(people.bob())

    response = client.post(url(case.issue), filled(**{name: ""}))

    assert list(response.context["form"].errors) == [name]
    assert not CaseReview.objects.exists()


def test_review_is_not_held_tomorrow(client, case):
    client.force_login(people.bob())
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert "会审日期不能晚于今天" in text(client.post(url(case.issue), filled(held_on=tomorrow.isoformat())))
    assert not CaseReview.objects.exists()


def test_there_is_no_review_without_a_case(client):
    issue = overdue(factories.campaign())
    client.force_login(people.bob())

    assert client.post(url(issue), filled()).status_code == 404


@pytest.mark.parametrize("stranger", [people.leader, people.clerk, people.alice, people.charlie])
def test_nobody_else_finds_the_page(client, case, stranger):
    client.force_login(stranger())

    assert client.get(url(case.issue)).status_code == 404
    assert client.post(url(case.issue), filled()).status_code == 404
    assert not CaseReview.objects.exists()


@pytest.mark.parametrize("name", ["task_force", "legal_expert", "conclusion"])
def test_database_knows_no_review_of_two_parties(case, name):
    with pytest.raises(IntegrityError), transaction.atomic():
        case.reviews.create(**filled(**{name: ""}))
