"""Asking the residents, one by one and once more: the moves, their rules, and who may make them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from canvass.roles import Role
from issues.enums import IssueState
from issues.models import FollowUp, Issue, IssueStep
from issues.permissions import (
    handled_or_heard_by,
    is_handler_or_visitor,
    pending_request,
    waiting_for_answer,
)
from issues.workflow import MOVES, answers_to
from tests import factories, people

from .asking import DAY, heard_by
from .moving import TODAY, an_issue, head, make, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


def refused(issue, move, by=None, **changes):
    before = (issue.steps.count(), FollowUp.objects.count())
    with pytest.raises(ValidationError) as refusal:
        make(issue, move, by, **changes)
    assert (issue.steps.count(), FollowUp.objects.count()) == before
    return refusal.value.messages[0]


# --- One resident of several ------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["heard", "not_reached", "close", "rework", "second_check", "look_back"])
def test_follow_up_keeps_whose_matter_was_asked_about(move, campaign):
    state = "follow_up" if move == "rework" else None
    issue = ready(move, state, campaign=campaign)
    own, merged = heard_by(issue, None), an_issue("merged", campaign=campaign, merged_into=issue)
    theirs = heard_by(merged, None)
    values = {"result": "partly", "satisfaction": "mostly"} if move == "rework" else {}

    make(issue, move, voice=theirs, **values)

    asked = issue.follow_ups.last()
    assert (asked.opinion, "voice" in issue.steps.last().details) == (theirs, False)
    assert own.follow_ups.count() == 0


def test_only_resident_need_not_be_named_and_of_several_nobody_is_guessed(campaign):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    first = heard_by(issue, None)
    issue = make(issue, "not_reached")
    assert issue.follow_ups.last().opinion == first

    heard_by(issue, None)
    issue = make(issue, "not_reached")

    assert issue.follow_ups.last().opinion is None


@pytest.mark.parametrize("how", ["other issue", "taken out", "void", "restricted"])
def test_voice_of_another_matter_is_refused(campaign, how):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    heard_by(issue, None)
    if how == "other issue":
        voice = heard_by(an_issue(IssueState.FOLLOW_UP, campaign=campaign), None)
    else:
        voice = heard_by(issue, None)
    if how == "taken out":
        issue.opinion_links.filter(opinion=voice).update(removed_at=timezone.now(), removed_because="两件事")
    elif how in ("void", "restricted"):
        voice.marks.create(kind=how, reason="重复")

    assert "不属于这件问题" in refused(issue, "heard", voice=voice)


def test_residents_of_a_merged_matter_keep_their_answers_when_it_comes_back(campaign):
    main = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    merged = an_issue(IssueState.MERGED, campaign=campaign, merged_into=main)
    heard_by(main, None)
    voice = heard_by(merged, None)
    make(main, "heard", voice=voice, reason="修好了，谢谢")

    make(merged, "unmerge")

    assert [asked.words_verbatim for asked in voice.follow_ups.all()] == ["修好了，谢谢"]
    assert "不属于这件问题" in refused(Issue.objects.get(pk=main.pk), "heard", voice=voice)


def test_heard_wants_somebody_who_was_reached_and_says_whose_matter_it_was(campaign):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    heard_by(issue, None)
    assert make(an_issue(IssueState.FOLLOW_UP, campaign=campaign), "heard").version == 2

    heard_by(issue, None)
    assert "选定问的是哪一条" in refused(issue, "heard")

    assert "请点“未联系上”" in refused(issue, "heard", result="not_reached", satisfaction="no_answer")


@pytest.mark.parametrize("move", ["heard", "look_back", "second_check"])
def test_step_does_not_tell_the_department_what_was_said(campaign, move):
    issue = make(
        ready(move, campaign=campaign), move, reason="还是漏水，我不满意", satisfaction="dissatisfied"
    )

    step = issue.steps.last()
    assert (step.reason, step.details) == ("", {})
    assert issue.follow_ups.last().words_verbatim == "还是漏水，我不满意"


# --- Tries, rework, look-back -----------------------------------------------------------------------------------


def test_tries_before_the_standing_reply_count_no_more(campaign):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    for _try in range(3):
        issue = make(issue, "not_reached")
    issue = make(make(make(issue, "rework"), "reply", head()), "ask")

    assert "现在未联系上 0 次" in refused(issue, "ask_procedural")


@pytest.mark.parametrize(("level", "then"), [("village", "town"), ("county", "city"), ("city", "city")])
def test_second_rework_goes_one_level_up_and_the_city_stays(campaign, level, then):
    issue = make(an_issue(IssueState.FOLLOW_UP, campaign=campaign, level=level), "rework")
    assert issue.level == level

    assert make(make(issue, "reply", head()), "rework").level == then


@pytest.mark.parametrize(
    ("changes", "review_on"),
    [
        ({"result": "solved"}, None),
        ({"result": "solved", "review_on": TODAY + DAY}, None),
        ({"result": "partly", "review_on": TODAY + DAY}, TODAY + DAY),
        ({"result": "not_solved"}, TODAY),
        ({"result": "not_reached", "satisfaction": "no_answer"}, TODAY),
    ],
)
def test_look_back_is_over_when_it_is_solved_and_comes_again_otherwise(campaign, changes, review_on):
    issue = make(ready("look_back", campaign=campaign), "look_back", **changes)

    assert (issue.state, issue.review_on) == (IssueState.CLOSED, review_on)


def test_look_back_is_for_phased_closings_and_ahead_of_today(campaign):
    other = an_issue(IssueState.CLOSED, campaign=campaign)
    issue = ready("look_back", campaign=campaign)

    assert "现在不能回头看" in refused(other, "look_back")
    assert "须在今天以后" in refused(issue, "look_back", result="partly", review_on=TODAY)
    assert "未表态" in refused(issue, "look_back", result="not_reached", satisfaction="satisfied")


# --- The second check -------------------------------------------------------------------------------------------


def closed_by(by, percent, move="close"):
    campaign = factories.campaign(factories.number("c"), second_check_percent=percent)
    return make(ready(move, campaign=campaign), move, by)


@pytest.mark.parametrize(("move", "person"), [("close", people.bob), ("close_procedural", people.leader)])
def test_chance_draws_none_at_0_percent_and_all_at_100(move, person):
    one = person()

    never = {closed_by(one, 0, move).second_check_on for _n in range(8)}
    always = {closed_by(one, 100, move).second_check_on for _n in range(8)}

    assert (never, always) == ({None}, {TODAY + timedelta(days=7)})


def test_closer_is_not_told():
    bob = people.bob()
    drawn, not_drawn = closed_by(bob, 100), closed_by(bob, 0)

    def told(issue):
        step = issue.steps.last()
        return step.reason, step.details, set(issue.steps.values_list("move", flat=True))

    assert told(drawn) == told(not_drawn)


def test_second_check_comes_on_its_day_and_once(campaign):
    early = an_issue(IssueState.CLOSED, campaign=campaign, second_check_on=TODAY + DAY)
    issue = ready("second_check", campaign=campaign)

    assert "现在不能二次回访" in refused(early, "second_check")
    done = make(issue, "second_check")
    assert (done.state, done.second_check_on) == (IssueState.CLOSED, None)
    assert "现在不能二次回访" in refused(done, "second_check")


def test_second_check_is_tried_three_times():
    issue = ready("second_check", campaign=factories.campaign())
    nobody = {"result": "not_reached", "satisfaction": "no_answer"}
    bob = people.bob()

    days = []
    for _try in range(3):
        issue = make(issue, "second_check", bob, **nobody)
        days.append(issue.second_check_on)

    assert days == [TODAY, TODAY, None]


@pytest.mark.parametrize("move", ["close", "heard", "not_reached"])
def test_who_asked_before_the_closing_does_not_ask_again(move):
    campaign = factories.campaign(second_check_percent=100)
    bob, other = people.bob(), people.bob()
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    issue = make(issue, move, bob)
    if move != "close":
        issue = make(issue, "close", other)
    Issue.objects.update(second_check_on=TODAY)

    assert "没有回访或销号过此事" in refused(issue, "second_check", bob)
    assert make(issue, "second_check").second_check_on is None


def test_who_asked_in_an_earlier_round_may_ask_in_this_one():
    campaign = factories.campaign(second_check_percent=100)
    bob, other = people.bob(), people.bob()
    issue = make(an_issue(IssueState.FOLLOW_UP, campaign=campaign), "rework", bob, result="not_solved")
    issue = make(make(make(issue, "reply", head()), "ask", other), "close", other)
    Issue.objects.update(second_check_on=TODAY)

    assert make(issue, "second_check", bob).second_check_on is None


def test_reopening_forgets_the_second_check_and_the_look_back():
    issue = make(ready("look_back", campaign=factories.campaign(), second_check_on=TODAY), "reopen")

    assert (issue.second_check_on, issue.review_on) == (None, None)


# --- Not solved after all ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["look_back", "second_check"])
def test_not_solved_may_stay_closed_with_a_reason_only(campaign, move):
    issue = ready(move, campaign=campaign)
    assert "现在不能不予重开" in refused(issue, "keep_closed")

    issue = make(issue, move, result="not_solved", satisfaction="dissatisfied")
    assert "须填写" in refused(issue, "keep_closed", reason="")
    issue = make(issue, "keep_closed", reason="部件月底到货")

    assert "现在不能不予重开" in refused(issue, "keep_closed")
    assert issue.state == IssueState.CLOSED


def test_page_offers_reopening_at_once_when_it_is_not_solved(client, campaign):
    issue = ready("second_check", campaign=campaign)
    client.force_login(people.bob())
    values = {
        "version": issue.version,
        "way": "phone",
        "result": "not_solved",
        "satisfaction": "dissatisfied",
    }

    answer = client.post(f"/issues/{issue.pk}/move/second_check/?lot=second", values, follow=True)

    assert answer.redirect_chain[-1][0] == f"/issues/{issue.pk}/"
    assert "群众说没有解决" in answer.text
    assert [move.name for move in answer.context["moves"]] == ["reopen", "keep_closed", "ask_void"]


def test_second_of_two_clerks_is_told_on_the_page_and_loses_no_word(client, campaign):
    issue = ready("second_check", campaign=campaign)
    make(issue, "second_check")
    client.force_login(people.bob())
    values = {"version": issue.version, "way": "phone", "result": "solved", "satisfaction": "satisfied"}

    text = client.post(
        f"/issues/{issue.pk}/move/second_check/", {**values, "reason": "灯亮了"}
    ).content.decode()

    assert "已被鲍二柏改为" in text
    assert issue.follow_ups.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("move", ["heard", "second_check", "close"])
def test_two_clerks_at_once_leave_one_answer(move):
    issue = ready(move, campaign=factories.campaign())
    clerks, barrier = [people.bob(), people.bob()], Barrier(2)

    def attempt(clerk):
        try:
            barrier.wait()
            make(issue, move, clerk)
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(attempt, clerks))

    assert told == ["moved", "stale"]
    assert issue.follow_ups.count() == 1


# --- The condition on many issues says what the rule on one says ------------------------------------------------

HANDLED = ["nothing", "spot", "reply", "assign", "lead", "collector", "visitor", "merged", "taken out"]


@pytest.mark.parametrize("how", HANDLED)
@pytest.mark.parametrize("who", [people.bob, people.alice, people.clerk, people.nobody])
def test_handled_or_heard_agrees_with_the_rule_on_one(campaign, how, who):
    user, issue = who(), an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    an_issue(IssueState.FOLLOW_UP, campaign=campaign, lead_department=None, is_spot_resolved=True)
    if how in ("spot", "reply", "assign"):
        IssueStep.objects.create(issue=issue, move=how, to_state=issue.state, by=user)
    elif how == "lead":
        Issue.objects.filter(pk=issue.pk).update(lead_department=factories.department("镇农办"))
    elif hasattr(user, "cadre") and how != "nothing":
        main = issue
        issue = an_issue("merged", campaign=campaign, merged_into=main) if how == "merged" else issue
        visit = factories.visit(campaign, factories.household(), by=[user.cadre])
        heard_by(issue, None if how == "visitor" else user.cadre, visit=visit if how == "visitor" else None)
        if how == "taken out":
            issue.opinion_links.update(removed_at=timezone.now(), removed_because="两件事")
    user = type(user).objects.get(pk=user.pk)

    many = set(Issue.objects.filter(handled_or_heard_by(user)))
    rest = set(Issue.objects.exclude(handled_or_heard_by(user)))

    assert many == {one for one in Issue.objects.all() if is_handler_or_visitor(user, one)}
    assert rest == set(Issue.objects.all()) - many
    expected = how in ("spot", "reply") or (who is people.clerk and how != "lead")
    heard = how in ("collector", "visitor", "merged") and who is not people.nobody
    assert (Issue.objects.get(pk=(issue.merged_into_id or issue.pk)) in many) == (expected or heard)


REQUESTS = sorted({move.request for move in MOVES.values() if move.request})


@given(
    story=st.lists(
        st.tuples(
            st.sampled_from(
                [*REQUESTS, *(name for one in REQUESTS for name in answers_to(one)), "note", "reply"]
            ),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_waiting_for_answer_agrees_with_the_rule_on_one(story):
    code = factories.number("story")
    issue, bob, other = an_issue("in_progress", campaign=factories.campaign(code)), people.bob(), people.bob()
    for move, is_bobs in story:
        target = MOVES[move].target
        IssueStep.objects.create(
            issue=issue,
            move=move,
            to_state=target or issue.state,
            changes_state=target is not None,
            by=bob if is_bobs else other,
        )
    for request in REQUESTS:
        asked = pending_request(issue, request)
        waits = asked is not None and asked.by_id != bob.pk
        assert waiting_for_answer(Issue.objects.filter(pk=issue.pk), request, bob).exists() == waits


# --- What the issue's page tells --------------------------------------------------------------------------------


def test_page_tells_voice_by_voice_what_was_asked(client, campaign):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    merged = an_issue(IssueState.MERGED, campaign=campaign, merged_into=issue)
    home = factories.household(address="花溪路7号")
    own, theirs = heard_by(issue, None), heard_by(merged, None, entry=home)
    make(issue, "heard", voice=theirs, reason="井盖换好了")
    client.force_login(people.bob())

    answer = client.get(f"/issues/{issue.pk}/")

    voices = {
        opinion: [asked.words_verbatim for asked in rows] for opinion, rows, _ in answer.context["voices"]
    }
    assert voices == {own: [], theirs: ["井盖换好了"]}
    assert "花溪路7号" in answer.text
    # The only voice of the merged one is told by its history.
    assert "voices" not in client.get(f"/issues/{merged.pk}/").context


@pytest.mark.parametrize("reader", ["department", "both", "visitor"])
def test_department_and_visitors_do_not_read_who_said_what(client, campaign, reader):
    issue, alice = an_issue(IssueState.FOLLOW_UP, campaign=campaign), people.alice()
    heard_by(issue, None)
    voice = heard_by(issue, None)
    make(issue, "heard", voice=voice, reason="井盖还是晃", satisfaction="dissatisfied")
    if reader == "visitor":
        user = alice
    else:
        user = people.clerk(issue.lead_department) if reader == "department" else people.bob()
    if reader == "both":
        factories.posting(user.cadre, Role.UNIT_CLERK, department=issue.lead_department)
    client.force_login(user)

    answer = client.get(f"/issues/{issue.pk}/")

    assert "井盖还是晃" not in answer.text
    assert "voices" not in answer.context


def test_form_asks_whose_matter_only_where_there_are_several(client, campaign):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    first = heard_by(issue, None, words_verbatim="井盖松了")
    client.force_login(people.bob())
    assert 'name="voice"' not in client.get(f"/issues/{issue.pk}/move/close/").text

    heard_by(issue, None, words_verbatim="路灯不亮")
    make(issue, "heard", voice=first)
    text = client.get(f"/issues/{issue.pk}/move/close/").text

    assert f"{first.number} 井盖松了（已问：已解决）" in text
    assert "路灯不亮（还没有问）" in text


def test_form_refuses_the_voice_of_another_matter(client, campaign):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    heard_by(issue, None)
    heard_by(issue, None)
    other = heard_by(an_issue(IssueState.FOLLOW_UP, campaign=campaign), None)
    client.force_login(people.bob())
    values = {"version": issue.version, "way": "phone", "result": "solved", "satisfaction": "satisfied"}

    text = client.post(f"/issues/{issue.pk}/move/heard/", {**values, "voice": other.pk}).content.decode()

    assert "选择一个有效的选项" in text
    assert FollowUp.objects.count() == 0
