"""One form is one record, however often it is sent and from however many windows at once."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _


class FilingConflict(Exception):  # noqa: N818 - an answer to show, not a fault
    """The identity of a form is already that of a record with other content (or of another person)."""

    def __init__(self, stored):
        super().__init__(stored.number)
        self.stored = stored


def digest(content):
    """Equal for two forms that say the same. `content`: lists, texts and numbers."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def file_once(model, *, by, client_id, content_hash, write):
    """(record, whether it is new). `write(tail)` saves all of it, its number ending in this tail.

    The database decides: the form's identity is unique. Raises FilingConflict for other content under it.
    A new record costs what `write` costs, nothing more.
    """
    # A short number is easy to read out; where it is taken, the whole identity makes it unique.
    for digits in (8, 32):
        try:
            with transaction.atomic():
                return write(client_id.hex[:digits].upper()), True
        except IntegrityError:
            stored = model.objects.filter(client_id=client_id).first()
            if stored is None:
                continue
            if stored.filer_id != by.pk or stored.content_hash != content_hash:
                raise FilingConflict(stored) from None
            return stored, False
    raise ValidationError(_("编号重复，请重新打开填报页。"))
