"""What the tests of the audit log share: rows as tuples, the chain looked over, the trigger lifted."""

from contextlib import contextmanager

from django.db import connection

from canvass.append_only import create_triggers, drop_triggers
from grids.models import AuditRow


def told(*columns, **filters):
    """The rows in their order, a tuple of columns each."""
    return list(AuditRow.objects.filter(**filters).order_by("id").values_list(*columns))


def about(record):
    """(name, action, result) of everything that happened to a record: the one query of an auditor."""
    rows = AuditRow.objects.of_record(type(record), record.pk).order_by("id")
    return list(rows.values_list("name", "action", "result"))


@contextmanager
def unprotected():
    """Somebody with the database in hand, who lifts the triggers."""
    drop_triggers()
    try:
        yield connection.cursor()
    finally:
        create_triggers()
