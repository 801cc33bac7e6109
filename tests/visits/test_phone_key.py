"""The key for what lies on the phone: /visits/phone-key/."""

import base64

import pytest
from django.urls import reverse

from tests import factories, people

pytestmark = pytest.mark.django_db
ADDRESS = "/visits/phone-key/"


@pytest.fixture
def alice():
    factories.campaign()
    return people.alice()


def test_live_sign_in_is_told_its_own_key_and_no_cache_keeps_it(client, alice):
    client.force_login(alice)
    answer = client.get(reverse("visits:phone_key"))
    told = answer.json()
    assert told["person"] == str(alice.pk)
    assert [len(base64.b64decode(key)) for key in told["keys"]] == [32]
    assert told["csrf"]
    assert "no-store" in answer["Cache-Control"]


def test_key_is_the_same_after_the_next_sign_in_and_another_persons_is_not(client, alice):
    def key(user):
        client.force_login(user)
        return client.get(ADDRESS).json()["keys"]

    assert key(alice) == key(alice) != key(people.charlie())


def test_former_secret_can_still_open_what_lies_on_the_phone(client, alice, settings):
    client.force_login(alice)
    before = client.get(ADDRESS).json()["keys"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new secret of the installation"
    client.force_login(alice)
    after = client.get(ADDRESS).json()["keys"]
    assert after[1:] == before != after[:1]


def test_signed_out_phone_gets_no_key(client):
    answer = client.get(ADDRESS, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})
    assert client.get(ADDRESS).status_code == 302
