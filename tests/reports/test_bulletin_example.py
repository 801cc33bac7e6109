"""Wording an answered example: /reports/bulletin/issues/<pk>/."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from issues.models import IssueOpinion
from reports.bulletin_checks import example_problems
from reports.bulletin_services import put_up_example
from reports.models import BulletinExample
from tests import factories, people
from tests.factories import campaign

from .bulletining import WORDS, closed, example, public

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    return campaign()


def address(issue):
    return f"/reports/bulletin/issues/{issue.pk}/?campaign={issue.campaign.code}"


def send(client, issue, user, action="publish", **words):
    client.force_login(user)
    return client.post(address(issue), {**WORDS, **words, "action": action})


def test_form_begins_empty(client, of):
    issue = closed(of, title="张三丰家积水", result="换了水管")
    client.force_login(people.bob())

    page = client.get(address(issue))

    assert not any(page.context["form"][name].value() for name in WORDS)
    assert "换了水管" in page.text  # to look at, beside the form


def test_preview_writes_nothing_and_publishing_does(client, of):
    issue, office = closed(of), people.bob()

    preview = send(client, issue, office, "preview")
    assert "群众会看到" in preview.text
    assert BulletinExample.objects.count() == 0

    assert send(client, issue, office).status_code == 302
    made = BulletinExample.objects.get()
    assert (made.issue, made.title, made.ticked_by) == (issue, WORDS["title"], office)
    assert send(client, issue, office).status_code == 404
    assert BulletinExample.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("请打 138 1234 5678 找我", "文字里有电话号码（138****5678），请删去。"),
        ("请打１３８１２３４５６７８", "文字里有电话号码（138****5678），请删去。"),
        ("请打0573-8324 1234", "文字里有电话号码（057****1234），请删去。"),
        ("请打83241234", "文字里有电话号码（832****1234），请删去。"),
        ("请打8324 1234", "文字里有电话号码（832****1234），请删去。"),
        ("证号 33041119500101123x", "文字里有 18 位号码（330411…），可能是身份证号，请删去。"),
        ("是张 三丰家说的", "文字里有户主的姓名“张三丰”，请删去或改写。"),
        ("由罗律师办理", "文字里有工作人员的姓名“罗律师”，请删去或改写。"),
        ("他说：一下雨，门口就积水！", "文字里是群众的原话，请用自己的话改写。"),
    ],
)
@pytest.mark.parametrize("field", ["title", "text", "answer"])
def test_what_tells_who_it_was_is_refused(client, of, wrong, sentence, field):
    factories.household(holder_name="张三丰")
    factories.posting(factories.cadre("罗律师"), "visitor", factories.GRID_A1)
    issue = closed(of)
    IssueOpinion.objects.create(issue=issue, opinion=factories.opinion(of))

    page = send(client, issue, people.bob(), **{field: wrong})

    assert page.status_code == 422
    assert page.context["form"].non_field_errors() == [sentence]
    assert BulletinExample.objects.count() == 0
    assert wrong in page.context["form"][field].value()


def test_dates_amounts_and_foreign_names_are_let_through(of):
    factories.household("3304111062010001", holder_name="远方客")
    factories.household(kind="enterprise", holder_name="花溪纸厂")
    issue = closed(of)
    text = "2018-09-06 花溪纸厂停了夜班，20180907 复查，花 1200 元，远方客也来看，咨询拨 12345。"

    assert example_problems(issue, text) == []


def test_service_refuses_what_the_page_would(of):
    office = people.bob()
    factories.household(holder_name="张三丰")

    with pytest.raises(ValidationError, match="张三丰"):
        put_up_example(closed(of), by=office, **{**WORDS, "text": "张三丰家"})
    with pytest.raises(ValidationError, match="只有已销号"):
        put_up_example(factories.issue(of), by=office, **WORDS)
    with pytest.raises(ValidationError, match="只有已销号"):
        put_up_example(closed(of, is_restricted=True), by=office, **WORDS)
    with pytest.raises(ValidationError, match="只有本活动所在地的活动办"):
        put_up_example(closed(of), by=people.bob("330411106"), **WORDS)
    assert BulletinExample.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [{"is_restricted": True}, {"is_restricted": True, "category_code": "20"}, {"state": "in_progress"}],
)
def test_restricted_and_open_issues_are_not_found(client, of, fields):
    assert send(client, closed(of, **fields), people.bob()).status_code == 404
    assert BulletinExample.objects.count() == 0


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.leader, 403),
        (lambda: people.bob("330411106"), 404),
        (lambda: people.bob("330411105201"), 404),
    ],
)
def test_stranger_publishes_nothing(client, of, stranger, status):
    user, issue = stranger(), closed(of)

    assert send(client, issue, user).status_code == status
    assert client.get(address(issue)).status_code == status
    assert BulletinExample.objects.count() == 0


def test_empty_and_too_long_are_said_at_the_field(client, of):
    page = send(client, closed(of), people.bob(), title="长" * 61, text=" ")

    assert set(page.context["form"].errors) == {"title", "text"}
    assert BulletinExample.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_second_of_two_at_once_is_told():
    of = campaign()
    issue, office = closed(of), public(of)

    def publish(_n):
        try:
            return bool(example(issue, office))
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(publish, range(2)))

    assert sorted(map(str, found)) == [
        "True",
        "这件问题不能（或已经）放上简报。只有已销号、不限阅的问题可以。",
    ]
    assert BulletinExample.objects.count() == 1
