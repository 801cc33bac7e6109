"""Visits told in words: what a correction changed, and how two versions of one form differ."""

from datetime import datetime
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canvass.masks import masked_phone

from .answer_wishes import stored_wish
from .enums import AnswerWay, MaterialKind, OpinionNature, Outcome, VisitWay
from .models import Opinion, Visit

LISTS = {"outcome": Outcome, "way": VisitWay}


class Row(NamedTuple):
    """One line of a comparison."""

    label: str
    stored: str
    sent: str

    @property
    def differs(self):
        return self.stored != self.sent


# What a correction may have changed beside the columns.
BESIDE = {
    "cadres": gettext_lazy("走访人"),
    "place": gettext_lazy("位置"),
    "answer_wishes": gettext_lazy("要答复"),
}


def _label(name):
    return BESIDE[name] if name in BESIDE else Visit._meta.get_field(name).verbose_name


def _in_words(name, value):
    if value in (None, ""):
        return ""
    if name in ("started_at", "ended_at"):
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return formats.date_format(timezone.localtime(moment), "Y-m-d H:i")
    if name == "place":
        return _("（已清除）")
    if name == "answer_wishes":
        return "；".join(str(AnswerWay(way).label) if way else _("不要") for way in value)
    return str(LISTS[name](value).label) if name in LISTS else str(value)


def changes(step):
    """What a correction replaced: [(column in words, former value in words)], in the order of the columns."""
    before = step.before or {}
    names = [*(field.name for field in Visit._meta.fields), *BESIDE]
    return [(_label(name), _in_words(name, before[name]) or _("（空）")) for name in names if name in before]


def told(steps):
    """Steps with their `changes`."""
    steps = list(steps)
    for step in steps:
        step.changes = changes(step)
    return steps


def compare(stored, entry, content, *, by):
    """Rows of label, stored and sent; nothing stored is told when the person may not see it.

    Stored misconduct reports are not told either, not even to whoever filed them.
    """
    sent = {name: _in_words(name, value) for name, value in content.columns().items()}
    rows = [Row(_("走访对象"), stored.entry.address if stored else "", entry.address)]
    for name, text in sent.items():
        rows.append(Row(_label(name), _in_words(name, getattr(stored, name)) if stored else "", text))
    names = sorted(row.name for row in stored.cadres.all()) if stored else []
    rows.append(
        Row(_label("cadres"), "、".join(names), "、".join(sorted(c.cadre.name for c in content.companions)))
    )
    places = (_tell_place(stored and (stored.latitude, stored.longitude)), _tell_place(content.place))
    rows += [Row(_label("place"), *places)] if any(places) else []
    now = timezone.now()
    handouts = stored.handouts.visible_to(by).valid_at(now) if stored else []
    rows.append(Row(_("发放资料"), _tell_kinds(h.kind for h in handouts), _tell_kinds(content.materials)))
    opinions = (
        stored.opinions.visible_to(by).valid_at(now).order_by("pk") if stored else Opinion.objects.none()
    )
    opinions = list(opinions.select_related("answer_wish"))
    known = {wish.phone for o in opinions if (wish := stored_wish(o))}
    rows.append(
        Row(
            _("诉求原话"),
            _tell_words((o.nature, o.words_verbatim, o.done_on_spot, stored_wish(o)) for o in opinions),
            _tell_words(((w.nature, w.words, w.done, w.wish) for w in content.opinions), known),
        )
    )
    return rows


def _tell_place(place):
    return "，".join(map(str, place)) if place and place[0] is not None else ""


def _tell_kinds(kinds):
    return "、".join(sorted(str(MaterialKind(kind).label) for kind in kinds))


def _tell_words(rows, known=()):
    return "\n".join(
        f"【{OpinionNature(nature).label}】{words}"
        + (_("（当场解决：%s）") % done if done else "")
        + (_("（要答复：%s）") % _tell_wish(wish, known) if wish else "")
        for nature, words, done, wish in rows
    )


def _tell_wish(wish, known):
    """Masked. `known`: the stored numbers, of which another one may look the same when it is masked."""
    told = [AnswerWay(wish.way).label, masked_phone(wish.phone)]
    if wish.phone not in known and masked_phone(wish.phone) in map(masked_phone, known):
        told.append(_("号码不同"))
    if wish.may_tell_department:
        told.append(_("可以让承办单位知道"))
    return " ".join(str(part) for part in told if part)
