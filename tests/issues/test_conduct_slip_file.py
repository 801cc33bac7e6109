"""A slip about how a department worked, filed on the phone for a resident: /visits/conduct/new/."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from campaigns.enums import CampaignState
from issues.models import ConductSlip
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1

from .conduct import SECRET, filled, slip

pytestmark = pytest.mark.django_db
ADDRESS = "/visits/conduct/new/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def unit():
    return factories.department("镇水利站")


@pytest.fixture
def send(client, campaign, unit):
    alice = people.alice()
    client.force_login(alice)
    return lambda **fields: client.post(ADDRESS, filled(unit, **fields))


def test_form_is_offered_beside_the_other_short_forms(client, campaign):
    client.force_login(people.alice())

    assert f'href="{ADDRESS}?campaign=' in client.get("/visits/records/").text
    assert "被评的单位看不到" in client.get(ADDRESS, follow=True).text


def test_slip_is_kept_and_whoever_filed_it_reads_only_that_it_was_received(send, client, unit):
    answer = send()

    kept = ConductSlip.objects.get()
    assert (kept.department, kept.attitude, kept.efficiency, kept.openness) == (unit, "poor", "", "fair")
    assert (kept.words, kept.place_id, kept.receipt_key) == (SECRET, GRID_A1, "")
    page = client.get(answer["Location"]).text
    assert "已收到" in page
    assert kept.number in page
    assert SECRET not in page
    assert "镇水利站" not in page
    assert SECRET not in client.get("/visits/records/").text


def test_queue_of_a_phone_is_answered_in_json(client, campaign, unit):
    alice = people.alice()
    client.force_login(alice)
    data = filled(unit)
    headers = {"accept": "application/json", "x-person": str(alice.pk)}

    first, again = (client.post(ADDRESS, data, headers=headers) for _try in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert ConductSlip.objects.count() == 1
    other = client.post(ADDRESS, {**data, "words": "另外的话"}, headers=headers)
    assert other.status_code == 409
    assert other.json()["conflict"]["stored"] is None if "conflict" in other.json() else True
    assert SECRET not in other.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"attitude": "", "openness": "", "words": ""}, "请至少评一项，或者写几句话。"),
        ({"department": ""}, "请选择说的是哪个单位。"),
        ({"words": "字" * 1001}, "最多 1000 字"),
        ({"attitude": "excellent"}, "选择一个有效的选项"),
        ({"place": GRID_B1}, "不在您的责任范围内"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(send, fields, sentence):
    factories.place(GRID_B1)
    assert sentence in send(**fields).text
    assert not ConductSlip.objects.exists()


def test_one_rating_or_words_alone_are_enough(send):
    send(attitude="", openness="", words="只写一句")
    send(attitude="good", openness="", words="")
    assert ConductSlip.objects.count() == 2


@pytest.mark.parametrize(
    "make_user", [people.bob, people.clerk, people.discipline, people.leader, people.nobody]
)
def test_whoever_files_no_records_files_no_slip(client, campaign, unit, make_user):
    client.force_login(make_user())

    assert client.post(ADDRESS, filled(unit)).status_code == 403
    assert not ConductSlip.objects.exists()


def test_campaign_that_is_over_takes_none(send, campaign):
    type(campaign).objects.update(state=CampaignState.CLOSED)

    assert send().status_code == 404
    assert not ConductSlip.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_same_form_twice_at_once_is_one_slip(campaign, unit):
    alice, data, barrier, answers = people.alice(), filled(unit), Barrier(2), []

    def hand_in():
        browser = Client()
        browser.force_login(alice)
        barrier.wait()
        answers.append(browser.post(ADDRESS, data).status_code)
        connection.close()

    threads = [Thread(target=hand_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [302, 302]
    assert ConductSlip.objects.count() == 1


def test_database_keeps_its_rules(campaign, unit):
    for wrong in (
        {"attitude": "", "words": ""},
        {"created_by": None},
        {"receipt_key": "a" * 64, "created_by": factories.user()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            slip(campaign, unit, **wrong)
    slip(campaign, unit, number="ZF-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        slip(campaign, unit, number="ZF-1")
    for _count in range(1):
        slip(campaign, unit, receipt_key="b" * 64, created_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        slip(campaign, unit, receipt_key="b" * 64, created_by=None)
