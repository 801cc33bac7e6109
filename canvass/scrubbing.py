"""What was erased must not lie about in the database's own files."""

import logging

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


# Nobody waits longer for readers to end; what remains is done by the next run.
PATIENCE = 2000


def scrub(*tables, thorough=False):
    """Overwrite what these tables let go of. Returns whether it was done: not inside a transaction, nor while others read.

    SQLite overwrites at once what is deleted (secure_delete), and here its write-ahead log is emptied. `thorough`:
    VACUUM too, for what was deleted before that was on; it copies the whole file. PostgreSQL: VACUUM lets the space be
    written over; docs/operations.md says what else an office has to do there.
    """
    if connection.in_atomic_block:
        return False
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                return _empty_log(cursor, thorough)
            for table in tables:
                cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
    except DatabaseError:
        logger.warning("The database is busy: what was erased is overwritten by a later run", exc_info=True)
        return False
    return True


def _empty_log(cursor, thorough):
    if thorough:
        cursor.execute("VACUUM")
    cursor.execute("PRAGMA busy_timeout")
    usual = cursor.fetchone()[0]
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return cursor.fetchone()[0] == 0
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {usual}")


def forget_pairs():
    """SQLite's index of character pairs remembers the pairs of deleted texts until its parts are merged."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.endswith("_pairs"):
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 own names
