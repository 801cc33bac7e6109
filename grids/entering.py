"""From a right password, or a printed link, to being signed in: at once, or by way of a one-time code.

Whoever has a second factor is nobody until the code is right: the session only knows whose password it was, for ten
minutes, and opens nothing but the page that asks for the code.
"""

from django.contrib.auth import login
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from .models import User
from .second_factor import has_factor

HALF = "half_signed_in"
HALF_SECONDS = 10 * 60
# In the session of somebody who gave a code, or has just turned the second factor on.
PROVED = "second_factor"


def enter(request, user, to):
    """Where whoever has just proved the first half goes; signed in, unless a code is still to come."""
    if not has_factor(user):
        login(request, user)
        return redirect(to)
    # Whoever was signed in here is not any more, and an identity of the session that was planted is worth nothing.
    request.session.flush()
    request.session[HALF] = {
        "user": user.pk,
        # A password that is changed in between ends this too.
        "hash": user.get_session_auth_hash(),
        "at": int(timezone.now().timestamp()),
        "to": to,
    }
    request.session.set_expiry(HALF_SECONDS + 60)
    return redirect("grids:sign_in_code")


def half_signed_in(request):
    """(user, where to) while a code is awaited, else (None, "")."""
    half = request.session.get(HALF)
    if not half or int(timezone.now().timestamp()) - half["at"] > HALF_SECONDS:
        return None, ""
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or not constant_time_compare(half["hash"], user.get_session_auth_hash()):
        return None, ""
    return user, half["to"]


def enter_with_code(request, user, to):
    """The code was right."""
    del request.session[HALF]
    login(request, user)
    request.session[PROVED] = True
    return redirect(to)
