"""The stay log: /visits/stays/new/. What all short forms share: issues/test_short_forms.py."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, TOWN, VILLAGE_A
from visits.models import StayLog

from .short_forms import STAY_LOG, complaints

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
    return lambda **fields: client.post(STAY_LOG.address(), STAY_LOG.filled(**fields))


def test_log_keeps_every_word_and_its_author_as_of_that_day(send, alice, campaign):
    alice.cadre.department = factories.department("镇司法所")
    alice.cadre.save()
    send(from_on="2018-09-09", text="白天收稻子\r\n夜里聊灌溉渠")
    log = StayLog.objects.get()
    assert (log.campaign, log.place_id, log.created_by, log.entry) == (campaign, GRID_A1, alice, None)
    assert (log.from_on, log.to_on, log.text) == (
        date(2018, 9, 9),
        date(2018, 9, 10),
        "白天收稻子\n夜里聊灌溉渠",
    )
    assert (log.cadre, log.name, log.department_name, log.role) == (
        alice.cadre,
        "艾一丽",
        "镇司法所",
        "visitor",
    )


def test_form_leads_to_the_notice(client, alice):
    client.force_login(alice)
    page = client.get(STAY_LOG.address(), follow=True).content.decode()
    assert "/notices/wangdian-2018/" in page


def test_form_proposes_yesterday_and_today(client, alice):
    client.force_login(alice)
    form = client.get(STAY_LOG.address(), follow=True).context["form"]
    today = timezone.localdate()
    assert (form["from_on"].value(), form["to_on"].value()) == (today - timedelta(days=1), today)


def test_form_never_proposes_a_day_before_the_campaign(client, alice, campaign):
    campaign.first_on = timezone.localdate()
    campaign.last_on = timezone.localdate()
    campaign.save()
    client.force_login(alice)
    assert client.get(STAY_LOG.address(), follow=True).context["form"]["from_on"].value() == campaign.first_on


@pytest.mark.parametrize("words", ["花溪路12号", "H-12", "12号"])
def test_household_is_found_by_its_number_its_address_or_a_part(send, words):
    entry = factories.household(address="花溪路12号", number="H-12")
    factories.household(address="花溪路13号", number="H-13")
    assert send(entry=words).status_code == 302
    assert StayLog.objects.get().entry == entry


def test_exact_address_is_found_among_many_that_begin_like_it(send):
    for n in range(10, 20):
        factories.household(address=f"花溪路1号{n}室", number=f"H-{n}")
    entry = factories.household(address="花溪路1号", number="H-99")
    send(entry="花溪路1号")
    assert StayLog.objects.get().entry == entry


def test_household_that_is_not_mine_or_not_one_is_told_so(send):
    factories.household(GRID_B1, address="庆丰路7号")
    unknown = {"entry": ["您的范围内没有找到这一户，请核对门牌或编号；也可以留空。"]}
    assert complaints(send(entry="庆丰路7号")) == unknown
    for n in (1, 2):
        factories.household(address=f"花溪路{n}号", number=f"H-{n}")
    assert complaints(send(entry="花溪路")) == {
        "entry": ["不止一户：花溪路1号（H-1）；花溪路2号（H-2）。请填其中一户的编号。"]
    }
    assert complaints(send(entry="花" * 101)) == {"entry": ["门牌太长了，请核对。"]}


def test_household_lies_in_the_chosen_place(client, campaign):
    client.force_login(people.person(Role.VISITOR, VILLAGE_A))
    factories.place(GRID_A2)
    factories.household(address="花溪路12号")

    def send(place):
        return client.post(STAY_LOG.address(), STAY_LOG.filled(entry="花溪路12号", place=place))

    assert complaints(send(GRID_A2)) == {"entry": ["这一户不在所选的地方，请核对。"]}
    assert send(VILLAGE_A).status_code == 302


def test_page_of_a_household_leads_here_with_it_filled_in(client, alice):
    entry, other = factories.household(number="H/1 &"), factories.household(GRID_B1, number="H-2")
    client.force_login(alice)
    page = client.get(f"/visits/entries/{entry.number}/".replace(" ", "%20")).content.decode()
    assert "/visits/stays/new/?entry=H%2F1%20%26&amp;campaign=wangdian-2018" in page
    form = client.get(STAY_LOG.address(entry=entry.number), follow=True).context["form"]
    assert (form["entry"].value(), form["place"].value()) == (entry.number, GRID_A1)
    form = client.get(STAY_LOG.address(entry=other.number), follow=True).context["form"]
    assert form["entry"].value() is None


def test_days_are_in_order(send):
    wrong = {"to_on": ["离开那天不能早于住下那天。"]}
    assert complaints(send(from_on="2018-09-11", to_on="2018-09-10")) == wrong
    assert send(from_on="2018-09-10", to_on="2018-09-10").status_code == 302


def test_log_has_words_and_not_too_many(send):
    assert complaints(send(text=" \n ")) == {"text": ["请写下日志。"]}
    assert complaints(send(text="写" * 4001)) == {"text": ["日志最多 4000 字，现在是 4001 字，请删减。"]}
    assert send(text="写" * 4000).status_code == 302


def test_database_keeps_days_in_order_and_numbers_apart(campaign, alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.stay_log(campaign, alice.cadre, from_on=date(2018, 8, 3))
    factories.stay_log(campaign, alice.cadre, number="DD1")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.stay_log(campaign, alice.cadre, number="DD1")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.stay_log(campaign, alice.cadre, voided_at=timezone.now())


def test_logs_are_read_by_place_and_by_their_author_always(campaign, alice):
    log = factories.stay_log(campaign, alice.cadre)
    elsewhere = factories.stay_log(campaign, alice.cadre, GRID_B1)
    readers = {
        "own": (alice, {log, elsewhere}),
        "neighbour": (people.alice(), {log}),
        "village": (people.village_office(), {log}),
        "office": (people.bob(), {log, elsewhere}),
        "stranger": (people.charlie(), {elsewhere}),
        "department": (people.clerk(), set()),
        "discipline": (people.discipline(), set()),
        "administrator": (people.system_admin(), set()),
        "nobody": (people.nobody(), set()),
    }
    for who, (user, seen) in readers.items():
        assert set(StayLog.objects.visible_to(user)) == seen, who


def test_office_desk_reads_filters_and_voids_and_writes_nothing(client, campaign, alice):
    log = factories.stay_log(campaign, alice.cadre, entry=factories.household(address="花溪路12号"))
    factories.stay_log(campaign, people.charlie().cadre, GRID_B1, name="查三理")
    client.force_login(people.village_office())
    page = client.get("/admin/visits/staylog/").content.decode()
    assert log.number in page
    assert "查三理" not in page
    bob = people.bob(TOWN)
    client.force_login(bob)
    assert client.get("/admin/visits/staylog/add/").status_code == 403
    assert client.post(f"/admin/visits/staylog/{log.pk}/change/", {"text": "改写"}).status_code == 403
    assert "帮着收稻子" in client.get(f"/admin/visits/staylog/{log.pk}/change/").content.decode()
    client.post(f"/admin/visits/staylog/{log.pk}/verb/void/", {"reason": "重复"}, follow=True)
    log.refresh_from_db()
    assert (log.voided_by, log.void_reason, log.text) == (bob, "重复", "帮着收稻子")
    assert log.number not in client.get("/admin/visits/staylog/?valid=yes").content.decode()
    assert log.number in client.get("/admin/visits/staylog/?valid=no&q=艾一丽").content.decode()
