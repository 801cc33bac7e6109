"""A householder's name: a mask on every page, whole on one page that asks why."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from .models import HolderReading, RegisterEntry
from .permissions import can_see_holder


def find_holder(user, pk):
    """The entry whose name this person may see whole. To whom the entry does not exist, its name does not either."""
    entry = RegisterEntry.objects.visible_to(user).select_related("grid__parent").filter(pk=pk).first()
    if entry is None or not entry.has_personal_name:
        raise Http404
    if not can_see_holder(user, entry):
        raise PermissionDenied
    return entry


@transaction.atomic
def read_holder(entry, *, by, reason):
    """The name, whole; that it was shown, to whom and why, is on record before anybody sees it."""
    entry = RegisterEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    HolderReading.objects.create(entry=entry, by=by, reason=reason)
    return entry.holder_name
