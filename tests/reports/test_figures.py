"""The command that prints every figure: its arguments, its JSON, and what it says to bad input."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from grids.models import Place
from reports.catalogue import CATALOGUE
from reports.models import Inspection
from tests import factories
from tests.factories import at
from tests.issues.stories import closed, story
from tests.reports.test_catalogue import agreed
from tests.workbooks import CODE, GRID_A1, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B

pytestmark = pytest.mark.django_db
KEYS = [row["key"] for row in agreed("figures.csv")]
# Figures of places, visits and words do not apply to a department or a category.
OF_CADRES = {"cadres", "cadres_by_category", "teams", "team_members", "cadre_visits"}
ISSUES_FROM, ISSUES_TO = KEYS.index("issues"), KEYS.index("median_handling_days")
OF_ISSUES = set(KEYS[ISSUES_FROM : ISSUES_TO + 1])


@pytest.fixture
def campaign():
    made = factories.campaign()
    factories.visit(made, factories.household(), by=[factories.cadre()], people_met=2)
    factories.household(GRID_B1)
    factories.gathering(made, TOWN)
    factories.deed(made, amount="1234.50")
    story(made, ("assign", "2018-09-04 10:00"))
    closed(made, place=VILLAGE_B, code="0702")
    return made


def printed(*arguments):
    out = io.StringIO()
    call_command("figures", "--campaign", CODE, *arguments, stdout=out)
    return out.getvalue()


def figures(*arguments):
    return json.loads(printed("--json", *arguments))


def plain(value, unit):
    return {"value": value, "numerator": None, "denominator": None, "unit": unit}


def test_figures_prints_every_agreed_key_with_its_unit(campaign):
    found = figures()["figures"]

    assert list(found) == KEYS
    assert {key: cell["unit"] for key, cell in found.items()} == {
        row["key"]: row["unit"] for row in agreed("figures.csv")
    }
    assert {frozenset(cell) for cell in found.values()} == {
        frozenset({"value", "numerator", "denominator", "unit"})
    }


def test_figures_values_are_numbers_rates_and_objects(campaign):
    found = figures()["figures"]

    assert found["households"] == plain(2, "户")
    assert found["deed_amount"] == plain(1234.5, "元")
    assert found["visit_coverage"] == {"value": 50.0, "numerator": 1, "denominator": 2, "unit": "%"}
    assert found["rework_rate"] == {"value": 0.0, "numerator": 0, "denominator": 1, "unit": "%"}
    assert found["adoption_rate"] == {"value": None, "numerator": 0, "denominator": 0, "unit": "%"}
    assert found["median_handling_days"] == plain(5, "工作日")


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("cadres_by_category", "cadre_category"),
        ("gatherings_by_kind", "gathering_kind"),
        ("materials_by_kind", "material_kind"),
        ("opinions_by_source", "opinion_source"),
        ("supervisions_by_colour", "supervision_colour"),
    ],
)
def test_figures_grouped_values_hold_every_listed_key(campaign, key, field):
    choices = [row["key"] for row in agreed("choices.csv") if row["field"] == field]

    answer = figures("--by", "village")

    cells = [answer["figures"][key], *(row["figures"][key] for row in answer["rows"])]
    assert [list(cell["value"]) for cell in cells] == [choices] * len(cells)


def test_figures_group_issues_by_category_code(campaign):
    value = figures()["figures"]["issues_by_category"]["value"]

    assert list(value) == [f"{n:02}" for n in range(1, 22)] + ["90", "99"]
    assert {code: n for code, n in value.items() if n} == {"01": 1, "07": 1}


def test_figures_say_what_they_cover(campaign):
    answer = figures("--from", "2018-09-03", "--to", "2018-09-09", "--as-of", "2018-09-10")
    assert {key: answer[key] for key in ("campaign", "as_of", "from", "to")} == {
        "campaign": CODE,
        "as_of": "2018-09-10T23:59:59+08:00",
        "from": "2018-09-03",
        "to": "2018-09-09",
    }
    assert "rows" not in answer

    answer = figures("--as-of", "2018-09-10")
    assert (answer["from"], answer["to"]) == ("2018-07-01", "2018-09-10")


def test_figures_without_dates_go_on_after_the_last_day(campaign):
    factories.visit(campaign, factories.household(), started_at=at("2018-10-15 09:00"))

    assert figures()["figures"]["visits"]["value"] == 2
    assert figures("--as-of", "2018-09-30")["figures"]["visits"]["value"] == 1


def test_figures_as_of_a_day_take_in_its_last_second(campaign):
    factories.visit(campaign, factories.household(), started_at=at("2018-09-10 23:59:59"))
    factories.visit(campaign, factories.household(), started_at=at("2018-09-11 00:00:00"))

    def visits(*arguments):
        return figures(*arguments)["figures"]["visits"]["value"]

    assert [visits("--as-of", day) for day in ("2018-09-09", "2018-09-10", "2018-09-11")] == [1, 2, 3]
    assert visits("--as-of", "2018-09-10T23:59:58") == 1
    assert visits("--from", "2018-09-11") == 1
    assert visits("--to", "2018-09-10") == 2


def test_figures_of_one_campaign_do_not_show_another(campaign):
    other = factories.campaign("other", area=VILLAGE_B)
    factories.visit(other, factories.household(GRID_B1), by=[factories.cadre()])
    story(other)

    found = figures()["figures"]

    assert [found[key]["value"] for key in ("visits", "cadre_visits", "issues")] == [1, 1, 2]


def test_figures_by_village_end_with_what_lies_above(campaign):
    answer = figures("--by", "village")

    assert [(row["code"], row["name"]) for row in answer["rows"]] == [
        (VILLAGE_A, "花溪社区"),
        (VILLAGE_B, f"地方{VILLAGE_B}"),
        ("", "未分到本级"),
    ]
    assert [list(row["figures"]) for row in answer["rows"]] == [KEYS] * 3
    columns = {key: [row["figures"][key]["value"] for row in answer["rows"]] for key in KEYS}
    assert columns["households"] == [1, 1, 0]
    assert columns["gatherings"] == [0, 0, 1]
    assert columns["issues"] == [1, 1, 0]
    assert columns["visit_coverage"] == [100.0, 0.0, None]
    assert columns["median_handling_days"] == [None, 5, None]
    assert None not in [
        value
        for figure in CATALOGUE
        if figure.unit != "%" and figure.key != "median_handling_days"
        for value in columns[figure.key]
    ]


def test_figures_by_town_and_grid(campaign):
    factories.place("330411106201", name="别镇的村")

    towns, grids = figures("--by", "town")["rows"], figures("--by", "grid")["rows"]

    assert [row["code"] for row in towns] == [TOWN, ""]
    assert [row["figures"]["issues"]["value"] for row in towns] == [2, 0]
    assert [row["code"] for row in grids] == [GRID_A1, GRID_B1, ""]
    assert [row["figures"]["issues"]["value"] for row in grids] == [1, 0, 1]


def test_figures_by_grid_keep_a_closed_grid_that_still_has_records(campaign):
    Place.objects.filter(code=GRID_A1).update(to_on=date(2018, 9, 10))

    rows = figures("--by", "grid", "--as-of", "2018-09-20")["rows"]

    assert [row["code"] for row in rows] == [GRID_A1, GRID_B1, ""]
    assert rows[0]["figures"]["visits"]["value"] == 1
    assert rows[0]["figures"]["grids"]["value"] == 0


def test_figures_by_department_are_those_of_cadres_and_issues(campaign):
    rows = figures("--by", "department")["rows"]

    assert [(row["code"], row["name"]) for row in rows] == [("镇环保所", "镇环保所"), ("", "未分到本级")]
    for row in rows:
        unknown = {key for key, cell in row["figures"].items() if cell["value"] is None}
        rates = {figure.key for figure in CATALOGUE if figure.unit == "%"} | {"median_handling_days"}
        assert unknown - rates == set(KEYS) - OF_CADRES - OF_ISSUES - rates
    assert [row["figures"]["issues"]["value"] for row in rows] == [2, 0]
    assert [row["figures"]["cadre_visits"]["value"] for row in rows] == [0, 1]


def test_figures_by_category_are_those_of_issues(campaign):
    rows = figures("--by", "category")["rows"]

    assert [row["code"] for row in rows] == [f"{n:02}" for n in range(1, 22)] + ["90", "99", ""]
    issues = {row["name"]: row["figures"]["issues"]["value"] for row in rows}
    assert {name: n for name, n in issues.items() if n} == {"生态环境": 1, "城乡建设与住房": 1}
    assert {row["figures"]["visits"]["value"] for row in rows} == {None}
    assert {row["figures"]["cadres"]["value"] for row in rows} == {None}


def test_figures_of_an_empty_campaign_are_zero_and_rates_have_no_value():
    factories.campaign()

    answer = figures("--by", "village")

    rates = {figure.key for figure in CATALOGUE if figure.unit == "%"} | {"median_handling_days"}
    for cells in (answer["figures"], answer["rows"][-1]["figures"]):
        for key, cell in cells.items():
            wanted = {None} if key in rates else {0}
            values = cell["value"].values() if isinstance(cell["value"], dict) else [cell["value"]]
            assert set(values) == wanted, key


def test_figures_read_aloud(campaign):
    lines = printed("--by", "village", "--as-of", "2018-09-10").splitlines()

    assert lines[0] == "王店镇大走访（wangdian-2018）　截至 2018-09-10 23:59"
    assert "走访率　50.0（1/2） %" in lines
    assert "建议采纳率　— %" in lines
    assert "问题分类　01 1；07 1 件" in lines
    assert f"花溪社区 {VILLAGE_A}" in lines
    assert "未分到本级" in lines


def test_figures_print_resolved_or_started_with_its_two_parts(campaign):
    story(campaign, ("assign", "2018-09-04 10:00"), ("sign", "2018-09-04 11:00"))

    lines = printed("--by", "village", "--as-of", "2018-09-10").splitlines()

    assert "已解决或着手解决　2 件（已解决 1 ＋ 着手解决 1）" in lines
    assert [line.strip() for line in lines if line.startswith("  已解决或着手解决")] == [
        "已解决或着手解决　1 件（已解决 0 ＋ 着手解决 1）",
        "已解决或着手解决　1 件（已解决 1 ＋ 着手解决 0）",
        "已解决或着手解决　0 件（已解决 0 ＋ 着手解决 0）",
    ]


def test_inspections_are_confirmed_of_those_reached(campaign):
    other = factories.campaign("other")
    visits = [factories.visit(campaign, factories.household()) for _ in range(3)]
    void = factories.visit(campaign, factories.household(), state="void", voided_at=at("2018-09-20 08:00"))
    early = factories.visit(campaign, factories.household(), started_at=at("2018-06-30 23:59:59"))
    elsewhere = factories.visit(other, factories.household())
    for visit, reached, confirmed in [
        (visits[0], True, True),
        (visits[1], True, False),
        (visits[2], False, False),
        (void, True, True),
        (early, True, True),
        (elsewhere, True, True),
    ]:
        Inspection.objects.create(
            visit=visit, asked_on=date(2018, 9, 12), is_reached=reached, is_confirmed=confirmed
        )

    def rate(*arguments):
        cell = figures(*arguments)["figures"]["inspection_confirmed_rate"]
        return cell["value"], cell["numerator"], cell["denominator"]

    assert rate() == (50.0, 1, 2)
    assert rate("--as-of", "2018-09-19") == (66.7, 2, 3)
    assert rate("--as-of", "2018-09-11") == (None, 0, 0)
    assert rate("--from", "2018-09-13") == (None, 0, 0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "2018-13-40"], "“2018-13-40”不是日期"),
        (["--to", "yesterday"], "“yesterday”不是日期"),
        (["--as-of", "2018-02-30"], "“2018-02-30”不是日期"),
        (["--as-of", "2018-09-10T25:00"], "不是日期"),
        (["--from", "2018-09-10", "--to", "2018-09-09"], "--to 不能早于 --from"),
        (["--by", "person"], "person"),
    ],
)
def test_figures_refuse_bad_input_with_a_sentence(campaign, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        printed("--json", *arguments)


def test_figures_of_an_unknown_campaign_name_the_known_ones(campaign):
    with pytest.raises(CommandError, match=f"没有活动“nowhere”。现有活动：{CODE}"):
        call_command("figures", "--campaign", "nowhere")


def test_figures_need_a_campaign():
    with pytest.raises(CommandError, match="--campaign"):
        call_command("figures")
