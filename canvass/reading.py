"""Reading many rows: one view of the database for all of them, a bounded number in memory. Knows no model."""

from contextlib import contextmanager
from itertools import islice

from django.db import connection, transaction

CHUNK = 2000


@contextmanager
def consistent_reads():
    """All queries of the block see the database as it was at the first one; nobody's writes wait for it.

    Read only. Inside a transaction that is already open (a test's) nothing is added.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # atomic() would take SQLite's one write lock for as long as we read.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def in_chunks(queryset, size=CHUNK):
    """Lists of up to `size` rows of a queryset, streamed from the database."""
    rows = queryset.iterator(chunk_size=size)
    while chunk := list(islice(rows, size)):
        yield chunk


def gather(pairs):
    """{first: [seconds in their order]} of an iterable of pairs."""
    found = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
