"""What kind of device a request comes from: no more than the word, as far as the browser says so."""

import re

_TABLET = re.compile(r"iPad|Tablet|Android(?!.*Mobile)", re.IGNORECASE)
_PHONE = re.compile(r"Mobile|iPhone|Android|HarmonyOS|MicroMessenger", re.IGNORECASE)
_COMPUTER = re.compile(r"Windows|Macintosh|X11|Linux|CrOS", re.IGNORECASE)


def device_kind(request):
    """ "phone", "tablet", "computer" or "other"."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:500]
    for kind, pattern in (("tablet", _TABLET), ("phone", _PHONE), ("computer", _COMPUTER)):
        if pattern.search(agent):
            return kind
    return "other"
