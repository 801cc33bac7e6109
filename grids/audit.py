"""Writing the audit log: one function, one short transaction, one chain.

    record(request, AuditAction.DOWNLOADED, record=report)

The middleware writes by itself what every page has in common (grids/audit_middleware.py). Call this for what it
cannot know: a number shown whole, rights changed, data erased.
"""

import hashlib
import hmac

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from canvass.devices import device_kind
from canvass.rate_limit import client_address

from .audit_records import about_row, place_of, record_of
from .enums import AuditResult
from .models import AuditRow

# Any number that nothing else here takes: the lock on the end of the chain.
CHAIN_LOCK = 0x6175646974
REFUSED = (401, 403, 404)


def record(request, action, *, record=None, result=AuditResult.DONE, user=None, status=None):
    """Write one row and return it. Raises whatever the database raises: the caller decides what then happens.

    `request` may be None: a command on the server. `record`: a row of any model, or (model, key); without it, the
    record that the address of the request names. `user`: who did it, when it is not whoever is signed in.
    Never inside a transaction: the log must not undo itself with the work, and must not hold it up. Call it after the
    block, or in `transaction.on_commit`.
    """
    if user is None and request is not None and request.user.is_authenticated:
        # Whoever looks at somebody else's pages opened it, not who is looked at (grids/viewing.py).
        user = getattr(request, "real_user", request.user)
    about = _about(request, record)
    with transaction.atomic(durable=True):  # refuses to be inside another one
        return write(
            [row_of(request, action, about=about, result=result, user=user, status=status)], request
        )[0]


def row_of(request, action, *, about, result, user, codes=None, status=None):
    """A row that is not written yet. `about`: (model or None, key, code of the place).

    `codes`: the places of the person's postings, where they were read already.
    """
    model, key, place = about
    return AuditRow(
        action=action,
        result=result,
        status=status,
        record_type=model._meta.label if model else "",
        record_key=key,
        place=place,
        **_who(user, codes),
        **_from_where(request),
    )


def write(rows, request=None):
    """Put rows at the end of the chain, in a transaction that should be their own."""
    with transaction.atomic():
        _lock_chain()
        last, seal = AuditRow.objects.order_by("-id").values_list("id", "seal").first() or (0, "")
        moment = timezone.now()
        for number, row in enumerate(rows, last + 1):
            row.id, row.at, row.previous = number, moment, seal
            row.seal = seal = seal_of(row)
        AuditRow.objects.bulk_create(rows)
    if request is not None:
        written_for(request).extend(rows)
    return rows


def written_for(request):
    """The rows that this request has left so far."""
    if not hasattr(request, "audit_rows"):
        request.audit_rows = []
    return request.audit_rows


def result_of(status):
    """Of an HTTP status."""
    if status < 400:
        return AuditResult.DONE
    if status in REFUSED:
        return AuditResult.REFUSED
    return AuditResult.INVALID if status < 500 else AuditResult.FAILED


def seal_of(row, key=None):
    """A keyed hash over the row and the seal before it."""
    return hmac.new(key or settings.AUDIT_KEYS[0], row.content(), hashlib.sha256).hexdigest()


def is_sealed(row):
    """Whether one of the keys made the seal of this row."""
    return any(hmac.compare_digest(row.seal, seal_of(row, key)) for key in settings.AUDIT_KEYS)


def _lock_chain():
    """One writer at a time, until the transaction ends. SQLite has one anyway: its BEGIN takes the write lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _about(request, record):
    """(model, key, code of the place) of what it is about; (None, "", "") when it is about no record."""
    if record is None:
        match = getattr(request, "resolver_match", None)
        return record_of(match) if match else (None, "", "")
    if not isinstance(record, tuple):
        return about_row(record)
    model, key = record
    return model, str(key), place_of(model, key)


def _who(user, codes):
    """The person as of now: name, staff number and the places of today's postings."""
    if user is None:
        return {}
    cadre = getattr(user, "cadre", None)
    return {
        "user": user,
        "name": cadre.name if cadre else user.get_username(),
        "staff_number": cadre.staff_number if cadre else "",
        "posted": "".join(f" {code}" for code in (user.reach.all_codes if codes is None else codes)),
    }


def _from_where(request):
    if request is None:
        return {}
    match = getattr(request, "resolver_match", None)
    return {
        "door": match.view_name if match else "",
        "address": client_address(request)[:45],
        "device": device_kind(request),
    }
