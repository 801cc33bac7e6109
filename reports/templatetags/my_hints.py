"""What "my records" shows of hints: the page belongs to a lower app, which may not ask for them."""

from typing import NamedTuple

from django import template

from ..hints import hints_of

register = template.Library()
SHOWN = 5


class Told(NamedTuple):
    """A hint, the newest of the own visits that it is about, how many there are and how many are not shown."""

    hint: object
    visits: list
    count: int
    more: int


@register.simple_tag(takes_context=True)
def my_hints(context):
    """The hints about one's own visits."""
    found = hints_of(context["request"].user)
    return [Told(hint, rows[:SHOWN], len(rows), max(0, len(rows) - SHOWN)) for hint, rows in found]
