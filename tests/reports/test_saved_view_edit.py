"""Renaming, sharing and throwing away an own view."""

import pytest

from reports.models import SavedView
from tests import factories, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def view():
    campaign = factories.campaign()
    return SavedView.objects.create(owner=people.bob(), campaign=campaign, name="旧名", query="level=team")


def edit(client, user, view, **typed):
    client.force_login(user)
    return client.post(f"/reports/breakdown/views/{view.pk}/edit/", typed)


def test_saved_view_is_renamed_and_shared_by_the_office(client, view):
    assert edit(client, view.owner, view, name="新名", is_shared="on").status_code == 302
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.query) == ("新名", True, "level=team")
    edit(client, view.owner, view, name="新名")
    view.refresh_from_db()
    assert not view.is_shared


def test_saved_view_is_shared_by_nobody_else(client, view):
    own = SavedView.objects.create(
        owner=people.leader(), campaign=view.campaign, name="我的", query="level=grid"
    )
    edit(client, own.owner, own, name="还是我的", is_shared="on")
    own.refresh_from_db()
    assert (own.name, own.is_shared) == ("还是我的", False)


def test_saved_view_keeps_its_name_apart(client, view):
    SavedView.objects.create(owner=view.owner, campaign=view.campaign, name="另一个", query="level=grid")
    answer = edit(client, view.owner, view, name="另一个")
    assert (answer.status_code, "您已有同名的视图" in answer.content.decode()) == (422, True)
    view.refresh_from_db()
    assert view.name == "旧名"


def test_saved_view_is_thrown_away_by_its_owner(client, view):
    answer = edit(client, view.owner, view, action="delete")
    assert answer.headers["Location"] == "/reports/breakdown/views/"
    assert not SavedView.objects.exists()
    assert "已删除视图“旧名”。" in client.get("/reports/breakdown/views/").content.decode()


@pytest.mark.parametrize("is_shared", [False, True])
def test_saved_view_of_another_cannot_be_changed(client, view, is_shared):
    SavedView.objects.update(is_shared=is_shared)
    other = people.bob("330411")
    assert edit(client, other, view, name="占用").status_code == 404
    assert edit(client, other, view, action="delete").status_code == 404
    assert client.get(f"/reports/breakdown/views/{view.pk}/edit/").status_code == 404
    assert SavedView.objects.get().name == "旧名"
