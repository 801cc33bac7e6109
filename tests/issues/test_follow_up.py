"""/issues/follow-up/: what waits for somebody to ask, to look again or to decide."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from canvass.roles import Role
from issues.enums import IssueState
from issues.models import FollowUp, Issue
from issues.permissions import can_move_issue
from issues.workflow import MOVES
from tests import factories, people
from tests.visits.forms import statements
from tests.workbooks import GRID_B1, TOWN, VILLAGE_A

from .asking import ASKING, DAY, IN_LOT, found_unsolved, heard_by, requested
from .moving import TODAY, an_issue, make

pytestmark = pytest.mark.django_db
ADDRESS = "/issues/follow-up/"


@pytest.fixture
def campaign():
    return factories.campaign()


def page(client, user, lot="", **query):
    client.force_login(type(user).objects.get(pk=user.pk))
    return client.get(ADDRESS, {**({"lot": lot} if lot else {}), **query})


def listed(client, user, lot):
    return [row.issue for row in page(client, user, lot).context["rows"]]


def counts(client, user):
    return {lot.key: count for lot, count in page(client, user).context["lots"]}


# --- In and out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lot", IN_LOT)
def test_lot_lists_and_counts_its_own_and_no_other_lot_does(client, campaign, lot):
    issue, bob = IN_LOT[lot](campaign=campaign), people.bob()

    assert listed(client, bob, lot) == [issue]
    others = {key: count for key, count in counts(client, bob).items() if key != lot}
    assert (counts(client, bob)[lot], set(others.values())) == (1, {0})


@pytest.mark.parametrize("lot", IN_LOT)
def test_other_town_restricted_and_ended_campaign_stay_out(client, campaign, lot):
    IN_LOT[lot](campaign=campaign, is_restricted=True, category_code="20")
    IN_LOT[lot](campaign=factories.campaign("ended", state="closed"))
    there = IN_LOT[lot](campaign=factories.campaign("there", area="330411106"), code="330411106201")

    assert listed(client, people.bob(), lot) == []
    assert counts(client, people.bob())[lot] == 0
    assert listed(client, people.bob("330411106"), lot) == [there]


@pytest.mark.parametrize(
    "person",
    [people.alice, people.village_office, people.clerk, people.inspector, people.discipline, people.nobody],
)
def test_others_have_no_such_page(client, campaign, person):
    issue = IN_LOT["ask"](campaign=campaign)
    answer = page(client, person())

    assert answer.status_code == 403
    assert issue.number not in answer.text


def test_unknown_lot_and_one_of_the_office_are_not_found(client, campaign):
    assert page(client, people.bob(), "nothing").status_code == 404
    assert page(client, people.leader(), "ask").status_code == 404


def test_office_of_a_village_reads_its_own(client, campaign):
    own = IN_LOT["ask"](campaign=campaign)
    IN_LOT["ask"](campaign=campaign, code=GRID_B1)

    assert listed(client, people.bob(VILLAGE_A), "ask") == [own]


@pytest.mark.parametrize(
    ("lot", "state", "fields", "is_in"),
    [
        ("look_back", "closed", {"outcome": "phased", "review_on": TODAY + DAY}, False),
        ("look_back", "closed", {"outcome": "phased", "review_on": TODAY - DAY}, True),
        ("look_back", "closed", {"outcome": "phased", "review_on": None}, False),
        ("look_back", "closed", {"outcome": "substantive", "review_on": TODAY}, False),
        ("review", "waiting", {"review_on": TODAY}, False),
        ("review", "waiting", {"review_on": TODAY - DAY}, True),
        ("review", "parked", {"review_on": TODAY}, True),
        ("review", "parked", {"review_on": TODAY + DAY}, False),
        ("review", "parked", {"review_on": None}, True),
        ("review", "waiting", {"review_on": None}, True),
        ("second", "closed", {"second_check_on": TODAY}, True),
        ("second", "closed", {"second_check_on": TODAY + DAY}, False),
        ("second", "in_progress", {"second_check_on": TODAY}, False),
        ("check", "in_progress", {}, False),
        ("ask", "closed", {}, False),
    ],
)
def test_day_and_state_decide(client, campaign, lot, state, fields, is_in):
    issue = an_issue(state, campaign=campaign, **fields)

    assert listed(client, people.bob(), lot) == ([issue] if is_in else [])


@pytest.mark.parametrize(
    ("lot", "column"),
    [
        ("check", "state_since"),
        ("ask", "state_since"),
        ("look_back", "review_on"),
        ("review", "review_on"),
        ("second", "second_check_on"),
    ],
)
def test_who_waits_longest_comes_first(client, campaign, lot, column):
    short, long = IN_LOT[lot](campaign=campaign), IN_LOT[lot](campaign=campaign)
    Issue.objects.filter(pk=long.pk).update(**{column: getattr(long, column) - DAY})

    assert listed(client, people.bob(), lot) == [long, short]


def test_who_said_first_that_it_is_not_solved_comes_first(client, campaign):
    short, long = found_unsolved(campaign=campaign), found_unsolved(campaign=campaign)
    FollowUp.objects.create(issue=short, result="not_solved")

    assert listed(client, people.bob(), "reopen") == [long, short]


def test_pages_are_small_and_hold_everything_once(client, campaign):
    issues = {IN_LOT["check"](campaign=campaign) for _n in range(21)}
    bob = people.bob()

    first, second = page(client, bob, "check"), page(client, bob, "check", page=2)

    rows = [row.issue for answer in (first, second) for row in answer.context["rows"]]
    assert (len(first.context["rows"]), len(rows), set(rows)) == (20, 21, issues)


# --- Somebody else has to ask -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lot", ASKING)
@pytest.mark.parametrize("how", ["handler", "collector", "visitor", "merged words"])
def test_own_matters_are_left_to_colleagues_and_counted(client, campaign, lot, how):
    issue, other, bob = IN_LOT[lot](campaign=campaign), IN_LOT[lot](campaign=campaign), people.bob()
    Issue.objects.filter(pk=other.pk).update(lead_department=factories.department("镇农办"))
    if how == "handler":
        factories.posting(bob.cadre, Role.UNIT_CLERK, department=issue.lead_department)
    elif how == "collector":
        heard_by(issue, bob.cadre)
    elif how == "visitor":
        visit = factories.visit(campaign, factories.household(), by=[bob.cadre])
        heard_by(issue, None, visit=visit)
    else:
        heard_by(an_issue(IssueState.MERGED, campaign=campaign, merged_into=issue), bob.cadre)

    answer = page(client, bob, lot)

    assert [row.issue for row in answer.context["rows"]] == [other]
    assert (answer.context["left"], counts(client, bob)[lot]) == (1, 1)
    assert "1 件由您经手或走访，须由他人回访" in answer.text
    assert len(listed(client, people.bob(), lot)) == 2


def test_words_taken_out_leave_no_first_visitor(client, campaign):
    issue, bob = IN_LOT["ask"](campaign=campaign), people.bob()
    heard_by(issue, bob.cadre)
    issue.opinion_links.update(removed_at=timezone.now(), removed_because="不是同一件事")

    assert listed(client, bob, "ask") == [issue]


def test_second_check_is_not_for_whoever_closed_it_and_no_page_tells_them(client, campaign):
    campaign.second_check_percent = 100
    campaign.save()
    closer, colleague = people.bob(), people.bob()
    issue = make(an_issue(IssueState.FOLLOW_UP, campaign=campaign), "close", closer)
    Issue.objects.update(second_check_on=TODAY)

    answer = page(client, closer, "second")

    assert (answer.context["rows"], answer.context["left"], counts(client, closer)["second"]) == ([], 0, 0)
    assert [move.name for move in client.get(f"/issues/{issue.pk}/").context["moves"]] == [
        "reopen",
        "ask_void",
    ]
    assert client.get(f"/issues/{issue.pk}/move/second_check/").status_code == 404
    assert listed(client, colleague, "second") == [issue]


# --- What a row says --------------------------------------------------------------------------------------------


def row_of(client, user, lot):
    (row,) = page(client, user, lot).context["rows"]
    return row


def names(row):
    return [move.name for move in row.moves]


def test_row_tells_tries_since_the_reply_and_voices_that_were_asked(client, campaign):
    replied = timezone.now() - 3 * DAY
    issue, bob = an_issue(IssueState.FOLLOW_UP, campaign=campaign, replied_at=replied), people.bob()
    merged = an_issue(IssueState.MERGED, campaign=campaign, merged_into=issue)
    first, second, third = heard_by(issue, None), heard_by(issue, None), heard_by(merged, None)
    heard_by(issue, None, restricted=True)
    for at, result, opinion in [
        (replied - DAY, "not_reached", first),
        (replied - DAY, "solved", second),
        (replied + DAY, "not_reached", first),
        (replied + 2 * DAY, "not_reached", None),
        (replied + 2 * DAY, "solved", third),
    ]:
        FollowUp.objects.create(issue=issue, at=at, result=result, opinion=opinion)

    row = row_of(client, bob, "ask")

    assert (row.tries, row.last_try, row.voices, row.asked) == (2, replied + 2 * DAY, 3, 1)
    assert names(row) == ["heard", "close", "not_reached", "rework"]
    text = page(client, bob, "ask").text
    assert "未联系上 2 次" in text
    assert "3 条诉求，已问 1 条" in text


def test_third_try_offers_the_procedural_closing_until_it_is_asked(client, campaign):
    issue, bob = an_issue(IssueState.FOLLOW_UP, campaign=campaign), people.bob()
    for _try in range(3):
        issue = make(issue, "not_reached", bob)
    assert "ask_procedural" in names(row_of(client, bob, "ask"))

    make(issue, "ask_procedural", bob)

    row = row_of(client, bob, "ask")
    assert "ask_procedural" not in names(row)
    assert [step.move for step in row.requests] == ["ask_procedural"]


@pytest.mark.parametrize("lot", IN_LOT)
def test_every_button_of_a_row_is_a_move_that_this_person_may_make(client, campaign, lot):
    issue, bob = IN_LOT[lot](campaign=campaign), people.bob()
    if lot == "pending":
        requested("ask_void", campaign=campaign)

    for row in page(client, bob, lot).context["rows"]:
        assert names(row) != []
        assert all(can_move_issue(bob, row.issue, move) for move in row.moves)
        assert all(row.issue.state in MOVES[name].sources for name in names(row))
    assert client.get(f"/issues/{issue.pk}/?lot={lot}").status_code == 200


# --- Requests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_name", "person", "buttons"),
    [
        ("ask_extension", people.bob, ["extend", "refuse_extension"]),
        ("ask_void", people.bob, ["void"]),
        ("ask_parking", people.leader, ["park", "refuse_parking"]),
        ("ask_procedural", people.leader, ["close_procedural", "refuse_procedural"]),
    ],
)
def test_request_waits_for_whoever_settles_it(client, campaign, request_name, person, buttons):
    issue, one = requested(request_name, campaign=campaign), person()
    other = people.leader() if person is people.bob else people.bob()

    row = row_of(client, one, "pending")

    assert (row.issue, names(row)) == (issue, buttons)
    assert "材料没有到" in page(client, one, "pending").text
    assert listed(client, other, "pending") == []


def test_own_request_and_a_settled_one_do_not_wait(client, campaign):
    bob = people.bob()
    requested("ask_void", by=bob, campaign=campaign)
    make(requested("ask_extension", campaign=campaign), "refuse_extension", people.bob())
    overtaken = requested("ask_extension", campaign=campaign)
    make(overtaken, "wait")

    assert listed(client, bob, "pending") == []


def test_leader_who_handles_the_matter_may_refuse_but_not_close(client, campaign):
    issue, leader = requested("ask_procedural", campaign=campaign), people.leader()
    heard_by(issue, leader.cadre)

    assert names(row_of(client, leader, "pending")) == ["refuse_procedural"]


# --- After the closing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["keep_closed", "reopen", "solved"])
def test_not_solved_waits_until_somebody_decides(client, campaign, ending):
    issue, bob = found_unsolved(campaign=campaign), people.bob()
    assert names(row_of(client, bob, "reopen")) == ["reopen", "keep_closed"]

    if ending == "solved":
        FollowUp.objects.create(issue=issue, result="solved")
    else:
        make(issue, ending, bob, reason="部件月底到货，已告知群众")

    assert listed(client, bob, "reopen") == []


def test_look_back_that_found_it_unsolved_waits_in_one_lot_only(client, campaign):
    issue, bob = IN_LOT["look_back"](campaign=campaign), people.bob()

    issue = make(issue, "look_back", bob, result="not_solved", satisfaction="dissatisfied")
    assert (counts(client, bob)["look_back"], counts(client, bob)["reopen"]) == (0, 1)
    make(issue, "keep_closed", bob)

    assert (counts(client, bob)["look_back"], counts(client, bob)["reopen"]) == (1, 0)


def test_asked_before_the_closing_is_no_reason_to_reopen(client, campaign):
    issue = an_issue(IssueState.CLOSED, campaign=campaign)
    FollowUp.objects.create(issue=issue, result="not_solved", at=issue.closed_at)

    assert listed(client, people.bob(), "reopen") == []


def test_too_late_to_reopen_offers_a_new_issue(client, campaign):
    issue = found_unsolved(campaign=campaign)
    long_ago = timezone.now() - timedelta(days=91)
    Issue.objects.update(closed_at=long_ago, replied_at=long_ago)

    answer = page(client, people.bob(), "reopen")

    assert names(answer.context["rows"][0]) == ["keep_closed"]
    assert f'href="/issues/{issue.pk}/continue/"' in answer.text


# --- Ways in and out, and the cost -------------------------------------------------------------------------------


def test_ledger_and_triage_lead_there(client, campaign):
    def leads(user, address):
        client.force_login(user)
        return f'href="{ADDRESS}"' in client.get(address).text

    assert leads(people.bob(), "/issues/")
    assert leads(people.bob(), "/issues/triage/")
    assert leads(people.leader(), "/issues/")
    assert not leads(people.alice(), "/issues/")
    assert not leads(people.village_office(), "/issues/triage/")


def test_move_begun_in_the_queue_leads_back_there(client, campaign):
    issue, bob = IN_LOT["check"](campaign=campaign), people.bob()
    client.force_login(bob)

    queue = "/issues/follow-up/?lot=check"
    assert f"/move/ask/?next={quote(queue)}" in client.get(queue).text
    answer = client.post(f"/issues/{issue.pk}/move/ask/?next={quote(queue)}", {"version": issue.version})

    assert answer.url == queue
    again = IN_LOT["check"](campaign=campaign)
    answer = client.post(f"/issues/{again.pk}/move/ask/?next=//evil", {"version": again.version})
    assert answer.url == f"/issues/{again.pk}/"


@pytest.mark.parametrize("lot", IN_LOT)
def test_cost_does_not_grow_with_the_rows(client, campaign, lot):
    def add():
        issue = IN_LOT[lot](campaign=campaign)
        opinion = heard_by(issue, None)
        FollowUp.objects.create(
            issue=issue, result="not_solved", opinion=opinion, at=issue.replied_at or issue.registered_at
        )

    bob = people.bob()
    add()
    page(client, bob, lot)
    _page, one = statements(lambda: client.get(ADDRESS, {"lot": lot}))
    add()
    add()
    answer, three = statements(lambda: client.get(ADDRESS, {"lot": lot}))
    assert len(answer.context["rows"]) == 3
    assert len(one) == len(three)


def test_office_elsewhere_gives_no_right_here(client, campaign):
    """A reader of the town who is office of one village asks in that village alone."""
    IN_LOT["ask"](campaign=campaign, code=GRID_B1)
    own, leader = IN_LOT["ask"](campaign=campaign), people.leader(TOWN)
    factories.posting(leader.cadre, Role.CAMPAIGN_OFFICE, VILLAGE_A)

    assert listed(client, leader, "ask") == [own]
