"""The list of the triage desk: which words wait, for whom, in which order."""

import pytest
from django.urls import reverse

from campaigns.enums import CampaignState
from issues.models import IssueOpinion, OpinionNote
from tests import factories, people
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import OpinionMark

URL = "/issues/triage/"
OTHER_TOWN = "330411106"


def numbers(client, user, **query):
    client.force_login(user)
    return [opinion.number for opinion in client.get(URL, query).context["opinions"]]


@pytest.fixture
def campaign(db):
    return factories.campaign()


def heard(campaign, number, code=GRID_A1, **fields):
    return factories.opinion(campaign, code, number=number, **fields)


@pytest.fixture
def words(campaign):
    """One of each nature in village A, one problem in village B."""
    for nature in ("problem", "question", "request", "complaint", "suggestion", "praise", "report"):
        heard(campaign, nature, nature=nature, restricted=nature == "report")
    heard(campaign, "B", GRID_B1, words_verbatim="乙村的秘密")
    return campaign


def test_office_finds_what_may_become_an_issue_newest_first(client, campaign):
    for day in (3, 5, 4):
        heard(campaign, f"D{day}", heard_at=at(f"2018-09-0{day} 10:00"))

    assert numbers(client, people.bob()) == ["D5", "D4", "D3"]


def test_words_stand_in_the_lot_of_their_nature_and_reports_in_none(client, words):
    bob = people.bob()

    assert sorted(numbers(client, bob)) == ["B", "complaint", "problem", "question", "request"]
    assert numbers(client, bob, lot="suggestion") == ["suggestion"]
    assert numbers(client, bob, lot="praise") == ["praise"]
    counts = {key: count for key, _label, count in client.get(URL).context["lots"]}
    assert counts == {"issue": 5, "suggestion": 1, "praise": 1}


def test_report_waits_at_no_desk_even_for_an_office_that_is_discipline_too(client, words):
    bob = people.bob()
    factories.posting(bob.cadre, "discipline", factories.TOWN)

    shown = [number for lot in ("issue", "suggestion", "praise") for number in numbers(client, bob, lot=lot)]

    assert "report" not in shown


def test_village_office_finds_its_own_village_without_suggestions(client, words):
    village = people.village_office()

    assert sorted(numbers(client, village)) == ["complaint", "problem", "question", "request"]
    assert numbers(client, village, lot="suggestion") == []
    assert numbers(client, village, lot="praise") == ["praise"]
    assert "乙村的秘密" not in client.get(URL).content.decode()


def test_office_of_another_town_finds_nothing(client, words):
    factories.place(OTHER_TOWN)

    assert numbers(client, people.bob(OTHER_TOWN)) == []


@pytest.mark.parametrize(
    "stranger",
    [
        people.alice,
        people.clerk,
        people.discipline,
        people.leader,
        people.inspector,
        people.system_admin,
        people.nobody,
    ],
)
def test_triage_is_closed_to_those_who_accept_no_issues(client, words, stranger):
    client.force_login(stranger())

    response = client.get(URL)

    assert response.status_code == 403
    assert "积水" not in response.content.decode()


def test_what_is_sorted_void_or_restricted_waits_no_longer(client, campaign):
    bob = people.bob()
    IssueOpinion.objects.create(opinion=heard(campaign, "linked"), issue=factories.issue(campaign))
    heard(campaign, "answered", nature="suggestion").answers.create(answer="adopted")
    OpinionNote.objects.create(opinion=heard(campaign, "noted", nature="question"), text="已说明")
    OpinionMark.objects.create(opinion=heard(campaign, "void"), kind="void", reason="重复")
    OpinionMark.objects.create(opinion=heard(campaign, "restricted"), kind="restricted")
    heard(campaign, "waits")

    assert numbers(client, bob) == ["waits"]
    assert numbers(client, bob, lot="suggestion") == []


def test_correction_of_sorted_words_waits_again(client, campaign):
    former = heard(campaign, "former")
    IssueOpinion.objects.create(opinion=former, issue=factories.issue(campaign))
    OpinionMark.objects.create(opinion=former, kind="void", reason="更正")
    heard(campaign, "corrected", corrects=former)

    assert numbers(client, people.bob()) == ["corrected"]


@pytest.mark.parametrize("state", [state for state in CampaignState if state != CampaignState.RUNNING])
def test_nothing_waits_in_a_campaign_that_is_not_running(client, campaign, state):
    heard(campaign, "late")
    campaign.state = state
    campaign.save()

    assert numbers(client, people.bob()) == []


def test_order_by_grid_keeps_each_grid_together(client, campaign):
    heard(campaign, "A old", heard_at=at("2018-09-01"))
    heard(campaign, "B", GRID_B1, heard_at=at("2018-09-02"))
    heard(campaign, "A new", heard_at=at("2018-09-03"))

    assert numbers(client, people.bob(), order="grid") == ["A new", "A old", "B"]


@pytest.mark.parametrize("order", ["new", "grid"])
def test_next_page_begins_after_the_last_row(client, campaign, order):
    for n in range(35):
        heard(campaign, f"N{n:02}", (GRID_A1, GRID_B1)[n % 2])
    bob = people.bob()

    first = numbers(client, bob, order=order)
    after = client.get(URL, {"order": order}).context["after"]
    second = numbers(client, bob, order=order, after=after)

    assert (len(first), len(second), len({*first, *second})) == (30, 5, 35)


@pytest.mark.parametrize("query", [{"lot": "report"}, {"order": "pk"}, {"after": "x"}, {"after": "999999"}])
def test_address_that_means_nothing_is_not_found(client, campaign, query):
    client.force_login(people.bob())

    assert client.get(URL, query).status_code == 404


def test_navigation_and_desk_lead_here_for_those_who_may(client, campaign):
    link = f'href="{reverse("issues:triage")}"'

    for person, shown in [(people.bob(), True), (people.village_office(), True), (people.inspector(), False)]:
        client.force_login(person)
        assert (link in client.get("/issues/").content.decode()) is shown
        assert (link in client.get("/admin/").content.decode()) is shown


@pytest.mark.parametrize("rows", [1, 3])
def test_triage_needs_the_same_queries_for_any_number_of_rows(
    client, campaign, rows, django_assert_max_num_queries
):
    for n in range(rows):
        heard(campaign, f"N{n}", entry=factories.household())
    client.force_login(people.bob())

    with django_assert_max_num_queries(6):
        assert len(client.get(URL).context["opinions"]) == rows
