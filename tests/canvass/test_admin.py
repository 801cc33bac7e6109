"""Who enters the office desk."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from reports.models import WorkbookLoad
from tests import factories, people

pytestmark = pytest.mark.django_db


def test_signed_in_person_without_the_permission_is_told_so(client):
    client.force_login(get_user_model().objects.create_user("visitor", is_staff=True))
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]


def test_desk_is_the_default_admin_site():
    from django.contrib import admin

    from canvass.admin import OfficeAdminSite

    assert isinstance(admin.site, OfficeAdminSite) or type(admin.site._wrapped) is OfficeAdminSite


def test_whoever_may_look_at_no_row_does_not_learn_which_there_are(client):
    load = WorkbookLoad.objects.create(campaign=factories.campaign(), file_name="名册.xlsx", sha256="0" * 64)
    client.force_login(people.village_office())
    known, unknown = (
        client.get(reverse("admin:reports_workbookload_history", args=[pk])).status_code
        for pk in (load.pk, load.pk + 1)
    )
    assert (known, unknown) == (403, 403)


def test_desk_leads_to_no_row_by_its_type_and_key(client):
    client.force_login(people.bob())
    assert client.get("/admin/r/1/1/").status_code == 404


def test_address_that_begins_a_form_with_nonsense_begins_an_empty_one(client):
    factories.campaign()
    client.force_login(people.bob())
    assert client.get("/admin/visits/opinion/add/?corrects=x&place=x&heard_at=x").status_code == 200


@pytest.mark.parametrize("number", [str(2**63), "9" * 5000, "-" + "9" * 40])
def test_filter_by_a_number_that_no_row_has_leads_back_to_the_list(client, number):
    client.force_login(people.bob())

    response = client.get(f"/admin/visits/visit/?entry={number}", follow=True)

    assert response.redirect_chain == [("/admin/visits/visit/?e=1", 302)]
    assert response.status_code == 200


def test_search_for_a_long_number_is_a_search(client):
    client.force_login(people.bob())

    response = client.get(f"/admin/visits/visit/?q={'9' * 40}")

    assert list(response.context["cl"].result_list) == []


@pytest.mark.parametrize("tick", ["没有", str(2**64)])
def test_tick_that_is_no_row_is_no_tick(client, tick):
    opinion = factories.opinion(factories.campaign())
    client.force_login(people.bob())

    response = client.post(
        "/admin/visits/opinion/", {"action": "accept_selected", "_selected_action": tick}, follow=True
    )

    assert [str(message) for message in response.context["messages"]] == [
        "条目必须选中以对其进行操作。没有任何条目被更改。"
    ]
    assert not opinion.issue_links.exists()


@pytest.mark.parametrize("days", [{"started_at_from": "0001-01-01"}, {"started_at_to": "9999-12-31"}])
def test_first_and_last_day_of_the_calendar_mean_ever(client, days):
    visit = factories.visit(factories.campaign(), factories.household())
    client.force_login(people.bob())

    assert list(client.get("/admin/visits/visit/", days).context["cl"].result_list) == [visit]
