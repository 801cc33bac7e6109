"""Hand-overs that wait and those that are done: /issues/hand-overs/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from issues.hand_overs import settle_hand_over
from tests import factories, people
from tests.visits.forms import statements

from .handing_over import leaving, proposed

pytestmark = pytest.mark.django_db
ADDRESS = "/issues/hand-overs/"


@pytest.fixture
def rows():
    return leaving()


def test_office_finds_who_leaves_by_number_or_name(client, rows):
    client.force_login(rows.bob)

    for words in (rows.alice.cadre.staff_number, "艾一"):
        page = client.get(ADDRESS, {"q": words}).text
        assert f'href="/issues/hand-overs/new/{rows.alice.cadre.pk}/"' in page
    assert "没有找到这个人" in client.get(ADDRESS, {"q": "没有"}).text


def test_waiting_stands_above_what_is_done(client, rows):
    made = proposed(rows)
    client.force_login(rows.bob)
    assert [one.pk for one in client.get(ADDRESS).context["waiting"]] == [made.pk]

    settle_hand_over(made, by=rows.dora.user, kind="refused", reason="手头太多")
    page = client.get(ADDRESS)
    assert page.context["waiting"] == []
    assert "手头太多" in page.text


def test_what_nobody_took_by_the_last_day_is_pointed_out(client, rows, monkeypatch):
    proposed(rows, last_on=timezone.localdate())
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    client.force_login(rows.bob)

    assert "最后一天已经过了" in client.get(ADDRESS).text


@pytest.mark.parametrize(
    ("make_user", "sees"),
    [
        (people.village_office, True),
        (people.other_village_office, False),
        (people.charlie, False),
        (people.leader, False),
        (people.inspector, False),
        (people.clerk, False),
        (people.discipline, False),
        (people.system_admin, False),
        (people.nobody, False),
        (lambda: people.bob("330411106"), False),
    ],
)
def test_those_of_the_place_read_it_and_nobody_else(client, rows, make_user, sees):
    made = proposed(rows)
    client.force_login(make_user())

    assert ("窦四" in client.get(ADDRESS).text) is sees
    assert client.get(f"{ADDRESS}{made.pk}/").status_code == (200 if sees else 404)
    assert client.get(f"{ADDRESS}{made.pk}/sheet/").status_code == (200 if sees else 404)


def test_leaver_and_successor_read_it(client, rows):
    proposed(rows)
    for user in (rows.alice, rows.dora.user):
        client.force_login(user)
        assert "窦四" in client.get(ADDRESS).text


def test_list_needs_the_same_queries_for_any_number_of_rows(client, rows):
    client.force_login(rows.bob)
    found = []
    for name in ("窦五", "窦六", "窦七"):
        made = proposed(rows, successor=factories.cadre(name))
        found.append(len(statements(lambda: client.get(ADDRESS))[1]))
        settle_hand_over(made, by=rows.bob, kind="called_off", reason="再想想")

    assert found[1] == found[2]
