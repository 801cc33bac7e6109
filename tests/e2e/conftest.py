"""Debian's Chromium on the running site: a desktop `page`, a `phone`, `sign_in` and `assert_accessible`.

A page that breaks the content security policy, throws in a script or asks another host for anything fails
its test, whatever the test itself looks at.
"""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error as BrowserError

DESKTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Every name but the site's own stays unknown: a test cannot reach the internet by mistake.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            # The browser itself may stumble on a loaded machine: it gets up to three more tries, which the summary
            # lists. What the site does wrong is an AssertionError, and fails at once.
            item.add_marker(pytest.mark.flaky(reruns=3, only_rerun=[BrowserError]))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        message = "Chromium is not installed: browser tests cannot run"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*FLAGS, *root]}


@pytest.fixture(scope="session")
def base_url(live_server):
    """`page.goto("/visits/")` means the site under test."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def complaints():
    """What the browser complained about; checked when the test is over."""
    found = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def open_window(live_server, new_context, complaints):
    """A function that opens a browser window: open_window(**PHONE, java_script_enabled=False)."""

    opened = []

    def open_one(**options):
        opened.append(new_context(**{**DESKTOP, **options}))
        return _watch(opened[-1].new_page(), complaints)

    yield open_one
    for context in opened:
        _leave(context)


def _leave(context):
    """Whatever page is on its way, by itself or by the last step of a test, is called off.

    Chromium closes nothing, and nobody who waits for it is told, when a page that a service worker brings
    arrives just after it was asked to close a window: the test would stand still for ever.
    """
    for page in context.pages:
        for _try in range(5):
            try:
                page.goto("about:blank", timeout=10_000)
                break
            except BrowserError:
                continue  # a page on its way may still arrive first


@pytest.fixture
def open_profile(browser_type, browser_type_launch_args, browser_context_args, complaints):
    """A browser with a profile on the disk, to be closed and opened again: open_profile(folder, url, **PHONE)."""
    opened = []

    def open_one(folder, url, **options):
        options = {**browser_type_launch_args, **browser_context_args, **options, "base_url": url}
        opened.append(browser_type.launch_persistent_context(folder, **options))
        return _watch(opened[-1].pages[0], complaints)

    yield open_one
    for context in opened:
        context.close()


def _watch(page, complaints):
    page.on("console", lambda m: _note_policy(m, complaints))
    page.on("pageerror", lambda error: complaints.append(f"script error on {page.url}: {error}"))
    page.on("request", lambda request: _note_foreign(request, complaints))
    return page


def _note_policy(message, complaints):
    if re.search("content security policy", message.text, re.IGNORECASE):
        complaints.append(message.text)


def _note_foreign(request, complaints):
    address = urlsplit(request.url)
    if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
        complaints.append(f"asked a foreign host: {request.url}")


@pytest.fixture
def page(open_window):
    """A desktop window of 1366 × 768."""
    return open_window()


@pytest.fixture
def phone(open_window):
    """A phone of 360 × 640 with a touch screen."""
    return open_window(**PHONE)


@pytest.fixture
def phone_without_javascript(open_window):
    return open_window(**PHONE, java_script_enabled=False)


@pytest.fixture
def sign_in(live_server):
    """sign_in(page, user): put the session of a signed-in person into the page's window."""

    def sign_in_as(page, user):
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return sign_in_as


@pytest.fixture
def assert_accessible():
    """assert_accessible(page): axe finds nothing to blame on the page as it stands.

    Not for a window without JavaScript: axe would wait there for ever.
    """

    def check(page):
        page.wait_for_load_state()
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()

    return check


@pytest.fixture
def look(assert_accessible):
    """look(page, "triage"): the page has arrived, fits the window's width, and axe has nothing to blame.

    SHOTS=/some/folder keeps a picture of each page looked at.
    """

    def look_at(page, name):
        page.wait_for_load_state()
        wide, width = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
        assert wide <= width, f"{name} is {wide} wide in a window of {width}: {page.url}"
        assert_accessible(page)
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)

    return look_at
