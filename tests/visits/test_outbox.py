"""The queue of a phone: /visits/outbox/. What it shows comes from the phone: see tests/e2e/test_outbox.py."""

import pytest
from django.urls import reverse

from tests import factories, people

pytestmark = pytest.mark.django_db


def test_page_is_empty_but_for_whose_it_is(client):
    factories.campaign()
    alice = people.alice()
    client.force_login(alice)
    response = client.get(reverse("visits:outbox"))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'data-person="{alice.pk}"' in page
    assert '<ul id="outbox"></ul>' in page


@pytest.mark.parametrize("who", [people.leader, people.inspector, people.clerk, people.discipline])
def test_roles_that_do_not_visit_have_no_queue(client, who):
    factories.campaign()
    client.force_login(who())
    assert client.get(reverse("visits:outbox")).status_code == 403
    assert 'id="phone"' not in client.get("/", follow=True).content.decode()


def test_anonymous_is_asked_to_sign_in(client):
    assert client.get(reverse("visits:outbox"))["Location"].startswith("/login/?next=/visits/outbox/")
