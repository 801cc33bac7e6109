"""Opening a saved view: the same question again, in one's own place."""

import pytest

from reports.models import SavedView
from tests import factories, people
from tests.workbooks import TOWN, VILLAGE_A

pytestmark = pytest.mark.django_db


@pytest.fixture
def view():
    """Alice's office looks at the town; not shared yet."""
    campaign = factories.campaign()
    factories.place(VILLAGE_A)
    query = f"campaign={campaign.code}&place={TOWN}&as_of=2018-09-30&level=grid&figure=visits"
    return SavedView.objects.create(owner=people.bob(), campaign=campaign, name="各网格", query=query)


def opened(client, user, view):
    client.force_login(user)
    return client.get(f"/reports/breakdown/views/{view.pk}/", follow=True)


def test_saved_view_opens_for_its_owner(client, view):
    asked = opened(client, view.owner, view).context["page"].asked
    assert (asked.level, asked.question.place.code, str(asked.question.as_of_day)) == (
        "grid",
        TOWN,
        "2018-09-30",
    )


def test_saved_view_of_another_does_not_exist(client, view):
    assert opened(client, people.leader(), view).status_code == 404


def test_shared_view_opens_in_the_readers_own_place(client, view):
    SavedView.objects.update(is_shared=True)
    page = opened(client, people.village_office(), view)
    assert page.context["page"].asked.question.place.code == VILLAGE_A
    assert opened(client, people.leader(), view).context["page"].asked.question.place.code == TOWN


@pytest.mark.parametrize("who", ["alice", "clerk", "discipline", "nobody"])
def test_shared_view_is_for_those_who_read_reports(client, view, who):
    SavedView.objects.update(is_shared=True)
    assert opened(client, getattr(people, who)(), view).status_code == 403


def test_shared_view_of_a_foreign_campaign_does_not_exist(client, view):
    SavedView.objects.update(is_shared=True)
    assert opened(client, people.leader("330411106"), view).status_code == 404


def test_saved_view_does_not_open_what_its_owner_no_longer_reads(client, view):
    view.owner.cadre.postings.all().update(role="leading_group", place_id=VILLAGE_A)
    assert opened(client, view.owner, view).context["page"].asked.question.place.code == VILLAGE_A
