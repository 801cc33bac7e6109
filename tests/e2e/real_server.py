"""The site as docs/operations.md runs it: gunicorn in processes of its own, on a new database of the tests' vendor."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = ["--worker-class", "gthread", "--workers", "2", "--threads", "2", "--log-level", "warning"]


@contextlib.contextmanager
def new_database(home):
    """The DATABASE_URL of an empty database beside those of the test run: a file, or one more in the cluster."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if url.scheme not in {"postgres", "postgresql"}:
        yield f"sqlite:///{home / 'site.sqlite3'}"
        return
    name = f"site_{secrets.token_hex(6)}"
    with psycopg.connect(urlunsplit(url), autocommit=True) as cluster:
        cluster.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(url._replace(path=f"/{name}"))
        finally:
            cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class RealServer:
    """gunicorn at 127.0.0.1:`port`; `run` has the site's own Python do something beside it."""

    def __init__(self, home, database_url):
        self.log = home / "server.log"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "canvass.settings",
            "DATABASE_URL": database_url,
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DEBUG": "0",
            "MEDIA_ROOT": str(home / "media"),
        }
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = None

    def run(self, code):
        """What the code prints as JSON, or None."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", code], cwd=ROOT, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "canvass.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *GUNICORN], cwd=ROOT, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 30
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def _answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """All its processes at once, whatever they are doing: nobody gets to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.kill()
