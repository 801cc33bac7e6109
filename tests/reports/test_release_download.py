"""/reports/workbook/releases/<pk>/download/: for the asker alone, soon and seldom, with both names on every page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from grids.models import Posting
from reports import releasing
from reports.loading import load
from tests import factories, people
from tests.workbooks import GRID_A1

from .releases import act, address, asked_by, book_of, fetch

pytestmark = pytest.mark.django_db
SECRETS = {"沈百合", "钱联系", "0573-1234", "13900002222"}


@pytest.fixture
def campaign():
    made = factories.campaign()
    factories.household(GRID_A1, number="H1", holder_name="沈百合")
    return made


@pytest.fixture
def bob(campaign):
    bob = people.bob()
    bob.cadre.phone = "13900002222"
    bob.cadre.department = factories.department(contact_name="钱联系", contact_phone="0573-1234")
    bob.cadre.save()
    return bob


@pytest.fixture
def released(client, campaign, bob):
    asked = asked_by(client, bob, campaign)
    act(client, people.leader(), asked, "release")
    return asked


def cells(book):
    return {str(value) for sheet in book for row in sheet.values for value in row if value is not None}


def kinds(asked):
    return sorted(asked.steps.values_list("kind", flat=True))


def test_release_download_holds_names_and_numbers(client, bob, released):
    assert cells(book_of(fetch(client, bob, released).bytes)) >= SECRETS
    assert kinds(released) == ["downloaded", "released"]


def test_each_sheet_says_who_asked_and_who_released(client, bob, released):
    book = book_of(fetch(client, bob, released).bytes)
    marks = {
        sheet.oddHeader.center.text
        for sheet in book
        if sheet.sheet_state == "visible" and sheet.title != "说明"
    }
    assert len(marks) == 1
    (mark,) = marks
    assert mark.startswith(f"{released.number} 申请 鲍二柏 放行 凌六导 {timezone.localtime():%Y-%m-%d}")
    assert book.properties.title == mark
    assert mark in cells(book)


def test_plain_export_stays_blank(client, campaign, bob, released):
    client.force_login(bob)
    book = book_of(client.get("/reports/workbook/export/", {"campaign": campaign.code}).getvalue())
    assert cells(book).isdisjoint(SECRETS)


def test_released_workbook_can_be_loaded(client, bob, released, tmp_path):
    path = tmp_path / "released.xlsx"
    path.write_bytes(fetch(client, bob, released).bytes)
    outcome = load(path, dry_run=True)
    assert outcome.ok, outcome.errors
    assert not outcome.sheets["register"]["changed"]


@pytest.mark.parametrize("fetcher", [people.leader, lambda: people.bob()])
def test_nobody_but_the_asker_fetches(client, released, fetcher):
    answer = fetch(client, fetcher(), released)
    assert answer["Location"] == address(released)
    assert kinds(released) == ["released"]


@pytest.mark.parametrize(
    ("stranger", "status"),
    [(people.alice, 403), (people.nobody, 403), (lambda: people.bob(factories.place("330411106").pk), 404)],
)
def test_strangers_find_nothing(client, released, stranger, status):
    assert fetch(client, stranger(), released).status_code == status


def test_look_does_not_fetch(client, bob, released):
    client.force_login(bob)
    assert client.get(address(released, "download/")).status_code == 405
    assert kinds(released) == ["released"]


def test_before_the_release_nothing_is_fetched(client, campaign, bob):
    asked = asked_by(client, bob, campaign)
    assert fetch(client, bob, asked).status_code == 302
    assert "等另一人放行" in client.get(address(asked)).text
    assert kinds(asked) == []


def test_file_is_fetched_three_times(client, bob, released):
    assert [fetch(client, bob, released).status_code for _n in range(4)] == [200, 200, 200, 302]
    assert kinds(released).count("downloaded") == 3
    assert "次数已用完" in client.get(address(released)).text


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 302)])
def test_file_is_there_for_a_day(client, bob, released, seconds, status):
    moment = released.steps.get().at + releasing.OPEN_FOR + timedelta(seconds=seconds)
    with time_machine.travel(moment, tick=False):
        assert fetch(client, bob, released).status_code == status


def test_withdrawn_is_fetched_no_more(client, bob, released):
    act(client, bob, released, "withdraw")
    assert fetch(client, bob, released).status_code == 302
    assert "downloaded" not in kinds(released)


def test_withdrawn_while_the_file_is_made_is_not_handed_out(released, bob):
    releasing.begin_download(released, by=bob)
    releasing.withdraw(released, by=bob)
    with pytest.raises(ValidationError, match="刚才已撤回"):
        releasing.check_still_open(released)


def test_asker_who_lost_the_posting_fetches_nothing(client, bob, released):
    Posting.objects.filter(cadre=bob.cadre).update(to_on=timezone.localdate() - timedelta(days=1))
    assert fetch(client, bob, released).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_last_download_is_had_once():
    campaign, bob = factories.campaign(), people.bob()
    asked = releasing.ask_for_export(campaign, by=bob, reason="核对")
    releasing.decide(asked, by=people.leader(), release=True)
    for _n in range(releasing.MOST_DOWNLOADS - 1):
        releasing.begin_download(asked, by=bob)
    both = Barrier(2)

    def attempt(_n):
        try:
            both.wait()
            releasing.begin_download(asked, by=bob)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]
