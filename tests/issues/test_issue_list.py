"""The ledger: whose issues stand on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.enums import IssueState
from issues.models import Issue, IssueOpinion
from tests import factories, people
from tests.visits.forms import is_work
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import OpinionMark

URL = "/issues/"


def titles(client, user, **query):
    client.force_login(user)
    return [issue.title for issue, *_rest in client.get(URL, query).context["rows"]]


@pytest.fixture
def ledger(db):
    campaign = factories.campaign()
    mine, other = factories.department("镇环保所"), factories.department("镇农办")
    factories.issue(campaign, GRID_A1, title="甲 积水", state=IssueState.ASSIGNED, **factories.assigned(mine))
    factories.issue(
        campaign, GRID_B1, title="乙 路灯", state=IssueState.ASSIGNED, **factories.assigned(other)
    )
    factories.issue(campaign, GRID_A1, title="丙 举报", is_restricted=True, category_code="20")
    return campaign


def test_office_sees_its_town_without_restricted_reports(client, ledger):
    assert sorted(titles(client, people.bob())) == ["乙 路灯", "甲 积水"]


def test_clerk_sees_the_own_department_only(client, ledger):
    assert titles(client, people.clerk(), lot="open") == ["甲 积水"]


def test_worker_sees_the_own_grid_only(client, ledger):
    assert titles(client, people.alice()) == ["甲 积水"]
    assert titles(client, people.charlie()) == ["乙 路灯"]


def test_discipline_sees_restricted_reports_and_nothing_else(client, ledger):
    assert titles(client, people.discipline()) == ["丙 举报"]


def test_office_of_another_town_sees_nothing(client, ledger):
    factories.place("330411106")

    assert titles(client, people.bob("330411106")) == []


@pytest.mark.parametrize("stranger", [people.nobody, people.system_admin])
def test_issue_list_is_closed_to_those_without_issues(client, ledger, stranger):
    client.force_login(stranger())

    response = client.get(URL)

    assert response.status_code == 403
    assert "积水" not in response.content.decode()


def test_search_finds_by_title_number_and_department_within_what_one_sees(client, ledger):
    assert titles(client, people.bob(), q="积水") == ["甲 积水"]
    assert titles(client, people.bob(), q="农办") == ["乙 路灯"]
    assert titles(client, people.alice(), q="路灯") == []


def test_nul_in_the_address_breaks_nothing(client, ledger):
    assert titles(client, people.bob(), q="积\0水") == ["甲 积水"]


def test_search_finds_by_category(client, ledger):
    category = Issue.objects.get(title="甲 积水").category

    assert sorted(titles(client, people.bob(), q=category.name)) == ["乙 路灯", "甲 积水"]


def say(issue, code, words, **fields):
    opinion = factories.opinion(issue.campaign, code, words_verbatim=words, **fields)
    IssueOpinion.objects.create(issue=issue, opinion=opinion)
    return opinion


def test_search_finds_by_residents_words_within_the_issues_one_sees(client, ledger):
    say(Issue.objects.get(title="甲 积水"), GRID_A1, "窨井盖翻了")

    assert titles(client, people.bob(), q="窨井") == ["甲 积水"]
    assert titles(client, people.clerk(), q="窨井") == ["甲 积水"]
    assert titles(client, people.charlie(), q="窨井") == []
    assert titles(client, people.discipline(), q="窨井") == []


def test_search_passes_over_restricted_and_void_words(client, ledger):
    issue = Issue.objects.get(title="甲 积水")
    say(issue, GRID_A1, "吃拿卡要", restricted=True)
    void = say(issue, GRID_A1, "写错的话")
    OpinionMark.objects.create(opinion=void, kind=OpinionMark.Kind.VOID, reason="误录")

    assert titles(client, people.bob(), q="吃拿卡要") == []
    assert titles(client, people.discipline(), q="吃拿卡要") == []
    assert titles(client, people.bob(), q="写错的话") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_search_by_words_needs_the_same_queries_for_any_number_of_rows(client, ledger, rows):
    for _row in range(rows):
        say(factories.issue(ledger, GRID_A1), GRID_A1, "窨井盖翻了")
    client.force_login(people.bob())
    client.get(URL, {"q": "窨井"})

    with CaptureQueriesContext(connection) as asked:
        response = client.get(URL, {"q": "窨井"})

    assert len(response.context["rows"]) == rows
    # Beside those of the list: candidates, the words to show, the count.
    assert len([one for one in asked if is_work(one["sql"])]) == 10


def test_the_residents_words_stand_beside_the_row_with_the_hit_marked(client, ledger):
    say(Issue.objects.get(title="甲 积水"), GRID_A1, f"{'前' * 40}<b>Wifi</b>井盖{'后' * 40}")
    client.force_login(people.bob())

    page = client.get(URL, {"q": "wifi"}).content.decode()

    assert f"…{'前' * 21}&lt;b&gt;<mark>Wifi</mark>&lt;/b&gt;井盖{'后' * 18}…" in page
    assert "共 1 件" in page
    assert "<mark>" not in client.get(URL).content.decode()


def test_words_on_the_page_are_those_that_everybody_there_may_read(client, ledger):
    issue = Issue.objects.get(title="甲 积水")
    say(issue, GRID_A1, "积水，还有吃拿卡要", restricted=True)
    taken = say(issue, GRID_A1, "积水，别人家的事")
    issue.opinion_links.filter(opinion=taken).update(removed_at=issue.registered_at, removed_because="归错")
    client.force_login(people.bob())

    page = client.get(URL, {"q": "积水"}).content.decode()

    assert "甲 <mark>积水</mark>" in page
    assert "吃拿卡要" not in page
    assert "别人家" not in page


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "积",
        "积水" * 100,
        "甲 积水" * 40,
        "\0",
        "%",
        "_",
        "'",
        '"',
        "\\",
        "积%",
        "🚲",
        '"积水" OR',
        "a*",
    ],
)
def test_odd_words_break_nothing(client, ledger, words):
    found = titles(client, people.bob(), q=words, lot="all")

    everything = {"甲 积水", "乙 路灯"}
    assert set(found) == {title for title in everything if words.replace("\0", "").strip() in title}


def test_filters_hold_together_and_stay_in_the_links(client, ledger):
    category = Issue.objects.get(title="乙 路灯").category
    factories.issue(ledger, GRID_B1, title="丁 县里的", level="county", category_code=category.code)
    bob, lead = people.bob(), factories.department("镇农办").pk

    assert titles(client, bob, department=lead) == ["乙 路灯"]
    assert sorted(titles(client, bob, place=GRID_B1[:12])) == ["丁 县里的", "乙 路灯"]
    assert titles(client, bob, place=GRID_B1[:12], level="county") == ["丁 县里的"]
    assert len(titles(client, bob, category=category.code[:2])) == 3
    assert titles(client, bob, category="05" if category.code[:2] != "05" else "06") == []

    response = client.get(URL, {"place": GRID_B1[:12], "level": "county", "q": "县里"})
    assert response.context["form"].chosen == 2
    assert (
        f"?place={GRID_B1[:12]}&amp;level=county&amp;q=%E5%8E%BF%E9%87%8C&amp;lot=closed"
        in response.content.decode()
    )


@pytest.mark.parametrize("odd", ["x", "\0", "99999999999999999999", "'"])
def test_a_filter_that_nobody_can_choose_filters_nothing(client, ledger, odd):
    query = dict.fromkeys(["department", "category", "level", "place"], odd)

    assert sorted(titles(client, people.bob(), **query)) == ["乙 路灯", "甲 积水"]


def test_a_filter_widens_nothing(client, ledger):
    assert titles(client, people.alice(), place=GRID_B1[:12]) == ["甲 积水"]
    assert titles(client, people.village_office(), place=GRID_B1[:12]) == ["甲 积水"]
    assert titles(client, people.clerk(), department=factories.department("镇农办").pk) == ["甲 积水"]


def test_lots_divide_by_progress(client, ledger):
    factories.issue(
        ledger,
        title="丁 销号",
        state=IssueState.CLOSED,
        replied_at=factories.at("2018-09-08"),
        closed_at=factories.at("2018-09-09"),
        outcome="substantive",
        **factories.assigned(factories.department()),
    )
    factories.issue(ledger, title="戊 新收")
    bob = people.bob()

    assert titles(client, bob, lot="closed") == ["丁 销号"]
    assert sorted(titles(client, bob, lot="overdue")) == ["乙 路灯", "甲 积水"]
    assert len(titles(client, bob, lot="all")) == 4
    assert client.get(URL, {"lot": "nonsense"}).status_code == 404


def test_next_page_begins_after_the_last_row(client, db):
    campaign, bob = factories.campaign(), people.bob()
    for number in range(35):
        factories.issue(campaign, title=f"第{number}件")
    client.force_login(bob)

    first = client.get(URL)
    second = client.get(URL, {"after": first.context["next_key"]})

    shown = [issue.pk for page in (first, second) for issue, *_rest in page.context["rows"]]
    assert (len(first.context["rows"]), len(second.context["rows"]), len(set(shown))) == (30, 5, 35)
    assert second.context["next_key"] == ""
    assert client.get(URL, {"after": "x_y"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_issue_list_needs_the_same_queries_for_any_number_of_rows(
    client, db, rows, django_assert_max_num_queries
):
    campaign = factories.campaign()
    for _row in range(rows):
        factories.issue(campaign, state=IssueState.ASSIGNED, **factories.assigned(factories.department()))
    client.force_login(people.bob())

    with django_assert_max_num_queries(8):
        response = client.get(URL)
    assert len(response.context["rows"]) == rows
