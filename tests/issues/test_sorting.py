"""What the office's desk tells about words that were sorted, and who may decide about them."""

import pytest

from issues import sorting
from issues.models import IssueOpinion, OpinionNote
from tests import factories, people
from tests.workbooks import GRID_B1


@pytest.fixture
def campaign(db):
    return factories.campaign()


@pytest.mark.parametrize(
    ("choice", "found"),
    [("no", ["waits"]), ("issue", ["linked"]), ("answered", ["answered"]), ("noted", ["noted"])],
)
def test_desk_lists_words_by_what_became_of_them(client, campaign, choice, found):
    factories.opinion(campaign, number="waits")
    IssueOpinion.objects.create(
        opinion=factories.opinion(campaign, number="linked"), issue=factories.issue(campaign)
    )
    factories.opinion(campaign, number="answered", nature="suggestion").answers.create(answer="adopted")
    OpinionNote.objects.create(opinion=factories.opinion(campaign, number="noted", nature="praise"))
    client.force_login(people.bob())

    rows = client.get("/admin/visits/opinion/", {"sorted": choice}).context["cl"].result_list

    assert [row.number for row in rows] == found


def test_desk_shows_how_a_question_was_answered_and_by_whom(client, campaign):
    bob, question = people.bob(), factories.opinion(campaign, nature="question")
    sorting.note_opinion(question, by=bob, text="已说明异地报销办法")
    client.force_login(bob)

    page = client.get(f"/admin/visits/opinion/{question.pk}/change/").content.decode()

    assert "已说明异地报销办法" in page
    assert "鲍二柏" in page


def test_joining_leaves_title_state_and_version_alone(campaign):
    bob, issue = people.bob(), factories.issue(campaign, title="路灯")

    sorting.join_issue(factories.opinion(campaign), issue, by=bob)

    before = (issue.title, issue.state, issue.version)
    issue.refresh_from_db()
    assert (issue.title, issue.state, issue.version) == before


def test_both_villages_words_join_one_issue_of_the_town(campaign):
    bob, issue = people.bob(), factories.issue(campaign, title="路灯")

    for words in (factories.opinion(campaign), factories.opinion(campaign, GRID_B1)):
        sorting.join_issue(words, issue, by=bob)

    assert [link.position for link in issue.opinion_links.all()] == [0, 1]
