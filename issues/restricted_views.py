"""Misconduct reports that are no issue yet: discipline reads them here, and nobody else learns that there are any."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from canvass.asking import asked
from canvass.opens import opens
from visits.models import Opinion

from .contacts import contact_of
from .models import Issue, IssueOpinion
from .report_forms import ReportStepForm
from .report_handling import count_reports, next_kinds, not_carried, record_report_step, reports_of

PAGE = 30
LOTS = {"open": pgettext_lazy("reports", "没有办结"), "closed": gettext_lazy("已办结")}

read_reports = permission_required("issues.view_restricted", raise_exception=True)


@read_reports
@require_safe
@never_cache
def restricted_list(request):
    """The reports that wait, the newest first; or those that discipline has closed."""
    lot = "closed" if asked(request, "lot") == "closed" else "open"
    reports = not_carried(reports_of(request.user)).filter(is_closed=lot == "closed")
    context = {
        "page": Paginator(reports, PAGE).get_page(request.GET.get("page")),
        "lot": lot,
        "lots": LOTS.items(),
        "counts": count_reports(request.user),
    }
    return render(request, "issues/restricted_list.html", context)


@opens(Opinion)
@read_reports
@require_safe
@never_cache
def restricted_detail(request, pk):
    """One report word for word, who heard it, what was done, and the restricted issue that it became meanwhile."""
    reports = reports_of(request.user).select_related("collector", "answer_wish", "entry")
    opinion = get_object_or_404(reports, pk=pk)
    carried = IssueOpinion.objects.standing().filter(opinion=opinion, issue__is_restricted=True)
    steps = list(opinion.report_steps.select_related("by__cadre", "handler"))
    context = {
        "opinion": opinion,
        "contact": contact_of(opinion, request.user, is_seen=True, is_handler=False),
        "issues": Issue.objects.visible_to(request.user)
        .filter(pk__in=carried.values("issue"))
        .order_by("pk"),
        "steps": steps,
        "subjects": opinion.report_subjects.select_related("cadre", "department"),
        "is_open": bool(next_kinds(steps)),
    }
    return render(request, "issues/restricted_detail.html", context)


@opens(Opinion)
@read_reports
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def restricted_step(request, pk):
    """Received, looked into or closed, and whom it names."""
    opinion = get_object_or_404(reports_of(request.user), pk=pk)
    form, status = ReportStepForm(request.POST or None, opinion=opinion), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                record_report_step(opinion, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                still = reports_of(request.user).filter(pk=pk).exists()
                return (
                    redirect("issues:restricted_detail", pk) if still else redirect("issues:restricted_list")
                )
        status = 400
    context = {"opinion": opinion, "form": form, "is_open": bool(form.fields["kind"].choices)}
    return render(request, "issues/restricted_step.html", context, status=status)
