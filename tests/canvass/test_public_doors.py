"""The doors without a sign-in: each with its reason, and each either counts who knocks or has nothing to tell."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.issues.answers import answered
from tests.reports.bulletining import public
from tests.walk.doors import doors

pytestmark = pytest.mark.django_db
# name: why it is open. Add one only with a reason, and with a line in one of the two tables below.
OPEN = {
    "healthz": "a probe beside the server has no account; it learns that the database answers",
    "login": "the way in",
    "logout": "the way out is open also to whoever is out already",
    "grids:sign_in_code": "the second half of the way in; without the first it leads back to it",
    "campaigns:notice_show": "whoever is asked for anything may read what is kept of it",
    "issues:receipt_conduct": "whoever holds the code says how the department worked",
    "set_language": "the sign-in page itself can be read in another language",
    "set_elder_mode": "every page can be read in larger letters",
    "issues:receipt_lookup": "a resident has no sign-in, only the code of a receipt",
    "issues:receipt_show": "whoever holds the code reads what became of that one matter",
    "grids:welcome": "who holds a printed link has no password yet",
    "grids:welcome_code": "the same, at a PC without a camera",
    "visits:service_worker": "a phone looks for a newer version also when its sign-in has run out",
    "visits:offline": "the frame of pages without a signal; it holds nobody's data",
    "reports:bulletin": "for everybody, once the office has opened it",
}
# Django's own: ours leads to /login/, the other holds no data.
DJANGOS = {"admin:login", "admin:jsi18n"}


def wrong_password(client, _number):
    return client.post("/login/", {"username": "admin", "password": "wrong"})


# name: (what somebody does who guesses or crawls, how often that is answered)
COUNTED = {
    "login": (wrong_password, 5),
    "issues:receipt_show": (lambda client, number: client.get(f"/s/{number:012d}/"), 30),
    "issues:receipt_conduct": (lambda client, number: client.get(f"/s/{number:012d}/conduct/"), 30),
    "campaigns:notice_show": (lambda client, number: client.get(f"/notices/no-{number}/"), 30),
    "grids:welcome": (lambda client, number: client.get(f"/welcome/{number:026d}/"), 30),
    "reports:bulletin": (lambda client, number: client.get(f"/bulletin/no-{number}/"), 30),
}
# name: a request that the door answers without asking the database for anything of anybody's.
TELLS_NOTHING = {
    "healthz": lambda client: client.get("/healthz"),
    "logout": lambda client: client.post("/logout/"),
    # Whoever has the password is counted: tests/grids/test_sign_in_code.py.
    "grids:sign_in_code": lambda client: client.get("/login/code/"),
    "set_language": lambda client: client.post("/language/", {"language": "en"}),
    "set_elder_mode": lambda client: client.post("/elder/", {"elder": "1"}),
    "issues:receipt_lookup": lambda client: client.get("/s/?code=0123456789AB"),
    "grids:welcome_code": lambda client: client.post("/welcome/", {"code": "0123456789ABCDEFGHJKMNPQRS"}),
    "visits:service_worker": lambda client: client.get("/sw.js"),
    "visits:offline": lambda client: client.get("/visits/offline/"),
}


def test_only_listed_doors_are_open_to_strangers():
    assert {door.name for door in doors() if door.is_open} - DJANGOS == set(OPEN)


def test_every_open_door_counts_or_tells_nothing():
    assert set(COUNTED) | set(TELLS_NOTHING) == set(OPEN)
    assert not set(COUNTED) & set(TELLS_NOTHING)


@pytest.mark.parametrize("name", COUNTED)
def test_whoever_goes_on_guessing_has_to_wait(client, name):
    guess, limit = COUNTED[name]
    answers = [guess(client, number) for number in range(limit + 1)]

    assert 429 not in [answer.status_code for answer in answers[:limit]]
    assert answers[limit].status_code == 429
    assert int(answers[limit]["Retry-After"]) >= 600
    # Another address is not made to wait, and does not learn that the first one is.
    elsewhere = client.get("/login/", REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


@pytest.mark.parametrize("name", TELLS_NOTHING)
def test_door_that_counts_nobody_asks_the_database_for_nothing(client, name):
    with CaptureQueriesContext(connection) as asked:
        response = TELLS_NOTHING[name](client)
    assert response.status_code in (200, 302)
    assert [one["sql"] for one in asked if one["sql"] != "SELECT 1"] == []


def test_right_codes_and_looks_of_a_whole_village_are_not_refused(client):
    """One address may be a village behind one line: what is right is never counted as wrong."""
    campaign = factories.campaign()
    public(campaign)
    code = answered(campaign).typed_code
    for _resident in range(60):
        assert client.get(f"/s/{code}/").status_code == 200
        assert client.get(f"/bulletin/{campaign.code}/").status_code == 200


def test_count_of_who_knocks_holds_no_address(client):
    for number in range(3):
        client.get(f"/s/{number:012d}/", REMOTE_ADDR="198.51.100.7")
    assert not [key for key in cache._cache if "198.51.100.7" in key]
