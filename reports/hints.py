"""Hints about the quality of visits. They advise and block nothing; a hint speaks of a row, never of a person.

A hint is a function of a queryset of visits that gives those of them it is about, judged among each other. Whoever
filed them is told at once (`hints_of`); the office's page and the draw of a sample know them from the next day on
(`known_to_office`). Reports check with the same functions.

What it costs: one or two statements a hint, whatever the number of villages. Notes are compared by author within
the visits that are given: n different notes of one author are n² / 2 comparisons at most, some microseconds each,
and of one author only the latest MOST_NOTES are read.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Window
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from campaigns.enums import CampaignState
from canvass.moments import day_start
from visits.enums import Outcome
from visits.figures import BY_HAND, FILED_LATE
from visits.models import Opinion, Visit, VisitCadre, VisitStep

MOST_A_DAY = 40
ALIKE, AS_MANY = 90, 5  # percent; visits of one author
SHORTEST_NOTE = 10  # characters: "已走访" twice says nothing
MOST_NOTES = 400
OWN_DAYS = 31  # how far back somebody is told


@dataclass(frozen=True)
class Hint:
    """`rows(visits)` gives those of the visits that the hint is about. `advice`: what their author may do."""

    key: str
    label: str
    rule: str
    advice: str
    rows: Any


def hint(label, rule, advice):
    """Decorator: the function `key(visits) -> visits` becomes a Hint of that key."""

    def wrap(function):
        return Hint(function.__name__, label, rule, advice, function)

    return wrap


@hint(
    _("逾期录入"),
    _("结束（未填则开始）超过 24 小时才录入；表格导入的不算。"),
    _("下次尽量当天录入，没有信号也可以先填。"),
)
def filed_late(visits):
    return visits.filter(BY_HAND, FILED_LATE)


@hint(
    _("见面没填人数"),
    _("结果是“见面”，没有填见面人数。"),
    _("记得见到几个人，就更正补上；不记得不必补。"),
)
def met_nobody(visits):
    return visits.filter(outcome=Outcome.MET, people_met=None)


@hint(_("没有走访人"), _("没有一位走访人。"), _("请更正，补上去的人。"))
def without_visitors(visits):
    return visits.filter(~Exists(VisitCadre.objects.filter(visit=OuterRef("pk"))))


@hint(
    _("疑似重复"),
    _("同一户、同一天、有同一位走访人的走访不止一条。"),
    _("确实去了两次就不必改；同一次填了两遍，请把多的一条作废。"),
)
def twice_a_day(visits):
    parts = [F("visit__entry"), F("cadre"), TruncDate("visit__started_at")]
    rows = VisitCadre.objects.filter(visit__in=visits.order_by().values("pk"))
    again = rows.annotate(times=Window(Count("pk"), partition_by=parts)).filter(times__gt=1)
    return visits.filter(pk__in=again.values("visit"))


@hint(
    _("原话雷同"),
    _("同一户有两条一字不差的诉求原话；举报不算。"),
    _("确实又说了一遍就不必改；填了两遍，请更正或请活动办作废多的一条。"),
)
def same_words(visits):
    rows = Opinion.objects.filter(visit__in=visits.order_by().values("pk"))
    rows = rows.unrestricted().valid_at(timezone.now())
    parts = [F("visit__entry"), F("words_verbatim")]
    again = rows.annotate(times=Window(Count("pk"), partition_by=parts)).filter(times__gt=1)
    return visits.filter(pk__in=again.values("visit"))


@hint(
    _("手记雷同"),
    _("同一人五条以上走访手记相同或九成以上相似。"),
    _("手记写这一户的事就好，没有可写的可以空着。"),
)
def alike(visits):
    return visits.filter(pk__in=[pk for found in alike_notes(visits) for pk in found])


@hint(
    _("一天超过 40 户"),
    _("有一位走访人这一天登记走访超过 40 户。"),
    _("请核对时间和走访人；属实就不必改。"),
)
def crowded_day(visits):
    days = [Q(pk__in=rows.values("pk")) for _day, _doors, rows in crowded_days(visits)]
    return visits.filter(reduce(or_, days)) if days else visits.none()


HINTS = {
    one.key: one
    for one in (filed_late, met_nobody, without_visitors, twice_a_day, same_words, alike, crowded_day)
}


# --- What reports check too ------------------------------------------------------------------------------------


def crowded_days(visits):
    """[(day, doors, visits)] of each person and day with more than MOST_A_DAY doors; it names nobody."""
    crowded = (
        VisitCadre.objects.filter(visit__in=visits.order_by().values("pk"))
        .annotate(day=TruncDate("visit__started_at"))
        .values("cadre", "day")
        .annotate(doors=Count("visit__entry", distinct=True))
        .filter(doors__gt=MOST_A_DAY)
        .order_by("day", "-doors")
    )
    for one in crowded:
        took_part = VisitCadre.objects.filter(visit=OuterRef("pk"), cadre=one["cadre"])
        yield one["day"], one["doors"], visits.filter(Exists(took_part), started_at__date=one["day"])


def alike_notes(visits):
    """[pks of visits] of each author with AS_MANY notes or more that are alike.

    The author is who filed the form; of paper and of imported rows, who went alone.
    """
    notes = defaultdict(dict)
    rows = visits.exclude(note="").annotate(people=Count("cadres"), one=Min("cadres__cadre"))
    rows = rows.order_by("-started_at", "-pk")
    for pk, note, origin, filed_by, people, one in rows.values_list(
        "pk", "note", "origin", "filed_by__cadre", "people", "one"
    ):
        author = filed_by if origin == Visit.Origin.FORM and filed_by else one if people == 1 else None
        text = "".join(note.split())
        if author and len(text) >= SHORTEST_NOTE and len(notes[author]) < MOST_NOTES:
            notes[author][pk] = text
    for written in notes.values():
        if found := _alike(written):
            yield found


def _alike(written):
    """The visits whose note is like those of AS_MANY visits, itself included."""
    texts = Counter(written.values())
    if texts.total() < AS_MANY:
        return []
    distinct, times = list(texts), dict(texts)
    for n, text in enumerate(distinct):
        for other in distinct[n + 1 :]:
            if fuzz.ratio(text, other, score_cutoff=ALIKE):
                times[text] += texts[other]
                times[other] += texts[text]
    return [pk for pk, text in written.items() if times[text] >= AS_MANY]


# --- Who is told when -------------------------------------------------------------------------------------------


def known_to_office(visits):
    """Those that were filed and last corrected before today: whoever filed them was told first."""
    today = day_start(timezone.localdate())
    corrected = VisitStep.objects.filter(visit=OuterRef("pk"), move=VisitStep.Move.CORRECTED, at__gte=today)
    return visits.filter(~Exists(corrected), filed_at__lt=today)


def hints_of(user):
    """[(Hint, own visits)] of the last OWN_DAYS in running campaigns, only hints that have any.

    Judged among the visits of the same people and doors, so that one reads here whatever the office will read.
    """
    since = day_start(timezone.localdate() - timedelta(days=OWN_DAYS))
    recent = Visit.objects.filter(campaign__state=CampaignState.RUNNING, started_at__gte=since)
    recent = recent.valid_at(timezone.now())
    own = recent.own(user)
    cadres = VisitCadre.objects.filter(visit__in=own.order_by().values("pk")).values("cadre")
    shared = VisitCadre.objects.filter(visit=OuterRef("pk"), cadre__in=cadres)
    pool = recent.filter(
        Q(pk__in=own.order_by().values("pk")) | Exists(shared) | Q(entry__in=own.order_by().values("entry"))
    )
    pks = list(own.values_list("pk", flat=True))
    if not pks:
        return []
    found = []
    for one in HINTS.values():
        rows = list(one.rows(pool).filter(pk__in=pks).select_related("entry"))
        if rows:
            found.append((one, rows))
    return found
