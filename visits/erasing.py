"""What was kept to reach or to recognise a resident, and how it goes: numbers, digests of forms, photos.

Each `erase_…` does one batch and calls `log(n)` in the transaction that does it, so that a run which is killed has
said what it did, and the next one goes on. The rows stay: every figure counts them as before.
"""

import logging
from datetime import timedelta

from django.core.files.storage import default_storage as storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .models import AnswerWish, Opinion, Visit, VisitPhoto

BATCH, PHOTO_BATCH = 1000, 100
PHOTOS = "photos"
# The file of a photo is written before its row: what is younger may only wait for it.
ORPHAN_AFTER = timedelta(days=1)

logger = logging.getLogger(__name__)


def numbers_of(campaign):
    return AnswerWish.objects.filter(opinion__campaign=campaign).exclude(phone="")


def erase_numbers(wishes, *, log):
    """That an answer was wanted stays, and how it was to be given."""
    with transaction.atomic():
        locked = wishes.select_for_update(of=("self",)).order_by("pk")
        keys = list(locked.values_list("pk", flat=True)[:BATCH])
        AnswerWish.objects.filter(pk__in=keys).update(phone="", erased_at=timezone.now())
        if keys:
            log(len(keys))
    return len(keys)


def digests_of(campaign):
    """Visits whose form held a number: from the digest of all that a form says, the number could be found by trying."""
    wished = AnswerWish.objects.filter(opinion__visit=OuterRef("pk"))
    return Visit.objects.filter(Exists(wished), campaign=campaign).exclude(content_hash="")


def erase_digests(visits, *, log):
    with transaction.atomic():
        locked = visits.select_for_update(of=("self",)).order_by("pk")
        keys = list(locked.values_list("pk", flat=True)[:BATCH])
        Visit.objects.filter(pk__in=keys).update(content_hash="")
        if keys:
            log(len(keys))
    return len(keys)


def photos_of(campaign):
    return VisitPhoto.objects.filter(visit__campaign=campaign).kept()


def erase_photos(photos, *, log):
    """First the files, outside of any transaction, then the rows: a run that dies between the two is done again."""
    found = list(photos.order_by("pk").values_list("pk", "image")[:PHOTO_BATCH])
    for _pk, name in found:
        storage.delete(name)
    with transaction.atomic():
        rows = VisitPhoto.objects.kept().filter(pk__in=[pk for pk, _name in found])
        number = rows.update(image="", erased_at=timezone.now())
        if number:
            log(number)
    return len(found)


def orphan_photos():
    """Names of files that no row knows, older than a day."""
    if not storage.exists(PHOTOS):
        return []
    known = set(VisitPhoto.objects.kept().values_list("image", flat=True).iterator())
    oldest = timezone.now() - ORPHAN_AFTER
    names = [f"{PHOTOS}/{name}" for name in sorted(storage.listdir(PHOTOS)[1])]
    return [name for name in names if name not in known and _changed_at(name) < oldest]


def _changed_at(name):
    try:
        return storage.get_modified_time(name)
    except FileNotFoundError:  # somebody else was faster
        return timezone.now()


def remove_orphan_photos():
    names = orphan_photos()
    for name in names:
        storage.delete(name)
    return len(names)


# --- One resident's ------------------------------------------------------------------------------------------


def numbers_beside(opinion):
    """The numbers beside these words and beside those that they replaced or were replaced by."""
    return AnswerWish.objects.filter(opinion__in=_versions(opinion)).exclude(phone="")


def _versions(opinion):
    keys, row = {opinion.pk}, opinion
    while row.corrects_id and row.corrects_id not in keys:
        row = row.corrects
        keys.add(row.pk)
    while later := Opinion.objects.filter(corrects__in=keys).exclude(pk__in=keys).first():
        keys.add(later.pk)
    return keys
