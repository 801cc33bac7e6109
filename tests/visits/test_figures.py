"""Hand-counted figures of households, visits, gatherings, materials and words: one example a rule."""

from datetime import date, timedelta

import pytest

from campaigns.models import CampaignOutcome
from grids.models import Grid
from grids.services import place_entry
from tests import factories
from tests.counting import last_second, parts, value
from tests.factories import at, gathering, handout, household, opinion, visit
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B
from visits import figures
from visits.models import GatheringSpeaker, OpinionMark, Visit

pytestmark = pytest.mark.django_db
ELSEWHERE = "3304021000010001"
LOTS = ["visited", "not_in", "vacant", "refused", "remote", "untried"]


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def other():
    """Another campaign over the same register."""
    return factories.campaign("other")


def lots(campaign, as_of="2018-09-30"):
    """The six lots of households to visit, without the empty ones; they add up."""
    found = {lot: value(getattr(figures, f"households_{lot}"), campaign, as_of) for lot in LOTS}
    assert sum(found.values()) == value(figures.households, campaign, as_of)
    return {lot: n for lot, n in found.items() if n}


def void(record, when, **fields):
    type(record).objects.filter(pk=record.pk).update(voided_at=at(when), **fields)


def void_visit(record, when):
    void(record, when, state="void")


# --- The register ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "lot"),
    [
        ("met", "visited"),
        ("remote", "remote"),
        ("not_in", "not_in"),
        ("vacant", "vacant"),
        ("refused", "refused"),
    ],
)
def test_household_stands_where_its_latest_visit_left_it(campaign, outcome, lot):
    home = household()
    visit(campaign, home, outcome="refused" if outcome == "not_in" else "not_in", started_at=at("2018-08-01"))
    visit(campaign, home, outcome=outcome)

    assert lots(campaign) == {lot: 1}
    assert lots(campaign, "2018-07-31") == {"untried": 1}


def test_household_once_visited_stays_visited(campaign):
    home = household()
    visit(campaign, home, started_at=at("2018-08-01"))
    visit(campaign, home, outcome="refused")

    assert lots(campaign) == {"visited": 1}
    assert value(figures.visit_coverage, campaign) == (100.0, 1, 1)


@pytest.mark.parametrize("outcome", ["moved", "demolished"])
def test_household_found_gone_is_no_longer_to_visit(campaign, outcome):
    home = household()
    visit(campaign, home, started_at=at("2018-08-01"))
    visit(campaign, home, outcome=outcome, started_at=at("2018-08-02"))

    assert lots(campaign, "2018-08-01") == {"visited": 1}
    assert lots(campaign, "2018-08-02") == {}
    assert value(figures.visit_coverage, campaign) == (None, 0, 0)
    visit(campaign, home, outcome="not_in", started_at=at("2018-08-03"))
    assert lots(campaign) == {"visited": 1}


@pytest.mark.parametrize(
    ("state", "wanted"),
    [("active", {"untried": 1}), ("vacant", {"vacant": 1}), ("moved", {}), ("demolished", {})],
)
def test_household_never_tried_stands_as_the_register_says(campaign, state, wanted):
    household(state=state)

    assert lots(campaign) == wanted


def test_households_visited_forget_void_visits_from_the_moment_of_voiding(campaign):
    void_visit(visit(campaign, household()), "2018-09-10 08:00")

    assert lots(campaign, "2018-09-09") == {"visited": 1}
    assert lots(campaign, "2018-09-10 07:59:59") == {"visited": 1}
    assert lots(campaign, "2018-09-10 08:00") == {"untried": 1}


def test_households_visited_by_another_campaign_or_before_this_one_are_not_ours(campaign, other):
    home = household()
    visit(other, home)
    visit(campaign, home, started_at=last_second("2018-06-30"))

    assert lots(campaign) == {"untried": 1}
    assert lots(other) == {"visited": 1}


def test_households_of_another_area_are_not_to_visit(campaign):
    visit(campaign, household(ELSEWHERE))

    assert lots(campaign) == {}


def test_household_counts_in_the_grid_of_the_cut_off(campaign):
    home = household(GRID_A1)
    visit(campaign, home)
    factories.place(GRID_B1)
    place_entry(home, grid=Grid.objects.get(code=GRID_B1), state="active", from_on=date(2018, 9, 10))

    assert parts(figures.households_visited, campaign, "grid", "2018-09-09") == {GRID_A1: 1}
    assert parts(figures.households_visited, campaign, "grid", "2018-09-10") == {GRID_B1: 1}
    assert parts(figures.visits, campaign, "grid", "2018-09-10") == {GRID_A1: 1}


def test_remote_counts_where_the_campaign_says_so(campaign):
    CampaignOutcome.objects.filter(campaign=campaign, outcome="remote").update(counts_as_visited=True)
    visit(campaign, household(), outcome="remote")

    assert lots(campaign) == {"visited": 1}
    assert value(figures.visits, campaign) == 1


def test_households_visited_in_a_period_are_those_visited_first_in_it(campaign):
    home = household()
    visit(campaign, home, outcome="not_in", started_at=at("2018-08-30"))
    visit(campaign, home, started_at=last_second("2018-09-02"))
    visit(campaign, home, started_at=at("2018-09-03 00:00"))
    visit(campaign, household(), started_at=at("2018-09-03 00:00"))

    def visited(first, last):
        return value(figures.households_visited, campaign, first=first, last=last)

    assert [visited("2018-08-27", "2018-09-02"), visited("2018-09-03", "2018-09-09")] == [1, 1]
    assert value(figures.visit_coverage, campaign, first="2018-09-03", last="2018-09-09") == (100.0, 2, 2)


def test_enterprises_follow_the_rule_of_households(campaign):
    made = [household(kind="enterprise", state=state) for state in ("active", "active", "moved")]
    visit(campaign, made[0])
    visit(campaign, household(kind="shop"))
    household()

    assert value(figures.enterprises, campaign) == 2
    assert value(figures.enterprises_visited, campaign) == 1
    assert value(figures.enterprises_visited, campaign, first="2018-09-04") == 0


# --- Visits ---------------------------------------------------------------------------------------------------


def test_visits_count_valid_and_counting_ones_of_the_day(campaign, other):
    home = household()
    for moment in ("2018-09-03 00:00:00", "2018-09-03 23:59:59"):
        visit(campaign, home, started_at=at(moment))
    for moment in ("2018-09-02 23:59:59", "2018-09-04 00:00:00"):
        visit(campaign, home, started_at=at(moment))
    visit(campaign, home, outcome="not_in")
    void_visit(visit(campaign, home), "2018-09-03 20:00")
    visit(campaign, home, state="sent_back")
    visit(other, home)

    assert value(figures.visits, campaign, first="2018-09-03", last="2018-09-03") == 3
    assert value(figures.visits, campaign, "2018-09-03 23:59:59") == 4
    assert value(figures.visits, campaign) == 5


def test_visits_go_to_households_and_schools_apart(campaign):
    for kind in ("household", "school", "school", "enterprise", "shop"):
        visit(campaign, household(kind=kind), people_met=2)
    visit(campaign, household(kind="school"), outcome="not_in")

    assert value(figures.visits, campaign) == 1
    assert value(figures.school_visits, campaign) == 2
    assert value(figures.people_met, campaign) == 10


def test_cadre_visits_sum_who_took_part_by_the_department_of_that_day(campaign):
    environment = factories.department("环保所")
    first, second = factories.cadre(department=environment), factories.cadre()
    visit(campaign, household(), by=[first, second])
    visit(campaign, household(GRID_B1), by=[first])
    visit(campaign, household(), by=[second], outcome="refused")
    first.department = factories.department("城建办")
    first.save()

    assert value(figures.cadre_visits, campaign) == 3
    assert parts(figures.cadre_visits, campaign, "village") == {VILLAGE_A: 2, VILLAGE_B: 1}
    assert parts(figures.cadre_visits, campaign, "department") == {"环保所": 2, "": 1}


def test_people_met_takes_a_blank_as_nobody(campaign):
    visit(campaign, household(), people_met=None)
    assert value(figures.people_met, campaign) == 0

    visit(campaign, household(), people_met=3)
    assert value(figures.people_met, campaign) == 3


@pytest.mark.parametrize(("beyond", "late"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("has_end", [True, False])
def test_late_filed_is_more_than_a_day_after_the_end_or_else_the_start(campaign, beyond, late, has_end):
    start = at("2018-09-03 19:30")
    end = start + timedelta(hours=2) if has_end else None
    filed = (end or start) + timedelta(hours=24, seconds=beyond)
    home = household()
    visit(campaign, home, started_at=start, ended_at=end, filed_at=filed)
    workbook = {"origin": Visit.Origin.WORKBOOK, "filed_at": at("2018-12-01")}
    visit(campaign, home, **workbook)
    visit(campaign, home, outcome="not_in", filed_at=at("2018-12-01"))

    assert value(figures.late_filed_share, campaign) == (100.0 * late, late, 1)


def test_late_filed_counts_what_was_typed_from_paper(campaign):
    """By the letter only workbooks are out: a sheet typed two days after the visit was filed late."""
    start = at("2018-09-03 19:30")
    for hours in (24, 48):
        filed = start + timedelta(hours=hours)
        visit(campaign, household(), started_at=start, filed_at=filed, origin=Visit.Origin.PAPER)

    assert value(figures.late_filed_share, campaign) == (50.0, 1, 2)


def test_late_filed_has_no_value_when_all_came_by_workbook(campaign):
    visit(campaign, household(), origin=Visit.Origin.WORKBOOK)

    assert value(figures.late_filed_share, campaign) == (None, 0, 0)


def test_departments_are_those_of_valid_visits_and_gatherings(campaign):
    def from_(name):
        return factories.cadre(department=factories.department(name))

    both = from_("环保所")
    visit(campaign, household(), by=[both, factories.cadre()], outcome="not_in")
    void_visit(visit(campaign, household(), by=[from_("城建办")]), "2018-09-04")
    talk = gathering(campaign, VILLAGE_B)
    for cadre in (both, from_("派出所")):
        GatheringSpeaker.objects.create(
            gathering=talk, cadre=cadre, name=cadre.name, category=cadre.category, department=cadre.department
        )

    assert value(figures.departments, campaign) == 2
    assert value(figures.departments, campaign, first="2018-09-01") == 1
    assert parts(figures.departments, campaign, "village") == {VILLAGE_A: 1, VILLAGE_B: 2}


# --- Gatherings and materials ---------------------------------------------------------------------------------


def test_gatherings_by_day_kind_and_place(campaign, other):
    gathering(campaign, kind="reception", attendance=None)
    gathering(campaign, TOWN, kind="visiting_reception", attendance=7)
    gathering(campaign, held_on=date(2018, 8, 2))
    gathering(campaign, held_on=date(2018, 6, 30))
    void(gathering(campaign), "2018-08-05", void_reason="重复")
    gathering(other)

    assert [value(figures.gatherings, campaign, day) for day in ("2018-07-31", "2018-08-01")] == [0, 3]
    assert value(figures.gatherings, campaign) == 3
    assert value(figures.gatherings, campaign, first="2018-08-02", last="2018-08-02") == 1
    assert parts(figures.gatherings, campaign, "village") == {VILLAGE_A: 2, "": 1}
    assert value(figures.gathering_attendance, campaign) == 67
    assert value(figures.receptions, campaign) == 2
    by_kind = value(figures.gatherings_by_kind, campaign)
    assert len(by_kind) == 18
    found = {kind: n for kind, n in by_kind.items() if n}
    assert found == {"evening_talk": 1, "reception": 1, "visiting_reception": 1}


def test_materials_sum_copies_by_kind(campaign, other):
    handout(campaign, copies=300)
    handout(campaign, copies=20, kind="letter", given_on=date(2018, 8, 2))
    void(handout(campaign, copies=5), "2018-08-05", void_reason="重复")
    handout(other)

    assert value(figures.materials_handed_out, campaign) == 320
    assert value(figures.materials_handed_out, campaign, first="2018-08-02") == 20
    by_kind = value(figures.materials_by_kind, campaign)
    assert len(by_kind) == 9
    assert {kind: n for kind, n in by_kind.items() if n} == {"booklet": 300, "letter": 20}


# --- Words ----------------------------------------------------------------------------------------------------


def test_opinions_leave_out_void_words_from_that_moment_and_restricted_ones_always(campaign, other):
    opinion(campaign, heard_at=at("2018-09-03 00:00:00"))
    opinion(campaign, heard_at=last_second("2018-09-03"), source="letter")
    void_one = opinion(campaign)
    OpinionMark.objects.create(opinion=void_one, kind="void", at=at("2018-09-05"), reason="重复")
    opinion(campaign, restricted=True)
    opinion(campaign, nature="report")
    opinion(campaign, heard_at=last_second("2018-06-30"))
    opinion(other)

    assert [value(figures.opinions, campaign, day) for day in ("2018-09-02", "2018-09-03")] == [0, 3]
    assert value(figures.opinions, campaign) == 2
    assert value(figures.opinions, campaign, first="2018-09-04") == 0
    by_source = value(figures.opinions_by_source, campaign)
    assert len(by_source) == 14
    assert {source: n for source, n in by_source.items() if n} == {"visit": 1, "letter": 1}


def test_corrected_words_count_once_at_every_cut_off(campaign):
    old = opinion(campaign)
    opinion(campaign, corrects=old, created_at=at("2018-09-05"), heard_at=old.heard_at)
    OpinionMark.objects.create(opinion=old, kind="void", at=at("2018-09-05"), reason="更正")

    assert [value(figures.opinions, campaign, day) for day in ("2018-09-04", "2018-09-05")] == [1, 1]


def test_suggestions_are_opinions_of_that_nature(campaign):
    opinion(campaign, nature="suggestion")
    opinion(campaign)

    assert value(figures.suggestions, campaign) == 1
    assert parts(figures.suggestions, campaign, "grid") == {GRID_A1: 1}
    assert parts(figures.suggestions, campaign, "department") is None
