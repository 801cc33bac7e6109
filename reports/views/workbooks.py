"""The pages of the campaign workbook: the empty template, the export, and loading in two steps."""

import tempfile

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import CampaignState
from canvass.asking import asked
from canvass.opens import opens_no_record
from canvass.workbook_writer import CONTENT_TYPE

from ..exporting import write_export, write_template
from ..forms import LARGEST_UPLOAD, WorkbookLoadForm
from ..load_jobs import may_confirm, present_state, start_check, start_load
from ..permissions import office_campaigns
from ..uploads import RUNNING, Upload


def download(write, name):
    """A file that `write(target)` fills: on disk first, for it may be large, and gone once it is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_safe
@permission_required("reports.load_workbook", raise_exception=True)
def workbook_template(request):
    """The empty workbook with drop-downs and explanations."""
    return download(write_template, "活动表格模板.xlsx")


@require_safe
@permission_required("reports.export_campaign", raise_exception=True)
def workbook_export(request):
    """A campaign's rows as a workbook; without `?campaign=` the newest running one."""
    campaigns = office_campaigns(request.user)
    if code := asked(request, "campaign"):
        campaign = get_object_or_404(campaigns, code=code)
    else:
        campaign = campaigns.filter(state=CampaignState.RUNNING).first()
        if campaign is None:
            raise Http404
    name = f"{campaign.code}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return download(lambda target: write_export(target, campaign, request.user), name)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("reports.load_workbook", raise_exception=True)
def workbook_load(request):
    """Upload a workbook: its bytes are kept, and a dry run begins."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WorkbookLoadForm(*sent, user=request.user)
    if form.is_valid():
        file, chosen = form.cleaned_data["file"], form.cleaned_data["campaign"]
        code = chosen.code if chosen else ""
        upload = Upload.keep(file, user=request.user)
        if not start_check(upload, name=file.name[-200:], campaign=code):
            messages.warning(request, _("这份表格正在处理，请稍候。"))
        return redirect("reports:workbook_check", upload.sha256)
    return render(
        request,
        "reports/workbook_load.html",
        {"form": form, "campaigns": office_campaigns(request.user), "largest": LARGEST_UPLOAD // 2**20},
        status=422 if form.errors else 200,
    )


@opens_no_record("an uploaded file that is kept for a day, before it is loaded")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("reports.load_workbook", raise_exception=True)
def workbook_check(request, sha256):
    """What became of one's own upload: progress, errors or preview; confirming loads the very same bytes."""
    upload = Upload.find(sha256, request.user)
    if upload is None:
        raise Http404
    if request.method == "POST":
        content = upload.confirmed(request.POST.get("token", ""))
        refusal = start_load(upload, content) if content else _("确认已经失效，没有导入。请重新上传表格。")
        if refusal:
            messages.error(request, refusal)
        return redirect("reports:workbook_check", sha256)
    state = present_state(upload)
    return render(
        request,
        "reports/workbook_check.html",
        {
            "state": state,
            "is_running": state["phase"] in RUNNING,
            "token": upload.token() if may_confirm(state) else "",
        },
    )
