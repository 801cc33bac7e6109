"""My list: /visits/."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from canvass.roles import Role
from grids.enums import RegisterKind, RegisterState
from issues.models import IssueOpinion
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, VILLAGE_A
from visits import targets

from .forms import statements

pytestmark = pytest.mark.django_db
LIST = "/visits/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def look(client, campaign):
    """look(user, **query): the list as that person sees it."""

    def get(user, **query):
        client.force_login(user)
        return client.get(LIST, query)

    return get


def addresses(response):
    return [entry.address for entry in response.context["entries"]]


def test_list_shows_who_was_never_visited_first_then_who_is_due_then_the_others_by_door(look, campaign):
    made = {name: factories.household(address=name) for name in ("甲", "乙", "丙", "丁")}
    factories.visit(campaign, made["甲"], started_at=factories.at("2018-09-05"))
    factories.visit(campaign, made["乙"], started_at=factories.at("2018-09-04"))
    factories.visit(campaign, made["丁"], started_at=factories.at("2018-09-01"))
    factories.visit(campaign, made["丁"], started_at=factories.at("2018-09-06"), outcome="not_in")
    response = look(people.alice())
    assert addresses(response) == ["丙", "丁", "甲", "乙"]
    assert [entry.last_outcome for entry in response.context["entries"]] == [None, "not_in", "met", "met"]


def evening(days_ago):
    """Half past seven in the evening, Shanghai, some days ago; this morning's first minute for today."""
    day = timezone.localdate() - timedelta(days=days_ago)
    return factories.at(f"{day} 19:30" if days_ago else f"{day} 00:00")


def test_due_doors_come_by_the_return_interval_of_their_outcome(look, campaign):
    """Nobody in: after 3 days, remote: after 14, vacant: after 30. Whole days, whatever the hour."""
    for name, outcome, days_ago in [
        ("两天前未遇", "not_in", 2),
        ("三天前未遇", "not_in", 3),
        ("四天前未遇", "not_in", 4),
        ("十四天前远程", "remote", 14),
        ("二十天前远程", "remote", 20),
        ("二十九天前空关", "vacant", 29),
        ("三十天前空关", "vacant", 30),
        ("百天前见面", "met", 100),
        ("百天前搬走", "moved", 100),
    ]:
        entry = factories.household(address=name)
        factories.visit(campaign, entry, outcome=outcome, started_at=evening(days_ago))
    factories.household(address="拆了的", state=RegisterState.DEMOLISHED)
    factories.household(address="没去过")
    alice = people.alice()
    response = look(alice)
    assert addresses(response) == [
        "没去过",
        "二十天前远程",  # 6 days late
        "四天前未遇",  # 1 day late
        "三天前未遇",  # due today, by door
        "十四天前远程",
        "三十天前空关",
        "两天前未遇",  # the others, by door
        "二十九天前空关",
        "百天前见面",
        "百天前搬走",
        "拆了的",
    ]
    late = [entry.return_day and entry.return_day.late for entry in response.context["entries"]]
    assert late == [None, 6, 1, 0, 0, 0, -1, -1, None, None, None]
    due = ["二十天前远程", "四天前未遇", "三天前未遇", "十四天前远程", "三十天前空关"]
    assert addresses(look(alice, show="due")) == due
    page = response.content.decode()
    assert "已到再访日 6 天" in page
    assert "今天该再访" in page


def test_row_says_the_last_outcome_how_long_ago_and_how_long_due(look, campaign):
    entry = factories.household()
    factories.visit(campaign, entry, outcome="not_in", started_at=evening(5))
    page = re.sub(r"<[^>]+>|\s+", " ", look(people.alice()).content.decode())
    assert re.search(r"未遇 +5 天前 +已到再访日 2 天", page)


def test_campaign_sets_its_own_intervals(look, campaign):
    campaign.outcomes.filter(outcome="not_in").update(return_after_days=1)
    campaign.outcomes.filter(outcome="met").update(return_after_days=0)
    for name, outcome, days_ago in [
        ("昨天未遇", "not_in", 1),
        ("今天未遇", "not_in", 0),
        ("今天见", "met", 0),
    ]:
        entry = factories.household(address=name)
        factories.visit(campaign, entry, outcome=outcome, started_at=evening(days_ago))
    assert addresses(look(people.alice(), show="due")) == ["昨天未遇", "今天见"]


def test_nobody_is_due_in_a_closed_campaign(look, campaign):
    entry = factories.household()
    factories.visit(campaign, entry, outcome="not_in", started_at=evening(9))
    campaign.state = "closed"
    campaign.save()
    response = look(people.alice(), campaign=campaign.code)
    assert [row.return_day for row in response.context["entries"]] == [None]
    page = response.content.decode()
    assert "只能查看" in page
    assert 'type="checkbox"' not in page


def test_counts_on_the_filters_are_the_lengths_of_their_lists(look, campaign):
    made = {n: factories.household(address=f"{n}号") for n in range(1, 8)}
    factories.household(address="8号", state=RegisterState.MOVED)
    for n, outcome, days_ago in [
        (1, "met", 9),
        (2, "not_in", 1),
        (3, "not_in", 4),
        (4, "refused", 3),
        (5, "moved", 3),
        (6, "met", 9),
    ]:
        factories.visit(campaign, made[n], outcome=outcome, started_at=evening(days_ago))
    factories.visit(campaign, made[6], outcome="not_in", started_at=evening(6))
    alice = people.alice()
    for query in ({}, {"q": "号"}, {"q": "3"}):
        response = look(alice, **query)
        for key, _label, count in response.context["filters"]:
            assert count == len(addresses(look(alice, show=key, **query))), (query, key)
    counts = {key: count for key, _label, count in look(alice).context["filters"]}
    assert counts == {"": 8, "unvisited": 4, "not_in": 2, "due": 2, "visited": 2}


def test_open_issues_and_answers_to_bring_are_marked(look, campaign):
    older = factories.campaign("older", first_on=factories.at("2017-07-01").date(), state="closed")
    entry = factories.household()
    for made, state in [(campaign, "accepted"), (campaign, "transferred"), (older, "accepted")]:
        words = factories.opinion(made, entry=entry)
        IssueOpinion.objects.create(issue=factories.issue(made, state=state), opinion=words)
    factories.household(address="邻居")
    page = look(people.alice()).content.decode()
    assert page.count("1 件在办") == 1
    assert "要告知" not in page


def test_void_visits_and_other_campaigns_leave_no_mark(look, campaign):
    entry = factories.household()
    factories.visit(campaign, entry, state="void", voided_at=timezone.now())
    older = factories.campaign("older", first_on=factories.at("2017-07-01").date())
    factories.visit(older, entry, started_at=factories.at("2018-09-01"))
    [row] = look(people.alice()).context["entries"]
    assert (row.last_at, row.is_visited) == (None, False)


def test_enterprises_and_schools_are_on_the_list_too(look):
    factories.household(kind=RegisterKind.ENTERPRISE, address="厂")
    factories.household(kind=RegisterKind.SCHOOL, address="校")
    assert set(addresses(look(people.alice()))) == {"厂", "校"}


def test_householder_is_masked(look):
    factories.household(holder_name="欧阳建国")
    page = look(people.alice()).content.decode()
    assert "欧*" in page
    assert "欧阳建国" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("12号", ["花溪路12号"]),
        ("建国", ["花溪路12号"]),
        ("H-12", ["花溪路12号"]),
        ("花溪路 7号", ["花溪路7号"]),
        ("庆丰", []),
        ("%", []),
    ],
)
def test_search_finds_door_number_name_and_number(look, words, found):
    factories.household(address="花溪路12号", holder_name="欧阳建国", number="H-12")
    factories.household(address="花溪路7号", number="H-7")
    factories.household(GRID_B1, address="庆丰路1号", number="H-1")
    assert addresses(look(people.alice(), q=words)) == found


def test_filters_part_the_visited_from_the_others(look, campaign):
    made = {
        name: factories.household(address=name) for name in ("没去", "见了", "不在", "先见后不在", "拆了")
    }
    factories.household(address="搬走", state=RegisterState.MOVED)
    factories.visit(campaign, made["见了"])
    factories.visit(campaign, made["不在"], outcome="not_in")
    factories.visit(campaign, made["先见后不在"])
    factories.visit(campaign, made["先见后不在"], outcome="not_in", started_at=factories.at("2018-09-09"))
    factories.visit(campaign, made["拆了"], outcome="demolished")
    alice = people.alice()
    assert set(addresses(look(alice, show="unvisited"))) == {"没去", "不在"}
    assert addresses(look(alice, show="not_in")) == ["不在"]
    assert set(addresses(look(alice, show="visited"))) == {"见了", "先见后不在"}
    assert len(addresses(look(alice, show="nonsense"))) == 6


def test_progress_is_that_of_the_grid_and_agrees_with_the_filter(look, campaign):
    visited = factories.household()
    factories.household(address="没去")
    factories.household(kind=RegisterKind.SCHOOL)
    factories.visit(campaign, visited)
    response = look(people.alice())
    [one] = response.context["progress"]
    assert (one.grid.code, one.visited, one.to_visit) == (GRID_A1, 1, 2)
    assert "<b>1</b> / 2 户已走访" in response.content.decode()


def test_progress_leaves_other_grids_out(look, campaign):
    factories.visit(campaign, factories.household(address="一号"))
    for grid in (GRID_A2, GRID_B1):
        factories.visit(campaign, factories.household(grid))
        factories.household(grid)

    [one] = look(people.alice()).context["progress"]

    assert (one.visited, one.to_visit) == (1, 1)


def test_progress_tells_the_honest_outcomes_apart(look, campaign):
    for outcome in ("met", "not_in", "not_in", "vacant", "refused", "remote", "moved", None):
        entry = factories.household()
        if outcome:
            factories.visit(campaign, entry, outcome=outcome)
    [one] = look(people.alice()).context["progress"]
    assert (one.visited, one.to_visit) == (1, 7)
    lots = [("未遇", 2), ("空关", 1), ("拒访", 1), ("只远程联系过", 1), ("还没去过", 1)]
    assert [(str(word), households) for word, households in one.lots] == lots


def test_office_with_whole_villages_reads_no_progress_line(look):
    factories.household()
    assert look(people.village_office()).context["progress"] == []


def test_pages_hold_every_row_once(look, campaign, monkeypatch):
    monkeypatch.setattr(targets, "PAGE_SIZE", 2)
    made = [factories.household(address=f"花溪路{n}号") for n in range(7)]
    for entry in made[:3]:
        factories.visit(campaign, entry)
    factories.visit(campaign, made[3], outcome="not_in")
    alice, seen, after = people.alice(), [], ""
    for _ in range(4):
        response = look(alice, after=after)
        seen += addresses(response)
        after = response.context["next_key"]
    assert seen == [f"花溪路{n}号" for n in (4, 5, 6, 3, 0, 1, 2)]
    assert after == ""


@pytest.mark.parametrize("after", ["x", "W10=", "bnVsbA==", "WzEsMiwzLDRd", "WyJ4IiwyLDMsNF0=", "é"])
def test_invented_page_key_gives_the_first_page(look, after):
    factories.household(address="甲")
    assert addresses(look(people.alice(), after=after)) == ["甲"]


@pytest.mark.parametrize("key", ["q", "campaign", "after", "show"])
def test_nul_in_the_address_breaks_nothing(look, key):
    factories.household()
    assert look(people.alice(), **{key: "\0"}).status_code == 200


# --- Who sees what ------------------------------------------------------------------------------------------


def test_each_sees_the_households_of_the_own_places(look):
    for grid, name in ((GRID_A1, "甲一"), (GRID_A2, "甲二"), (GRID_B1, "乙一")):
        factories.household(grid, address=name)
    assert addresses(look(people.alice())) == ["甲一"]
    assert addresses(look(people.charlie())) == ["乙一"]
    assert addresses(look(people.village_office())) == ["甲一", "甲二"]
    assert addresses(look(people.bob())) == ["甲一", "甲二", "乙一"]
    assert addresses(look(people.leader())) == ["甲一", "甲二", "乙一"]


def test_who_may_not_file_gets_no_button_to_file(look):
    factories.household()
    assert "/visits/new/?entry=" not in look(people.inspector()).content.decode()
    assert "/visits/new/?entry=" in look(people.alice()).content.decode()


@pytest.mark.parametrize("who", [people.clerk, people.discipline, people.system_admin, people.nobody])
def test_roles_without_households_have_no_list(look, who):
    assert look(who()).status_code == 403


def test_anonymous_is_asked_to_sign_in(client):
    assert client.get(LIST)["Location"] == "/login/?next=/visits/"


def test_superuser_without_a_posting_sees_no_household(client, campaign):
    factories.household()
    client.force_login(factories.user(is_superuser=True))
    assert "花溪路" not in client.get(LIST).content.decode()


def test_former_posting_opens_nothing(look):
    factories.household()
    former = factories.cadre(user=True)
    factories.posting(former, Role.VISITOR, GRID_A1, to_on=factories.at("2018-08-01").date())
    assert look(former.user).status_code == 403


# --- Which campaign -----------------------------------------------------------------------------------------


def test_list_is_that_of_the_newest_running_campaign(look, campaign):
    newer = factories.campaign("newer", first_on=factories.at("2018-08-01").date())
    factories.campaign("closed", first_on=factories.at("2018-09-01").date(), state="closed")
    alice = people.alice()
    assert look(alice).context["campaign"] == newer
    assert look(alice, campaign=campaign.code).context["campaign"] == campaign


def test_closed_campaign_may_be_read_but_offers_no_filing(look):
    factories.campaign("closed", state="closed")
    factories.household()
    page = look(people.alice(), campaign="closed").content.decode()
    assert "花溪路1号" in page
    assert "/visits/new/?entry=" not in page


def test_campaign_elsewhere_is_not_found(look):
    factories.campaign("elsewhere", area="330411999")
    assert look(people.alice(), campaign="elsewhere").status_code == 404


def test_households_outside_the_campaign_are_not_on_its_list(look):
    village = factories.campaign("village", area=VILLAGE_A)
    factories.household(GRID_A1, address="甲")
    factories.household(GRID_B1, address="乙")
    assert addresses(look(people.bob(), campaign=village.code)) == ["甲"]


def test_without_a_running_campaign_the_page_says_so(client):
    alice = people.alice()
    client.force_login(alice)
    assert "现在没有进行中的活动" in client.get(LIST).content.decode()


# --- Cost ---------------------------------------------------------------------------------------------------


def test_list_costs_the_same_for_one_row_and_for_three(client, campaign):
    alice = people.alice()
    client.force_login(alice)
    factories.visit(campaign, factories.household())
    _, one = statements(lambda: client.get(LIST))
    for grid in (GRID_A1, GRID_A1):
        factories.visit(campaign, factories.household(grid), outcome="not_in")
    _, three = statements(lambda: client.get(LIST))
    assert len(one) == len(three) <= 10


def test_marks_cost_the_same_for_one_row_and_for_three(client, campaign):
    client.force_login(people.alice())

    def add():
        words = factories.opinion(campaign, entry=factories.household())
        IssueOpinion.objects.create(issue=factories.issue(campaign), opinion=words)

    add()
    _, one = statements(lambda: client.get(LIST))
    add()
    add()
    _, three = statements(lambda: client.get(LIST))
    assert len(one) == len(three) <= 16
