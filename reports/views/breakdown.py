"""Figures row by row of a level, for any period, compared with another; the same table as a file."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from canvass.shared import shared_queries
from canvass.workbook_writer import CONTENT_TYPE
from reports.breakdown_asking import ask_breakdown
from reports.breakdown_files import csv_of, xlsx_of
from reports.breakdown_page import Page
from reports.breakdown_table import Table
from reports.questions import UnclearError

read_figures = permission_required("reports.view_dashboard", raise_exception=True)


@require_safe
@read_figures
def breakdown(request):
    """The table, what it asks for, and the ways to keep it."""
    try:
        asked = ask_breakdown(request)
    except UnclearError as problem:
        return render(request, "reports/breakdown.html", {"problem": problem}, status=400)
    if asked is None:
        return render(request, "reports/breakdown.html")
    with shared_queries():
        context = {"page": Page(asked, request.user), "question": asked.question}
        return render(request, "reports/breakdown.html", context)


def _file(request, write, ending, content_type):
    """The table that the same address shows as a page."""
    try:
        asked = ask_breakdown(request)
    except UnclearError as problem:
        return render(request, "reports/breakdown.html", {"problem": problem}, status=400)
    if asked is None:
        raise Http404
    with shared_queries():
        content = write(Table(asked), request.user)
    response = HttpResponse(content, content_type=content_type)
    name = _("%(campaign)s-按%(level)s分组-%(moment)s") % {
        "campaign": asked.question.campaign.code,
        "level": asked.level_name,
        "moment": f"{timezone.localtime():%Y%m%d-%H%M}",
    }
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}")
    return response


@require_safe
@read_figures
def breakdown_csv(request):
    return _file(request, csv_of, "csv", "text/csv; charset=utf-8")


@require_safe
@read_figures
def breakdown_xlsx(request):
    return _file(request, xlsx_of, "xlsx", CONTENT_TYPE)
