"""Gatherings, materials, stay logs and deeds told in words: on their own page, and two versions side by side."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .comparison import Row


def tell(record):
    """[(label, text)] of what a form says about a record, in the order of the form."""
    return [(_label(record, name), _in_words(record, name)) for name in record.columns]


def _field(record, name):
    return record._meta.get_field(name)


def _label(record, name):
    return _("地方") if name == "place" else str(_field(record, name).verbose_name)


def _in_words(record, name):
    value = getattr(record, name)
    if value in (None, ""):
        return ""
    if name == "entry":
        return value.address
    if name.endswith("_on"):
        return formats.date_format(value, "Y-m-d")
    return str(getattr(record, f"get_{name}_display")()) if _field(record, name).choices else str(value)


def tell_speakers(names):
    return (_("主讲人"), "、".join(sorted(names)))


def tell_handouts(handouts):
    """One form's rows: day and place once, then how much of what."""
    first = handouts[0]
    told = dict(zip(first.columns, tell(first), strict=True))
    kinds = "\n".join(handout.headline for handout in handouts)
    return [told["given_on"], told["place"], (pgettext("handout", "资料"), kinds)]


def compare(stored, sent):
    """Rows of two tellings; without a stored one, what was sent alone."""
    before = dict(stored)
    return [Row(label, before.get(label, ""), text) for label, text in sent]
