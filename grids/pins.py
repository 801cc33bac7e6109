"""Digits as a password: for those who only file visits, and only in the browser where they were set.

docs/adr/0008-sign-in-by-printed-link.md says why that is enough.
"""

import hashlib
import re
import secrets
import unicodedata
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from canvass.roles import PIN_ROLES

SHORTEST = 6
DEVICE_DAYS = 400  # browsers keep no cookie longer


def plain_pin(typed):
    """The digits that were meant, full-width ones and spaces included; "" for anything else."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    return text if text.isascii() and text.isdigit() else ""


def may_use_pin(roles):
    return bool(roles) and set(roles) <= set(PIN_ROLES)


def validate_pin(pin, cadre):
    """Refuse what somebody who knows the person, or the usual lists, would try first."""
    if len(pin) < SHORTEST:
        raise ValidationError(_("数字密码至少 6 位。"), code="pin_short")
    if _is_regular(pin) or pin in CommonPasswordValidator().passwords:
        raise ValidationError(_("这个数字密码太容易猜：不要连号，不要重复。"), code="pin_trivial")
    for own in (cadre.phone, "".join(re.findall(r"[0-9]", cadre.staff_number))):
        if len(own) >= 4 and (own in pin or pin in own):
            raise ValidationError(_("不要用手机号或工号里的数字当密码。"), code="pin_own")


def _is_regular(pin):
    """The same step from digit to digit (111111, 123456, 135791), or a short piece over and over (121212)."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 or bool(re.fullmatch(r"(\d{1,4})\1+", pin)) or len(set(pin)) < 3


# --- The browser --------------------------------------------------------------------------------------------


def new_device():
    """(key for the browser, its hash for the account)."""
    key = secrets.token_urlsafe(32)
    return key, device_hash(key)


def device_hash(key):
    return hashlib.sha256(key.encode()).hexdigest()


def bind_device(response, user, key):
    """The browser keeps the key. Several people may share a phone: a cookie for each."""
    response.set_cookie(
        _cookie(user),
        key,
        max_age=DEVICE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_bound(request, user):
    key = request.COOKIES.get(_cookie(user), "") if request else ""
    return constant_time_compare(device_hash(key), user.pin_device)


def _cookie(user):
    return f"device-{user.pk}"
