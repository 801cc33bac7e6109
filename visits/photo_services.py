"""Adding a photo to a visit that is filed, and taking one out. Files are written outside of transactions."""

import hashlib
import logging
import uuid

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage as storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Visit, VisitPhoto
from .permissions import can_add_photo
from .photos import LARGEST_FILE, MOST_PHOTOS, made_anew

logger = logging.getLogger(__name__)

NOT_NOW = gettext_lazy("这次走访已作废、活动已结束，或者不归您改，照片不能再动。")


def add_photo(visit, data, *, by):
    """(photo, whether it is new). The same bytes sent twice are one photo, also at the same moment.

    Costs little when the photo is known or there is no room; otherwise the picture is made anew and its file written
    before the row. A file whose row could not be written goes again.
    """
    received = hashlib.sha256(data).hexdigest()
    if known := _known(visit, received):
        return known, False
    _check_room(visit)
    picture = made_anew(data)
    name = storage.save(f"photos/{uuid.uuid4().hex}.jpg", ContentFile(picture.data))
    photo = VisitPhoto(
        visit=visit, image=name, sha256=received, width=picture.width, height=picture.height, created_by=by
    )
    try:
        kept = _write(photo)
    except BaseException:
        storage.delete(name)
        raise
    if kept is not photo:
        storage.delete(name)
    return kept, kept is photo


def add_photos(visit, files, *, by):
    """Each uploaded file by itself: the sentences about those that could not be kept."""
    refused = []
    for file in files:
        try:
            # What is too large is not read into memory to be told so.
            photo, _is_new = add_photo(visit, file.read(LARGEST_FILE + 1), by=by)
            if photo.is_void:
                raise ValidationError(_("这张照片先前已被拿掉。"))
        except ValidationError as refusal:
            refused.append(_told(file, refusal.messages[0]))
        except OSError:  # a full disk: the words are filed, and whoever filed them must read so
            logger.exception("A photo could not be stored")
            refused.append(_told(file, _("系统正忙，这一件没有办，请稍后再试。")))
    return refused


def _told(file, why):
    return _("照片“%(name)s”没有存下：%(why)s") % {"name": file.name, "why": why}


def _known(visit, received):
    return VisitPhoto.objects.filter(visit=visit, sha256=received).first()


def _check_room(visit):
    if VisitPhoto.objects.filter(visit=visit).valid_at(timezone.now()).count() >= MOST_PHOTOS:
        raise ValidationError(_("一次走访最多 6 张照片，这一张放不下了。先拿掉一张再加。"))


@transaction.atomic
def _write(photo):
    """The row, or the one that was faster: the visit is locked while its photos are counted."""
    visit = _locked(photo.visit_id, photo.created_by)
    if known := _known(visit, photo.sha256):
        return known
    _check_room(visit)
    photo.save(force_insert=True)
    return photo


def _locked(pk, by):
    visit = Visit.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=pk)
    if not can_add_photo(by, visit):
        raise ValidationError(NOT_NOW)
    return visit


@transaction.atomic
def take_out_photo(photo, *, by, reason):
    """Shown to nobody from now on. Who took it out, when and why stays with the visit."""
    _locked(photo.visit_id, by)
    photo = VisitPhoto.objects.get(pk=photo.pk)
    if photo.is_void:
        raise ValidationError(_("这张照片刚才已经拿掉了。"))
    photo.voided_at, photo.voided_by, photo.void_reason = timezone.now(), by, reason
    photo.save(update_fields=["voided_at", "voided_by", "void_reason"])
    return photo
