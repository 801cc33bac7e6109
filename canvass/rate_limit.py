"""How often may this be tried? A count in the cache for each window of time (docs/adr/0005-own-rate-limit.md)."""

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac


def client_address(request):
    """Where a request comes from. Behind the proxy: what the proxy itself put last, not what the client sent."""
    if header := settings.CLIENT_ADDRESS_HEADER:
        return request.META.get(header, "").rpartition(",")[2].strip() or request.META["REMOTE_ADDR"]
    return request.META["REMOTE_ADDR"]


def is_over_limit(what, who, limit):
    """Whether `who` has already used up the tries of `what`; asking does not count as one."""
    return cache.get(_key(what, who), 0) >= limit


def count_try(what, who, seconds):
    """One more try; returns how many there are now.

    The window begins with the first one and is not drawn out by later ones.
    """
    key = _key(what, who)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two lines
        cache.add(key, 1, seconds)
        return 1


def forget_tries(what, who):
    """It went well: begin to count anew."""
    cache.delete(_key(what, who))


def _key(what, who):
    """A keyed hash: the cache never holds an address or a code."""
    return f"tries:{what}:{salted_hmac('canvass.rate_limit', who).hexdigest()}"
