"""What the pages of the visitors show of issues: those pages belong to a lower app, which may not ask for them."""

from typing import NamedTuple

from django import template

from .. import hand_overs, matters, spot

register = template.Library()


class Marks(NamedTuple):
    """How many answers are to be brought to a door, and how many matters are still open."""

    to_tell: int
    open: int


@register.simple_tag(takes_context=True)
def matters_by_entry(context, entries, campaign):
    """[(entry, Marks)] of one page of a list."""
    entries = list(entries)
    found = matters.matters_of_entries(entries, campaign, context["request"].user)
    return [
        (entry, Marks(sum(m.tells for m in found[entry.pk]), sum(m.is_open for m in found[entry.pk])))
        for entry in entries
    ]


class Lots(NamedTuple):
    """Matters as a worker thinks of them at the door."""

    to_tell: list
    running: list
    ended: list

    @property
    def solved(self):
        """Those of the ended ones that were solved on the spot."""
        return [matter for matter in self.ended if matter.is_solved_on_spot]


def _lots(found):
    to_tell = [m for m in found if m.tells]
    unsorted = [m for m in found if m.issue is None and m.answer is None and m.note is None]
    running = [m for m in found if m.is_open or m in unsorted]
    return Lots(to_tell, running, [m for m in found if m not in to_tell and m not in running])


@register.simple_tag(takes_context=True)
def household_matters(context, entry):
    """Lots of one household."""
    return _lots(matters.matters_of_entry(entry, context["request"].user))


@register.simple_tag(takes_context=True)
def followed_matters(context):
    """Lots of what the person heard first and follows to the end."""
    return _lots(matters.matters_heard_first(context["request"].user))


@register.simple_tag(takes_context=True)
def hand_overs_to_me(context):
    """What somebody is to hand over to this person."""
    return list(hand_overs.waiting_for(context["request"].user))


class Spots(NamedTuple):
    """Words to look into, of how many, and how many there was no room for."""

    rows: list
    count: int
    more: int


SHOWN = 30


@register.simple_tag(takes_context=True)
def spots_to_check(context):
    """What visitors say they solved on the spot, where this person answers for the place."""
    waiting = spot.waiting_spots(context["request"].user)
    rows = list(waiting.select_related("entry", "collector").order_by("heard_at", "pk")[:SHOWN])
    count = waiting.count() if len(rows) == SHOWN else len(rows)
    return Spots(rows, count, count - len(rows))
