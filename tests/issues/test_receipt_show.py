"""A resident looks up an answer: /s/<receipt code>/."""

import re
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from issues.enums import IssueState
from issues.models import ResidentVerdict
from issues.receipts import receipt_for
from tests import factories, people
from tests.factories import at
from tests.issues.answers import SECRETS, answered
from tests.issues.moving import an_issue, make
from tests.visits.forms import statements

pytestmark = pytest.mark.django_db
# The form of the page itself; the footer of every page has one for elder mode.
FORM = '<form class="card"'


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def receipt(campaign):
    return answered(campaign)


def address(receipt):
    return f"/s/{receipt.typed_code}/"


# --- Reading ------------------------------------------------------------------------------------------------


def test_bearer_reads_step_department_and_reply(client, receipt):
    page = client.get(address(receipt))
    assert page.status_code == 200
    for words in ("已办结", "已经办结。", "镇水利站", "换了新的雨水管。", receipt.typed_code):
        assert words in page.text


@pytest.mark.parametrize("state", ["accepted", "in_progress", "replied", "closed", "not_accepted"])
def test_page_tells_neither_words_nor_names_nor_addresses_nor_visits(client, campaign, state):
    page = client.get(address(answered(campaign, state))).text
    assert [what for what, text in SECRETS.items() if text in page] == []


def test_reader_is_given_no_cookie(client, receipt):
    assert not client.get(address(receipt)).cookies


@pytest.mark.parametrize("typed", ["{}", "{}/", "lower"])
def test_code_may_be_typed_without_its_groups(client, receipt, typed):
    code = receipt.code.lower() if typed == "lower" else typed.format(receipt.code).strip("/")
    assert client.get(f"/s/{code}/").status_code == 200


def test_page_is_kept_by_nobody(client, receipt):
    for place in (address(receipt), "/s/0000-0000-0000/", "/s/"):
        page = client.get(place)
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in page.text


def test_every_wrong_code_gets_the_same_answer_for_the_same_work(client, receipt):
    answers = [
        statements(lambda code=code: client.get(f"/s/{code}/"))
        for code in ("0000-0000-0000", receipt.code[:11], receipt.code + "0", "x", "问题", "1" * 300)
    ]
    assert {answer.status_code for answer, _sent in answers} == {404}
    # Beside its own address, to which the switch of elder mode comes back.
    texts = {re.sub(r'name="next" value="[^"]*"', "", answer.text) for answer, _sent in answers}
    assert len(texts) == 1
    assert {len(sent) for _answer, sent in answers} == {1}


def test_restricted_matter_shows_one_sentence(client, campaign):
    receipt = answered(campaign, restricted=True)
    page = client.get(address(receipt)).text
    assert "已收到，由专门人员办理。" in page
    hidden = ["镇水利站", "换了新的雨水管。", "已办结", FORM, "限阅", "纪检", "举报", *SECRETS.values()]
    assert [words for words in hidden if words in page] == []


def test_restricted_matter_takes_no_word(client, campaign):
    receipt = answered(campaign, restricted=True)
    page = client.post(address(receipt), {"solved": "no"})
    assert page.status_code == 409
    assert ResidentVerdict.objects.count() == 0


PARKING = {"plan": "计划找李四", "milestone": "先问王五", "explanation": "整条管子要换，\n明年改造。"}


def parked(campaign, *, restricted=False, review_on="2018-10-08", **details):
    """A receipt whose matter was parked, with what the department planned and what it wrote to the resident."""
    receipt = answered(campaign, "parked", restricted=restricted)
    issue = receipt.opinion.issue_links.get().issue
    issue.steps.create(
        move="park",
        to_state="parked",
        at=at("2018-09-07"),
        reason=SECRETS["reason"],
        details=PARKING | details,
    )
    type(issue).objects.filter(pk=issue.pk).update(review_on=review_on)
    return receipt


def test_parked_matter_says_why_and_when_it_is_looked_at_again(client, campaign):
    page = client.get(address(parked(campaign))).text

    for words in (
        "已列入计划，定期复核。",
        "整条管子要换，<br>明年改造。",
        "下次复核",
        "2018-10-08",
        "镇水利站",
    ):
        assert words in page
    hidden = [*SECRETS.values(), PARKING["plan"], PARKING["milestone"], "换了新的雨水管。"]
    assert [words for words in hidden if words in page] == []


def test_reviewed_parking_gives_the_new_day(client, campaign):
    receipt = parked(campaign)
    issue = receipt.opinion.issue_links.get().issue
    issue.steps.create(
        move="review_parking",
        to_state="parked",
        changes_state=False,
        at=at("2018-10-08"),
        details={"review_on": "2018-11-05"},
    )
    type(issue).objects.filter(pk=issue.pk).update(review_on="2018-11-05")

    page = client.get(address(receipt)).text

    assert "2018-11-05" in page and "2018-10-08" not in page
    assert "明年改造。" in page


def test_parked_without_a_day_or_an_explanation_says_no_more_than_that(client, campaign):
    page = client.get(address(parked(campaign, review_on=None, explanation=""))).text

    assert "已列入计划，定期复核。" in page
    assert "下次复核" not in page
    assert "给您的说明" not in page


def test_explanation_of_an_earlier_parking_is_not_told_again(client, campaign):
    receipt = parked(campaign)
    issue = receipt.opinion.issue_links.get().issue
    issue.steps.create(move="unpark", to_state="in_progress", at=at("2018-09-08"))
    type(issue).objects.filter(pk=issue.pk).update(state="in_progress", review_on=None)
    page = client.get(address(receipt)).text
    assert "明年改造。" not in page and "下次复核" not in page

    issue.steps.create(move="park", to_state="parked", at=at("2018-09-09"), details={})
    type(issue).objects.filter(pk=issue.pk).update(state="parked")

    assert "明年改造。" not in client.get(address(receipt)).text


def test_restricted_parked_matter_explains_nothing(client, campaign):
    page = client.get(address(parked(campaign, restricted=True))).text

    assert "已收到，由专门人员办理。" in page
    assert [words for words in ("明年改造。", "下次复核", "2018-10-08") if words in page] == []


def test_explanation_is_told_once_the_leading_group_approved_it(client, db):
    """From the department's request on, through the one write door."""
    issue = an_issue(IssueState.IN_PROGRESS)
    opinion = factories.opinion(issue.campaign)
    issue.opinion_links.create(opinion=opinion)
    receipt = receipt_for(opinion, by=None)

    asked = make(issue, "ask_parking", explanation="要等明年的钱。")
    assert "要等明年的钱。" not in client.get(address(receipt)).text

    make(asked, "park")
    page = client.get(address(receipt)).text
    assert "要等明年的钱。" in page
    assert asked.steps.get(move="ask_parking").details["review_on"] in page


def test_parking_asks_for_the_explanation(db):
    with pytest.raises(ValidationError, match="给群众的说明"):
        make(an_issue(IssueState.IN_PROGRESS), "ask_parking", explanation="")


def test_contact_of_the_office_is_told_without_a_name(client, receipt):
    office = people.bob()
    office.cadre.department = factories.department(
        "镇党政办", contact_phone="0573-88880000", contact_name="钱主任"
    )
    office.cadre.save()
    page = client.get(address(receipt)).text
    assert "镇党政办，电话 0573-88880000" in page
    assert "钱主任" not in page
    assert "鲍二柏" not in page


@pytest.mark.parametrize(("asked", "language"), [("en", "en"), ("zh-hans", "zh-hans"), ("xx", "zh-hans")])
def test_language_is_chosen_by_the_address(client, receipt, asked, language):
    page = client.get(address(receipt) + f"?language={asked}")
    assert f'<html lang="{language}">' in page.text
    assert page["Content-Language"] == language


# --- Saying whether it is solved ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer"), [("yes", "您已反馈：已解决。谢谢。"), ("no", "您已反馈：没有解决。")]
)
def test_resident_says_it_once(client, receipt, said, answer):
    first = client.post(address(receipt), {"solved": said, "words": "雨天还要看"}, follow=True)
    assert first.redirect_chain == [(address(receipt), 302)]
    assert answer in first.text
    assert FORM not in first.text
    assert "雨天还要看" not in first.text
    second = client.post(address(receipt), {"solved": "no"})
    assert second.status_code == 409
    assert "每次答复反馈一次" in second.text
    verdict = ResidentVerdict.objects.get()
    assert (verdict.solved, verdict.words_verbatim) == (said == "yes", "雨天还要看")


def test_resident_says_it_once_more_after_a_rework(client, receipt):
    client.post(address(receipt), {"solved": "no"})
    issue = receipt.opinion.issue_links.get().issue
    issue.steps.create(move="rework", to_state="in_progress")
    type(issue).objects.update(state="in_progress", replied_at=None)
    page = client.get(address(receipt)).text
    assert "您上次反馈：没有解决。" in page and "等有了新的答复，可以再反馈一次。" in page
    assert FORM not in page

    type(issue).objects.update(state="replied", replied_at=timezone.now())
    assert "现在有了新的答复，请再告诉我们一次。" in client.get(address(receipt)).text
    second = client.post(address(receipt), {"solved": "yes"}, follow=True)

    assert "您已反馈：已解决。谢谢。" in second.text
    assert FORM not in second.text
    assert client.post(address(receipt), {"solved": "no"}).status_code == 409
    assert list(ResidentVerdict.objects.order_by("pk").values_list("answer_round", "solved")) == [
        (1, False),
        (2, True),
    ]


def test_nothing_but_the_code_is_needed(receipt):
    """No token: a browser that sends no referrer sends no origin either."""
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(address(receipt), {"solved": "no"}, secure=True, HTTP_ORIGIN="null")
    assert page.status_code == 302


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择“已解决”或“没有解决”。"),
        ({"solved": "maybe"}, "maybe"),
        ({"solved": "no", "words": "话" * 501}, "最多写 500 字，请删短一些。"),
    ],
)
def test_wrong_form_is_told_and_keeps_nothing(client, receipt, data, sentence):
    page = client.post(address(receipt), data or {"words": ""})
    assert page.status_code == 400
    assert sentence in page.text
    assert ResidentVerdict.objects.count() == 0


def test_five_hundred_characters_fit(client, receipt):
    client.post(address(receipt), {"solved": "no", "words": "话" * 500})
    assert len(ResidentVerdict.objects.get().words_verbatim) == 500


@pytest.mark.parametrize("state", ["accepted", "in_progress", "withdrawn"])
def test_no_question_before_there_is_an_answer(client, campaign, state):
    receipt = answered(campaign, state)
    assert FORM not in client.get(address(receipt)).text
    assert client.post(address(receipt), {"solved": "no"}).status_code == 409


def test_somebody_who_is_signed_in_reads_but_does_not_answer(client, receipt):
    client.force_login(people.alice())
    page = client.get(address(receipt))
    assert "换了新的雨水管。" in page.text
    assert "艾一丽" not in page.text
    assert FORM not in page.text
    assert client.post(address(receipt), {"solved": "yes"}).status_code == 403
    assert ResidentVerdict.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_words_at_the_same_moment(receipt):
    start, found = Barrier(2), []

    def post(said):
        start.wait()
        try:
            found.append(Client().post(address(receipt), {"solved": said}).status_code)
        finally:
            connection.close()

    threads = [Thread(target=post, args=[said]) for said in ("yes", "no")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [302, 409]
    assert ResidentVerdict.objects.count() == 1


# --- How often ----------------------------------------------------------------------------------------------


def test_who_tries_codes_is_stopped_and_others_are_not(client, receipt):
    found = [client.get(f"/s/0000-0000-{number:04d}/").status_code for number in range(31)]
    assert found == [404] * 30 + [429]
    stopped = client.get(address(receipt))
    assert stopped.status_code == 429
    assert stopped["Retry-After"] == "600"
    assert "换了新的雨水管。" not in stopped.text
    assert client.get(address(receipt), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_right_codes_are_not_counted(client, receipt):
    assert {client.get(address(receipt)).status_code for _time in range(40)} == {200}


def test_words_on_one_code_are_limited_from_wherever_they_come(client, receipt):
    found = [
        client.post(address(receipt), {"solved": ""}, REMOTE_ADDR=f"198.51.100.{number}").status_code
        for number in range(6)
    ]
    assert found == [400] * 5 + [429]


def test_words_from_one_address_are_limited(client, campaign):
    found = [client.post(address(answered(campaign)), {"solved": "no"}).status_code for _number in range(31)]
    assert found == [302] * 30 + [429]
    assert ResidentVerdict.objects.count() == 30


def test_empty_form_of_somebody_who_is_signed_in_is_refused_with_a_sentence(client, receipt):
    """A form that nothing was sent with takes no complaint: that was an error of ours."""
    client.force_login(people.alice())
    answer = client.post(f"/s/{receipt.typed_code}/")
    assert (answer.status_code, "请由群众本人反馈" in answer.content.decode()) == (403, True)
