"""The list on paper: /visits/paper/."""

import re

import pytest

from canvass.qr import qr_svg
from issues.models import IssueOpinion
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1
from visits import paper
from visits.paper import building_of

from .forms import statements

pytestmark = pytest.mark.django_db
PAGE = "/visits/paper/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def look(client, campaign):
    """look(user, **query): the page as that person sees it."""

    def get(user, **query):
        client.force_login(user)
        return client.get(PAGE, query)

    return get


def addresses(response):
    return [door.address for door in response.context.get("doors", [])]


def words(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


# --- Which building -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "building"),
    [
        ("花溪路12号3单元402室", "花溪路12号3单元"),
        ("花溪路1号", "花溪路"),
        ("花溪社区梅园小区1幢2单元101室", "花溪社区梅园小区1幢2单元"),  # the demo's communities
        ("庆丰村塘桥头12号", "庆丰村塘桥头"),  # and its hamlets
        ("庆丰村5组12号", "庆丰村5组"),
        ("塘桥路12-3号", "塘桥路"),
        ("花溪路12号附1号", "花溪路12号"),
        ("阳光小区3-2-402", "阳光小区3-2"),
        ("花溪路12弄5号602A", "花溪路12弄5号"),
        ("花溪路12号402室（出租）", "花溪路12号"),
        ("花溪路12号402、403室", "花溪路12号"),
        ("花溪路１２号３０１室", "花溪路１２号"),
        ("A座1203", "A座"),
        ("老粮站", "老粮站"),
        ("402", "402"),
        (" 花溪路2号 ", "花溪路"),
    ],
)
def test_building_is_the_address_up_to_the_door(address, building):
    assert building_of(address) == building


# --- What is printed ----------------------------------------------------------------------------------------


def test_doors_come_by_building_and_door_and_not_as_text(look):
    names = ["花溪路2号10室", "花溪路10号1室", "花溪路2号9室", "花溪路1号", "老粮站"]
    for name in names:
        factories.household(address=name)
    response = look(people.alice())
    assert addresses(response) == ["老粮站", "花溪路1号", "花溪路2号9室", "花溪路2号10室", "花溪路10号1室"]
    headings = re.findall(r'<h2 class="paper-building">([^<]+)</h2>', response.content.decode())
    assert headings == ["老粮站", "花溪路", "花溪路2号", "花溪路10号"]


def test_door_says_the_last_outcome_and_what_is_open_and_never_a_full_name(look, campaign):
    door = factories.household(address="花溪路1号", number="H-1", holder_name="张三丰")
    factories.visit(campaign, door, outcome="not_in", started_at=factories.at("2018-09-03 19:30"))
    said = factories.opinion(campaign, entry=door, words_verbatim="积水没人管")
    IssueOpinion.objects.create(issue=factories.issue(campaign), opinion=said)
    response = look(people.alice())
    told = words(response)
    assert re.search(r"花溪路1号 .*张\* .*上次 未遇 2018年9月3日 .*1 件在办", told)
    assert "H-1" in told
    assert not re.search("张三丰|三丰|积水没人管", response.content.decode())


def test_paper_says_campaign_grid_page_moment_and_who_printed(look, campaign):
    for n in range(6):
        factories.household(address=f"花溪路{n}号")
    alice = people.alice()
    response = look(alice)
    told = words(response)
    assert re.search(rf"{campaign.name} · 走访表 .*花溪社区 .*第 1 页，共 2 页", told)
    assert "第 2 页，共 2 页" in told
    assert re.search(r"截至 \d{4}-\d\d-\d\d \d\d:\d\d · 打印人 艾一丽", told)
    assert re.search("第 2 页，共 2 页 +花溪路 +（续）", told)


def test_boxes_carry_the_digits_that_the_typing_page_asks_for(look):
    factories.household()
    told = words(look(people.alice()))
    assert re.search(" +".join(["1 见面", "2 远程", "3 未遇", "4 空关", "5 拒访", "6 搬迁", "7 拆除"]), told)
    assert re.search(" +".join(["1 问题", "2 建议", "3 咨询", "4 求助", "5 投诉", "6 举报", "7 表扬"]), told)


def test_code_of_a_door_leads_to_its_form_on_this_site(look):
    factories.household(number="H 1/甲")
    address = "http://testserver/visits/new/?entry=H+1%2F%E7%94%B2&campaign=wangdian-2018"
    assert qr_svg(address, border=2) in look(people.alice()).content.decode()


def test_ticked_doors_alone_are_printed(look):
    for n in (1, 2, 3):
        factories.household(address=f"花溪路{n}号", number=f"H-{n}")
    assert addresses(look(people.alice(), entry=["H-3", "H-1"])) == ["花溪路1号", "花溪路3号"]


def test_what_was_searched_for_is_printed(look, campaign):
    for n in (1, 2):
        factories.household(address=f"花溪路{n}号")
    factories.visit(campaign, factories.household(address="梅园1号"))
    alice = people.alice()
    assert addresses(look(alice, q="花溪")) == ["花溪路1号", "花溪路2号"]
    assert addresses(look(alice, show="visited")) == ["梅园1号"]
    assert addresses(look(alice, show="nonsense", page="x")) == ["梅园1号", "花溪路1号", "花溪路2号"]


def test_several_grids_ask_which_one(look):
    factories.household(GRID_A1, address="甲1号")
    factories.household(GRID_A2, address="乙1号")
    clerk = people.village_office()
    response = look(clerk)
    assert addresses(response) == []
    assert "先选一个网格" in response.content.decode()
    assert [one.code for one in response.context["grids"]] == [GRID_A1, GRID_A2]
    assert addresses(look(clerk, grid=GRID_A2)) == ["乙1号"]


def test_sheet_holds_one_grid_only(look):
    factories.household(GRID_A1, address="花溪路1号")
    factories.household(GRID_A2, address="花溪路2号")
    told = words(look(people.village_office(), q="花溪路"))
    assert re.search(r"第 1 页，共 2 页 .*花溪路1号 .*第 2 页，共 2 页 .*花溪路2号", told)


def test_long_lists_are_printed_in_goes(look, monkeypatch):
    monkeypatch.setattr(paper, "MOST_DOORS", 2)
    for n in range(5):
        factories.household(address=f"花溪路{n}号")
    alice = people.alice()
    assert addresses(look(alice)) == ["花溪路0号", "花溪路1号"]
    assert addresses(look(alice, page="3")) == ["花溪路4号"]
    assert addresses(look(alice, page="4")) == []
    assert list(look(alice).context["pages"]) == [1, 2, 3]


# --- Who sees what ------------------------------------------------------------------------------------------


def test_grid_of_strangers_does_not_exist(look):
    factories.household(GRID_A1)
    factories.household(GRID_B1, address="庆丰路1号")
    assert look(people.charlie(), grid=GRID_A1).status_code == 404
    assert look(people.charlie(), grid="\0").status_code == 200
    assert look(people.bob(), grid=GRID_A1).status_code == 200


def test_ticked_door_of_strangers_is_not_printed(look):
    factories.household(GRID_A1, number="H-1", address="花溪路1号")
    factories.household(GRID_B1, number="H-2", address="庆丰路1号")
    charlie = people.charlie()
    assert addresses(look(charlie, entry=["H-1", "H-2"])) == ["庆丰路1号"]
    assert look(charlie, entry=["H-1"]).status_code == 404


def test_misconduct_report_is_counted_for_nobody_who_prints(look, campaign):
    door = factories.household()
    for nature in ("report", "problem"):
        said = factories.opinion(campaign, entry=door, nature=nature, restricted=True)
        issue = factories.issue(campaign, is_restricted=True)
        IssueOpinion.objects.create(issue=issue, opinion=said)
    for who in (people.alice(), people.village_office(), people.bob()):
        assert "件在办" not in words(look(who))


@pytest.mark.parametrize("who", [people.leader, people.clerk, people.discipline, people.nobody])
def test_who_does_not_visit_prints_nothing(look, who):
    factories.household()
    assert look(who()).status_code == 403


def test_closed_campaign_is_not_printed(look):
    factories.campaign("closed", state="closed")
    assert look(people.alice(), campaign="closed").status_code == 404


def test_my_list_offers_the_paper_with_what_was_searched(client, campaign):
    factories.household(address="花溪路1号")
    client.force_login(people.alice())
    page = client.get("/visits/", {"q": "花溪", "show": "unvisited"}).content.decode()
    assert f'formaction="{PAGE}"' in page
    form = page[page.index('action="/visits/nobody-in/"') :]
    assert '<input type="hidden" name="q" value="花溪">' in form
    assert '<input type="hidden" name="show" value="unvisited">' in form


# --- Cost ---------------------------------------------------------------------------------------------------


def test_sheets_cost_the_same_for_one_door_and_for_thirty(client, campaign):
    client.force_login(people.alice())

    def add():
        door = factories.household(address=f"花溪路{factories.number()}号1室")
        factories.visit(campaign, door, outcome="not_in")
        said = factories.opinion(campaign, entry=door)
        IssueOpinion.objects.create(issue=factories.issue(campaign), opinion=said)

    counts = []
    for n in (1, 2, 27):
        for _ in range(n):
            add()
        counts.append(len(statements(lambda: client.get(PAGE))[1]))
    assert counts[0] == counts[1] == counts[2] <= 18


def test_sheet_says_what_becomes_of_what_is_written_on_it(look, campaign):
    factories.household()
    sheet = words(look(people.alice()))
    assert "不说姓名、不留电话，也照样登记、照样办理" in sheet
    assert "180 天内清除姓名和电话（告知书第 1 版，testserver/notices/wangdian-2018/）" in sheet
