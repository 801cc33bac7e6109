"""The days that a move's form proposes, within what the rules of the move allow."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar import after_working_days

from .move_rules import REVIEW_D, longest_extension
from .permissions import pending_request
from .workflow import EXTEND

# Long enough for a resident to look something up, short enough that nothing is forgotten.
WAIT_WD = 5


def suggest_day(field, name, move, issue):
    """Give a date field of a move its proposal, its first and last day, and the rule in words."""
    proposed = _DAYS.get(name)
    if proposed is None or name not in move.required:
        return
    first, last, day, hint = proposed(move, issue)
    if day is None:
        return
    field.initial = day
    field.help_text = hint or field.help_text
    limits = {"min": first, "max": last}
    field.widget.attrs |= {limit: value.isoformat() for limit, value in limits.items() if value}


def _due_on(move, issue):
    """An extension is counted from the due date; the office begins with the day that was asked for."""
    if move.name not in ("ask_extension", EXTEND) or issue.due_at is None:
        return timezone.localdate(), None, None, ""
    due_on = timezone.localdate(issue.due_at)
    _times, last, told = longest_extension(issue, due_on)
    asked = pending_request(issue, "ask_extension") if move.name == EXTEND else None
    day = asked.details.get("due_on", last) if asked else last
    hint = _("现在的期限是 %(due)s；%(told)s，到 %(last)s 为止。")
    return due_on + timedelta(days=1), last, day, hint % {"due": due_on, "told": told, "last": last}


def _until_on(move, issue):
    today = timezone.localdate()
    hint = _("到这一天还没有补齐，就该恢复办理或者另定日期。")
    return today + timedelta(days=1), None, after_working_days(today, WAIT_WD), hint


def _review_on(move, issue):
    today = timezone.localdate()
    last = today + timedelta(days=REVIEW_D)
    return today + timedelta(days=1), last, last, _("须在 %d 天以内。") % REVIEW_D


_DAYS = {"due_on": _due_on, "until_on": _until_on, "review_on": _review_on}
