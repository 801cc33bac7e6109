"""Exports with names and numbers: ask, release or refuse, withdraw, fetch."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from canvass.opens import opens
from grids.audit import record
from grids.enums import AuditAction
from reports import releasing
from reports.exporting import write_export
from reports.models import ExportRequest

from .workbooks import download

PAGE = 30


def _may_look(user):
    if not (user.has_perm(releasing.ASK) or user.has_perm(releasing.RELEASE)):
        raise PermissionDenied
    return True


may_look = user_passes_test(_may_look)


class AskForm(forms.Form):
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("活动"),
        queryset=None,
        empty_label=None,
        to_field_name="code",
        error_messages={"invalid_choice": gettext_lazy("请选择您管理整个范围的活动。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=200,
        help_text=gettext_lazy("写明为什么要姓名和电话、谁来用、用完怎样销毁；放行的人据此决定。"),
        error_messages={"required": gettext_lazy("请写明用途。")},
    )

    def __init__(self, *args, campaigns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns


@require_http_methods(["GET", "HEAD", "POST"])
@may_look
@never_cache
def release_list(request):
    """One's own requests and those to be released; asking for one."""
    campaigns = releasing.askable_campaigns(request.user) if request.user.has_perm(releasing.ASK) else None
    form = AskForm(request.POST or None, campaigns=campaigns) if campaigns else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and (asked := _ask(request, form)):
            return redirect("reports:release_detail", pk=asked.pk)
    rows = ExportRequest.objects.visible_to(request.user)
    rows = rows.select_related("campaign", "asked_by__cadre").prefetch_related("steps__by__cadre")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = [(row, releasing.standing_of(row)) for row in page]
    return render(request, "reports/release_list.html", {"form": form, "page": page, "told": told})


def _ask(request, form):
    try:
        return releasing.ask_for_export(by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def _find(request, pk):
    seen = ExportRequest.objects.visible_to(request.user).select_related("campaign__area", "asked_by__cadre")
    return get_object_or_404(seen, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may_look
@never_cache
@opens(ExportRequest)
def release_detail(request, pk):
    """How a request stands; another person releases or refuses it, the asker withdraws it."""
    asked, refusals = _find(request, pk), []
    if request.method == "POST":
        try:
            messages.success(request, _act(asked, request))
            return redirect("reports:release_detail", pk=pk)
        except ValidationError as refusal:
            refusals = refusal.messages
    context = {
        "asked": asked,
        "standing": releasing.standing_of(asked),
        "steps": asked.steps.select_related("by__cadre"),
        "is_own": asked.asked_by_id == request.user.pk,
        "may_release": releasing.can_release(request.user, asked),
        "refusals": refusals,
        "most": releasing.MOST_DOWNLOADS,
    }
    return render(request, "reports/release_detail.html", context, status=409 if refusals else 200)


def _act(asked, request):
    """Do what the button says; gives the sentence about it."""
    action = request.POST.get("action", "")
    if action == "withdraw":
        releasing.withdraw(asked, by=request.user)
        return _("已撤回。")
    if action not in ("release", "refuse"):
        raise ValidationError(_("请再按一次按钮。"))
    reason = request.POST.get("reason", "").strip()[:200]
    releasing.decide(asked, by=request.user, release=action == "release", reason=reason)
    return _("已放行，申请人一天内可以下载。") if action == "release" else _("没有放行，申请人会看到原因。")


@require_POST
@may_look
@never_cache
@opens(ExportRequest)
def release_download(request, pk):
    """The workbook with names and numbers, made now for the one who asked."""
    asked = _find(request, pk)
    try:
        standing = releasing.begin_download(asked, by=request.user)
        response = _workbook(asked, standing, request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("reports:release_detail", pk=pk)
    record(request, AuditAction.DOWNLOADED, record=asked)
    return response


def _workbook(asked, standing, user):
    """The file to send; none when the request was withdrawn while it was made."""
    mark = releasing.watermark(asked, standing)
    name = f"{asked.campaign.code}-{asked.number}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    response = download(lambda target: write_export(target, asked.campaign, user, watermark=mark), name)
    try:
        releasing.check_still_open(asked)
    except ValidationError:
        response.close()
        raise
    return response
