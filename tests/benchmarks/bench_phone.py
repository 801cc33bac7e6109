"""What a phone far out has to load, and how long that takes: my list and the form, the first time and again.

    .venv/bin/python -m tests.benchmarks.bench_phone

gunicorn with the settings of a public site (collected, compressed static files) behind a stand-in for the proxy,
on this machine alone. Chromium's own throttling plays slow 3G: 400 kbit/s, 400 ms before each answer. Bytes are
those of bodies and headers as they travel. Median of RUNS openings, each in a browser that knows nothing yet;
the service worker is blocked in all but the last line, because Chromium does not slow it down.
"""

import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from .bench_filing import free_port, wait_for

RUNS, HOUSEHOLDS = int(os.environ.get("RUNS", "3")), 60
ROOT = Path(__file__).resolve().parents[2]
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
LIST, FORM = "/visits/", "/visits/new/?entry=330411105201-0007"
USABLE = {LIST: "ul.entries a.entry-file >> nth=0", FORM: "#filing[data-ready]"}
GOALS = {"first": (100_000, 5.0), "again": (10_000, 5.0)}


def prepare():
    """A grid of households of which each was visited, and the session of its worker."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from tests import factories, people

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    campaign = factories.campaign()
    for n in range(HOUSEHOLDS):
        entry = factories.household(
            number=f"330411105201-{n:04d}",
            address=f"王店镇花溪社区梅里人家小区{n}幢{n % 4 + 1}单元{n * 7 % 600}室",
            holder_name="张三丰",
        )
        factories.visit(campaign, entry, outcome="not_in", people_met=None)
    client = Client()
    client.force_login(people.alice())
    connection.close()
    return client.cookies["sessionid"].value


def serve(port):
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "2"]
    command += ["--log-level", "error", "-b", f"127.0.0.1:{port}", "tests.benchmarks.phone_wsgi:application"]
    return wait_for(subprocess.Popen(command), port)


class Phone:
    """A browser window that counts what travels; `throttled` plays slow 3G."""

    def __init__(self, browser, site, session, **options):
        self.site = site
        self.context = browser.new_context(
            viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True, locale="zh-CN", **options
        )
        # Told for the page's plain address too: what a public site sends as Secure counts on this machine.
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        self.page = self.context.new_page()
        self.wire = self.context.new_cdp_session(self.page)
        self.wire.send("Network.enable")
        self.wire.send("Network.emulateNetworkConditions", SLOW_3G)
        self.kinds, self.bytes, self.requests = {}, Counter(), 0
        self.wire.on("Network.responseReceived", self._arrived)
        self.wire.on("Network.loadingFinished", self._finished)

    def _arrived(self, event):
        self.kinds[event["requestId"]] = event["type"]

    def _finished(self, event):
        if size := event["encodedDataLength"]:
            self.requests += 1
            self.bytes[self.kinds.get(event["requestId"], "Other")] += size

    def open(self, address):
        """(seconds until the page is usable, bytes by kind, requests)."""
        self.bytes, self.requests = Counter(), 0
        began = time.perf_counter()
        self.page.goto(self.site + address, wait_until="commit")
        self.page.wait_for_selector(USABLE[address], state="attached")
        painted = "() => performance.getEntriesByName('first-contentful-paint').length"
        while not self.page.evaluate(painted):
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        self.page.wait_for_load_state("networkidle")
        return seconds, dict(self.bytes), self.requests


def measure(browser, site, session):
    """{(page, visit): [openings]}."""
    found = {}
    for _run in range(RUNS):
        for address in (LIST, FORM):
            phone = Phone(browser, site, session, service_workers="block")
            for visit in ("first", "again"):
                found.setdefault((address, visit), []).append(phone.open(address))
            phone.context.close()
    return found


def with_worker(browser, site, session, counts):
    """Bytes of the first opening with the service worker that fills its cache, and of the second one."""
    phone = Phone(browser, site, session)
    totals = []
    for _visit in range(2):
        counts.write_text("")
        phone.open(LIST)
        phone.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        time.sleep(3)
        lines = [json.loads(line) for line in counts.read_text().splitlines()]
        totals.append((sum(size for _path, size in lines), len(lines)))
    phone.context.close()
    return totals


def report(found):
    print(f"{'page':10} {'visit':6} {'usable s':>9} {'requests':>9} {'KB':>7}   by kind")
    for (address, visit), openings in found.items():
        seconds = statistics.median(opening[0] for opening in openings)
        _s, kinds, requests = sorted(openings, key=lambda opening: sum(opening[1].values()))[
            len(openings) // 2
        ]
        total = sum(kinds.values())
        most, limit = GOALS[visit]
        verdict = "" if total <= most and seconds <= limit else "   GOAL MISSED"
        told = ", ".join(
            f"{kind} {size / 1000:.1f}" for kind, size in sorted(kinds.items(), key=lambda item: -item[1])
        )
        name = "my list" if address == LIST else "the form"
        print(f"{name:10} {visit:6} {seconds:>9.1f} {requests:>9} {total / 1000:>7.1f}   {told}{verdict}")


def main():
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as scratch:
        port, counts = free_port(), Path(scratch) / "counts"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.phone_settings",
            "ALLOWED_HOSTS": "canvass.example,127.0.0.1",
            "FIELD_KEYS": secrets.token_urlsafe(60),
            "DATABASE_URL": f"sqlite:///{Path(scratch) / 'bench.sqlite3'}",
            "PHONE_STATIC": str(Path(scratch) / "static"),
            "PHONE_COUNTS": str(counts),
            "DEBUG": "0",
        }
        session = prepare()
        server = serve(port)
        try:
            with sync_playwright() as playwright:
                root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu", *root])
                site = f"http://127.0.0.1:{port}"
                report(measure(browser, site, session))
                totals = with_worker(browser, site, session, counts)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    for visit, (size, requests) in zip(("first", "again"), totals, strict=True):
        print(f"my list with the service worker, {visit}: {size / 1000:.1f} KB in {requests} answers")


if __name__ == "__main__":
    main()
