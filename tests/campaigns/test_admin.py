"""Campaigns, teams and the calendar at the office desk."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import CalendarDay, Campaign, Team, TeamMember
from tests import factories, people
from tests.desk import address, choices, listed, queries, text
from tests.workbooks import GRID_A1, TOWN, VILLAGE_A
from visits.models import Gathering

pytestmark = pytest.mark.django_db
OTHER_TOWN = "330411106"


@pytest.fixture
def office(client):
    client.force_login(people.bob())
    return client


def campaign_form(**fields):
    return {
        "code": "wangdian-2018",
        "name": "王店镇大走访",
        "area": TOWN,
        "first_on": "2018-07-01",
        "last_on": "2018-09-30",
        "theme": "",
        "second_check_percent": 5,
        "retention_days": 180,
        **fields,
    }


def outcome_forms(campaign, **counts):
    """The rows of outcomes as the page sends them; `counts` names those ticked as visited."""
    rows = list(campaign.outcomes.all())
    data = {"outcomes-TOTAL_FORMS": len(rows), "outcomes-INITIAL_FORMS": len(rows)}
    for n, row in enumerate(rows):
        data |= {f"outcomes-{n}-id": row.pk, f"outcomes-{n}-campaign": campaign.pk}
        data[f"outcomes-{n}-return_after_days"] = row.return_after_days or ""
        if counts.get(row.outcome, row.counts_as_visited):
            data[f"outcomes-{n}-counts_as_visited"] = "on"
    return data


def test_new_campaign_is_a_draft_with_its_outcomes(office):
    office.post(address(Campaign, "add"), campaign_form())

    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.outcomes.count()) == ("draft", 7)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last_on": "2018-06-30"}, "结束日期不能早于开始日期"),
        ({"first_on": "2018-13-40"}, "输入一个有效的日期"),
        ({"name": ""}, "这个字段是必填项"),
    ],
)
def test_campaign_form_says_what_is_wrong(office, fields, sentence):
    response = office.post(address(Campaign, "add"), campaign_form(**fields))

    assert sentence in text(response)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(("percent", "kept"), [(0, 0), (100, 100), (101, None), (-1, None), ("", None)])
def test_office_says_how_many_closings_are_asked_twice(office, percent, kept):
    office.post(address(Campaign, "add"), campaign_form(second_check_percent=percent))

    assert list(Campaign.objects.values_list("second_check_percent", flat=True)) == (
        [] if kept is None else [kept]
    )


@pytest.mark.parametrize(
    ("name", "phone", "sentence"),
    [
        ("老陈", "", "值班联系人和值班电话请一起填，或一起留空。"),
        ("", "12345", "值班联系人和值班电话请一起填，或一起留空。"),
        ("老陈", "问活动办", "值班电话请填手机号、带区号的座机（如 0573-83241234）或短号。"),
        ("老陈", "1", "值班电话请填手机号、带区号的座机（如 0573-83241234）或短号。"),
    ],
)
def test_duty_contact_is_somebody_who_can_be_called(office, name, phone, sentence):
    response = office.post(address(Campaign, "add"), campaign_form(duty_name=name, duty_phone=phone))

    assert sentence in text(response)
    assert not Campaign.objects.exists()
    fields = {"duty_name": name, "duty_phone": phone}
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.campaign(**fields)


def test_office_says_which_forms_the_campaign_replaces(office):
    office.post(address(Campaign, "add"), campaign_form(forms_replaced="民情日记\n走访台账"))

    assert Campaign.objects.get().forms_replaced.split() == ["民情日记", "走访台账"]


def test_office_names_the_duty_contact(office):
    office.post(address(Campaign, "add"), campaign_form(duty_name="值班室", duty_phone="0573-80000110"))

    assert list(Campaign.objects.values_list("duty_name", "duty_phone")) == [("值班室", "0573-80000110")]


def test_campaign_of_another_town_cannot_be_made_or_seen(office):
    factories.place(OTHER_TOWN)
    other = factories.campaign("other", area=OTHER_TOWN)

    office.post(address(Campaign, "add"), campaign_form(area=OTHER_TOWN))

    assert Campaign.objects.count() == 1
    assert listed(office, Campaign) == []
    assert office.get(address(Campaign, "change", other.pk)).status_code == 404
    assert office.get(address(Campaign, "verb", other.pk, "close")).status_code == 404


def test_only_the_remote_outcome_is_the_campaigns_to_decide(office):
    campaign = factories.campaign()
    ticks = outcome_forms(campaign, remote=True, refused=True, met=False)

    office.post(address(Campaign, "change", campaign.pk), campaign_form(**ticks))

    counting = campaign.outcomes.filter(counts_as_visited=True).values_list("outcome", flat=True)
    assert sorted(counting) == ["met", "remote"]


def test_state_changes_by_button_only(office):
    campaign = factories.campaign(state="draft")

    office.post(
        address(Campaign, "change", campaign.pk), campaign_form(state="running", **outcome_forms(campaign))
    )
    campaign.refresh_from_db()
    assert campaign.state == "draft"

    office.post(address(Campaign, "verb", campaign.pk, "start"))
    campaign.refresh_from_db()
    assert campaign.state == "running"


def test_opening_the_buttons_page_changes_nothing(office):
    campaign = factories.campaign()

    response = office.get(address(Campaign, "verb", campaign.pk, "close"))

    assert "只能查看" in text(response)
    campaign.refresh_from_db()
    assert campaign.state == "running"


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("draft", ["开始活动"]),
        ("running", ["结束活动"]),
        ("closed", ["开始活动", "归档"]),
        ("archived", []),
    ],
)
def test_buttons_follow_the_table_of_states(office, state, offered):
    campaign = factories.campaign(state=state)

    response = office.get(address(Campaign, "change", campaign.pk))

    assert [str(verb["label"]) for verb in response.context["verbs"]] == offered


@pytest.mark.parametrize("person", [people.village_office, people.inspector])
def test_who_may_only_look_gets_no_button(client, person):
    campaign = factories.campaign()
    client.force_login(person())

    response = client.get(address(Campaign, "change", campaign.pk))
    pressed = client.post(address(Campaign, "verb", campaign.pk, "close"), follow=True)

    assert response.context["verbs"] == []
    assert "不在您的职责内" in text(pressed)
    campaign.refresh_from_db()
    assert campaign.state == "running"


def test_closed_campaign_is_read_only_with_its_teams(office):
    campaign = factories.campaign(state="closed")
    team = factories.team(campaign)

    for row in (campaign, team):
        assert office.get(address(type(row), "change", row.pk)).status_code == 200
        assert office.post(address(type(row), "change", row.pk), {"name": "改名"}).status_code == 403


def team_form(**fields):
    places = {"places-TOTAL_FORMS": "0", "places-INITIAL_FORMS": "0"}
    members = {"members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0"}
    return {"name": "花溪队", "kind": "visiting", **places, **members, **fields}


def test_team_gets_places_and_members(office):
    campaign, member = factories.campaign(), people.alice().cadre

    office.post(
        address(Team, "add"),
        team_form(
            **{
                "campaign": campaign.pk,
                "places-TOTAL_FORMS": "1",
                "places-0-place": GRID_A1,
                "members-TOTAL_FORMS": "1",
                "members-0-cadre": member.pk,
                "members-0-from_on": "2018-07-01",
            }
        ),
    )

    team = Team.objects.get()
    assert [row.place_id for row in team.places.all()] == [GRID_A1]
    assert list(team.members.values_list("cadre", "from_on")) == [(member.pk, date(2018, 7, 1))]


def test_team_takes_no_member_from_another_towns_roster(office):
    campaign, stranger = factories.campaign(), people.bob(OTHER_TOWN).cadre
    team = factories.team(campaign)

    office.post(
        address(Team, "change", team.pk),
        team_form(
            **{
                "members-TOTAL_FORMS": "1",
                "members-0-team": team.pk,
                "members-0-cadre": stranger.pk,
                "members-0-from_on": "2018-07-01",
            }
        ),
    )

    assert not TeamMember.objects.exists()
    assert stranger.staff_number not in " ".join(choices(office, TeamMember, "cadre"))


def test_closed_campaign_is_no_choice_for_new_records(office):
    factories.campaign("old", state="closed", name="旧活动")
    running = factories.campaign("new")

    form = office.get(address(Gathering, "add")).context["adminform"].form

    assert list(form.fields["campaign"].queryset) == [running]
    assert form.get_initial_for_field(form.fields["campaign"], "campaign") == running.pk


@pytest.mark.parametrize("model", [Campaign, Team, CalendarDay])
def test_list_costs_the_same_for_three_rows_as_for_one(office, model):
    def more(number):
        for _ in range(number):
            factories.team(factories.campaign(factories.number("c")), people.alice().cadre)
            CalendarDay.objects.create(
                day=date(2018, 10, 1 + CalendarDay.objects.count()), is_working=False, name="国庆"
            )

    more(2)  # the filter by campaign appears with the second one
    two = queries(office, address(model))
    more(2)

    assert queries(office, address(model)) == two <= 10


def test_team_list_by_area_shows_a_team_once(office):
    team = factories.team(factories.campaign())
    team.places.create(place=factories.place(GRID_A1))

    assert listed(office, Team, area=VILLAGE_A) == [team]
    assert listed(office, Team, area=OTHER_TOWN) == []


def test_member_twice_is_told_in_words(office):
    member = people.alice().cadre
    team = factories.team(factories.campaign(), member)
    row = {"members-0-team": team.pk, "members-0-cadre": member.pk, "members-0-from_on": "2018-08-01"}

    response = office.post(address(Team, "change", team.pk), team_form(**{"members-TOTAL_FORMS": "1", **row}))

    assert "该人员已在此队伍中" in text(response)
    assert team.members.count() == 1


FILL = "/admin/campaigns/calendarday/fill/"


def test_office_fills_a_year_of_the_calendar_by_a_button(office):
    assert FILL in office.get(address(CalendarDay)).content.decode()

    response = office.post(FILL, {"year": "2024"}, follow=True)

    assert "2024 年已填入" in text(response)
    assert CalendarDay.objects.get(day=date(2024, 10, 12)).is_working


def test_calendar_is_not_filled_for_a_year_without_a_plan(office):
    response = office.post(FILL, {"year": "2150"})

    assert response.context["form"].errors["year"]
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("stranger", [people.village_office, people.inspector])
def test_readers_of_the_calendar_do_not_fill_it(client, stranger):
    client.force_login(stranger())

    assert FILL not in client.get(address(CalendarDay)).content.decode()
    assert client.post(FILL, {"year": "2024"}).status_code == 403
    assert not CalendarDay.objects.exists()


def test_day_that_the_office_changes_is_its_own_and_outlives_the_next_filling(office):
    office.post(FILL, {"year": "2024"})
    row = CalendarDay.objects.get(day=date(2024, 10, 12))

    office.post(address(CalendarDay, "change", row.pk), {"day": "2024-10-12", "name": "停电"})
    office.post(FILL, {"year": "2024"})

    row.refresh_from_db()
    assert (row.is_working, row.name, row.get_source_display()) == (False, "停电", "办公室填写")


def test_team_leads_to_a_sheet_for_members_without_a_sign_in(client):
    waiting, ended = factories.cadre(), factories.cadre()
    for cadre in (waiting, ended):
        factories.posting(cadre, "visitor", factories.GRID_A1)
    team = factories.team(factories.campaign(), waiting, ended, people.alice().cadre)
    team.members.filter(cadre=ended).update(to_on="2018-08-01")
    client.force_login(people.bob())

    page = client.get(address(Team, "change", team.pk))

    assert f"/sign-ins/?cadres={waiting.pk}" in [one["url"] for one in page.context["verbs"]]
