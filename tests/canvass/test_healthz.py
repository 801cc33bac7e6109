"""The page that a monitor asks."""

import pytest
from django.db import OperationalError


@pytest.mark.django_db
def test_healthz_answers_without_a_sign_in(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_healthz_says_when_the_database_is_away(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("secret host name refused the connection")

    monkeypatch.setattr("canvass.views.connection.cursor", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert b"secret" not in response.content


@pytest.mark.django_db
def test_healthz_only_answers_questions(client):
    assert client.post("/healthz").status_code == 405
