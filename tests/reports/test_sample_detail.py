"""How a draw was made, and what became of each of its visits."""

import pytest

from tests import factories, people
from tests.desk import queries, text
from tests.workbooks import VILLAGE_A, VILLAGE_B

from .inspecting import draw, record, visits_of

pytestmark = pytest.mark.django_db


def url(sample):
    return f"/reports/inspections/samples/{sample.pk}/"


def test_page_explains_the_draw_and_tells_what_became_of_each_visit(client):
    campaign, inspector, alice = factories.campaign(), people.inspector(), people.alice()
    visits = visits_of(campaign, alice, 3) + visits_of(campaign, alice, people_met=None)
    sample = draw(campaign, inspector, method="flagged")
    record(visits[0], inspector)
    record(visits[1], inspector, confirmed=False)
    record(visits[2], inspector, reached=False)
    client.force_login(inspector)

    shown = text(client.get(url(sample)))

    assert sample.seed in shown
    assert "从 4 条可抽的走访里抽了 4 条" in shown
    assert "2 条，其中属实 1 条" in shown
    assert all(mark in shown for mark in ("不属实", "未联系上 1 次", "待问", "见面没填人数"))
    assert "艾" not in shown


def test_strangers_find_no_such_draw(client):
    campaign = factories.campaign()
    visits_of(campaign, people.alice())
    sample = draw(campaign, people.inspector(), code=VILLAGE_A)
    client.force_login(people.inspector(VILLAGE_B))
    assert client.get(url(sample)).status_code == 404
    client.force_login(people.inspector(VILLAGE_A))
    assert client.get(url(sample)).status_code == 200
    client.force_login(people.village_office())
    assert client.get(url(sample)).status_code == 403


def test_page_costs_the_same_for_one_and_three(client):
    campaign, inspector = factories.campaign(), people.inspector()
    client.force_login(inspector)
    costs = []
    for number in (1, 3):
        visits_of(campaign, people.alice(), number)
        costs.append(queries(client, url(draw(campaign, people.bob()))))
    assert costs[0] == costs[1]
