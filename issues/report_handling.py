"""What discipline does about a misconduct report: received, looked into, closed; and whom it names.

Nobody else learns that a report is there. Whom it names, person or department, never reads it and is never asked to
look into it, discipline included; and somebody always can.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from canvass import places
from canvass.roles import PERMISSIONS
from grids.models import Cadre, Posting
from visits.models import Opinion, ReportSubject

from .enums import ReportStepKind
from .models import IssueOpinion, ReportStep

READERS = [role for role, granted in PERMISSIONS.items() if "issues.view_restricted" in granted]


def reports_of(user):
    """The valid reports of the places of this person's duty, with how far each is."""
    reports = Opinion.objects.visible_to(user).restricted().valid_at(timezone.now())
    steps = ReportStep.objects.filter(opinion=OuterRef("pk"))
    return reports.annotate(
        is_received=Exists(steps.filter(kind=ReportStepKind.RECEIVED)),
        is_looked_into=Exists(steps.filter(kind=ReportStepKind.LOOKED_INTO)),
        is_closed=Exists(steps.filter(kind=ReportStepKind.CLOSED)),
    ).select_related("place__parent")


def not_carried(reports):
    """Those that no restricted issue carries. What still stands under an open one is not to be read there."""
    links = IssueOpinion.objects.standing().filter(opinion=OuterRef("pk"), issue__is_restricted=True)
    return reports.filter(~Exists(links))


def count_reports(user):
    """Discipline's own count, in no other figure: {"new", "open", "closed"} of all reports in its places."""
    found = {"new": 0, "open": 0, "closed": 0}
    for is_received, is_closed in reports_of(user).order_by().values_list("is_received", "is_closed"):
        found["closed" if is_closed else "open" if is_received else "new"] += 1
    return found


def handlers_of(opinion):
    """Cadres of discipline of the report's place whom it does not name: who may look into it."""
    subjects = ReportSubject.objects.filter(opinion=opinion)
    posted = Posting.objects.active_on(timezone.localdate()).filter(role__in=READERS)
    around = [opinion.place_id[:length] for length in places.LENGTHS if length <= len(opinion.place_id)]
    named = subjects.filter(department__isnull=False).values("department")
    return (
        Cadre.objects.filter(pk__in=posted.filter(place__in=around).values("cadre"))
        .exclude(pk__in=subjects.filter(cadre__isnull=False).values("cadre"))
        .exclude(Q(department__in=named) | Q(postings__department__in=named, postings__to_on__isnull=True))
        .order_by("staff_number")
    )


def next_kinds(steps):
    """The steps that may follow those there are."""
    kinds = {step.kind for step in steps}
    if ReportStepKind.CLOSED in kinds:
        return []
    if ReportStepKind.RECEIVED not in kinds:
        return [ReportStepKind.RECEIVED]
    return [ReportStepKind.LOOKED_INTO, ReportStepKind.CLOSED]


@transaction.atomic
def record_report_step(opinion, *, by, kind, text="", handler=None, cadres=(), departments=()):
    """One step, and whom the report was found to name. The report comes from `visible_to(by)`.

    Raises ValidationError when it is not the next step, when whoever is to look into it is named or not of
    discipline there, and when nobody would be left who could read it.
    """
    Opinion.objects.select_for_update(no_key=True).get(pk=opinion.pk)
    if not reports_of(by).filter(pk=opinion.pk).exists():
        raise ValidationError(_("这件举报现在不在您的职责内。"))
    if kind not in next_kinds(opinion.report_steps.all()):
        raise ValidationError(_("这一步刚才已有人办了，或者还没到这一步，请重新打开再看。"), code="stale")
    if kind != ReportStepKind.RECEIVED and not text.strip():
        raise ValidationError(_("请写明核查或办结的情况。"))
    _name(opinion, by, cadres, departments)
    if not handlers_of(opinion).exists():
        raise ValidationError(
            _("这样就没有一位纪检人员能看这件举报了：请先转请上级纪检，再登记被举报的人和单位。")
        )
    if handler is not None and not handlers_of(opinion).filter(pk=handler.pk).exists():
        raise ValidationError(_("不能交给被举报的人、被举报单位的人，或者不是这里纪检的人核查。"))
    return ReportStep.objects.create(opinion=opinion, kind=kind, text=text.strip(), handler=handler, by=by)


def _name(opinion, by, cadres, departments):
    known = ReportSubject.objects.filter(opinion=opinion)
    persons = set(known.filter(cadre__isnull=False).values_list("cadre", flat=True))
    units = set(known.filter(department__isnull=False).values_list("department", flat=True))
    rows = [ReportSubject(opinion=opinion, cadre=one, by=by) for one in cadres if one.pk not in persons]
    rows += [
        ReportSubject(opinion=opinion, department=one, by=by) for one in departments if one.pk not in units
    ]
    ReportSubject.objects.bulk_create(rows)
