"""The bearer of a receipt says how the department worked: /s/<code>/conduct/."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from campaigns.enums import CampaignState
from issues.conduct import receipt_key
from issues.models import ConductSlip
from tests import factories, people

from .answers import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def receipt(campaign):
    return answered(campaign)


def address(receipt):
    return f"/s/{receipt.typed_code}/conduct/"


def typed(receipt, **fields):
    issue = receipt.opinion.issue_links.get().issue
    values = {"department": issue.lead_department_id, "attitude": "poor", "words": "等了很久"}
    return {**values, **fields}


def test_page_of_the_receipt_leads_here(client, receipt):
    assert f'href="{address(receipt)}"' in client.get(f"/s/{receipt.typed_code}/").text
    assert "被评的单位看不到" in client.get(address(receipt)).text


def test_slip_is_kept_once_and_by_village_without_a_trace_of_the_receipt(client, receipt):
    assert client.post(address(receipt), typed(receipt)).status_code == 302

    kept = ConductSlip.objects.get()
    assert (kept.attitude, kept.words, kept.created_by, kept.client_id) == ("poor", "等了很久", None, None)
    assert kept.place_id == receipt.opinion.place_id[:12]
    assert receipt.code not in kept.receipt_key
    assert "已收到您的反馈" in client.get(address(receipt)).text

    again = client.post(address(receipt), typed(receipt, words="再说一次"))
    assert again.status_code == 409
    assert ConductSlip.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"attitude": "", "words": ""}, {"department": ""}, {"words": "字" * 1001}, {"attitude": "x"}]
)
def test_bad_input_is_refused(client, receipt, fields):
    assert client.post(address(receipt), typed(receipt, **fields)).status_code == 400
    assert not ConductSlip.objects.exists()


def test_only_the_department_that_the_bearer_was_told_of_is_rated(client, receipt):
    other = factories.department("镇农办")
    assert client.post(address(receipt), typed(receipt, department=other.pk)).status_code == 400


@pytest.mark.parametrize("state", ["accepted", "not_accepted"])
def test_without_a_department_there_is_nothing_to_rate(client, campaign, state):
    receipt = answered(campaign, state)

    assert "现在还不能评" in client.get(address(receipt)).text
    assert "conduct" not in client.get(f"/s/{receipt.typed_code}/").text


def test_misconduct_report_offers_nothing(client, campaign):
    receipt = answered(campaign, restricted=True)

    page = client.get(address(receipt)).text

    assert "镇水利站" not in page
    assert "现在还不能评" in page
    assert "conduct" not in client.get(f"/s/{receipt.typed_code}/").text
    assert client.post(address(receipt), typed(receipt)).status_code == 400


def test_whoever_is_signed_in_does_not_speak_for_a_resident(client, receipt):
    client.force_login(people.alice())

    assert client.post(address(receipt), typed(receipt)).status_code == 403
    assert not ConductSlip.objects.exists()


def test_wrong_code_opens_nothing_and_many_of_them_are_stopped(client, receipt):
    assert client.get("/s/0000-0000-0000/conduct/").status_code == 404
    for _count in range(30):
        client.get("/s/0000-0000-0000/conduct/")
    assert client.get(address(receipt)).status_code == 429


def test_many_tries_with_one_code_are_stopped(client, receipt):
    for _count in range(5):
        client.post(address(receipt), typed(receipt, attitude="x"))
    assert client.post(address(receipt), typed(receipt)).status_code == 429
    assert not ConductSlip.objects.exists()


def test_campaign_that_is_over_takes_none(client, receipt, campaign):
    type(campaign).objects.update(state=CampaignState.CLOSED)

    assert client.post(address(receipt), typed(receipt)).status_code in (400, 409)
    assert not ConductSlip.objects.exists()


def test_page_is_kept_by_nobody(client, receipt):
    page = client.get(address(receipt))
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_receipt_are_one_slip(campaign):
    receipt, barrier, answers = answered(campaign), Barrier(2), []
    data = typed(receipt)

    def send():
        barrier.wait()
        answers.append(Client().post(address(receipt), data).status_code)
        connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 409]
    assert ConductSlip.objects.get().receipt_key == receipt_key(receipt)


def test_empty_form_of_somebody_who_is_signed_in_is_refused_with_a_sentence(client, receipt):
    client.force_login(people.alice())
    answer = client.post(address(receipt))
    assert (answer.status_code, "请由群众本人填写" in answer.content.decode()) == (403, True)
