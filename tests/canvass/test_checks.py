"""What `manage.py check` refuses about the keys that numbers are sealed with."""

import pytest

from canvass.checks import keys_are_there, sealed_rows_can_be_sealed_anew
from grids.models import Cadre

from .test_settings import settings as settings_of

KEY = "k" * 32


@pytest.mark.parametrize(
    ("keys", "ids"), [([KEY], []), ([], ["canvass.E001"]), ([KEY, "short"], ["canvass.E002"])]
)
def test_keys_have_to_be_there_and_long(settings, keys, ids):
    settings.FIELD_KEYS = keys
    assert [error.id for error in keys_are_there(None)] == ids


def test_public_site_has_no_key_unless_it_is_named_and_a_private_one_makes_it():
    public = {"ALLOWED_HOSTS": "canvass.example"}
    assert settings_of(**public)["keys"] == 0
    assert settings_of(**public, FIELD_KEYS=f"{KEY},{KEY}x")["keys"] == 2
    assert settings_of()["keys"] == 1


def test_sealed_column_of_a_table_that_nobody_changes_is_refused(monkeypatch):
    assert list(sealed_rows_can_be_sealed_anew(None)) == []
    monkeypatch.setattr(Cadre, "append_only", True, raising=False)
    assert [error.id for error in sealed_rows_can_be_sealed_anew(None)] == ["canvass.E003"]
