"""Elder mode: /elder/ and the class that every page carries from then on."""

import re
from http.cookies import SimpleCookie

import pytest
from django.test import Client

from tests import factories, people
from tests.issues.answers import answered

pytestmark = pytest.mark.django_db


def is_elder(client, address):
    """What the page's own element says."""
    page = client.get(address).content.decode()
    assert "elder-switch" in page
    return re.search(r"<html [^>]*>", page)[0] == '<html lang="zh-hans" class="elder">'


def switch(client, elder, back="/login/", **extra):
    return client.post("/elder/", {"elder": elder, "next": back}, **extra)


def test_switch_lasts_a_year_and_leads_back(client):
    answer = switch(client, "1", "/login/?next=/visits/")
    cookie = answer.cookies["elder"]
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/visits/")
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["path"]) == (
        "1",
        31536000,
        "Lax",
        "/",
    )
    assert is_elder(client, "/login/")
    switch(client, "0")
    assert not is_elder(client, "/login/")


def test_every_kind_of_page_follows(client):
    campaign = factories.campaign()
    code = answered(campaign).typed_code
    addresses = ["/login/", "/welcome/", "/s/", f"/s/{code}/", "/visits/offline/"]
    assert [is_elder(client, address) for address in addresses] == [False] * 5
    switch(client, "1")
    assert [is_elder(client, address) for address in addresses] == [True] * 5
    client.force_login(people.alice())
    own = ["/visits/", "/visits/new/", "/visits/mine/", "/visits/outbox/", "/issues/", "/password/"]
    assert [is_elder(client, address) for address in own] == [True] * 6


def test_switch_stands_at_the_head_of_my_list_and_in_its_foot(client):
    factories.campaign()
    client.force_login(people.alice())
    page = client.get("/visits/?q=12").content.decode()
    assert page.count('<form class="elder-switch"') == 2
    assert page.count('name="next" value="/visits/?q=12"') >= 2


def test_resident_switches_without_any_token_and_comes_back_to_the_answer():
    resident = Client(enforce_csrf_checks=True)
    code = answered(factories.campaign()).typed_code
    answer = switch(resident, "1", f"/s/{code}/?language=en")
    assert (answer.status_code, answer["Location"]) == (302, f"/s/{code}/?language=en")
    assert set(answer.cookies) == {"elder"}


@pytest.mark.parametrize(
    "back", ["", "https://example.org/", "//example.org/x", "javascript:alert(1)", "/\\\\example.org"]
)
def test_nobody_is_led_to_another_site(client, back):
    assert switch(client, "1", back)["Location"] == "/"


@pytest.mark.parametrize("elder", ["", "2", "elder", "1; path=/admin"])
def test_anything_else_is_the_ordinary_mode(client, elder):
    assert switch(client, elder).cookies["elder"].value == "0"


def test_only_a_button_switches(client):
    assert client.get("/elder/").status_code == 405


def test_strange_cookie_is_the_ordinary_mode(client):
    client.cookies = SimpleCookie({"elder": '"><script>'})
    assert not is_elder(client, "/login/")
