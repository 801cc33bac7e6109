"""Retention: from a campaign's `purge_on` on, names and numbers of residents and photos are erased, batch by batch.

Cadres' names stay, words stay (see `redacting` for a name inside them), and every row stays, so no figure changes.
A batch is one transaction with its row of the log; a run that was killed is finished by the next one.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from canvass.scrubbing import scrub
from grids.erasing import erase_names, names_in
from issues import ledger
from visits import erasing

from . import uploads
from .models import PurgeRun

TABLES = ("visits_answerwish", "visits_visit", "visits_visitphoto", "grids_registerentry")


@dataclass(frozen=True)
class Kind:
    """One kind of personal data of a campaign: the rows that still hold some, and erasing a batch of them."""

    key: str
    label: str
    rows: Callable
    erase: Callable


@dataclass(frozen=True)
class Leftover:
    """Files of nobody: counting them, and removing them."""

    key: str
    label: str
    count: Callable
    remove: Callable


@dataclass(frozen=True)
class Purged:
    """What was (or would be) erased of a campaign, or of none: {kind or leftover: number}, without noughts."""

    campaign: Campaign | None
    counts: dict


def _names_of(campaign):
    """A name stays while another running campaign covers the door."""
    others = Campaign.objects.running().exclude(pk=campaign.pk)
    return names_in(campaign.area_id, but_for=list(others.values_list("area_id", flat=True)))


KINDS = (
    Kind("answer_phones", _("群众联系电话"), erasing.numbers_of, erasing.erase_numbers),
    Kind("form_digests", _("含电话的填报指纹"), erasing.digests_of, erasing.erase_digests),
    Kind("holder_names", _("户名"), _names_of, erase_names),
    Kind("photos", _("走访照片"), erasing.photos_of, erasing.erase_photos),
)
LEFTOVERS = (
    Leftover(
        "orphan_photos",
        _("没有记录的照片文件"),
        lambda: len(erasing.orphan_photos()),
        erasing.remove_orphan_photos,
    ),
    Leftover("workbooks", _("遗留的上传表格"), lambda: len(list(uploads.old_files())), uploads.remove_old),
    Leftover("ledgers", _("遗留的交回台账"), lambda: len(ledger.old_files()), ledger.remove_old),
)


def label_of(key):
    """What a row of the log calls it."""
    return next((one.label for one in (*KINDS, *LEFTOVERS) if one.key == key), key)


def due_campaigns(today=None):
    """Campaigns past their retention, whatever their state: one that was never closed is not kept for good."""
    today = today or timezone.localdate()
    return [one for one in Campaign.objects.order_by("first_on", "pk") if one.purge_on <= today]


def count_due(today=None):
    """What `purge` would erase now. Reads only."""
    found = []
    for campaign in due_campaigns(today):
        counts = {kind: kind.rows(campaign).count() for kind in KINDS}
        found.append(Purged(campaign, _without_noughts(counts)))
    return _told(found, {one: one.count() for one in LEFTOVERS})


def purge(today=None, *, by=None):
    """Erase what is due. Returns what went; an empty list when there was nothing."""
    run = uuid.uuid4()
    found = [Purged(campaign, _purge_campaign(campaign, run, by)) for campaign in due_campaigns(today)]
    removed = Counter()
    for one in LEFTOVERS:
        if number := one.remove():
            removed[one] = number
            PurgeRun.objects.create(run=run, by=by, kind=one.key, number=number)
    done = _told(found, removed)
    if done:
        scrub(*TABLES, thorough=True)
    return done


def _purge_campaign(campaign, run, by):
    erased = Counter()

    def log(kind, number):
        PurgeRun.objects.create(run=run, by=by, campaign=campaign, kind=kind.key, number=number)
        erased[kind] += number

    for kind in KINDS:
        while kind.erase(kind.rows(campaign), log=partial(log, kind)):
            pass
    return _without_noughts(erased)


def _without_noughts(counts):
    return {kind: number for kind, number in counts.items() if number}


def _told(found, leftovers):
    found = [one for one in found if one.counts]
    leftovers = _without_noughts(leftovers)
    return [*found, *([Purged(None, leftovers)] if leftovers else [])]
