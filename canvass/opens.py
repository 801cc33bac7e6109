"""Which record a page opens: said beside the view, read by the audit log.

Every page whose address names a record says which model that is. Admin pages are known by their ModelAdmin.
"""

from dataclasses import dataclass

from django.contrib.admin.utils import unquote

# Words of an address that choose what a page shows and name no record. Every other one is taken for a record's name.
CHOICES = frozenset(
    {"kind", "move", "key", "period", "verb", "app_label", "content_type_id", "url", "format"}
)


@dataclass(frozen=True)
class Opened:
    """`model` is None where a page's words name something that is no record; `reason` then says what."""

    model: type | None
    by: str = "pk"
    kwarg: str = ""
    reason: str = ""


def opens(model, by="pk", kwarg=""):
    """Mark a view: the record that its address names is one of `model`.

    `by`: the field that the address holds; `kwarg`: which word of the address, when there is more than one.
    """

    def mark(view):
        view.opens = Opened(model, by, kwarg)
        return view

    return mark


def opens_no_record(reason):
    """Mark a view whose address names something that is kept in no table."""

    def mark(view):
        view.opens = Opened(None, reason=reason)
        return view

    return mark


def opened_by(view):
    """The Opened of a view, or None when nobody has said it."""
    if (said := getattr(view, "opens", None)) is not None:
        return said
    if (model_admin := getattr(view, "model_admin", None)) is not None:
        return Opened(model_admin.model)
    return None


def named_words(kwargs):
    """The words of an address that name records, by their name in the URL."""
    return {name: value for name, value in kwargs.items() if name not in CHOICES}


def record_named(match):
    """(model, field, text) of the record that a resolved address names, or None."""
    words = named_words(match.kwargs)
    said = opened_by(match.func)
    if not words or said is None or said.model is None:
        return None
    name = said.kwarg or next(iter(words))
    text = str(words[name])
    return said.model, said.by, unquote(text) if name == "object_id" else text
