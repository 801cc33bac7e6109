"""What the office enters and voids, asked of the services themselves: every door has the same rules."""

import pytest
from django.core.exceptions import ValidationError

from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A
from visits.models import Gathering, Handout, Opinion
from visits.office_services import add_opinion, add_record, next_number, void_opinion, void_record

pytestmark = pytest.mark.django_db
WHY = "重复登记"


def words(campaign, code=GRID_A1, **fields):
    values = {"nature": "problem", "source": "letter", "words_verbatim": "路灯不亮", **fields}
    place = factories.place(code)
    return Opinion(campaign=campaign, place=place, heard_at=factories.at("2018-09-03"), **values)


STRANGERS = {
    "visitor": people.alice,
    "village": people.village_office,
    "other village": people.other_village_office,
    "other town": lambda: people.bob("330411106"),
    "leader": people.leader,
    "inspector": people.inspector,
    "department": people.clerk,
    "discipline": people.discipline,
    "system admin": people.system_admin,
    "nobody": people.nobody,
}


@pytest.mark.parametrize("person", STRANGERS)
def test_only_the_office_of_the_place_voids(person):
    campaign = factories.campaign()
    record, opinion = factories.gathering(campaign), factories.opinion(campaign)
    by = STRANGERS[person]()

    with pytest.raises(ValidationError):
        void_record(record, by=by, reason=WHY)
    with pytest.raises(ValidationError):
        void_opinion(opinion, by=by, reason=WHY)

    record.refresh_from_db()
    assert (record.is_void, opinion.marks.count()) == (False, 0)


def test_void_record_keeps_who_when_and_why():
    by = people.bob()
    record = void_record(factories.handout(factories.campaign()), by=by, reason=WHY)

    assert (record.voided_by, record.void_reason, record.is_void) == (by, WHY, True)
    with pytest.raises(ValidationError, match="已经作废"):
        void_record(record, by=by, reason=WHY)


def test_void_opinion_once_and_nothing_else_of_it():
    by, opinion = people.bob(), factories.opinion(factories.campaign())
    void_opinion(opinion, by=by, reason=WHY)

    with pytest.raises(ValidationError, match="已经作废"):
        void_opinion(opinion, by=by, reason=WHY)
    assert [(mark.kind, mark.reason, mark.by) for mark in opinion.marks.all()] == [("void", WHY, by)]


@pytest.mark.parametrize("state", ["draft", "closed", "archived"])
def test_only_a_running_campaign_takes_records(state):
    by, campaign = people.bob(), factories.campaign(state=state)
    new = Gathering(campaign=campaign, place=factories.place(VILLAGE_A), kind="meeting", held_on="2018-08-01")

    with pytest.raises(ValidationError, match="不在进行中"):
        add_record(new, by=by, prefix="HD")
    with pytest.raises(ValidationError, match="不在进行中"):
        add_opinion(words(campaign), by=by)
    with pytest.raises(ValidationError):
        void_record(factories.handout(campaign), by=by, reason=WHY)

    assert (Gathering.objects.count(), Opinion.objects.count()) == (0, 0)


def test_numbers_follow_the_last_own_one_of_the_campaign():
    campaign, other = factories.campaign(), factories.campaign("other")
    for number in ("FF000009", "FF12", "2018-99", "FF9999999"):
        factories.handout(campaign, number=number)
    factories.handout(other, number="FF000123")

    assert next_number(Handout, campaign, "FF") == "FF000010"
    assert next_number(Gathering, campaign, "HD") == "HD000001"


def test_add_opinion_refuses_another_towns_place():
    by, campaign = people.bob("330411106"), factories.campaign()

    with pytest.raises(ValidationError, match="不在您的职责内"):
        add_opinion(words(campaign), by=by)


def test_corrected_words_cannot_be_corrected_twice():
    by, campaign = people.bob(), factories.campaign()
    old = factories.opinion(campaign)
    add_opinion(words(campaign, corrects=old), by=by, reason="听错了")
    other = factories.opinion(campaign, GRID_B1)
    void_opinion(other, by=by, reason=WHY)

    for former in (old, other):
        with pytest.raises(ValidationError, match=r"已经作废或已被更正过"):
            add_opinion(words(campaign, corrects=former), by=by)


def test_words_voided_while_their_correction_was_typed_are_not_corrected():
    by, campaign = people.bob(), factories.campaign()
    old = Opinion.objects.prefetch_related("marks").get(pk=factories.opinion(campaign).pk)
    void_opinion(old, by=by, reason=WHY)

    with pytest.raises(ValidationError, match="已经作废或已被更正过"):
        add_opinion(words(campaign, corrects=old), by=by)

    assert list(Opinion.objects.all()) == [old]


def test_correction_stays_within_its_campaign():
    by = people.bob()
    old = factories.opinion(factories.campaign("other"))

    with pytest.raises(ValidationError, match="同一活动"):
        add_opinion(words(factories.campaign(), corrects=old), by=by)


def test_correction_into_a_report_restricts_both():
    by, campaign = people.bob(), factories.campaign()
    old = factories.opinion(campaign)

    new = add_opinion(words(campaign, nature="report", corrects=old), by=by)

    assert list(Opinion.objects.visible_to(by)) == []
    assert set(Opinion.objects.visible_to(people.discipline())) == {old, new}
