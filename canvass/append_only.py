"""Rows that no door may change: database triggers refuse UPDATE and DELETE, whoever asks.

A model says `append_only = True`. The triggers are made anew after every migrate, because Django's
ALTER on SQLite builds a new table and drops the triggers of the old one.
"""

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

MESSAGE = "append-only"


def protected_models():
    """Every concrete model that declares itself append-only."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def _statements(vendor, table):
    for action in ("UPDATE", "DELETE"):
        name = f"{table}_no_{action.lower()}"
        if vendor == "postgresql":
            yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION canvass_refuse_change()"
            )
        else:
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {table}'); END"
            )


def create_triggers(using=DEFAULT_DB_ALIAS, **kwargs):
    """(Re)create the triggers of every protected table that exists. Safe to repeat."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION canvass_refuse_change() RETURNS trigger AS $$ BEGIN "
                f"RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; "
                "END $$ LANGUAGE plpgsql"
            )
        for model in protected_models():
            if model._meta.db_table in existing:
                for statement in _statements(connection.vendor, model._meta.db_table):
                    cursor.execute(statement)


def drop_triggers(using=DEFAULT_DB_ALIAS):
    """Lift the protection: for the test suite's flush, and nothing else."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in protected_models():
            for action in ("update", "delete"):
                table = model._meta.db_table
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{action}"{on}')
