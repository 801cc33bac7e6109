"""Feedback about this system: /feedback/, linked from the foot of every page."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grids.feedback import MOST_A_DAY, kind_of_page
from grids.models import Feedback, FeedbackAnswer
from tests import factories, people
from tests.visits.forms import statements
from tests.workbooks import GRID_A1, VILLAGE_A

pytestmark = pytest.mark.django_db
ADDRESS = "/feedback/"


def typed(**fields):
    return {"wanted": "给一户补一张照片", "happened": "按钮找不到", "page": "/visits/7/", **fields}


def say(by, **fields):
    values = {"wanted": "查一户", "happened": "查不到", "place": by.reach.postings[0].place, **fields}
    return Feedback.objects.create(by=by, **values)


def test_foot_of_a_page_leads_here_with_the_kind_of_the_page(client):
    factories.campaign()
    client.force_login(people.alice())

    page = client.get("/visits/mine/?after=x")
    assert 'href="/feedback/?page=/visits/mine/"' in page.text
    assert "/visits/mine/" in client.get(f"{ADDRESS}?page=/visits/mine/").text


def test_foot_of_the_desk_leads_here_too(client):
    client.force_login(people.bob())

    assert 'href="/feedback/?page=/admin/"' in client.get("/admin/").text


def test_strangers_are_told_whom_to_ask(client):
    assert "本镇活动办" in client.get("/login/").text
    assert "本镇活动办" in client.get("/s/").text
    assert client.get(ADDRESS).status_code == 302


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/visits/mine/?after=abc", "/visits/mine/"),
        ("/visits/17/", "/visits/…/"),
        ("/visits/entries/330411105201-0012/", "/visits/entries/…/"),
        ("/s/3F7K-9QXW-2B4C/?language=en", "/s/…/"),
        ("/welcome/ABCD1234/", "/welcome/…/"),
        ("/admin/grids/cadre/5/change/", "/admin/grids/cadre/…/change/"),
        ("/no-such-page/13812345678/", ""),
        ("https://elsewhere.example/visits/", ""),
        ("", ""),
    ],
)
def test_no_number_and_no_code_of_an_address_is_kept(address, kind):
    assert kind_of_page(address) == kind


def test_what_was_said_is_kept_with_the_village_of_the_author(client):
    alice = people.alice()
    client.force_login(alice)

    assert client.post(ADDRESS, typed()).status_code == 302

    kept = Feedback.objects.get()
    assert (kept.wanted, kept.happened, kept.page) == ("给一户补一张照片", "按钮找不到", "/visits/…/")
    assert (kept.by, kept.place_id) == (alice, VILLAGE_A)
    assert "按钮找不到" in client.get(ADDRESS).text


def test_whoever_has_no_place_is_heard_too(client):
    client.force_login(people.clerk())

    client.post(ADDRESS, typed())

    assert Feedback.objects.get().place is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"wanted": ""}, "这个字段是必填项"),
        ({"happened": ""}, "这个字段是必填项"),
        ({"wanted": "字" * 201}, "最多 200 字"),
        ({"happened": "字" * 1001}, "最多 1000 字"),
        ({"happened": "张三的电话 138 1234 5678 打不通"}, "请不要写电话号码"),
        ({"wanted": "查３３０４１１１９７００１０１１２３４"}, "请不要写电话号码"),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_nothing_is_kept(client, fields, sentence):
    client.force_login(people.alice())

    page = client.post(ADDRESS, typed(**fields))

    assert page.status_code == 400
    assert sentence in page.text
    assert not Feedback.objects.exists()


def test_longest_texts_are_kept(client):
    client.force_login(people.alice())

    client.post(ADDRESS, typed(wanted="字" * 200, happened="字" * 1000))

    assert Feedback.objects.count() == 1


def test_a_great_many_in_a_day_are_refused(client):
    client.force_login(people.alice())
    for _count in range(MOST_A_DAY):
        client.post(ADDRESS, typed())

    page = client.post(ADDRESS, typed())

    assert "请明天再写" in page.text
    assert Feedback.objects.count() == MOST_A_DAY


def test_everybody_reads_the_own_with_its_answer_and_nobody_elses(client):
    alice, charlie = people.alice(), people.charlie()
    FeedbackAnswer.objects.create(feedback=say(alice, happened="我的事"), text="改好了", by=people.bob())
    say(charlie, happened="别人的事")
    client.force_login(alice)

    page = client.get(ADDRESS).text

    assert "我的事" in page
    assert "改好了" in page
    assert "别人的事" not in page


def test_page_needs_the_same_queries_for_any_number_of_rows(client):
    alice = people.alice()
    client.force_login(alice)
    found = []
    for _number in range(3):
        say(alice)
        found.append(len(statements(lambda: client.get(ADDRESS))[1]))

    assert found[0] == found[2]


def test_database_keeps_words_and_no_question_mark():
    alice = people.alice()
    for wrong in ({"wanted": ""}, {"happened": ""}, {"page": "/s/?code=1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            say(alice, **wrong)


def test_nothing_said_can_be_changed_or_deleted():
    kept = say(people.alice(GRID_A1))
    for change in (lambda: Feedback.objects.update(wanted="x"), kept.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_address_is_that_of_the_urls():
    assert reverse("grids:feedback_file") == ADDRESS
