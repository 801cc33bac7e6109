"""Writing very many rows: COPY on PostgreSQL, executemany on SQLite. No model instance, no signal.

For the workbook alone: every other door uses the models. Constraints and triggers hold all the same.
"""

from functools import cache

from django.apps import apps
from django.db import connection, models

from .sealed import SealedTextField

# Types whose Python values the drivers do not all take as they are.
_PREPARED = (
    models.DateField,
    models.DecimalField,
    models.JSONField,
    models.UUIDField,
    models.DurationField,
    SealedTextField,
)
# Those that COPY does not take either; no two of their values are turned into the same.
_ALWAYS_PREPARED = (models.JSONField, SealedTextField)


def insert(model, names, rows):
    """Insert rows (tuples in the order of the attribute names) and return their new primary keys.

    Columns that are not named get their field's default. Call it inside a transaction.
    """
    rows = list(rows)
    if not rows:
        return []
    fields = {field.attname: field for field in model._meta.concrete_fields}
    key = model._meta.pk
    rest = [field for name, field in fields.items() if name not in names and field is not key]
    defaults = tuple(field.get_default() for field in rest)
    columns = [fields[name] for name in names] + rest
    if isinstance(key, models.AutoField):
        ids = _reserve(model, len(rows))
        columns = [key, *columns]
        rows = [(pk, *row, *defaults) for pk, row in zip(ids, rows, strict=True)]
    else:
        ids = [row[names.index(key.attname)] for row in rows]
        rows = [row + defaults for row in rows]
    (_copy if connection.vendor == "postgresql" else _insert_many)(model, columns, rows)
    return ids


def update(objects, names):
    """Save these fields of many stored objects: one upsert by primary key a thousand (bulk_update takes minutes)."""
    objects = list(objects)
    if objects:
        model = type(objects[0])
        model._default_manager.bulk_create(
            objects,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=[model._meta.pk.name],
            update_fields=names,
        )


def refresh_statistics(*app_labels):
    """Let PostgreSQL look at the tables of these apps again, after very many rows have come in.

    Until it does (its own daemon comes by a minute later, and never within a transaction) it plans as if they
    were empty: one figure over 18,000 households then took minutes instead of a fraction of a second.
    """
    if connection.vendor != "postgresql":
        return
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in app_labels]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def _reserve(model, count):
    """New primary keys. SQLite: our transactions hold the write lock from BEGIN, so nobody else takes them."""
    table, column = model._meta.db_table, model._meta.pk.column
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [quote(table), column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT COALESCE(MAX({quote(column)}), 0) FROM {quote(table)}")  # noqa: S608 own names
        highest = cursor.fetchone()[0]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        used = cursor.fetchone()
        start = max(highest, used[0] if used else 0) + 1
        return list(range(start, start + count))


def _names(model, columns):
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(field.column) for field in columns)


def _copy(model, columns, rows):
    table, names = _names(model, columns)
    prepared = [n for n, field in enumerate(columns) if isinstance(field, _ALWAYS_PREPARED)]
    statement = f"COPY {table} ({names}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(_with_prepared(columns, prepared, row) if prepared else row)


def _with_prepared(columns, positions, row):
    row = list(row)
    for n in positions:
        row[n] = columns[n].get_db_prep_save(row[n], connection)
    return row


def _insert_many(model, columns, rows):
    table, names = _names(model, columns)
    prepared = [(n, _adapter(field)) for n, field in enumerate(columns) if isinstance(field, _PREPARED)]
    marks = ", ".join(["%s"] * len(columns))
    if prepared:
        rows = [_prepared(row, prepared) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 own names


def _adapter(field):
    """The function that turns a column's values into what SQLite stores; each distinct one is turned once."""

    @cache
    def adapt(value):
        return field.get_db_prep_save(value, connection)

    return adapt if not isinstance(field, _ALWAYS_PREPARED) else adapt.__wrapped__


def _prepared(row, prepared):
    row = list(row)
    for n, adapt in prepared:
        if row[n] is not None:
            row[n] = adapt(row[n])
    return row
