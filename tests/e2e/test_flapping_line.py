"""The proof that no word and no photo is lost: a real server that is killed, a line that flaps, a browser that is closed."""

import contextlib
import random
import re
import time

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import expect

from tests.visits.pictures import picture

from .conftest import PHONE
from .filing import ask, choose, hand_in, write
from .flapping_line import FlappingLine, Mood
from .real_server import RealServer, new_database

pytestmark = pytest.mark.real_server
VISITS, BEFORE_CLOSING = 30, 15
PATIENCE = 90  # seconds until all has arrived
WITH_PHOTO = range(3, VISITS + 1, 3)
FILING, PHOTO = re.compile(r"^/visits/new/"), re.compile(r"^/visits/phone-photos/")
PASSWORD = "a-long-secret-7"
SEED = f"""
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from tests import factories, people
# The tables at once, with their triggers: the long way to them is walked by other tests.
settings.MIGRATION_MODULES = dict.fromkeys(app.label for app in apps.get_app_configs())
call_command("migrate", run_syncdb=True, verbosity=0)
factories.campaign()
alice = people.alice()
alice.username = "grid07"
alice.set_password("{PASSWORD}")
alice.save()
for n in range(1, {VISITS} + 3):
    factories.household(number=f"H{{n:03}}", address=f"花溪路{{n}}号")
"""
STORED = """
import json
from PIL import Image
from visits.models import Opinion, Visit, VisitPhoto
visits = Visit.objects.values_list("entry__number", "note", "filed_by__username")
opinions = Opinion.objects.values_list("visit__entry__number", "nature", "words_verbatim")
photos = [
    [photo.visit.entry.number, photo.sha256, Image.open(photo.image).size] for photo in VisitPhoto.objects.all()
]
print(json.dumps({"visits": sorted(visits), "opinions": sorted(opinions), "photos": sorted(photos)}))
"""
SIGN_OUT_EVERYBODY = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
# The words first, then the photos that follow them by themselves.
TRY_ALL = "Outbox.flush(true).then(() => Photos.flush(false))"
NOT_SENT = """Promise.all([Outbox.mine(), Photos.mine()])
    .then((all) => all.flat().filter((row) => row.state !== "sent").length)"""
KEPT_HASH = """Photos.of(document.querySelector("[name=client_id]").value)
    .then(([row]) => Photos.picture(row.id))
    .then((bytes) => crypto.subtle.digest("SHA-256", bytes))
    .then((hash) => [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join(""))"""


def number(n):
    return f"H{n:03}"


def words(n):
    return f"第{n}户：“路灯”不亮。\n<b>&amp; 100% 🏮🙏\n'; -- é𠮷"


def note(n):
    return f"手记{n}。“回去问”\n&<i>{n}"


def photo_size(n):
    """No two photos have the same: it tells them apart on whatever way they were encoded anew."""
    return (80 + n, 60)


@pytest.fixture(scope="session")
def base_url():
    """None: the site of the other browser tests, and its database, are not needed here."""


@pytest.fixture(autouse=True)
def patience():
    """A page may take its time: a browser, a server and other tests share this machine."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def server(tmp_path):
    with new_database(tmp_path) as url, RealServer(tmp_path, url) as running:
        running.run(SEED)
        running.start()
        yield running


@pytest.fixture
def line(server):
    with FlappingLine(server.port, server.kill) as made:
        yield made


class Weather:
    """Bad for the first requests that bring a visit or a photo, each in its own way, and for some others; calm at last."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.filings = self.moods(12, {Mood.DROP: 4, Mood.CUT: 6, Mood.HALF: 3, Mood.DELAY: 3, Mood.KILL: 1})
        self.photos = self.moods(4, {Mood.DROP: 2, Mood.CUT: 3, Mood.HALF: 2, Mood.DELAY: 2, Mood.KILL: 1})
        self.pages = False

    def moods(self, good, bad):
        made = [Mood.PASS] * good + [mood for mood, times in bad.items() for _ in range(times)]
        self.chance.shuffle(made)
        return made

    @property
    def is_calm(self):
        return not self.filings and not self.photos

    def __call__(self, method, path):
        if method == "POST" and FILING.match(path):
            return self.filings.pop() if self.filings else Mood.PASS
        if method == "POST" and PHOTO.match(path):
            return self.photos.pop() if self.photos else Mood.PASS
        if self.is_calm:
            return Mood.PASS
        if path == "/visits/phone-key/":
            return self.chance.choices([Mood.PASS, Mood.DROP, Mood.HALF, Mood.DELAY], [9, 2, 1, 1])[0]
        return self.chance.choices([Mood.PASS, Mood.DROP], [9, 1])[0] if self.pages else Mood.PASS


def sign_in(page):
    page.goto("/login/?next=/visits/outbox/")
    page.locator("input[name=username]").fill("grid07")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=username]) [type=submit]").click()
    expect(page.get_by_role("heading", name="手机上的表")).to_be_visible()


def file_offline(page, numbers):
    """From the pages that were taken along, one household after the other; the hashes of the photos as they are kept."""
    hashes = {}
    page.context.set_offline(True)
    for n in numbers:
        page.goto(f"/visits/new/?entry={number(n)}")
        expect(page.locator("#filing[data-ready]")).to_be_attached()
        write(page, words(n), note=note(n))
        if n in WITH_PHOTO:
            choose(page, picture(size=photo_size(n)))
            expect(page.get_by_role("img", name="照片 1")).to_be_visible()
            hashes[n] = ask(page, KEPT_HASH)
        hand_in(page)
        expect(page.get_by_text("没有信号。")).to_be_visible()
    return hashes


def still_to_send(page):
    """How many forms and photos the phone has left when it has tried all of them once more."""
    try:
        return ask(page, f"{TRY_ALL}.then(() => {NOT_SENT})")
    except BrowserError:
        return None  # the page was not there yet, or just went: the frame without a signal opens it by itself


def test_thirty_visits_and_their_photos_arrive_once_each_whatever_happens(
    open_profile, tmp_path, server, line
):
    """Filed offline, browser closed, sessions gone, each request dropped, late or unanswered, the server killed."""
    page = open_profile(tmp_path / "profile", line.url, **PHONE)
    sign_in(page)
    page.goto("/visits/")
    ask(page, "navigator.serviceWorker.ready.then(() => undefined)")
    page.get_by_role("button", name="把这一页带上路").click()
    expect(page.get_by_role("button", name="已带上")).to_be_visible(timeout=60_000)
    hashes = file_offline(page, range(1, BEFORE_CLOSING + 1))
    page.context.close()

    page = open_profile(tmp_path / "profile", line.url, **PHONE, offline=True)
    page.goto("/visits/outbox/")
    expect(page.get_by_text("手机上的内容锁着")).to_be_visible()
    # A glimpse of a signal gives the key. What is sent in it is filed, and nobody hears of it.
    line.mood = lambda method, path: Mood.CUT if method == "POST" and FILING.match(path) else Mood.PASS
    page.context.set_offline(False)
    expect(page.locator("#phone:not([data-person=''])")).to_be_attached()
    expect(page.get_by_text("等待送出", exact=True)).to_have_count(BEFORE_CLOSING)
    expect(page.get_by_role("heading", name="花溪路1号", exact=True)).to_be_visible()
    hashes |= file_offline(page, range(BEFORE_CLOSING + 1, VISITS + 1))

    server.run(SIGN_OUT_EVERYBODY)
    page.context.set_offline(False)
    expect(page.get_by_text("登录已过期，请重新登录")).to_be_visible()
    line.mood = weather = Weather(seed=2018)
    sign_in(page)
    weather.pages = True
    left, until, turn = None, time.monotonic() + PATIENCE, 0
    while left != 0:
        assert time.monotonic() < until, f"{left} still wait after {turn} turns: {line.moods}"
        if not server.is_alive:
            server.start()
        left, turn = still_to_send(page), turn + 1
        if turn % 6 == 0:
            with contextlib.suppress(BrowserError):
                page.reload()
    assert weather.is_calm
    assert set(line.moods) == set(Mood)

    page.goto("/visits/outbox/")
    expect(page.get_by_text("已送达", exact=True)).to_have_count(VISITS)
    expect(page.get_by_text("照片 1/1 已送达", exact=True)).to_have_count(len(WITH_PHOTO))
    expect(page.locator("#outbox-badge")).to_be_hidden()
    page.context.close()
    stored, all_of_them = server.run(STORED), range(1, VISITS + 1)
    assert stored["visits"] == [[number(n), note(n), "grid07"] for n in all_of_them]
    assert stored["opinions"] == [[number(n), "problem", words(n)] for n in all_of_them]
    assert stored["photos"] == [[number(n), hashes[n], [*photo_size(n)]] for n in WITH_PHOTO]
    assert "Internal Server Error" not in server.log.read_text()
