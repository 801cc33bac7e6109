"""Uploading a workbook: who may, what is taken at all, and that the check writes nothing."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from campaigns.enums import CampaignState
from campaigns.models import Campaign
from canvass.roles import Role
from grids.models import Place, Posting, RegisterEntry
from reports.forms import LARGEST_UPLOAD
from reports.models import WorkbookLoad
from tests import factories, people
from tests.workbooks import GRID_A1, TOWN, VILLAGE_A, sample

from .uploading import LOAD, confirm, post_file, token_of, upload

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_TOWN = "330411106"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Uploads of one test are unknown to the next."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bob(client):
    user = people.bob()
    client.force_login(user)
    return user


def test_workbook_load_shows_what_would_be_created_and_writes_nothing(client, bob):
    places = Place.objects.count()
    _url, page = upload(client, sample())
    assert "检查通过" in page.text
    assert token_of(page)
    assert "H001" in page.text
    assert (Campaign.objects.count(), Place.objects.count(), WorkbookLoad.objects.count()) == (0, places, 0)


def test_workbook_load_lists_every_error_with_its_place(client, bob):
    sheets = sample()
    sheets["走访记录"][0]["开始时间"] = "2018-13-40"
    sheets["走访记录"][1]["走访人"] = "W999"
    _url, page = upload(client, sheets)
    assert "有 2 处错误" in page.text
    for text in ("走访记录", "2018-13-40", "W999", 'class="num">2</td>', 'class="num">3</td>'):
        assert text in page.text
    assert token_of(page) is None
    assert not Campaign.objects.exists()


def test_workbook_load_shows_the_first_two_hundred_errors_and_their_number(client, bob):
    sheets = sample()
    row = sheets["走访对象"][0]
    sheets["走访对象"] = [{**row, "对象编号": f"X{n}", "类型": "宫殿"} for n in range(201)]
    sheets = {name: sheets[name] for name in ("活动", "区划", "网格", "走访对象")}
    _url, page = upload(client, sheets)
    assert "有 201 处错误" in page.text
    assert "以上是前 200 处，共 201 处。" in page.text
    assert page.text.count("宫殿") == 200


def test_workbook_load_shows_old_and_new_of_what_would_change(client, bob):
    factories.campaign()
    factories.household(GRID_A1, number="H001", address="花溪路旧1号")
    _url, page = upload(client, sample())
    assert "<del>花溪路旧1号</del> → <ins>花溪路1号</ins>" in page.text
    assert RegisterEntry.objects.get().address == "花溪路旧1号"


def test_workbook_load_shows_stored_values_in_the_words_of_the_cells(client, bob):
    factories.campaign()
    factories.household(GRID_A1, number="H001", address="花溪路1号", state="moved")
    sheets = sample()
    sheets["走访对象"][0]["状态"] = "空关"
    _url, page = upload(client, sheets)
    assert "<del>搬迁</del> → <ins>空关</ins>" in page.text


def test_workbook_load_says_when_there_is_nothing_new(client, bob):
    factories.campaign()
    _url, page = upload(client, {"区划": sample()["区划"][:1]}, campaign="wangdian-2018")
    assert "数据未改动" in page.text
    assert token_of(page) is None


def test_workbook_load_uses_the_chosen_campaign_when_the_file_names_none(client, bob):
    factories.campaign()
    _url, page = upload(client, {"单位": sample()["单位"]}, campaign="wangdian-2018")
    assert "wangdian-2018" in page.text
    assert token_of(page)


def test_workbook_load_offers_only_open_campaigns_of_the_own_area(client, bob):
    factories.campaign()
    factories.campaign("old", state=CampaignState.CLOSED)
    factories.campaign("other", area=OTHER_TOWN)
    factories.campaign("county", area="330411")
    page = client.get(LOAD)
    assert [campaign.code for campaign in page.context["form"].fields["campaign"].queryset] == [
        "wangdian-2018"
    ]
    response = post_file(client, sample(), campaign="other")
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["campaign"])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("王店.xls", b"PK", "另存为 .xlsx"),
        ("王店.xlsx.exe", b"PK", "另存为 .xlsx"),
        ("王店.xlsx", b"", "文件是空的"),
    ],
)
def test_workbook_load_refuses_what_is_no_workbook_by_its_name(client, bob, name, content, words):
    response = post_file(client, content, name=name)
    assert response.status_code == 422
    assert words in response.text
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.xlsx"))


def test_workbook_load_refuses_a_file_that_is_too_large(client, bob):
    response = post_file(client, b"x" * (LARGEST_UPLOAD + 1))
    assert response.status_code == 422
    assert "最大 50 MB" in response.text


def test_workbook_load_asks_for_a_file(client, bob):
    response = client.post(LOAD)
    assert response.status_code == 422
    assert "请先选择文件" in response.text


@pytest.mark.parametrize("content", [b"not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600])
def test_workbook_load_judges_the_content_and_not_the_name(client, bob, content):
    _url, page = upload(client, content)
    assert "有 1 处错误" in page.text
    assert token_of(page) is None


def test_workbook_load_refuses_a_new_campaign_outside_the_own_area(client):
    client.force_login(people.bob(OTHER_TOWN))
    _url, page = upload(client, sample())
    assert f"活动区划 {TOWN} 不在您的活动办岗位范围之内" in page.text
    assert token_of(page) is None


def test_workbook_load_shows_nothing_of_a_campaign_of_another_town(client):
    factories.campaign()
    factories.household(GRID_A1, number="H001", address="花溪路旧1号")
    client.force_login(people.bob(OTHER_TOWN))
    _url, page = upload(client, sample())
    assert "不在您的活动办岗位范围之内" in page.text
    assert "花溪路旧1号" not in page.text


def test_workbook_load_refuses_the_office_of_one_village_the_whole_town(client):
    factories.campaign()
    client.force_login(people.bob(VILLAGE_A))
    _url, page = upload(client, sample())
    assert "不在您的活动办岗位范围之内" in page.text


def test_workbook_load_refuses_to_widen_a_campaign_beyond_the_own_area(client, bob):
    factories.campaign()
    sheets = {"活动": [{**sample()["活动"][0], "区划代码": "330411"}]}
    _url, page = upload(client, sheets)
    assert "活动区划 330411 不在您的活动办岗位范围之内" in page.text


def test_workbook_load_does_not_count_a_posting_of_another_kind(client):
    user = people.bob(OTHER_TOWN)
    factories.posting(user.cadre, Role.VISITOR, TOWN)
    client.force_login(user)
    _url, page = upload(client, sample())
    assert "不在您的活动办岗位范围之内" in page.text


def test_workbook_load_lets_a_superuser_begin_an_empty_installation(client):
    client.force_login(factories.user(is_superuser=True))
    _url, page = upload(client, sample())
    assert "检查通过" in page.text


def test_workbook_load_lets_a_superuser_without_posting_begin_only_once(client):
    factories.campaign()
    client.force_login(factories.user(is_superuser=True))
    _url, page = upload(client, sample())
    assert "不在您的活动办岗位范围之内" in page.text


@pytest.mark.parametrize(
    "person", [people.alice, people.village_office, people.leader, people.clerk, people.nobody]
)
def test_workbook_load_is_for_the_campaign_office(client, person):
    client.force_login(person())
    assert client.get(LOAD).status_code == 403
    assert post_file(client, sample()).status_code == 403
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.xlsx"))


def test_workbook_load_ends_with_the_posting(client, bob):
    bob.cadre.postings.update(to_on=date(2019, 1, 1))
    assert client.get(LOAD).status_code == 403


def test_workbook_load_keeps_the_bytes_private(client, bob):
    upload(client, sample())
    directory = Path(settings.MEDIA_ROOT) / "workbooks"
    assert directory.stat().st_mode & 0o777 == 0o700
    modes = {path.suffix: path.stat().st_mode & 0o777 for path in directory.iterdir()}
    assert (modes[".sealed"], modes[".json"]) == (0o600, 0o600)


def test_workbook_load_posts_nobody_to_discipline_unless_a_superuser_loads(client, bob):
    sheets = sample()
    sheets["人员"].append({"工号": "W077", "姓名": "纪七", "类别": "其他", "角色": "纪检", "责任范围": TOWN})
    _url, page = upload(client, sheets)
    assert "纪检岗位由安全管理员在“岗位”中任命" in page.text
    assert token_of(page) is None

    client.force_login(factories.user(is_superuser=True))
    _url, page = upload(client, sheets)
    assert token_of(page)


def test_workbook_load_posts_nobody_above_the_campaign_unless_a_superuser_loads(client, bob):
    """An office that could post itself to the county would read every town of it."""
    sheets = sample()
    county, mixed = TOWN[:6], f"{TOWN};{TOWN[:4]}"
    sheets["人员"] += [
        {"工号": "W077", "姓名": "县七", "类别": "其他", "角色": "活动办", "责任范围": county},
        {"工号": "W078", "姓名": "市八", "类别": "其他", "角色": "督查", "责任范围": mixed},
        {"工号": "W079", "姓名": "镇九", "类别": "其他", "角色": "督查", "责任范围": TOWN},
    ]
    _url, page = upload(client, sheets)
    assert "有 2 处错误" in page.text
    assert page.text.count(f"岗位大于活动区划 {TOWN}") == 2
    assert token_of(page) is None

    client.force_login(factories.user(is_superuser=True))
    url, page = upload(client, sheets)
    confirm(client, url, token_of(page))
    assert set(Posting.objects.filter(place=county).values_list("cadre__staff_number", flat=True)) == {"W077"}

    client.force_login(bob)
    _url, page = upload(client, sheets)  # a posting that stands already is no appointment
    assert "处错误" not in page.text
