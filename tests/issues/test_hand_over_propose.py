"""The office proposes who takes over from somebody who leaves: /issues/hand-overs/new/<pk>/."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from canvass.roles import Role
from issues.hand_overs import propose_hand_overs
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1
from visits.models import HandOver, HandOverPosting, HandOverStep, HandOverVisit, HandOverWords

from .handing_over import also_visits, leaving, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return leaving()


def address(rows):
    return f"/issues/hand-overs/new/{rows.alice.cadre.pk}/"


def send(client, rows, **fields):
    day = timezone.localdate() + timedelta(days=3)
    key = f"posting-{rows.posting.pk}"
    return client.post(address(rows), {"last_on": day, key: rows.dora.staff_number, "note": "调走", **fields})


def test_page_shows_all_that_hangs_on_the_person(client, rows):
    factories.household(GRID_A1, address="花溪路2号")
    client.force_login(rows.bob)

    page = client.get(address(rows)).text

    for words in (
        "走访人员",
        "2 户",
        "要跟到底的诉求 1 条",
        "退回待更正 1 份",
        "SQ-77",
        "V-77",
        "手机上的表",
    ):
        assert words in page


def test_proposal_names_what_goes_along_and_moves_nothing(client, rows):
    client.force_login(rows.bob)

    assert send(client, rows).status_code == 302

    made = HandOver.objects.get()
    assert (made.leaver, made.successor, made.by, made.place_id) == (
        rows.alice.cadre, rows.dora, rows.bob, GRID_A1,
    )  # fmt: skip
    assert [row.posting for row in made.postings.all()] == [rows.posting]
    assert [row.opinion for row in made.words.all()] == [rows.words]
    assert [row.visit for row in made.visits.all()] == [rows.visit]
    rows.posting.refresh_from_db()
    assert rows.posting.to_on is None
    assert not rows.dora.postings.exists()


def test_several_take_over_piece_by_piece(client, rows):
    other, emil = factories.posting(rows.alice.cadre, Role.VISITOR, GRID_A2), factories.cadre("易五")
    client.force_login(rows.bob)

    send(client, rows, **{f"posting-{other.pk}": emil.staff_number})

    assert {one.successor for one in HandOver.objects.all()} == {rows.dora, emil}
    of_emil = HandOver.objects.get(successor=emil)
    assert [row.posting for row in of_emil.postings.all()] == [other]
    assert not of_emil.words.exists()


def test_what_is_left_empty_stays(client, rows):
    client.force_login(rows.bob)
    assert send(client, rows, **{f"posting-{rows.posting.pk}": ""}).status_code == 400
    assert not HandOver.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last_on": "2018-09-01"}, "最后一天不能早于今天"),
        ({"last_on": ""}, "请填写日期"),
        ({"note": "字" * 501}, "500"),
    ],
)
def test_bad_input_is_told(client, rows, fields, sentence):
    client.force_login(rows.bob)

    page = send(client, rows, **fields)

    assert page.status_code == 400
    assert sentence in page.text
    assert not HandOver.objects.exists()


def test_unknown_successor_is_told(client, rows):
    client.force_login(rows.bob)
    page = send(client, rows, **{f"posting-{rows.posting.pk}": "NOBODY"})
    assert "名册里没有这个工号" in page.text


def test_nobody_hands_over_to_the_same_person_or_to_whoever_proposes(rows):
    for successor in (rows.alice.cadre, rows.bob.cadre):
        with pytest.raises(ValidationError, match="接手人不能是"):
            proposed(rows, successor=successor)


@pytest.mark.parametrize(
    "make_user",
    [people.charlie, people.village_office, people.clerk, people.leader, people.inspector, people.nobody,
     people.discipline, people.system_admin],
)  # fmt: skip
def test_nobody_but_the_office_proposes(client, rows, make_user):
    client.force_login(make_user())
    assert send(client, rows).status_code == 403
    assert not HandOver.objects.exists()


def test_office_of_another_town_finds_nobody(client, rows):
    client.force_login(people.bob("330411106"))
    assert send(client, rows).status_code == 404


def test_duty_that_the_office_may_not_give_is_not_handed_over(client, rows):
    higher = factories.posting(rows.alice.cadre, Role.DISCIPLINE, GRID_A1)
    client.force_login(rows.bob)

    page = client.get(address(rows)).text
    assert "这个岗位不是活动办可以给的" in page
    assert f"posting-{higher.pk}" not in page
    with pytest.raises(ValidationError, match="不是活动办可以给的"):
        propose_hand_overs(
            rows.alice.cadre,
            by=rows.bob,
            chosen={f"posting-{higher.pk}": rows.dora},
            last_on=timezone.localdate(),
        )


def test_second_proposal_of_the_same_duty_is_told_of_the_first(client, rows):
    proposed(rows)
    with pytest.raises(ValidationError, match="已经提给窦四"):
        proposed(rows, successor=factories.cadre("易五"))
    client.force_login(rows.bob)
    assert "已提给窦四，等待接收" in client.get(address(rows)).text


def test_who_handles_the_matter_does_not_follow_it_for_the_resident(rows):
    factories.posting(rows.dora, Role.UNIT_CLERK, department=rows.unit)
    with pytest.raises(ValidationError, match="不能同时替居民跟这件事"):
        proposed(rows)
    assert not HandOver.objects.exists()


def test_words_heard_elsewhere_need_a_successor_who_reaches_them(rows):
    home = factories.household(GRID_B1)
    factories.opinion(rows.campaign, GRID_B1, entry=home, collector=rows.alice.cadre, number="SQ-78")
    rest = {"rest": rows.dora}
    with pytest.raises(ValidationError, match="责任范围不包括"):
        propose_hand_overs(rows.alice.cadre, by=rows.bob, chosen=rest, last_on=timezone.localdate())

    also_visits(rows.dora, GRID_B1)
    (made,) = propose_hand_overs(rows.alice.cadre, by=rows.bob, chosen=rest, last_on=timezone.localdate())
    assert [row.opinion.number for row in made.words.all()] == ["SQ-78"]
    assert not made.postings.exists()


def test_misconduct_report_goes_along_with_nobody(client, rows):
    factories.opinion(
        rows.campaign, nature="report", number="SQ-SECRET", collector=rows.alice.cadre, entry=rows.home
    )
    client.force_login(rows.bob)

    assert "SQ-SECRET" not in client.get(address(rows)).text
    made = proposed(rows)
    assert [row.opinion.number for row in made.words.all()] == ["SQ-77"]


def test_department_duty_tells_of_the_department_and_takes_its_issues_along(client, rows):
    clerk = people.clerk(rows.unit)
    client.force_login(rows.bob)

    page = client.get(f"/issues/hand-overs/new/{clerk.cadre.pk}/").text

    assert "单位在办问题 1 件" in page


def test_database_keeps_its_rules(rows):
    made = proposed(rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(
            leaver=rows.dora, successor=rows.dora, place_id=GRID_A1, last_on=timezone.localdate(), by=rows.bob
        )
    for model, fields in (
        (HandOverPosting, {"posting": rows.posting}),
        (HandOverWords, {"opinion": rows.words}),
        (HandOverVisit, {"visit": rows.visit}),
        (HandOverStep, {"kind": "refused", "reason": "", "by": rows.bob}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(hand_over=made, **fields)
    for model in (HandOver, HandOverPosting, HandOverWords, HandOverVisit):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all().delete()
