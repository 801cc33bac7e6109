"""The frame for pages without a signal: /visits/offline/."""

import pytest

from tests import factories, people

pytestmark = pytest.mark.django_db


def test_frame_is_open_to_anybody_and_names_nobody(client):
    factories.campaign()
    stranger = client.get("/visits/offline/").content.decode()
    client.force_login(people.alice())
    own = client.get("/visits/offline/").content.decode()
    assert 'data-person=""' in stranger
    assert own == stranger
    assert "艾一丽" not in own
