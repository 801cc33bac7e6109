"""Which record an address means, and where it lies: the columns of a row of the audit log that name it."""

from functools import cache

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import ForeignKey

from canvass.opens import record_named

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
