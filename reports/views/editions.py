"""Issued reports: the page of an edition, the list of them, and their files."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from canvass import official, workbook_writer
from canvass.opens import opens
from canvass.shared import shared_queries
from reports.edition_asking import asked_campaign, asked_edition, asked_period
from reports.edition_pages import paper_of
from reports.models import PublishedReport
from reports.permissions import can_issue_reports, report_campaigns
from reports.ready import ready_reports
from reports.starts import periods_to_report

PAGE_SIZE = 100
read_reports = permission_required("reports.view_dashboard", raise_exception=True)


@require_safe
@read_reports
def edition(request, kind, period):
    """One edition as it was issued; beside a figure of the latest one, what it is now when that differs."""
    question = asked_period(request, kind, period)
    editions = list(question.editions)
    report = asked_edition(request, editions)
    context = {"question": question, "editions": editions, "report": report}
    if report:
        with shared_queries():
            context["paper"] = paper_of(report, is_latest=report == editions[0])
            return render(request, "reports/edition.html", context)
    return render(request, "reports/edition.html", context)


@require_safe
@read_reports
def edition_list(request):
    """Every issued edition of a campaign, and for the office the periods that wait for one."""
    campaign, campaigns = asked_campaign(request)
    reports = PublishedReport.objects.filter(campaign=campaign).select_related("issued_by__cadre", "campaign")
    reports = reports.defer("content", "docx", "xlsx")
    may_issue = request.user.has_perm("reports.issue_report") and can_issue_reports(request.user, campaign)
    context = {
        "campaign": campaign,
        "campaigns": campaigns,
        "page": Paginator(reports, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": periods_to_report(campaign) if may_issue else [],
        "ready": ready_reports(campaign) if may_issue else [],
    }
    return render(request, "reports/edition_list.html", context)


def _file(request, pk, ending):
    """The stored bytes of an edition that the person may read."""
    reports = PublishedReport.objects.filter(campaign__in=report_campaigns(request.user))
    report = get_object_or_404(reports.defer("content").select_related("campaign"), pk=pk)
    content, content_type = {
        "docx": (report.docx, official.CONTENT_TYPE),
        "xlsx": (report.xlsx, workbook_writer.CONTENT_TYPE),
    }[ending]
    response = HttpResponse(bytes(content), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, report.file_name(ending))
    return response


@opens(PublishedReport)
@require_safe
@read_reports
def edition_docx(request, pk):
    return _file(request, pk, "docx")


@opens(PublishedReport)
@require_safe
@read_reports
def edition_xlsx(request, pk):
    return _file(request, pk, "xlsx")
