"""/reports/rights/<pk>/: what is kept, shown whole for a reason, erased, answered once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from reports import rights
from reports.rights import Found
from tests import factories, people
from tests.factories import FIRST_DAY
from tests.visits.pictures import files, picture
from visits.models import AnswerWish, Visit
from visits.photo_services import add_photo

from .asking_rights import act, address, registered

pytestmark = pytest.mark.django_db
NUMBER, NAME = "13812341234", "沈百合"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


@pytest.fixture
def opinion(campaign):
    made = factories.opinion(campaign, number="O1", words_verbatim="路灯坏了")
    AnswerWish.objects.create(opinion=made, way="phone", phone=NUMBER)
    return made


@pytest.fixture
def asked(client, campaign, bob, opinion):
    return registered(client, bob, campaign, "O1")


@pytest.fixture
def door(client, campaign, bob):
    """A request about a household with a name, a number and a photo."""
    alice = people.alice()
    entry = factories.household(number="H7", holder_name=NAME, address="花溪路7号")
    visit = factories.visit(campaign, entry, [alice.cadre], filed_by=alice, content_hash="a" * 64)
    add_photo(visit, picture(), by=alice)
    said = factories.opinion(campaign, entry=entry, visit=visit, words_verbatim="门口积水")
    AnswerWish.objects.create(opinion=said, way="phone", phone=NUMBER)
    return registered(client, bob, campaign, "H7")


def kinds(asked):
    return list(asked.steps.values_list("kind", flat=True))


def test_what_is_kept_is_gathered_and_masked(client, bob, door):
    client.force_login(bob)
    page = client.get(address(door)).text
    assert all(text in page for text in ("花溪路7号", "沈*", "门口积水", "138****1234", "1 张"))
    assert NUMBER not in page and NAME not in page


def test_whole_content_is_shown_once_for_a_reason_on_record(client, bob, door):
    page = act(client, bob, door, "show", reason="本人到场核实")
    assert NUMBER in page.text and NAME in page.text
    assert list(door.steps.values_list("kind", "text", "by")) == [("shown", "本人到场核实", bob.pk)]
    assert NUMBER not in client.get(address(door)).text


def test_whole_content_wants_a_reason(client, bob, asked):
    page = act(client, bob, asked, "show", reason="")
    assert NUMBER not in page.text
    assert kinds(asked) == []


def test_erasing_takes_the_number_and_leaves_the_words(client, bob, asked, opinion):
    assert act(client, bob, asked, "erase", understood="on").status_code == 302
    wish = AnswerWish.objects.get(opinion=opinion)
    assert (wish.phone, wish.way, wish.erased_at is not None) == ("", "phone", True)
    assert list(asked.steps.values_list("kind", "text")) == [("erased", "联系电话 1")]
    opinion.refresh_from_db()
    assert opinion.words_verbatim == "路灯坏了"


def test_erasing_reaches_the_number_of_replaced_words(client, campaign, bob, opinion):
    latest = factories.opinion(campaign, number="O2", corrects=opinion)
    asked = registered(client, bob, campaign, "O2")
    act(client, bob, asked, "erase", understood="on")
    assert AnswerWish.objects.get(opinion=opinion).phone == ""
    assert asked.opinion == latest


def test_erasing_at_a_door_takes_name_number_and_photos(client, bob, door):
    act(client, bob, door, "erase", understood="on")
    door.entry.refresh_from_db()
    assert door.entry.holder_name == ""
    assert not AnswerWish.objects.exclude(phone="").exists()
    assert not door.entry.visits.filter(photos__erased_at=None).exists()
    assert Visit.objects.get().content_hash == ""
    assert sorted(door.steps.values_list("text", flat=True)) == [
        "填报指纹 1",
        "户名 1",
        "联系电话 1",
        "走访照片 1",
    ]
    assert files() == [] or all(
        name not in files() for name in Visit.objects.values_list("photos__image", flat=True)
    )


def test_erasing_is_confirmed(client, bob, asked):
    assert "请先确认" in act(client, bob, asked, "erase").text
    assert AnswerWish.objects.get().phone == NUMBER


def test_erasing_twice_says_that_nothing_is_left(client, bob, asked):
    act(client, bob, asked, "erase", understood="on")
    assert "已经没有" in act(client, bob, asked, "erase", understood="on").text
    assert kinds(asked) == ["erased"]


def test_answer_ends_the_request(client, bob, asked):
    assert act(client, bob, asked, "answer", text="号码已删除").status_code == 302
    page = client.get(address(asked)).text
    assert "号码已删除" in page
    for action, fields in (
        ("erase", {"understood": "on"}),
        ("show", {"reason": "再看"}),
        ("answer", {"text": "再答"}),
    ):
        assert "已经答复过" in act(client, bob, asked, action, **fields).text
    assert kinds(asked) == ["answered"]


def test_refusal_names_the_ground(client, bob, asked):
    assert act(client, bob, asked, "refuse", text="不是本人", ground="").status_code == 200
    assert act(client, bob, asked, "refuse", text="", ground="identity").status_code == 200
    assert kinds(asked) == []
    assert act(client, bob, asked, "refuse", text="请带证件再来", ground="identity").status_code == 302
    assert "核实不了是本人" in client.get(address(asked)).text


@pytest.mark.parametrize("action", ["x", "delete"])
def test_unknown_button_does_nothing(client, bob, asked, action):
    assert "请再按一次" in act(client, bob, asked, action).text


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (people.alice, 403),
        (people.village_office, 403),
        (people.leader, 403),
        (people.clerk, 403),
        (people.nobody, 403),
        (people.discipline, 404),
        (lambda: people.bob(factories.place("330411106").pk), 404),
    ],
)
def test_nobody_else_finds_the_request(client, asked, stranger, status):
    someone = stranger()
    for action, fields in (("show", {"reason": "看看"}), ("erase", {"understood": "on"})):
        assert act(client, someone, asked, action, **fields).status_code == status
    assert client.get(address(asked)).status_code == status
    assert kinds(asked) == []


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "answered", "text": ""}, "rightsstep_says_what"),
        ({"kind": "refused", "text": "不"}, "rightsstep_refusal_has_ground"),
        ({"kind": "answered", "text": "好", "ground": "law"}, "rightsstep_refusal_has_ground"),
    ],
)
def test_database_keeps_steps_whole(asked, bob, fields, constraint):
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        asked.steps.create(by=bob, **fields)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_one_answers_and_the_other_is_told():
    campaign = factories.campaign()
    clerks = [people.bob(), people.bob()]
    found = Found(opinion=factories.opinion(campaign))
    asked = rights.register_request(
        found, by=clerks[0], campaign=campaign, kind="see", way="phone", received_on=FIRST_DAY
    )
    both = Barrier(2)

    def attempt(by):
        try:
            both.wait()
            rights.answer_request(asked, by=by, text="已告知")
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(attempt, clerks))
    assert (told[0], "已经答复过" in told[1]) == ("", True)
    assert asked.steps.count() == 1
