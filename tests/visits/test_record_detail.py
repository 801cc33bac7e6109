"""The page of a gathering, a handout or a stay log, where whoever filed it makes it void."""

import pytest
from django.urls import reverse

from campaigns.enums import CampaignState
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import Gathering

from .forms import statements
from .short_forms import GATHERING

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def mine(campaign, alice):
    return factories.gathering(campaign, GRID_A1, created_by=alice, topic="防汛")


def test_page_tells_what_was_filed(client, alice, campaign):
    client.force_login(alice)
    client.post(GATHERING.address(), GATHERING.filled(speakers=[alice.cadre.staff_number]))
    row = Gathering.objects.get()
    response = client.get(row.get_absolute_url())
    assert response.context["rows"] == [
        ("类型", "纳凉会"),
        ("日期", "2018-09-10"),
        ("地方", row.place.name),
        ("主题", "防汛"),
        ("场所", "文化礼堂"),
        ("参加人数", "40"),
        ("主讲层级", "镇街"),
        ("主讲人", "艾一丽"),
    ]
    assert row.number in response.content.decode()


def test_stay_log_is_told_with_author_and_household(client, campaign, alice):
    log = factories.stay_log(campaign, alice.cadre, entry=factories.household(address="花溪路12号"))
    client.force_login(alice)
    rows = dict(client.get(log.get_absolute_url()).context["rows"])
    assert (rows["作者"], rows["住在哪一户"], rows["日志"]) == ("艾一丽", "花溪路12号", "帮着收稻子")


def test_who_filed_it_makes_it_void_with_a_reason(client, alice, mine):
    client.force_login(alice)
    response = client.post(mine.get_absolute_url(), {"reason": ""})
    assert "请写明原因。" in response.content.decode()
    mine.refresh_from_db()
    assert not mine.is_void
    client.post(mine.get_absolute_url(), {"reason": "填错了日期"})
    mine.refresh_from_db()
    assert (mine.is_void, mine.voided_by, mine.void_reason) == (True, alice, "填错了日期")
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "填错了日期" in page
    assert "确认作废" not in page


def test_what_is_void_or_in_a_closed_campaign_stays_as_it_is(client, alice, mine, campaign):
    client.force_login(alice)
    client.post(mine.get_absolute_url(), {"reason": "第一次"})
    page = client.post(mine.get_absolute_url(), {"reason": "第二次"}, follow=True).content.decode()
    assert "这份记录现在不能作废" in page
    mine.refresh_from_db()
    assert mine.void_reason == "第一次"
    other = factories.gathering(campaign, GRID_A1, created_by=alice)
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert client.get(other.get_absolute_url()).context["form"] is None
    client.post(other.get_absolute_url(), {"reason": "晚了"})
    other.refresh_from_db()
    assert not other.is_void


def test_colleague_reads_it_and_cannot_void_it(client, mine):
    client.force_login(people.alice())
    assert client.get(mine.get_absolute_url()).context["form"] is None
    client.post(mine.get_absolute_url(), {"reason": "不是我的"})
    mine.refresh_from_db()
    assert not mine.is_void


def test_stranger_finds_nothing(client, mine, campaign, alice):
    client.force_login(people.charlie())
    for record in (mine, factories.stay_log(campaign, alice.cadre), factories.handout(campaign)):
        response = client.get(record.get_absolute_url())
        assert response.status_code == 404
        assert client.post(record.get_absolute_url(), {"reason": "别人的"}).status_code == 404
        record.refresh_from_db()
        assert not record.is_void


def test_author_moved_elsewhere_still_reads_and_voids_the_own_log(client, campaign, alice):
    log = factories.stay_log(campaign, alice.cadre, GRID_B1)
    client.force_login(alice)
    assert client.get(log.get_absolute_url()).context["form"] is not None
    client.post(log.get_absolute_url(), {"reason": "填错了"})
    log.refresh_from_db()
    assert log.is_void


def test_only_the_kinds_that_there_are_have_pages(client, alice, mine):
    client.force_login(alice)
    for kind in ("visit", "deed", "opinion", "user"):
        address = reverse("visits:record_detail", args=[kind, mine.pk])
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("who", [people.bob, people.leader, people.clerk, people.discipline])
def test_roles_at_a_desk_have_their_own_pages(client, mine, who):
    client.force_login(who())
    assert client.get(mine.get_absolute_url()).status_code == 403


def test_page_costs_the_same_with_one_and_three_speakers(client, alice, mine):
    from visits.models import GatheringSpeaker

    client.force_login(alice)
    counts = []
    for _ in range(2):
        counts.append(len(statements(lambda: client.get(mine.get_absolute_url()))[1]))
        for name in ("罗律师", "毛队友", "林同格"):
            GatheringSpeaker.objects.create(
                gathering=mine, cadre=factories.cadre(name), name=name, category="other"
            )
    assert counts[0] == counts[1]
