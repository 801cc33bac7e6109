"""Names of householders that are needed no longer. Who decides that asks from above: see reports.purging."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from canvass import places

from .models import RegisterEntry, RegisterPeriod

BATCH = 1000


def names_in(area_code, *, but_for=()):
    """The entries that bear a name and lie in an area, or once lay there; not those that lie in `but_for` now."""
    lay_there = RegisterPeriod.objects.filter(entry=OuterRef("pk")).inside(area_code)
    named = RegisterEntry.objects.exclude(holder_name="").filter(
        places.inside("grid_id", area_code) | Exists(lay_there)
    )
    return named.exclude(places.inside("grid_id", *but_for)) if but_for else named


def erase_names(entries, *, log):
    """One batch of these names goes; `log(n)` is written in the same transaction. Returns how many went."""
    with transaction.atomic():
        keys = list(
            entries.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
        RegisterEntry.objects.filter(pk__in=keys).update(holder_name="")
        if keys:
            log(len(keys))
    return len(keys)
