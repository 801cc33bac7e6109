"""What a visitor says was solved on the spot: who may confirm it, what that makes of it, and what it does not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from campaigns.enums import CampaignState
from canvass.roles import Role
from issues import figures, spot
from issues.models import Category, Issue, IssueOpinion, SpotRefusal
from issues.moves import move_issue
from issues.permissions import can_move_issue
from issues.receipts import receipt_for, standing_of
from tests import factories, people
from tests.counting import value
from tests.desk import queries, text
from tests.workbooks import GRID_A1, GRID_B1, TOWN
from visits.models import Opinion, OpinionMark

from .moving import ROLES, grid_leader

pytestmark = pytest.mark.django_db
WORDS, DONE, WHY = "楼道的路灯不亮。说过两次了", "当场换了灯泡", "换过了，晚上还是不亮"
LIST = "/visits/to-check/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def claim(campaign, alice):
    return said_solved(campaign, alice)


def said_solved(campaign, user, **fields):
    """Words that somebody heard on a visit and says to have dealt with there and then."""
    home = fields.setdefault("entry", None) or factories.household(address="花溪路12号")
    visit = factories.visit(campaign, home, by=[user.cadre], filed_by=user)
    fields = {"words_verbatim": WORDS, "done_on_spot": DONE, **fields}
    return factories.opinion(
        campaign, visit=visit, collector=user.cadre, created_by=user, **fields | {"entry": home}
    )


def url(opinion):
    return f"/issues/spot/{opinion.pk}/"


def confirm(client, user, opinion, **changes):
    client.force_login(user)
    values = {"title": "楼道路灯不亮", "category": "0402", **changes}
    values = {f"confirm-{name}": value for name, value in values.items()}
    return client.post(url(opinion), {"decision": "confirm", **values})


def refuse(client, user, opinion, reason=WHY):
    client.force_login(user)
    return client.post(url(opinion), {"decision": "refuse", "refuse-reason": reason})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def confirmed(opinion, by=None):
    category = Category.objects.get(code="0402")
    return spot.confirm_spot(opinion, by=by or grid_leader(), title="路灯", category=category)


# --- Confirmed ----------------------------------------------------------------------------------------------


def test_confirmed_words_are_an_issue_that_only_waits_for_the_resident(client, claim):
    leader = grid_leader()

    response = confirm(client, leader, claim)

    issue = Issue.objects.get()
    assert (issue.title, issue.category_id, issue.level, issue.place_id) == (
        "楼道路灯不亮", "0402", "village", GRID_A1,
    )  # fmt: skip
    assert (issue.state, issue.is_spot_resolved, issue.result) == ("follow_up", True, DONE)
    steps = issue.steps.values_list("move", "to_state", "by", "reason")
    assert list(steps) == [
        ("accept", "accepted", leader.pk, ""),
        ("spot", "follow_up", leader.pk, DONE),
    ]
    assert issue.opinion_links.get().opinion == claim
    assert response.url == LIST
    assert said(response) == [f"已确认当场解决：{issue}。接下来由别人回访。"]


def test_confirmed_issue_counts_as_solved_on_the_spot_and_a_refused_one_does_not(campaign, alice, claim):
    spot.refuse_spot(said_solved(campaign, alice), by=grid_leader(), reason=WHY)
    issue = confirmed(claim)
    Issue.objects.filter(pk=issue.pk).update(
        registered_at=factories.at("2018-09-04"), state_since=factories.at("2018-09-04")
    )

    assert value(figures.spot_resolved, campaign) == 1


def test_page_proposes_a_title_and_the_category_that_the_words_name(client, claim):
    client.force_login(grid_leader())

    response = client.get(url(claim))

    form = response.context["form"]
    assert (form["title"].value(), form["category"].value()) == ("楼道的路灯不亮", "0402")
    assert DONE in text(response) and "花溪路12号" in text(response)


def test_nearest_neighbours_category_goes_before_the_words(client, campaign, claim):
    near = factories.issue(campaign, title="楼道路灯不亮", category_code="0801")
    near.opinion_links.create(opinion=factories.opinion(campaign, words_verbatim=WORDS))
    client.force_login(grid_leader())

    assert client.get(url(claim)).context["form"]["category"].value() == "0801"


def test_what_the_household_said_about_something_else_proposes_nothing(client, campaign, alice, claim):
    confirmed(claim)
    pipe = said_solved(
        campaign, alice, entry=claim.entry, words_verbatim="厨房滴滴答答", done_on_spot="拧紧了"
    )
    client.force_login(grid_leader())

    assert client.get(url(pipe)).context["form"]["category"].value() is None


def test_misconduct_is_no_category_of_something_solved(client, claim):
    response = confirm(client, grid_leader(), claim, category="2001")

    assert "category" in response.context["form"].errors
    with pytest.raises(ValidationError, match="检举控告不能当场解决"):
        category = Category.objects.get(code="20")
        spot.confirm_spot(claim, by=grid_leader(), title="路灯", category=category)
    assert Issue.objects.count() == 0


@pytest.mark.parametrize("changes", [{"title": " "}, {"category": ""}, {"category": "0000"}])
def test_incomplete_confirmation_is_asked_again_and_writes_nothing(client, claim, changes):
    response = confirm(client, grid_leader(), claim, **changes)

    assert list(response.context["form"].errors) == list(changes)
    assert Issue.objects.count() == 0


def test_next_one_follows_and_the_list_when_nothing_is_left(client, campaign, alice, claim):
    later = said_solved(campaign, alice, heard_at=factories.at("2018-09-05"))
    leader = grid_leader()

    assert confirm(client, leader, claim).url == url(later)
    assert confirm(client, leader, later).url == LIST


# --- Not solved ---------------------------------------------------------------------------------------------


def test_refused_words_go_to_the_triage_desk_with_the_reason(client, claim):
    response = refuse(client, grid_leader(), claim)

    assert said(response) == [f"诉求 {claim.number} 没有解决，已交活动办分拣。"]
    assert Issue.objects.count() == 0
    client.force_login(people.bob())
    assert "核实没有解决" in text(client.get("/issues/triage/"))
    desk = client.get(f"/issues/triage/{claim.pk}/")
    assert WHY in text(desk) and "葛十二" in text(desk)
    assert list(desk.context["forms"]) == ["accept"]


@pytest.mark.parametrize(("reason", "kept"), [("  ", None), ("字" * 201, None), ("字" * 200, "字" * 200)])
def test_refusal_says_why(client, claim, reason, kept):
    response = refuse(client, grid_leader(), claim, reason)

    assert list(SpotRefusal.objects.values_list("reason", flat=True)) == ([kept] if kept else [])
    if not kept:
        assert list(response.context["refusal_form"].errors) == ["reason"]
        assert '<details class="card" open>' in response.content.decode()


def test_database_wants_a_reason_and_keeps_one_refusal_for_ever(claim):
    with pytest.raises(IntegrityError), transaction.atomic():
        SpotRefusal.objects.create(opinion=claim, reason="")
    kept = spot.refuse_spot(claim, by=grid_leader(), reason=WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpotRefusal.objects.create(opinion=claim, reason=WHY)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        SpotRefusal.objects.filter(pk=kept.pk).update(reason="别的")


def test_corrected_words_wait_anew_and_the_page_tells_of_the_refusal(client, campaign, alice, claim):
    spot.refuse_spot(claim, by=grid_leader(), reason=WHY)
    OpinionMark.objects.create(opinion=claim, kind="void", reason="更正")
    anew = said_solved(campaign, alice, corrects=claim, done_on_spot="连开关一起换了")
    client.force_login(grid_leader())

    assert WHY in text(client.get(url(anew)))
    assert [row.pk for row in spot.waiting_spots(people.bob())] == [anew.pk]


# --- Who --------------------------------------------------------------------------------------------------


CONFIRM = {"office", "village", "grid leader"}


@pytest.mark.parametrize("role", sorted({*ROLES, "other grid leader", "other village"}))
def test_only_those_who_answer_for_the_place_confirm(client, claim, role):
    others = {
        "other grid leader": lambda: grid_leader(GRID_B1),
        "other village": people.other_village_office,
    }
    user = {**ROLES, **others}[role]()
    client.force_login(user)

    page, sent = client.get(url(claim)), confirm(client, user, claim)

    if role in CONFIRM:
        assert (page.status_code, sent.status_code, Issue.objects.count()) == (200, 302, 1)
    else:
        assert {page.status_code, sent.status_code} <= {403, 404}
        assert WORDS not in page.content.decode() and Issue.objects.count() == 0
        with pytest.raises(ValidationError):
            confirmed(claim, by=user)


@pytest.mark.parametrize("how", ["filed", "took part", "collected", "wrote down"])
def test_who_was_there_cannot_confirm_even_as_grid_leader(client, campaign, alice, how):
    leader = grid_leader()
    if how in ("filed", "took part"):
        claim = said_solved(campaign, leader if how == "filed" else alice)
    if how == "took part":
        claim.visit.cadres.create(cadre=leader.cadre, name=leader.cadre.name, category=leader.cadre.category)
    elif how in ("collected", "wrote down"):
        who = {"collector": leader.cadre} if how == "collected" else {"created_by": leader}
        claim = factories.opinion(campaign, done_on_spot=DONE, **who)
    client.force_login(leader)

    assert client.get(url(claim)).status_code == 404
    assert confirm(client, leader, claim).status_code == 404
    assert "说是当场解决的" not in text(client.get(LIST))
    with pytest.raises(ValidationError):
        confirmed(claim, by=leader)
    assert spot.can_confirm_spot(people.village_office(), claim)


def test_first_visitor_cannot_vouch_for_an_accepted_issue_either(campaign):
    leader = grid_leader()
    issue = factories.issue(campaign)
    issue.opinion_links.create(opinion=said_solved(campaign, leader))

    with pytest.raises(ValidationError, match="未经手、未走访"):
        move_issue(issue, move="spot", by=leader, version=issue.version, reason=DONE)
    assert can_move_issue(people.village_office(), issue, "spot")


def test_who_confirmed_or_visited_does_not_close(claim, alice):
    bob = people.bob()
    issue = confirmed(claim, by=bob)
    second = people.person(Role.CAMPAIGN_OFFICE, TOWN, "申十三")
    factories.posting(alice.cadre, Role.CAMPAIGN_OFFICE, TOWN)
    values = {"outcome": "substantive", "way": "phone", "result": "solved", "satisfaction": "satisfied"}

    for user in (bob, type(alice).objects.get(pk=alice.pk)):
        with pytest.raises(ValidationError, match="未经手、未走访"):
            move_issue(issue, move="close", by=user, version=issue.version, **values)
    assert move_issue(issue, move="close", by=second, version=issue.version, **values).state == "closed"


# --- Which words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nature", ["suggestion", "praise", "report"])
def test_words_of_other_natures_wait_for_nobody_here(client, campaign, alice, nature):
    said_solved(campaign, alice, nature=nature)

    for user in (grid_leader(), people.bob(), people.discipline()):
        assert not spot.waiting_spots(user).exists()


@pytest.mark.parametrize("why", ["nothing done", "void", "restricted", "closed campaign"])
def test_words_that_nobody_may_confirm_any_more(client, campaign, alice, claim, why):
    if why == "nothing done":
        claim = factories.opinion(campaign, collector=alice.cadre)
    elif why == "closed campaign":
        type(campaign).objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED)
    else:
        OpinionMark.objects.create(opinion=claim, kind=why, reason="写错了")

    response = confirm(client, grid_leader(), claim)

    assert Issue.objects.count() == 0
    if why in ("nothing done", "restricted"):
        assert response.status_code == 404
    else:
        assert "已经作废或更正、活动不在进行中" in said(response)[0]


# --- Twice --------------------------------------------------------------------------------------------------


def test_second_is_told_what_the_first_did(client, claim):
    issue = confirmed(claim)
    second = people.village_office()

    response = confirm(client, second, claim)

    assert said(response) == [f"诉求 {claim.number} 已由葛十二归入问题“{issue}”，不必再办。"]
    assert said(refuse(client, second, claim))[-1] == said(response)[0]
    assert said(client.get(url(claim)))[-1] == said(response)[0]
    assert (Issue.objects.count(), SpotRefusal.objects.count()) == (1, 0)


def test_refused_once_is_refused(client, claim):
    spot.refuse_spot(claim, by=grid_leader(), reason=WHY)

    response = confirm(client, people.village_office(), claim)

    assert said(response) == [f"诉求 {claim.number} 已由葛十二核实为没有解决（{WHY}），不必再办。"]
    assert Issue.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_issue(campaign, alice):
    claim = said_solved(campaign, alice)
    users, gate = [grid_leader(), people.village_office()], Barrier(2)

    def tap(user):
        gate.wait()
        try:
            return confirmed(Opinion.objects.get(pk=claim.pk), by=user).state
        except ValidationError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(tap, users))

    assert results == ["follow_up", "sorted"]
    assert (Issue.objects.count(), IssueOpinion.objects.count()) == (1, 1)


# --- Where it shows -----------------------------------------------------------------------------------------


def test_list_to_check_shows_what_waits_longest_first(client, campaign, alice, claim):
    said_solved(campaign, alice, heard_at=factories.at("2018-09-01"), words_verbatim="水管漏水")
    factories.opinion(campaign, GRID_B1, done_on_spot=DONE, words_verbatim="另一村的事")
    client.force_login(grid_leader())

    page = text(client.get(LIST))

    assert page.index("水管漏水") < page.index("楼道的路灯不亮")
    assert "另一村的事" not in page


def test_list_costs_the_same_with_one_and_with_three(client, campaign, alice, claim):
    client.force_login(grid_leader())
    one = queries(client, LIST)
    for _number in range(2):
        said_solved(campaign, alice)

    # The visits that came along cost nothing more either.
    assert queries(client, LIST) == one


def test_office_confirms_at_the_triage_desk_too(client, claim):
    bob = people.bob()
    client.force_login(bob)
    desk = client.get(f"/issues/triage/{claim.pk}/")
    assert list(desk.context["forms"]) == ["spot", "accept"]
    assert "走访人说当场解决了： 当场换了灯泡" in text(desk)
    assert "说是当场解决" in text(client.get("/issues/triage/"))

    response = client.post(
        f"/issues/triage/{claim.pk}/",
        {"decision": "spot", "spot-title": "路灯不亮", "spot-category": "0402"},
    )

    assert Issue.objects.get().state == "follow_up"
    assert said(response) == [f"已确认当场解决：{Issue.objects.get()}。接下来由别人回访。"]
    again = client.post(
        f"/issues/triage/{claim.pk}/",
        {"decision": "spot", "spot-title": "路灯不亮", "spot-category": "0402"},
    )
    assert "不必再办" in said(again)[-1]


def test_office_that_took_part_is_not_offered_to_confirm(client, campaign):
    bob = people.bob()
    claim = said_solved(campaign, bob)
    client.force_login(bob)

    assert list(client.get(f"/issues/triage/{claim.pk}/").context["forms"]) == ["accept"]
    response = client.post(f"/issues/triage/{claim.pk}/", {"decision": "spot"})
    assert response.status_code == 404


def mine(client, user):
    client.force_login(user)
    return text(client.get("/visits/mine/"))


def test_visitor_reads_what_became_of_it(client, claim, alice):
    assert "说是当场解决，等待核实" in mine(client, alice)

    spot.refuse_spot(claim, by=grid_leader(), reason=WHY)

    page = mine(client, alice)
    assert WHY in page and "葛十二" in page and "等待活动办受理" in page


def test_visitor_reads_that_it_was_confirmed_until_the_resident_was_asked(client, claim, alice):
    issue = confirmed(claim)
    page = mine(client, alice)
    assert "当场解决，已经核实" in page and "等待向您回访" in page

    move_issue(
        issue, move="close", by=people.bob(), version=issue.version,
        outcome="substantive", way="phone", result="solved", satisfaction="satisfied",
    )  # fmt: skip

    assert "当场解决，已经核实" not in mine(client, alice)


def test_resident_reads_that_it_was_solved_at_the_visit(claim, alice):
    receipt = receipt_for(claim, by=alice)
    confirmed(claim)

    assert [m.sentence for m in standing_of(receipt).matters] == ["走访时已经当场解决，等待向您回访。"]
