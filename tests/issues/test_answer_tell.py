"""The answer was brought back: /issues/answers/<pk>/told/, and what counts as an answer."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from canvass.roles import Role
from issues.matters import matters_of
from issues.models import Issue, IssueOpinion, IssueStep, OpinionNote, SuggestionAnswer, ToldAnswer
from tests import factories, people
from tests.workbooks import GRID_A2, GRID_B1
from visits.models import Opinion

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(client, campaign):
    user = people.alice()
    client.force_login(user)
    return user


@pytest.fixture
def words(campaign):
    return factories.opinion(campaign, entry=factories.household())


def an_issue(campaign, *opinions, state="accepted", **fields):
    if state in ("in_progress", "replied", "follow_up", "closed"):
        fields = {**factories.assigned(factories.department()), **fields}
    if state in ("replied", "follow_up", "closed"):
        fields["replied_at"] = timezone.now()
    issue = factories.issue(campaign, state=state, **fields)
    for opinion in opinions:
        IssueOpinion.objects.create(issue=issue, opinion=opinion)
    return issue


def step(issue, to_state, move="reply", **details):
    Issue.objects.filter(pk=issue.pk).update(
        state=to_state, replied_at=timezone.now(), closed_at=timezone.now(), outcome="substantive"
    )
    return IssueStep.objects.create(issue=issue, move=move, to_state=to_state, details=details)


def matter(opinion, user):
    [one] = matters_of([Opinion.objects.get(pk=opinion.pk)], user)
    return one


def tell(client, opinion, key, back="/visits/mine/"):
    return client.post(reverse("issues:answer_tell", args=[opinion.pk]), {"answer": key, "back": back})


def told():
    return list(ToldAnswer.objects.values_list("opinion", "step", "suggestion_answer", "by"))


# --- One tap ------------------------------------------------------------------------------------------------


def test_tap_records_who_told_which_answer_when(client, campaign, alice, words):
    reply = step(an_issue(campaign, words, state="in_progress"), "replied", reply="修好了")
    response = tell(client, words, f"step-{reply.pk}", back="/visits/entries/x/")
    assert response["Location"] == "/visits/entries/x/"
    assert told() == [(words.pk, reply.pk, None, alice.pk)]
    one = matter(words, alice)
    assert (one.tells, one.told.by, one.answer.text) == (False, alice, "修好了")


def test_second_tap_and_second_person_change_nothing(client, campaign, alice, words):
    reply = step(an_issue(campaign, words, state="in_progress"), "replied")
    tell(client, words, f"step-{reply.pk}")
    tell(client, words, f"step-{reply.pk}")
    client.force_login(people.bob())
    response = tell(client, words, f"step-{reply.pk}")
    assert told() == [(words.pk, reply.pk, None, alice.pk)]
    assert "先前已由艾一丽告知" in client.get(response["Location"]).content.decode()


def test_reply_closed_afterwards_is_told_once(client, campaign, alice, words):
    issue = an_issue(campaign, words, state="in_progress")
    reply = step(issue, "replied")
    tell(client, words, f"step-{reply.pk}")
    step(issue, "follow_up", move="ask")
    step(issue, "closed", move="close")
    assert not matter(words, alice).tells


def test_reworked_matter_has_a_new_answer_to_tell(client, campaign, alice, words):
    issue = an_issue(campaign, words, state="in_progress")
    first = step(issue, "replied", reply="说修好了")
    tell(client, words, f"step-{first.pk}")
    step(issue, "in_progress", move="rework")
    assert matter(words, alice).answer is None
    second = step(issue, "replied", reply="真修好了")
    assert matter(words, alice).tells
    response = tell(client, words, f"step-{first.pk}")
    assert "答复有了变化" in client.get(response["Location"]).content.decode()
    tell(client, words, f"step-{second.pk}")
    assert [row[1] for row in told()] == [first.pk, second.pk]


def test_answer_to_a_suggestion_is_told_and_the_later_one_again(client, campaign, alice):
    words = factories.opinion(campaign, nature="suggestion")
    first = SuggestionAnswer.objects.create(opinion=words, answer="noted")
    tell(client, words, f"suggestion-{first.pk}")
    assert told() == [(words.pk, None, first.pk, alice.pk)]
    SuggestionAnswer.objects.create(opinion=words, answer="adopted", reason="下月装")
    one = matter(words, alice)
    assert (one.tells, one.answer.text) == (True, "采纳：下月装")


def test_told_before_a_correction_of_the_words_stays_told(client, campaign, alice, words):
    reply = step(an_issue(campaign, words, state="in_progress"), "replied")
    tell(client, words, f"step-{reply.pk}")
    later = factories.opinion(campaign, corrects=words, words_verbatim="门口和后院都积水")
    one = matter(later, alice)
    assert (one.issue.pk, one.tells) == (reply.issue_id, False)


@pytest.mark.parametrize("key", ["", "step-0", "suggestion-1", "x", "step-\0"])
def test_invented_answer_records_nothing(client, campaign, alice, words, key):
    step(an_issue(campaign, words, state="in_progress"), "replied")
    assert tell(client, words, key).status_code == 302
    assert told() == []


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", ""])
def test_way_back_stays_on_this_site(client, campaign, alice, words, back):
    assert tell(client, words, "x", back=back)["Location"] == "/visits/mine/"


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_row(campaign, words):
    alice = people.alice()
    reply = step(an_issue(campaign, words, state="in_progress"), "replied")
    barrier, codes = Barrier(2), []

    def tap():
        try:
            client = Client()
            client.force_login(alice)
            barrier.wait(timeout=20)
            codes.append(tell(client, words, f"step-{reply.pk}").status_code)
        finally:
            connection.close()

    threads = [Thread(target=tap) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [302, 302]
    assert len(told()) == 1


# --- Who ----------------------------------------------------------------------------------------------------


def test_stranger_finds_no_such_words(client, campaign, words):
    reply = step(an_issue(campaign, words, state="in_progress"), "replied")
    client.force_login(people.charlie())
    assert tell(client, words, f"step-{reply.pk}").status_code == 404
    client.force_login(people.clerk())
    assert tell(client, words, f"step-{reply.pk}").status_code == 403
    client.force_login(people.inspector())
    assert tell(client, words, f"step-{reply.pk}").status_code == 403
    client.logout()
    assert tell(client, words, f"step-{reply.pk}")["Location"].startswith("/login/")
    assert told() == []


def test_former_grid_is_lost_but_not_what_i_heard_myself(client, campaign, alice, words):
    heard = factories.opinion(campaign, collector=alice.cadre)
    mine = step(an_issue(campaign, heard, state="in_progress"), "replied")
    other = step(an_issue(campaign, words, state="in_progress"), "replied")
    alice.cadre.postings.update(to_on=factories.at("2018-09-01").date())
    factories.posting(alice.cadre, Role.VISITOR, GRID_B1)
    assert tell(client, words, f"step-{other.pk}").status_code == 404
    tell(client, heard, f"step-{mine.pk}")
    assert [row[0] for row in told()] == [heard.pk]


def test_closed_campaign_records_nothing(client, campaign, alice, words):
    reply = step(an_issue(campaign, words, state="in_progress"), "replied")
    campaign.state = "closed"
    campaign.save()
    response = tell(client, words, f"step-{reply.pk}")
    assert "活动已经结束" in client.get(response["Location"]).content.decode()
    assert told() == []


def test_misconduct_report_has_no_answer_to_tell(client, campaign, alice):
    report = factories.opinion(campaign, nature="report", restricted=True, collector=alice.cadre)
    assert tell(client, report, "step-1").status_code == 404


# --- What an answer is --------------------------------------------------------------------------------------


def test_merged_words_are_answered_by_the_main_issue(client, campaign, alice, words):
    main = an_issue(campaign, state="in_progress", code=GRID_A2)
    merged = an_issue(campaign, words, state="merged", merged_into=main)
    assert (matter(words, alice).issue, matter(words, alice).opens) == (main, False)
    reply = step(main, "replied", reply="两处一起修了")
    assert matter(words, alice).answer.text == "两处一起修了"
    tell(client, words, f"step-{reply.pk}")
    assert told() == [(words.pk, reply.pk, None, alice.pk)]
    assert merged.pk != main.pk


def test_fixed_on_the_spot_needs_no_telling(campaign, alice, words):
    issue = an_issue(campaign, words)
    Issue.objects.filter(pk=issue.pk).update(is_spot_resolved=True)
    step(issue, "follow_up", move="spot")
    assert matter(words, alice).answer is None


def test_words_taken_out_of_an_issue_are_no_longer_answered_by_it(campaign, alice, words):
    step(an_issue(campaign, words, state="in_progress"), "replied")
    words.issue_links.update(removed_at=timezone.now(), removed_because="归错了")
    assert (matter(words, alice).issue, matter(words, alice).tells) == (None, False)


def test_restricted_issue_is_told_to_nobody(campaign, alice, words):
    an_issue(campaign, words, is_restricted=True)
    assert matter(words, alice).issue is None


def test_question_answered_at_once_is_noted(campaign, alice):
    words = factories.opinion(campaign, nature="question")
    OpinionNote.objects.create(opinion=words, text="当场答了")
    assert matter(words, alice).note.text == "当场答了"


# --- Certainties --------------------------------------------------------------------------------------------


def test_row_names_exactly_one_answer(campaign, words):
    with pytest.raises(IntegrityError), transaction.atomic():
        ToldAnswer.objects.create(opinion=words)
    reply = step(an_issue(campaign, words, state="in_progress"), "replied")
    answer = SuggestionAnswer.objects.create(opinion=words, answer="noted")
    with pytest.raises(IntegrityError), transaction.atomic():
        ToldAnswer.objects.create(opinion=words, step=reply, suggestion_answer=answer)


def test_answer_is_told_once_for_the_same_words(campaign, words):
    reply = step(an_issue(campaign, words, state="in_progress"), "replied")
    answer = SuggestionAnswer.objects.create(opinion=words, answer="noted")
    for which in ({"step": reply}, {"suggestion_answer": answer}):
        ToldAnswer.objects.create(opinion=words, **which)
        with pytest.raises(IntegrityError), transaction.atomic():
            ToldAnswer.objects.create(opinion=words, **which)
