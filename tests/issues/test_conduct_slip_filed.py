"""Whoever filed a slip reads that it was received: /visits/conduct/<identity>/."""

from uuid import uuid4

import pytest

from tests import factories, people

from .conduct import SECRET, slip

pytestmark = pytest.mark.django_db


def test_only_whoever_filed_it_finds_it_and_nothing_of_its_content(client):
    alice = people.alice()
    kept = slip(factories.campaign(), factories.department(), created_by=alice)
    client.force_login(alice)

    page = client.get(f"/visits/conduct/{kept.client_id}/")

    assert kept.number in page.text
    assert SECRET not in page.text
    client.force_login(people.charlie())
    assert client.get(f"/visits/conduct/{kept.client_id}/").status_code == 404


def test_what_is_not_there_is_not_found(client):
    client.force_login(people.alice())
    assert client.get(f"/visits/conduct/{uuid4()}/").status_code == 404
