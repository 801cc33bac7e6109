"""Stop looking at somebody else's pages: /viewing/stop/."""

import pytest

from grids.models import ViewingStep
from tests import factories, people

from .test_view_as import begin

pytestmark = pytest.mark.django_db


def test_stop_brings_the_own_pages_back(client):
    factories.campaign()
    bob = people.bob()
    begin(client, bob, people.alice())

    page = client.post("/viewing/stop/", follow=True)

    assert "已停止代看" in page.text
    assert "正在代看" not in page.text
    assert page.context["user"] == bob
    assert ViewingStep.objects.filter(kind="ended", by=bob).count() == 1


def test_a_second_stop_changes_nothing(client):
    begin(client, people.bob(), people.alice())
    for _press in range(2):
        client.post("/viewing/stop/")

    assert ViewingStep.objects.filter(kind="ended").count() == 1


def test_stop_is_a_button_and_no_link(client):
    client.force_login(people.bob())
    assert client.get("/viewing/stop/").status_code == 405


def test_stranger_stops_nothing(client):
    begin(client, people.bob(), people.alice())
    other = type(client)()
    other.force_login(people.charlie())

    other.post("/viewing/stop/")

    assert not ViewingStep.objects.filter(kind="ended").exists()
