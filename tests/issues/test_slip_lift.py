"""The office lifts a slip by a signed reason."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from issues.models import SlipStep, SupervisionSlip
from issues.supervision import lift_slip
from tests import factories, people
from tests.desk import text
from tests.workbooks import VILLAGE_A

from .supervising import overdue, slip_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def slip():
    return slip_on(overdue(factories.campaign()))


def url(slip):
    return f"/issues/supervision/{slip.pk}/lift/"


def test_reason_is_signed_and_the_slip_no_longer_stands(client, slip):
    bob = people.bob()
    client.force_login(bob)

    assert slip.issue.title in text(client.get(url(slip)))
    response = client.post(url(slip), {"words": "已现场协调，改由县里立项"}, follow=True)

    assert "已解除督办单" in text(response)
    step = SlipStep.objects.get()
    assert (step.kind, step.words, step.by) == ("lifted", "已现场协调，改由县里立项", bob)
    assert not SupervisionSlip.objects.open().exists()


@pytest.mark.parametrize("words", ["", "  "])
def test_slip_is_not_lifted_without_a_reason(client, slip, words):
    client.force_login(people.bob())

    response = client.post(url(slip), {"words": words})

    assert response.context["form"].errors["words"] == ["请写明说明。"]
    assert not SlipStep.objects.exists()


@pytest.mark.parametrize(
    "stranger",
    [
        people.clerk,
        people.leader,
        people.inspector,
        lambda: people.village_office(VILLAGE_A),
        lambda: people.bob(factories.place("330411106").pk),
    ],
)
def test_nobody_else_finds_the_page(client, slip, stranger):
    client.force_login(stranger())

    assert client.get(url(slip)).status_code == 404
    assert client.post(url(slip), {"words": "自行解除"}).status_code == 404
    assert not SlipStep.objects.exists()


def test_service_refuses_whoever_is_not_the_office(slip):
    with pytest.raises(ValidationError, match="只有活动办可以解除督办"):
        lift_slip(slip, by=people.clerk(slip.department), words="自行解除")


def test_slip_of_a_report_that_became_restricted_is_nobodys(client, slip):
    slip.issue.is_restricted = True
    slip.issue.save()
    client.force_login(people.bob())

    assert client.get(url(slip)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_one_lifts_and_the_other_is_told():
    slip, clerks = slip_on(overdue(factories.campaign())), [people.bob(), people.bob()]
    barrier = Barrier(2)

    def attempt(by):
        try:
            barrier.wait()
            lift_slip(slip, by=by, words="已协调")
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return "lifted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, clerks)) == ["lifted", "stale"]
    assert slip.steps.count() == 1
