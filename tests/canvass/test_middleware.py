"""What every response carries, and what every page asks of a stranger."""

import gzip

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests import people

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Pages without a sign-in, by name; add one only with a reason. The sign-in page itself can change its language
# and every page the size of its letters;
# a resident has no sign-in, only the code of a receipt; who holds a printed link has none yet; the service worker and
# its frame for pages without a signal hold nobody's data, and a phone looks for their newer version also when its
# sign-in has run out; the residents' bulletin is for everybody, once the office has opened it.
OPEN = {
    *("healthz", "login", "logout", "set_language", "set_elder_mode"),
    *("issues:receipt_lookup", "issues:receipt_show", "issues:receipt_conduct"),
    *("grids:welcome", "grids:welcome_code", "grids:sign_in_code"),
    *("visits:service_worker", "visits:offline"),
    *("reports:bulletin", "campaigns:notice_show"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/", "/static/none.css", "/admin/"])
def test_every_response_carries_the_policies(client, address):
    response = client.get(address)
    assert response["Content-Security-Policy"] == POLICY
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Permissions-Policy"] == (
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/visits/visit/?grid=%00", 200),
        ("/admin/autocomplete/?app_label=visits&model_name=visit&field_name=entry&term=%00", 200),
        ("/admin/grids/grid/%00/change/", 404),
    ],
)
def test_nul_in_an_address_of_the_desk_breaks_nothing(client, db, address, status):
    client.force_login(people.bob())

    response = client.get(address)

    assert (response.status_code, response["Content-Security-Policy"]) == (status, POLICY)


def _compressed(client, address):
    return client.get(address, headers={"accept-encoding": "gzip, deflate, br"})


def test_page_travels_compressed_and_its_size_tells_nothing(client, db):
    plain = client.get("/visits/offline/")
    answers = [_compressed(client, "/visits/offline/") for _try in range(20)]
    assert plain.get("Content-Encoding") is None
    assert {(answer["Content-Encoding"], answer["Vary"].count("Accept-Encoding")) for answer in answers} == {
        ("gzip", 1)
    }
    assert {gzip.decompress(answer.content) for answer in answers} == {plain.content}
    assert max(len(answer.content) for answer in answers) < len(plain.content) / 2
    assert len({len(answer.content) for answer in answers}) > 1


@pytest.mark.parametrize("address", ["/visits/phone-key/", "/reports/workbook/template/"])
def test_what_is_no_text_is_left_as_it_is(client, db, address):
    client.force_login(people.bob())
    answer = _compressed(client, address)
    answer.close()
    assert (answer.status_code, answer.get("Content-Encoding")) == (200, None)


def _patterns(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(
                pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback


def test_only_listed_pages_are_open_to_strangers():
    unmarked = {
        name for name, view in _patterns(get_resolver()) if not getattr(view, "login_required", True)
    } - {"admin:login", "admin:jsi18n"}  # Django's own: ours leads to /login/, the other holds no data
    assert unmarked == OPEN


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/admin/", "/admin/login/"])
def test_stranger_is_sent_to_the_one_sign_in_page(client, address):
    response = client.get(address, follow=True)
    assert [status for _, status in response.redirect_chain] == [302] * len(response.redirect_chain)
    assert response.redirect_chain[-1][0].startswith("/login/?next=")
