"""What a browser says it is, in one word each."""

import pytest
from django.test import RequestFactory

from canvass.devices import browser_of, device_kind
from grids.enums import Browser, Device, System

AGENTS = {
    "Mozilla/5.0 (Linux; Android 13; V2248A) Version/4.0 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49": (
        "phone", "wechat", "android"),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0": (
        "phone", "wechat", "iphone"),
    "Mozilla/5.0 (Windows NT 10.0; WOW64) Chrome/107.0 Safari/537.36 MicroMessenger/7.0.20 WindowsWechat": (
        "computer", "wechat", "windows"),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 MicroMessenger/6.8.0 MacWechat": (
        "computer", "wechat", "mac"),
    "Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) Chrome/99.0 HuaweiBrowser/14.0 Mobile Safari/537.36": (
        "phone", "huawei", "harmony"),
    "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Version/16.0 Mobile Safari/604.1": (
        "tablet", "safari", "ipad"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36 Edg/120.0": ("computer", "edge", "windows"),
    "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0": ("computer", "firefox", "linux"),
    "curl/8.0": ("other", "other", "other"),
    "": ("other", "other", "other"),
}  # fmt: skip


@pytest.mark.parametrize("agent", AGENTS)
def test_device_and_browser(agent):
    request = RequestFactory().get("/", headers={"user-agent": agent})
    assert (device_kind(request), *browser_of(request)) == AGENTS[agent]


def test_every_word_has_a_name():
    from canvass.devices import _BROWSERS, _SYSTEMS

    assert {word for word, _pattern in _BROWSERS} | {"other"} == set(Browser.values)
    assert {word for word, _pattern in _SYSTEMS} | {"other"} == set(System.values)
    assert {"phone", "tablet", "computer", "other"} == set(Device.values)
