"""Saving the question of a breakdown under a name, and finding it again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from reports.models import SavedView
from reports.view_forms import SavedViewForm
from tests import factories, people
from tests.workbooks import TOWN, VILLAGE_A

pytestmark = pytest.mark.django_db
LIST = "/reports/breakdown/views/"
ASKED = "level=team&week=2018-W36&compare=before&figure=visits&figure=people_met"


def save(client, user, query=ASKED, **typed):
    client.force_login(user)
    return client.post(f"{LIST}?{query}", {"name": "队伍周报", **typed})


def test_saved_view_brings_back_the_question(client):
    factories.campaign()
    leader = people.leader()
    answer = save(client, leader)
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.campaign.code, view.is_shared) == (
        leader,
        "队伍周报",
        "wangdian-2018",
        False,
    )
    assert view.query == f"campaign=wangdian-2018&place={TOWN}&{ASKED}"
    assert answer.headers["Location"] == f"/reports/breakdown/?{view.query}"
    page = client.get(f"{LIST}{view.pk}/", follow=True)
    asked = page.context["page"].asked
    assert (asked.level, str(asked.week), asked.compare) == ("team", "2018-W36", "before")
    assert [figure.key for figure in asked.figures] == ["visits", "people_met"]
    assert asked.address() == view.query


def test_saved_view_keeps_known_parameters_alone(client):
    factories.campaign()
    save(client, people.leader(), query=f"{ASKED}&next=//evil.example&page=7&figure=visits")
    assert SavedView.objects.get().query == f"campaign=wangdian-2018&place={TOWN}&{ASKED}"


@pytest.mark.parametrize(
    ("query", "words"),
    [("figure=nonsense", "没有“nonsense”这个数字"), ("from=2018-09-09&to=2018-09-01", "不能早于第一天")],
)
def test_saved_view_refuses_what_it_cannot_read(client, query, words):
    factories.campaign()
    answer = save(client, people.leader(), query=query)
    assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "请给视图起个名称。"), ("队伍周报", "您已有同名的视图"), ("长" * 51, "50")],
)
def test_saved_view_needs_a_name_of_its_own(client, name, words):
    factories.campaign()
    leader = people.leader()
    save(client, leader)
    answer = save(client, leader, name=name)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert SavedView.objects.count() == 1
    assert save(client, people.bob()).status_code == 302


def test_saved_view_name_is_once_in_the_database_too():
    campaign, owner = factories.campaign(), people.leader()
    view = SavedView.objects.create(owner=owner, campaign=campaign, name="同名", query="level=team")
    again = SavedView(owner=owner, campaign=campaign, name="同名", query="level=grid")
    with pytest.raises(ValidationError, match="您已有同名的视图"):
        again.full_clean()
    with pytest.raises(IntegrityError):
        SavedView.objects.bulk_create([again])
    assert str(view) == "同名"


def test_name_taken_by_another_window_meanwhile_is_told():
    campaign, owner = factories.campaign(), people.leader()
    forms = [
        SavedViewForm(
            {"name": "同名"},
            instance=SavedView(owner=owner, campaign=campaign, query="level=team"),
            may_share=False,
        )
        for _window in range(2)
    ]
    assert all(form.is_valid() for form in forms)

    assert [bool(form.stored()) for form in forms] == [True, False]
    assert "您已有同名的视图" in forms[1].errors["name"][0]
    assert SavedView.objects.count() == 1


def test_saved_view_is_its_owners_unless_the_office_shares_it(client):
    factories.campaign()
    save(client, people.leader(), name="领导自用", is_shared="on")  # only the office may
    save(client, people.bob(), name="活动办自用")
    save(client, people.bob("330411"), name="大家用", is_shared="on")
    client.force_login(people.inspector())
    page = client.get(LIST)
    assert [view.name for view in page.context["views"]] == ["大家用"]
    assert "鲍二柏" in page.content.decode()
    assert "大家用" in client.get("/reports/breakdown/").content.decode()


def test_saved_view_of_another_campaign_is_not_shared_with_strangers(client):
    factories.campaign()
    factories.campaign("elsewhere", area="330411106")
    save(client, people.bob("330411106"), query="campaign=elsewhere", is_shared="on")
    assert SavedView.objects.get().is_shared
    client.force_login(people.leader())
    assert list(client.get(LIST).context["views"]) == []


def test_saved_view_of_a_foreign_place_cannot_be_saved(client):
    factories.campaign()
    factories.place("330411105202")
    assert save(client, people.village_office(), query="place=330411105202").status_code == 404
    assert save(client, people.village_office(), query=f"place={VILLAGE_A}").status_code == 302


def test_saved_view_list_asks_as_often_for_three_as_for_one(client):
    factories.campaign()
    bob = people.bob()

    def statements(name):
        save(client, bob, name=name, is_shared="on")
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    statements("先")
    first = statements("一")
    statements("二")
    assert statements("三") == first
