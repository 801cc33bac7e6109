"""Answer templates: where one may stand, what it may name, and the text that it gives for an issue.

A placeholder names a fact of the office alone. A title or a resident's words could hold a name, and whoever
holds a receipt reads the answer: neither can be named here.
"""

import re

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import TextKind
from .models import AnswerTemplate
from .workflow import MOVES

PLACEHOLDERS = {
    "number": _("问题编号"),
    "department": _("主办单位"),
    "due_on": _("期限"),
    "today": _("今天的日期"),
}
# What a person still has to write. Nothing with a gap in it goes out: see `gaps`.
GAP = "____"
LONGEST = {TextKind.ROUTE: 200, TextKind.REPLY: 2000, TextKind.REASON: 2000}
_BRACES = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_GAP = re.compile(r"_{3,}|＿{2,}")


def moves_for(field):
    """The moves of the table that record a field which a template may fill.

    Not those that ask a resident: what is written there counts as the resident's own words.
    """
    return [move for move in MOVES.values() if field in move.fields and "way" not in move.fields]


def unknown_placeholders(text):
    """What stands in braces, or as a lone brace, and means nothing."""
    known = {f"{{{name}}}" for name in PLACEHOLDERS}
    found = [match[0] for match in _BRACES.finditer(text) if match[0] not in known]
    return found + re.findall(r"[{}｛｝]", _BRACES.sub("", text))


def gaps(text):
    """Whether something is still to be filled in."""
    return bool(_GAP.search(text))


def text_for(template, issue):
    """The text of a template for an issue. A fact that is not there yet leaves a gap; nothing is ever raised."""
    facts = {
        "number": issue.number,
        "department": str(issue.lead_department or ""),
        "due_on": _day(timezone.localdate(issue.due_at)) if issue.due_at else "",
        "today": _day(timezone.localdate()),
    }

    def fact(match):
        return (facts[match[1]] or GAP) if match[1] in facts else match[0]

    text = re.sub(r"\{(\w+)\}", fact, template.text).replace("\r\n", "\n").strip()
    return " ".join(text.split()) if template.field == TextKind.ROUTE else text


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"


def templates_for(issue, move):
    """The templates in use for a move of an issue: of its own category, of the one above, then those for all."""
    code = issue.category_id
    rows = AnswerTemplate.objects.filter(
        move=move.name, is_active=True, field__in=[kind for kind in TextKind if kind in move.fields]
    ).select_related("category")
    order = {code: 0, code[:2]: 1, None: 2} if len(code) > 2 else {code: 0, None: 2}
    fitting = [row for row in rows if row.category_id in order]
    return sorted(
        fitting, key=lambda row: (list(move.fields).index(row.field), order[row.category_id], row.name)
    )
