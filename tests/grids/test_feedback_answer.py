"""A line to whoever said something about this system: /feedback/<pk>/."""

import pytest
from django.db import IntegrityError, transaction

from grids.models import FeedbackAnswer
from tests import people

from .test_feedback_file import say

pytestmark = pytest.mark.django_db


def test_answer_is_kept_and_read_by_the_author(client):
    alice, bob = people.alice(), people.bob()
    said = say(alice)
    client.force_login(bob)

    assert client.post(f"/feedback/{said.pk}/", {"text": "明天改好"}).status_code == 302

    assert FeedbackAnswer.objects.get().by == bob
    client.force_login(alice)
    assert "明天改好" in client.get("/feedback/").text


@pytest.mark.parametrize("text", ["", "字" * 501, "请打 13812345678"])
def test_bad_answer_is_refused(client, text):
    said = say(people.alice())
    client.force_login(people.bob())

    assert client.post(f"/feedback/{said.pk}/", {"text": text}).status_code == 400
    assert not FeedbackAnswer.objects.exists()


def test_stranger_answers_nothing(client):
    said = say(people.alice())
    client.force_login(people.charlie())

    assert client.post(f"/feedback/{said.pk}/", {"text": "好"}).status_code == 403
    assert not FeedbackAnswer.objects.exists()


def test_a_second_answer_stands_below_the_first(client):
    alice = people.alice()
    said = say(alice)
    client.force_login(people.bob())
    for text in ("先看看", "改好了"):
        client.post(f"/feedback/{said.pk}/", {"text": text})

    client.force_login(alice)
    page = client.get("/feedback/").text
    assert page.index("先看看") < page.index("改好了")


def test_empty_answer_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackAnswer.objects.create(feedback=say(people.alice()), text="", by=people.bob())
