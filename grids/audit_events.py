"""Sign-ins in the audit log: who came in, who did not, who went. Heard from Django's signals and our own."""

import logging

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils import timezone

from canvass.signals import sign_in_locked

from .accounts import account_for
from .audit import row_of, write
from .enums import AuditAction, AuditResult
from .models import Posting

NO_RECORD = (None, "", "")
# Where a one-time link is used: the sign-in there needs no password.
LINK_DOOR = "grids:welcome"

logger = logging.getLogger("canvass.audit")


def hear():
    """Called once, when the app is ready."""
    for signal, receiver in (
        (user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (user_login_failed, sign_in_failed),
        (sign_in_locked, locked_out),
    ):
        signal.connect(receiver, dispatch_uid=f"audit.{receiver.__name__}")


def signed_in(sender, request, user, **kwargs):
    match = getattr(request, "resolver_match", None)
    is_link = match is not None and match.view_name == LINK_DOOR
    _write(request, AuditAction.LINK_USED if is_link else AuditAction.SIGNED_IN, user)


def signed_out(sender, request, user, **kwargs):
    if user is not None:
        _write(request, AuditAction.SIGNED_OUT, user)


def sign_in_failed(sender, credentials, request=None, **kwargs):
    _write_refused(request, AuditAction.SIGN_IN_FAILED, credentials.get("username"))


def locked_out(sender, request, username, **kwargs):
    _write_refused(request, AuditAction.LOCKED_OUT, username)


def _write_refused(request, action, typed):
    """With the account that was meant, if there is one; what was typed is not kept.

    The same statements whether there is one or not: the time that an answer takes tells nothing either.
    """
    user = account_for(typed or "")
    postings = Posting.objects.active_on(timezone.localdate()).filter(place__isnull=False)
    codes = postings.filter(cadre__user=user.pk if user else 0).values_list("place", flat=True)
    _write(request, action, user, AuditResult.REFUSED, sorted(codes))


def _write(request, action, user, result=AuditResult.DONE, codes=None):
    """Nobody is kept out, and nobody is kept in, because the log cannot be written; the server's log says so."""
    if request is None or request.resolver_match is None:  # no page: a test's client, a command
        return
    try:
        write([row_of(request, action, about=NO_RECORD, result=result, user=user, codes=codes)], request)
    except Exception:
        logger.critical("audit row lost: %s", action, exc_info=True)
