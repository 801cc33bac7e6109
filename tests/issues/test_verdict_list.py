"""Residents who say that it is not solved: /issues/verdicts/."""

import pytest
from django.utils import timezone

from issues.models import IssueStep
from issues.receipts import record_verdict
from tests import factories, people
from tests.issues.answers import SECRETS, answered
from tests.visits.forms import statements
from tests.workbooks import GRID_B1, VILLAGE_B
from visits.models import OpinionMark

pytestmark = pytest.mark.django_db
ADDRESS = "/issues/verdicts/"


@pytest.fixture
def campaign():
    return factories.campaign()


def judged(campaign, *, solved=False, words="还是积水", **fields):
    return record_verdict(answered(campaign, **fields), solved=solved, words=words)


def listed(client, query=""):
    return list(client.get(ADDRESS + query).context["page"].object_list)


def test_office_reads_what_is_not_solved_with_a_link_to_the_issue(client, campaign):
    verdict = judged(campaign)
    judged(campaign, solved=True, words="好了")
    client.force_login(people.bob())
    page = client.get(ADDRESS)
    assert list(page.context["page"].object_list) == [verdict]
    assert "还是积水" in page.text
    assert f'href="/issues/{verdict.issues.get().pk}/"' in page.text


def test_list_does_not_say_who(client, campaign):
    verdict = judged(campaign)
    client.force_login(people.bob())
    page = client.get(ADDRESS).text
    shown = {"title", "holder", "issue"}  # the issue's own title and number
    assert [what for what, text in SECRETS.items() if what not in shown and text in page] == []
    assert verdict.receipt.typed_code not in page
    assert verdict.receipt.code not in page


def test_office_of_another_place_reads_its_own(client, campaign):
    judged(campaign)
    there = judged(campaign, code=GRID_B1)
    client.force_login(people.bob(VILLAGE_B))
    assert listed(client) == [there]
    assert listed(client, "?lot=all") == [there]


@pytest.mark.parametrize(
    "person",
    [people.alice, people.village_office, people.clerk, people.leader, people.discipline, people.nobody],
)
def test_others_have_no_such_page(client, campaign, person):
    judged(campaign)
    client.force_login(person())
    page = client.get(ADDRESS)
    assert page.status_code == 403
    assert "还是积水" not in page.text


@pytest.mark.parametrize("how", ["words", "issue", "correction"])
def test_what_became_restricted_is_gone(client, campaign, how):
    verdict = judged(campaign)
    if how == "words":
        OpinionMark.objects.create(opinion=verdict.receipt.opinion, kind="restricted")
    elif how == "issue":
        verdict.issues.update(is_restricted=True)
    else:
        factories.opinion(campaign, corrects=verdict.receipt.opinion, nature="report")
    client.force_login(people.bob())
    assert listed(client, "?lot=all") == []
    assert "还是积水" not in client.get(ADDRESS).text


@pytest.mark.parametrize("move", ["rework", "reopen", "keep_closed", "close", "close_procedural"])
def test_what_the_office_has_decided_waits_no_longer(client, campaign, move):
    verdict = judged(campaign)
    issue = verdict.issues.get()
    IssueStep.objects.create(issue=issue, move=move, to_state="closed", at=timezone.now())
    client.force_login(people.bob())
    assert listed(client) == []
    assert listed(client, "?lot=all") == [verdict]


def test_closed_issue_may_stay_closed_with_the_offices_reason(client, campaign):
    issue = judged(campaign).issues.get()
    client.force_login(people.bob())
    assert "keep_closed" in [move.name for move in client.get(f"/issues/{issue.pk}/").context["moves"]]
    client.post(
        f"/issues/{issue.pk}/move/keep_closed/",
        {"version": issue.version, "reason": "管网改造已列入明年计划"},
    )
    assert listed(client) == []
    assert "keep_closed" not in [move.name for move in client.get(f"/issues/{issue.pk}/").context["moves"]]


def test_an_earlier_closing_or_a_mere_note_settles_nothing(client, campaign):
    verdict = judged(campaign)
    issue = verdict.issues.get()
    IssueStep.objects.create(issue=issue, move="close", to_state="closed", at=factories.at("2018-09-10"))
    IssueStep.objects.create(issue=issue, move="note", to_state="closed", at=timezone.now())
    client.force_login(people.bob())
    assert listed(client) == [verdict]


def test_word_on_a_later_answer_says_on_which(client, campaign):
    first = judged(campaign)
    issue = first.issues.get()
    issue.steps.create(move="rework", to_state="in_progress")
    type(issue).objects.update(state="replied", replied_at=timezone.now())
    second = record_verdict(first.receipt, solved=False, words="又积水了")
    client.force_login(people.bob())

    assert listed(client) == [second]
    assert listed(client, "?lot=all") == [second, first]
    assert "对第 2 次答复" in client.get(ADDRESS).text


def test_unknown_lot_is_not_found(client, campaign):
    client.force_login(people.bob())
    assert client.get(ADDRESS + "?lot=none").status_code == 404


def test_cost_does_not_grow_with_the_rows(client, campaign):
    client.force_login(people.bob())
    judged(campaign)
    client.get(ADDRESS)
    _page, one = statements(lambda: client.get(ADDRESS))
    judged(campaign)
    judged(campaign)
    _page, three = statements(lambda: client.get(ADDRESS))
    assert len(one) == len(three)


def test_ledger_leads_the_office_there(client, campaign):
    client.force_login(people.bob())
    assert f'href="{ADDRESS}"' in client.get("/issues/").text
    client.force_login(people.alice())
    assert f'href="{ADDRESS}"' not in client.get("/issues/").text
