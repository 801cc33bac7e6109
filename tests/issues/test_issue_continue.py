"""A struck-off issue that cannot be reopened any more is taken up as a new one: /issues/<pk>/continue/."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from issues.enums import IssueState
from issues.models import Issue
from issues.services import continue_issue
from tests import factories, people
from tests.desk import AUDIT_ROW

from .asking import heard_by
from .moving import an_issue

pytestmark = pytest.mark.django_db


def closed_long_ago(campaign=None, days=91, **fields):
    when = timezone.now() - timedelta(days=days)
    campaign = campaign or factories.campaign()
    return an_issue(IssueState.CLOSED, campaign=campaign, closed_at=when, replied_at=when, **fields)


def values(issue, **changes):
    return {"title": issue.title, "category": "01", "level": "town", "urgency": "ordinary", **changes}


def send(client, user, issue, **changes):
    client.force_login(user)
    return client.post(f"/issues/{issue.pk}/continue/", values(issue, **changes))


def test_new_issue_names_the_old_one_and_takes_its_words_along(client):
    issue, bob = closed_long_ago(level="town"), people.bob()
    voice, other = heard_by(issue, None), heard_by(issue, None)
    client.force_login(bob)
    form = client.get(f"/issues/{issue.pk}/continue/").context["form"]
    assert (form.initial["title"], form.fields["opinions"].initial) == (issue.title, [voice.pk, other.pk])

    answer = send(client, bob, issue, title="花溪路又积水", opinions=[voice.pk])

    new = Issue.objects.get(continues=issue)
    assert answer.url == f"/issues/{new.pk}/"
    assert (new.state, new.title, new.place_id) == (IssueState.ACCEPTED, "花溪路又积水", issue.place_id)
    assert [link.opinion for link in new.opinion_links.all()] == [voice]
    assert Issue.objects.get(pk=issue.pk).state == IssueState.CLOSED
    assert f"/issues/{new.pk}/" in client.get(f"/issues/{issue.pk}/").text
    assert f"/issues/{issue.pk}/" in client.get(f"/issues/{new.pk}/").text


@pytest.mark.parametrize(
    ("days", "fields", "offered"),
    [
        (89, {}, "重开"),
        (91, {}, "登记接续的新问题"),
        (1, {"lead_department": None, "is_spot_resolved": True}, "登记接续的新问题"),
    ],
)
def test_page_offers_either_to_reopen_or_to_continue(client, days, fields, offered):
    issue = closed_long_ago(days=days, **fields)
    client.force_login(people.bob())

    text = client.get(f"/issues/{issue.pk}/").text

    assert [word in text for word in ("重开", "登记接续的新问题")] == [
        word == offered for word in ("重开", "登记接续的新问题")
    ]


@pytest.mark.parametrize(
    "stranger",
    [people.alice, people.clerk, people.leader, people.discipline, lambda: people.bob("330411106")],
)
def test_others_find_no_such_page(client, stranger):
    issue = closed_long_ago()

    assert send(client, stranger(), issue).status_code == 404
    assert Issue.objects.count() == 1


@pytest.mark.parametrize("how", ["open", "restricted", "ended campaign"])
def test_only_a_struck_off_issue_of_a_running_campaign_is_continued(client, how):
    campaign = factories.campaign(state="closed" if how == "ended campaign" else "running")
    issue = (
        an_issue(IssueState.REPLIED, campaign=campaign)
        if how == "open"
        else closed_long_ago(
            campaign, **({"is_restricted": True, "category_code": "20"} if how == "restricted" else {})
        )
    )

    assert send(client, people.bob(), issue).status_code == 404


def test_too_early_and_twice_are_refused_with_what_was_typed(client):
    bob, early, issue = people.bob(), closed_long_ago(days=89), None
    text = send(client, bob, early, title="花溪路又积水").text
    assert "还可以重开" in text
    assert "花溪路又积水" in text

    issue = closed_long_ago(early.campaign)
    send(client, bob, issue)
    new = Issue.objects.get(continues=issue)
    assert f"已有问题 {new.number} 接续这一件" in send(client, bob, issue).text

    Issue.objects.filter(pk=new.pk).update(state=IssueState.WITHDRAWN)
    assert send(client, bob, issue).status_code == 302


def test_words_of_another_issue_are_not_taken(client):
    issue = closed_long_ago()
    heard_by(issue, None)
    theirs = heard_by(closed_long_ago(issue.campaign), None)

    assert "选择一个有效的选项" in send(client, people.bob(), issue, opinions=[theirs.pk]).text
    with pytest.raises(ValidationError, match="自己的诉求"):
        continue_issue(
            issue,
            by=people.bob(),
            opinions=[theirs],
            title="x",
            category=issue.category,
            level="town",
            urgency="",
        )


@pytest.mark.parametrize("voices", [1, 3])
def test_cost_does_not_grow_with_the_words(client, voices, django_assert_max_num_queries):
    issue = closed_long_ago()
    for _n in range(voices):
        heard_by(issue, None)
    client.force_login(people.bob())

    with django_assert_max_num_queries(13 + AUDIT_ROW):
        assert client.get(f"/issues/{issue.pk}/continue/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_make_one_new_issue():
    issue = closed_long_ago()
    clerks, barrier = [people.bob(), people.bob()], Barrier(2)

    def attempt(clerk):
        try:
            barrier.wait()
            continue_issue(
                issue, by=clerk, title="又积水", category=issue.category, level="town", urgency="ordinary"
            )
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, clerks)) == ["made", "refused"]
    assert issue.continued_by.count() == 1
