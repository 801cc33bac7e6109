"""How often may this be tried? A count in the cache for each window of time (docs/adr/0005-own-rate-limit.md).

In this process alone, and without a word to the database: for pages that anybody may flood. What guards an account
counts with `canvass.shared_tries`.
"""

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac


def client_address(request):
    """Where a request comes from. Behind the proxy: what the proxy itself put last, not what the client sent."""
    if header := settings.CLIENT_ADDRESS_HEADER:
        return request.META.get(header, "").rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    return request.META.get("REMOTE_ADDR", "")


def is_over_limit(what, who, limit):
    """Whether `who` has already used up the tries of `what`; asking does not count as one."""
    return cache.get(tries_key(what, who), 0) >= limit


def count_try(what, who, seconds):
    """One more try; returns how many there are now.

    The window begins with the first one and is not drawn out by later ones.
    """
    key = tries_key(what, who)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two lines
        cache.add(key, 1, seconds)
        return 1


def tries_key(what, who):
    """A keyed hash: no cache ever holds an address, a code or a name."""
    return f"tries:{what}:{salted_hmac('canvass.rate_limit', who).hexdigest()}"
