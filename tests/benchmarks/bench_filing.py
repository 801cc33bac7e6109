"""Filing a complete visit against a bare view with one INSERT, in one server, by 8 clients at once.

    .venv/bin/python -m tests.benchmarks.bench_filing                                     # SQLite
    .venv/bin/python tests/postgres.py -- .venv/bin/python -m tests.benchmarks.bench_filing

A visit: session, CSRF, scope, validation, two cadres, one opinion, the first step. Prints requests per second,
p95 and the ratios; the goals are at least 0.40 of the bare view's rate and at most 3 times its p95.
"""

import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

CLIENTS, REQUESTS, HOUSEHOLDS = 8, int(os.environ.get("REQUESTS", "150")), 400
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}


def prepare():
    """A campaign, a grid of households, and one signed-in worker a client: [(session key, CSRF token)]."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    from canvass.roles import Role
    from tests import factories
    from tests.workbooks import GRID_A1

    call_command("migrate", verbosity=0)
    factories.campaign()
    for number in range(HOUSEHOLDS):
        factories.household(GRID_A1, number=f"B{number:05d}")
    workers = []
    for number in range(CLIENTS):
        cadre = factories.cadre(f"网{number}", user=True, staff_number=f"S{number}")
        factories.posting(cadre, Role.VISITOR, GRID_A1)
        session = SessionStore()
        session[SESSION_KEY] = str(cadre.user.pk)
        session[BACKEND_SESSION_KEY] = "grids.backends.PostingBackend"
        session[HASH_SESSION_KEY] = cadre.user.get_session_auth_hash()
        session.create()
        workers.append((session.session_key, secrets.token_hex(16)))
    with connection.cursor() as cursor:
        key = "bigserial" if connection.vendor == "postgresql" else "integer"
        cursor.execute(f"CREATE TABLE bench_bare (id {key} PRIMARY KEY, words varchar(200))")
    connection.close()
    return workers


def serve(port):
    """gunicorn as in production: two processes, two threads each."""
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "2"]
    command += ["--log-level", "error", "-b", f"127.0.0.1:{port}", "tests.benchmarks.bare_wsgi:application"]
    return wait_for(subprocess.Popen(command), port)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(server, port):
    """The server once it answers."""
    for _try in range(100):
        time.sleep(0.2)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
    raise SystemExit("the server did not start")


def visit_form(number):
    """The fields of a plain visit with one opinion, as the phone sends them."""
    started = time.strftime("%Y-%m-%dT%H:%M", time.localtime(time.time() - 3600 * 9))
    return {
        "client_id": str(uuid.uuid4()),
        "outcome": "met",
        "started_at": started,
        "way": "door",
        "cadres": [f"S{number}", f"S{(number + 1) % CLIENTS}"],
        "people_met": "2",
        "note": "路灯不亮，已记下，回去问供电所。",
        "opinions-TOTAL_FORMS": "1",
        "opinions-INITIAL_FORMS": "0",
        "opinions-MIN_NUM_FORMS": "0",
        "opinions-MAX_NUM_FORMS": "200",
        "opinions-0-nature": "problem",
        "opinions-0-words": "公园那几盏灯装好了两个月，从来没有亮过。",
    }


def run(port, workers, kind):
    """Seconds of every request, all clients together, and the seconds that it took."""

    def client(number):
        session, token = workers[number]
        headers = FORM | {"Cookie": f"sessionid={session}; csrftoken={token}"}
        took = []
        for turn in range(REQUESTS):
            if kind == "bare":
                address, body, expected = "/bare/", {"words": "路灯不亮"}, 200
            else:
                address = f"/visits/new/?entry=B{(number * REQUESTS + turn) % HOUSEHOLDS:05d}"
                body, expected = visit_form(number) | {"csrfmiddlewaretoken": token}, 302
            began = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", address, urlencode(body, doseq=True), headers)
            response = connection.getresponse()
            text = response.read().decode()
            connection.close()
            took.append(time.perf_counter() - began)
            if response.status != expected:
                errors = re.findall(r'field-error">(.*?)<', text)
                raise SystemExit(f"{kind}: {response.status} instead of {expected} {errors}")
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = sorted(t for took in pool.map(client, range(CLIENTS)) for t in took)
    return times, time.perf_counter() - began


def main():
    with tempfile.TemporaryDirectory() as scratch:
        port = free_port()
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(scratch) / 'bench.sqlite3'}")
        os.environ["DJANGO_SETTINGS_MODULE"] = "canvass.settings"
        workers = prepare()
        server = serve(port)
        try:
            rates, p95 = {}, {}
            for kind in ("bare", "visit", "bare", "visit"):  # the first round warms up
                times, seconds = run(port, workers, kind)
                rates[kind], p95[kind] = len(times) / seconds, times[int(len(times) * 0.95)]
        finally:
            server.terminate()
            server.wait(20)
    for kind in rates:
        print(f"{kind:6} {rates[kind]:7.0f} requests/s   p95 {p95[kind] * 1000:6.1f} ms")
    print(f"visit / bare: rate {rates['visit'] / rates['bare']:.2f} (goal ≥ 0.40), ", end="")
    print(f"p95 {p95['visit'] / p95['bare']:.1f} (goal ≤ 3)")


if __name__ == "__main__":
    main()
