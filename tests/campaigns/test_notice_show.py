"""/notices/<campaign code>/: what is collected, why and for how long, for everybody; and how a version is published."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from campaigns.enums import CampaignState
from campaigns.models import Campaign, PrivacyNotice
from campaigns.notice_models import PARTS
from campaigns.services import publish_notice
from canvass.append_only import MESSAGE
from tests import factories, people
from tests.desk import address, listed, queries
from tests.workbooks import VILLAGE_A

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(client, campaign):
    user = people.bob()
    client.force_login(user)
    return user


def show(campaign, *version):
    return reverse("campaigns:notice_show", args=[campaign.code, *version])


def texts(**fields):
    return {name: f"新的{name}" for name in PARTS} | fields


def publish(client, campaign, seen=1, **fields):
    return client.post(
        address(PrivacyNotice, "add"), {"campaign": campaign.pk, "seen": seen, **texts(**fields)}
    )


# --- The public page --------------------------------------------------------------------------------------------------


def test_everybody_reads_the_built_in_notice_of_a_new_campaign(client, campaign):
    page = client.get(show(campaign)).content.decode()
    assert "第 1 版" in page
    for words in ("王店镇大走访", "180 天", "15 天", "14 岁", "身份证号", "不说姓名、不留电话"):
        assert words in page
    for heading in ("谁在收集", "为什么收集", "收集什么", "保存多久", "您的权利", "找谁"):
        assert f"<h2>{heading}</h2>" in page


def test_former_version_stays_readable_and_says_that_it_is_former(client, campaign, bob):
    publish(client, campaign)
    client.logout()
    now, former = client.get(show(campaign)).content.decode(), client.get(show(campaign, 1)).content.decode()
    assert "新的who" in now and "第 2 版" in now and "这是以前的一版" not in now
    assert "新的who" not in former and "这是以前的一版" in former
    assert show(campaign, 1) in now


@pytest.mark.parametrize(
    "path", ["/notices/nowhere/", "/notices/wangdian-2018/2/", "/notices/wangdian-2018/0/"]
)
def test_what_does_not_exist_is_not_found(client, campaign, path):
    assert client.get(path).status_code == 404


def test_markup_in_a_notice_is_shown_as_it_was_typed(client, campaign, bob):
    publish(client, campaign, who="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(show(campaign)).content.decode()


def test_page_costs_the_same_with_one_version_and_with_three(client, campaign, bob):
    client.logout()
    one = queries(client, show(campaign))
    for seen in (1, 2):
        publish_notice(notice(campaign, seen), by=bob)
    assert queries(client, show(campaign)) == one


# --- A new version ----------------------------------------------------------------------------------------------------


def notice(campaign, seen, **fields):
    made = PrivacyNotice(campaign=campaign, **texts(**fields))
    made.seen = seen
    return made


def test_office_publishes_a_new_version_over_the_words_of_the_last(client, campaign, bob):
    form = client.get(address(PrivacyNotice, "add"), {"campaign": campaign.pk}).content.decode()
    assert "180 天" in form and 'name="seen" value="1"' in form
    assert publish(client, campaign).status_code == 302
    made = PrivacyNotice.objects.get(version=2)
    assert (made.campaign, made.created_by, made.who) == (campaign, bob, "新的who")
    assert Campaign.objects.get().notice_version == 2


def test_list_leads_to_the_form_of_the_next_version(client, campaign, bob):
    publish(client, campaign)
    address_of_form = f"{address(PrivacyNotice, 'add')}?campaign={campaign.pk}"
    page = client.get(address(PrivacyNotice)).content.decode()
    assert page.count(address_of_form) == 1, "beside the version that holds"
    assert "新的who" in client.get(address_of_form).content.decode()
    client.force_login(people.village_office())
    assert "发布下一版" not in client.get(address(PrivacyNotice)).content.decode()


@pytest.mark.parametrize("name", PARTS)
def test_each_part_has_to_be_written(client, campaign, bob, name):
    assert publish(client, campaign, **{name: " "}).status_code == 200
    assert Campaign.objects.get().notice_version == 1


def test_of_two_at_once_the_second_is_told(client, campaign, bob):
    publish(client, campaign, who="第一位")
    page = publish(client, campaign, who="第二位").content.decode()
    assert "刚才有人发布了新的一版告知书" in page
    assert "第二位" in page, "what was typed is still there"
    assert PrivacyNotice.objects.count() == 2


def test_archived_campaign_gets_no_new_notice(campaign, bob):
    Campaign.objects.update(state=CampaignState.ARCHIVED)
    with pytest.raises(ValidationError, match="已经归档"):
        publish_notice(notice(campaign, 1), by=bob)


def test_office_of_a_part_of_the_area_publishes_nothing(client, campaign):
    client.force_login(people.bob(VILLAGE_A))
    page = publish(client, campaign).content.decode()
    assert "告知书由管整个活动区划的活动办发布" in page
    assert PrivacyNotice.objects.count() == 1


@pytest.mark.parametrize("person", [people.alice, people.village_office, people.leader, people.system_admin])
def test_nobody_but_the_office_publishes(client, campaign, person):
    client.force_login(person())
    assert publish(client, campaign).status_code in (302, 403)
    assert PrivacyNotice.objects.count() == 1


def test_desk_lists_the_notices_of_ones_own_campaigns(client, campaign, bob):
    factories.campaign("elsewhere", "330411106")
    assert [row.campaign for row in listed(client, PrivacyNotice)] == [campaign]


def test_no_version_is_ever_changed(client, campaign, bob):
    first = PrivacyNotice.objects.get()
    assert client.post(address(PrivacyNotice, "change", first.pk), texts()).status_code == 403
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        PrivacyNotice.objects.update(who="别的")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"version": 1}, "本活动已有这一版告知书"),
        ({"version": 0}, "告知书的版本从 1 数起。"),
        ({"version": 2, "rights": ""}, "告知书的六项都要写。"),
    ],
)
def test_database_refuses_a_notice_that_does_not_fit(campaign, fields, sentence):
    made = PrivacyNotice(campaign=campaign, **{**texts(), **fields})
    with pytest.raises(ValidationError, match=sentence):
        made.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_desk_list_costs_the_same_with_one_row_and_with_three(client, campaign, bob):
    one = queries(client, address(PrivacyNotice))
    for seen in (1, 2):
        publish_notice(notice(campaign, seen), by=bob)
    assert queries(client, address(PrivacyNotice)) == one
