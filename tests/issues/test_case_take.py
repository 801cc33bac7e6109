"""A leader takes the case: one issue, one leader, one team, one plan."""

import pytest
from django.db import IntegrityError, transaction

from issues.models import LeaderCase
from tests import factories, people
from tests.desk import text
from tests.workbooks import TOWN

from .supervising import overdue, slip_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    return overdue(factories.campaign())


def url(issue):
    return f"/issues/{issue.pk}/case/"


def filled(issue, leader=None, **fields):
    leader = leader or people.leader()
    team = factories.team(issue.campaign, name="花溪路排水专班")
    return {"leader": leader.cadre.pk, "team": team.pk, "plan": "先抽水，再改管，月底验收", **fields}


def test_office_names_leader_team_and_plan(client, issue):
    bob = people.bob()
    client.force_login(bob)

    page = text(client.post(url(issue), filled(issue), follow=True))

    assert "已确定包案领导" in page
    assert all(words in page for words in ("凌六导", "花溪路排水专班", "先抽水，再改管，月底验收"))
    case = LeaderCase.objects.get()
    assert (case.issue, case.leader.name, case.team.name, case.by) == (issue, "凌六导", "花溪路排水专班", bob)


def test_next_leader_takes_over_and_the_first_stays_readable(client, issue):
    client.force_login(people.bob())
    values = filled(issue)
    for plan in ("甲方案", "乙方案"):
        client.post(url(issue), values | {"plan": plan, "leader": people.leader().cadre.pk})

    response = client.get(f"/issues/{issue.pk}/")

    assert response.context["case"].plan == "乙方案"
    assert [case.plan for case in issue.leader_cases.all()] == ["乙方案", "甲方案"]


@pytest.mark.parametrize("name", ["leader", "team", "plan"])
def test_nothing_may_be_left_out(client, issue, name):
    client.force_login(people.bob())

    response = client.post(url(issue), filled(issue) | {name: ""})

    assert list(response.context["form"].errors) == [name]
    assert not LeaderCase.objects.exists()


def test_only_leaders_of_the_place_and_teams_of_the_campaign_are_offered(client, issue):
    factories.place("330411106")
    far, bob = people.leader("330411106"), people.bob()
    other_team = factories.team(factories.campaign("other", "330411106"), code="330411106")
    client.force_login(bob)

    values = filled(issue, people.leader(TOWN))
    for wrong in ({"leader": far.cadre.pk}, {"leader": bob.cadre.pk}, {"team": other_team.pk}):
        response = client.post(url(issue), values | wrong)
        assert list(response.context["form"].errors) == list(wrong)
    assert not LeaderCase.objects.exists()


def test_red_slip_asks_the_office_for_a_leader(client, issue):
    bob = people.bob()

    def asks(user):
        client.force_login(user)
        return "确定包案领导" in text(client.get(f"/issues/{issue.pk}/"))

    slip_on(issue, colour="yellow")
    assert not asks(bob)
    slip_on(issue, colour="red")
    assert asks(bob)
    assert not asks(people.clerk())


@pytest.mark.parametrize(
    "stranger",
    [people.leader, people.clerk, people.alice, people.charlie, people.village_office, people.nobody],
)
def test_nobody_else_finds_the_page(client, issue, stranger):
    client.force_login(stranger())

    assert client.get(url(issue)).status_code == 404
    assert client.post(url(issue), filled(issue)).status_code == 404
    assert not LeaderCase.objects.exists()


@pytest.mark.parametrize("fields", [{"is_restricted": True}, {"state": "withdrawn"}])
def test_closed_and_restricted_issues_have_no_such_page(client, issue, fields):
    type(issue).objects.filter(pk=issue.pk).update(**fields)
    client.force_login(people.bob())

    assert client.post(url(issue), filled(issue)).status_code == 404


@pytest.mark.parametrize(
    ("reader", "reads"),
    [(people.leader, True), (people.clerk, True), (people.inspector, True), (people.alice, False)],
)
def test_plan_is_read_by_department_and_leaders_not_by_visitors(client, issue, reader, reads):
    values = filled(issue)
    issue.leader_cases.create(leader_id=values["leader"], team_id=values["team"], plan="先抽水，再改管")
    client.force_login(reader())

    assert ("先抽水，再改管" in text(client.get(f"/issues/{issue.pk}/"))) is reads


def test_database_knows_no_case_without_a_plan(issue):
    values = filled(issue)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue.leader_cases.create(leader_id=values["leader"], team_id=values["team"], plan="")
