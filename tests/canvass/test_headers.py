"""What every answer says to a browser, whatever kind of answer it is; and what a public site says besides."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from issues.models import Issue
from tests import factories, people
from tests.issues.answers import answered
from tests.reports.bulletining import public

ROOT = Path(__file__).resolve().parents[2]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
CHATTER = ("Server", "X-Powered-By", "X-Django-Version", "Via")


def directives(response):
    policy = response["Content-Security-Policy"]
    return {name: sources for name, _, sources in (part.partition(" ") for part in policy.split("; "))}


def broken(client, monkeypatch):
    """The page of an error that nobody expected."""

    def explode(*args):
        raise RuntimeError("SECRET-REASON")

    monkeypatch.setattr("grids.views.open_postings", explode)
    client.raise_request_exception = False
    return client.get("/password/")


KINDS = {
    "page": lambda client, patch: (client.get("/visits/"), 200),
    "admin": lambda client, patch: (client.get("/admin/visits/visit/"), 200),
    "JSON": lambda client, patch: (client.get("/visits/phone-key/"), 200),
    "file": lambda client, patch: (client.get("/reports/workbook/template/"), 200),
    "CSV": lambda client, patch: (client.get("/reports/breakdown.csv"), 200),
    "static": lambda client, patch: (client.get("/static/canvass/canvass.css"), 200),
    "no static": lambda client, patch: (client.get("/static/none.css"), 404),
    "404": lambda client, patch: (client.get("/nowhere/"), 404),
    "403": lambda client, patch: (client.get("/issues/restricted/"), 403),
    "405": lambda client, patch: (client.delete("/visits/"), 405),
    "400": lambda client, patch: (client.get("/login/", headers={"host": "evil.example"}), 400),
    "500": lambda client, patch: (broken(client, patch), 500),
    "redirect": lambda client, patch: (client.get("/visits"), 301),
    "forged form": lambda client, patch: (Client(enforce_csrf_checks=True).post("/login/"), 403),
    "sign-in": lambda client, patch: (Client().get("/visits/"), 302),
    "worker": lambda client, patch: (client.get("/sw.js"), 200),
    "receipt": lambda client, patch: (Client().get(f"/s/{answered(patch.campaign).typed_code}/"), 200),
    "bulletin": lambda client, patch: (Client().get(f"/bulletin/{patch.campaign.code}/"), 200),
    "probe": lambda client, patch: (Client().get("/healthz"), 200),
}
# Everything else is kept by nobody.
KEPT = {
    "admin": "max-age=0, no-cache, no-store, must-revalidate, private",
    "JSON": "max-age=0, no-cache, no-store, must-revalidate, private",
    "probe": "max-age=0, no-cache, no-store, must-revalidate, private",
    "receipt": "no-store",
    "bulletin": "public, max-age=300",
    "worker": "no-cache",
}


@pytest.fixture
def answer(request, client, db, monkeypatch):
    """(response, the status that it should have) of one kind of answer, asked by the campaign's office."""
    monkeypatch.campaign = factories.campaign()
    client.force_login(public(monkeypatch.campaign))
    response, status = KINDS[request.param](client, monkeypatch)
    yield request.param, response, status
    if response.streaming:
        response.close()


@pytest.mark.parametrize("answer", KINDS, indirect=True)
def test_every_answer_says_the_same(answer):
    kind, response, status = answer

    assert response.status_code == status
    assert directives(response) == POLICY
    said = {name: response.get(name) for name in ALWAYS}
    # A resident's page tells no other page, of this site neither, the code in its address.
    assert said == ALWAYS | ({"Referrer-Policy": "no-referrer"} if kind == "receipt" else {})
    assert not [name for name in CHATTER if name in response]
    if kind != "static":
        assert response["Cache-Control"] == KEPT.get(kind, "private, no-store")


def test_page_on_which_one_writes_brings_back_what_was_typed(client, db):
    """Its browser may keep it, and asks before showing it anew; a proxy keeps neither kind."""
    campaign = factories.campaign()
    entry = factories.household()
    client.force_login(people.alice())

    form = client.get(f"/visits/new/?entry={entry.number}&campaign={campaign.code}", follow=True)
    assert (b"<textarea" in form.content, form["Cache-Control"]) == (True, "private, no-cache")
    assert client.get("/visits/")["Cache-Control"] == "private, no-store"


ERRORS = {"404": "没有找到", "403": "权限", "400": "", "500": "系统出了问题", "forged form": ""}


@pytest.mark.parametrize("answer", ERRORS, indirect=True)
def test_error_page_tells_in_chinese_how_to_go_on_and_nothing_of_the_inside(answer):
    kind, response, _status = answer
    page = response.content.decode()

    assert ERRORS[kind] in page
    assert 'href="/"' in page or "<form" in page
    assert not [
        word for word in ("Traceback", "SECRET-REASON", "RuntimeError", "Exception", ".py") if word in page
    ]


def test_cookies_are_for_this_site_and_out_of_scripts_reach(client, db):
    user = people.bob()
    user.set_password("walks-the-house-7")
    user.save()
    client.post("/login/", {"username": user.username, "password": "walks-the-house-7"})
    client.get("/login/")
    client.post("/language/", {"language": "en"})

    for name in ("sessionid", "csrftoken", "django_language"):
        cookie = client.cookies[name]
        assert (name, bool(cookie["httponly"]), cookie["samesite"]) == (name, True, "Lax")


PUBLIC = """
import json
from canvass import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
import django
django.setup()
from django.conf import settings as s
from django.test import Client
told = {"plain": Client().get("/login/", headers={"host": "canvass.example"})}
told["page"] = Client().get("/login/", secure=True, headers={"host": "canvass.example"})
told["lost"] = Client().get("/nowhere/", secure=True, headers={"host": "canvass.example"})
print(json.dumps({
    "answers": {name: [r.status_code, dict(r.items())] for name, r in told.items()},
    "cookies": {name: dict(c) for name, c in told["page"].cookies.items()},
    "session": [s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN],
}))
"""


@pytest.fixture(scope="module")
def public_site():
    """What a site that others can reach says; settings are read once, so that this is a process of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "canvass.settings",
        "ALLOWED_HOSTS": "canvass.example",
        "SECRET_KEY": "x" * 50,
        "FIELD_KEYS": "y" * 50,
        "DATABASE_URL": "sqlite://:memory:",
        "DEBUG": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", PUBLIC], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_public_site_is_reached_by_https_alone(public_site):
    status, headers = public_site["answers"]["plain"]
    assert (status, headers["Location"]) == (301, "https://canvass.example/login/")
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]

    for name, expected in (("page", 200), ("lost", 404)):
        status, headers = public_site["answers"][name]
        assert status == expected
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert headers["Content-Security-Policy"].endswith("; upgrade-insecure-requests")


def test_cookies_of_a_public_site_cannot_be_planted_by_a_neighbour(public_site):
    assert public_site["session"] == ["__Host-session", True, "/", None]
    cookie = public_site["cookies"]["__Host-csrf"]
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["httponly"]) == (True, "/", "", True)


def test_no_page_has_anything_inline(client, db):
    """The policy would block it; nobody would notice on a page that no browser test opens."""
    campaign = factories.campaign()
    factories.visit(campaign, factories.household())
    factories.issue(campaign)
    client.force_login(people.bob())
    for path in ("/", "/reports/", "/visits/", "/issues/", f"/issues/{Issue.objects.get().pk}/", "/admin/"):
        page = client.get(path, follow=True).content.decode()
        assert not [
            word for word in (" onclick=", " onload=", " style=", "<style", "javascript:") if word in page
        ]
