"""How often something may be tried, and who is trying."""

from time import sleep

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from canvass.rate_limit import client_address, count_try, is_over_limit


def test_limit_is_reached_by_as_many_tries():
    found = []
    for _try in range(4):
        found.append(is_over_limit("door", "a", 3))
        count_try("door", "a", 60)
    assert found == [False, False, False, True]


def test_another_one_and_another_thing_are_counted_apart():
    count_try("door", "a", 60)
    assert not is_over_limit("door", "b", 1)
    assert not is_over_limit("window", "a", 1)


def test_window_ends():
    count_try("door", "a", 0.01)
    sleep(0.02)
    assert not is_over_limit("door", "a", 1)


def test_cache_holds_no_address():
    count_try("door", "203.0.113.9", 60)
    assert not any("203.0.113.9" in key for key in cache._cache)


@pytest.mark.parametrize(
    ("header", "told", "address"),
    [
        ("", "1.2.3.4", "10.0.0.1"),  # no proxy: whatever a client says is no address
        ("HTTP_X_FORWARDED_FOR", "1.2.3.4", "1.2.3.4"),
        ("HTTP_X_FORWARDED_FOR", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # the proxy writes last
        ("HTTP_X_FORWARDED_FOR", "", "10.0.0.1"),
    ],
)
def test_address_is_the_one_that_the_proxy_saw(settings, header, told, address):
    settings.CLIENT_ADDRESS_HEADER = header
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=told)
    assert client_address(request) == address
