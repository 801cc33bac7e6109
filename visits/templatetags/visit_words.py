"""How visits are told on pages."""

from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..enums import Outcome, VisitState
from ..phone_words import WORDS

register = template.Library()

# The colour only repeats the word.
COLOURS = {VisitState.CHECKED: "mark-good", VisitState.SENT_BACK: "mark-bad", VisitState.VOID: ""}


@register.filter
def outcome_label(key):
    return Outcome(key).label


@register.filter
def record_kind(record):
    """What a gathering, a handout, a stay log or a deed is called."""
    return record._meta.verbose_name


@register.filter
def moment(value):
    """2018-09-10 19:30, in Shanghai."""
    return formats.date_format(timezone.localtime(value), "Y-m-d H:i")


@register.filter
def day_in_words(value):
    """今天, 昨天, 3 天前; a date once it is more than a month ago."""
    day = timezone.localdate(value)
    days = (timezone.localdate() - day).days
    if days == 0:
        return _("今天")
    if days == 1:
        return _("昨天")
    if 1 < days <= 30:
        return ngettext("%(n)d 天前", "%(n)d 天前", days) % {"n": days}
    return formats.date_format(day, "Y-m-d")


@register.filter
def day_of_month(value):
    """9月3日: a day that people talk about; with its year once that is not this one."""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    this_year = day.year == timezone.localdate().year
    return formats.date_format(day, "MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT")


@register.filter
def return_in_words(return_day):
    """已到再访日 2 天, 今天该再访, 9月8日 再访."""
    if return_day.late > 0:
        days = return_day.late
        return ngettext("已到再访日 %(n)d 天", "已到再访日 %(n)d 天", days) % {"n": days}
    if return_day.late == 0:
        return _("今天该再访")
    return _("%s 再访") % day_of_month(return_day.on)


@register.simple_tag
def visit_state(visit):
    """A mark that holds the word of the state."""
    colour = COLOURS.get(visit.state, "")
    return format_html('<span class="mark {}">{}</span>', colour, visit.get_state_display())


@register.simple_tag
def phone_words():
    """What the scripts say, in the language of the page."""
    return {key: str(text) for key, text in WORDS.items()}
