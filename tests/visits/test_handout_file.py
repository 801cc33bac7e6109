"""The short form of materials: /visits/handouts/new/. What all short forms share: issues/test_short_forms.py."""

import pytest

from tests import factories, people
from tests.workbooks import GRID_A1
from visits.models import Handout

from .short_forms import HANDOUT, complaints

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
    return lambda **fields: client.post(HANDOUT.address(), HANDOUT.filled(**fields))


def test_each_kind_is_a_row_of_its_own_and_hangs_on_no_visit(send, alice, campaign):
    assert send(copies_letter="").status_code == 302
    rows = Handout.objects.order_by("number")
    first = rows[0]
    assert [(row.number, row.kind, row.copies) for row in rows] == [
        (first.number, "booklet", 30),
        (f"{first.number}-2", "contact_card", 12),
    ]
    day = factories.at("2018-09-10").date()
    rest = {(row.campaign, row.place_id, row.given_on, row.created_by, row.visit) for row in rows}
    assert rest == {(campaign, GRID_A1, day, alice, None)}


def test_page_of_one_kind_leads_to_the_others_of_the_same_form(client, send):
    send()
    send(copies_booklet="5", copies_contact_card="")
    send()
    rows = list(Handout.objects.order_by("pk"))
    for row, other in ((rows[0], rows[1]), (rows[1], rows[0]), (rows[3], rows[4])):
        assert client.get(row.get_absolute_url()).context["others"] == [other]
    assert client.get(rows[2].get_absolute_url()).context["others"] == []


def test_at_least_one_kind_is_needed(send):
    assert complaints(send(copies_booklet="", copies_contact_card="")) == {
        "__all__": ["请至少填一种资料的份数。"]
    }
    assert not Handout.objects.exists()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("许多", "请填整数，例如 2。"),
        ("1.5", "请填整数，例如 2。"),
        ("0", "至少填 1；没有就留空。"),
        ("1000000", "数字太大了，请核对。"),
    ],
)
def test_copies_that_are_no_number_of_copies_are_told_so(send, value, sentence):
    assert complaints(send(copies_booklet=value, copies_contact_card="")) == {"copies_booklet": [sentence]}
    assert not Handout.objects.exists()


def test_two_versions_tell_how_much_of_what(send):
    data = HANDOUT.filled()
    send(**data)
    response = send(**data | {"copies_contact_card": "", "copies_notice_board": "1"})
    assert [(row.stored, row.sent) for row in response.context["rows"] if row.differs] == [
        ("宣传册 30 份\n联系卡 12 份", "宣传册 30 份\n公示牌 1 份")
    ]
