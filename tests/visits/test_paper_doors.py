"""Doors to choose from while somebody types: /visits/typing/doors/."""

import pytest

from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1

from .forms import statements

pytestmark = pytest.mark.django_db
ADDRESS = "/visits/typing/doors/"


@pytest.fixture
def doors():
    factories.campaign()
    factories.household(GRID_A1, address="花溪路1号", number="H-1", holder_name="张三丰")
    factories.household(GRID_A1, address="花溪路2号", number="H-2")
    factories.household(GRID_B1, address="花溪路3号", number="B-3")


def find(client, user, q, **query):
    client.force_login(user)
    return client.get(ADDRESS, {"q": q, **query})


def test_each_finds_the_doors_of_the_own_places_with_masked_names(client, doors):
    answer = find(client, people.alice(), "花溪路")
    assert answer.json() == {
        "doors": [
            {"number": "H-1", "address": "花溪路1号", "holder": "张*"},
            {"number": "H-2", "address": "花溪路2号", "holder": ""},
        ],
        "more": False,
    }
    assert answer["Cache-Control"] == "no-store"


def test_stranger_finds_only_the_own_door(client, doors):
    assert [d["number"] for d in find(client, people.charlie(), "花溪路").json()["doors"]] == ["B-3"]
    assert find(client, people.charlie(), "H-1").json()["doors"] == []


def test_more_than_eight_say_so(client, doors):
    for n in range(9):
        factories.household(GRID_A1, address=f"梅园{n}号")
    told = find(client, people.alice(), "梅园").json()
    assert (len(told["doors"]), told["more"]) == (8, True)


@pytest.mark.parametrize("q", ["", "\0", "%", "entry=&", "https://x/?entry=%00"])
def test_odd_words_find_nothing_and_break_nothing(client, doors, q):
    answer = find(client, people.alice(), q)
    assert answer.status_code == 200
    assert answer.json()["doors"] == []


@pytest.mark.parametrize("who", [people.leader, people.clerk, people.nobody])
def test_who_does_not_type_paper_finds_nothing(client, doors, who):
    assert find(client, who(), "花溪路").status_code == 403


def test_closed_campaign_has_no_doors_to_type(client, doors):
    factories.campaign("closed", state="closed")
    assert find(client, people.alice(), "花溪路", campaign="closed").status_code == 404


def test_finding_costs_the_same_for_one_door_and_for_three(client, doors):
    client.force_login(people.alice())
    _, one = statements(lambda: client.get(ADDRESS, {"q": "花溪 1"}))
    factories.household(GRID_A1, address="花溪路4号")
    answer, three = statements(lambda: client.get(ADDRESS, {"q": "花溪"}))
    assert len(answer.json()["doors"]) == 3
    assert len(one) == len(three) <= 7


@pytest.mark.parametrize(
    "text", ["http://[花溪路?entry=H-1", "//\u2100/?entry=H-1", "https://x/?entry=H-1&a=%00"]
)
def test_broken_scan_is_answered_like_words(client, doors, text):
    answer = find(client, people.alice(), text)
    assert (answer.status_code, set(answer.json())) == (200, {"doors", "more"})
