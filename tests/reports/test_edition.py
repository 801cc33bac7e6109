"""The page of an issued report: /reports/weekly/2018-W36/."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.composing import compose
from tests import people
from tests.factories import at, cadre, campaign, household, visit
from tests.workbooks import TOWN, VILLAGE_A
from visits.models import Visit

from .issuing import facts, figure_runs, issued, paragraphs
from .reading import figures, read

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/weekly/2018-W36/"


@pytest.fixture
def of():
    made = campaign()
    for day in ("2018-08-28", "2018-09-03", "2018-09-05"):
        visit(made, household(), by=[cadre()], started_at=at(f"{day} 19:30"), filed_at=at(f"{day} 20:00"))
    household()
    return made


@pytest.fixture
def report(of):
    return issued(of)


def page(client, user, address=ADDRESS):
    client.force_login(user)
    return client.get(address)


# --- Who reads ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [people.bob, people.leader, people.inspector])
def test_readers_of_the_whole_campaign_read_the_edition(client, report, reader):
    response = page(client, reader())

    assert response.context["report"] == report
    assert "王店镇大走访周报" in response.text
    assert figures(response)["households", "campaign"] == 4


def test_county_office_reads_the_report_of_a_town(client, report):
    assert page(client, people.leader("330411")).context["report"] == report


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.charlie, 403),
        (people.clerk, 403),
        (people.discipline, 403),
        (people.system_admin, 403),
        (people.nobody, 403),
        (people.village_office, 404),
        (lambda: people.bob(VILLAGE_A), 404),
        (lambda: people.leader("330411106"), 404),
    ],
)
@pytest.mark.parametrize(
    "address",
    [ADDRESS, f"{ADDRESS}?campaign=wangdian-2018", "/reports/final/", "/reports/circular/2018-W36/"],
)
def test_stranger_finds_no_report(client, report, stranger, status, address):
    response = page(client, stranger(), address)

    assert response.status_code == status
    assert "走访率" not in response.text


def test_nobody_reads_without_a_sign_in(client, report):
    assert client.get(ADDRESS).status_code == 302


@pytest.mark.parametrize("key", ["2018-W99", "2018-09-03", "0000-W01", "2018-W36-1", "x"])
def test_period_that_is_none_is_not_found(client, report, key):
    assert page(client, people.bob(), f"/reports/weekly/{key}/").status_code == 404


@pytest.mark.parametrize("edition", ["2", "0", "x"])
def test_edition_that_is_none_is_not_found(client, report, edition):
    assert page(client, people.bob(), f"{ADDRESS}?edition={edition}").status_code == 404


def test_other_campaign_is_not_shown(client, report):
    campaign("other", "330411106")

    assert page(client, people.leader(), f"{ADDRESS}?campaign=other").status_code == 404


# --- What it shows ------------------------------------------------------------------------------------------------


def test_period_without_an_edition_says_so_and_leads_the_office_to_the_draft(client, of):
    response = page(client, people.bob())
    assert "这一期还没有发出。" in response.text
    assert f"{ADDRESS}draft/?campaign=wangdian-2018" in response.text

    assert "draft/" not in page(client, people.leader()).text


def test_page_shows_every_figure_of_the_content_as_a_machine_reads_it(client, report):
    shown = figures(page(client, people.leader()))

    said = {}
    for run in figure_runs(report.content):
        if "part" in run:
            continue
        place = run["figure"], run["period"]
        if "key" in run:
            said.setdefault(place, {})[run["key"]] = run["value"]
        elif run["denominator"] is not None:
            said[place] = run["value"], run["numerator"], run["denominator"]
        else:
            said[place] = run["value"]
    assert shown == said
    assert shown["households_visited", "week"] == 2
    assert shown["households_visited", "last_week"] == 1
    assert shown["visit_coverage", "campaign"] == (75.0, 3, 4)


@pytest.mark.parametrize(
    ("period", "rows"), [("campaign", 3), ("week", 2), ("last_week", 1)], ids=["to date", "week", "last week"]
)
def test_figure_leads_to_its_rows(client, report, period, rows):
    shown = [
        value
        for value in read(page(client, people.leader()))
        if value.given.get("data-figure") == "visits" and value.given.get("data-period") == period
    ]

    listed = client.get(shown[0].link.replace("&amp;", "&"))

    assert f'<data class="row-count" value="{rows}">' in listed.text
    assert shown[0].number == rows


def test_page_of_an_open_period_leads_to_the_rows_of_its_moment(client, of):
    report = issued(of, now=at("2018-09-05 19:45"))
    [value, *_more] = [
        value for value in read(page(client, people.leader())) if value.given["data-figure"] == "visits"
    ]

    assert report.content["cutoff"] == "9月5日19时45分"
    assert value.number == 3
    assert '<data class="row-count" value="3">' in client.get(value.link).text


# --- Frozen, and what is true now ------------------------------------------------------------------------------


def _void(visit_row, moment):
    Visit.objects.filter(pk=visit_row.pk).update(state="void", voided_at=at(moment))


@pytest.fixture
def later(of, report):
    """Since it was issued: a visit of the week voided, two filed late, a door that nobody can find any more."""
    early, *_others = Visit.objects.filter(started_at__gte=at("2018-09-03")).order_by("started_at")
    _void(early, "2027-01-02 10:00")
    for day in ("2018-09-04", "2018-09-06"):
        visit(of, household(), by=[cadre()], started_at=at(f"{day} 19:00"), filed_at=at("2027-01-02 09:00"))
    return report


@pytest.fixture
def next_year():
    with time_machine.travel(at("2027-01-03 08:00"), tick=False):
        yield


def test_edition_stays_byte_for_byte_after_later_edits(client, later, next_year):
    before = bytes(later.docx), bytes(later.xlsx), later.content

    page(client, people.leader())
    later.refresh_from_db()

    assert (bytes(later.docx), bytes(later.xlsx), later.content) == before


def test_page_keeps_the_frozen_figure_and_shows_the_present_one_beside_it(client, later, next_year):
    response = page(client, people.leader())

    assert figures(response)["visits", "campaign"] == 3
    assert re.search(
        r'data-figure="visits"[^>]*value="3">3户次</data></a><ins class="now">现在 4户次</ins>', response.text
    )


def test_page_explains_the_difference_by_what_was_recorded_since(client, later, next_year):
    lines = page(client, people.leader()).context["paper"].differences

    assert "补录走访2条。" in lines
    assert "作废走访1条。" in lines
    assert "累计走访户次由 3户次 改为 4户次。" in lines
    assert "上周走访户次" not in "".join(lines)


def test_nothing_is_explained_while_nothing_has_changed(client, report):
    response = page(client, people.leader())

    assert response.context["paper"].differences == []
    assert 'class="now"' not in response.text


def test_former_edition_stays_readable_and_names_its_successor(client, of, later, next_year):
    second = issued(of, correction="补录两条、作废一条")

    newest = page(client, people.leader())
    assert newest.context["report"] == second
    assert "更正：本版更正第1版。补录两条、作废一条" in newest.text
    assert "更正：补录走访2条。" in newest.text
    assert figures(newest)["visits", "campaign"] == 4

    former = client.get(f"{ADDRESS}?edition=1")
    assert figures(former)["visits", "campaign"] == 3
    assert "这一版已被第 2 版更正" in former.text
    assert former.context["paper"].differences == []


def test_page_costs_the_same_with_one_edition_and_with_three(client, of, report):
    client.force_login(people.leader())

    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    for n in range(2):
        visit(of, household(), by=[cadre()])
        issued(of, correction=f"更正{n}")

    with CaptureQueriesContext(connection) as three:
        client.get(ADDRESS)

    assert len(three) == len(one)


def test_content_on_the_page_is_what_is_composed(of, report):
    content = compose(facts(of))

    assert paragraphs(report.content) == paragraphs(content)
    assert report.content["campaign"]["area_code"] == TOWN
