"""What an address asks for: the words behind its question mark."""

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


def asked(request, name):
    """A word of the address, "" when it is absent.

    PostgreSQL refuses texts with a NUL, so that nothing can bear such a name.
    """
    return request.GET.get(name, "").replace("\0", "").strip()


def came_from(request, default):
    """The page of this site to which `next` leads back when all is done; anything else is the default."""
    address = asked(request, "next")
    hosts, secure = {request.get_host()}, request.is_secure()
    return address if url_has_allowed_host_and_scheme(address, hosts, require_https=secure) else default


def asked_language(request):
    """The language that the address itself asks for, or "": for residents' pages, which need no cookie for it."""
    language = asked(request, "language")
    return language if language in dict(settings.LANGUAGES) else ""
