"""How the environment changes the settings. Each case is a process of its own, as settings are read once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("DATABASE_URL", "DEBUG", "SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "MEDIA_ROOT")
SHOW = """
import json
from canvass import settings as s
print(json.dumps({
    "keys": len(s.FIELD_KEYS),
    "public": s.PUBLIC, "redirect": s.SECURE_SSL_REDIRECT, "cookie": s.SESSION_COOKIE_SECURE,
    "storage": s.STORAGES["staticfiles"]["BACKEND"].rpartition(".")[2],
    "database": {k: str(v) for k, v in s.DATABASES["default"].items() if k != "OPTIONS"},
    "options": s.DATABASES["default"].get("OPTIONS", {}),
}))
"""


def load(**environment):
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    environment = {"SECRET_KEY": "x" * 50, "DATABASE_URL": "sqlite://:memory:"} | environment
    return subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=clean | environment, capture_output=True, text=True
    )


def settings(**environment):
    done = load(**environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_private_site_asks_no_https_and_needs_no_collected_files():
    found = settings(ALLOWED_HOSTS="localhost,127.0.0.1")
    assert (found["public"], found["redirect"], found["cookie"]) == (False, False, False)
    assert found["storage"] == "StaticFilesStorage"


def test_site_that_others_can_reach_demands_https():
    found = settings(ALLOWED_HOSTS="localhost,canvass.example")
    assert (found["public"], found["redirect"], found["cookie"]) == (True, True, True)
    assert found["storage"] == "CompressedManifestStaticFilesStorage"


def test_debug_site_asks_no_https():
    assert settings(ALLOWED_HOSTS="canvass.example", DEBUG="1")["redirect"] is False


def test_sqlite_takes_the_write_lock_first_and_waits():
    options = settings(DATABASE_URL="sqlite:///var/other.sqlite3")["options"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 20
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///var/other.sqlite3", str(ROOT / "var/other.sqlite3")),
        ("sqlite:////srv/canvass.sqlite3", "/srv/canvass.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_sqlite_path_is_relative_to_the_project(url, name):
    assert settings(DATABASE_URL=url)["database"]["NAME"] == name


def test_postgresql_keeps_its_connections():
    found = settings(DATABASE_URL="postgresql://canvass:p%40ss@db.example:5433/canvass?sslmode=require")
    assert found["database"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["database"]["PASSWORD"] == "p@ss"
    assert found["database"]["CONN_MAX_AGE"] == "60"
    assert found["options"] == {"sslmode": "require"}


def test_unknown_database_is_refused_in_one_sentence():
    done = load(DATABASE_URL="mysql://canvass@localhost/canvass")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "DATABASE_URL begins with “mysql”" in last
    assert "postgresql://" in last
