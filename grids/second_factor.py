"""The second step of signing in: one-time codes (TOTP, RFC 6238), and ten codes on paper for when the phone is lost.

docs/adr/0019-second-factor-and-sessions.md says why it is these few lines over pyotp. Every check takes a try from
counts that all processes share; every code opens once.
"""

import hashlib
import re
import secrets
import unicodedata

import pyotp
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from canvass.sealed import Unreadable
from canvass.shared_tries import Limit, forget_tries, take_try

from .models import SecondFactor, SignInStep
from .open_sign_ins import end_all
from .permissions import refusal_to_take_off_factor
from .sign_ins import ALPHABET, locked_cadre, note_step, plain_token

ISSUER = "大走访"
WINDOW = 15 * 60
TRIES = 5
# Whoever knows the password and tries for days has one chance in ten thousand a day.
TRIES_A_DAY = 30
STEPS = (0, -1, 1)  # clocks may differ by half a minute
RECOVERY_CODES = 10
RECOVERY_LENGTH = 16  # of 32 letters: 80 bits by chance, so a plain hash will do
Kind = SignInStep.Kind


def limits_of(user):
    return (
        Limit("second-factor", str(user.pk), TRIES, WINDOW),
        Limit("second-factor.day", str(user.pk), TRIES_A_DAY, 24 * 60 * 60),
    )


def has_factor(user):
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


# --- Turning on and off -------------------------------------------------------------------------------------


def factor_of(user):
    """The person's row. While it is off it holds a secret that waits for its first code: the same at every look."""
    factor = SecondFactor.objects.get_or_create(user=user)[0]
    if not factor.is_on and isinstance(factor.secret, Unreadable):
        _clear(user)
        factor.refresh_from_db()
    if not factor.secret:
        fresh = pyotp.random_base32()
        # Two windows at once see one secret.
        SecondFactor.objects.filter(pk=factor.pk, secret="").update(secret=fresh)
        factor.refresh_from_db()
    return factor


def address_of(factor):
    """What the QR code says to an app."""
    return pyotp.TOTP(factor.secret).provisioning_uri(name=factor.user.get_username(), issuer_name=ISSUER)


@transaction.atomic
def turn_on(user, *, code):
    """The ten codes for paper, in clear this once; None when the code is not that of the waiting secret."""
    _lock(user)
    factor = SecondFactor.objects.select_for_update().get(user=user)
    counter = _counter_of(factor, code)
    if factor.is_on or counter is None:
        return None
    codes = [_recovery_code() for _number in range(RECOVERY_CODES)]
    factor.recovery_hashes = [_hash(one) for one in codes]
    factor.last_counter, factor.confirmed_at = counter, timezone.now()
    factor.save()
    note_step(user, Kind.FACTOR_ON, by=user)
    return codes


@transaction.atomic
def turn_off(user, *, by):
    """By the person, who has just proved it with password and code."""
    _lock(user)
    _clear(user)
    note_step(user, Kind.FACTOR_OFF, by=by)


@transaction.atomic
def take_off_factor(cadre, *, by):
    """For somebody whose phone is lost, and the paper too. Signed out everywhere: who it was is not known."""
    cadre = locked_cadre(cadre.pk)
    if refusal := refusal_to_take_off_factor(by, cadre):
        raise ValidationError(refusal)
    if cadre.user is None or not has_factor(cadre.user):
        raise ValidationError(_("没有启用两步验证。"))
    _clear(cadre.user)
    end_all(cadre.user)
    note_step(cadre.user, Kind.FACTOR_TAKEN_OFF, by=by)


@transaction.atomic
def take_off_on_the_server(user):
    """Whoever may run commands there could do anything; nobody's name can be written down for it."""
    _clear(user)
    end_all(user)


def _lock(user):
    """The cadre first, as everywhere: two who wait for each other would wait for ever."""
    if cadre := getattr(user, "cadre", None):
        locked_cadre(cadre.pk)


def _clear(user):
    SecondFactor.objects.filter(user=user).update(
        secret="", recovery_hashes=[], last_counter=-1, confirmed_at=None
    )


# --- Checking -----------------------------------------------------------------------------------------------


class TooManyTriesError(Exception):
    """No more codes are looked at for a while, right ones neither."""


def check_code(user, typed):
    """Whether this code is right now, and use it up. Raises TooManyTriesError."""
    limits = limits_of(user)
    if not take_try(*limits):
        raise TooManyTriesError
    if not (_use_code(user, typed) or _use_recovery_code(user, typed)):
        return False
    forget_tries(*limits)
    return True


def check_first_code(user, typed):
    """The same for a secret that waits for its first code: the codes for paper, or None."""
    limits = limits_of(user)
    if not take_try(*limits):
        raise TooManyTriesError
    codes = turn_on(user, code=typed)
    if codes:
        forget_tries(*limits)
    return codes


def _use_code(user, typed):
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    counter = factor and _counter_of(factor, typed)
    if counter is None:
        return False
    # The same code twice at once: one of the two finds the counter where it was.
    unused = SecondFactor.objects.filter(
        pk=factor.pk, confirmed_at=factor.confirmed_at, last_counter__lt=counter
    )
    return unused.update(last_counter=counter) == 1


@transaction.atomic
def _use_recovery_code(user, typed):
    code = plain_token(typed)
    if len(code) != RECOVERY_LENGTH:
        return False
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if factor is None or (used := _hash(code)) not in factor.recovery_hashes:
        return False
    factor.recovery_hashes.remove(used)
    factor.save(update_fields=["recovery_hashes"])
    return True


def _counter_of(factor, typed):
    """The half minute whose code this is, or None; of a secret whose key is lost no code is right, those on paper are."""
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed[:50]))
    if not re.fullmatch(r"[0-9]{6}", code) or isinstance(factor.secret, Unreadable):
        return None
    totp = pyotp.TOTP(factor.secret)
    now = int(timezone.now().timestamp()) // totp.interval
    return next(
        (now + step for step in STEPS if constant_time_compare(totp.generate_otp(now + step), code)), None
    )


def _recovery_code():
    return "".join(secrets.choice(ALPHABET) for _position in range(RECOVERY_LENGTH))


def typed_recovery_code(code):
    """As it stands on paper."""
    return "-".join(re.findall(".{1,4}", code))


def _hash(code):
    return hashlib.sha256(code.encode()).hexdigest()
