"""Whoever was looked at reads by whom, when and why: /viewing/."""

import pytest

from tests import people
from tests.visits.forms import statements

from .test_view_as import begin

pytestmark = pytest.mark.django_db
ADDRESS = "/viewing/"


def test_person_reads_who_looked_and_why(client):
    alice = people.alice()
    begin(client, people.bob(), alice, reason="找不到待补访的户")
    client.post("/viewing/stop/")
    client.force_login(alice)

    page = client.get(ADDRESS).text

    assert "鲍二柏" in page
    assert "找不到待补访的户" in page
    assert f'href="{ADDRESS}"' in client.get("/feedback/").text


def test_nobody_else_reads_it(client):
    alice = people.alice()
    begin(client, people.bob(), alice, reason="找不到待补访的户")
    client.post("/viewing/stop/")
    client.force_login(people.charlie())

    page = client.get(ADDRESS).text

    assert "鲍二柏" not in page
    assert "没有人代看过。" in page


def test_list_needs_the_same_queries_for_any_number_of_rows(client):
    alice, bob = people.alice(), people.bob()
    found = []
    for _number in range(3):
        begin(client, bob, alice)
        client.post("/viewing/stop/")
        client.force_login(alice)
        found.append(len(statements(lambda: client.get(ADDRESS))[1]))

    assert found[0] == found[2]
