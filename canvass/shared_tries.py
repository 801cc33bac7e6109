"""How often may this be tried, counted for all processes of the site together (docs/adr/0005-own-rate-limit.md).

For what guards an account: passwords and one-time codes. The counts lie in the cache "shared", a table of the
database, so every try that is left costs a short transaction. A try that is refused costs one read. What a flood
of strangers may reach (pages without a sign-in) counts with `canvass.rate_limit`, which never writes to the database.
"""

import math
import time
from contextlib import contextmanager
from typing import NamedTuple

from django.core.cache import caches
from django.db import connection, transaction

from .rate_limit import tries_key

# Any number that nothing else here takes: one count at a time.
TRIES_LOCK = 0x7472696573


class Limit(NamedTuple):
    """`tries` of `what` by `who` within `seconds`, which begin with the first one and are not drawn out."""

    what: str
    who: str
    tries: int
    seconds: int


def take_try(*limits):
    """Use up one try of each limit, or none at all: False when one of them has none left."""
    if not _have_left(limits, _counts(limits)):
        return False
    with _one_at_a_time():
        # Read anew: others may have been counted while we waited.
        counts = _counts(limits)
        if not _have_left(limits, counts):
            return False
        _write(limits, counts, 1)
    return True


def give_back_try(*limits):
    """It was no failure: what was taken does not count."""
    with _one_at_a_time():
        _write(limits, _counts(limits), -1)


def forget_tries(*limits):
    """It went well: begin to count anew."""
    caches["shared"].delete_many(map(_key, limits))


@contextmanager
def _one_at_a_time():
    """A short transaction that nobody else's count is in. SQLite's BEGIN takes the write lock anyway."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TRIES_LOCK])
        yield


def _key(limit):
    return tries_key(limit.what, limit.who)


def _counts(limits):
    """[(count, moment when its window ends)]"""
    now = time.time()
    kept = caches["shared"].get_many(map(_key, limits))
    found = [kept.get(_key(limit), (0, 0)) for limit in limits]
    return [
        (count, until) if until > now else (0, now + limit.seconds)
        for limit, (count, until) in zip(limits, found, strict=True)
    ]


def _have_left(limits, counts):
    return all(count < limit.tries for limit, (count, _until) in zip(limits, counts, strict=True))


def _write(limits, counts, more):
    for limit, (count, until) in zip(limits, counts, strict=True):
        # The table knows whole seconds only; the moment beside the count is exact.
        seconds = math.ceil(until - time.time()) + 1
        caches["shared"].set(_key(limit), (max(count + more, 0), until), seconds)
