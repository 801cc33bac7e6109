"""The short form of a gathering: /visits/gatherings/new/. What all short forms share: issues/test_short_forms.py."""

import pytest

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1, VILLAGE_A
from visits.models import Gathering, GatheringSpeaker

from .forms import by, statements
from .short_forms import GATHERING, complaints

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def send(client, alice):
    client.force_login(alice)
    return lambda **fields: client.post(GATHERING.address(), GATHERING.filled(**fields))


def test_gathering_keeps_what_the_form_said(send, alice, campaign):
    assert send().status_code == 302
    row = Gathering.objects.get()
    assert (row.campaign, row.place_id, row.created_by) == (campaign, GRID_A1, alice)
    assert (row.kind, row.topic, row.venue) == ("evening_talk", "防汛", "文化礼堂")
    assert (row.held_on, row.attendance, row.speaker_level) == (
        factories.at("2018-09-10").date(),
        40,
        "town",
    )


def test_speakers_are_kept_as_of_that_day(send, alice):
    lawyer = factories.cadre("罗律师", department=factories.department("镇司法所"))
    factories.posting(lawyer, Role.VISITOR, VILLAGE_A)
    send(speakers=[by(alice), lawyer.staff_number, by(alice)])
    rows = GatheringSpeaker.objects.order_by("pk").values_list("name", "department_name", "role")
    assert list(rows) == [("艾一丽", "", "visitor"), ("罗律师", "镇司法所", "visitor")]


def test_form_offers_me_ticked_my_team_mates_and_the_cadres_of_my_grid(client, alice, campaign):
    mate, neighbour = factories.cadre("毛队友"), factories.cadre("林同格")
    factories.cadre("旁人")
    factories.team(campaign, alice.cadre, mate)
    factories.posting(neighbour, Role.GRID_LEADER, GRID_A1)
    client.force_login(alice)
    form = client.get(GATHERING.address(), follow=True).context["form"]
    assert [name.split()[0] for _, name in form.candidates] == ["艾一丽", "毛队友", "林同格"]
    assert form["speakers"].value() == [by(alice)]


def test_only_kind_place_and_day_are_needed(send):
    empty = dict.fromkeys(("topic", "venue", "attendance", "speaker_level"), "")
    assert complaints(send(kind="", **empty)) == {"kind": ["请选择活动类型。"]}
    assert send(**empty).status_code == 302
    row = Gathering.objects.get()
    assert (row.topic, row.attendance, row.speaker_level, row.speakers.count()) == ("", None, "", 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("topic", "防" * 201, "主题最多 200 字，请删减。"),
        ("venue", "礼" * 101, "场所最多 100 字，请删减。"),
        ("attendance", "四十", "请填整数，例如 2。"),
        ("attendance", "-1", "至少填 0；没有就留空。"),
        ("attendance", "1000000", "数字太大了，请核对。"),
        ("speakers", ["没有这人"], "没有工号为 没有这人 的人员，请核对工号。"),
    ],
)
def test_bad_input_is_told_in_one_sentence(send, field, value, sentence):
    assert complaints(send(**{field: value})) == {field: [sentence]}
    assert not Gathering.objects.exists()


def test_longest_topic_and_nobody_there_are_fine(send):
    assert send(topic="防" * 200, attendance="0").status_code == 302
    assert Gathering.objects.get().attendance == 0


def test_other_speakers_are_other_content(send, alice):
    data = GATHERING.filled(speakers=[by(alice)])
    send(**data)
    response = send(**data | {"speakers": []})
    assert response.status_code == 409
    differing = [(row.label, row.stored, row.sent) for row in response.context["rows"] if row.differs]
    assert differing == [("主讲人", "艾一丽", "")]


def test_filing_costs_nine_statements(client, alice):
    """Session, person, campaign with outcomes, places, speakers, place once more; then gathering, speakers."""
    client.force_login(alice)
    data = GATHERING.filled(speakers=[by(alice)])
    response, sent = statements(lambda: client.post(GATHERING.address(), data))
    assert response.status_code == 302
    assert len(sent) == 9, "\n".join(sent)
