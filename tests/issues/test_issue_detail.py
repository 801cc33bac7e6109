"""One issue: its words, its history, and who may read them."""

import re

import pytest

from campaigns.calendar import last_year_in_library
from issues.enums import IssueState
from issues.services import restrict_opinions
from tests import factories, people
from tests.desk import AUDIT_ROW
from tests.workbooks import GRID_A1

from .moving import make, ready
from .supervising import slip_on


@pytest.fixture
def issue(db):
    made = factories.issue(
        factories.campaign(), GRID_A1, state=IssueState.ASSIGNED, **factories.assigned(factories.department())
    )
    home = factories.household(GRID_A1, address="花溪路7号", holder_name="沈百合")
    heard = factories.opinion(made.campaign, words_verbatim="下雨就淹，蹚水进门", entry=home)
    made.opinion_links.create(opinion=heard)
    return made


def page(client, user, issue):
    client.force_login(user)
    return client.get(f"/issues/{issue.pk}/")


def test_clerk_reads_the_words_but_not_who_said_them(client, issue):
    text = page(client, people.clerk(issue.lead_department), issue).content.decode()

    assert "下雨就淹，蹚水进门" in text
    assert "花溪路7号" not in text
    assert "沈百合" not in text


@pytest.mark.parametrize(
    "stranger",
    [people.charlie, people.discipline, lambda: people.clerk(factories.department("镇农办"))],
)
def test_stranger_finds_no_such_issue(client, issue, stranger):
    response = page(client, stranger(), issue)

    assert response.status_code == 404
    assert "下雨就淹" not in response.content.decode()


def test_former_department_loses_sight(client, issue):
    clerk = people.clerk(issue.lead_department)
    issue.lead_department = factories.department("镇农办")
    issue.save()

    assert page(client, clerk, issue).status_code == 404


def test_words_that_became_restricted_are_not_shown(client, issue):
    restrict_opinions([link.opinion for link in issue.opinion_links.all()], by=None)

    assert "下雨就淹" not in page(client, people.bob(), issue).content.decode()


def test_slips_are_shown_with_how_they_ended(client, issue):
    slips = [slip_on(issue, colour=colour) for colour in ("blue", "yellow")]
    slips[0].steps.create(kind="superseded", successor=slips[1])
    slips[1].steps.create(kind="answered", words="材料已到，明天疏通", by=people.clerk())

    response = page(client, people.clerk(issue.lead_department), issue)

    assert [(slip, slip.ending) for slip in response.context["slips"]] == [
        (slips[1], ""),
        (slips[0], f"已由 {slips[1]} 接续"),
    ]
    assert "材料已到，明天疏通" in response.content.decode()


def test_slip_ends_in_words_by_a_reason_a_reply_or_a_change_of_department(client, issue):
    bob, slip = people.bob(), slip_on(issue)

    def ending():
        return page(client, bob, issue).context["slips"][0].ending

    issue.lead_department = factories.department("镇农办")
    issue.save()
    assert ending() == "已不由该单位办理"

    issue.steps.create(move="reply", to_state="replied")
    assert ending() == "问题已答复或不再办理"

    slip.steps.create(kind="lifted", words="已协调")
    assert ending() == "已说明理由解除"


def test_visitor_reads_no_slips(client, issue):
    slip_on(issue)

    assert page(client, people.alice(), issue).context["slips"] == []


def test_due_date_beyond_the_published_calendar_is_marked_provisional(client, issue):
    bob = people.bob()
    assert "暂定" not in page(client, bob, issue).content.decode()

    issue.due_at = factories.at(f"{last_year_in_library() + 1}-01-08 23:59:59")
    issue.save()

    assert "暂定" in page(client, bob, issue).content.decode()


def test_buttons_are_the_moves_that_are_mine(client, issue):
    def offered(user):
        return [move.name for move in page(client, user, issue).context["moves"]]

    assert offered(people.clerk(issue.lead_department)) == ["sign", "send_back"]
    assert offered(people.bob()) == ["remind", "withdraw", "ask_void"]
    assert offered(people.alice()) == []


@pytest.mark.parametrize("steps", [1, 3])
def test_issue_detail_needs_the_same_queries_for_any_history(
    client, issue, steps, django_assert_max_num_queries
):
    bob = people.bob()
    slip_on(issue)
    for _step in range(steps):
        issue.steps.create(move="imported", to_state=issue.state, by=people.bob())
        issue.opinion_links.create(opinion=factories.opinion(issue.campaign))
        issue.follow_ups.create(by=people.alice(), result="solved")
        issue.supports.create(department=factories.department(factories.number("单位")))
    client.force_login(bob)

    with django_assert_max_num_queries(16 + AUDIT_ROW):
        response = client.get(f"/issues/{issue.pk}/")
    # The first step and joining, and for each round one of both.
    assert len(response.context["history"]) == 2 * steps + 2


def test_issue_detail_tells_what_was_recorded_in_words(client, db):
    issue = make(ready("close"), "close")
    client.force_login(people.bob())
    page = client.get(f"/issues/{issue.pk}/").content.decode()

    told = " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0]).split())
    assert "回访方式： 电话" in told and "回访结果： 已解决" in told and "满意度： 满意" in told
    assert not any(key in told for key in ("phone", "solved", "satisfied"))
