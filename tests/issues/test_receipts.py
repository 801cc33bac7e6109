"""Receipts: the code, how a matter stands in words for the resident, and the resident's one word."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.enums import CampaignState
from canvass.roles import Role
from issues import sorting
from issues.enums import IssueState
from issues.models import (
    Issue,
    IssueOpinion,
    IssueStep,
    OpinionNote,
    Receipt,
    ResidentVerdict,
    SuggestionAnswer,
)
from issues.models.receipts import CODE_ALPHABET
from issues.receipts import (
    SENTENCES,
    Matter,
    existing_receipt,
    find_receipt,
    office_contact,
    plain_code,
    receipt_for,
    record_verdict,
    standing_of,
)
from tests import factories, people
from tests.factories import assigned, at, department
from tests.workbooks import TOWN, VILLAGE_A, VILLAGE_B
from visits.models import OpinionMark

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


def linked(opinion, issue):
    IssueOpinion.objects.create(issue=issue, opinion=opinion)
    return issue


def heard(campaign, state=None, **fields):
    """A receipt of an opinion that became an issue in a state."""
    opinion = factories.opinion(campaign)
    if state:
        linked(opinion, factories.issue(campaign, state=state, **fields))
    return receipt_for(opinion, by=None)


def answered(campaign, state="closed", **fields):
    dates = {"replied_at": at("2018-09-06"), "closed_at": at("2018-09-10")}
    values = {"outcome": "substantive", **assigned(department()), **dates, **fields}
    return heard(campaign, state, **values)


def only(receipt):
    matters = standing_of(receipt).matters
    assert len(matters) == 1
    return str(matters[0].step), str(matters[0].sentence)


# --- The code -----------------------------------------------------------------------------------------------


def test_code_has_sixty_bits_in_an_alphabet_that_is_read_in_one_way(campaign):
    codes = {receipt_for(factories.opinion(campaign), by=None).code for _number in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {12}
    assert len(CODE_ALPHABET) == 32
    assert not set("".join(codes)) - set(CODE_ALPHABET)
    assert not set("ILOU") & set(CODE_ALPHABET)


def test_code_is_printed_in_groups_of_four():
    assert Receipt(code="0123456789AB").typed_code == "0123-4567-89AB"


@pytest.mark.parametrize(
    "typed",
    ["0123-4567-89AB", "o123 4567 89ab", "Ol23456789AB", "０１２３-４５６７-８９ＡＢ", "0i23–4567–89ab"],
)
def test_code_is_found_however_it_is_typed(typed):
    assert plain_code(typed) == "0123456789AB"


@pytest.mark.parametrize("typed", ["", "\0", "——", "问题", "' OR 1=1"])
def test_what_is_no_code_opens_nothing(campaign, typed):
    receipt_for(factories.opinion(campaign), by=None)
    assert find_receipt(typed) is None


def test_receipt_is_made_once(campaign):
    opinion, alice = factories.opinion(campaign), people.alice()
    assert existing_receipt(opinion) is None
    first = receipt_for(opinion, by=alice)
    assert receipt_for(opinion, by=people.bob()) == first
    assert (Receipt.objects.count(), first.by) == (1, alice)


def test_correction_keeps_the_receipt(campaign):
    opinion = factories.opinion(campaign)
    corrected = factories.opinion(campaign, corrects=opinion)
    receipt = receipt_for(corrected, by=None)
    assert receipt.opinion == opinion
    assert existing_receipt(opinion) == existing_receipt(corrected) == receipt


def test_database_refuses_a_second_receipt_a_used_code_and_another_alphabet(campaign):
    one, other = factories.opinion(campaign), factories.opinion(campaign)
    code = receipt_for(one, by=None).code
    for opinion, wrong in [(one, "000000000000"), (other, code), (other, "00000000000O"), (other, "000")]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Receipt.objects.create(opinion=opinion, code=wrong)


# --- How it stands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "step", "sentence"),
    [
        ("accepted", "已受理", "已受理，正在安排承办单位。"),
        ("assigned", "已受理", "已交给承办单位，等待开始办理。"),
        ("in_progress", "办理中", "承办单位正在办理。"),
        ("waiting", "办理中", "还需要补充情况，补齐后继续办理。"),
        ("parked", "办理中", "一时难以办成，已列入计划，定期复核。"),
        ("replied", "已答复", "承办单位已经答复，接下来由其他人员向您回访。"),
        ("follow_up", "已答复", "承办单位已经答复，等待向您回访。"),
        ("closed", "已办结", "已经办结。"),
        ("not_accepted", "已了结", "这件事不属于本次活动的受理范围。"),
        ("transferred", "已了结", "已移交有权处理的单位。"),
        ("merged", "办理中", "已与同类问题合并办理。"),
        ("withdrawn", "已了结", "已经撤回，不再办理。"),
        ("void", "已了结", "这件登记已经作废。"),
    ],
)
def test_every_state_has_a_sentence(campaign, state, step, sentence):
    assert only(answered(campaign, state)) == (step, sentence)


def test_every_state_is_in_the_list_above():
    assert set(SENTENCES) == set(IssueState)


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("substantive", "已经办结。"),
        ("procedural", "已经说明情况或按程序办结。"),
        ("phased", "已经阶段性办结，以后还会回头看。"),
    ],
)
def test_closing_says_how(campaign, outcome, sentence):
    assert only(answered(campaign, outcome=outcome)) == ("已办结", sentence)


def test_department_is_told_from_the_assignment_on(campaign):
    told = {}
    for state in ("accepted", "assigned", "in_progress", "closed", "withdrawn"):
        told[state] = standing_of(answered(campaign, state)).matters[0].department
    assert told == {
        "accepted": "",
        "assigned": "镇环保所",
        "in_progress": "镇环保所",
        "closed": "镇环保所",
        "withdrawn": "",
    }


def step(receipt, move, state, when="2018-09-20", **fields):
    issue = receipt.opinion.issue_links.get().issue
    return IssueStep.objects.create(issue=issue, move=move, to_state=state, at=at(when), **fields)


def test_reply_is_what_was_written_to_the_resident_and_the_latest(campaign):
    receipt = answered(campaign)
    step(receipt, "reply", "replied", "2018-09-06", reason="内部说明", details={"reply": "先垫了石板"})
    step(receipt, "reply", "replied", "2018-09-09", reason="内部说明", details={"reply": "换了新管"})
    assert standing_of(receipt).matters == [Matter("已办结", "已经办结。", "镇环保所", "换了新管")]


def test_rework_takes_the_reply_back(campaign):
    receipt = answered(campaign, "in_progress")
    step(receipt, "reply", "replied", "2018-09-06", details={"reply": "先垫了石板"})
    step(receipt, "rework", "in_progress", "2018-09-09", reason="张三说还是积水")
    matter = standing_of(receipt).matters[0]
    assert (matter.sentence, matter.reply) == ("上次的办理没有解决问题，承办单位正在重新办理。", "")


def test_refusal_says_where_to_go_and_not_who_was_told(campaign):
    receipt = answered(campaign, "not_accepted")
    details = {"route": "区人民法院", "told": "张三"}
    step(receipt, "not_accept", "not_accepted", reason="涉诉", details=details)
    matter = standing_of(receipt).matters[0]
    assert matter == Matter("已了结", "这件事不属于本次活动的受理范围。", route="区人民法院")


def test_merged_issue_leads_to_its_main_issue(campaign):
    last = factories.issue(campaign, state="in_progress", **assigned(department("镇水利站")))
    middle = factories.issue(campaign, state="merged", merged_into=last)
    receipt = heard(campaign, "merged", merged_into=middle)
    assert standing_of(receipt).matters == [Matter("办理中", "承办单位正在办理。", "镇水利站")]


def test_two_issues_that_were_merged_are_told_once(campaign):
    main = factories.issue(campaign, state="accepted")
    receipt = heard(campaign, "merged", merged_into=main)
    linked(receipt.opinion, main)
    assert only(receipt) == ("已受理", "已受理，正在安排承办单位。")


def test_each_of_several_issues_is_told(campaign):
    receipt = heard(campaign, "accepted")
    linked(receipt.opinion, factories.issue(campaign, state="withdrawn"))
    assert [str(matter.step) for matter in standing_of(receipt).matters] == ["已受理", "已了结"]


@pytest.mark.parametrize(
    ("nature", "sentence"),
    [
        ("problem", "已登记，等待受理。"),
        ("question", "已登记，等待受理。"),
        ("suggestion", "您的建议已登记，等待答复。"),
        ("praise", "已记下，谢谢。"),
        ("report", "已收到，由专门人员办理。"),
    ],
)
def test_words_that_are_no_issue_have_a_sentence(campaign, nature, sentence):
    receipt = receipt_for(factories.opinion(campaign, nature=nature), by=None)
    assert only(receipt) == ("已登记", sentence)


def test_question_that_was_answered_at_once(campaign):
    receipt = receipt_for(factories.opinion(campaign, nature="question"), by=None)
    OpinionNote.objects.create(opinion=receipt.opinion, text="告诉张三去窗口办")
    assert standing_of(receipt).matters == [Matter("已答复", "已经当场答复，谢谢。")]


def test_suggestion_is_told_with_its_latest_answer(campaign):
    receipt = receipt_for(factories.opinion(campaign, nature="suggestion"), by=None)
    for answer, reason, day in [
        ("adopted", "下月办", "2018-09-05"),
        ("not_adopted", "没有地方", "2018-09-06"),
    ]:
        SuggestionAnswer.objects.create(opinion=receipt.opinion, answer=answer, reason=reason, at=at(day))
    sentence = "您的建议这次没有被采纳，谢谢您提出来。"
    assert standing_of(receipt).matters == [Matter("已答复", sentence, reply="没有地方")]


def test_void_words_are_told_as_void_and_corrected_ones_are_not(campaign):
    receipt = heard(campaign)
    OpinionMark.objects.create(opinion=receipt.opinion, kind="void", reason="更正")
    assert only(receipt) == ("已了结", "这件登记已经作废。")
    corrected = factories.opinion(campaign, corrects=receipt.opinion, created_at=timezone.now())
    assert only(receipt) == ("已登记", "已登记，等待受理。")
    OpinionMark.objects.create(opinion=corrected, kind="void", reason="不是他说的")
    assert only(receipt) == ("已了结", "这件登记已经作废。")


@pytest.mark.parametrize("how", ["mark", "nature of a correction", "issue"])
def test_restricted_matter_tells_one_sentence_alone(campaign, how):
    receipt = answered(campaign, is_restricted=how == "issue")
    step(receipt, "reply", "replied", details={"reply": "已查处"})
    if how == "mark":
        OpinionMark.objects.create(opinion=receipt.opinion, kind="restricted")
    if how == "nature of a correction":
        factories.opinion(campaign, corrects=receipt.opinion, nature="report", created_at=timezone.now())
    standing = standing_of(receipt)
    assert standing.matters == [Matter("已登记", "已收到，由专门人员办理。")]
    assert not standing.can_judge


# --- What the resident says ---------------------------------------------------------------------------------


def test_verdict_is_kept_with_the_issues_and_moves_none(campaign):
    receipt = answered(campaign)
    issue = receipt.opinion.issue_links.get().issue
    verdict = record_verdict(receipt, solved=False, words="还是积水")
    assert (verdict.solved, verdict.words_verbatim, list(verdict.issues.all())) == (
        False,
        "还是积水",
        [issue],
    )
    issue.refresh_from_db()
    assert (issue.state, issue.version, issue.steps.count()) == ("closed", 1, 1)


def test_verdict_is_given_once(campaign):
    receipt = answered(campaign)
    record_verdict(receipt, solved=True)
    with pytest.raises(ValidationError, match="每次答复反馈一次"):
        record_verdict(receipt, solved=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidentVerdict.objects.create(receipt=receipt, solved=False)


def again(receipt, move="rework", state="closed"):
    """The office sends it back; the department answers anew."""
    issue = receipt.opinion.issue_links.standing().get().issue
    IssueStep.objects.create(issue=issue, move=move, to_state="in_progress")
    reply(issue, state)


def reply(issue, state="closed"):
    Issue.objects.filter(pk=issue.pk).update(state=state, replied_at=timezone.now())


def rounds(receipt):
    return list(receipt.verdicts.order_by("pk").values_list("answer_round", "solved"))


@pytest.mark.parametrize("move", ["rework", "reopen"])
def test_each_new_answer_takes_one_word_more(campaign, move):
    receipt = answered(campaign)
    record_verdict(receipt, solved=False, words="还是积水")
    again(receipt, move, "replied")
    assert standing_of(receipt).can_judge

    record_verdict(receipt, solved=True)

    assert rounds(receipt) == [(1, False), (2, True)]
    with pytest.raises(ValidationError, match="每次答复反馈一次"):
        record_verdict(receipt, solved=False)


def test_rework_by_itself_asks_for_no_word(campaign):
    receipt = answered(campaign)
    record_verdict(receipt, solved=False)
    Issue.objects.update(state="in_progress", replied_at=None)

    standing = standing_of(receipt)
    assert (standing.can_judge, standing.is_under_way) == (False, True)
    with pytest.raises(ValidationError, match="请等有了答复再来"):
        record_verdict(receipt, solved=False)


def test_answer_that_nobody_judged_keeps_its_number(campaign):
    receipt = answered(campaign)
    again(receipt)

    assert record_verdict(receipt, solved=True).answer_round == 2


def test_follow_up_and_closing_are_no_new_answer(campaign):
    receipt = answered(campaign, "replied")
    record_verdict(receipt, solved=True)
    for state in ("follow_up", "closed"):
        Issue.objects.update(state=state)
        assert not standing_of(receipt).can_judge


def test_words_that_went_to_another_issue_are_answered_anew(campaign):
    receipt, bob = answered(campaign, "follow_up"), people.bob()
    link = receipt.opinion.issue_links.get()
    link.issue.opinion_links.create(opinion=factories.opinion(campaign))
    record_verdict(receipt, solved=False)
    sorting.take_out(link, by=bob, reason="说的是桥头")
    other = factories.issue(campaign)
    sorting.join_issue(receipt.opinion, other, by=bob)
    assert not standing_of(receipt).can_judge
    earlier = {"replied_at": at("2018-09-06"), "closed_at": at("2018-09-07"), "outcome": "substantive"}
    Issue.objects.filter(pk=other.pk).update(state="closed", **assigned(department()), **earlier)

    verdict = record_verdict(receipt, solved=True)

    assert (rounds(receipt), list(verdict.issues.all())) == ([(1, False), (2, True)], [other])


def test_ended_campaign_promises_no_other_answer(campaign):
    receipt = answered(campaign)
    record_verdict(receipt, solved=False)
    Issue.objects.update(state="in_progress")
    type(campaign).objects.update(state=CampaignState.CLOSED)

    assert not standing_of(find_receipt(receipt.code)).is_under_way


def test_receipt_costs_the_same_however_often_it_was_judged(campaign):
    receipt = answered(campaign)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            standing_of(find_receipt(receipt.code))
        return len(captured)

    record_verdict(receipt, solved=False)
    first = cost()
    for _time in range(2):
        again(receipt)
        record_verdict(receipt, solved=False)
    assert cost() == first


@pytest.mark.parametrize(
    "state", ["accepted", "assigned", "in_progress", "waiting", "parked", "withdrawn", "transferred"]
)
def test_nothing_to_judge_before_there_is_an_answer(campaign, state):
    with pytest.raises(ValidationError, match="请等有了答复再来"):
        record_verdict(answered(campaign, state), solved=False)


@pytest.mark.parametrize("state", ["replied", "follow_up", "closed"])
def test_answer_may_be_judged(campaign, state):
    assert record_verdict(answered(campaign, state), solved=True).solved


def test_of_several_issues_none_may_still_be_open(campaign):
    receipt = answered(campaign)
    other = linked(receipt.opinion, factories.issue(campaign, state="accepted"))
    assert not standing_of(receipt).can_judge
    type(other).objects.filter(pk=other.pk).update(state="withdrawn")
    assert standing_of(receipt).can_judge


def test_ended_campaign_takes_no_verdict(campaign):
    receipt = answered(campaign)
    type(campaign).objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED)
    with pytest.raises(ValidationError):
        record_verdict(find_receipt(receipt.code), solved=False)
    assert only(find_receipt(receipt.code)) == ("已办结", "已经办结。")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [0, 1])
def test_of_two_words_at_the_same_moment_one_counts(campaign, before):
    receipt, start, said = answered(campaign), Barrier(4), []
    for _answer in range(before):
        record_verdict(receipt, solved=False)
        again(receipt)

    def say(solved):
        start.wait()
        try:
            record_verdict(receipt, solved=solved)
            said.append("kept")
        except ValidationError as error:
            said.append(error.message)
        finally:
            connection.close()

    threads = [Thread(target=say, args=[number % 2 == 0]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["kept", *["您已经反馈过了，每次答复反馈一次。"] * 3]
    assert ResidentVerdict.objects.count() == before + 1


# --- Whom to ask --------------------------------------------------------------------------------------------


def test_contact_is_the_department_of_the_nearest_office(campaign):
    assert office_contact(campaign) is None
    for place, name, phone in [
        (TOWN[:6], "区委办", "0573-1111"),
        (TOWN, "镇党政办", "0573-2222"),
        (VILLAGE_A, "花溪社区", "0573-3333"),
    ]:
        office = factories.cadre(department=department(name, contact_phone=phone, contact_name="王五"))
        factories.posting(office, Role.CAMPAIGN_OFFICE, place)
    assert office_contact(campaign).name == "镇党政办"
    elsewhere = factories.campaign("other", area=VILLAGE_B)
    assert office_contact(elsewhere).name == "镇党政办"
