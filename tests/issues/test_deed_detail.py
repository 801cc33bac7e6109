"""The page of a good deed, where whoever filed it makes it void."""

import pytest

from tests import factories, people
from tests.workbooks import GRID_A1

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def mine(alice):
    return factories.deed(factories.campaign(), GRID_A1, created_by=alice, donor="商会")


def test_page_tells_what_was_done(client, alice, mine):
    client.force_login(alice)
    assert client.get(mine.get_absolute_url()).context["rows"] == [
        ("内容", "疏通下水道"),
        ("日期", "2018-09-12"),
        ("地方", mine.place.name),
        ("受益户数", "2"),
        ("金额（元）", "800.00"),
        ("捐赠方", "商会"),
    ]


def test_who_filed_it_makes_it_void_with_a_reason(client, alice, mine):
    client.force_login(alice)
    client.post(mine.get_absolute_url(), {"reason": "记了两遍"})
    mine.refresh_from_db()
    assert (mine.is_void, mine.voided_by, mine.void_reason) == (True, alice, "记了两遍")
    assert "记了两遍" in client.get(mine.get_absolute_url()).content.decode()


def test_colleague_reads_it_and_cannot_void_it(client, mine):
    client.force_login(people.alice())
    assert client.get(mine.get_absolute_url()).context["form"] is None
    client.post(mine.get_absolute_url(), {"reason": "不是我的"})
    mine.refresh_from_db()
    assert not mine.is_void


def test_stranger_finds_nothing(client, mine):
    client.force_login(people.charlie())
    assert client.get(mine.get_absolute_url()).status_code == 404
    assert client.post(mine.get_absolute_url(), {"reason": "别人的"}).status_code == 404
    mine.refresh_from_db()
    assert not mine.is_void
