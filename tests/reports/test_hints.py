"""Each hint: what it is about and what it leaves alone; told to whoever filed it first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.enums import CampaignState
from reports.hints import HINTS, known_to_office
from tests import factories, people
from tests.counting import value
from tests.desk import queries, text
from tests.factories import at
from tests.workbooks import GRID_B1
from visits.figures import late_filed_share
from visits.models import OpinionMark, Visit

pytestmark = pytest.mark.django_db
NOTE = "门口下雨天积水，已记下，转给社区看看怎么疏通"
MINE = "/visits/mine/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def filed(campaign, alice):
    """A visit that no hint is about, unless the fields say otherwise."""

    def file(entry=None, **fields):
        values = {"filed_at": at("2018-09-03 21:00"), "filed_by": alice, "by": [alice.cadre], **fields}
        return factories.visit(campaign, entry or factories.household(), **values)

    return file


def about(key, visits=None):
    found = HINTS[key].rows(Visit.objects.all() if visits is None else visits)
    return set(found.values_list("pk", flat=True))


def keys(*visits):
    return {visit.pk for visit in visits}


def test_clean_visit_has_no_hint(filed):
    filed(note=NOTE)
    assert {key for key in HINTS if about(key)} == set()


def test_late_is_what_the_figure_counts(campaign, filed):
    late = filed(filed_at=at("2018-09-04 19:30:01"))
    paper = filed(filed_at=at("2018-09-09"), origin="paper")
    filed(filed_at=at("2018-09-04 19:30"))
    filed(ended_at=at("2018-09-03 20:00"), filed_at=at("2018-09-04 20:00"))
    filed(filed_at=at("2018-09-09"), origin="workbook")
    assert about("filed_late") == keys(late, paper)
    assert value(late_filed_share, campaign)[1:] == (2, 4)


def test_met_without_a_number_of_people(filed):
    blank = filed(people_met=None)
    filed(people_met=None, outcome="not_in")
    assert about("met_nobody") == keys(blank)


def test_visit_without_visitors(filed):
    nobody = filed(by=[])
    filed()
    assert about("without_visitors") == keys(nobody)


def test_same_door_and_day_with_a_common_visitor_is_suspected(filed, alice):
    home, other = factories.household(), factories.cadre()
    first = filed(home, by=[alice.cadre, other])
    second = filed(home, by=[other], started_at=at("2018-09-03 00:00"))
    filed(home, by=[other], started_at=at("2018-09-02 23:59:59"))
    filed(home, by=[factories.cadre()])
    filed(by=[other])
    assert about("twice_a_day") == keys(first, second)
    assert about("twice_a_day", Visit.objects.exclude(pk=second.pk)) == set()


def test_same_words_at_one_door_are_suspected(campaign, filed):
    home = factories.household()
    first, second, third, elsewhere = filed(home), filed(home), filed(home), filed()
    for visit, words in [(first, "积水"), (second, "积水"), (third, "路灯"), (elsewhere, "积水")]:
        factories.opinion(campaign, visit=visit, entry=visit.entry, words_verbatim=words)
    assert about("same_words") == keys(first, second)

    OpinionMark.objects.create(opinion=second.opinions.get(), kind="void", reason="填了两遍")
    assert about("same_words") == set()


def test_misconduct_reports_are_in_no_hint(campaign, filed):
    home = factories.household()
    for _ in range(2):
        visit = filed(home, by=[])
        factories.opinion(campaign, visit=visit, entry=home, restricted=True, words_verbatim="收了红包")
    assert about("same_words") == set()


def test_five_alike_notes_of_one_author_are_hinted_at(filed):
    alike = [filed(note=f"{NOTE}。{number}") for number in range(4)]
    other = people.bob()
    filed(note=NOTE, filed_by=other, by=[other.cadre])
    filed(note="路灯不亮，物业说明天来修，已告诉住户")
    assert about("alike") == set()

    alike.append(filed(note=f"{NOTE} "))
    assert about("alike") == keys(*alike)
    # Judged within what is asked: four of them are no hint.
    assert about("alike", Visit.objects.exclude(pk=alike[0].pk)) == set()


def test_author_of_paper_is_who_went_alone_not_who_typed(filed):
    typed = [filed(note=NOTE, origin="paper", by=[factories.cadre()]) for _ in range(5)]
    assert about("alike") == set()
    one = factories.cadre()
    own = [filed(note=NOTE, origin="paper", by=[one], filed_by=typed[0].filed_by) for _ in range(5)]
    assert about("alike") == keys(*own)


def test_more_than_forty_doors_in_a_day(filed, alice):
    doors = [factories.household(address=f"长街{number}号") for number in range(41)]
    first = [filed(door) for door in doors[:40]]
    first.append(filed(doors[0]))
    filed(started_at=at("2018-09-04 00:00"))
    assert about("crowded_day") == set()

    first.append(filed(doors[40], by=[factories.cadre(), alice.cadre]))
    assert about("crowded_day") == keys(*first)


# --- Told to the author first -------------------------------------------------------------------------------------


def test_office_knows_from_the_next_day_on(campaign, filed):
    today, yesterday = filed(filed_at=timezone.now()), filed(filed_at=timezone.now() - timedelta(days=1))
    corrected = filed()
    corrected.steps.create(move="corrected", reason="补人数")
    assert set(known_to_office(Visit.objects.all())) == {yesterday}
    assert today not in known_to_office(Visit.objects.all())


def mine(client, user):
    client.force_login(user)
    return client.get(MINE)


@pytest.fixture
def now_filed(filed):
    """Filed just now, at the door just now."""

    def file(entry=None, **fields):
        moment = timezone.now() - timedelta(minutes=1)
        return filed(entry, **{"started_at": moment, "filed_at": moment, **fields})

    return file


def test_author_reads_own_hints_at_once_and_nobody_elses(client, alice, now_filed):
    now_filed(factories.household(address="花溪路12号"), people_met=None)
    assert "见面没填人数" in text(mine(client, alice))
    assert "花溪路12号" in text(mine(client, alice))
    for other in (people.alice(), people.charlie(), people.bob()):
        assert "见面没填人数" not in text(mine(client, other))


def test_author_is_told_of_a_double_that_a_companion_filed(client, alice, now_filed):
    """Alice filed for two, one of whom filed again with somebody else."""
    home, other = factories.household(), people.alice()
    now_filed(home, by=[alice.cadre, other.cadre])
    now_filed(home, by=[other.cadre, factories.cadre()], filed_by=other)
    assert "疑似重复" in text(mine(client, alice))
    assert "疑似重复" in text(mine(client, other))


def test_void_visits_old_ones_and_closed_campaigns_are_hinted_at_no_more(client, campaign, alice, now_filed):
    now_filed(people_met=None, state="void", voided_at=timezone.now())
    now_filed(people_met=None, started_at=timezone.now() - timedelta(days=40))
    assert "见面没填人数" not in text(mine(client, alice))
    now_filed(people_met=None)
    assert "见面没填人数" in text(mine(client, alice))
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert "见面没填人数" not in text(mine(client, alice))


def test_own_hints_cost_the_same_for_one_and_three(client, alice, now_filed):
    client.force_login(alice)
    now_filed(people_met=None)
    one = queries(client, MINE)
    for grid in (GRID_B1, GRID_B1):
        now_filed(factories.household(grid), people_met=None)
    assert queries(client, MINE) == one
