"""Hand-counted figures of teams."""

from datetime import date

import pytest

from campaigns.figures import team_members, teams
from campaigns.models import TeamMember, TeamPlace
from tests import factories
from tests.counting import parts, value
from tests.workbooks import TOWN, VILLAGE_A, VILLAGE_B

pytestmark = pytest.mark.django_db


def test_teams_count_while_somebody_is_in_them():
    campaign = factories.campaign()
    both, leaver = factories.cadre(), factories.cadre()
    factories.team(campaign, both)
    brief = factories.team(campaign, both, code=VILLAGE_B)
    TeamMember.objects.create(team=brief, cadre=leaver, from_on=date(2018, 9, 1), to_on=date(2018, 9, 10))
    TeamMember.objects.filter(team=brief, cadre=both).update(to_on=date(2018, 9, 9))
    factories.team(campaign)  # nobody in it
    factories.team(factories.campaign("other"), factories.cadre())

    days = ("2018-06-30", "2018-09-09", "2018-09-10", "2018-09-11")
    assert [value(teams, campaign, day) for day in days] == [0, 2, 2, 1]
    assert [value(team_members, campaign, day) for day in days] == [0, 2, 2, 1]


def test_team_of_two_villages_stands_in_both_rows_and_once_in_the_total():
    campaign = factories.campaign()
    team = factories.team(campaign, factories.cadre(department=factories.department("环保所")))
    TeamPlace.objects.create(team=team, place=factories.place(VILLAGE_B))
    factories.team(campaign, factories.cadre(), code=TOWN)

    assert value(teams, campaign) == 2
    assert parts(teams, campaign, "village") == {VILLAGE_A: 1, VILLAGE_B: 1, "": 1}
    assert parts(team_members, campaign, "department") == {"环保所": 1, "": 1}
