"""What every request leaves in the audit log, so that a new page is logged without anybody adding it.

A person who is signed in leaves a row by an unsafe request, by opening a record, by taking a file along, by a search
(that, not for what), and by being refused. Lists, pages without a record and open pages leave none.
"""

import logging
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.urls import Resolver404, resolve

from canvass.opens import admin_model, named_words, record_named

from .audit import result_of, row_of, write, written_for
from .audit_records import about_row, record_of
from .enums import AuditAction

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
SEARCH_WORDS = ("q", "term", "who")
RETRY_AFTER = 30

logger = logging.getLogger("canvass.audit")


class AuditMiddleware:
    """Stands right after the sign-in of the request is known, around everything that may refuse it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not is_audited(request):
            return response
        action = action_of(request, response)
        if action is None:
            return response
        try:
            _write(request, response, action)
        except Exception:
            # Whatever it was: a record is not shown without its row, and what was filed is filed.
            logger.critical("audit row lost: %s %s", action, request.resolver_match.view_name, exc_info=True)
            if request.method in SAFE and response.status_code < 400:
                response.close()  # a file that will not be sent
                return _come_again(request)
        return response

    def process_view(self, request, view, args, kwargs):
        """Who it is, before a sign-out forgets it. Open pages do not read the session."""
        if getattr(view, "login_required", True):
            request.audit_user = request.user


def is_audited(request):
    """Whether somebody who is signed in asked for a page that needs it."""
    match = request.resolver_match
    if match is None or not getattr(match.func, "login_required", True):
        return False
    return _person(request).is_authenticated


def _person(request):
    """Also of a request that was refused before its view was asked: one without the form's token."""
    return getattr(request, "audit_user", None) or getattr(request, "user", AnonymousUser())


def action_of(request, response):
    """What a request was, or None when it leaves no row."""
    status, names_record = response.status_code, bool(named_words(request.resolver_match.kwargs))
    if request.method not in SAFE:
        return AuditAction.SUBMITTED
    if 300 <= status < 400 and status != 304:  # sent on: nothing was shown yet
        return None
    if status < 400 and response.get("Content-Disposition", "").startswith("attachment"):
        return AuditAction.DOWNLOADED
    if names_record or status == 403:
        return AuditAction.OPENED
    if any(request.GET.get(word, "").strip() for word in SEARCH_WORDS):
        return AuditAction.SEARCHED
    return None


def _write(request, response, action):
    """One row, or one for each record that the request was about."""
    said = {(row.record_type, row.record_key) for row in written_for(request)}
    status = response.status_code
    common = {"result": result_of(status), "user": _person(request), "status": status}
    rows = [row_of(request, action, about=about, **common) for about in _about(request, response)]
    # What the view has said itself, it has said more exactly.
    if rows := [row for row in rows if (row.record_type, row.record_key) not in said]:
        write(rows, request)


def _about(request, response):
    """[(model, key, place)] of the record that the address names, or of those that were made or changed."""
    match = request.resolver_match
    if record_named(match) is not None:
        found = [record_of(match)]
    elif request.method in SAFE:
        found = []
    elif touched := getattr(request, "records_touched", ()):
        found = list(dict.fromkeys(about_row(row) for row in touched))
    else:
        found = [_led_to(response)]
    found = [about for about in found if about[0]]
    return found or [(admin_model(match.func), "", "")]


def _led_to(response):
    """The record to whose page the answer leads: of a form that was filed, its page."""
    try:
        return record_of(resolve(urlsplit(response.get("Location", "")).path))
    except (Resolver404, ValueError):
        return None, "", ""


def _come_again(request):
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
