"""Blanking a stretch of words, in SQL: the very same expression makes the change and is what the triggers allow.

Each character becomes one █. So nothing moves: two clerks who blank two stretches of one text do not disturb each
other, and no text outgrows its column. A stretch inside a JSON column is named by a path like $."note" or $."a"[0]."b".
"""

import re

from django.apps import apps
from django.db import models

MARK = "█"
LONGEST = 50


def log_model():
    """The model whose rows allow a change: the one that says `is_redaction_log`. None while there is none."""
    return next((model for model in apps.get_models() if getattr(model, "is_redaction_log", False)), None)


def columns_of(model):
    """{column: whether it is JSON} of the words of a model that may be blanked."""
    return {
        name: isinstance(model._meta.get_field(name), models.JSONField)
        for name in getattr(model, "redactable", ())
    }


def strings(value, path="$"):
    """(path, text) of every text inside a JSON value."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from strings(item, f"{path}[{n}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if re.search(r'["$.\[\]/]', key) and not isinstance(item, int | float | bool | None):
                raise ValueError(f"No path leads to the key {key}")
            yield from strings(item, f'{path}."{key}"')


def sql_after(vendor, column, *, is_json, row, path, start, length):
    """SQL for a column with a stretch blanked. `row` is "", "OLD." or an alias; the others are SQL too."""
    text = f'{row}"{column}"'
    if not is_json:
        return _blanked(vendor, text, start, length)
    inner = _inner(vendor, text, path)
    if vendor == "postgresql":
        return f"jsonb_set({text}, {_keys(path)}, to_jsonb({_blanked(vendor, inner, start, length)}))"
    return f"json_set({text}, {path}, {_blanked(vendor, inner, start, length)})"


def sql_door(vendor, model, table_columns):
    """SQL that is true where an UPDATE (OLD, NEW) does nothing but what a row of the log says; "" where there is no door."""
    log = log_model()
    if log is None or not columns_of(model):
        return ""
    ways = [
        _way(vendor, model, table_columns, column, is_json) for column, is_json in columns_of(model).items()
    ]
    return (
        f'EXISTS (SELECT 1 FROM "{log._meta.db_table}" AS r '  # noqa: S608 own names
        f"WHERE r.table_name = '{model._meta.db_table}' AND r.row_key = OLD.id AND ({' OR '.join(ways)}))"
    )


def _way(vendor, model, table_columns, column, is_json):
    same = "IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS"
    other = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    text = f'OLD."{column}"'
    inner = _inner(vendor, text, "r.path") if is_json else text
    after = sql_after(
        vendor, column, is_json=is_json, row="OLD.", path="r.path", start="r.start", length="r.length"
    )
    free = {column, *getattr(model, "redacted_along", ())}
    rules = [
        f"r.column_name = '{column}'",
        _is_text(vendor, text) if is_json else "r.path = ''",
        f"length({inner}) >= r.start + r.length",
        f'NEW."{column}" {same} {after}',
        f'NEW."{column}" {other} {text}',
        *(f'NEW."{name}" {same} OLD."{name}"' for name in table_columns if name not in free),
    ]
    return f"({' AND '.join(rules)})"


def _blanked(vendor, text, start, length):
    marks = (
        f"repeat('{MARK}', {length})"
        if vendor == "postgresql"
        else f"replace(hex(zeroblob({length})), '00', '{MARK}')"
    )
    return f"(substr({text}, 1, {start}) || {marks} || substr({text}, {start} + {length} + 1))"


def _inner(vendor, text, path):
    """The text at a path of a JSON column."""
    return f"({text} #>> {_keys(path)})" if vendor == "postgresql" else f"json_extract({text}, {path})"


def _is_text(vendor, text):
    if vendor == "postgresql":
        return f"r.path <> '' AND jsonb_typeof({text} #> {_keys('r.path')}) = 'string'"
    return f"r.path <> '' AND json_type({text}, r.path) = 'text'"


def _keys(path):
    """$."a"[0]."b" as PostgreSQL's array of keys."""
    return f"""string_to_array(btrim(regexp_replace({path}, '[$."\\[\\]]+', '/', 'g'), '/'), '/')"""
