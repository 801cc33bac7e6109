"""Many sealed rows at once: sealing what lay in clear, opening it again, and sealing it anew under the first key.

Each works through a table in batches by primary key, a transaction each, and passes over what is done already: broken
off, it goes on where it stopped. A row that somebody saves meanwhile is left as he or she saved it.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from .sealed import (
    FIRST_LETTERS,
    BlindIndexField,
    SealedTextField,
    Unreadable,
    blind_index,
    is_under_first_key,
    opened,
    seal,
)

BATCH = 1000


@dataclass
class Count:
    """What became of the rows of one column that are not blank."""

    done: int = 0
    kept: int = 0
    unreadable: int = 0


def sealed_columns():
    """(model, field) of every sealed column of the site."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedTextField):
                yield model, field


def seal_rows(model, name):
    """Seal what lies in clear. For the migration that makes a column a sealed one."""
    return _go_through(model, name, lambda raw: None if raw.startswith(FIRST_LETTERS) else seal(raw))


def open_rows(model, name):
    """The way back: put every text in clear again. One that no key opens stops it, before the keys are thrown away."""

    def change(raw):
        text = opened(raw) if raw.startswith(FIRST_LETTERS) else raw
        if isinstance(text, Unreadable):
            raise RuntimeError(
                f"{model.__name__}.{name}: a row cannot be opened with the FIELD_KEYS of today."
            )
        return None if text == raw else text

    return _go_through(model, name, change, indexed=False)


def reseal_rows(model, name, *, write=True):
    """Seal under the first key what lies under another one. What none opens is counted and left alone."""

    def change(raw):
        if is_under_first_key(raw):
            return None
        text = opened(raw)
        return text if isinstance(text, Unreadable) else seal(text)

    return _go_through(model, name, change, write=write)


def forget_clear_rows(connection, *tables):
    """What an UPDATE replaced still lies in the file until it is written anew. Outside a transaction alone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _go_through(model, name, change, *, indexed=True, write=True):
    """Ask `change` about every raw text: None keeps it, Unreadable is counted, anything else is written as it is."""
    count = Count()
    index = next((f.name for f in _indexes(model, name)), None) if indexed else None
    columns = ["pk", "raw", *([index] if index else [])]
    rows = model._base_manager.annotate(raw=Cast(name, models.TextField())).order_by("pk")
    last = None
    while batch := list((rows.filter(pk__gt=last) if last else rows).values_list(*columns)[:BATCH]):
        last = batch[-1][0]
        with transaction.atomic():
            for pk, raw, *stored in batch:
                if not raw:
                    continue
                found = change(raw)
                if isinstance(found, Unreadable):
                    count.unreadable += 1
                    continue
                values = {} if found is None else {name: models.Value(found, models.TextField())}
                if index and (fresh := blind_index(opened(found or raw))) and [fresh] != stored:
                    values[index] = fresh
                if not values:
                    count.kept += 1
                elif not write or rows.filter(pk=pk, raw=raw).update(**values):
                    count.done += 1
    return count


def _indexes(model, name):
    return (f for f in model._meta.concrete_fields if isinstance(f, BlindIndexField) and f.of == name)
