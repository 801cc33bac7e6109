"""A transaction that always ends as if nothing had been done."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone():
    """Rolled back at the end. A block that must be the outermost one takes this for none, as in Django's own tests."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
