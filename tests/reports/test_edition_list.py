"""The list of issued reports: /reports/editions/."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.models import PublishedReport
from reports.views.editions import PAGE_SIZE
from tests import people
from tests.factories import campaign, household

from .issuing import issued

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/editions/"


@pytest.fixture
def of():
    made = campaign()
    household()
    return made


def page(client, user, address=ADDRESS):
    client.force_login(user)
    return client.get(address)


def test_reader_sees_the_editions_and_nothing_to_make(client, of):
    report = issued(of)

    response = page(client, people.leader())

    assert list(response.context["page"]) == [report]
    assert f"/reports/editions/{report.pk}.docx" in response.text
    assert "/draft/" not in response.text


def test_office_sees_the_periods_that_it_may_make(client, of):
    waiting = page(client, people.bob()).context["waiting"]

    assert [(one.kind, one.key) for one in waiting] == [
        ("daily", "2018-09-30"),
        ("daily", "2018-09-29"),
        ("weekly", "2018-W39"),
        ("weekly", "2018-W38"),
        ("circular", "2018-W39"),
        ("circular", "2018-W38"),
        ("final", "final"),
    ]


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.clerk, 403),
        (people.village_office, 404),
        (lambda: people.bob("330411106"), 404),
    ],
)
def test_stranger_finds_no_list(client, of, stranger, status):
    issued(of)

    response = page(client, stranger())

    assert response.status_code == status
    assert "周报 2018-W36" not in response.text


def test_list_costs_the_same_with_one_edition_and_with_three(client, of):
    issued(of)
    client.force_login(people.leader())
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    issued(of, "daily")
    issued(of, "daily", "2018-09-07")

    with CaptureQueriesContext(connection) as three:
        response = client.get(ADDRESS)

    assert len(response.context["page"]) == 3
    assert len(three) == len(one)


def test_editions_beyond_one_page_are_on_the_next(client, of):
    first = issued(of, "daily")
    rows = [
        PublishedReport(
            campaign=of,
            kind="weekly",
            period=f"{2100 - number}-W01",
            first_on=first.first_on,
            last_on=first.last_on.replace(year=2100),
            serial=number,
            as_of=first.as_of,
            content={},
            docx=b"",
            xlsx=b"",
        )
        for number in range(1, PAGE_SIZE + 1)
    ]
    PublishedReport.objects.bulk_create(rows)

    response = page(client, people.leader(), f"{ADDRESS}?page=2")

    assert list(response.context["page"]) == [first]
    assert f"/reports/editions/{first.pk}.docx" in response.text
