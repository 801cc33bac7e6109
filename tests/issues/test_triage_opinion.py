"""One opinion on the triage desk: what is offered, what is shown beside it, and what a decision does."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection

from issues import sorting
from issues.enums import IssueState
from issues.models import Issue, IssueOpinion, OpinionNote, SuggestionAnswer
from tests import factories, people
from tests.desk import AUDIT_ROW
from tests.factories import at
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import Opinion, OpinionMark

OTHER_TOWN = "330411106"


@pytest.fixture
def campaign(db):
    return factories.campaign()


@pytest.fixture
def opinion(campaign):
    return factories.opinion(campaign, words_verbatim="花溪路一下雨就积水。鞋子都湿了", number="SQ1")


def address(opinion):
    return f"/issues/triage/{opinion.pk}/"


def decide(client, user, opinion, decision, **values):
    client.force_login(user)
    return client.post(address(opinion), {"decision": decision, **values})


def accept(client, user, opinion, **changes):
    values = {"title": "花溪路积水", "category": "0704", "level": "town", "urgency": "ordinary", **changes}
    return decide(client, user, opinion, "accept", **{f"accept-{name}": v for name, v in values.items()})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def linked(campaign, words, title, **fields):
    """An issue with the words that it came from."""
    issue = factories.issue(campaign, title=title, **fields)
    heard = factories.opinion(campaign, words_verbatim=words)
    IssueOpinion.objects.create(issue=issue, opinion=heard)
    return issue, heard


def shown(client, user, opinion):
    """{heading: [(words or title, issue's number, may join)]}."""
    client.force_login(user)
    return {
        heading: [
            (
                row.opinion.number if row.opinion else row.issue.title,
                row.issue and row.issue.number,
                row.can_join,
            )
            for row in rows
        ]
        for heading, rows in client.get(address(opinion)).context["groups"]
    }


# --- Accept -------------------------------------------------------------------------------------------------


def test_office_accepts_with_what_stands_there_and_gets_the_next_opinion(client, campaign, opinion):
    bob = people.bob()
    following = factories.opinion(campaign, heard_at=at("2018-09-01"))

    response = accept(client, bob, opinion)

    assert response.url == f"{address(following)}?lot=issue&order=new"
    issue = Issue.objects.get()
    assert (issue.title, issue.level, issue.place_id, issue.state) == (
        "花溪路积水",
        "town",
        GRID_A1,
        "accepted",
    )
    link = IssueOpinion.objects.get()
    assert (link.issue, link.opinion, link.by) == (issue, opinion, bob)


def test_form_begins_with_first_sentence_usual_level_and_nearest_category(client, campaign, opinion):
    linked(campaign, "花溪路下雨积水，鞋子湿了", "积水", category_code="0704")
    client.force_login(people.bob())

    form = client.get(address(opinion)).context["forms"]["accept"]

    assert (form["title"].value(), form["level"].value()) == ("花溪路一下雨就积水", "town")
    assert (form["category"].value(), form["urgency"].value()) == ("0704", "ordinary")


def test_long_sentence_is_shortened_for_the_title(client, campaign):
    opinion = factories.opinion(campaign, words_verbatim="水" * 80, nature="question")
    client.force_login(people.bob())

    form = client.get(address(opinion)).context["forms"]["accept"]

    assert form["title"].value() == "水" * 29 + "…"
    assert (form["category"].value(), form["urgency"].value()) == (None, "question")


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"category": ""}, {"category": "0000"}, {"level": "moon"}, {"urgency": ""}]
)
def test_incomplete_acceptance_is_asked_again_and_writes_nothing(client, opinion, changes):
    response = accept(client, people.bob(), opinion, **changes)

    assert response.status_code == 200
    assert list(response.context["forms"]["accept"].errors) == list(changes)
    assert Issue.objects.count() == 0


def test_village_accepts_what_its_own_village_can_solve_and_nothing_higher(client, opinion):
    village = people.village_office()

    assert accept(client, village, opinion, level="town").status_code == 200
    assert Issue.objects.count() == 0
    assert accept(client, village, opinion, level="village").status_code == 302
    assert Issue.objects.get().level == "village"


def test_misconduct_category_restricts_issue_and_words_at_once(client, opinion):
    bob = people.bob()

    response = accept(client, bob, opinion, category="20")

    assert said(response) == ["诉求 SQ1 已转纪检，此后只有纪检可以查看。"]
    assert Issue.objects.get().is_restricted is True
    assert client.get(address(opinion)).status_code == 404


def test_last_decision_leads_back_to_the_empty_list(client, opinion):
    response = accept(client, people.bob(), opinion)

    assert response.url == "/issues/triage/?lot=issue&order=new"


def test_order_by_grid_is_kept_from_one_opinion_to_the_next(client, campaign, opinion):
    factories.opinion(campaign, GRID_B1, heard_at=at("2018-09-03 19:00"))
    same_grid = factories.opinion(campaign, heard_at=at("2018-09-01"))
    client.force_login(people.bob())

    page = client.get(address(opinion), {"order": "grid"})

    assert page.context["next_address"] == f"{address(same_grid)}?lot=issue&order=grid"


# --- Join ---------------------------------------------------------------------------------------------------


def test_words_join_an_issue_that_exists(client, campaign, opinion):
    bob = people.bob()
    issue, first = linked(campaign, "路面积水", "花溪路积水")

    response = decide(client, bob, opinion, "join", issue=issue.pk)

    assert response.status_code == 302
    assert [(link.opinion, link.position) for link in issue.opinion_links.all()] == [(first, 0), (opinion, 1)]
    assert issue.opinion_links.last().by == bob
    assert (Issue.objects.count(), issue.steps.count()) == (1, 1)


@pytest.mark.parametrize(
    "state",
    [IssueState.CLOSED, IssueState.MERGED, IssueState.WITHDRAWN, IssueState.NOT_ACCEPTED, IssueState.VOID],
)
def test_words_do_not_join_what_nobody_works_on(client, campaign, opinion, state):
    fields = {"replied_at": at("2018-09-08"), "closed_at": at("2018-09-09"), "outcome": "substantive"}
    fields |= factories.assigned(factories.department())
    issue = factories.issue(campaign, state=state, **(fields if state == IssueState.CLOSED else {}))

    response = decide(client, people.bob(), opinion, "join", issue=issue.pk)

    assert response.status_code == 200
    assert "不能再归入" in said(response)[0]
    assert issue.opinion_links.count() == 0


def test_words_do_not_join_an_issue_of_another_campaign(client, campaign, opinion):
    issue = factories.issue(factories.campaign("other"))

    response = decide(client, people.bob(), opinion, "join", issue=issue.pk)

    assert "不能归入" in said(response)[0]
    assert issue.opinion_links.count() == 0


@pytest.mark.parametrize("pk", ["restricted", "elsewhere", "999999", "x", ""])
def test_issue_that_one_may_not_see_is_not_found(client, campaign, opinion, pk):
    hidden = {
        "restricted": factories.issue(campaign, is_restricted=True, category_code="20"),
        "elsewhere": factories.issue(campaign, OTHER_TOWN),
    }
    target = hidden[pk].pk if pk in hidden else pk

    response = decide(client, people.bob(), opinion, "join", issue=target)

    assert response.status_code == 404
    assert IssueOpinion.objects.count() == 0


def test_discipline_in_the_office_joins_no_words_to_a_restricted_issue(campaign, opinion):
    bob = people.bob()
    factories.posting(bob.cadre, "discipline", factories.TOWN)
    issue = factories.issue(campaign, is_restricted=True, category_code="20")

    with pytest.raises(ValidationError, match="没有这件问题"):
        sorting.join_issue(opinion, issue, by=bob)


def test_village_joins_only_issues_of_its_own_level(client, campaign, opinion):
    village = people.village_office()
    town = factories.issue(campaign, title="积水")
    own = factories.issue(campaign, title="积水", level="village")

    assert "不能归入" in said(decide(client, village, opinion, "join", issue=town.pk))[0]
    assert decide(client, village, opinion, "join", issue=own.pk).status_code == 302
    assert list(opinion.issue_links.values_list("issue", flat=True)) == [own.pk]


@pytest.mark.parametrize("nature", ["suggestion", "praise"])
def test_suggestion_and_praise_join_no_issue(client, campaign, nature):
    opinion = factories.opinion(campaign, nature=nature)
    issue = factories.issue(campaign)

    response = decide(client, people.bob(), opinion, "join", issue=issue.pk)

    assert "不能归入" in said(response)[0]
    assert issue.opinion_links.count() == 0


# --- Answer and note ----------------------------------------------------------------------------------------


def test_nature_decides_what_is_offered(client, campaign):
    client.force_login(people.bob())
    offered = {
        nature: list(client.get(address(factories.opinion(campaign, nature=nature))).context["forms"])
        for nature in ("problem", "question", "request", "complaint", "suggestion", "praise")
    }

    assert offered == {
        "problem": ["accept"],
        "question": ["accept", "note"],
        "request": ["accept"],
        "complaint": ["accept"],
        "suggestion": ["answer"],
        "praise": ["note"],
    }


def test_suggestion_is_answered(client, campaign):
    bob, opinion = people.bob(), factories.opinion(campaign, nature="suggestion")

    response = decide(client, bob, opinion, "answer", **{"answer-answer": "adopted", "answer-reason": "好"})

    assert response.url == "/issues/triage/?lot=suggestion&order=new"
    answer = SuggestionAnswer.objects.get()
    assert (answer.opinion, answer.answer, answer.reason, answer.by) == (opinion, "adopted", "好", bob)


def test_praise_is_noted_without_a_word(client, campaign):
    bob, opinion = people.bob(), factories.opinion(campaign, nature="praise")

    decide(client, bob, opinion, "note")

    note = OpinionNote.objects.get()
    assert (note.opinion, note.text, note.by) == (opinion, "", bob)


def test_question_is_noted_only_with_its_answer(client, campaign):
    bob, opinion = people.bob(), factories.opinion(campaign, nature="question")

    refused = decide(client, bob, opinion, "note", **{"note-text": "  "})
    assert list(refused.context["forms"]["note"].errors) == ["text"]
    assert OpinionNote.objects.count() == 0
    decide(client, bob, opinion, "note", **{"note-text": "已说明异地报销办法"})
    assert OpinionNote.objects.get().text == "已说明异地报销办法"


@pytest.mark.parametrize(
    ("nature", "decision"),
    [("problem", "note"), ("problem", "answer"), ("praise", "accept"), ("problem", "x"), ("problem", "")],
)
def test_decision_that_the_nature_does_not_allow_is_not_found(client, campaign, nature, decision):
    opinion = factories.opinion(campaign, nature=nature)

    assert decide(client, people.bob(), opinion, decision).status_code == 404


def test_problem_is_not_noted_by_the_service_either(campaign, opinion):
    with pytest.raises(ValidationError, match="只有表扬"):
        sorting.note_opinion(opinion, by=people.bob(), text="知道了")
    question = factories.opinion(campaign, nature="question")
    with pytest.raises(ValidationError, match="怎样答复"):
        sorting.note_opinion(question, by=people.bob(), text=" ")


# --- Strangers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stranger", "status"),
    [
        (lambda: people.bob(OTHER_TOWN), 404),
        (people.other_village_office, 404),
        (people.alice, 403),
        (people.clerk, 403),
        (people.discipline, 403),
        (people.leader, 403),
        (people.nobody, 403),
    ],
)
def test_stranger_neither_reads_nor_sorts_the_words(client, campaign, opinion, stranger, status):
    factories.place(OTHER_TOWN)
    user, issue = stranger(), factories.issue(campaign)
    client.force_login(user)

    page = client.get(address(opinion))

    assert (page.status_code, "鞋子" in page.content.decode()) == (status, False)
    assert accept(client, user, opinion).status_code == status
    assert decide(client, user, opinion, "join", issue=issue.pk).status_code == status
    assert (Issue.objects.count(), IssueOpinion.objects.count()) == (1, 0)
    with pytest.raises(ValidationError, match="不归您分拣"):
        sorting.join_issue(opinion, issue, by=user)


@pytest.mark.parametrize("person", [people.bob, people.village_office])
def test_report_is_not_found_at_the_desk(client, campaign, person):
    report = factories.opinion(campaign, nature="report", restricted=True)
    client.force_login(person())

    assert client.get(address(report)).status_code == 404


def test_suggestion_is_not_found_at_a_village_desk(client, campaign):
    suggestion = factories.opinion(campaign, nature="suggestion")
    client.force_login(people.village_office())

    assert client.get(address(suggestion)).status_code == 404


# --- Two clerks ---------------------------------------------------------------------------------------------


def test_second_clerk_is_told_who_sorted_it_and_goes_on(client, campaign, opinion):
    following = factories.opinion(campaign, heard_at=at("2018-09-01"))
    accept(client, people.bob(), opinion)

    response = accept(client, people.bob(), opinion, title="又一件")

    number = Issue.objects.get().number
    assert said(response)[-1:] == [f"诉求 SQ1 已由鲍二柏归入问题“{number} 花溪路积水”，不必再办。"]
    assert response.url == f"{address(following)}?lot=issue&order=new"


def test_opening_sorted_words_says_so_and_goes_on(client, campaign):
    bob, opinion = people.bob(), factories.opinion(campaign, nature="praise", number="SQ9")
    sorting.note_opinion(opinion, by=bob)
    client.force_login(bob)

    response = client.get(address(opinion))

    assert response.status_code == 302
    assert said(response) == ["诉求 SQ9 已由鲍二柏办理（诉求留存），不必再办。"]


def test_void_words_are_refused_kindly(client, opinion):
    bob = people.bob()
    OpinionMark.objects.create(opinion=opinion, kind="void", reason="重复")

    response = accept(client, bob, opinion)

    assert "已经作废或更正" in said(response)[0]
    assert Issue.objects.count() == 0


def test_sorted_into_an_issue_out_of_sight_is_told_without_naming_it(client, campaign, opinion):
    issue = factories.issue(campaign, OTHER_TOWN, title="别镇的事")
    IssueOpinion.objects.create(issue=issue, opinion=opinion)

    response = accept(client, people.bob(), opinion)

    assert said(response) == ["诉求 SQ1 已经有人处理，不必再办。"]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_one_opinion_make_one_issue():
    campaign = factories.campaign()
    opinion, clerks = factories.opinion(campaign, number="SQ1"), [people.bob(), people.bob()]
    category = factories.Category.objects.get(code="0704")
    start = Barrier(2)

    def sort(clerk):
        start.wait()
        try:
            sorting.accept_opinion(
                opinion, by=clerk, title="积水", category=category, level="town", urgency="ordinary"
            )
        except ValidationError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(sort, clerks))

    assert outcomes == ["done", "sorted"]
    assert (Issue.objects.count(), IssueOpinion.objects.count()) == (1, 1)


# --- Beside the words ---------------------------------------------------------------------------------------


def test_similar_words_are_shown_with_their_issue_and_a_button(client, campaign, opinion):
    issue, alike = linked(campaign, "花溪路下雨天积水，鞋子湿透", "路面积水")
    linked(campaign, "广场舞音响太吵，孩子写不了作业", "噪声")

    groups = shown(client, people.bob(), opinion)

    assert groups["近似的话"] == [(alike.number, issue.number, True)]


def test_similar_title_is_shown_without_words(client, campaign, opinion):
    issue = factories.issue(campaign, GRID_B1, title="花溪路下雨积水")
    factories.issue(campaign, GRID_B1, title="公交车班次太少")

    assert shown(client, people.bob(), opinion) == {
        "标题近似的问题": [("花溪路下雨积水", issue.number, True)]
    }


def test_household_and_grid_are_shown_without_repeating(client, campaign):
    entry = factories.household()
    opinion = factories.opinion(campaign, entry=entry, words_verbatim="路灯不亮")
    home = factories.opinion(campaign, entry=entry, words_verbatim="鸡鸭扰民太吵了", number="home")
    near = factories.opinion(campaign, words_verbatim="想装一个充电桩", number="near")
    factories.opinion(campaign, nature="request", words_verbatim="老人没人照顾", number="other nature")
    factories.opinion(campaign, GRID_B1, words_verbatim="河水发臭", number="other grid")

    assert shown(client, people.bob(), opinion) == {
        "同一住户": [(home.number, None, False)],
        "同一地方、同一性质": [(near.number, None, False)],
    }


def test_earlier_version_of_the_words_shows_its_issue(client, campaign):
    issue, former = linked(campaign, "路灯坏", "路灯")
    OpinionMark.objects.create(opinion=former, kind="void", reason="更正")
    opinion = factories.opinion(campaign, words_verbatim="路口第二盏灯不亮", corrects=former)

    assert shown(client, people.bob(), opinion)["更正前的原话"] == [("路灯", issue.number, True)]


@pytest.mark.parametrize(("heard", "found"), [("2018-06-11 19:40", True), ("2018-06-11 19:39", False)])
def test_twelve_weeks_back_are_looked_at(client, campaign, opinion, heard, found):
    factories.opinion(campaign, words_verbatim=opinion.words_verbatim, heard_at=at(heard))

    assert ("近似的话" in shown(client, people.bob(), opinion)) is found


def test_beside_the_words_stands_nothing_that_one_may_not_see(client, campaign, opinion):
    words = opinion.words_verbatim
    factories.opinion(campaign, nature="report", restricted=True, words_verbatim=words)
    factories.opinion(campaign, GRID_B1, words_verbatim=words)
    factories.opinion(factories.campaign("other"), words_verbatim=words)
    void = factories.opinion(campaign, words_verbatim=words)
    OpinionMark.objects.create(opinion=void, kind="void", reason="重复")
    factories.issue(campaign, is_restricted=True, category_code="20", title=words)
    factories.issue(campaign, GRID_B1, title=words)

    village = people.village_office()
    factories.posting(village.cadre, "discipline", factories.TOWN)

    assert shown(client, village, opinion) == {}


def test_closed_issue_is_shown_without_a_button(client, campaign, opinion):
    issue, heard = linked(
        campaign,
        opinion.words_verbatim,
        "x",
        state=IssueState.CLOSED,
        replied_at=at("2018-09-08"),
        closed_at=at("2018-09-09"),
        outcome="substantive",
        **factories.assigned(factories.department()),
    )

    assert shown(client, people.bob(), opinion)["近似的话"] == [(heard.number, issue.number, False)]


def test_each_button_has_a_key_of_its_own(client, campaign, opinion):
    for words in ("花溪路下雨天积水鞋子湿", "花溪路一下雨就积水"):
        linked(campaign, words, words)
    client.force_login(people.bob())

    keys = re.findall(r'accesskey="(.)"', client.get(address(opinion)).content.decode())

    assert sorted(keys) == ["1", "2", "a", "x"]


@pytest.mark.parametrize("rows", [1, 3])
def test_triage_opinion_needs_the_same_queries_for_any_number_of_neighbours(
    client, campaign, rows, django_assert_max_num_queries
):
    entry = factories.household()
    opinion = factories.opinion(campaign, entry=entry, words_verbatim="花溪路积水")
    for n in range(rows):
        issue, _heard = linked(campaign, f"花溪路积水{n}", f"花溪路积水{n}")
        home = factories.opinion(campaign, entry=entry, words_verbatim="花溪路积水了")
        IssueOpinion.objects.create(issue=issue, opinion=home)
        factories.issue(campaign, title=f"花溪路积水，第{n}处")
    client.force_login(people.bob())

    with django_assert_max_num_queries(18 + AUDIT_ROW):
        groups = dict(client.get(address(opinion)).context["groups"])
    assert len(groups["同一住户"]) == rows
    assert Opinion.objects.count() == 1 + 2 * rows
