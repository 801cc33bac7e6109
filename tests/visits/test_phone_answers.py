"""What the queue of a phone is told: POST /visits/new/ that asks for JSON."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.enums import CampaignState
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import Handout, Opinion, Visit

from .forms import by, file_address, filled, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def entry(campaign):
    return factories.household(address="花溪路12号", holder_name="张三丰")


def hand_in(client, user, entry, data, **headers):
    """As the queue does it: it wants JSON, and says whose form it is."""
    headers = {"accept": "application/json", "x-person": str(user.pk), **headers}
    return client.post(file_address(entry), data, headers=headers)


@pytest.fixture
def send(client, alice, entry):
    """send(**fields): Alice's phone sends a form; opinions come first."""
    client.force_login(alice)
    return lambda *opinions, **fields: hand_in(
        client, alice, entry, filled(*opinions, **{"cadres": [by(alice)], **fields})
    )


# --- Arrived ------------------------------------------------------------------------------------------------


def test_new_visit_is_confirmed_under_its_own_identity(send):
    identity = str(uuid4())
    answer = send(("problem", "积水"), client_id=identity)
    visit = Visit.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "filed": {
            "id": identity,
            "number": visit.number,
            "url": reverse("visits:visit_detail", args=[visit.pk]),
        }
    }


def test_a_hundredth_try_is_told_the_same_visit(send):
    identity = str(uuid4())
    first = send(("problem", "积水"), client_id=identity, filed_on_phone_at="2018-09-10T11:31:00.000Z")
    again = send(("problem", "积水"), client_id=identity, filed_on_phone_at="2018-09-10T12:00:00.000Z")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (Visit.objects.count(), Opinion.objects.count()) == (1, 1)


def test_visit_of_this_very_minute_sent_twice_is_one_visit(send):
    """The start is a minute as typed: the seconds of the answer have no part in it."""
    identity, minute = str(uuid4()), f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    answers = [send(client_id=identity, started_at=minute).status_code for _ in range(3)]
    assert answers == [201, 200, 200]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2018-09-10T11:31:00.000Z", "2018-09-10 19:31"),
        ("1970-01-02T00:00:00.000Z", "1970-01-02 08:00"),
        ("2018-09-10T11:31", None),
        ("+010000-01-01T00:00:00.000Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2018-13-45T00:00:00Z", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_phone_time_is_kept_beside_the_server_time_and_never_refuses(send, said, kept):
    before = timezone.now()
    assert send(filed_on_phone_at=said).status_code == 201
    visit = Visit.objects.get()
    assert visit.filed_on_phone_at == (factories.at(kept) if kept else None)
    assert before <= visit.filed_at <= timezone.now()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("48", 48),
        ("3600", 3600),
        ("99999", 3600),
        ("0", None),
        ("-5", None),
        ("4.5", None),
        ("很久", None),
        ("", None),
    ],
)
def test_seconds_of_the_phone_are_kept_to_an_hour_and_never_refuse(send, said, kept):
    assert send(seconds=said).status_code == 201
    assert Visit.objects.get().filling_seconds == kept


def test_seconds_are_no_part_of_what_a_form_says(send):
    identity = str(uuid4())
    answers = [send(client_id=identity, seconds=seconds).status_code for seconds in ("30", "95")]
    assert answers == [201, 200]
    assert Visit.objects.get().filling_seconds == 30


def test_what_was_handed_out_is_one_copy_of_each(send, entry, campaign, alice):
    send(materials=["contact_card", "booklet", "booklet"])
    visit = Visit.objects.get()
    rows = Handout.objects.order_by("number").values_list(
        "number", "kind", "copies", "visit", "place", "given_on", "campaign", "created_by"
    )
    day = factories.at("2018-09-10").date()
    rest = (1, visit.pk, GRID_A1, day, campaign.pk, alice.pk)
    assert list(rows) == [
        (f"{visit.number}-M1", "booklet", *rest),
        (f"{visit.number}-M2", "contact_card", *rest),
    ]


def test_number_of_a_handout_that_is_taken_makes_the_visits_number_longer(send, campaign):
    identity = uuid4()
    short = f"20180910-{identity.hex[:8].upper()}"
    factories.handout(campaign, number=f"{short}-M1")
    assert send(client_id=str(identity), materials=["booklet"]).status_code == 201
    assert Visit.objects.get().number == f"20180910-{identity.hex.upper()}"
    assert Handout.objects.filter(visit__isnull=False).count() == 1


def test_what_was_done_on_the_spot_stays_with_the_words(send):
    fields = {"opinions-0-done": "当场换了灯泡", "materials": ["booklet"]}
    identity = str(uuid4())
    answers = [
        send(("problem", "灯不亮"), client_id=identity, **fields),
        send(("problem", "灯不亮"), client_id=identity, **fields | {"opinions-0-done": "别的"}),
    ]
    assert [answer.status_code for answer in answers] == [201, 409]
    opinion = Opinion.objects.get()
    assert (opinion.words_verbatim, opinion.done_on_spot) == ("灯不亮", "当场换了灯泡")


# --- Not arrived --------------------------------------------------------------------------------------------


def test_complaints_come_by_field_in_chinese(send):
    answer = send(
        ("", "路灯不亮"), outcome="", cadres=[], materials=["gold"], **{"opinions-1-done": "换了灯泡"}
    )
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert errors.pop("materials")
    assert errors == {
        "outcome": ["请选择走访结果。"],
        "cadres": ["请至少勾选一位走访人。"],
        "opinions-0-nature": ["请选择这条诉求的性质。"],
        "opinions-1-words": ["请写下居民的原话。"],
    }
    assert not Visit.objects.exists()


def test_form_without_its_rows_of_opinions_is_refused_as_a_whole(client, alice, entry):
    client.force_login(alice)
    data = filled(cadres=[by(alice)])
    del data["opinions-TOTAL_FORMS"]
    answer = hand_in(client, alice, entry, data)
    assert answer.json() == {"errors": {"": ["表单不完整，诉求没有送到。请重新打开填报页。"]}}


def test_other_content_is_told_both_versions(send):
    identity = str(uuid4())
    send(("problem", "积水"), ("report", "收红包"), client_id=identity, note="第一份", materials=["booklet"])
    answer = send(("problem", "停电"), client_id=identity, note="第二份")
    told = answer.json()
    assert answer.status_code == 409
    assert told["stored"] == reverse("visits:visit_detail", args=[Visit.objects.get().pk])
    assert [row[:3] for row in told["rows"] if row[3]] == [
        ["手记", "第一份", "第二份"],
        ["发放资料", "宣传册", ""],
        ["诉求原话", "【问题】积水", "【问题】停电"],
    ]


def test_strangers_identity_tells_nothing_about_its_visit(client, send, alice, entry):
    identity = str(uuid4())
    send(client_id=identity, note="艾一丽的手记")
    stranger, other = people.charlie(), factories.household(GRID_B1)
    client.force_login(stranger)
    answer = hand_in(client, stranger, other, filled(cadres=[by(stranger)], client_id=identity))
    assert answer.status_code == 409
    assert answer.json()["stored"] is None
    assert "艾一丽" not in answer.content.decode()


def test_signed_out_phone_is_told_so_and_not_led_to_a_page(client, alice, entry):
    answer = hand_in(client, alice, entry, filled(cadres=[by(alice)]))
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


@pytest.mark.parametrize("person", ["", "0"])
def test_form_of_another_person_is_not_filed_by_who_is_signed_in_now(client, alice, entry, person):
    client.force_login(alice)
    data = filled(cadres=[by(alice)])
    answer = hand_in(client, alice, entry, data, **{"x-person": person})
    assert answer.status_code == 401
    assert not Visit.objects.exists()


def test_stranger_cannot_file_for_a_household_elsewhere(client, entry):
    stranger = people.charlie()
    client.force_login(stranger)
    answer = hand_in(client, stranger, entry, filled(cadres=[by(stranger)]))
    assert answer.status_code == 404
    assert "花溪路" not in answer.content.decode()


def test_closed_campaign_takes_nothing_and_role_that_does_not_visit_neither(client, send, entry, campaign):
    office = people.leader()
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert send().status_code == 404
    client.force_login(office)
    assert hand_in(client, office, entry, filled(cadres=[by(office)])).status_code == 403


def test_filing_without_a_fresh_token_is_refused(alice, entry):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    data = filled(cadres=[by(alice)])
    assert hand_in(browser, alice, entry, data).status_code == 403
    token = browser.get(reverse("visits:phone_key"), headers={"accept": "application/json"}).json()["csrf"]
    assert hand_in(browser, alice, entry, data, **{"x-csrftoken": token}).status_code == 201


# --- At once, and its cost ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_four_tries_at_the_same_moment_make_one_visit(alice, entry):
    data = filled(("problem", "积水"), cadres=[by(alice)], materials=["booklet"])
    start, answers = Barrier(4), []

    def post():
        browser = Client()
        browser.force_login(alice)
        start.wait()
        try:
            answers.append(hand_in(browser, alice, entry, data).status_code)
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 200, 201]
    assert (Visit.objects.count(), Opinion.objects.count(), Handout.objects.count()) == (1, 1, 1)


def test_filing_from_the_queue_costs_what_the_page_costs(client, alice, entry):
    client.force_login(alice)
    data = filled(("problem", "积水"), cadres=[by(alice)])
    answer, sent = statements(lambda: hand_in(client, alice, entry, data))
    assert answer.status_code == 201
    assert len(sent) == 8, "\n".join(sent)
