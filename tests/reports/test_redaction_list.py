"""/reports/redactions/: who blanked something, where and why; never what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from tests.workbooks import GRID_A1

from .redacting import redacted

pytestmark = pytest.mark.django_db
URL = "/reports/redactions/"


@pytest.fixture
def campaign():
    return factories.campaign()


def blanked(client, campaign, name="沈百合"):
    opinion = factories.opinion(campaign, words_verbatim=f"{name}说路灯坏了")
    redacted(client, people.bob(), "opinion", opinion, name)
    return opinion


def test_redaction_list_says_who_and_why_and_not_what(client, campaign):
    opinion = blanked(client, campaign)
    page = client.get(URL)
    assert f"诉求 {opinion.number}" in page.text and "原话里有姓名" in page.text and "鲍二柏" in page.text
    assert "沈百合" not in page.text


def test_office_of_another_town_sees_none(client, campaign):
    blanked(client, campaign)
    client.force_login(people.bob(factories.place("330411106").pk))
    assert client.get(URL).context["page"].object_list.count() == 0


@pytest.mark.parametrize("stranger", [people.alice, people.leader, people.clerk, people.nobody])
def test_redaction_list_is_shut(client, campaign, stranger):
    client.force_login(stranger())
    assert client.get(URL).status_code == 403


def test_redaction_list_costs_the_same_for_one_and_three(client, campaign):
    factories.place(GRID_A1)
    blanked(client, campaign)
    client.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(URL)
    for name in ("欧阳", "司马"):
        blanked(client, campaign, name)
    client.get(URL)
    with CaptureQueriesContext(connection) as three:
        client.get(URL)
    assert len(one) == len(three)


@pytest.mark.parametrize(("typed", "leads"), [("O1", True), (" O1 ", True), ("O2", False), ("", False)])
def test_number_leads_to_the_record(client, campaign, typed, leads):
    opinion = factories.opinion(campaign, number="O1")
    client.force_login(people.bob())
    answer = client.get(URL, {"number": typed})
    if leads:
        assert answer["Location"] == f"{URL}opinion/{opinion.pk}/"
    else:
        assert ("没有这个编号" in answer.text) is bool(typed)


def test_number_of_another_town_leads_nowhere(client, campaign):
    factories.opinion(campaign, number="O1")
    client.force_login(people.bob(factories.place("330411106").pk))
    assert "没有这个编号" in client.get(URL, {"number": "O1"}).text
