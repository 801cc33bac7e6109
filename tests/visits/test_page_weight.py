"""What a phone has to load: bytes as they travel, counted here; how long that takes is measured by bench_phone.py."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests import factories, people
from tests.signing_in import PHONE_AGENT, sign_in, with_password
from visits.phone_views import ASSETS

from .forms import file_address

pytestmark = pytest.mark.django_db

FIRST_OPENING, SECOND_VISIT = 100_000, 10_000
COMPRESSED = {"accept-encoding": "gzip"}


@pytest.fixture
def entry():
    """The last one of a list as long as a page shows."""
    campaign = factories.campaign()
    for n in range(60):
        entry = factories.household(
            number=f"330411105201-{n:04d}",
            address=f"王店镇花溪社区梅里人家小区{n}幢{n % 4 + 1}单元{n * 7 % 600}室",
            holder_name="张三丰",
        )
        factories.visit(campaign, entry, outcome="not_in", people_met=None)
    return entry


def weight(name):
    """A static file as it lies compressed."""
    return len(gzip.compress(Path(finders.find(name)).read_bytes()))


def page(client, address):
    """(bytes of the page as it travels, the static files that it asks for)."""
    sign_in(client, with_password(people.alice()), headers={"user-agent": PHONE_AGENT})
    answer = client.get(address, headers=COMPRESSED, follow=True)
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    return len(answer.content), re.findall(
        r'(?:src|href)="/static/([^"]+)"', gzip.decompress(answer.content).decode()
    )


@pytest.mark.parametrize("which", ["my list", "the form"])
def test_first_opening_weighs_less_than_the_budget(client, entry, which):
    size, files = page(client, "/visits/" if which == "my list" else file_address(entry))
    assert len(files) > 5
    # The service worker fetches what the page did not ask for.
    along = {*files, *ASSETS, "visits/sw.js"}
    assert size + sum(map(weight, along)) < FIRST_OPENING


@pytest.mark.parametrize("which", ["my list", "the form"])
def test_second_visit_is_the_page_alone_and_small(client, entry, which):
    size, _files = page(client, "/visits/" if which == "my list" else file_address(entry))
    assert size < SECOND_VISIT


def test_a_page_asks_for_few_files(client, entry):
    """Six travel at a time, and each round costs a phone far out almost half a second: three rounds, no more."""
    _size, files = page(client, file_address(entry))
    assert len(files) <= 3 * 6
