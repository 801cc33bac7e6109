"""The short form of a good deed: /visits/deeds/new/. What all short forms share: test_short_forms.py."""

from decimal import Decimal

import pytest

from issues.models import Deed
from tests import factories, people
from tests.visits.short_forms import DEED, complaints
from tests.workbooks import GRID_A1

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    factories.campaign()
    return people.alice()


@pytest.fixture
def send(client, alice):
    client.force_login(alice)
    return lambda **fields: client.post(DEED.address(), DEED.filled(**fields))


def test_deed_keeps_what_the_form_said(send, alice):
    assert send().status_code == 302
    row = Deed.objects.get()
    assert (row.place_id, row.created_by, row.issue) == (GRID_A1, alice, None)
    assert (row.content, row.kind, row.donor) == ("疏通下水道", "service", "商会")
    assert (row.done_on, row.households_helped, row.amount) == (
        factories.at("2018-09-10").date(),
        6,
        Decimal("800.50"),
    )


def test_only_content_place_and_day_are_needed(send):
    empty = dict.fromkeys(("kind", "households_helped", "amount", "donor"), "")
    assert complaints(send(content=" ", **empty)) == {"content": ["请写办了什么。"]}
    assert send(**empty).status_code == 302
    row = Deed.objects.get()
    assert (row.kind, row.households_helped, row.amount, row.donor) == ("", None, None, "")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("content", "办" * 2001, "最多 2000 字，现在是 2001 字，请删减。"),
        ("households_helped", "几户", "请填整数，例如 2。"),
        ("households_helped", "0", "至少填 1；没有就留空。"),
        ("amount", "八百", "请填数字，例如 800 或 800.50。"),
        ("amount", "-1", "金额不能为负数。"),
        ("amount", "1.005", "金额最多两位小数。"),
        ("amount", "1000000000000", "金额太大了，请核对。"),
        ("donor", "商" * 101, "捐赠方最多 100 字，请删减。"),
    ],
)
def test_bad_input_is_told_in_one_sentence(send, field, value, sentence):
    assert complaints(send(**{field: value})) == {field: [sentence]}
    assert not Deed.objects.exists()


def test_nothing_spent_is_an_amount_too(send):
    send(amount="0", content="办" * 2000)
    assert Deed.objects.get().amount == 0
