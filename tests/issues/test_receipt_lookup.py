"""Typing the code of a receipt: /s/."""

import pytest

from tests import factories
from tests.issues.answers import answered

pytestmark = pytest.mark.django_db


def test_form_is_open_to_everybody(client):
    page = client.get("/s/")
    assert page.status_code == 200
    assert 'name="code"' in page.text


def test_typed_code_leads_to_its_answer(client):
    receipt = answered(factories.campaign())
    page = client.get("/s/", {"code": f" {receipt.typed_code.lower()} "}, follow=True)
    assert page.redirect_chain == [(f"/s/{receipt.code}/", 302)]
    assert "换了新的雨水管。" in page.text


def test_language_goes_along(client):
    page = client.get("/s/", {"code": "0000", "language": "en"})
    assert page["Location"] == "/s/0000/?language=en"


@pytest.mark.parametrize("typed", ["", "  ", "——", "//", "%0a"])
def test_what_holds_no_code_shows_the_form_again(client, typed):
    page = client.get("/s/", {"code": typed})
    assert page.status_code == (302 if typed == "%0a" else 200)


def test_form_takes_no_post(client):
    assert client.post("/s/", {"code": "0000"}).status_code == 405
