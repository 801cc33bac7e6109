"""Asking about a drawn visit: who may, what is kept, and what the figure makes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.enums import CampaignState
from reports.figures import inspection_confirmed_rate
from reports.models import Inspection
from tests import factories, people
from tests.counting import parts, value
from tests.desk import text
from tests.workbooks import GRID_B1, VILLAGE_A, VILLAGE_B

from .inspecting import DENIED, draw, drawn, record, visits_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign(last_on=date(2100, 1, 1))


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def visit(campaign, alice):
    return drawn(campaign, people.inspector(), alice, note="说了积水的事")


def url(visit):
    return f"/reports/inspections/visits/{visit.pk}/"


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def days_ago(number):
    """Earlier tries: the day of each is moved back."""
    for inspection in Inspection.objects.all():
        Inspection.objects.filter(pk=inspection.pk).update(
            asked_on=inspection.asked_on - timezone.timedelta(days=number)
        )


def rate(campaign):
    return value(inspection_confirmed_rate, campaign, timezone.localdate().isoformat())


# --- What is kept -----------------------------------------------------------------------------------------------


def test_page_shows_recorded_found_and_words_side_by_side_with_names_masked(client, visit):
    client.force_login(people.inspector())

    before = text(client.get(url(visit)))
    assert "说了积水的事" in before
    assert "艾*" in before and "艾一丽" not in before
    answer = client.post(url(visit), DENIED)

    assert said(answer) == ["已记下抽查结果。"]
    kept = Inspection.objects.get()
    assert (kept.way, kept.is_reached, kept.is_confirmed) == ("door", True, False)
    after = text(client.get(url(visit)))
    assert all(words in after for words in ("说了积水的事", "没有人来过", "没见过", "不属实"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"found": " "}, "请写明与记录有什么不一样。"),
        ({"result": ""}, "请选择结果。"),
        ({"way": "dream"}, "选择"),
        ({"result": "not_reached"}, "没有联系上，就没有群众原话"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_lost(client, visit, changes, sentence):
    client.force_login(people.inspector())
    page = client.post(url(visit), DENIED | changes)
    assert sentence in text(page)
    assert "没见过" in page.content.decode()
    assert Inspection.objects.count() == 0


def test_form_sent_twice_is_one_inspection(client, visit):
    client.force_login(people.inspector())
    answers = [client.post(url(visit), DENIED) for _ in range(2)]
    assert Inspection.objects.count() == 1
    assert [said(answer)[-1] for answer in answers] == ["已记下抽查结果。"] * 2


# --- Somebody else asks -----------------------------------------------------------------------------------------


def test_whoever_went_along_or_filed_does_not_ask(client, campaign, alice):
    filer, companion = people.bob(), people.inspector()
    home = factories.household()
    visit = factories.visit(
        campaign, home, by=[alice.cadre, companion.cadre], filed_by=filer, filed_at=factories.at("2018-09-03")
    )
    draw(campaign, people.inspector())

    for user in (filer, companion):
        with pytest.raises(ValidationError, match="请由别人来抽查"):
            record(visit, user)
        client.force_login(user)
        assert "请由别人来抽查" in text(client.get(url(visit)))
    assert Inspection.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (lambda: people.inspector(VILLAGE_B), 404),
        (lambda: people.bob(VILLAGE_B), 404),
        (people.alice, 403),
        (people.charlie, 403),
        (people.village_office, 403),
        (people.leader, 403),
        (people.discipline, 403),
    ],
)
def test_strangers_find_nothing_and_record_nothing(client, visit, who, status):
    client.force_login(who())
    assert client.get(url(visit)).status_code == status
    assert client.post(url(visit), DENIED).status_code == status
    assert Inspection.objects.count() == 0


def test_visit_that_was_not_drawn_has_no_page(client, campaign, alice):
    [visit] = visits_of(campaign, alice)
    client.force_login(people.inspector())
    assert client.get(url(visit)).status_code == 404
    with pytest.raises(ValidationError, match="没有被抽中"):
        record(visit, people.inspector())


def test_closed_campaign_and_void_visit_are_asked_about_no_more(campaign, visit, alice):
    other = drawn(campaign, people.inspector(), alice)
    other.state, other.voided_at = "void", timezone.now()
    other.save()
    with pytest.raises(ValidationError, match="已经作废"):
        record(other, people.inspector())
    campaign.state = CampaignState.CLOSED
    campaign.save()
    with pytest.raises(ValidationError, match="活动已经结束"):
        record(visit, people.inspector())


def test_nobody_reached_is_tried_on_three_days_and_then_out_of_the_share(campaign, visit):
    inspector = people.inspector()
    for number in range(3):
        record(visit, inspector, reached=False)
        if number == 0:
            with pytest.raises(ValidationError, match="今天已经联系过这一户"):
                record(visit, people.bob())
        days_ago(1)
    with pytest.raises(ValidationError, match="试过三次都没有联系上"):
        record(visit, inspector)
    assert rate(campaign) == (None, 0, 0)


def test_share_confirmed_is_the_figures_own(campaign, alice):
    """Confirmed 2, denied 1; not reached, void later and another campaign's do not count."""
    inspector = people.inspector()
    visits = visits_of(campaign, alice, 4) + visits_of(campaign, alice, grid=GRID_B1)
    [void] = visits_of(campaign, alice)
    other = factories.campaign("other", last_on=date(2100, 1, 1))
    [elsewhere] = visits_of(other, alice)
    draw(campaign, inspector, size=50)
    draw(other, inspector)
    record(visits[0], inspector)
    record(visits[1], inspector, confirmed=False)
    record(visits[2], inspector, reached=False)
    record(visits[4], inspector)
    record(void, inspector)
    record(elsewhere, inspector)
    void.state, void.voided_at = "void", timezone.now()
    void.save()

    assert rate(campaign) == (66.7, 2, 3)
    by_village = parts(inspection_confirmed_rate, campaign, "village", timezone.localdate().isoformat())
    assert by_village == {VILLAGE_A: 50.0, VILLAGE_B: 100.0}


# --- Certainties ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_reached": False, "is_confirmed": True},
        {"way": "phone", "is_reached": True, "is_confirmed": False, "found": ""},
        {"is_reached": False, "words_verbatim": "来过"},
    ],
)
def test_database_refuses_what_cannot_be(visit, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.create(visit=visit, asked_on=date(2018, 9, 12), **wrong)


@pytest.mark.django_db(transaction=True)
def test_two_inspectors_at_once_one_wins_and_the_other_is_told(visit):
    both, together = [people.inspector(), people.bob()], Barrier(2)

    def one(user):
        together.wait()
        try:
            record(visit, user, words_verbatim=f"来过 {user.pk}")
        except ValidationError as refusal:
            return refusal.message
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(one, both))
    winner = Inspection.objects.get().by
    assert answers[0] == "won"
    assert f"{winner.display_name}已经在" in answers[1]
