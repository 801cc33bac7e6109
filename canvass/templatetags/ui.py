"""Small words and pieces of markup that every page shares."""

import re

from django import template
from django.utils.html import format_html, format_html_join

from canvass.masks import masked_name, masked_phone

register = template.Library()
register.filter(masked_name)
register.filter(masked_phone)


@register.filter
def marked(text, words):
    """The text with each occurrence of the words searched for marked; both are escaped."""
    if not words:
        return text
    # With one group, every second part is an occurrence.
    parts = re.split(f"({re.escape(words)})", str(text), flags=re.IGNORECASE)
    return format_html_join("", "{}", ((_mark(part) if n % 2 else part,) for n, part in enumerate(parts)))


def _mark(part):
    return format_html("<mark>{}</mark>", part)


@register.simple_tag(takes_context=True)
def nav_link(context, address, label, exact=""):
    """A list item of the main navigation; says aloud when it is the page one is on.

    `exact`: an address below this one that has an item of its own.
    """
    path = context["request"].path if "request" in context else ""
    here = path.startswith(address) and not (exact and path.startswith(exact))
    current = format_html(' aria-current="{}"', "page") if here else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, current, label)


@register.simple_tag(takes_context=True)
def page_link(context, **changes):
    """The query string of the page one is on, with some of it changed; None or "" drops a key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return "?" + query.urlencode()
