"""The supervision desk: whose slips stand on it, and what it says about each."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns.enums import CampaignState
from tests import factories, people
from tests.desk import queries, text
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A, VILLAGE_B

from .supervising import overdue, slip_on

pytestmark = pytest.mark.django_db
URL = "/issues/supervision/"


def rows(client, user, **query):
    client.force_login(user)
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.context["rows"]


def titles(client, user, **query):
    return [row["slip"].issue.title for row in rows(client, user, **query)]


def named(issue, title):
    issue.title = title
    issue.save(update_fields=["title"])
    return issue


@pytest.fixture
def desk():
    """Three slips that stand, of two departments and two villages, and one on a report that became restricted."""
    campaign = factories.campaign()
    mine, other = factories.department("镇环保所"), factories.department("镇农办")
    slip_on(
        named(overdue(campaign, place=GRID_A1, department=mine), "甲 积水"), colour="blue", cause="due_soon"
    )
    slip_on(named(overdue(campaign, place=GRID_B1, department=other), "乙 路灯"), colour="red")
    slip_on(named(overdue(campaign, place=GRID_B1, department=mine), "丙 垃圾"))
    hidden = named(overdue(campaign, place=GRID_A1, department=mine), "丁 举报")
    slip_on(hidden)
    hidden.is_restricted = True
    hidden.save()
    return campaign


@pytest.mark.parametrize("reader", [people.bob, people.leader, people.inspector])
def test_readers_of_the_town_see_all_slips_the_gravest_first(client, desk, reader):
    assert titles(client, reader()) == ["乙 路灯", "丙 垃圾", "甲 积水"]


def test_department_sees_those_sent_to_it(client, desk):
    assert titles(client, people.clerk()) == ["丙 垃圾", "甲 积水"]


def test_supporting_department_sees_no_slip_of_the_lead(client, desk):
    supporting = factories.department("镇城建办")
    issue = desk.issues.get(title="甲 积水")
    issue.supports.create(department=supporting)

    assert titles(client, people.clerk(supporting)) == []


def test_former_department_loses_sight_of_its_slip(client, desk):
    clerk = people.clerk()
    desk.issues.filter(title="丙 垃圾").update(lead_department=factories.department("镇农办"))

    assert titles(client, clerk) == ["甲 积水"]


def test_village_office_sees_its_own_village(client, desk):
    assert titles(client, people.village_office(VILLAGE_A)) == ["甲 积水"]
    assert titles(client, people.other_village_office(VILLAGE_B)) == ["乙 路灯", "丙 垃圾"]


@pytest.mark.parametrize(
    "stranger", [people.nobody, people.alice, people.charlie, people.discipline, people.system_admin]
)
def test_desk_is_closed_to_those_whom_it_does_not_concern(client, desk, stranger):
    client.force_login(stranger())

    response = client.get(URL)

    assert response.status_code == 403
    assert "积水" not in response.content.decode()


def test_office_of_another_town_sees_nothing(client, desk):
    factories.place("330411106")

    assert titles(client, people.bob("330411106")) == []


def test_desk_needs_a_sign_in(client, desk):
    assert client.get(URL).status_code == 302


def test_colours_are_filters_with_words_and_numbers(client, desk):
    bob = people.bob()

    assert titles(client, bob, colour="red") == ["乙 路灯"]
    response = client.get(URL)
    assert response.context["colours"] == [("red", "红", 1), ("yellow", "黄", 1), ("blue", "蓝", 1)]
    assert all(f"{colour}色督办" in text(response) for colour in "红黄蓝")
    assert client.get(URL, {"colour": "green"}).status_code == 404


def test_ended_slips_and_those_of_closed_campaigns_do_not_stand(client, desk):
    bob = people.bob()
    issue = desk.issues.get(title="乙 路灯")
    issue.slips.get().steps.create(kind="lifted", words="已协调")
    desk.issues.filter(title="丙 垃圾").update(state="replied", replied_at=timezone.now())

    assert titles(client, bob) == ["甲 积水"]

    desk.state = CampaignState.CLOSED
    desk.save()
    assert titles(client, bob) == []


def test_row_says_how_many_working_days_late_and_whether_the_answer_is(client):
    campaign = factories.campaign()
    issue = overdue(campaign)
    slip = slip_on(issue, answer_due_on=date(2018, 9, 5))
    issue.due_at = factories.at("2018-09-28 23:59:59")
    issue.save()
    bob = people.bob()

    (row,) = rows(client, bob)
    assert row["days_late"] > 1000  # to the day: test_supervise
    assert row["is_answer_late"]
    assert "逾期未回复督办" in text(client.get(URL))

    slip.steps.create(kind="answered", words="明天疏通")
    issue.due_at = timezone.now() + timedelta(days=3)
    issue.save()

    (row,) = rows(client, bob)
    assert (row["days_late"], bool(row["is_answer_late"])) == (0, False)
    assert "明天疏通" in text(client.get(URL))


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (people.bob, (False, True)),
        (people.clerk, (True, False)),
        (people.leader, (False, False)),
        (people.inspector, (False, False)),
        (people.village_office, (False, False)),
    ],
)
def test_buttons_are_those_of_the_role(client, who, wanted):
    slip_on(overdue(factories.campaign()))

    (row,) = rows(client, who())

    assert (row["can_answer"], row["can_lift"]) == wanted


def test_next_page_goes_on_after_the_last_row(client):
    campaign, bob = factories.campaign(), people.bob()
    for n in range(32):
        slip_on(named(overdue(campaign), f"第{n}件"), colour=("red", "yellow", "blue")[n % 3])
    client.force_login(bob)

    first = client.get(URL)
    second = client.get(URL, {"after": first.context["next_key"]})

    shown = [row["slip"] for page in (first, second) for row in page.context["rows"]]
    assert (len(first.context["rows"]), len(set(shown))) == (30, 32)
    assert [slip.colour for slip in shown] == ["red"] * 11 + ["yellow"] * 11 + ["blue"] * 10
    assert client.get(URL, {"after": "x"}).status_code == 404


def test_desk_costs_the_same_for_one_and_three_rows(client):
    campaign, costs = factories.campaign(), []
    client.force_login(people.bob())
    for number in (1, 2):
        for _slip in range(number):
            slip_on(overdue(campaign)).steps.create(kind="answered", words="明天疏通", by=people.clerk())
        costs.append(queries(client, URL))

    assert costs[0] == costs[1] <= 8


def test_empty_desk_says_so(client):
    factories.campaign()
    client.force_login(people.bob())

    assert "没有未解除的督办单" in text(client.get(URL))
