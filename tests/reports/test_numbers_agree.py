"""One number, whichever way one comes to it: dashboard, command, report on the page, in Word and Excel, rows behind."""

import json
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from docx import Document
from openpyxl import load_workbook

from canvass.figures import LEVELS
from canvass.moments import last_moment
from reports.catalogue import CATALOGUE
from reports.weeks import Week
from tests import people

from .issuing import figure_runs, issued
from .large_campaign import LargeCampaign
from .random_campaign import RandomCampaign
from .reading import figures, read
from .test_figure_rows import NO_COUNT, counted

pytestmark = pytest.mark.django_db
# Sums that a breakdown must add up to.
ADDITIVE = (
    "households",
    "visits",
    "cadre_visits",
    "people_met",
    "materials_handed_out",
    "issues",
    "deed_amount",
)


def command(of, week, *arguments):
    output = StringIO()
    call_command(
        "figures", "--campaign", of.code, "--as-of", str(week.sunday), *arguments, "--json", stdout=output
    )
    return json.loads(output.getvalue())


def asked(of, week):
    """{period: {key: value, numerator, denominator}} as the command prints them."""
    return {
        "campaign": command(of, week)["figures"],
        "week": command(of, week, "--from", str(week.monday), "--to", str(week.sunday))["figures"],
    }


def triples(values):
    return {key: [one["value"], one["numerator"], one["denominator"]] for key, one in values.items()}


def issue(of, week):
    """The week's report, issued at its last moment: nothing is known of later rows."""
    return issued(
        of,
        day=str(week.sunday),
        now=last_moment(week.sunday),
        force_reason="生成的数据有意带错",
    )


def assert_page_says(client, address, said):
    """Every figure of a page is what was said; returns how many there are."""
    shown = figures(client.get(address))
    for (key, period), value in shown.items():
        if period not in said:
            continue
        found, numerator, denominator = said[period][key]
        if isinstance(value, dict):
            assert {part: found[part] for part in value} == value, (key, period)
        else:
            assert value == (found if denominator is None else (found, numerator, denominator)), (key, period)
    return len(shown)


def assert_word_says(report):
    document = Document(BytesIO(bytes(report.docx)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([one.text for one in document.paragraphs] + cells)
    assert [run["text"] for run in figure_runs(report.content) if run["text"] not in text] == []


def assert_excel_says(report, values):
    sheet = load_workbook(BytesIO(bytes(report.xlsx)))["本期数字"]
    lines = {
        (row[1].value, row[2].value): [cell.value for cell in row[4:]] for row in sheet.iter_rows(min_row=3)
    }
    for key, (value, numerator, denominator) in values.items():
        for part, found in (value if isinstance(value, dict) else {None: value}).items():
            assert lines[key, part][6] == found, (key, part)
            assert lines[key, part][7:9] == [numerator, denominator]


def assert_renderings_agree(client, of, week):
    said = {period: triples(values) for period, values in asked(of, week).items()}
    report = issue(of, week)
    assert said == {period: report.content["figures"][period] for period in ("campaign", "week")}
    client.force_login(people.leader(of.area_id))
    assert assert_page_says(client, f"/reports/weekly/{week}/?campaign={of.code}", said) > 100
    dashboard = f"/reports/?campaign={of.code}&as_of={week.sunday}&week={week}"
    assert assert_page_says(client, dashboard, said) > 100
    assert_word_says(report)
    assert_excel_says(report, said["campaign"])
    return said


def assert_rows_are_as_many(client, of, week, values):
    """The rows behind each figure to date: their number or sum, or those of both sides of a rate."""
    for figure in CATALOGUE:
        value, numerator, denominator = values[figure.key]
        if figure.key in NO_COUNT:
            continue
        address = f"/reports/figures/{figure.key}/?campaign={of.code}&as_of={week.sunday}"
        page = client.get(address)
        if denominator is None:
            total = sum(value.values()) if isinstance(value, dict) else value
            assert rows_of(page, value) == total, figure.key
            continue
        assert counted(page) == denominator, figure.key
        assert counted(client.get(f"{address}&side=numerator")) == numerator, figure.key


def rows_of(page, value):
    """What the rows add up to; of a grouped figure all its keys together."""
    if not isinstance(value, dict):
        return counted(page)
    found = {one.given["class"]: one.number for one in read(page)}
    return found["column-sum"] if "column-sum" in found else found["row-count"] + found.get("hidden-count", 0)


def assert_sums_add_up(of, week):
    for level in LEVELS:
        answer = command(of, week, "--by", level)
        for key in ADDITIVE:
            cells = [row["figures"][key]["value"] for row in answer["rows"]]
            if None in cells:
                assert set(cells) == {None}
                continue
            assert round(sum(cells), 2) == answer["figures"][key]["value"], (level, key)


@pytest.mark.parametrize("seed", [3, 4])
def test_numbers_agree_in_a_generated_campaign(client, seed):
    assert_renderings_agree(client, RandomCampaign(seed).campaign, Week.parse("2018-W36"))


def test_numbers_agree_in_twenty_thousand_households_at_three_cut_offs(client):
    of = LargeCampaign(5, households=20_000).campaign
    for label in ("2018-W36", "2018-W40", "2018-W42"):
        week = Week.parse(label)
        said = assert_renderings_agree(client, of, week)
        assert said["campaign"]["households"][0] > 5_000
        assert_rows_are_as_many(client, of, week, said["campaign"])
        assert_sums_add_up(of, week)
