"""Which record an address means, and where it lies: the columns of a row of the audit log that name it."""

from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import ForeignKey
from django.urls import URLPattern, get_resolver

from canvass.opens import named_words, opened_by, record_named

from .models import Place

# How far a record may be from its place: a photo's is that of its visit, a receipt's that of its words.
FARTHEST = 3


@cache
def place_path(model):
    """The lookup that leads from a record to the code of its place, "" when it has none; the shortest one.

    People are no way to a place: who wrote a record need not be posted where it lies.
    """
    if model._meta.concrete_model is Place:
        return "pk"
    ways = [(model, ())]
    for _step in range(FARTHEST):
        longer = []
        for here, way in ways:
            for field in here._meta.concrete_fields:
                if not isinstance(field, ForeignKey) or not field.concrete:
                    continue
                target = field.related_model
                if target._meta.concrete_model is Place:
                    return "__".join([*way, field.attname])
                if target._meta.model_name not in ("user", "cadre"):
                    longer.append((target, (*way, field.name)))
        ways = longer
    return ""


def place_of(model, key):
    """The code of the place of a record, "" when it has none or is not there."""
    return _find(model, "pk", key)[1]


def about_row(row):
    """(model, key, code of the place) of a row at hand; asks nothing when the row itself holds the code."""
    model, path = type(row), place_path(type(row))
    place = place_of(model, row.pk) if "__" in path else str(getattr(row, path) or "") if path else ""
    return model, str(row.pk), place


def record_of(match):
    """(model, key, code of the place) of the record that an address names; (None, "", "") when it names none.

    What is not there keeps the number that was asked for, if it is one: what else somebody typed is not kept.
    """
    named = record_named(match)
    if named is None:
        return None, "", ""
    model, field, text = named
    key, place = _find(model, field, text)
    if not key and field == "pk" and text.isascii() and text.isdigit() and len(text) < 20:
        key = text
    return model, key, place


def _find(model, field, value):
    """(key, code of the place) of a row, whoever may see it: the log speaks of refused attempts too."""
    path = place_path(model) or "pk"
    try:
        found = model._base_manager.filter(**{field: value}).values_list("pk", path).first()
    except (ValueError, ValidationError, OverflowError, FieldDoesNotExist):
        return "", ""
    if found is None:
        return "", ""
    key, place = found
    return str(key), (place or "") if place_path(model) else ""


# --- All of them --------------------------------------------------------------------------------------------


def addresses(resolver=None, before=""):
    """(name, pattern) of every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{before}{pattern.name}", pattern
        else:
            space = f"{before}{pattern.namespace}:" if pattern.namespace else before
            yield from addresses(pattern, space)


def words_of(pattern):
    """The words of an address that name a record."""
    return sorted(named_words(pattern.pattern.regex.groupindex or dict(pattern.pattern.converters)))


@cache
def named_models():
    """Every model whose records have an address of their own, by label."""
    found = {}
    for _name, pattern in addresses():
        said = opened_by(pattern.callback) if words_of(pattern) else None
        for model in said.all_models() if said else ():
            found[model._meta.label] = model
    return found


def kind_of(label):
    """The word for a kind of record: its model's name, or the label of a model that is gone."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def keys_of(model, typed):
    """The keys that a typed number may mean: that of the row, or the number that people know it by."""
    keys = {typed}
    for name in ("number", "staff_number", "code", "username"):
        if any(field.name == name for field in model._meta.concrete_fields):
            found = model._base_manager.filter(**{name: typed}).values_list("pk", flat=True)[:10]
            keys.update(map(str, found))
    return keys
