"""Pages that belong to no app."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from .elder import COOKIE, YEAR


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """200 when the database answers, 503 otherwise; says nothing else to whoever asks."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@csrf_exempt
@require_POST
def set_elder_mode(request):
    """Switches elder mode on or off for a year and goes back to the page one is on.

    No token is asked for: residents' pages have none, a page kept on a phone an old one, and all that a forged
    request could do is to change the size of letters. A script of ours reads the cookie too.
    """
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = "1" if request.POST.get("elder") == "1" else "0"
    response.set_cookie(COOKIE, chosen, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response
