"""What the office asks of those who visit: seconds for a form, fields to fill in, fields that nobody fills in.

By outcome and by form, never by person: a median is told only of FEWEST_FILINGS or more by FEWEST_PEOPLE or more.
Three statements, whatever the number of visits; the seconds of all filings of the period are read for the median.
"""

from collections import defaultdict
from statistics import median
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.figures import Result, percent
from visits.enums import Outcome
from visits.figures import visit_rows
from visits.forms import MET_SOMEBODY, FileVisitForm
from visits.models import AnswerWish, Handout, Opinion, Visit, VisitPhoto
from visits.record_forms import GatheringForm, HandoutForm, StayLogForm
from visits.round_forms import NobodyInForm

FEWEST_FILINGS, FEWEST_PEOPLE = 5, 3


class Taken(NamedTuple):
    """The median seconds of some filings, None where they are too few to be told; and how many were measured."""

    label: str
    seconds: int | None
    filings: int


class Share(NamedTuple):
    """Of the forms that could hold it, how many hold an optional field."""

    label: str
    result: Result


class Asked(NamedTuple):
    """A form and the labels of the fields that have to be filled in."""

    label: str
    required: list


def filed_by_phone(scope):
    """Valid visits of the period and place that came from a form."""
    return visit_rows(scope).within(scope).queryset.filter(origin=Visit.Origin.FORM)


def seconds_taken(scope):
    """[Taken] of all forms of a visit that were measured, and of each outcome."""
    measured = filed_by_phone(scope).filter(filling_seconds__isnull=False)
    by_outcome = defaultdict(list)
    for row in measured.order_by().values_list("outcome", "filling_seconds", "filed_by"):
        by_outcome[row[0]].append(row[1:])
    everything = [row for rows in by_outcome.values() for row in rows]
    parts = [_taken(Outcome(key).label, by_outcome[key]) for key in Outcome.values if by_outcome[key]]
    return [_taken(_("全部走访"), everything), *parts]


def _taken(label, rows):
    people = {person for _seconds, person in rows}
    told = len(rows) >= FEWEST_FILINGS and len(people) >= FEWEST_PEOPLE
    seconds = round(median(seconds for seconds, _person in rows)) if told else None
    return Taken(label, seconds, len(rows))


# Optional fields of the form, and when a visit holds them. Misconduct reports are in no total.
OPTIONAL = (
    ("people_met", _("见面人数"), Q(people_met__isnull=False)),
    ("note", _("手记"), ~Q(note="")),
    ("way", _("方式"), ~Q(way="")),
    ("ended_at", _("结束时间"), Q(ended_at__isnull=False)),
    ("materials", _("发放资料"), Exists(Handout.objects.filter(visit=OuterRef("pk")))),
    (
        "opinions",
        pgettext_lazy("plural", "诉求"),
        Exists(Opinion.objects.unrestricted().filter(visit=OuterRef("pk"))),
    ),
    (
        "wish",
        _("要答复"),
        Exists(
            AnswerWish.objects.filter(
                opinion__in=Opinion.objects.unrestricted(), opinion__visit=OuterRef("pk")
            )
        ),
    ),
    ("photos", _("照片"), Exists(VisitPhoto.objects.filter(visit=OuterRef("pk")))),
    ("place", _("位置"), Q(latitude__isnull=False)),
)


def fields_used(scope):
    """[Share] of each optional field, the least used first: of forms at doors where somebody was met."""
    counts = {key: Count("pk", filter=Q(condition)) for key, _label, condition in OPTIONAL}
    met = filed_by_phone(scope).filter(outcome__in=MET_SOMEBODY)
    found = met.order_by().aggregate(all_forms=Count("pk"), **{f"n_{key}": n for key, n in counts.items()})
    whole = found["all_forms"]
    shares = [
        Share(label, Result(percent(found[f"n_{key}"], whole), found[f"n_{key}"], whole))
        for key, label, _condition in OPTIONAL
    ]
    return sorted(shares, key=lambda share: share.result.numerator)


FORMS = (
    (_("走访"), FileVisitForm, ("cadres",)),  # at least one, the person is ticked already
    (_("未遇的几户一次登记"), NobodyInForm, ()),
    (pgettext_lazy("record", "活动"), GatheringForm, ()),
    (_("资料发放"), HandoutForm, ()),
    (_("蹲点日志"), StayLogForm, ()),
)


def required_fields():
    """[Asked] of each form that is filled in on a phone."""
    return [
        Asked(
            label,
            [
                field.label
                for name, field in form.base_fields.items()
                if (field.required or name in also) and not field.widget.is_hidden
            ],
        )
        for label, form, also in FORMS
    ]


def forms_replaced(campaign):
    """What the office says nobody has to fill in any more, a form a line."""
    return [line.strip() for line in campaign.forms_replaced.splitlines() if line.strip()]
