"""Texts that lie sealed in the database: a stolen file or dump shows none of them without the keys of the site.

`FIELD_KEYS` are the keys: the first one seals, every one opens (docs/adr/0020). Sealing the same text twice gives two
different seals, so nobody can compare, sort or search a sealed column; what has to be found by its whole value
keeps a blind index beside it. A blank text stays blank: constraints and `exclude(phone="")` read that much.
"""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

SHORTEST_KEY = 32


class Unreadable(str):
    """What stands for a sealed text that none of the keys opens: a sentence. Saved again, the seal stays as it is."""

    seal = ""

    @classmethod
    def of(cls, seal):
        text = cls(_("号码无法读取，请联系管理员"))
        text.seal = seal
        return text


@cache
def _derived(key, purpose):
    return hmac.digest(key.encode(), purpose, hashlib.sha256)


@cache
def _ring(keys):
    if not keys:
        raise ImproperlyConfigured(
            "FIELD_KEYS is empty: without a key no telephone number is kept. docs/operations.md says how to make one."
        )
    return MultiFernet([_lock(key) for key in keys])


@cache
def _lock(key):
    return Fernet(base64.urlsafe_b64encode(_derived(key, b"canvass.sealed")))


def seal(text):
    """The text under the first key; nothing and blank stay what they are."""
    if isinstance(text, Unreadable):
        return text.seal
    return _ring(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else text


def opened(sealed):
    """The text of a seal, or Unreadable."""
    if not sealed:
        return sealed
    try:
        return _ring(tuple(settings.FIELD_KEYS)).decrypt(sealed).decode()
    except (InvalidToken, ImproperlyConfigured):
        return Unreadable.of(sealed)


def is_under_first_key(sealed):
    """Whether a seal needs no key but the first one."""
    try:
        _lock(settings.FIELD_KEYS[0]).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def blind_index(text):
    """A keyed digest of a text, equal for equal texts: to find a sealed one by its whole value. Blank for blank."""
    return _index(settings.FIELD_KEYS[0], text) if text and not isinstance(text, Unreadable) else ""


def blind_indexes(text):
    """The digests under every key: what to look for while the rows are being sealed anew."""
    return [_index(key, text) for key in settings.FIELD_KEYS] if text else []


def _index(key, text):
    return hmac.digest(_derived(key, b"canvass.blind_index"), text.encode(), hashlib.sha256).hex()[:32]


class SealedTextField(models.TextField):
    """A text that is sealed on its way into the database and opened on its way out.

    Compared with blank alone. It costs some ten microseconds a value, either way.
    """

    def get_db_prep_value(self, value, connection, prepared=False):
        value = super().get_db_prep_value(value, connection, prepared)
        return value if prepared else seal(value)

    def from_db_value(self, value, expression, connection):
        return opened(value)

    def to_python(self, value):
        return value if isinstance(value, Unreadable) else super().to_python(value)

    def get_prep_value(self, value):
        return value if isinstance(value, Unreadable) else super().get_prep_value(value)

    def get_lookup(self, lookup_name):
        return {"exact": _IsBlank, "isnull": super().get_lookup("isnull")}.get(lookup_name)

    def get_transform(self, lookup_name):
        return None

    def formfield(self, **kwargs):
        field = super().formfield(**kwargs)
        if isinstance(field.widget, forms.Textarea):
            field.widget = forms.TextInput()
            field.widget.attrs.update(field.widget_attrs(field.widget))
        return field

    # A form that shows the sentence and gets it back leaves the seal alone.

    def save_form_data(self, instance, data):
        stored = getattr(instance, self.attname)
        if not (isinstance(stored, Unreadable) and data == str(stored)):
            super().save_form_data(instance, data)

    def run_validators(self, value):
        if not isinstance(value, Unreadable):
            super().run_validators(value)


class _IsBlank(Exact):
    def get_prep_lookup(self):
        if self.rhs != "":
            raise FieldError("A sealed text is compared with blank alone; look for its blind index instead.")
        return self.rhs


class BlindIndexField(models.CharField):
    """The blind index of another field of the row, written with it by `save` and by everything in bulk."""

    def __init__(self, *args, of="", **kwargs):
        self.of = of
        super().__init__(*args, **{"max_length": 32, "blank": True, "editable": False} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance, add):
        text = getattr(model_instance, self.of)
        if not isinstance(text, Unreadable):
            setattr(model_instance, self.attname, blind_index(text))
        return getattr(model_instance, self.attname)
