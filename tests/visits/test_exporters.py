"""Rows of the workbook that visits, gatherings, materials and words give."""

import pytest

from grids.models import RegisterEntry
from grids.services import place_entry
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_B
from visits import exporters

pytestmark = pytest.mark.django_db
OTHER_GRID = "3304111062010001"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


def test_visits_of_another_campaign_and_void_ones_are_out(campaign, bob):
    entry = factories.household()
    kept = factories.visit(campaign, entry)
    factories.visit(factories.campaign("wangdian-2019"), entry)
    factories.visit(campaign, entry, state="void", voided_at=factories.at("2018-09-05"))
    assert list(exporters.visits(campaign, bob)) == [kept]


def test_took_part_names_a_place_for_everybody_and_nobody_else(campaign, bob):
    visitor, speaker, collector, _idle, elsewhere = (factories.cadre() for _ in range(5))
    factories.visit(campaign, factories.household(GRID_B1), [visitor])
    factories.visit(factories.campaign("wangdian-2019"), factories.household(GRID_B1), [elsewhere])
    talk = factories.gathering(campaign, VILLAGE_B)
    talk.speakers.create(cadre=speaker, name=speaker.name, category=speaker.category)
    factories.opinion(campaign, GRID_A1, collector=collector)
    assert exporters.took_part(campaign, bob) == {
        visitor.pk: GRID_B1,
        speaker.pk: VILLAGE_B,
        collector.pk: GRID_A1,
    }


def test_gone_entry_rows_show_what_was_visited_here_and_stands_elsewhere(campaign, bob):
    entry = factories.household(GRID_A1, number="H1")
    factories.visit(campaign, entry, started_at=factories.at("2018-09-01"))
    factories.visit(campaign, entry, started_at=factories.at("2018-09-02"))
    factories.visit(campaign, factories.household(GRID_B1))
    place_entry(
        entry, grid=factories.place(OTHER_GRID), state="active", from_on=factories.at("2018-09-10").date()
    )
    entries = RegisterEntry.objects.visible_to(bob)
    assert list(exporters.gone_entry_rows(campaign, bob, entries)) == [
        {"number": "H1", "kind": "household", "grid": GRID_A1, "address": "花溪路1号", "state": "moved"}
    ]


def test_gathering_rows_name_the_speakers(campaign, bob):
    speaker = factories.cadre(staff_number="W1")
    talk = factories.gathering(campaign, VILLAGE_B, number="G1", speaker_level="county", topic="垃圾分类")
    talk.speakers.create(cadre=speaker, name=speaker.name, category=speaker.category)
    (row,) = exporters.gathering_rows(campaign, bob)
    assert row == {
        "number": "G1",
        "kind": "evening_talk",
        "held_on": factories.at("2018-08-01").date(),
        "place": VILLAGE_B,
        "topic": "垃圾分类",
        "venue": "",
        "speaker_level": "county",
        "speakers": ["W1"],
        "attendance": 60,
    }


def test_material_rows_name_the_visit(campaign, bob):
    visit = factories.visit(campaign, factories.household(), number="V1")
    factories.handout(campaign, number="M1", visit=visit)
    factories.handout(campaign, number="M2")
    factories.handout(campaign, number="M3", voided_at=factories.at("2018-09-05"), void_reason="重复")
    assert [(row["number"], row["visit"]) for row in exporters.material_rows(campaign, bob)] == [
        ("M1", "V1"),
        ("M2", None),
    ]


@pytest.mark.parametrize("person", [people.charlie, people.clerk, people.discipline, people.nobody])
def test_rows_of_a_place_are_unknown_to_strangers(campaign, person):
    entry = factories.household(GRID_A1)
    factories.visit(campaign, entry)
    factories.opinion(campaign, GRID_A1)
    factories.opinion(campaign, GRID_A1, restricted=True)
    factories.gathering(campaign, GRID_A1)
    factories.handout(campaign, GRID_A1)
    user = person()
    sources = (exporters.visits, exporters.opinions, exporters.gatherings, exporters.handouts)
    assert [list(source(campaign, user)) for source in sources] == [[], [], [], []]
