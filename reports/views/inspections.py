"""Inspections: draw visits, ask about them, and the doors that have to be visited again."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required, user_passes_test
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from canvass.figures import GRID
from canvass.opens import opens
from reports import inspections
from reports.breakdown import rows_by
from reports.figures import inspection_confirmed_rate
from reports.hints import HINTS
from reports.inspection_forms import DrawForm, InspectionForm
from reports.models import InspectionSample
from reports.questions import UnclearError, ask
from reports.shown import Shown
from visits.models import Visit

PAGE_SIZE = 30
NEWEST = 10
may_inspect = permission_required(inspections.INSPECT, raise_exception=True)
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _asked(request):
    """The question of the address; 404 when it makes no sense or there is nothing to read."""
    try:
        question = ask(request)
    except UnclearError:
        question = None
    if question is None:
        raise Http404
    return question


@require_safe
@may_inspect
def inspection_list(request):
    """Visits to ask about, the latest draws, and what share was confirmed place by place."""
    question = _asked(request)
    campaign, place = question.campaign, question.place
    offered = inspections.offered_visits(request.user).filter(campaign=campaign).inside(place.code)
    waiting = inspections.waiting_visits(request.user).filter(campaign=campaign).inside(place.code)
    rows = offered.select_related("entry", "grid__parent").order_by("sampled__sample", "sampled__pk")
    samples = InspectionSample.objects.visible_to(request.user).filter(campaign=campaign)
    context = {
        "question": question,
        "campaign": campaign,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "own": waiting.own(request.user).count(),
        "samples": samples.select_related("place", "drawn_by__cadre")[:NEWEST],
        "rate": _shown(question, inspection_confirmed_rate.result(question.scope)),
        "by_place": _by_place(question),
        "may_draw": campaign.is_writable,
    }
    return render(request, "reports/inspection_list.html", context)


def _shown(question, result, **part):
    return Shown(inspection_confirmed_rate, result, question.address(**part), **part)


def _by_place(question):
    """[(name, value)] of the level below, in the order of codes; only where somebody was reached."""
    level = question.level or GRID
    rows = rows_by(question.scope, level, [inspection_confirmed_rate])
    found = [(row, row.figures[inspection_confirmed_rate.key]) for row in rows]
    return [
        (row.name, _shown(question, result, level=level, part=row.code))
        for row, result in found
        if result.denominator
    ]


@form_methods
@may_inspect
def sample_draw(request):
    """Draw visits; the same form sent twice is one draw."""
    question = _asked(request)
    form = DrawForm(request.POST or None, campaign=question.campaign, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            sample, is_new = inspections.draw_sample(question.campaign, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if is_new:
                messages.success(request, _("已抽取。"))
            return redirect("reports:sample_detail", pk=sample.pk)
    context = {"question": question, "campaign": question.campaign, "form": form}
    return render(request, "reports/sample_draw.html", context)


@opens(InspectionSample)
@require_safe
@may_inspect
def sample_detail(request, pk):
    """How a draw was made, and what became of each of its visits."""
    samples = InspectionSample.objects.visible_to(request.user)
    sample = get_object_or_404(samples.select_related("campaign", "place", "drawn_by__cadre"), pk=pk)
    visits = inspections.told_apart(inspections.sampled_visits(request.user).filter(sampled__sample=sample))
    visits = list(visits.select_related("entry", "grid__parent", "sampled").order_by("sampled__pk"))
    for visit in visits:
        visit.hint_labels = [HINTS[key].label for key in visit.sampled.hints if key in HINTS]
    asked = sum(visit.is_asked for visit in visits)
    context = {
        "sample": sample,
        "campaign": sample.campaign,
        "visits": visits,
        "asked": asked,
        "confirmed": sum(visit.is_confirmed for visit in visits),
        "most_tries": inspections.TRIES,
    }
    return render(request, "reports/sample_detail.html", context)


@opens(Visit)
@form_methods
@may_inspect
def inspection_record(request, pk):
    """What the visit says beside what was found and what the resident says; then on to the next one."""
    seen = inspections.sampled_visits(request.user).select_related(
        "campaign", "entry", "grid__parent", "sampled__sample"
    )
    visit = get_object_or_404(seen.prefetch_related("cadres"), pk=pk)
    form = InspectionForm(request.POST or None)
    refusal = inspections.refusal_to_inspect(request.user, visit)
    if request.method == "POST" and form.is_valid() and _record(request, visit, form):
        return redirect("reports:inspection_list")
    context = {
        "visit": visit,
        "campaign": visit.campaign,
        "form": form,
        "refusal": refusal,
        "asked": visit.inspections.select_related("by__cadre").order_by("asked_on", "pk"),
        "opinions": visit.opinions.visible_to(request.user).unrestricted().valid_at(timezone.now()),
    }
    return render(request, "reports/inspection_record.html", context)


def _record(request, visit, form):
    """Whether this visit is done with for today, by this person or by somebody who was quicker."""
    try:
        inspection, _is_new = inspections.record_inspection(visit, by=request.user, **form.said())
    except ValidationError as refusal:
        if getattr(refusal, "code", None) == "settled":
            messages.warning(request, refusal.message)
            return True
        form.add_error(None, refusal.messages)
        return False
    if not inspection.is_reached:
        messages.success(request, _("已记下没有联系上。请改天再试；三次都没有联系上，就不再问。"))
    else:
        messages.success(request, _("已记下抽查结果。"))
    return True


def _makes_up(user):
    if not any(user.has_perm(permission) for permission in inspections.MAKES_UP):
        raise PermissionDenied
    return True


@require_safe
@user_passes_test(_makes_up)
def make_up_list(request):
    """Doors to be visited again because nobody there confirmed the visit; nobody's name is on it."""
    doors = inspections.make_up_doors(request.user).select_related(
        "visit__entry__grid__parent", "visit__campaign"
    )
    doors = doors.order_by("visit__entry__grid", "visit__entry__address", "pk")
    page = Paginator(doors, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reports/make_up_list.html", {"page": page})
