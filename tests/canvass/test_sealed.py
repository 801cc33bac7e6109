"""Sealed texts: what opens them, what does not, and what stands for one that nothing opens."""

import copy
import pickle

import pytest
from django.core.exceptions import ImproperlyConfigured

from canvass.masks import masked_phone
from canvass.sealed import Unreadable, blind_index, blind_indexes, is_under_first_key, opened, seal
from canvass.settings import _generated_key

NUMBER, A, B = "13812345678", "a" * 40, "b" * 40


def test_seal_shows_nothing_and_opens(settings):
    settings.FIELD_KEYS = [A]
    once, again = seal(NUMBER), seal(NUMBER)
    assert once != again
    assert NUMBER not in once
    assert opened(once) == opened(again) == NUMBER


@pytest.mark.parametrize("nothing", ["", None])
def test_blank_stays_blank(nothing):
    assert seal(nothing) == opened(nothing) == nothing


def test_first_key_seals_and_every_key_opens(settings):
    settings.FIELD_KEYS = [A]
    old = seal(NUMBER)
    settings.FIELD_KEYS = [B, A]
    assert opened(old) == NUMBER
    assert (is_under_first_key(old), is_under_first_key(seal(NUMBER))) == (False, True)


@pytest.mark.parametrize("keys", [[B], []])
def test_what_no_key_opens_is_a_sentence_and_keeps_its_seal(settings, keys):
    settings.FIELD_KEYS = [A]
    stored = seal(NUMBER)
    settings.FIELD_KEYS = keys
    found = opened(stored)
    assert found == masked_phone(found) == "号码无法读取，请联系管理员"
    for same in (found, copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert isinstance(same, Unreadable)
        assert seal(same) == stored


@pytest.mark.parametrize("damaged", ["13812345678", "gAAAA", "", "gAAAAA=="])
def test_damaged_seal_is_no_crash(damaged):
    assert opened(damaged) in ("", "号码无法读取，请联系管理员")


def test_nothing_is_sealed_without_a_key(settings):
    settings.FIELD_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS is empty"):
        seal(NUMBER)


def test_blind_index_is_equal_for_equal_texts_under_one_key(settings):
    settings.FIELD_KEYS = [A]
    first = blind_index(NUMBER)
    assert first == blind_index(NUMBER) != blind_index("13812345679")
    assert blind_index("") == ""
    settings.FIELD_KEYS = [B, A]
    assert blind_index(NUMBER) != first
    assert blind_indexes(NUMBER) == [blind_index(NUMBER), first]


def test_private_site_makes_its_key_once(tmp_path, monkeypatch):
    monkeypatch.setattr("canvass.settings.VAR_DIR", tmp_path)
    key = _generated_key("field-key")
    assert len(key) >= 32
    assert _generated_key("field-key") == key
    assert (tmp_path / "field-key").stat().st_mode & 0o077 == 0
