"""The auditor's page: who did what, and who opened one record; the same rows as a file."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from canvass.asking import asked
from canvass.workbook_writer import CONTENT_TYPE

from .audit_files import MOST, csv_of, xlsx_of
from .audit_list import AuditForm, page_of
from .audit_records import kind_of

may_read = permission_required("grids.view_auditrow", raise_exception=True)


@require_safe
@may_read
@never_cache
def audit_list(request):
    return _page(request, AuditForm(request.GET))


def _page(request, form, *, too_many=False):
    rows, before = page_of(form.rows(request.user), asked(request, "before"))
    for row in rows:
        row.kind = kind_of(row.record_type) if row.record_type else ""
    context = {"form": form, "rows": rows, "before": before, "too_many": too_many, "most": MOST}
    is_clear = form.is_valid() and not too_many
    return render(request, "grids/audit_list.html", context, status=200 if is_clear else 400)


def _file(request, write, ending, content_type):
    """All pages of the list that the same address shows."""
    form = AuditForm(request.GET)
    rows = form.rows(request.user)
    if not form.is_valid() or rows[MOST : MOST + 1].exists():
        return _page(request, form, too_many=form.is_valid())
    response = HttpResponse(write(form, rows, request.user), content_type=content_type)
    name = _("审计日志-%(moment)s") % {"moment": f"{timezone.localtime():%Y%m%d-%H%M}"}
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}")
    return response


@require_safe
@may_read
@never_cache
def audit_csv(request):
    return _file(request, csv_of, "csv", "text/csv; charset=utf-8")


@require_safe
@may_read
@never_cache
def audit_xlsx(request):
    return _file(request, xlsx_of, "xlsx", CONTENT_TYPE)
