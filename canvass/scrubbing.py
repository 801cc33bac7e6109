"""What was erased must not lie about in the database's own files."""

import logging

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


def scrub(*tables):
    """Overwrite what these tables let go of. Returns whether it was done: not inside a transaction, nor while others read.

    SQLite overwrites at once what is deleted (secure_delete); VACUUM does so for what was deleted before that was
    on, and the write-ahead log is emptied. PostgreSQL: VACUUM lets the space be written over; docs/operations.md says
    what else an office has to do there.
    """
    if connection.in_atomic_block:
        return False
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return cursor.fetchone()[0] == 0
            for table in tables:
                cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
    except DatabaseError:
        logger.warning("The database is busy: what was erased is overwritten by a later run", exc_info=True)
        return False
    return True
