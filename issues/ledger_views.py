"""The ledger goes out as a workbook and comes back: upload, comparison, and the confirmed moves."""

import io

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from canvass.workbook_reader import UnreadableError
from canvass.workbook_writer import CONTENT_TYPE

from .ledger import apply, compare, keep, kept, left_out, open_issues, write_ledger
from .ledger_forms import LedgerForm, ScopeForm
from .workflow import DEPARTMENT, OFFICE


def _check_may(user):
    """A department's people, and the campaign office; nobody else learns that the page exists."""
    if not (user.has_perm(DEPARTMENT) or user.has_perm(OFFICE)):
        raise Http404


@login_required
@require_GET
def ledger_export(request):
    _check_may(request.user)
    scope = ScopeForm(request.GET, user=request.user)
    if not scope.is_valid():
        raise Http404
    file = io.BytesIO()
    write_ledger(request.user, file, open_issues(request.user, **scope.cleaned_data))
    file.seek(0)
    name = _("问题台账-%(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    response = FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request):
    """Upload and compare; with the token of a comparison, apply the very same bytes."""
    _check_may(request.user)
    if request.method != "POST":
        return _page(request, LedgerForm())
    if "token" in request.POST:
        return _confirm(request)
    form = LedgerForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            rows = compare(content, request.user)
        except UnreadableError as error:
            form.add_error("file", str(error))
        else:
            ready = sum(1 for row in rows if not row.refusal)
            token = keep(content, request.user) if ready else ""
            context = {"rows": rows, "ready": ready, "refused": len(rows) - ready, "token": token}
            return render(request, "issues/ledger_rows.html", context)
    return _page(request, form)


def _page(request, form):
    total = open_issues(request.user).count()
    context = {
        "form": form,
        "scope": ScopeForm(user=request.user),
        "total": total,
        "left_out": left_out(total),
    }
    return render(request, "issues/ledger.html", context)


def _confirm(request):
    content = kept(request.POST["token"], request.user)
    if content is None:
        form = LedgerForm({}, {})
        form.errors.clear()
        form.add_error("file", _("这份表格没有检查过，或已过期，什么都没有写入。请重新上传。"))
        return _page(request, form)
    rows = apply(content, request.user)
    ready = sum(1 for row in rows if not row.refusal)
    context = {"rows": rows, "ready": ready, "refused": len(rows) - ready, "is_done": True}
    return render(request, "issues/ledger_rows.html", context)
