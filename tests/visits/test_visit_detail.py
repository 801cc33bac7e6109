"""One visit: /visits/<pk>/."""

import pytest
from django.urls import reverse

from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1
from visits.models import OpinionMark, VisitStep

from .forms import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def visit(campaign):
    return factories.visit(campaign, factories.household(address="花溪路12号"), note="路灯不亮")


def address(visit):
    return reverse("visits:visit_detail", args=[visit.pk])


def test_page_tells_the_visit_its_people_words_and_history(client, campaign, visit):
    alice = people.alice()
    visit.cadres.create(cadre=alice.cadre, name="旧名字", department_name="旧单位", category="other")
    factories.opinion(campaign, visit=visit, words_verbatim="门口积水")
    VisitStep.objects.create(visit=visit, move="filed", by=alice)
    VisitStep.objects.create(
        visit=visit, move="corrected", by=alice, reason="写错了", before={"outcome": "not_in", "note": ""}
    )
    client.force_login(alice)
    page = client.get(address(visit)).content.decode()
    for words in (
        "花溪路12号",
        "路灯不亮",
        "旧名字",
        "旧单位",
        "门口积水",
        "写错了",
        "结果 未遇",
        "手记 （空）",
    ):
        assert words in page


def test_replaced_words_are_kept_apart_from_the_present_ones(client, campaign, visit):
    former = factories.opinion(campaign, visit=visit, words_verbatim="原来的话")
    OpinionMark.objects.create(opinion=former, kind="void", reason="更正")
    factories.opinion(campaign, visit=visit, words_verbatim="现在的话", corrects=former)
    client.force_login(people.alice())
    context = client.get(address(visit)).context
    assert [o.words_verbatim for o in context["opinions"]] == ["现在的话"]
    assert [o.words_verbatim for o in context["former_opinions"]] == ["原来的话"]


@pytest.mark.parametrize(
    ("who", "verbs"),
    [
        (people.alice, set()),
        (people.village_office, {"correct", "void", "check", "send_back"}),
        (people.bob, {"correct", "void", "check", "send_back"}),
        (people.inspector, set()),
        (people.leader, set()),
    ],
)
def test_buttons_follow_what_the_person_may_do(client, visit, who, verbs):
    client.force_login(who())
    can = client.get(address(visit)).context["can"]
    assert {verb for verb, allowed in can.items() if allowed} == verbs


def test_who_took_part_may_correct_and_void_but_not_check(client, visit):
    leader = people.person(Role.GRID_LEADER, GRID_A1)
    visit.cadres.create(cadre=leader.cadre, name=leader.cadre.name, category="other")
    client.force_login(leader)
    can = client.get(address(visit)).context["can"]
    assert can == {"correct": True, "void": True, "check": False, "send_back": False}


def test_closed_campaign_offers_nothing(client, visit):
    visit.campaign.state = "closed"
    visit.campaign.save()
    client.force_login(people.bob())
    assert not any(client.get(address(visit)).context["can"].values())


def test_own_visit_elsewhere_stays_open_to_me(client, campaign):
    alice = people.alice()
    visit = factories.visit(campaign, factories.household(GRID_B1), by=[alice.cadre])
    client.force_login(alice)
    assert client.get(address(visit)).status_code == 200


@pytest.mark.parametrize("who", [people.charlie, people.other_village_office])
def test_stranger_finds_no_such_visit(client, visit, who):
    client.force_login(who())
    assert client.get(address(visit)).status_code == 404


@pytest.mark.parametrize("who", [people.clerk, people.discipline, people.system_admin])
def test_roles_without_visits_open_none(client, visit, who):
    client.force_login(who())
    assert client.get(address(visit)).status_code == 403


def test_anonymous_is_asked_to_sign_in(client, visit):
    assert client.get(address(visit))["Location"] == f"/login/?next={address(visit)}"


def test_page_costs_the_same_for_one_row_and_for_three(client, campaign, visit):
    client.force_login(people.alice())

    def add():
        goer = people.alice()
        visit.cadres.create(cadre=goer.cadre, name="艾一丽", category="other")
        factories.opinion(campaign, visit=visit)
        VisitStep.objects.create(visit=visit, move="checked", by=goer)

    add()
    _, one = statements(lambda: client.get(address(visit)))
    add()
    add()
    _, three = statements(lambda: client.get(address(visit)))
    # One of them asks for the audit log where the visit lies.
    assert len(one) == len(three) == 11
