"""A department answers a slip that was sent to it."""

import pytest

from issues.models import SlipStep, SupervisionSlip
from tests import factories, people
from tests.desk import text

from .supervising import overdue, slip_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def slip():
    return slip_on(overdue(factories.campaign()))


def url(slip):
    return f"/issues/supervision/{slip.pk}/answer/"


def test_answer_is_kept_with_its_author_and_the_slip_stands(client, slip):
    clerk = people.clerk(slip.department)
    client.force_login(clerk)

    assert slip.number in text(client.get(url(slip)))
    response = client.post(url(slip), {"words": " 材料已到，明天疏通 "}, follow=True)

    assert "已回复督办单" in text(response)
    step = SlipStep.objects.get()
    assert (step.kind, step.words, step.by, step.slip) == ("answered", "材料已到，明天疏通", clerk, slip)
    assert list(SupervisionSlip.objects.open()) == [slip]


def test_second_answer_is_kept_beside_the_first(client, slip):
    client.force_login(people.clerk(slip.department))
    for words in ("材料已到", "今天动工"):
        client.post(url(slip), {"words": words})

    assert [step.words for step in slip.steps.all()] == ["材料已到", "今天动工"]


@pytest.mark.parametrize("words", ["", "   ", "长" * 501])
def test_answer_without_words_is_asked_again(client, slip, words):
    client.force_login(people.clerk(slip.department))

    response = client.post(url(slip), {"words": words})

    assert response.status_code == 200
    assert response.context["form"].errors["words"]
    assert not SlipStep.objects.exists()


@pytest.mark.parametrize(
    "stranger",
    [
        people.bob,
        people.leader,
        people.inspector,
        people.village_office,
        lambda: people.clerk(factories.department("镇农办")),
    ],
)
def test_nobody_else_finds_the_page(client, slip, stranger):
    client.force_login(stranger())

    assert client.get(url(slip)).status_code == 404
    assert client.post(url(slip), {"words": "冒名回复"}).status_code == 404
    assert not SlipStep.objects.exists()


def test_visitor_is_refused(client, slip):
    client.force_login(people.alice())

    assert client.post(url(slip), {"words": "冒名回复"}).status_code == 403


def test_slip_that_has_ended_meanwhile_takes_no_answer(client, slip):
    client.force_login(people.clerk(slip.department))
    slip.steps.create(kind="lifted", words="已协调", by=people.bob())

    response = client.post(url(slip), {"words": "明天疏通"})

    assert "已经解除或由新的督办单接续" in text(response)
    assert slip.steps.count() == 1


def test_closed_campaign_takes_no_answer(client, slip):
    slip.campaign.state = "closed"
    slip.campaign.save()
    client.force_login(people.clerk(slip.department))

    assert client.post(url(slip), {"words": "明天疏通"}).status_code == 404
