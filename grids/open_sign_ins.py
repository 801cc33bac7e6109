"""How long a sign-in lasts, where somebody is signed in, and how it ends (docs/adr/0019-second-factor-and-sessions.md).

Half an hour without use at a desk, half a day on a phone, and never longer than LONGEST. What kind of device it is
was decided when it began. The moment of the last use is a signed cookie of that session: exact, without a write
to the database at every page, and without a server-side trail of when somebody worked.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from canvass.devices import browser_of, device_kind
from canvass.rate_limit import client_address
from canvass.roles import PIN_ROLES

from .models import OpenSignIn

MINUTE, HOUR = 60, 60 * 60
DESK, PHONE = "desk", "phone"
IDLE = {DESK: 30 * MINUTE, PHONE: 12 * HOUR}
# At most, however much it is used; a week only for those who do nothing but visit, on their phone.
LONGEST, LONGEST_OF_VISITORS = 12 * HOUR, 7 * 24 * HOUR
# So long after its end a session is still known: enough to say why one is signed out.
LINGERS = 24 * HOUR
COOKIE = "last-use"
# What the session knows of itself.
KIND, BEGAN = "sign_in_kind", "sign_in_began"


# --- Beginning and ending; Django's own signals call the first two -------------------------------------------


def begin(sender, request, user, **kwargs):
    """Somebody signed in, by whatever door."""
    session, now = request.session, timezone.now()
    device = device_kind(request)
    session[KIND] = PHONE if device in ("phone", "tablet") else DESK
    session[BEGAN] = int(now.timestamp())
    longest = longest_for(user, session[KIND])
    session.set_expiry(longest + LINGERS)
    if not session.session_key:
        session.create()
    browser, system = browser_of(request)
    _clear_away(now)
    OpenSignIn.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "device": device,
            "browser": browser,
            "system": system,
            "address": client_address(request)[:45],
            "began_at": now,
            "last_used_on": timezone.localdate(),
            "ends_at": now + timedelta(seconds=longest),
        },
    )


def forget(sender, request, user, **kwargs):
    """Signed out, by hand or by the clock; the session itself goes with it."""
    if user is not None and request.session.session_key:
        OpenSignIn.objects.filter(session_key=request.session.session_key).delete()


def follow(request, former_key):
    """The session has a new key, after a new password for one: its row goes with it."""
    rows = OpenSignIn.objects.filter(session_key=former_key)
    rows.update(session_key=request.session.session_key)


@transaction.atomic
def end(rows):
    """These sign-ins end at once: their sessions are gone, and the next request of theirs finds nobody."""
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    OpenSignIn.objects.filter(session_key__in=keys).delete()


def end_all(user, *, but=None):
    """Signed out everywhere, but for the session of this key."""
    end(OpenSignIn.objects.filter(user=user).exclude(session_key=but or ""))


def _clear_away(now):
    """What has ended by itself, of whomever: no command has to be run for it."""
    OpenSignIn.objects.filter(ends_at__lt=now).delete()
    Session.objects.filter(expire_date__lt=now).delete()


# --- The clock ----------------------------------------------------------------------------------------------


def longest_for(user, kind):
    """Seconds after which a sign-in ends, however much it is used."""
    only_visits = user.reach.roles and not user.reach.roles - set(PIN_ROLES) and not user.is_superuser
    return LONGEST_OF_VISITORS if kind == PHONE and only_visits else LONGEST


def why_over(request):
    """ "idle" or "longest" when the sign-in of this request is over, else "". A session that knows no beginning is."""
    kind, began = request.session.get(KIND), request.session.get(BEGAN)
    now = int(timezone.now().timestamp())
    # Duties change while one is signed in; the shorter time holds from then on.
    if kind not in IDLE or now - began > longest_for(request.user, kind):
        return "longest"
    return "idle" if now - last_use(request) > IDLE[kind] else ""


def last_use(request):
    """The moment of the last use of this session; without its cookie, that of the sign-in."""
    began = request.session[BEGAN]
    try:
        return max(began, int(_signer(request).unsign(request.COOKIES.get(COOKIE, ""))))
    except (BadSignature, ValueError):
        return began


def note_use(request, response):
    """This request was a use: the browser keeps when, the row at most the day."""
    before = datetime.fromtimestamp(last_use(request), tz=timezone.get_current_timezone()).date()
    if before != timezone.localdate():
        rows = OpenSignIn.objects.filter(session_key=request.session.session_key)
        rows.update(last_used_on=timezone.localdate())
    response.set_cookie(
        COOKIE,
        _signer(request).sign(str(int(timezone.now().timestamp()))),
        max_age=LONGEST_OF_VISITORS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_this_one(request, row):
    return constant_time_compare(row.session_key, request.session.session_key or "")


def _signer(request):
    """Good for this session alone: another one's last use proves nothing."""
    return Signer(salt=f"canvass.last_use.{request.session.session_key}")
