"""What every test stands on: the test database, a fast password hasher, Chinese, clean caches."""

import os

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# Playwright's synchronous API keeps an event loop in the thread of the test, and Django would refuse to
# touch the database there. Nothing else runs in that loop.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

hypothesis_settings.register_profile(
    "canvass",
    deadline=None,  # two busy cores are no defect
    max_examples=25,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("canvass")


def pytest_configure(config):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = _flush_append_only_tables_too


def _flush_append_only_tables_too(self, _flush=TransactionTestCase._fixture_teardown):
    """A test that commits is cleaned up by deleting all rows, which our triggers would refuse on SQLite."""
    from canvass.append_only import create_triggers, drop_triggers

    if connection.vendor == "sqlite":
        drop_triggers()
    try:
        _flush(self)
    finally:
        if connection.vendor == "sqlite":
            create_triggers()
        caches["shared"].clear()  # no model's table, so no flush empties it


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite tests use a file, as the site does: threads then meet real locks, not one shared connection."""
    default = connections["default"].settings_dict
    if default["ENGINE"].endswith("sqlite3"):
        default["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def media_of_the_tests(tmp_path_factory):
    """Uploads of tests never land beside those of the installation."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def chinese():
    """Every test begins in Chinese, whatever the one before asked for."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def empty_caches():
    """No test reads what another one left in a cache; the one in the database goes with the test's transaction."""
    caches["default"].clear()
