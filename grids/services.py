"""Verbs on the register."""

from datetime import timedelta

from django.db import transaction

from .models import RegisterEntry, RegisterPeriod


@transaction.atomic
def add_entry(entry, *, from_on):
    """Save a new entry of the register together with its first period."""
    entry.from_on = from_on
    entry.save()
    RegisterPeriod.objects.create(entry=entry, grid_id=entry.grid_id, state=entry.state, from_on=from_on)
    return entry


@transaction.atomic
def place_entry(entry, *, grid, state, from_on):
    """Move an entry to another grid or state from a day on; what held before stays on record.

    A change dated on (or before) the first day of the present period corrects that period instead.
    """
    entry = RegisterEntry.objects.select_for_update().get(pk=entry.pk)
    period = entry.periods.get(to_on__isnull=True)
    if from_on <= period.from_on:
        period.grid, period.state = grid, state
        period.save(update_fields=["grid", "state"])
    else:
        period.to_on = from_on - timedelta(days=1)
        period.save(update_fields=["to_on"])
        RegisterPeriod.objects.create(entry=entry, grid=grid, state=state, from_on=from_on)
        entry.from_on = from_on
    entry.grid, entry.state = grid, state
    entry.save(update_fields=["grid", "state", "from_on"])
    return entry
