"""What waits to be asked about, who is left out of it, and what share was confirmed where."""

from datetime import date

import pytest
from django.utils import timezone

from tests import factories, people
from tests.desk import queries, text
from tests.workbooks import GRID_B1, VILLAGE_A, VILLAGE_B

from .inspecting import draw, record, visits_of

pytestmark = pytest.mark.django_db
URL = "/reports/inspections/"


@pytest.fixture
def campaign():
    return factories.campaign(last_on=date(2100, 1, 1))


def page(client, user):
    client.force_login(user)
    return client.get(URL)


def waiting(answer):
    return [visit.entry.address for visit in answer.context["page"]]


def test_list_offers_drawn_visits_that_nobody_has_settled(client, campaign):
    inspector = people.inspector()
    visits = visits_of(campaign, people.alice(), 4)
    draw(campaign, inspector)
    visits_of(campaign, people.alice())  # never drawn
    record(visits[0], inspector)
    record(visits[1], inspector, reached=False)
    visits[2].state, visits[2].voided_at = "void", timezone.now()
    visits[2].save()

    assert waiting(page(client, inspector)) == ["花溪路4号"]
    visits[1].inspections.update(asked_on=date(2018, 9, 12))
    tomorrow = page(client, inspector)
    assert sorted(waiting(tomorrow)) == ["花溪路2号", "花溪路4号"]
    assert "未联系上 1 次" in text(tomorrow)


def test_list_leaves_own_visits_to_others_and_says_how_many(client, campaign):
    bob = people.bob()
    visits_of(campaign, bob, 2)
    visits_of(campaign, people.alice())
    draw(campaign, people.inspector())

    answer = page(client, bob)
    assert len(waiting(answer)) == 1
    assert "另有 2 条由您参加或登记" in text(answer)


def test_list_holds_the_own_places_alone(client, campaign):
    inspector, alice = people.inspector(), people.alice()
    visits_of(campaign, alice)
    visits_of(campaign, alice, grid=GRID_B1)
    draw(campaign, inspector)

    answer = page(client, people.inspector(VILLAGE_B))
    assert [visit.grid_id for visit in answer.context["page"]] == [GRID_B1]
    assert list(answer.context["samples"]) == []
    assert answer.context["question"].place.code == VILLAGE_B


def test_share_of_each_village_leads_to_its_rows(client, campaign):
    inspector = people.inspector()
    visits = visits_of(campaign, people.alice(), 3) + visits_of(campaign, people.alice(), grid=GRID_B1)
    draw(campaign, inspector)
    record(visits[0], inspector)
    record(visits[1], inspector, confirmed=False)
    record(visits[3], inspector)

    [in_a, in_b] = page(client, inspector).context["by_place"]
    assert [name for name, _shown in (in_a, in_b)] == ["花溪社区", f"地方{VILLAGE_B}"]
    assert [tuple(shown.result) for _name, shown in (in_a, in_b)] == [(50.0, 1, 2), (100.0, 1, 1)]
    rows = client.get(in_a[1].address())
    assert f"part={VILLAGE_A}" in in_a[1].address()
    assert rows.context["count"] == 2


def test_list_names_no_visitor(client, campaign):
    visits_of(campaign, people.alice())
    draw(campaign, people.inspector())
    assert "艾" not in text(page(client, people.inspector()))


@pytest.mark.parametrize("who", [people.alice, people.village_office, people.leader, people.nobody])
def test_others_have_no_such_page(client, campaign, who):
    assert page(client, who()).status_code == 403


def test_campaign_elsewhere_is_not_found(client, campaign):
    factories.campaign("far", area="330402")
    client.force_login(people.inspector())
    assert client.get(URL, {"campaign": "far"}).status_code == 404


def test_list_costs_the_same_for_one_and_three(client, campaign):
    inspector = people.inspector()
    client.force_login(inspector)
    costs = []
    for more in (1, 2):
        for grid in ["3304111052010001", "3304111052020001"][:more]:
            visits_of(campaign, people.alice(), more, grid=grid)
        draw(campaign, people.bob())
        costs.append(queries(client, URL))
    assert costs[0] == costs[1]
