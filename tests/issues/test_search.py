"""The index of character pairs: whatever the plain condition finds, the search finds, through every door."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from canvass.roles import Role
from grids.models import User
from issues import search_index, services, sorting
from issues.models import Category, Issue, IssueOpinion
from issues.search import MOST_CANDIDATES, matches, search
from reports.loading import load
from tests import factories, people
from tests.workbooks import GRID_A1, sample, workbook
from visits.models import OpinionMark

# Few letters, so that words meet; both cases, signs, blanks, full-width forms, beyond the basic plane, folding.
LETTERS = "路灯坏aAbB1，。 %_'\"\\*-🚲𠮷ßſİＡ"
words = st.text(LETTERS, min_size=1, max_size=6)
texts = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip)


def reader():
    """The campaign office of the town: reads all words that anybody but discipline may read."""
    office = User.objects.filter(cadre__postings__role=Role.CAMPAIGN_OFFICE).first()
    return office or people.bob()


def found(said):
    return set(search(Issue.objects.all(), said, reader())[0])


def plainly(said):
    return set(Issue.objects.filter(matches(said, reader())))


@pytest.fixture
def campaign(db):
    return factories.campaign()


def say(issue, text):
    opinion = factories.opinion(issue.campaign, GRID_A1, words_verbatim=text)
    IssueOpinion.objects.create(issue=issue, opinion=opinion)
    return opinion


@given(titles=st.lists(texts, min_size=1, max_size=4), said=st.lists(texts, max_size=4), asked=words)
def test_search_finds_what_the_plain_condition_finds(campaign, titles, said, asked):
    issues = [factories.issue(campaign, title=title) for title in titles]
    for number, text in enumerate(said):
        say(issues[number % len(issues)], text)

    assert found(asked) == plainly(asked)
    # Every piece of what was written leads to it.
    for text in (*titles, *said):
        assert found(text[1:5]) == plainly(text[1:5])


def test_every_door_that_changes_words_keeps_the_index(campaign):
    office = people.bob()
    first = factories.opinion(campaign, GRID_A1, words_verbatim="窨井盖翻了")
    second = factories.opinion(campaign, GRID_A1, words_verbatim="夜里摔过人")
    issue = services.accept_issue(
        by=office,
        campaign=campaign,
        title="巷口不平",
        category=Category.objects.get(code="05"),
        level="town",
        place=factories.place(GRID_A1),
        opinions=[first],
    )
    assert found("窨井") == found("巷口") == {issue}
    assert found("摔过") == set()

    sorting.join_issue(second, issue, by=office)
    assert found("摔过") == {issue}

    services.correct_issue(issue, by=office, title="桥头不平")
    assert (found("巷口"), found("桥头")) == (set(), {issue})

    OpinionMark.objects.create(opinion=first, kind=OpinionMark.Kind.VOID, reason="误录")
    services.restrict_opinions([second], by=office)
    assert (found("窨井"), found("摔过")) == (set(), set())


def test_words_taken_out_are_found_no_more(campaign):
    issue = factories.issue(campaign)
    say(issue, "窨井盖翻了")
    assert found("窨井") == {issue}

    issue.opinion_links.update(removed_at=issue.registered_at, removed_because="归错")

    assert found("窨井") == set()


def test_a_workbook_fills_the_index(db):
    assert load(workbook(sample())).ok
    opinions = {link.opinion.words_verbatim[:4] for link in IssueOpinion.objects.select_related("opinion")}
    pieces = {issue.title[:4] for issue in Issue.objects.all()} | opinions

    assert pieces
    for piece in pieces:
        assert found(piece) == plainly(piece) != set()


def test_rows_from_before_the_index_are_added_to_it(campaign):
    issue = factories.issue(campaign, title="窨井盖翻了")
    say(issue, "夜里摔过人")
    connection.check_constraints()  # PostgreSQL alters no table that still has checks to come
    with connection.cursor() as cursor:
        for table in search_index.TEXTS:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TABLE {table}_pairs")
            else:
                cursor.execute(f"DROP INDEX {table}_pairs")

    search_index.build("default")
    search_index.build("default")  # safe to repeat

    assert found("窨井") == found("摔过") == {issue}


def test_common_words_are_found_without_a_list_of_candidates(campaign, monkeypatch):
    monkeypatch.setattr("issues.search.MOST_CANDIDATES", 1)
    issues = {factories.issue(campaign, title="路灯坏了") for _number in range(3)}

    rows, is_few = search(Issue.objects.all(), "路灯", reader())

    assert set(rows) == issues
    assert not is_few
    assert MOST_CANDIDATES > 1


def test_names_of_place_department_and_category_lead_to_the_issue(campaign):
    village = factories.place(GRID_A1)
    lead = factories.department("镇水利站")
    issue = factories.issue(campaign, GRID_A1, state="assigned", **factories.assigned(lead))
    factories.issue(campaign)

    assert issue in found(village.name)
    assert found("水利") == {issue}
    assert found(issue.category.name) == plainly(issue.category.name) != set()


def test_two_characters_are_answered_by_the_index(campaign):
    sql, parameters = search_index.rows_by_words("窨井", connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
        cursor.execute(explain + sql, parameters)
        told = " ".join(str(row) for row in cursor.fetchall())

    assert "visits_opinion_pairs" in told


def test_first_page_of_the_office_is_read_in_its_order(campaign):
    """Nothing is sorted: the index of the order is read from its end until a page is full."""
    rows = Issue.objects.visible_to(people.bob()).exclude(state="closed").values_list("pk")[:31]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")

    told = rows.explain()

    assert "issues_issu_registe" in told
    assert "TEMP B-TREE" not in told
    assert "Sort" not in told
