"""The successor takes or refuses a hand-over, the office confirms it or calls it off: /issues/hand-overs/<pk>/."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from canvass.roles import Role
from grids.models import Posting, User
from issues.hand_overs import duties_of, settle_hand_over
from issues.matters import matters_heard_first
from issues.permissions import is_handler_or_visitor
from tests import factories, people
from tests.workbooks import GRID_A1
from visits.models import HandOver, HandOverStep, Opinion
from visits.permissions import can_correct_visit

from .handing_over import also_visits, leaving, proposed, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return leaving()


def address(made):
    return f"/issues/hand-overs/{made.pk}/"


def fresh(user):
    return User.objects.get(pk=user.pk)


def followed(user):
    return [matter.opinion.number for matter in matters_heard_first(fresh(user))]


def test_successor_without_any_duty_yet_is_asked_on_the_first_page(client, rows):
    made = proposed(rows)
    client.force_login(rows.dora.user)

    assert f'href="{address(made)}"' in client.get("/", follow=True).text
    page = client.get(address(made)).text
    assert "接收" in page
    assert "花溪路1号" not in page  # no reach there yet


def test_successor_with_a_duty_is_asked_among_the_own_records(client, rows):
    also_visits(rows.dora, "3304111052010002")
    made = proposed(rows)
    client.force_login(rows.dora.user)

    assert f'href="{address(made)}"' in client.get("/visits/mine/").text


def test_taking_moves_duty_words_and_corrections_in_one_step(client, rows):
    made = proposed(rows)
    client.force_login(rows.dora.user)

    assert client.post(address(made), {"kind": "accepted"}).status_code == 302

    rows.posting.refresh_from_db()
    assert rows.posting.to_on == made.last_on
    opened = rows.dora.postings.get()
    assert (opened.role, opened.place_id, opened.from_on, opened.to_on) == (
        Role.VISITOR, GRID_A1, timezone.localdate(), None,
    )  # fmt: skip
    dora = fresh(rows.dora.user)
    assert followed(dora) == ["SQ-77"]
    assert followed(rows.alice) == []
    assert can_correct_visit(dora, rows.visit)
    page = client.get("/visits/mine/").text
    assert "井盖坏了" in page
    assert "门牌不对" in page
    assert client.get(f"/visits/{rows.visit.pk}/correct/").status_code == 200


def test_until_it_is_taken_everything_stays_with_the_leaver(rows):
    proposed(rows)

    assert followed(rows.alice) == ["SQ-77"]
    assert followed(rows.dora.user) == []
    assert can_correct_visit(fresh(rows.alice), rows.visit)
    assert rows.alice.cadre.postings.filter(to_on=None).exists()


def test_refusing_needs_a_reason_and_changes_nothing(client, rows):
    made = proposed(rows)
    client.force_login(rows.dora.user)

    assert client.post(address(made), {"kind": "refused"}).status_code == 400
    assert client.post(address(made), {"kind": "refused", "reason": "我还有两个网格"}).status_code == 302

    assert made.step.kind == "refused" if hasattr(made, "step") else True
    assert followed(rows.alice) == ["SQ-77"]
    assert not rows.dora.postings.exists()
    client.force_login(rows.bob)
    assert "我还有两个网格" in client.get(address(made)).text
    again = proposed(rows, successor=factories.cadre("易五", user=True))
    settle_hand_over(again, by=again.successor.user, kind="accepted")
    assert followed(again.successor.user) == ["SQ-77"]


def test_office_confirms_for_a_successor_who_cannot_sign_in(client, rows):
    emil = factories.cadre("易五")
    made = proposed(rows, successor=emil)
    client.force_login(rows.bob)

    assert client.post(address(made), {"kind": "confirmed"}).status_code == 400
    client.post(address(made), {"kind": "confirmed", "reason": "当面答应了"})

    assert emil.postings.filter(place=GRID_A1).exists()
    assert HandOverStep.objects.get().by == rows.bob


def test_office_calls_it_off(client, rows):
    made = proposed(rows)
    client.force_login(rows.bob)

    client.post(address(made), {"kind": "called_off", "reason": "不调走了"})

    with pytest.raises(ValidationError, match="刚才已有结果"):
        settle_hand_over(made, by=rows.dora.user, kind="accepted")
    assert followed(rows.alice) == ["SQ-77"]


@pytest.mark.parametrize("kind", ["accepted", "refused", "confirmed", "called_off"])
def test_stranger_leaver_and_village_settle_nothing(client, rows, kind):
    made = proposed(rows)
    for user, status in ((people.charlie(), 404), (rows.alice, 400), (people.village_office(), 400)):
        client.force_login(user)
        assert client.post(address(made), {"kind": kind, "reason": "因为"}).status_code == status
    assert not HandOverStep.objects.exists()


def test_office_does_not_accept_in_the_name_of_the_successor_nor_he_confirm(client, rows):
    made = proposed(rows)
    for user, kind in ((rows.bob, "accepted"), (rows.dora.user, "confirmed"), (rows.dora.user, "called_off")):
        client.force_login(user)
        assert client.post(address(made), {"kind": kind, "reason": "因为"}).status_code == 400
    assert client.post(address(made), {"kind": "nonsense"}).status_code == 404


def test_who_takes_over_twice_has_one_posting(rows):
    also_visits(rows.dora)
    taken(rows)
    assert rows.dora.postings.filter(role=Role.VISITOR, place=GRID_A1, to_on=None).count() == 1


def test_posting_that_ended_earlier_is_not_drawn_out(rows):
    made = proposed(rows)
    today = timezone.localdate()
    Posting.objects.filter(pk=rows.posting.pk).update(to_on=today)

    settle_hand_over(made, by=rows.dora.user, kind="accepted")

    rows.posting.refresh_from_db()
    assert rows.posting.to_on == today
    assert rows.dora.postings.filter(place=GRID_A1, to_on=None).exists()


def test_words_go_on_from_hand_to_hand(rows):
    taken(rows)
    emil = factories.cadre("易五", user=True)
    dora = fresh(rows.dora.user)
    key = f"posting-{dora.cadre.postings.get().pk}"
    from issues.hand_overs import propose_hand_overs

    (made,) = propose_hand_overs(dora.cadre, by=rows.bob, chosen={key: emil}, last_on=timezone.localdate())
    settle_hand_over(made, by=emil.user, kind="accepted")

    assert followed(emil.user) == ["SQ-77"]
    assert followed(rows.dora.user) == []


def test_correction_of_the_words_is_followed_by_the_successor(rows):
    taken(rows)
    from visits.office_services import add_opinion

    now = Opinion(
        campaign=rows.campaign, corrects=rows.words, nature="problem", source=rows.words.source,
        place_id=GRID_A1, heard_at=rows.words.heard_at, words_verbatim="井盖碎了", entry=rows.home,
        collector=rows.alice.cadre,
    )  # fmt: skip
    add_opinion(now, by=fresh(rows.bob))

    assert followed(rows.dora.user) == [now.number]


def test_successor_counts_as_who_heard_it(rows):
    taken(rows)
    factories.posting(rows.dora, Role.CAMPAIGN_OFFICE, "330411105")

    assert is_handler_or_visitor(fresh(rows.dora.user), rows.issue)
    assert is_handler_or_visitor(fresh(rows.alice), rows.issue)


def test_answer_is_brought_back_by_the_successor(client, rows):
    taken(rows)
    step = rows.issue.steps.create(move="reply", to_state="replied", details={"reply": "换了新井盖"})
    type(rows.issue).objects.update(state="replied", replied_at=step.at, state_since=step.at)
    client.force_login(rows.dora.user)

    assert "换了新井盖" in client.get("/visits/mine/").text
    client.post(f"/issues/answers/{rows.words.pk}/told/", {"answer": f"step-{step.pk}"})

    assert rows.words.told_answers.get().by == rows.dora.user
    assert followed(rows.dora.user) == []


def test_visits_words_and_figures_of_the_past_stay_as_they_were(capsys, rows):
    def figures():
        call_command("figures", campaign=rows.campaign.code, by="grid", as_of="2018-09-20", json=True)
        return capsys.readouterr().out

    before = figures()
    taken(rows)

    assert figures() == before
    rows.words.refresh_from_db()
    rows.visit.refresh_from_db()
    assert rows.words.collector == rows.alice.cadre
    assert [row.cadre for row in rows.visit.cadres.all()] == [rows.alice.cadre]
    assert rows.visit.filed_by == rows.alice


def test_words_that_became_a_report_are_not_told_of(client, rows):
    made = taken(rows)
    rows.words.marks.create(kind="restricted")
    client.force_login(rows.bob)

    assert "SQ-77" not in client.get(address(made)).text
    assert followed(rows.dora.user) == []


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(rows):
    made, barrier, answers = proposed(rows), Barrier(2), []

    def answer(user, kind):
        browser = Client()
        browser.force_login(user)
        barrier.wait()
        answers.append(browser.post(address(made), {"kind": kind, "reason": "因为"}).status_code)
        connection.close()

    threads = [
        Thread(target=answer, args=(rows.dora.user, "accepted")),
        Thread(target=answer, args=(rows.bob, "called_off")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 400]
    assert HandOverStep.objects.count() == 1
    is_taken = HandOverStep.objects.get().kind == "accepted"
    assert rows.dora.postings.exists() == is_taken


def test_nothing_is_left_on_the_leaver_afterwards(rows):
    taken(rows, last_on=timezone.localdate())
    (posting, rest) = duties_of(rows.alice.cadre, fresh(rows.bob))
    assert (posting.matters, rest.matters) == ([], [])
    Posting.objects.filter(cadre=rows.alice.cadre).update(to_on=timezone.localdate() - timedelta(days=1))
    assert followed(rows.alice) == []
    assert HandOver.objects.count() == 1
