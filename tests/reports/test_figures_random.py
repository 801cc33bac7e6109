"""The engine's SQL and the slow reference agree on every figure, total and row, over random campaigns."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from django.db import transaction

from campaigns.models import CalendarDay, Campaign, CampaignOutcome, Team, TeamMember, TeamPlace
from canvass.figures import CATEGORY, DEPARTMENT, GRID, TOWN, VILLAGE, Scope
from canvass.shared import shared_queries
from grids.enums import CadreCategory
from grids.models import Cadre, Department, Place, Posting, RegisterEntry, RegisterPeriod
from issues.enums import SupervisionColour
from issues.models import (
    Category,
    Deed,
    FollowUp,
    Issue,
    IssueStep,
    SuggestionAnswer,
    SupervisionSlip,
)
from reports.breakdown import rows_by, totals
from reports.catalogue import FIGURES
from reports.models import Inspection
from visits.enums import GatheringKind, MaterialKind, OpinionSource
from visits.models import (
    Gathering,
    GatheringSpeaker,
    Handout,
    Opinion,
    OpinionMark,
    Visit,
    VisitCadre,
)

from .random_campaign import RandomCampaign
from .reference_figures import SHANGHAI, Reference

pytestmark = pytest.mark.django_db

TABLES = {
    "campaign": Campaign,
    "campaign_outcome": CampaignOutcome,
    "team": Team,
    "team_place": TeamPlace,
    "team_member": TeamMember,
    "calendar_day": CalendarDay,
    "department": Department,
    "cadre": Cadre,
    "posting": Posting,
    "place": Place,
    "entry": RegisterEntry,
    "period": RegisterPeriod,
    "visit": Visit,
    "visit_cadre": VisitCadre,
    "gathering": Gathering,
    "gathering_speaker": GatheringSpeaker,
    "handout": Handout,
    "opinion": Opinion,
    "opinion_mark": OpinionMark,
    "suggestion_answer": SuggestionAnswer,
    "deed": Deed,
    "issue": Issue,
    "issue_step": IssueStep,
    "follow_up": FollowUp,
    "slip": SupervisionSlip,
    "inspection": Inspection,
}


def _at(day, moment=time.max):
    return datetime.combine(day, moment, SHANGHAI)


LEVELS = [TOWN, VILLAGE, GRID, DEPARTMENT, CATEGORY]
# as_of, first, last: cut-offs at day's edges, in the past and long after; with and without a period.
QUESTIONS = [
    (_at(date(2026, 1, 1)), None, None),
    (_at(date(2018, 9, 9)), None, None),
    (_at(date(2018, 9, 10), time(0)), None, None),
    (_at(date(2018, 9, 3), time(12)), date(2018, 9, 3), date(2018, 9, 9)),
    (_at(date(2018, 9, 30)), date(2018, 9, 3), date(2018, 9, 9)),
    (_at(date(2026, 1, 1)), date(2018, 8, 1), date(2018, 9, 2)),
    (_at(date(2018, 10, 8)), date(2018, 9, 10), None),
    (_at(date(2018, 8, 31)), None, None),
]


def all_rows():
    tables = {name: list(model.objects.order_by("pk").values()) for name, model in TABLES.items()}
    choices = {
        "cadre_category": CadreCategory,
        "gathering_kind": GatheringKind,
        "material_kind": MaterialKind,
        "opinion_source": OpinionSource,
        "supervision_colour": SupervisionColour,
    }
    tables["choices"] = {name: list(enum.values) for name, enum in choices.items()}
    tables["choices"]["category"] = list(Category.objects.filter(parent=None).values_list("code", flat=True))
    return tables


def plain(result):
    """A rate as (value, numerator, denominator), anything else as its value."""
    if result.denominator is None:
        assert result.numerator is None
        return result.value
    return tuple(result)


def as_engine_says(results):
    return {key: plain(result) for key, result in results.items()}


@pytest.mark.parametrize("seed", range(4))
def test_engine_equals_reference(seed):
    world = RandomCampaign(seed)
    tables = all_rows()
    # As a page asks, which asks nothing twice, and as the command does.
    with shared_queries() if seed % 2 else nullcontext():
        for as_of, first, last in QUESTIONS:
            scope = Scope(campaign=world.campaign, as_of=as_of, first=first, last=last)
            wanted = Reference(tables, world.campaign.pk, as_of, first=first, last=last).figures()

            found = as_engine_says(totals(scope))

            assert found == wanted, (as_of, first, last)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(4, 6))
def test_each_row_of_a_breakdown_equals_reference(seed, level):
    world = RandomCampaign(seed)
    tables = all_rows()
    for as_of, first, last in QUESTIONS[1:7:2]:
        scope = Scope(campaign=world.campaign, as_of=as_of, first=first, last=last)

        rows = rows_by(scope, level)

        assert (rows[-1].code, rows[-1].name) == ("", "未分到本级")
        for row in rows:
            reference = Reference(
                tables, world.campaign.pk, as_of, first=first, last=last, level=level, code=row.code
            )
            nothing = dict.fromkeys(FIGURES)
            assert as_engine_says(row.figures) == nothing | reference.figures(), (as_of, first, row.code)


@pytest.mark.parametrize("level", LEVELS)
def test_sums_add_up_to_the_total(level):
    world = RandomCampaign(6)
    for as_of, first, last in QUESTIONS[1:5:2]:
        scope = Scope(campaign=world.campaign, as_of=as_of, first=first, last=last)

        total, rows = totals(scope), rows_by(scope, level)

        for key, figure in FIGURES.items():
            values = [row.figures[key].value for row in rows]
            if values[-1] is not None and figure.measure(scope).additive:
                assert _sum(values) == total[key].value, (key, as_of)


@pytest.mark.parametrize("level", LEVELS)
def test_each_row_of_a_breakdown_opens_to_its_own_value(level):
    world = RandomCampaign(7)
    as_of, first, last = QUESTIONS[4]
    scope = Scope(campaign=world.campaign, as_of=as_of, first=first, last=last)

    for row in rows_by(scope, level):
        assert totals(scope.at(level, row.code)) == row.figures, row.code
        if level == VILLAGE and row.code:
            assert totals(replace(scope, place=row.code)) == row.figures, row.code


def _sum(values):
    if isinstance(values[0], dict):
        return {key: sum(value[key] for value in values) for key in values[0]}
    return pytest.approx(sum(values), abs=1e-6)


def test_the_random_campaigns_are_awkward_enough():
    """The comparison would prove little on rows that never disagree."""
    seen = {key: set() for key in FIGURES}
    for seed in range(4):
        sid = transaction.savepoint()
        world = RandomCampaign(seed)
        for as_of, first, last in QUESTIONS:
            reference = Reference(all_rows(), world.campaign.pk, as_of, first=first, last=last)
            for key, value in reference.figures().items():
                seen[key].add(repr(value[0] if isinstance(value, tuple) else value))
        transaction.savepoint_rollback(sid)

    assert {key: values for key, values in seen.items() if len(values) < 2} == {}
