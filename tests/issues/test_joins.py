"""Whose words stand under an issue: its own, and those of the issues that were merged into it, until they are not."""

import pytest

from issues.enums import IssueState
from issues.models import Issue, IssueOpinion
from issues.permissions import is_handler_or_visitor
from issues.receipts import receipt_for, standing_of
from issues.services import correct_issue
from tests import factories, people
from tests.desk import AUDIT_ROW, text
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import OpinionMark

from .moving import an_issue, make

pytestmark = pytest.mark.django_db
MAIN, SIDE = "公园的路灯不亮", "广场边上也是黑的"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def main(campaign):
    """The main issue, heard in village A."""
    made = an_issue("assigned", campaign=campaign, title="公园路灯", number="WT1")
    made.opinion_links.create(opinion=factories.opinion(campaign, GRID_A1, words_verbatim=MAIN, number="SQ1"))
    return made


@pytest.fixture
def side(campaign):
    """The same matter, heard in village B by Charlie."""
    made = factories.issue(campaign, GRID_B1, title="广场路灯", number="WT2")
    heard = factories.opinion(
        campaign, GRID_B1, words_verbatim=SIDE, number="SQ2", collector=people.charlie().cadre
    )
    made.opinion_links.create(opinion=heard)
    return made


def charlie():
    return IssueOpinion.objects.get(opinion__number="SQ2").opinion.collector.user


def merged(side, main):
    side = make(side, "merge", main_issue=main)
    main.refresh_from_db()
    return side


def page(client, user, issue):
    client.force_login(user)
    return client.get(f"/issues/{issue.pk}/")


def shown(response):
    return [(one.opinion.number, one.merged and one.merged.number) for one in response.context["words"]]


# --- Merged -------------------------------------------------------------------------------------------------


def test_main_issue_shows_the_voices_merged_into_it_with_their_number(client, main, side):
    merged(side, main)

    response = page(client, people.bob(), main)

    assert shown(response) == [("SQ1", None), ("SQ2", "WT2")]
    assert "WT2 并入" in text(response) and SIDE in response.content.decode()
    assert shown(page(client, people.bob(), side)) == [("SQ2", None)]


def test_each_page_leads_to_the_other(client, main, side):
    merged(side, main)

    assert f'href="/issues/{side.pk}/"' in page(client, people.bob(), main).content.decode()
    assert f'href="/issues/{main.pk}/"' in page(client, people.bob(), side).content.decode()


def test_department_reads_every_voice_of_what_it_handles(client, main, side):
    merged(side, main)
    clerk = people.clerk(main.lead_department)

    assert shown(page(client, clerk, main)) == [("SQ1", None), ("SQ2", "WT2")]
    papers = text(client.get(f"/issues/{main.pk}/papers/assignment/"))
    assert MAIN in papers and f"（WT2 并入）：{SIDE}" in papers
    assert client.get("/issues/", {"q": "广场边上"}).context["rows"][0][0] == main


def test_supporting_department_reads_them_too(client, main, side):
    merged(side, main)
    helper = factories.department("镇农办")
    main.supports.create(department=helper)

    assert shown(page(client, people.clerk(helper), main)) == [("SQ1", None), ("SQ2", "WT2")]


def test_who_first_heard_it_sees_what_became_of_it_without_the_words_of_others(client, main, side):
    merged(side, main)
    user = charlie()

    response = page(client, user, main)

    assert shown(response) == [("SQ2", "WT2")]
    assert "另有 1 条诉求不在您的范围内" in text(response)
    assert MAIN not in response.content.decode()
    assert page(client, user, side).status_code == 200
    listed = client.get("/issues/?lot=all").context["rows"]
    assert {row[0] for row in listed} == {main, side}
    assert client.get("/issues/", {"q": "公园的路", "lot": "all"}).context["rows"] == []
    assert "公园的路灯不亮" not in text(client.get(f"/issues/{main.pk}/papers/case/"))


def test_village_reads_the_words_of_its_own_people(client, main, side):
    merged(side, main)

    assert shown(page(client, people.village_office(), main)) == [("SQ1", None)]
    assert page(client, people.other_village_office(), main).status_code == 404


def test_stranger_to_both_sees_neither(client, main, side):
    merged(side, main)

    for issue in (main, side):
        assert page(client, people.clerk(factories.department("镇农办")), issue).status_code == 404


def test_restricted_words_of_a_merged_issue_stay_out(client, main, side):
    merged(side, main)
    OpinionMark.objects.create(opinion=side.opinion_links.get().opinion, kind="restricted")

    for user in (people.bob(), people.clerk(main.lead_department)):
        response = page(client, user, main)
        assert shown(response) == [("SQ1", None)]
        assert SIDE not in response.content.decode()


def test_misconduct_of_the_main_issue_restricts_what_was_merged_into_it(client, main, side):
    merged(side, main)

    correct_issue(main, by=people.bob(), category=factories.Category.objects.get(code="2001"))

    for issue in (main, side):
        assert page(client, people.bob(), issue).status_code == 404
        assert page(client, charlie(), issue).status_code == 404
    assert OpinionMark.objects.filter(kind="restricted").count() == 2


def test_misconduct_of_a_merged_issue_gives_its_visitor_no_sight_of_the_main_one(client, main, side):
    side = merged(side, main)
    correct_issue(side, by=people.bob(), category=factories.Category.objects.get(code="2001"))

    assert page(client, charlie(), main).status_code == 404
    assert shown(page(client, people.bob(), main)) == [("SQ1", None)]


def test_who_heard_a_merged_voice_does_not_ask_back_about_the_main_issue(main, side):
    user = charlie()
    assert not is_handler_or_visitor(user, main)

    merged(side, main)

    assert is_handler_or_visitor(user, main)


def test_words_joined_to_both_are_shown_once(client, main, side):
    main.opinion_links.create(opinion=side.opinion_links.get().opinion, position=1)
    merged(side, main)

    assert shown(page(client, people.bob(), main)) == [("SQ1", None), ("SQ2", None)]


def test_merged_voices_cannot_be_taken_out_on_the_page_of_the_main_issue(client, main, side):
    merged(side, main)
    link = side.opinion_links.get()

    assert f"/joins/{link.pk}/" not in page(client, people.bob(), main).content.decode()


def test_page_costs_the_same_for_one_and_three_merged_issues(
    client, campaign, main, django_assert_max_num_queries
):
    bob = people.bob()

    def add():
        other = factories.issue(campaign, state="merged", merged_into=main)
        other.opinion_links.create(opinion=factories.opinion(campaign))

    for number in (1, 3):
        while main.merged_issues.count() < number:
            add()
        client.force_login(bob)
        with django_assert_max_num_queries(16 + AUDIT_ROW):
            response = client.get(f"/issues/{main.pk}/")
        assert len(response.context["words"]) == number + 1


# --- And undone ---------------------------------------------------------------------------------------------


def test_after_unmerging_each_issue_has_its_own_again(client, main, side):
    receipts = {one.number: receipt_for(one.opinion_links.get().opinion, by=None) for one in (main, side)}
    side.follow_ups.create(result="not_reached")
    main.follow_ups.create(result="solved")
    before = {one.number: _told(one, receipts) for one in (main, side)}
    side = merged(side, main)
    assert [str(m.sentence) for m in standing_of(receipts["WT2"]).matters] == [
        "已交给承办单位，等待开始办理。"
    ]

    side = make(side, "unmerge")

    assert {one.number: _told(one, receipts) for one in (main, side)} == before
    for issue, own in ((main, "SQ1"), (side, "SQ2")):
        assert shown(page(client, people.bob(), issue)) == [(own, None)]
    assert page(client, charlie(), main).status_code == 404


def _told(issue, receipts):
    issue.refresh_from_db()
    return {
        "row": (issue.title, issue.state, issue.lead_department, issue.due_at, issue.merged_into),
        "words": [link.opinion.number for link in issue.opinion_links.standing()],
        "follow-ups": [row.result for row in issue.follow_ups.all()],
        "receipt": standing_of(receipts[issue.number]),
    }


def test_merging_rewrites_no_title(main, side):
    titles = (main.title, side.title)

    merged(side, main)

    assert tuple(Issue.objects.get(pk=issue.pk).title for issue in (main, side)) == titles
    assert Issue.objects.get(pk=side.pk).state == IssueState.MERGED


def test_void_words_are_not_shown_and_do_not_count_as_hidden(client, main):
    corrected = main.opinion_links.create(opinion=factories.opinion(main.campaign, number="SQ9"), position=1)
    OpinionMark.objects.create(opinion=corrected.opinion, kind="void", reason="更正")

    response = page(client, people.bob(), main)

    assert shown(response) == [("SQ1", None)]
    assert response.context["more_words"] == 0
