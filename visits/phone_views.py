"""What a phone needs beside the pages: its queue, a page for when there is no signal, its key, the service worker."""

import base64
import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

may_file = permission_required("visits.add_visit", raise_exception=True)

WORKER = "visits/sw.js"
# All that a kept page may ask for; small enough to be fetched at the first visit.
ASSETS = (
    "canvass/canvass.css",
    "canvass/elder.js",
    "canvass/idle.css",
    "canvass/idle.js",
    "canvass/icon.svg",
    "visits/visits.css",
    "visits/words.js",
    "visits/store.js",
    "visits/vault.js",
    "visits/outbox.js",
    "visits/photos.js",
    "visits/photo_cards.js",
    "visits/queue.js",
    "visits/pages.js",
    "visits/draft.js",
    "visits/place.js",
    "visits/photo_field.js",
    "visits/visit_form.js",
    "visits/filing.js",
    "visits/phone.js",
    "visits/offline.js",
)


@require_safe
@may_file
def outbox(request):
    """What was handed in on this phone and has not arrived. The page is empty: the phone itself fills it."""
    return render(request, "visits/outbox.html", {"tab": "outbox"})


@login_not_required
@require_safe
def offline(request):
    """The frame that stands in for any page without a signal; it holds nothing about anybody."""
    return render(request, "visits/offline.html")


def _key(user, secret):
    """32 bytes that only this person's live sign-in is told; the same on every phone and after every sign-in."""
    return base64.b64encode(
        salted_hmac("canvass.phone", str(user.pk), secret=secret, algorithm="sha256").digest()
    ).decode()


@require_safe
@never_cache
def phone_key(request):
    """The keys for what lies on the phone, a fresh CSRF token, and the right time. 401 without a sign-in.

    The first key is for writing; those of former SECRET_KEYs can still read what lies there.
    """
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return JsonResponse(
        {
            "person": str(request.user.pk),
            "keys": [_key(request.user, secret) for secret in secrets],
            "csrf": get_token(request),
            "now": timezone.now(),
        }
    )


@login_not_required
@require_safe
def service_worker(request):
    """Our small worker, with the addresses of this version's files before it.

    A browser asks for it now and then and takes a new one when a byte of it, so anything it keeps, has changed.
    """
    addresses = [static(name) for name in ASSETS]
    content = hashlib.sha256(json.dumps(addresses).encode())
    for name in (*ASSETS, WORKER):
        content.update(Path(finders.find(name)).read_bytes())
    with translation.override(settings.LANGUAGE_CODE):
        content.update(render_to_string("visits/offline.html").encode())
    told = {
        "version": content.hexdigest()[:16],
        "shell": reverse("visits:offline"),
        "assets": addresses,
        "files": settings.STATIC_URL,
    }
    text = f"const SITE = {json.dumps(told)};\n{Path(finders.find(WORKER)).read_text()}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
