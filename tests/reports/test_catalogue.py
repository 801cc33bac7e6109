"""The catalogue of figures and the listed values are those that were agreed on, and docs/figures.md says so.

tests/data/ holds the agreed lists. After a change of a figure:
REWRITE_DOCS=1 pytest tests/reports/test_catalogue.py writes docs/figures.md anew.
"""

import csv
import os
from pathlib import Path

import pytest
from django.utils import translation

from campaigns import enums as campaigns_enums
from campaigns.models import DEFAULT_OUTCOMES
from canvass.roles import Role
from grids import enums as grids_enums
from issues import enums as issues_enums
from reports.catalogue import CATALOGUE, FIGURES
from visits import enums as visits_enums

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "figures.md"

ENUMS = {
    "cadre_category": grids_enums.CadreCategory,
    "role": Role,
    "team_kind": campaigns_enums.TeamKind,
    "grid_kind": grids_enums.GridKind,
    "department_level": grids_enums.DepartmentLevel,
    "register_kind": grids_enums.RegisterKind,
    "register_state": grids_enums.RegisterState,
    "outcome": visits_enums.Outcome,
    "visit_way": visits_enums.VisitWay,
    "gathering_kind": visits_enums.GatheringKind,
    "material_kind": visits_enums.MaterialKind,
    "opinion_nature": visits_enums.OpinionNature,
    "opinion_source": visits_enums.OpinionSource,
    "suggestion_answer": issues_enums.SuggestionVerdict,
    "issue_level": issues_enums.IssueLevel,
    "issue_state": issues_enums.IssueState,
    "issue_outcome": issues_enums.IssueOutcome,
    "follow_up_result": issues_enums.FollowUpResult,
    "satisfaction": issues_enums.Satisfaction,
    "supervision_colour": issues_enums.SupervisionColour,
    "deed_kind": issues_enums.DeedKind,
    "visit_state": visits_enums.VisitState,
    "campaign_state": campaigns_enums.CampaignState,
    "urgency": issues_enums.Urgency,
}

INTRODUCTION = """\
# Figures

Every figure that a page, a report, an export or `manage.py figures` prints. This page is written from the
code (`tests/reports/test_catalogue.py`) and a test fails when the two differ.

- A figure is asked for with one cut-off (`as_of`, Asia/Shanghai) and one period; without a period it is
  cumulative from the campaign's first day. A day given as the cut-off means its last moment.
- *Dated by* says which date puts a row into the period: `own date` that of the visit, gathering, handout,
  opinion or deed; `as_of` none, the figure is the state at the cut-off; `registered`, `step`, `closed`,
  `due`, `replied` and `follow-up` that moment of the issue.
- Void, merged and withdrawn rows are out from the moment they became so. Restricted reports are always out,
  and so is whatever is dated before the campaign's first day.
- Households and enterprises belong to their grid at the cut-off, everything else to the place on its row.
- Percent has one decimal, half up. A rate without a denominator has no value, never zero.
- By department there are the figures of cadres and of issues, by category those of issues.
- Pages also have rows by team and by cadre category, for visits, cadres and team members: as it was on the day of
  the visit. A visit counts once in each row that somebody of it was in, so these rows may add up to more.

| Key | Figure | Unit | Dated by | Rule |
|---|---|---|---|---|
"""


def agreed(name):
    with (ROOT / "tests" / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document():
    lines = [f"| `{f.key}` | {f.label} | {f.unit} | {f.dated_by} | {f.rule} |" for f in CATALOGUE]
    return INTRODUCTION + "\n".join(lines) + "\n"


def test_catalogue_holds_the_agreed_figures_in_their_order():
    wanted = [(row["key"], row["zh"], row["unit"], row["dated_by"]) for row in agreed("figures.csv")]

    assert [(f.key, str(f.label), str(f.unit), f.dated_by) for f in CATALOGUE] == wanted
    assert len(FIGURES) == len(CATALOGUE) == 61


def test_catalogue_names_each_function_after_its_figure():
    assert [figure.function.__name__ for figure in CATALOGUE] == [figure.key for figure in CATALOGUE]


def test_catalogue_is_documented_word_for_word():
    if os.environ.get("REWRITE_DOCS"):
        DOCUMENT.write_text(document(), encoding="utf-8")

    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_figures_bear_the_agreed_english_names():
    wanted = {row["key"]: row["en"] for row in agreed("figures.csv")}

    with translation.override("en"):
        assert {figure.key: str(figure.label) for figure in CATALOGUE} == wanted


@pytest.mark.parametrize("field", ENUMS)
@pytest.mark.parametrize(("language", "column"), [("zh-hans", "zh"), ("en", "en")])
def test_listed_values_are_the_agreed_ones(field, language, column):
    wanted = {row["key"]: row[column] for row in agreed("choices.csv") if row["field"] == field}

    with translation.override(language):
        assert {choice.value: str(choice.label) for choice in ENUMS[field]} == wanted


def test_every_agreed_list_has_its_home():
    assert {row["field"] for row in agreed("choices.csv")} == set(ENUMS)


def test_each_outcome_has_its_rule_in_a_new_campaign():
    assert list(DEFAULT_OUTCOMES) == list(visits_enums.Outcome.values)
    assert [outcome for outcome, (counts, _days, _closes) in DEFAULT_OUTCOMES.items() if counts] == ["met"]
