"""Hints by village: what the office reads, from the next day on, and never by person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.hints import HINTS
from tests import factories, people
from tests.desk import queries, text
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A, VILLAGE_B

from .inspecting import visits_of

pytestmark = pytest.mark.django_db
URL = "/reports/quality/"
DAYS = {"from": "2018-09-01", "to": "2018-09-30"}


@pytest.fixture
def campaign():
    """One hint in village A, two in village B, and what does not count."""
    made, alice = factories.campaign(), people.alice()
    visits_of(made, alice, people_met=None)
    visits_of(made, alice, 2, grid=GRID_B1, people_met=None)
    visits_of(made, alice, people_met=None, started_at=at("2018-08-31 23:59:59"))
    visits_of(made, alice, people_met=None, started_at=at("2018-10-01"))
    visits_of(made, alice, people_met=None, state="void", voided_at=at("2018-09-04"))
    visits_of(made, alice, people_met=None, filed_at=timezone.now(), origin="workbook")
    visits_of(factories.campaign("other"), alice, people_met=None)
    return made


def page(client, user, **asked):
    client.force_login(user)
    return client.get(URL, {**DAYS, "campaign": "wangdian-2018", **asked})


def counts(answer, key="met_nobody"):
    return {row.code: n for row, cells in answer.context["rows"] for figure, n in cells if figure.key == key}


def test_office_reads_counts_of_villages(client, campaign):
    answer = page(client, people.bob())
    assert counts(answer) == {VILLAGE_A: 1, VILLAGE_B: 2}
    assert {figure.key: n for figure, n in answer.context["totals"]}["met_nobody"] == 3
    assert "艾" not in text(answer)


def test_hint_counts_from_the_day_after_it_was_filed(client, campaign):
    [visit] = visits_of(campaign, people.alice(), people_met=None, filed_at=timezone.now())
    assert counts(page(client, people.bob()))[VILLAGE_A] == 1
    visit.filed_at -= timedelta(days=1)
    visit.save(update_fields=["filed_at"])
    assert counts(page(client, people.bob()))[VILLAGE_A] == 2


def test_village_office_reads_the_own_village_alone(client, campaign):
    answer = page(client, people.village_office())
    assert counts(answer) == {VILLAGE_A: 1}
    assert GRID_A1 not in counts(answer)
    client.force_login(people.village_office())
    assert client.get(URL, {**DAYS, "place": VILLAGE_B}).status_code == 404


@pytest.mark.parametrize("who", [people.alice, people.charlie, people.clerk, people.nobody])
def test_others_have_no_such_page(client, campaign, who):
    assert page(client, who()).status_code == 403


def test_period_is_the_last_month_unless_it_is_asked_for(client, campaign):
    client.force_login(people.bob())
    scope = client.get(URL).context["scope"]
    assert (scope.last, scope.last - scope.first) == (timezone.localdate(), timedelta(days=30))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [({"from": "gestern"}, "不是日期"), ({"from": "2018-10-01"}, "最后一天不能早于第一天")],
)
def test_bad_period_gets_a_sentence(client, campaign, asked, sentence):
    answer = page(client, people.bob(), **asked)
    assert answer.status_code == 400
    assert sentence in text(answer)


def test_page_explains_every_hint(client, campaign):
    shown = text(page(client, people.bob()))
    assert all(str(hint.rule) in shown for hint in HINTS.values())


def test_page_costs_the_same_for_one_village_and_three(client):
    made, alice = factories.campaign(), people.alice()
    client.force_login(people.bob())
    address = URL + "?from=2018-09-01&to=2018-09-30"
    visits_of(made, alice, people_met=None)
    one = queries(client, address)
    for grid in (GRID_B1, "3304111052030001"):
        visits_of(made, alice, people_met=None, grid=grid)
    assert queries(client, address) == one
