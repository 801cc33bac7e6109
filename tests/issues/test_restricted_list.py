"""Misconduct reports that are no issue yet, for discipline: /issues/restricted/."""

import pytest

from canvass.roles import Role
from issues.models import IssueOpinion
from tests import factories, people
from tests.visits.forms import statements
from tests.workbooks import GRID_A1, TOWN
from visits.models import OpinionMark

from .moving import grid_leader, head

pytestmark = pytest.mark.django_db
ADDRESS = "/issues/restricted/"
OTHER_TOWN = "330411106"
# Whoever has another duty than discipline's in the very same place.
OTHERS = [
    people.alice,
    grid_leader,
    people.village_office,
    people.bob,
    people.clerk,
    head,
    people.leader,
    people.inspector,
    people.system_admin,
    lambda: people.person(Role.SECURITY_ADMIN, TOWN, "安十四"),
    lambda: people.person(Role.AUDITOR, TOWN, "审十五"),
    people.nobody,
]


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def report(campaign):
    return said(campaign, "SQ-88", "某人吃拿卡要")


def said(campaign, number, words="某人收钱", code=GRID_A1, **fields):
    """A misconduct report."""
    return factories.opinion(campaign, code, number=number, words_verbatim=words, nature="report", **fields)


def numbers(client, user, query=""):
    client.force_login(user)
    return [opinion.number for opinion in client.get(ADDRESS + query).context["page"].object_list]


def test_discipline_begins_with_the_reports_that_wait(client, report):
    client.force_login(people.discipline())

    page = client.get("/", follow=True)

    assert page.redirect_chain == [(ADDRESS, 302)]
    assert "某人吃拿卡要" in page.text
    assert f'href="{ADDRESS}{report.pk}/"' in page.text
    assert f'<a href="{ADDRESS}" aria-current="page">限阅举报</a>' in page.text
    navigation = page.text.partition("</nav>")[0]
    assert navigation.count('aria-current="page"') == 1
    assert "no-store" in page["Cache-Control"]


def test_list_has_reports_by_nature_and_by_mark_newest_first_and_nothing_else(client, campaign, report):
    said(campaign, "SQ-90", heard_at=factories.at("2018-09-05"))
    factories.opinion(campaign, number="SQ-89", restricted=True, heard_at=factories.at("2018-09-04 08:00"))
    factories.opinion(campaign, number="SQ-1")
    void = said(campaign, "SQ-2")
    OpinionMark.objects.create(opinion=void, kind="void", reason="记错了")

    assert numbers(client, people.discipline()) == ["SQ-90", "SQ-89", "SQ-88"]


def test_report_leaves_the_list_once_a_restricted_issue_carries_it(client, campaign, report):
    user = people.discipline()
    open_issue = factories.issue(campaign)
    IssueOpinion.objects.create(issue=open_issue, opinion=report)
    assert numbers(client, user) == ["SQ-88"]  # nobody reads it under an open issue

    issue = factories.issue(campaign, category_code="20", is_restricted=True, number="WT-88")
    link = IssueOpinion.objects.create(issue=issue, opinion=report)
    assert numbers(client, user) == []
    assert f'href="/issues/{issue.pk}/">WT-88</a>' in client.get(f"{ADDRESS}{report.pk}/").text

    IssueOpinion.objects.filter(pk=link.pk).update(
        removed_at=factories.at("2018-09-09"), removed_because="另案处理"
    )
    assert numbers(client, user) == ["SQ-88"]


def test_discipline_that_also_has_another_duty_finds_reports_alone(client, campaign, report):
    user = people.discipline()
    factories.posting(user.cadre, Role.CAMPAIGN_OFFICE, TOWN)
    factories.opinion(campaign, number="SQ-1")

    assert numbers(client, user) == ["SQ-88"]


@pytest.mark.parametrize("make_user", OTHERS)
def test_nobody_else_opens_the_list_or_a_report(client, report, make_user):
    client.force_login(make_user())

    for address in (ADDRESS, f"{ADDRESS}{report.pk}/"):
        page = client.get(address)
        assert page.status_code == 403
        assert "吃拿卡要" not in page.text
        assert "限阅举报" not in page.text
    # A report that is not there is answered in the same way.
    assert client.get(f"{ADDRESS}999999/").status_code == 403


def test_discipline_of_another_town_finds_nothing(client, report):
    stranger = people.discipline(OTHER_TOWN)

    assert numbers(client, stranger) == []
    page = client.get(f"{ADDRESS}{report.pk}/")
    assert page.status_code == 404
    assert "吃拿卡要" not in page.text


def test_ended_posting_opens_nothing(client, report):
    user = people.discipline()
    user.cadre.postings.update(to_on=factories.at("2018-09-01").date())
    client.force_login(user)

    assert client.get(ADDRESS).status_code == 403


def test_without_a_sign_in_one_is_asked_to_sign_in(client, report):
    assert client.get(f"{ADDRESS}{report.pk}/").status_code == 302


def test_report_is_only_read_here(client, report):
    client.force_login(people.discipline())

    assert client.post(ADDRESS).status_code == 405
    assert client.post(f"{ADDRESS}{report.pk}/").status_code == 405


@pytest.mark.parametrize("query", ["?page=2", "?page=999"])
def test_thirty_stand_on_a_page_and_the_rest_on_the_next(client, campaign, query):
    for count in range(31):
        said(campaign, f"SQ-{count:03}", heard_at=factories.at(f"2018-09-03 08:{count:02}"))
    user = people.discipline()

    assert len(numbers(client, user)) == 30
    assert 'href="?page=2"' in client.get(ADDRESS).text
    assert numbers(client, user, query) == ["SQ-000"]


def test_empty_list_says_so(client, campaign):
    client.force_login(people.discipline())

    assert "没有还没登记为问题的举报。" in client.get(ADDRESS).text


def test_restricted_list_needs_the_same_queries_for_any_number_of_rows(client, campaign):
    client.force_login(people.discipline())
    found = []
    for number in range(3):
        said(campaign, f"SQ-{number}")
        _page, sent = statements(lambda: client.get(ADDRESS))
        found.append(len(sent))

    assert found[0] == found[2]
    assert found[2] <= 8
