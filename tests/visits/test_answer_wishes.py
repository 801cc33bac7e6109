"""Who said it wants an answer: asked beside the words, kept beside them, corrected without touching them."""

import json
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.models import PrivacyNotice
from campaigns.notice_texts import first_notice
from campaigns.services import publish_notice
from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1, VILLAGE_A
from visits.answer_wishes import Wish, write_wishes
from visits.contents import Words
from visits.models import AnswerWish, Opinion, Visit

from .forms import by, file_address, filled, statements

pytestmark = pytest.mark.django_db
NUMBER = "13812341234"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(client, campaign):
    user = people.alice()
    client.force_login(user)
    return user


@pytest.fixture
def entry(campaign):
    return factories.household(address="花溪路12号")


def wished(n=0, **fields):
    """What the form says beside the n-th opinion: an answer by phone, unless told otherwise."""
    said = {"wanted": "on", "answer_way": "phone", "answer_phone": NUMBER, **fields}
    return {f"opinions-{n}-{name}": value for name, value in said.items() if value is not None}


@pytest.fixture
def send(client, alice, entry):
    """send(wanted=…): Alice files one opinion with a wish beside it."""

    def post(words="门口积水", nature="problem", form=None, **fields):
        data = filled((nature, words), cadres=[by(alice)], **(form or {}), **wished(**fields))
        return client.post(file_address(entry), data)

    return post


def complaints(response):
    """{field: [sentences]} beside the first opinion of a form that was refused."""
    assert response.status_code == 200
    assert not Visit.objects.exists()
    return {n: list(errors) for n, errors in response.context["form"].opinions.forms[0].errors.items()}


def wishes():
    return list(AnswerWish.objects.order_by("pk").values_list("way", "phone", "may_tell_department"))


# --- Filing -------------------------------------------------------------------------------------------------


def test_wish_is_kept_beside_the_words_and_the_department_may_not_know_unless_said(send, alice):
    send()
    send(may_tell="on")
    assert wishes() == [("phone", NUMBER, False), ("phone", NUMBER, True)]
    first = AnswerWish.objects.earliest("pk")
    assert (first.opinion, first.created_by) == (Opinion.objects.earliest("pk"), alice)


@pytest.mark.parametrize("way", ["visit", "receipt"])
def test_ways_without_a_number_keep_none(send, way):
    send(answer_way=way, answer_phone="")
    assert wishes() == [(way, "", False)]


def test_nothing_is_kept_when_nothing_is_wanted(send):
    send(wanted=None, answer_way="", answer_phone="")
    assert Opinion.objects.count() == 1
    assert not AnswerWish.objects.exists()


@pytest.mark.parametrize(
    ("way", "typed", "kept"),
    [
        ("phone", "138 1234－1234", NUMBER),
        ("text", "+86 13812341234", NUMBER),
        ("phone", "0573-83241234", "057383241234"),
    ],
)
def test_number_is_taken_as_people_type_it(send, way, typed, kept):
    send(answer_way=way, answer_phone=typed)
    assert wishes() == [(way, kept, False)]


WRONG = "请填 11 位手机号码，或者带区号的座机，例如 0573-83241234。"


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"answer_way": ""}, {"answer_way": ["请选择怎么答复。"]}),
        ({"answer_phone": ""}, {"answer_phone": ["用电话或短信答复，请填电话号码。"]}),
        ({"answer_phone": "1381234123"}, {"answer_phone": [WRONG]}),
        ({"answer_phone": "138123412345"}, {"answer_phone": [WRONG]}),
        ({"answer_phone": "83241234"}, {"answer_phone": [WRONG]}),
        ({"answer_phone": "张三"}, {"answer_phone": [WRONG]}),
        (
            {"answer_way": "text", "answer_phone": "0573-83241234"},
            {"answer_phone": ["短信只能发到手机，请填 11 位手机号码。"]},
        ),
        (
            {"answer_way": "visit"},
            {"answer_phone": ["这样答复用不着电话，请清空；要打电话就改选“电话”。"]},
        ),
        (
            {"wanted": None},
            {"wanted": ["要答复请勾上“要答复”；不要答复，请清空电话，再选“不要答复”。"]},
        ),
        (
            {"wanted": None, "answer_phone": "", "answer_way": "", "may_tell": "on"},
            {"wanted": ["要答复请勾上“要答复”；不要答复，请清空电话，再选“不要答复”。"]},
        ),
        ({"words": ""}, {"words": ["请写下居民的原话。"]}),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence_and_loses_nothing(send, fields, sentences):
    response = send(form={"note": "很要紧"}, **fields)
    assert complaints(response) == sentences
    assert "很要紧" in response.content.decode()


def test_forms_with_different_wishes_are_different(send, client):
    identity = {"client_id": "6f1b2a52-8a0c-4d0e-9a39-6a3f5c1d7e21"}
    assert send(form=identity).status_code == 302
    assert send(form=identity).status_code == 302
    other = "13899991234"
    page = send(form=identity, answer_phone=other, may_tell="on")
    assert page.status_code == 409
    told = next(row for row in page.context["rows"] if row.label == "诉求原话")
    assert told.stored == "【问题】门口积水（要答复：电话 138****1234）"
    assert told.sent == "【问题】门口积水（要答复：电话 138****1234 号码不同 可以让承办单位知道）"
    assert wishes() == [("phone", NUMBER, False)]


def test_older_digests_stay(send, alice, entry, client):
    """A form that was filed before an answer could be asked for is still known as the same."""
    data = filled(("problem", "积水"), cadres=[by(alice)], client_id="6f1b2a52-8a0c-4d0e-9a39-6a3f5c1d7e22")
    client.post(file_address(entry), data)
    visit = Visit.objects.get()
    said = ["2018-09-10 19:30:00+08:00", "None", "met", "door", "2", "老人说门口路灯不亮"]
    former = [entry.pk, visit.campaign_id, [alice.cadre.pk], said, ["problem", "积水"]]
    text = json.dumps(former, ensure_ascii=False)
    assert visit.content_hash == sha256(text.encode()).hexdigest()


def test_wish_costs_one_statement_and_no_wish_none(client, alice, entry):
    client.post(file_address(entry), filled(("problem", "积水"), cadres=[by(alice)]))

    def cost(count, wanting):
        opinions = [("problem", f"第{n}条") for n in range(count)]
        extra = {key: value for n in range(wanting) for key, value in wished(n).items()}
        data = filled(*opinions, cadres=[by(alice)], **extra)
        response, sent = statements(lambda: client.post(file_address(entry), data))
        assert response.status_code == 302
        return len(sent)

    assert [cost(1, 0), cost(3, 1), cost(3, 3)] == [8, 9, 9]
    assert AnswerWish.objects.count() == 4


# --- Correcting ---------------------------------------------------------------------------------------------


@pytest.fixture
def visit(send):
    send()
    return Visit.objects.get()


def correct(client, visit, *opinions, **fields):
    """The form of the visit as its page fills it, with some of it changed."""
    opinions = opinions or [
        (o.nature, o.words_verbatim, o.pk) for o in visit.opinions.valid_at(timezone.now())
    ]
    numbers = list(visit.cadres.values_list("cadre__staff_number", flat=True))
    data = filled(*opinions, cadres=numbers, seen_step=visit.steps.last().pk, reason="写错了", **fields)
    return client.post(reverse("visits:visit_correct", args=[visit.pk]), data)


def test_form_of_a_stored_wish_never_holds_the_number(client, visit):
    page = client.get(reverse("visits:visit_correct", args=[visit.pk])).content.decode()
    assert NUMBER not in page
    assert "已存 138****1234，不换就留空。" in page


def test_number_left_blank_is_the_stored_one_and_nothing_has_changed(client, visit):
    response = correct(client, visit, **wished(answer_phone=""))
    assert "内容没有任何改动。" in response.content.decode()
    assert wishes() == [("phone", NUMBER, False)]


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"answer_phone": "13900000000"}, ("phone", "13900000000", False)),
        ({"answer_phone": "", "answer_way": "text"}, ("text", NUMBER, False)),
        ({"answer_phone": "", "may_tell": "on"}, ("phone", NUMBER, True)),
        ({"answer_phone": "", "answer_way": "visit"}, ("visit", "", False)),
    ],
)
def test_wish_alone_is_changed_without_replacing_the_words(client, visit, fields, after):
    assert correct(client, visit, **wished(**fields)).status_code == 302
    assert wishes() == [after]
    assert (Opinion.objects.count(), Opinion.objects.get().marks.count()) == (1, 0)
    step = visit.steps.last()
    assert (step.move, step.before) == ("corrected", {"answer_wishes": ["phone"]})
    assert NUMBER not in str(list(visit.steps.values()))
    page = client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert "原来：要答复 电话" in page


def test_withdrawn_wish_keeps_no_number_and_is_told_nowhere(client, visit):
    assert correct(client, visit, **wished(wanted=None, answer_way="", answer_phone="")).status_code == 302
    wish = AnswerWish.objects.get()
    assert (wish.phone, wish.withdrawn_at is None) == ("", False)
    assert "138****1234" not in client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert correct(client, visit, **wished()).status_code == 302
    wish.refresh_from_db()
    assert (wish.phone, wish.withdrawn_at) == (NUMBER, None)
    assert visit.steps.last().before == {"answer_wishes": [""]}


def test_wish_is_added_to_stored_words(client, alice, entry, visit):
    client.post(file_address(entry), filled(("problem", "路灯"), cadres=[by(alice)]))
    other = Visit.objects.exclude(pk=visit.pk).get()
    assert correct(client, other, **wished(answer_way="receipt", answer_phone="")).status_code == 302
    assert AnswerWish.objects.get(opinion__visit=other).way == "receipt"
    assert Opinion.objects.filter(visit=other).count() == 1


def test_replaced_words_keep_their_row_and_their_number_goes_on(client, visit):
    former = visit.opinions.get()
    said = ("problem", "门口一直积水", former.pk)
    assert correct(client, visit, said, **wished(answer_phone="")).status_code == 302
    rows = AnswerWish.objects.order_by("pk").values_list("opinion__words_verbatim", "way", "phone")
    assert list(rows) == [("门口积水", "phone", ""), ("门口一直积水", "phone", NUMBER)]
    assert AnswerWish.objects.get(opinion=former).erased_at is not None
    assert list(AnswerWish.objects.standing().values_list("phone", flat=True)) == [NUMBER]


def test_number_of_another_row_cannot_be_taken_over(client, alice, entry):
    """Rows swapped by hand: a blank number would otherwise stand for somebody else's."""
    data = filled(("problem", "积水"), ("problem", "路灯"), cadres=[by(alice)], **wished(0))
    client.post(file_address(entry), data)
    visit = Visit.objects.get()
    first, second = visit.opinions.order_by("pk")
    swapped = [("problem", "路灯", second.pk), ("problem", "积水", first.pk)]
    response = correct(client, visit, *swapped, **wished(0, answer_phone=""))
    assert "表单里的诉求与存下的对不上，请重新打开更正页。" in response.content.decode()
    assert wishes() == [("phone", NUMBER, False)]


# --- Pages of visits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        (people.alice, False),
        (lambda: people.person(Role.GRID_LEADER, GRID_A1), False),
        (people.village_office, True),
        (people.bob, True),
        (people.leader, False),
        (people.inspector, False),
    ],
)
def test_visit_shows_the_number_masked_and_the_way_to_it_to_some(client, visit, who, opens):
    """The first one is a colleague in the same grid, who did not hear it."""
    client.force_login(who())
    page = client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert "要答复：电话" in page
    assert "138****1234" in page
    assert NUMBER not in page
    assert (reverse("issues:contact_show", args=[AnswerWish.objects.get().pk]) in page) is opens


def test_who_heard_it_finds_the_way_to_the_number(client, visit):
    page = client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert reverse("issues:contact_show", args=[AnswerWish.objects.get().pk]) in page


def test_household_tells_that_an_answer_is_wanted_and_no_number(client, visit):
    page = client.get(reverse("visits:entry_detail", args=[visit.entry.number])).content.decode()
    assert "要答复：电话" in page
    assert "1234" not in page
    assert "contacts/" not in page


def test_wish_beside_a_report_is_not_told_to_its_filer(client, send):
    response = send("村里有人收红包", "report")
    page = client.get(response["Location"]).content.decode()
    assert "要答复" not in page
    assert "138****" not in page


def test_number_is_in_no_list_search_or_desk_page(client, visit):
    bob = people.bob()
    client.force_login(bob)
    opinion = visit.opinions.get()
    addresses = [
        "/admin/visits/opinion/",
        f"/admin/visits/opinion/{opinion.pk}/change/",
        f"/admin/visits/visit/{visit.pk}/change/",
        "/issues/triage/",
        f"/issues/triage/{opinion.pk}/",
    ]
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200
        assert NUMBER not in page.content.decode()
    for address in (f"/admin/visits/opinion/?q={NUMBER}", f"/issues/?q={NUMBER}"):
        assert opinion.words_verbatim not in client.get(address).content.decode()


def test_visit_costs_the_same_for_one_wish_and_for_three(client, alice, entry, visit):
    address = reverse("visits:visit_detail", args=[visit.pk])
    _page, one = statements(lambda: client.get(address))
    for _n in range(2):
        opinion = factories.opinion(visit.campaign, visit=visit, entry=entry)
        AnswerWish.objects.create(opinion=opinion, way="phone", phone=NUMBER)
    page, three = statements(lambda: client.get(address))
    assert page.content.decode().count("138****1234") == 3
    assert len(one) == len(three)


# --- What whoever is asked may know ---------------------------------------------------------------------------


def test_form_says_that_no_child_is_a_contact_and_where_the_notice_is(client, alice, entry, send):
    page = client.get(file_address(entry), follow=True).content.decode()
    assert "不填 14 岁以下孩子的号码" in page
    assert "不说姓名、不留电话，也照样登记。" in page
    assert "/notices/wangdian-2018/" in page
    send()
    page = client.get(reverse("visits:visit_correct", args=[Visit.objects.get().pk])).content.decode()
    assert "已存 138****1234，不换就留空。不填 14 岁以下孩子的号码" in page


def kept_versions():
    return Visit.objects.get().notice_version, AnswerWish.objects.get().notice_version


@pytest.mark.parametrize(
    ("typed", "kept"), [("1", 1), ("2", 2), ("3", None), ("0", None), ("-1", None), ("１", None), ("x", None)]
)
def test_record_keeps_the_version_of_the_notice_that_stood_on_the_form(send, campaign, alice, typed, kept):
    """Also of a form that waited on a phone while the office published a new one. What exists not is not believed."""
    publish_second(campaign)
    send(form={"notice": typed})
    assert kept_versions() == (kept, kept)


def publish_second(campaign):
    notice = PrivacyNotice(campaign=campaign, **first_notice(campaign))
    notice.seen = 1
    publish_notice(notice, by=people.bob())


def test_form_without_a_version_is_filed_all_the_same(send):
    send()
    assert kept_versions() == (None, None)


def test_form_tells_the_version_that_it_shows(client, alice, entry, campaign):
    publish_second(campaign)
    page = client.get(file_address(entry), follow=True)
    assert page.context["form"]["notice"].value() == 2
    assert "个人信息告知书（第 2 版）" in page.content.decode()


def test_number_that_comes_later_has_the_version_of_its_own_form(client, send, campaign, alice):
    send(form={"notice": "1"})
    publish_second(campaign)
    visit = Visit.objects.get()
    correct(client, visit, notice="2", **wished(answer_phone="13900000000"))
    assert kept_versions() == (1, 2)


def test_same_form_with_another_version_is_the_same_form(send, client):
    identity = {"client_id": "6f1b2a52-8a0c-4d0e-9a39-6a3f5c1d7e23"}
    assert send(form={**identity, "notice": "1"}).status_code == 302
    assert send(form={**identity, "notice": ""}).status_code == 302
    assert kept_versions() == (1, 1)


# --- What the database holds ----------------------------------------------------------------------------------

NEEDS, HAS_NONE = "用电话或短信答复，要有电话号码。", "只有用电话或短信答复，才留电话号码。"
CALLED = "电话为 11 位手机号，或者带区号的座机；短信只能发到手机。"
GONE = "不再要答复，或者号码已经清除，就不再留号码。"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"way": "phone"}, NEEDS),
        ({"way": "visit", "phone": NUMBER}, HAS_NONE),
        ({"way": "receipt", "phone": NUMBER}, HAS_NONE),
        ({"way": "phone", "phone": NUMBER, "erased_at": timezone.now()}, GONE),
        ({"way": "phone", "phone": NUMBER, "withdrawn_at": timezone.now()}, GONE),
    ],
)
def test_database_refuses_a_wish_that_does_not_fit(campaign, fields, sentence):
    wish = AnswerWish(opinion=factories.opinion(campaign), **fields)
    with pytest.raises(ValidationError) as refusal:
        wish.validate_constraints()
    assert sentence in refusal.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        wish.save()


@pytest.mark.parametrize(
    "fields", [{"way": "phone", "phone": "12345"}, {"way": "text", "phone": "057383241234"}]
)
def test_what_writes_a_wish_refuses_a_number_that_cannot_be_called(campaign, alice, fields):
    """The database sees a seal: it cannot look any more."""
    with pytest.raises(ValidationError, match=CALLED):
        write_wishes([(factories.opinion(campaign), Wish(**fields))], by=alice)
    assert not AnswerWish.objects.exists()


def test_database_refuses_a_number_in_clear(campaign):
    AnswerWish.objects.create(opinion=factories.opinion(campaign), way="phone", phone=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE visits_answerwish SET phone = %s", [NUMBER])


def test_digest_of_a_form_cannot_be_tried_out(settings):
    """Whoever has the rest of the form, and no key, finds the number by trying none of them."""
    words = Words("problem", "积水", wish=Wish("phone", NUMBER))
    settings.FIELD_KEYS = ["a" * 40]
    assert NUMBER not in str(words.told())
    ours = words.told()
    settings.FIELD_KEYS = ["b" * 40]
    assert words.told() != ours


@pytest.mark.parametrize("gone", ["erased_at", "withdrawn_at"])
def test_number_may_be_blanked_later(campaign, gone):
    wish = AnswerWish.objects.create(opinion=factories.opinion(campaign), way="phone", phone=NUMBER)
    AnswerWish.objects.filter(pk=wish.pk).update(phone="", **{gone: timezone.now()})
    assert wishes() == [("phone", "", False)]


def test_words_have_one_wish(campaign):
    opinion = factories.opinion(campaign, VILLAGE_A)
    AnswerWish.objects.create(opinion=opinion, way="visit")
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerWish.objects.create(opinion=opinion, way="visit")
