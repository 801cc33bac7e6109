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
from django.db.models import Lookup
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

SHORTEST_KEY = 32
FIRST_LETTERS = "gAAAA"  # of every Fernet token until the year 2106


class Unreadable(str):
    """What stands for a sealed text that none of the keys opens: a sentence. Saved again, the seal stays as it is."""

    seal = ""

    @classmethod
    def of(cls, seal):
        text = cls(_("号码无法读取，请联系管理员"))
        text.seal = seal
        return text


def readable(text):
    """The text, blank for one that cannot be read: for papers, on which the sentence would help nobody."""
    return "" if isinstance(text, Unreadable) else text


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


def seal_bytes(content):
    return _ring(tuple(settings.FIELD_KEYS)).encrypt(content)


def opened_bytes(sealed):
    """What lies under a seal, or None when no key opens it."""
    try:
        return _ring(tuple(settings.FIELD_KEYS)).decrypt(sealed)
    except (InvalidToken, ImproperlyConfigured):
        return None


def seal(text):
    """The text under the first key; nothing and blank stay what they are."""
    if isinstance(text, Unreadable):
        return text.seal
    return seal_bytes(text.encode()).decode() if text else text


def opened(sealed):
    """The text of a seal, or Unreadable."""
    if not sealed:
        return sealed
    found = opened_bytes(sealed.encode())
    return Unreadable.of(sealed) if found is None else found.decode()


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
        known = {"exact": _IsBlank, "is_sealed": _IsSealed, "isnull": super().get_lookup("isnull")}
        return known.get(lookup_name)

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


class _IsSealed(Lookup):
    """For a constraint: what stands in the column looks like a seal, so nobody wrote a number past the field."""

    lookup_name, prepare_rhs = "is_sealed", False

    def as_sql(self, compiler, connection):
        column, parameters = self.process_lhs(compiler, connection)
        return f"SUBSTR({column}, 1, {len(FIRST_LETTERS)}) = '{FIRST_LETTERS}'", parameters


class _Computed(DeferredAttribute):
    """Reads the other field, unless that was not loaded or cannot be read: then what is stored holds."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        text = instance.__dict__.get(self.field.of)
        if text is None or isinstance(text, Unreadable):
            stored = instance.__dict__.get(self.field.attname)
            return super().__get__(instance, cls) if stored is None else stored
        return blind_index(text)

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class BlindIndexField(models.CharField):
    """The blind index of another field of the row: whatever is written of a row writes the right one.

    `save(update_fields=…)` and `update()` have to name both (`with_indexes`).
    """

    descriptor_class = _Computed

    def __init__(self, *args, of="", **kwargs):
        self.of = of
        super().__init__(*args, **{"max_length": 32, "blank": True, "editable": False} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}


def with_indexes(instance, names):
    """These columns of a row, for `save(update_fields=…)`, with the blind indexes that follow from them."""
    fields = instance._meta.concrete_fields
    return [*names, *(f.name for f in fields if isinstance(f, BlindIndexField) and f.of in names)]
