"""The letters and digits under the QR code, for a PC without a camera."""

import pytest
from django.test import Client

from tests import people
from tests.desk import text
from tests.signing_in import printed, worker

pytestmark = pytest.mark.django_db


def test_typed_code_leads_to_the_link(client):
    token = printed(worker(), people.bob())
    code = "-".join(token[at : at + 4] for at in range(0, 26, 4)).lower()

    response = client.post("/welcome/", {"code": f" {code} "}, follow=True)

    assert response.redirect_chain == [(f"/welcome/{token}/", 302)]
    assert "是您吗" in text(response)


@pytest.mark.parametrize("code", ["", "  ", "——", "错的", "0" * 500, "../admin", "\x00"])
def test_wrong_code_finds_nothing(client, code):
    response = client.post("/welcome/", {"code": code}, follow=True)

    assert response.status_code in (200, 404)
    assert "第一次登录" in text(response)


def test_page_is_the_same_for_everybody_and_needs_a_token_against_forgery():
    assert Client().get("/welcome/").status_code == 200
    assert Client(enforce_csrf_checks=True).post("/welcome/", {"code": "X"}).status_code == 403
