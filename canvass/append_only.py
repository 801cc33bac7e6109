"""Rows that no door may change: database triggers refuse UPDATE and DELETE, whoever asks.

A model says `append_only = True`. The triggers are made anew after every migrate, because Django's
ALTER on SQLite builds a new table and drops the triggers of the old one.

One narrow door: where a model names `redactable` columns, an UPDATE passes that blanks just the stretch of words that a
row of the log of redactions names, and nothing else (canvass/redaction.py, docs/adr/0021-one-door-for-redaction.md).
"""

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

from canvass.redaction import log_model, sql_door

MESSAGE = "append-only"


def protected_models():
    """Every concrete model that declares itself append-only."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def _statements(vendor, table, door):
    for action in ("UPDATE", "DELETE"):
        name = f"{table}_no_{action.lower()}"
        opening = door if action == "UPDATE" else ""
        if vendor == "postgresql":
            function = "canvass_refuse_change"
            if opening:
                function = f"{table}_refuse_change"
                yield _function(function, f"IF {opening} THEN RETURN NEW; END IF; ")
            yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" '
                f'FOR EACH ROW EXECUTE FUNCTION "{function}"()'
            )
        else:
            when = f"WHEN NOT {opening} " if opening else ""
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" {when}'
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {table}'); END"
            )


def _function(name, first=""):
    return (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger AS $$ BEGIN {first}'
        f"RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$ LANGUAGE plpgsql"
    )


def create_triggers(using=DEFAULT_DB_ALIAS, *, with_door=True, **kwargs):
    """(Re)create the triggers of every protected table that exists. Safe to repeat.

    `with_door=False`: nothing passes at all, as long as the log of redactions may be missing.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        with_door = with_door and log_model() is not None and log_model()._meta.db_table in existing
        if connection.vendor == "postgresql":
            cursor.execute(_function("canvass_refuse_change"))
        for model in protected_models():
            table = model._meta.db_table
            if table not in existing:
                continue
            found = [row.name for row in connection.introspection.get_table_description(cursor, table)]
            door = sql_door(connection.vendor, model, found) if with_door else ""
            for statement in _statements(connection.vendor, table, door):
                cursor.execute(statement)


def shut_door(using=DEFAULT_DB_ALIAS, **kwargs):
    """Before a migrate: SQLite cannot remake the log of redactions while a trigger of another table names it."""
    if connections[using].vendor == "sqlite":
        create_triggers(using, with_door=False)


def drop_triggers(using=DEFAULT_DB_ALIAS):
    """Lift the protection: for the test suite's flush, and nothing else."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in protected_models():
            for action in ("update", "delete"):
                table = model._meta.db_table
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{action}"{on}')
