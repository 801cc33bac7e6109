"""A correction takes the place of the former words under their issue; what became of them before stays theirs."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from issues import sorting
from issues.follow_up_queue import LOTS, Desk
from issues.matters import matters_of
from issues.models import Category, Issue, IssueOpinion
from issues.receipts import receipt_for, standing_of
from issues.voices import answers_about, voices_of
from tests import factories, people
from tests.desk import text
from visits.contents import COLUMNS, VisitContent, Words
from visits.models import Opinion, OpinionMark
from visits.office_services import add_opinion
from visits.services import correct_visit, find_companions

from .moving import an_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def words(campaign, alice):
    return heard(campaign, alice)


def heard(campaign, alice):
    home = factories.household()
    visit = factories.visit(campaign, home, by=[alice.cadre], filed_by=alice)
    fields = {"visit": visit, "entry": home, "collector": alice.cadre, "created_by": alice}
    return factories.opinion(campaign, words_verbatim="公圆的路灯不亮", number="SQ1", **fields)


def corrected(opinion, by, words="公园的路灯不亮", nature="problem"):
    """What stands now, after the people of the visit corrected the words."""
    visit = opinion.visit
    content = VisitContent(
        **{name: getattr(visit, name) for name in COLUMNS},
        companions=tuple(find_companions([row.cadre.staff_number for row in visit.cadres.all()]).values()),
        opinions=(Words(nature, words, opinion.pk),),
    )
    seen = visit.steps.order_by("-at", "-pk").values_list("pk", flat=True).first()
    correct_visit(visit, by=by, content=content, reason="错字", seen_step=seen)
    return Opinion.objects.get(corrects=opinion)


def joined(words, state="in_progress", **fields):
    issue = an_issue(state, campaign=words.campaign, **fields)
    issue.opinion_links.create(opinion=words, at=issue.registered_at)
    return issue


@pytest.mark.parametrize("state", ["accepted", "in_progress", "follow_up", "closed"])
def test_correction_stands_where_the_former_words_stood(words, alice, state):
    issue = joined(words, state)

    now = corrected(words, alice)

    former, link = issue.opinion_links.order_by("pk")
    assert (former.opinion, former.removed_by, former.removed_because) == (
        words,
        alice,
        f"更正为 {now.number}",
    )
    assert (link.opinion, link.replaces, link.by, link.removed_at) == (now, former, alice, None)
    assert former.removed_at == link.at == now.created_at
    assert list(voices_of(issue)) == [now]
    assert not sorting.waiting_opinions(people.bob()).exists()


def test_correction_of_a_correction_follows_too(words, alice):
    issue = joined(words)

    last = corrected(corrected(words, alice), alice, "公园东边的路灯不亮")

    assert [link.opinion for link in issue.opinion_links.standing()] == [last]


def test_office_that_corrects_at_the_desk_keeps_the_place_as_well(words):
    issue, bob = joined(words), people.bob()
    values = {name: getattr(words, name) for name in ("campaign", "nature", "source", "place", "heard_at")}

    now = add_opinion(Opinion(words_verbatim="公园的路灯不亮", corrects=words, **values), by=bob)

    assert [link.opinion for link in issue.opinion_links.standing()] == [now]


def test_words_under_a_merged_issue_stay_a_voice_of_the_main_one(words, alice):
    issue, main = joined(words, "accepted"), an_issue("in_progress", campaign=words.campaign)
    Issue.objects.filter(pk=issue.pk).update(state="merged", merged_into=main)

    assert list(voices_of(main)) == [words]
    now = corrected(words, alice)
    assert list(voices_of(main)) == [now]


@pytest.mark.parametrize("nature", ["suggestion", "praise", "report"])
def test_what_is_no_issue_leaves_it(words, alice, nature):
    issue = joined(words)

    now = corrected(words, alice, nature=nature)

    assert not issue.opinion_links.standing().exists()
    waits = sorting.waiting_opinions(people.bob())
    assert list(waits) == ([] if nature == "report" else [now])


def test_restricted_correction_is_not_told_by_the_issue(client, words, alice):
    issue = joined(words)
    now = corrected(words, alice, "某干部吃拿卡要", nature="report")
    client.force_login(people.bob())

    page = text(client.get(f"/issues/{issue.pk}/"))

    assert now.number not in page and "吃拿卡要" not in page and "举报" not in page


def test_words_taken_out_before_stay_out(words, alice):
    issue, bob = joined(words, "accepted"), people.bob()
    issue.opinion_links.create(opinion=factories.opinion(words.campaign))
    sorting.take_out(issue.opinion_links.get(opinion=words), by=bob, reason="另一处")

    now = corrected(words, alice)

    assert not now.issue_links.exists()
    assert list(sorting.waiting_opinions(bob)) == [now]


# --- What everybody reads -----------------------------------------------------------------------------------


def test_history_tells_of_the_correction_once(client, words, alice):
    issue = joined(words)
    now = corrected(words, alice)
    client.force_login(people.bob())

    page = text(client.get(f"/issues/{issue.pk}/"))

    assert f"SQ1 → {now.number}" in page and "更正诉求" in page
    assert "移出诉求" not in page and "归入诉求" not in page
    assert "公园的路灯不亮" in page and "公圆" not in page


def test_what_was_asked_before_still_counts(words, alice):
    issue, bob = joined(words, "follow_up"), people.bob()
    issue.opinion_links.create(opinion=factories.opinion(words.campaign))
    asked = issue.follow_ups.create(opinion=words, result="solved", by=people.leader())

    now = corrected(words, alice)

    assert answers_about([now], bob) == {now.pk: [asked]}
    row = Desk(bob).told(LOTS["ask"], list(Desk(bob).ordered(LOTS["ask"])))[0]
    assert (row.voices, row.asked) == (2, 1)


def test_visitor_and_resident_read_of_the_same_issue(words, alice):
    issue, receipt = joined(words), receipt_for(words, by=alice)
    before = standing_of(receipt)

    now = corrected(words, alice)

    assert [m.issue for m in matters_of(Opinion.objects.filter(pk=now.pk), alice)] == [issue]
    assert standing_of(receipt) == before


# --- Corrected before links followed ------------------------------------------------------------------------


def test_migration_lets_the_newest_words_stand_in(words, alice):
    issue = joined(words)
    last = corrected(corrected(words, alice), alice, "公园东边的路灯不亮")
    issue.opinion_links.exclude(opinion=words).order_by("-pk").first().delete()
    issue.opinion_links.exclude(opinion=words).delete()
    nothing = {"removed_at": None, "removed_by": None, "removed_because": ""}
    issue.opinion_links.update(**nothing)
    migration = import_module("issues.migrations.0015_words_corrected_before_stand_in_their_issue")

    for _time in range(2):
        migration.let_corrections_stand_in(apps, SimpleNamespace(connection=connection))

    assert [link.opinion for link in issue.opinion_links.standing()] == [last]
    assert issue.opinion_links.count() == 3


# --- At the same moment -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_correcting_and_accepting_at_once_lose_nothing(campaign, alice):
    words, bob, gate = heard(campaign, alice), people.bob(), Barrier(2)

    def accept():
        values = {"title": "路灯", "category": Category.objects.get(code="04"), "level": "town"}
        return sorting.accept_opinion(words, by=bob, urgency="ordinary", **values)

    def at_once(verb):
        gate.wait()
        try:
            return bool(verb())
        except ValidationError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(at_once, [accept, lambda: corrected(words, alice)]))

    now = Opinion.objects.get(corrects=words)
    if results == [True, True]:  # accepted first: the correction took the place
        assert IssueOpinion.objects.standing().get().opinion == now
    else:  # corrected first: the clerk is told, and the correction waits
        assert results == ["sorted", True]
        assert not Issue.objects.exists() and list(sorting.waiting_opinions(bob)) == [now]
    assert OpinionMark.objects.filter(opinion=words, kind="void").count() == 1
