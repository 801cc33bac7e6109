"""Sign-ins without e-mail: one-time links on paper, the first password, taking a sign-in back.

Nobody but the person ever knows the password: the office prints a link, and the link asks for one. The link
is on the paper alone; the database keeps its hash (docs/adr/0008-sign-in-by-printed-link.md).
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Cadre, SignInStep, User
from .open_sign_ins import end_all
from .permissions import handing_codes, open_postings, refusal_after_taking_off, refusal_to_hand_out

LINK_DAYS = 14  # the last day is the fourteenth after the printing
# Crockford's alphabet without I, L, O and U: 26 characters are 130 bits, and can be typed at a PC without a camera.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 26
Kind = SignInStep.Kind


@dataclass(frozen=True)
class Link:
    """A card of the sheet. The only place where the token ever stands in clear."""

    cadre: Cadre
    token: str
    expires_on: object

    @property
    def typed_token(self):
        return "-".join(re.findall(".{1,4}", self.token))


# --- The token ----------------------------------------------------------------------------------------------


def plain_token(typed):
    """What was meant by what was typed: any case, full width, spaces, hyphens; O is 0, I and L are 1."""
    text = unicodedata.normalize("NFKC", typed[:200]).upper()
    return re.sub(r"[^0-9A-Z]", "", text).translate(str.maketrans("OIL", "011"))


def token_hash(token):
    """No salt, no slow hash: 130 bits by chance cannot be guessed back."""
    return hashlib.sha256(plain_token(token).encode()).hexdigest()


# --- How it stands ------------------------------------------------------------------------------------------

NONE, ISSUED, EXPIRED, ACTIVE, SUSPENDED = "none", "issued", "expired", "active", "suspended"
STATES = {
    NONE: gettext_lazy("未发放"),
    ISSUED: gettext_lazy("已发二维码"),
    EXPIRED: gettext_lazy("二维码过期"),
    ACTIVE: gettext_lazy("已启用"),
    SUSPENDED: gettext_lazy("已停用"),
}


def state_of(cadre):
    """The state of a cadre's sign-in; the cadre comes from `with_sign_in()`."""
    if cadre.user is not None and not cadre.user.is_active:
        return SUSPENDED
    if cadre.user is not None and cadre.user.has_usable_password():
        return ACTIVE
    if cadre.link_until is None:
        return NONE
    return ISSUED if cadre.link_until >= timezone.localdate() else EXPIRED


def in_state(cadres, state):
    """The rows of `with_sign_in()` that `state_of` calls so."""
    suspended = Q(user__is_active=False)
    active = Q(user__is_active=True) & ~Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if state == SUSPENDED:
        return cadres.filter(suspended)
    if state == ACTIVE:
        return cadres.filter(active)
    links = {
        NONE: Q(link_until__isnull=True),
        ISSUED: Q(link_until__gte=timezone.localdate()),
        EXPIRED: Q(link_until__lt=timezone.localdate()),
    }
    waiting = Q(user__isnull=True) | Q(
        user__is_active=True, user__password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    return cadres.filter(waiting, links[state])


def duties_of(cadre):
    """["花溪社区 第一网格：网格长、走访人员"]: the present and coming duties, each place once."""
    roles = {}
    for posting in open_postings(cadre):
        roles.setdefault(posting.where, []).append(str(posting.get_role_display()))
    return [f"{place}：{'、'.join(here)}" for place, here in roles.items()]


def has_live_link(cadre):
    return cadre.link_until is not None and cadre.link_until >= timezone.localdate()


# --- The office ---------------------------------------------------------------------------------------------


def locked_cadre(pk):
    """The cadre, for us alone until the transaction ends: of two at once the second sees what the first did."""
    Cadre.objects.select_for_update().get(pk=pk)
    return _row(pk)  # a statement of its own: it sees what was waited for


def _row(pk):
    return Cadre.objects.with_sign_in().get(pk=pk)


def _roles(cadre):
    """Every duty that the cadre has or had, and whether the account is a superuser's."""
    roles = {posting.role for posting in cadre.postings.all()}
    return roles | ({"superuser"} if cadre.user is not None and cadre.user.is_superuser else set())


def refusal_to_issue(user, cadre):
    """Why there is no link for this cadre now, in a sentence, or ""."""
    if refusal := refusal_to_hand_out(user, cadre):
        return refusal
    if not open_postings(cadre):
        return _("现在没有岗位，请先设岗位。")
    if cadre.user is not None and not cadre.user.is_active:
        return _("登录已停用，请先恢复登录。")
    if refusal := refusal_after_taking_off(user, cadre):
        return refusal
    if _is_name_taken(cadre):
        return _("工号已被另一个账号用作账号名，请找系统管理员。")
    return ""


def _is_name_taken(cadre):
    return cadre.user is None and cadre.is_name_taken


@transaction.atomic
def issue_link(cadre, *, by):
    """A new one-time link; whatever link there was opens nothing any more. A password in use stays until then."""
    cadre = locked_cadre(cadre.pk)
    if refusal := refusal_to_issue(by, cadre):
        raise ValidationError(refusal)
    token = "".join(secrets.choice(ALPHABET) for _position in range(TOKEN_LENGTH))
    step = SignInStep.objects.create(
        cadre=cadre,
        kind=Kind.ISSUED,
        by=by,
        token_hash=token_hash(token),
        expires_on=timezone.localdate() + timedelta(days=LINK_DAYS),
        place_id=next(iter(handing_codes(by)), None),
        roles=" ".join(sorted(_roles(cadre))),
        account=cadre.user,
    )
    return Link(cadre, token, step.expires_on)


@transaction.atomic
def suspend_sign_in(cadre, *, by):
    """Signed out everywhere at once, and the printed link is dead too.

    The password goes with it, and with the password every session and every bound phone: what is restored
    later begins with a new link.
    """
    cadre = locked_cadre(cadre.pk)
    if refusal := refusal_to_hand_out(by, cadre):
        raise ValidationError(refusal)
    if not can_be_suspended(cadre):
        raise ValidationError(_("没有可以停用的登录。"))
    if user := cadre.user:
        user.is_active = False
        user.pin_device = ""
        user.set_unusable_password()
        user.save(update_fields=["is_active", "pin_device", "password"])
        end_all(user)
    SignInStep.objects.create(cadre=cadre, kind=Kind.SUSPENDED, by=by, account=cadre.user)


@transaction.atomic
def restore_sign_in(cadre, *, by):
    """May be given a link again."""
    cadre = locked_cadre(cadre.pk)
    if refusal := refusal_to_hand_out(by, cadre):
        raise ValidationError(refusal)
    if not can_be_restored(cadre):
        raise ValidationError(_("登录没有停用。"))
    cadre.user.is_active = True
    cadre.user.save(update_fields=["is_active"])
    SignInStep.objects.create(cadre=cadre, kind=Kind.RESTORED, by=by, account=cadre.user)


def can_be_suspended(cadre):
    return has_live_link(cadre) or (cadre.user is not None and cadre.user.is_active)


def can_be_restored(cadre):
    return cadre.user is not None and not cadre.user.is_active


# --- The person ---------------------------------------------------------------------------------------------


def find_link(typed):
    """The step of a link that can be opened now, or None for every other text alike."""
    step = SignInStep.objects.filter(token_hash=token_hash(typed), kind=Kind.ISSUED).first()
    if step is None or not _is_live(step, cadre := _row(step.cadre_id)):
        return None
    step.cadre = cadre
    return step


def was_printed(typed):
    """Whether such a link was ever made: who opens an old paper again is not guessing."""
    return SignInStep.objects.filter(token_hash=token_hash(typed)).exists()


def _is_live(step, cadre):
    """The newest step of its cadre, in time, for the account and for no higher duty than when it was printed."""
    steps = SignInStep.objects.filter(cadre=cadre).exclude(kind__in=SignInStep.BESIDE_LINKS)
    newest = steps.order_by("-pk").values_list("pk", flat=True).first()
    return (
        newest == step.pk
        and timezone.localdate() <= step.expires_on
        and cadre.user_id == step.account_id
        and (cadre.user is None or cadre.user.is_active)
        and _roles(cadre) <= set(step.roles.split())
        and bool(open_postings(cadre))
        and not _is_name_taken(cadre)
    )


@transaction.atomic
def open_link(step, *, password, pin_device=""):
    """Use the link up: the account, its first own password, signed out everywhere else. None when it is too late.

    `password` is hashed already: that takes longer than a transaction may.
    """
    cadre = locked_cadre(step.cadre_id)
    if not _is_live(step, cadre):
        return None
    user = cadre.user
    if user is None:
        user = User.objects.create(username=cadre.staff_number, password=password, pin_device=pin_device)
        Cadre.objects.filter(pk=cadre.pk).update(user=user)
    else:
        _write_password(user, password, pin_device)
    SignInStep.objects.create(cadre=cadre, kind=Kind.USED, by=user, account=user, link=step)
    return user


@transaction.atomic
def change_own_password(user, *, password, pin_device="", session_key=None):
    """`password` is hashed already; the session of that key goes on."""
    _write_password(user, password, pin_device, but=session_key)
    note_step(user, Kind.CHANGED, by=user)


@transaction.atomic
def reset_password(user, *, by, password):
    """Somebody at the desk typed it, so it holds until the next sign-in only. `password` is hashed already."""
    _write_password(user, password, "", must_change=True)
    note_step(user, Kind.RESET, by=by)


def _write_password(user, password, pin_device, *, must_change=False, but=None):
    """And signed out everywhere, but for the session of the key `but`."""
    user.password, user.pin_device, user.must_change_password = password, pin_device, must_change
    user.save(update_fields=["password", "pin_device", "must_change_password"])
    end_all(user, but=but)


def note_step(user, kind, *, by):
    """Into the log of the cadre; an account without one has none."""
    if cadre := getattr(user, "cadre", None):
        SignInStep.objects.create(cadre_id=locked_cadre(cadre.pk).pk, kind=kind, by=by, account=user)
