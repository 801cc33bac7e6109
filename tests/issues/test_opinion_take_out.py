"""Words are taken out of an issue again: who may, when not, and what everybody reads afterwards."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from campaigns.enums import CampaignState
from issues import sorting
from issues.models import Issue, IssueOpinion
from issues.permissions import is_handler_or_visitor
from issues.receipts import receipt_for, standing_of
from issues.services import accept_issue, correct_issue, restrict_opinions
from tests import factories, people
from tests.desk import address, queries, text
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import OpinionMark

from .moving import an_issue

pytestmark = pytest.mark.django_db
WHY = "说的是另一处的路灯"
OTHER_TOWN = "330411106"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def issue(campaign):
    """An issue with two residents' words, of which the second does not belong."""
    made = factories.issue(
        campaign, title="公园路灯不亮", number="WT1", registered_at=factories.at("2018-09-04")
    )
    for number, words in (("SQ1", "公园的路灯不亮"), ("SQ2", "桥头的路灯也不亮")):
        heard = factories.opinion(campaign, words_verbatim=words, number=number)
        made.opinion_links.create(opinion=heard, position=made.opinion_links.count())
    return made


@pytest.fixture
def link(issue):
    return issue.opinion_links.get(opinion__number="SQ2")


def url(link):
    return f"/issues/joins/{link.pk}/take-out/"


def post(client, user, link, reason=WHY):
    client.force_login(user)
    return client.post(url(link), {"reason": reason})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def refused(link, by, reason=WHY):
    with pytest.raises(ValidationError) as refusal:
        sorting.take_out(link, by=by, reason=reason)
    link.refresh_from_db()
    return refusal.value


# --- Doing it -----------------------------------------------------------------------------------------------


def test_words_taken_out_leave_their_row_and_wait_again(client, issue, link):
    bob = people.bob()

    response = post(client, bob, link)

    assert said(response) == ["诉求 SQ2 已从问题“WT1 公园路灯不亮”移出，等待重新分拣。"]
    assert response["Location"] == f"/issues/triage/{link.opinion_id}/"
    link.refresh_from_db()
    assert (link.removed_by, link.removed_because) == (bob, WHY)
    assert list(sorting.waiting_opinions(bob)) == [link.opinion]


def test_issue_itself_stays_as_it_was(issue, link):
    before = Issue.objects.values().get(pk=issue.pk)

    sorting.take_out(link, by=people.bob(), reason=WHY)

    assert Issue.objects.values().get(pk=issue.pk) == before
    assert [row.opinion.number for row in issue.opinion_links.standing()] == ["SQ1"]


def test_desk_tells_where_the_words_were_before(client, link):
    bob = people.bob()
    sorting.take_out(link, by=bob, reason=WHY)
    client.force_login(bob)

    page = text(client.get(f"/issues/triage/{link.opinion_id}/"))

    assert "曾归入问题 WT1（公园路灯不亮）" in page
    assert WHY in page and "鲍二柏" in page


def test_issue_that_they_were_taken_out_of_is_joined_by_no_key(client, link):
    bob = people.bob()
    sorting.take_out(link, by=bob, reason=WHY)
    client.force_login(bob)

    page = client.get(f"/issues/triage/{link.opinion_id}/")

    rows = [row for _heading, rows in page.context["groups"] for row in rows if row.can_join]
    assert [(row.issue, row.key) for row in rows] == [(link.issue, "")]


def test_words_may_join_another_issue_or_the_same_again(campaign, issue, link):
    bob, other = people.bob(), factories.issue(campaign, title="桥头路灯不亮")
    other.opinion_links.create(opinion=factories.opinion(campaign))

    sorting.take_out(link, by=bob, reason=WHY)
    second = sorting.join_issue(link.opinion, other, by=bob)
    assert [row.issue for row in link.opinion.issue_links.standing()] == [other]

    sorting.take_out(second, by=bob, reason=WHY)
    third = sorting.join_issue(link.opinion, issue, by=bob)
    assert list(link.opinion.issue_links.standing()) == [third]
    assert link.opinion.issue_links.count() == 3


def test_reason_must_be_written(client, link):
    response = post(client, people.bob(), link, "  ")

    assert response.context["form"].errors["reason"] == ["请写明为什么移出。"]
    assert refused(link, people.bob(), " ").code == "incomplete"
    link.refresh_from_db()
    assert link.removed_at is None


def test_reason_of_two_hundred_characters_fits_and_one_more_does_not(client, link):
    bob = people.bob()
    assert "reason" in post(client, bob, link, "字" * 201).context["form"].errors

    post(client, bob, link, "字" * 200)

    link.refresh_from_db()
    assert link.removed_because == "字" * 200


def test_database_wants_a_reason_and_one_standing_row(issue, link):
    with pytest.raises(IntegrityError), transaction.atomic():
        IssueOpinion.objects.filter(pk=link.pk).update(removed_at=factories.at("2018-09-10"))
    with pytest.raises(IntegrityError), transaction.atomic():
        issue.opinion_links.create(opinion=link.opinion)


# --- When not -----------------------------------------------------------------------------------------------


def test_last_words_stay_and_the_sentence_says_what_to_do_instead(client, issue, link):
    bob = people.bob()
    sorting.take_out(link, by=bob, reason=WHY)
    last = issue.opinion_links.standing().get()

    response = post(client, bob, last)

    assert response.status_code == 409
    assert "仅有的诉求" in text(response) and "撤回这件问题" in text(response)
    last.refresh_from_db()
    assert last.removed_at is None


@pytest.mark.parametrize("kind", ["void", "restricted"])
def test_words_that_are_void_or_restricted_do_not_keep_an_issue(issue, link, kind):
    other = issue.opinion_links.get(opinion__number="SQ1").opinion
    OpinionMark.objects.create(opinion=other, kind=kind, reason="更正")

    assert refused(link, people.bob()).code == "last"


@pytest.mark.parametrize(
    "state", ["accepted", "assigned", "in_progress", "waiting", "parked", "replied", "follow_up"]
)
def test_words_leave_an_issue_that_is_open(campaign, state):
    issue = an_issue(state, campaign=campaign)
    links = [issue.opinion_links.create(opinion=factories.opinion(campaign)) for _number in range(2)]

    sorting.take_out(links[0], by=people.bob(), reason=WHY)

    assert issue.opinion_links.standing().count() == 1


@pytest.mark.parametrize("state", ["closed", "not_accepted", "transferred", "merged", "withdrawn", "void"])
def test_words_stay_in_an_issue_that_is_done_with(client, campaign, state):
    issue = an_issue(state, campaign=campaign)
    links = [issue.opinion_links.create(opinion=factories.opinion(campaign)) for _number in range(2)]

    assert refused(links[0], people.bob()).code == "state"
    client.force_login(people.bob())
    assert "<textarea" not in client.get(url(links[0])).content.decode()
    assert url(links[0]) not in client.get(f"/issues/{issue.pk}/").content.decode()


def test_merged_issue_is_unmerged_first(campaign, issue, link):
    Issue.objects.filter(pk=issue.pk).update(state="merged", merged_into=factories.issue(campaign))

    assert "先撤销并案" in refused(link, people.bob()).message


def test_ended_campaign_keeps_its_words_where_they_are(client, campaign, link):
    type(campaign).objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED)

    assert refused(link, people.bob()).code == "forbidden"
    assert post(client, people.bob(), link).status_code == 409


def test_second_is_told_what_the_first_did(client, link):
    sorting.take_out(link, by=people.bob(), reason=WHY)
    second = people.person("campaign_office", factories.TOWN, "申十三")

    response = post(client, second, link, "另一个理由")

    assert response["Location"] == f"/issues/{link.issue_id}/"
    assert said(response) == [f"诉求 SQ2 已由鲍二柏从问题 WT1 移出（{WHY}），不必再办。"]
    link.refresh_from_db()
    assert link.removed_because == WHY


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_takes_out_and_the_other_is_told(link):
    people_at_once = [people.bob(), people.person("campaign_office", factories.TOWN, "申十三")]
    assert sorted(_at_once([link, link], people_at_once)) == ["done", "sorted"]


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_words_one_stays(issue):
    people_at_once = [people.bob(), people.person("campaign_office", factories.TOWN, "申十三")]
    assert sorted(_at_once(list(issue.opinion_links.all()), people_at_once)) == ["done", "last"]
    assert issue.opinion_links.standing().count() == 1


def _at_once(links, users):
    start = Barrier(len(links))

    def one(link, user):
        start.wait()
        try:
            sorting.take_out(link, by=user, reason=WHY)
            return "done"
        except ValidationError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        return list(pool.map(one, links, users))


# --- Who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stranger",
    [
        people.alice,
        people.charlie,
        people.clerk,
        people.leader,
        people.inspector,
        people.discipline,
        people.village_office,
        people.nobody,
        lambda: people.bob(OTHER_TOWN),
    ],
)
def test_nobody_else_finds_the_page(client, link, stranger):
    user = stranger()
    client.force_login(user)

    assert client.get(url(link)).status_code == 404
    assert post(client, user, link).status_code == 404
    refused(link, user)
    assert link.removed_at is None


def test_village_takes_words_out_of_what_its_own_village_solves(client, campaign):
    village, own = people.village_office(), factories.issue(campaign, level="village")
    links = [own.opinion_links.create(opinion=factories.opinion(campaign)) for _number in range(2)]

    assert url(links[0]) in page_of(client, village, own).content.decode()
    assert post(client, village, links[0]).status_code == 302
    assert own.opinion_links.standing().get() == links[1]


def test_village_takes_out_no_words_of_another_village(client, campaign):
    own = factories.issue(campaign, level="village")
    own.opinion_links.create(opinion=factories.opinion(campaign))
    link = own.opinion_links.create(opinion=factories.opinion(campaign, GRID_B1))

    assert post(client, people.village_office(), link).status_code == 404
    assert refused(link, people.village_office()).code == "unknown"


@pytest.mark.parametrize("what", ["words", "issue"])
def test_misconduct_is_taken_out_by_nobody(client, issue, link, what):
    if what == "words":
        restrict_opinions([link.opinion], by=None)
    else:
        Issue.objects.filter(pk=issue.pk).update(is_restricted=True)

    for person in (people.bob(), people.discipline()):
        assert post(client, person, link).status_code == 404
        refused(link, person)
    assert link.removed_at is None


# --- What everybody reads afterwards -------------------------------------------------------------------------


def page_of(client, user, issue):
    client.force_login(user)
    return client.get(f"/issues/{issue.pk}/")


def test_issue_s_page_offers_it_beside_each_of_several_words(client, issue, link):
    page = page_of(client, people.bob(), issue).content.decode()
    assert all(url(one) in page for one in issue.opinion_links.all())
    assert "take-out" not in page_of(client, people.leader(), issue).content.decode()

    sorting.take_out(link, by=people.bob(), reason=WHY)

    assert "take-out" not in page_of(client, people.bob(), issue).content.decode()


def test_history_tells_joinings_and_removals_among_the_steps(client, campaign, issue, link):
    bob = people.bob()
    issue.opinion_links.filter(opinion__number="SQ1").update(at=issue.registered_at)
    sorting.take_out(link, by=bob, reason=WHY)

    response = page_of(client, bob, issue)

    lines = [(line.move_label, reason) for line, reason, _details in response.context["history"]]
    assert lines == [("表格导入", ""), ("归入诉求", ""), ("移出诉求", WHY)]
    assert "桥头的路灯也不亮" not in response.content.decode()


def test_words_that_an_issue_began_with_are_no_line_of_its_history(client, campaign):
    bob = people.bob()
    issue = accept_issue(
        by=bob,
        campaign=campaign,
        title="路灯",
        category=factories.Category.objects.get(code="0704"),
        level="town",
        place=factories.place(GRID_A1),
        opinions=[factories.opinion(campaign)],
    )

    assert [row[0].move_label for row in page_of(client, bob, issue).context["history"]] == ["受理"]


def test_history_tells_a_stranger_to_the_words_nothing_about_them(client, campaign, issue):
    village = people.village_office()
    elsewhere = issue.opinion_links.create(opinion=factories.opinion(campaign, GRID_B1, number="SQ-B"))
    sorting.take_out(elsewhere, by=people.bob(), reason="是河东王家说的")

    page = page_of(client, village, issue).content.decode()

    assert "SQ2" in page
    assert "SQ-B" not in page and "河东王家" not in page


def test_who_heard_words_that_were_taken_out_loses_sight_of_the_issue(client, campaign, issue):
    charlie = people.charlie()
    heard = factories.opinion(campaign, GRID_B1, collector=charlie.cadre)
    link = issue.opinion_links.create(opinion=heard)
    assert page_of(client, charlie, issue).status_code == 200

    sorting.take_out(link, by=people.bob(), reason=WHY)

    assert page_of(client, charlie, issue).status_code == 404
    assert client.get("/issues/?lot=all").context["rows"] == []


def test_who_heard_them_may_ask_back_about_what_is_no_longer_his(campaign, issue, link):
    bob = people.bob()
    link.opinion = factories.opinion(campaign, collector=bob.cadre)
    link.save()
    assert is_handler_or_visitor(bob, issue)

    sorting.take_out(link, by=bob, reason=WHY)

    assert not is_handler_or_visitor(bob, issue)


def test_search_finds_an_issue_by_standing_words_alone(client, issue, link):
    bob = people.bob()
    client.force_login(bob)
    assert len(client.get("/issues/", {"q": "桥头"}).context["rows"]) == 1

    sorting.take_out(link, by=bob, reason=WHY)

    assert client.get("/issues/", {"q": "桥头"}).context["rows"] == []
    assert len(client.get("/issues/", {"q": "公园的"}).context["rows"]) == 1


def test_papers_hold_standing_words_alone(client, issue, link):
    bob = people.bob()
    sorting.take_out(link, by=bob, reason=WHY)
    client.force_login(bob)

    page = text(client.get(f"/issues/{issue.pk}/papers/case/"))

    assert "公园的路灯不亮" in page and "桥头的路灯也不亮" not in page
    assert f"移出诉求 SQ2（鲍二柏）；{WHY}" in page


def test_receipt_tells_that_the_matter_is_looked_at_anew_and_then_the_new_one(campaign, link):
    bob, receipt = people.bob(), receipt_for(link.opinion, by=None)
    sorting.take_out(link, by=bob, reason=WHY)
    assert [str(matter.sentence) for matter in standing_of(receipt).matters] == ["已登记，正在重新安排受理。"]

    other = factories.issue(campaign, state="in_progress", **factories.assigned(factories.department()))
    sorting.join_issue(link.opinion, other, by=bob)

    assert [str(matter.sentence) for matter in standing_of(receipt).matters] == ["承办单位正在办理。"]


def test_neighbours_of_new_words_point_to_no_former_issue(client, campaign, issue, link):
    bob = people.bob()
    sorting.take_out(link, by=bob, reason=WHY)
    fresh = factories.opinion(campaign, words_verbatim="桥头的路灯也不亮了")
    client.force_login(bob)

    groups = dict(client.get(f"/issues/triage/{fresh.pk}/").context["groups"])

    beside = {row.opinion.number: row.issue for row in groups["近似的话"]}
    assert beside["SQ2"] is None
    assert beside["SQ1"] == issue


def test_office_desk_shows_them_as_waiting_and_keeps_the_reason(client, issue, link):
    bob = people.bob()
    sorting.take_out(link, by=bob, reason=WHY)
    client.force_login(bob)

    rows = client.get("/admin/visits/opinion/", {"sorted": "no"}).context["cl"].result_list
    assert [row.number for row in rows] == ["SQ2"]
    for page in (address(Issue, "change", issue.pk), address(type(link.opinion), "change", link.opinion_id)):
        assert WHY in text(client.get(page))


def test_desk_of_an_issue_costs_the_same_for_any_number_of_joinings(client, campaign, issue):
    bob = people.bob()
    client.force_login(bob)
    client.get(address(Issue, "change", issue.pk))

    def cost(removals):
        for _removal in range(removals):
            link = issue.opinion_links.create(opinion=factories.opinion(campaign), by=people.bob())
            sorting.take_out(link, by=people.person("campaign_office", factories.TOWN), reason=WHY)
        return queries(client, address(Issue, "change", issue.pk)), queries(client, f"/issues/{issue.pk}/")

    assert cost(1) == cost(2)


def test_misconduct_found_later_restricts_the_words_that_stand(issue, link):
    bob = people.bob()
    sorting.take_out(link, by=bob, reason=WHY)

    correct_issue(issue, by=bob, category=factories.Category.objects.get(code="2001"))

    assert [mark.opinion.number for mark in OpinionMark.objects.filter(kind="restricted")] == ["SQ1"]
