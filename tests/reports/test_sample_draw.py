"""Drawing visits to be inspected: what can be drawn, by whom, and that a draw can be made again."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns.enums import CampaignState
from reports import inspections
from reports.models import InspectionSample, SampledVisit
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_B1, TOWN, VILLAGE_A

from .inspecting import draw, record, visits_of

pytestmark = pytest.mark.django_db
URL = "/reports/inspections/draw/"


@pytest.fixture
def campaign():
    return factories.campaign()


def asked(**changes):
    values = {"client_id": uuid.uuid4(), "place": TOWN, "first_on": "2018-09-01", "last_on": "2018-09-30"}
    return {**values, "method": "random", "size": "2", **changes}


def drawn_visits(sample):
    return set(sample.visits.values_list("visit", flat=True))


def test_draw_takes_only_valid_counting_visits_of_place_and_period(campaign):
    alice, bob = people.alice(), people.inspector()
    good = visits_of(campaign, alice, 2)
    good += visits_of(campaign, alice, started_at=at("2018-09-01 00:00"))
    good += visits_of(campaign, alice, started_at=at("2018-09-30 23:59:59"), filed_at=at("2018-10-01"))
    visits_of(campaign, alice, started_at=at("2018-08-31 23:59:59"))
    visits_of(campaign, alice, started_at=at("2018-10-01 00:00"), filed_at=at("2018-10-01"))
    visits_of(campaign, alice, state="void", voided_at=at("2018-09-05"))
    visits_of(campaign, alice, outcome="not_in", people_met=None)
    visits_of(campaign, alice, grid=GRID_B1)
    visits_of(factories.campaign("other"), alice)
    [inspected] = visits_of(campaign, alice)
    inspected.inspections.create(asked_on=date(2018, 9, 5), is_reached=True)

    sample = draw(campaign, bob, code=VILLAGE_A, size=50)

    assert drawn_visits(sample) == {visit.pk for visit in good}
    assert sample.population == 4


def test_draw_never_takes_a_visit_twice(campaign):
    visits, bob = visits_of(campaign, people.alice(), 5), people.inspector()

    first, second = draw(campaign, bob, size=3), draw(campaign, bob, size=3)

    assert (len(drawn_visits(first)), len(drawn_visits(second))) == (3, 2)
    assert drawn_visits(first) | drawn_visits(second) == {visit.pk for visit in visits}
    with pytest.raises(ValidationError, match="没有还没抽过的有效走访"):
        draw(campaign, bob)
    with pytest.raises(IntegrityError), transaction.atomic():
        SampledVisit.objects.create(sample=first, visit=visits[0])


def test_draw_is_uniform(campaign):
    """Each of four visits in half of the draws of two, give or take: six pairs, all of them come up."""
    visits_of(campaign, people.alice(), 4)
    candidates = inspections._candidates(
        campaign, factories.place(TOWN), date(2018, 9, 1), date(2018, 9, 30), at=timezone.now()
    )

    pairs = Counter(
        frozenset(inspections._drawn(candidates, method="random", size=2, seed=str(seed))[0])
        for seed in range(300)
    )

    assert len(pairs) == 6
    assert all(30 <= times <= 72 for times in pairs.values())


def test_draw_can_be_made_again_from_its_seed(campaign):
    bob = people.inspector()
    visits_of(campaign, people.alice(), 12)
    first = draw(campaign, bob, size=4)
    second = draw(campaign, bob, size=4)
    for row in first.visits.select_related("visit"):
        record(row.visit, bob)

    for sample in (first, second):
        found = list(sample.visits.order_by("pk").values_list("visit", flat=True))
        assert inspections.drawn_again(sample) == found


def test_flagged_draw_takes_visits_with_hints_first_and_says_which(campaign):
    alice = people.alice()
    visits_of(campaign, alice, 6)
    flagged = visits_of(campaign, alice, 2, people_met=None)

    sample = draw(campaign, people.inspector(), method="flagged", size=3)

    hints = dict(sample.visits.values_list("visit", "hints"))
    assert len(hints) == 3
    assert [hints.pop(visit.pk) for visit in flagged] == [["met_nobody"], ["met_nobody"]]
    assert list(hints.values()) == [[]]
    assert set(inspections.drawn_again(sample)) == drawn_visits(sample)


def test_hint_of_today_flags_nothing_yet(campaign):
    """Whoever filed it is told first."""
    visits_of(campaign, people.alice(), people_met=None, filed_at=timezone.now())
    sample = draw(campaign, people.inspector(), method="flagged")
    assert list(sample.visits.values_list("hints", flat=True)) == [[]]


def test_draw_in_a_closed_campaign_or_outside_the_own_places_is_refused(campaign):
    visits_of(campaign, people.alice(), 2)
    with pytest.raises(ValidationError, match="在您的责任范围内"):
        draw(campaign, people.inspector(VILLAGE_A))
    for user in (people.village_office(), people.leader()):
        with pytest.raises(ValidationError, match="在您的责任范围内"):
            draw(campaign, user, code=VILLAGE_A)
    campaign.state = CampaignState.CLOSED
    campaign.save(update_fields=["state"])
    with pytest.raises(ValidationError, match="只有活动进行中"):
        draw(campaign, people.inspector())
    assert InspectionSample.objects.count() == 0


def test_form_sent_twice_is_one_draw(client, campaign):
    visits_of(campaign, people.alice(), 5)
    client.force_login(people.bob())
    form = asked()

    answers = [client.post(URL, form), client.post(URL, form)]

    sample = InspectionSample.objects.get()
    assert {answer.url for answer in answers} == {f"/reports/inspections/samples/{sample.pk}/"}
    assert sample.visits.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size": "0"}, "至少抽 1 条"),
        ({"size": "201"}, "一次最多抽 200 条"),
        ({"size": "多"}, "请填整数"),
        ({"first_on": "昨天"}, "请填写日期"),
        ({"last_on": "2018-08-31"}, "最后一天不能早于第一天"),
        ({"place": GRID_B1}, "请选择您责任范围内的地方"),
        ({"last_on": "2018-09-01"}, "没有还没抽过的有效走访"),
        ({"first_on": "0001-01-01"}, "请填写日期"),
        ({"last_on": "9999-12-31"}, "请填写日期"),
    ],
)
def test_bad_input_gets_a_sentence_and_draws_nothing(client, campaign, changes, sentence):
    visits_of(campaign, people.alice())
    client.force_login(people.inspector())
    page = client.post(URL, asked(**changes))
    assert sentence in page.content.decode()
    assert InspectionSample.objects.count() == 0


def test_form_of_somebody_elses_draw_draws_nothing_and_tells_nothing(client, campaign):
    visits_of(campaign, people.alice(), 5)
    foreign = draw(campaign, people.inspector(), size=1)
    client.force_login(people.bob())
    page = client.post(URL, asked(client_id=foreign.client_id))
    assert (page.status_code, "请再按一次“抽取”。" in page.text) == (200, True)
    assert list(InspectionSample.objects.all()) == [foreign]


@pytest.mark.parametrize("who", [people.alice, people.village_office, people.leader, people.clerk])
def test_others_may_not_draw(client, campaign, who):
    client.force_login(who())
    assert client.post(URL, asked()).status_code == 403
    assert InspectionSample.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_draws_at_once_share_no_visit(campaign):
    visits_of(campaign, people.alice(), 6)
    both, together = [people.inspector(), people.bob()], Barrier(2)

    def one(user):
        together.wait()
        try:
            return drawn_visits(draw(campaign, user, size=3))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(one, both)
    assert (len(first), len(second), first & second) == (3, 3, set())


def test_draw_of_nothing_or_backwards_is_refused_by_the_database(campaign):
    values = {"campaign": campaign, "place": factories.place(TOWN), "seed": "1", "drawn_by": people.bob()}
    values |= {"first_on": date(2018, 9, 2), "last_on": date(2018, 9, 2), "size": 1, "population": 1}
    for wrong in ({"size": 0}, {"last_on": date(2018, 9, 2) - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InspectionSample.objects.create(**values | wrong, client_id=uuid.uuid4())
