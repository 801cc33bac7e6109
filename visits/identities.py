"""The identity of an empty form stands in its address: reloading it or going back to it makes no second one."""

import uuid

from django.shortcuts import redirect

from canvass.asking import asked


def asked_identity(request):
    """The identity that the address brings, or None."""
    try:
        return uuid.UUID(asked(request, "id"))
    except ValueError:
        return None


def with_identity(request, **also):
    """Sends on to the same address with a new identity, and with what else is to stand in it."""
    query = request.GET.copy()
    query["id"] = uuid.uuid4()
    for name, value in also.items():
        query[name] = value
    return redirect(f"{request.path}?{query.urlencode()}")
