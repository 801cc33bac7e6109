"""The service worker: /sw.js."""

import json
import re

import pytest
from django.contrib.staticfiles import finders

from visits.phone_views import ASSETS
from visits.phone_words import WORDS


def told(response):
    return json.loads(re.match(r"const SITE = (.*);\n", response.content.decode())[1])


@pytest.mark.django_db
def test_worker_names_the_frame_and_every_file_that_exists(client):
    response = client.get("/sw.js")
    site = told(response)
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert site["shell"] == "/visits/offline/"
    assert site["assets"] == [f"/static/{name}" for name in ASSETS]
    assert client.get(site["shell"]).status_code == 200
    assert [name for name in ASSETS if not finders.find(name)] == []


@pytest.mark.django_db
def test_worker_changes_when_a_file_or_a_word_does(client, monkeypatch):
    before = told(client.get("/sw.js"))["version"]
    assert told(client.get("/sw.js", headers={"accept-language": "en"}))["version"] == before
    monkeypatch.setitem(WORDS, "draft", "还没填完")
    assert told(client.get("/sw.js"))["version"] != before
    before = told(client.get("/sw.js"))["version"]
    monkeypatch.setattr("visits.phone_views.ASSETS", ASSETS[1:])
    assert told(client.get("/sw.js"))["version"] != before


@pytest.mark.django_db
def test_pages_ask_for_no_script_that_is_not_taken_along(client):
    from tests import factories, people

    from .forms import file_address

    factories.campaign()
    alice = people.alice()
    entry = factories.household()
    client.force_login(alice)
    addresses = ["/visits/", "/visits/offline/", f"/visits/entries/{entry.number}/", file_address(entry)]
    for address in addresses:
        page = client.get(address, follow=True).content.decode()
        files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
        assert set(files) <= set(ASSETS), address
