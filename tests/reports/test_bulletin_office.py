"""The office's page of the residents' bulletin: /reports/bulletin/."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.models import BulletinExample, BulletinSwitch
from tests import factories, people
from tests.factories import campaign

from .bulletining import WORDS, closed, example, public

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/bulletin/"


@pytest.fixture
def of():
    return campaign()


def page(client, user, address=ADDRESS, **data):
    client.force_login(user)
    return client.post(address, data) if data else client.get(address)


def candidates(response):
    return [issue.title for issue in response.context["page"]]


def test_office_makes_it_public_and_takes_it_back(client, of):
    office = people.bob()
    assert "未公开" in page(client, office).text

    assert page(client, office, action="open").status_code == 302
    assert "已公开" in page(client, office).text
    again = page(client, office, action="open")
    page(client, office, action="close")

    assert (again.status_code, "简报已经是公开的。" in again.text) == (422, True)
    assert [(one.is_public, one.by) for one in BulletinSwitch.objects.all()] == [
        (False, office),
        (True, office),
    ]


def test_closed_issues_are_offered_and_no_others(client, of):
    closed(of, title="已办结的路灯")
    closed(of, title="限阅的一件", is_restricted=True)
    closed(of, title="举报村干部", is_restricted=True, category_code="20")
    factories.issue(of, title="还在办的一件")
    closed(campaign("other-2018", "330411106"), "3304111062010001", title="别镇的一件")

    assert candidates(page(client, people.bob())) == ["已办结的路灯"]
    assert candidates(page(client, people.bob(), f"{ADDRESS}?words=积水")) == []


def test_issue_on_the_bulletin_is_not_offered_until_it_is_taken_down(client, of):
    office = public(of)
    standing = example(closed(of), office)
    assert candidates(page(client, office)) == []

    nowhere = page(client, office, action="take_down", example="9" * 5000, reason="写得不准")
    assert nowhere.status_code == 404
    silent = page(client, office, action="take_down", example=standing.pk, reason="  ")
    assert silent.status_code == 422
    assert BulletinExample.objects.standing().exists()

    page(client, office, action="take_down", example=standing.pk, reason="写得不准")
    standing.refresh_from_db()
    assert (standing.taken_down_by, standing.taken_down_because) == (office, "写得不准")
    assert standing.taken_down_at >= standing.ticked_at
    after = page(client, office)
    assert candidates(after) == ["花溪路积水"]
    assert "写得不准" in after.text

    twice = page(client, office, action="take_down", example=standing.pk, reason="再撤一次")
    assert "这个例子已经撤下了。" in twice.text


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.leader, 403),
        (people.village_office, 403),
        (people.clerk, 403),
        (lambda: people.bob("330411106"), 404),
        (lambda: people.bob("330411105201"), 404),
    ],
)
def test_stranger_neither_sees_nor_changes_anything(client, of, stranger, status):
    standing = example(closed(of), public(of))
    user = stranger()

    for data in ({}, {"action": "close"}, {"action": "take_down", "example": standing.pk, "reason": "无"}):
        assert page(client, user, f"{ADDRESS}?campaign={of.code}", **data).status_code == status
    standing.refresh_from_db()
    assert standing.taken_down_at is None
    assert BulletinSwitch.objects.get().is_public


def test_example_of_another_campaign_is_not_found(client, of):
    other = campaign("other-2018", "330411106")
    standing = example(closed(other, "3304111062010001"), public(other))

    for pk in (standing.pk, "x", ""):
        answer = page(client, people.bob(), action="take_down", example=pk, reason="无")
        assert answer.status_code == 404
    assert page(client, people.bob(), action="burn").status_code == 404


def test_example_whose_issue_was_reopened_is_marked(client, of):
    standing = example(closed(of), public(of))
    type(standing.issue).objects.update(state="in_progress")

    assert "暂不显示" in page(client, people.bob()).text


def test_queries_do_not_grow(client, of):
    office = public(of)
    client.force_login(office)

    def queries():
        client.get(ADDRESS)  # what is asked once a process
        with CaptureQueriesContext(connection) as found:
            assert client.get(ADDRESS).status_code == 200
        return len(found)

    example(closed(of), office)
    closed(of)
    one = queries()
    for n in range(3):
        example(closed(of), office, title=f"{WORDS['title']}{n}")
        closed(of)
    assert queries() == one
