"""manage.py purge: what goes, when, what stays, and what a run that was killed leaves to the next one."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction

from campaigns.enums import CampaignState
from grids.models import Grid
from grids.services import place_entry
from reports import purging
from reports.breakdown import rows_by
from reports.catalogue import FIGURES
from reports.models import PurgeRun
from tests import factories, people
from tests.counting import scope
from tests.visits.pictures import files, picture
from tests.workbooks import GRID_A1, TOWN
from visits import erasing
from visits.models import AnswerWish, Visit, VisitPhoto
from visits.photo_services import add_photo

from .issuing import issued

LAST_DAY = date(2018, 9, 30)
NUMBER = "13812341234"
OTHER_TOWN_GRID = "3304111062010001"


def purge(*arguments):
    output = StringIO()
    call_command("purge", *arguments, stdout=output)
    return output.getvalue().splitlines()


def over(days):
    """So many days after the last day of the campaign, at noon."""
    return time_machine.travel(f"{LAST_DAY + timedelta(days=days)}T12:00:00+08:00", tick=True)


def wish(campaign, number=NUMBER, **fields):
    opinion = factories.opinion(campaign, **fields)
    return AnswerWish.objects.create(opinion=opinion, way="phone", phone=number)


def photo(campaign):
    """Filed while the campaign runs."""
    alice = people.alice()
    visit = factories.visit(campaign, factories.household(), [alice.cadre], filed_by=alice)
    return add_photo(visit, picture(), by=alice)[0]


@pytest.fixture
def campaign(db):
    return factories.campaign()


def held(campaign):
    """One of each: a number with the digest of its form, a name, a photo."""
    kept = photo(campaign)
    told = wish(campaign, visit=kept.visit)
    Visit.objects.filter(pk=kept.visit_id).update(content_hash="a" * 64)
    entry = factories.household(holder_name="沈百合")
    return told, entry, kept


# --- When -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_due"), [(179, False), (180, True), (181, True)])
def test_number_goes_on_the_180th_day(campaign, days, is_due):
    told = wish(campaign)
    with over(days):
        purge()
    told.refresh_from_db()
    assert (told.phone, told.erased_at is not None) == (("", True) if is_due else (NUMBER, False))


@pytest.mark.parametrize(("days", "is_due"), [(89, False), (90, True)])
def test_office_sets_the_days(campaign, days, is_due):
    campaign.retention_days = 90
    campaign.save(update_fields=["retention_days"])
    told = wish(campaign)
    with over(days):
        purge()
    told.refresh_from_db()
    assert (told.phone == "") is is_due


@pytest.mark.parametrize("days", [29, 731])
def test_retention_is_neither_nothing_nor_for_good(campaign, days):
    campaign.retention_days = days
    with pytest.raises(ValidationError, match="30 到 730"):
        campaign.validate_constraints()
    with pytest.raises(IntegrityError, match="campaign_retention_is_bounded"), transaction.atomic():
        campaign.save()


@pytest.mark.parametrize("state", CampaignState)
def test_state_of_the_campaign_keeps_nothing(campaign, state):
    told = wish(campaign)
    campaign.state = state
    campaign.save()
    purge()
    told.refresh_from_db()
    assert told.phone == ""


# --- What -----------------------------------------------------------------------------------------------------


def test_purge_erases_each_kind_and_says_how_many(campaign):
    told, entry, kept = held(campaign)
    name = kept.image.name
    assert purge() == [
        "wangdian-2018  群众联系电话  1",
        "wangdian-2018  含电话的填报指纹  1",
        "wangdian-2018  户名  1",
        "wangdian-2018  走访照片  1",
        "已清除 4 处。",
    ]
    for row in (told, entry, kept):
        row.refresh_from_db()
    assert (told.phone, told.way, entry.holder_name, entry.address) == ("", "phone", "", "花溪路1号")
    assert (kept.image.name, kept.erased_at is not None) == ("", True)
    assert Visit.objects.get(pk=kept.visit_id).content_hash == ""
    assert name not in files()


def test_purge_logs_counts_and_no_values(campaign):
    held(campaign)
    purge()
    rows = PurgeRun.objects.order_by("pk")
    assert [(row.campaign, row.kind, row.number, row.by) for row in rows] == [
        (campaign, "answer_phones", 1, None),
        (campaign, "form_digests", 1, None),
        (campaign, "holder_names", 1, None),
        (campaign, "photos", 1, None),
    ]
    assert len({row.run for row in rows}) == 1


def test_second_run_changes_nothing_and_says_so(campaign):
    held(campaign)
    purge()
    rows = PurgeRun.objects.count()
    assert purge() == ["没有过了保留期限的个人信息，什么都没有改。"]
    assert PurgeRun.objects.count() == rows


def test_dry_run_counts_and_changes_nothing(campaign):
    told, entry, kept = held(campaign)
    lines = purge("--dry-run")
    assert lines[:4] == [
        "wangdian-2018  群众联系电话  1",
        "wangdian-2018  含电话的填报指纹  1",
        "wangdian-2018  户名  1",
        "wangdian-2018  走访照片  1",
    ]
    assert lines[-1] == "试运行：将清除 4 处，什么都没有改。"
    for row in (told, entry, kept):
        row.refresh_from_db()
    assert (told.phone, entry.holder_name) == (NUMBER, "沈百合")
    assert kept.image.name in files()
    assert not PurgeRun.objects.exists()


def test_campaign_that_is_not_due_keeps_all(campaign):
    later = factories.campaign("later", area="330411106", last_on=date(2099, 1, 1))
    factories.place(OTHER_TOWN_GRID)
    told = wish(later, code=OTHER_TOWN_GRID)
    entry = factories.household(OTHER_TOWN_GRID, holder_name="远方客")
    assert purge() == ["没有过了保留期限的个人信息，什么都没有改。"]
    told.refresh_from_db()
    entry.refresh_from_db()
    assert (told.phone, entry.holder_name) == (NUMBER, "远方客")


@pytest.mark.parametrize(
    ("area", "state", "stays"),
    [
        (TOWN, CampaignState.RUNNING, True),
        ("330411", CampaignState.RUNNING, True),
        (GRID_A1[:12], CampaignState.RUNNING, True),
        ("330411105202", CampaignState.RUNNING, False),
        (TOWN, CampaignState.CLOSED, False),
    ],
)
def test_name_stays_while_another_running_campaign_covers_the_door(campaign, area, state, stays):
    factories.campaign("next", area=area, state=state, last_on=date(2099, 1, 1))
    entry = factories.household(GRID_A1, holder_name="沈百合")
    purge()
    entry.refresh_from_db()
    assert entry.holder_name == ("沈百合" if stays else "")


def test_name_goes_although_the_household_moved_to_another_town(campaign):
    entry = factories.household(GRID_A1, holder_name="沈百合")
    factories.place(OTHER_TOWN_GRID)
    there = Grid.objects.get(pk=OTHER_TOWN_GRID)
    place_entry(entry, grid=there, state="active", from_on=date(2018, 10, 5))
    purge()
    entry.refresh_from_db()
    assert (entry.grid_id, entry.holder_name) == (OTHER_TOWN_GRID, "")


def test_cadres_keep_their_names(campaign):
    worker = factories.cadre("李一", phone="13900002222")
    made = factories.visit(campaign, factories.household(), [worker])
    department = factories.department(contact_name="钱联系", contact_phone="0573-1234")
    purge()
    worker.refresh_from_db()
    department.refresh_from_db()
    assert (worker.name, worker.phone, made.cadres.get().name) == ("李一", "13900002222", "李一")
    assert (department.contact_name, department.contact_phone) == ("钱联系", "0573-1234")


def test_figures_and_editions_are_the_same_to_the_digit(campaign):
    held(campaign)
    factories.issue(campaign)
    factories.gathering(campaign)
    edition = issued(campaign)
    before, files_before = _all_figures(campaign), (bytes(edition.docx), bytes(edition.xlsx), edition.content)
    purge()
    edition.refresh_from_db()
    assert _all_figures(campaign) == before
    assert (bytes(edition.docx), bytes(edition.xlsx), edition.content) == files_before


def _all_figures(campaign):
    campaign = type(campaign).objects.get(pk=campaign.pk)
    found = {}
    for day in ("2018-09-03", "2018-09-30", "2019-06-01"):
        at = scope(campaign, day)
        found[day] = {key: str(figure.result(at)) for key, figure in FIGURES.items()}
        for level in ("village", "department", "category"):
            rows = rows_by(at, level, list(FIGURES.values()))
            found[day, level] = [
                (row.code, {key: str(value) for key, value in row.figures.items()}) for row in rows
            ]
    return found


# --- Files ----------------------------------------------------------------------------------------------------


def lay(name, *, days):
    """A file under MEDIA_ROOT, so many days old."""
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK")
    old = path.stat().st_mtime - days * 86400
    os.utime(path, (old, old))
    return path


def test_files_of_nobody_go_when_they_are_a_day_old(campaign):
    old, young = lay("photos/old.jpg", days=2), lay("photos/young.jpg", days=0)
    workbook = lay("workbooks/" + "a" * 64 + ".xlsx", days=2)
    handed_back = lay("ledgers/" + "b" * 64 + "-1.sealed", days=2)
    lines = purge()
    assert lines[:-1] == [
        "不属于活动  没有记录的照片文件  1",
        "不属于活动  遗留的上传表格  1",
        "不属于活动  遗留的交回台账  1",
    ]
    left = [path.exists() for path in (old, young, workbook, handed_back)]
    assert left == [False, True, False, False]
    assert list(PurgeRun.objects.order_by("pk").values_list("campaign", "kind", "number")) == [
        (None, "orphan_photos", 1),
        (None, "workbooks", 1),
        (None, "ledgers", 1),
    ]
    young.unlink()


def test_photo_whose_file_is_gone_already_is_finished(campaign):
    kept = photo(campaign)
    (Path(settings.MEDIA_ROOT) / kept.image.name).unlink()
    purge()
    kept.refresh_from_db()
    assert kept.image.name == ""


def test_erased_photo_is_shown_to_nobody(client, campaign):
    kept = photo(campaign)
    bob = people.bob()
    client.force_login(bob)
    assert client.get(f"/visits/photos/{kept.pk}/").status_code in (200, 404)
    purge()
    assert client.get(f"/visits/photos/{kept.pk}/").status_code == 404
    page = client.get(f"/visits/{kept.visit_id}/")
    assert "照片已清除" in page.text
    assert f"/photos/{kept.pk}/" not in page.text


def test_row_of_a_photo_has_its_file_or_says_that_it_is_gone(campaign):
    kept = photo(campaign)
    with pytest.raises(IntegrityError, match="visitphoto_erased_has_no_file"), transaction.atomic():
        VisitPhoto.objects.filter(pk=kept.pk).update(image="")


# --- Killed, and two at once ----------------------------------------------------------------------------------


class Killed(BaseException):
    """As kill -9 ends a process: nothing after it is done, no handler catches it."""


def killed(number):
    raise Killed


def test_batch_that_is_killed_is_not_half_done(campaign):
    for _n in range(3):
        wish(campaign)
    with pytest.raises(Killed):
        erasing.erase_numbers(erasing.numbers_of(campaign), log=killed)
    assert AnswerWish.objects.exclude(phone="").count() == 3


def test_run_killed_between_two_batches_is_finished_by_the_next(campaign):
    first, *_others = [wish(campaign) for _n in range(5)]
    erasing.erase_numbers(AnswerWish.objects.filter(pk=first.pk), log=lambda number: None)
    assert purge()[0] == "wangdian-2018  群众联系电话  4"
    assert not AnswerWish.objects.exclude(phone="").exists()


def test_run_killed_between_file_and_row_is_finished_by_the_next(campaign):
    kept = photo(campaign)
    with pytest.raises(Killed):
        erasing.erase_photos(erasing.photos_of(campaign), log=killed)
    kept.refresh_from_db()
    assert (kept.image.name in files(), kept.image.name != "") == (False, True)
    purge()
    kept.refresh_from_db()
    assert kept.image.name == ""


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_erase_everything_and_count_it_once():
    campaign = factories.campaign()
    for _n in range(6):
        wish(campaign)
        factories.household(holder_name="沈百合")
    both = Barrier(2)

    def run(_n):
        try:
            both.wait()
            purging.purge()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    assert not AnswerWish.objects.exclude(phone="").exists()
    totals = {
        kind: sum(PurgeRun.objects.filter(kind=kind).values_list("number", flat=True))
        for kind in ("answer_phones", "holder_names")
    }
    assert totals == {"answer_phones": 6, "holder_names": 6}


@pytest.mark.django_db(transaction=True)
def test_filing_while_a_purge_runs_loses_nothing():
    campaign = factories.campaign()
    alice = people.alice()
    entry = factories.household()
    for _n in range(4):
        wish(campaign)
    both = Barrier(2)

    def file():
        try:
            both.wait()
            for n in range(4):
                factories.visit(campaign, entry, number=f"NEW{n}", filed_by=alice, content_hash="b" * 64)
                wish(campaign, number="13900001111")
        finally:
            connections.close_all()

    def run():
        try:
            both.wait()
            purging.purge()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(file), pool.submit(run)]:
            done.result()
    assert Visit.objects.filter(number__startswith="NEW").count() == 4
    assert AnswerWish.objects.count() == 8
    purging.purge()
    assert not AnswerWish.objects.exclude(phone="").exists()


# --- At the desk ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [people.bob, lambda: people.person("auditor", TOWN, "申十三")])
def test_log_is_read_at_the_desk(client, campaign, reader):
    wish(campaign)
    purge()
    client.force_login(reader())
    page = client.get("/admin/reports/purgerun/").text
    assert "群众联系电话" in page and NUMBER not in page


@pytest.mark.parametrize(
    ("stranger", "sees"),
    [
        (lambda: people.bob(factories.place("330411106").pk), 200),
        (people.village_office, 403),
        (people.alice, 302),
    ],
)
def test_nobody_else_reads_the_log(client, campaign, stranger, sees):
    wish(campaign)
    purge()
    client.force_login(stranger())
    page = client.get("/admin/reports/purgerun/")
    assert page.status_code == sees
    assert "群众联系电话" not in page.text
