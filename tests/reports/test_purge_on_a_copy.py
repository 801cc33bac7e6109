"""A campaign with names and numbers in every field made for them, run to its end: none of them is anywhere afterwards.

Every byte of the database file (on PostgreSQL every column), every file under MEDIA_ROOT and the log are searched.
"""

import io
import json
import logging
import os
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from campaigns.models import Campaign
from grids.models import RegisterEntry
from issues.models import Issue
from reports.catalogue import FIGURES
from reports.models import PublishedReport, PurgeRun
from reports.services import save_draft
from tests import factories, people
from tests.counting import scope
from tests.visits.pictures import picture
from tests.workbooks import CODE, GRID_A1, sample
from visits.models import AnswerWish, Opinion
from visits.photo_services import add_photo

from . import asking_rights, releases
from .issuing import issued, period_of
from .redacting import redacted
from .uploading import confirm, token_of, upload

pytestmark = pytest.mark.django_db(transaction=True)
# Unmistakable, and each in one place of its own.
HOLDER, TYPED_HOLDER, PHONE, OTHER_PHONE = "種籽戶名甲", "種籽戶名乙", "13987650001", "13987650002"
IN_WORDS, IN_NOTE, IN_TITLE, IN_REPORT = "種籽姓名丙", "種籽姓名丁", "種籽姓名戊", "種籽姓名己"
SEEDS = [HOLDER, TYPED_HOLDER, PHONE, OTHER_PHONE, IN_WORDS, IN_NOTE, IN_TITLE, IN_REPORT]
CADRE = "種籽干部"


def written(seed):
    """The ways in which a text may lie about."""
    return [seed.encode(), json.dumps(seed)[1:-1].encode(), seed.encode("utf-16-le")]


def found_in(data, where):
    return [(where, seed) for seed in SEEDS for form in written(seed) if form in data]


def search_database():
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        name = str(connection.settings_dict["NAME"])
        paths = [Path(name + tail) for tail in ("", "-wal", "-journal")]
        return [hit for path in paths if path.exists() for hit in found_in(path.read_bytes(), path.name)]
    hits = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            for (row,) in cursor:
                hits += found_in(row.encode(), table)
    return hits


def search_packed():
    """Files that are kept packed: the editions of reports."""
    hits = []
    for report in PublishedReport.objects.all():
        for data in (report.docx, report.xlsx):
            with zipfile.ZipFile(io.BytesIO(bytes(data))) as packed:
                for name in packed.namelist():
                    hits += found_in(packed.read(name), name)
    return hits


def search_files():
    root = Path(settings.MEDIA_ROOT)
    return [
        hit for path in root.rglob("*") if path.is_file() for hit in found_in(path.read_bytes(), str(path))
    ]


def figures_of(campaign):
    campaign = Campaign.objects.get(pk=campaign.pk)
    return {
        (day, key): str(figure.result(scope(campaign, day)))
        for day in ("2018-09-05", "2018-09-30", "2019-01-01")
        for key, figure in FIGURES.items()
    }


def fill(client):
    """Everything that people do, each through its door; returns the campaign and its office."""
    office = people.person("campaign_office", "330411105", CADRE)
    sheets = sample()
    sheets["走访对象"][0]["户名"] = HOLDER
    factories.campaign(CODE)
    client.force_login(office)
    address, page = upload(client, sheets, campaign=CODE)
    confirm(client, address, token_of(page))
    campaign = Campaign.objects.get(code=CODE)
    entry = RegisterEntry.objects.get(holder_name=HOLDER)
    typed = factories.household(GRID_A1)
    client.post(
        f"/admin/grids/registerentry/{typed.pk}/change/",
        {"number": typed.number, "kind": "household", "address": typed.address, "holder_name": TYPED_HOLDER,
         "grid": GRID_A1, "state": "active", "from_on": "2018-07-01"},
    )  # fmt: skip
    RegisterEntry.objects.filter(pk=typed.pk).update(holder_name=TYPED_HOLDER)
    alice = people.alice()
    visit = factories.visit(campaign, entry, [alice.cadre], filed_by=alice, note=f"{IN_NOTE}在家")
    visit.steps.create(move="corrected", by=alice, reason="写错", before={"note": f"见到{IN_NOTE}"})
    add_photo(visit, picture(), by=alice)
    opinion = factories.opinion(
        campaign, visit=visit, entry=entry, words_verbatim=f"{IN_WORDS}说路灯坏了", collector=alice.cadre
    )
    AnswerWish.objects.create(opinion=opinion, way="phone", phone=PHONE)
    other = factories.opinion(campaign, entry=entry)
    AnswerWish.objects.create(opinion=other, way="phone", phone=OTHER_PHONE)
    issue = factories.issue(campaign, title=f"{IN_TITLE}门口路灯不亮")
    issue.opinion_links.create(opinion=opinion)
    period = period_of(campaign, "weekly", "2018-09-06")
    lines = {"practice": f"感谢{IN_REPORT}", "problems": "无", "next": "无"}
    save_draft(campaign, period, by=office, version=0, lines=lines)
    issued(campaign, force_reason="试")
    return campaign, office, visit, opinion, issue


def use(client, campaign, office, opinion):
    """What shows names and numbers to people, and to logs if anything did."""
    client.force_login(office)
    wish = AnswerWish.objects.get(opinion=opinion)
    assert PHONE in client.post(f"/issues/contacts/{wish.pk}/", {"reason": "回电"}).text
    asked = asking_rights.registered(client, office, campaign, opinion.number, kind="see")
    assert PHONE in asking_rights.act(client, office, asked, "show", reason="本人到场").text
    wanted = releases.asked_by(client, office, campaign)
    releases.act(client, people.leader(), wanted, "release")
    book = releases.book_of(releases.fetch(client, office, wanted).bytes)
    assert HOLDER in {value for row in book["走访对象"].values for value in row}
    client.get("/admin/grids/registerentry/", {"q": TYPED_HOLDER})


def age_files(folder):
    for path in (Path(settings.MEDIA_ROOT) / folder).iterdir():
        if path.name != "loading.lock":
            old = path.stat().st_mtime - 2 * 86400
            os.utime(path, (old, old))


def test_nothing_of_the_residents_is_left(client, caplog):
    caplog.set_level(logging.INFO)
    campaign, office, visit, opinion, issue = fill(client)
    use(client, campaign, office, opinion)
    assert search_files() or search_database(), "the search finds nothing even before"
    before = figures_of(campaign)

    for kind, row, name in (
        ("issue", issue, IN_WORDS), ("visit", visit, IN_NOTE), ("issue", issue, IN_TITLE),
        ("edition", PublishedReport.objects.get(), IN_REPORT),
    ):  # fmt: skip
        assert redacted(client, office, kind, row, name).status_code == 302, name
    age_files("workbooks")
    output = io.StringIO()
    call_command("purge", stdout=output)

    assert search_database() == []
    assert search_packed() == []
    assert search_files() == []
    assert found_in((caplog.text + output.getvalue()).encode(), "log") == []
    assert figures_of(campaign) == before
    assert Opinion.objects.get(pk=opinion.pk).words_verbatim == "█████说路灯坏了"
    assert Issue.objects.get(pk=issue.pk).title == "█████门口路灯不亮"
    assert office.cadre.name == CADRE
    assert PurgeRun.objects.exists()
