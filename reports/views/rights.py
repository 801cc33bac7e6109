"""Requests of residents about their own data, at the office of the place."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from canvass.opens import opens
from grids.audit import record
from grids.enums import AuditAction
from reports import rights
from reports.models import RightsRequest
from reports.rights_forms import AnswerForm, RefusalForm, RegisterForm
from visits.forms import ReasonForm

PAGE = 30
LOTS = {"open": gettext_lazy("待答复"), "all": gettext_lazy("全部")}
may_handle = permission_required(rights.HANDLE, raise_exception=True)


@require_safe
@may_handle
@never_cache
def rights_list(request):
    """Requests by the day on which they are due; which words or which door, never who."""
    lot = request.GET.get("lot", "open")
    if lot not in LOTS:
        raise Http404
    rows = RightsRequest.objects.visible_to(request.user)
    rows = rows.open() if lot == "open" else rows
    rows = rows.select_related("opinion", "entry", "place__parent").prefetch_related("steps")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = [(row, *rights.standing_of(row)) for row in page]
    return render(
        request, "reports/rights_list.html", {"page": page, "told": told, "lots": LOTS.items(), "lot": lot}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_handle
@never_cache
def rights_register(request):
    """A request is registered under the number of the receipt, the words or the door."""
    form = RegisterForm(request.POST or None, campaigns=rights.campaigns_of(request.user), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = rights.register_request(form.cleaned_data["found"], by=request.user, **form.said())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("reports:rights_detail", pk=made.pk)
    return render(request, "reports/rights_register.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@may_handle
@never_cache
@opens(RightsRequest)
def rights_detail(request, pk):
    """What is kept, masked; whole for a reason on record; erase, answer, refuse."""
    seen = RightsRequest.objects.visible_to(request.user)
    asked = get_object_or_404(seen.select_related("campaign", "opinion__visit", "entry", "place"), pk=pk)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    forms = {
        name: form(request.POST if action == name else None, prefix=name)
        for name, form in (("show", ReasonForm), ("answer", AnswerForm), ("refuse", RefusalForm))
    }
    whole, refusals = None, []
    if action:
        try:
            whole, done = _act(request, asked, action, forms)
        except ValidationError as refusal:
            refusals, done = refusal.messages, False
        if done:
            return redirect("reports:rights_detail", pk=pk)
    key, words = rights.standing_of(asked)
    context = {
        "asked": asked,
        "key": key,
        "words": words,
        "forms": forms,
        "whole": whole,
        "kept": whole or rights.gather(asked, request.user),
        "end": rights.end_of(asked),
        "steps": asked.steps.select_related("by__cadre"),
        "refusals": refusals,
    }
    return render(request, "reports/rights_detail.html", context)


def _act(request, asked, action, forms):
    """(what is shown whole or None, whether it is done): the verb that the button names."""
    form = forms.get(action)
    if form is not None and not form.is_valid():
        return None, False
    if action == "show":
        whole = rights.show_whole(asked, by=request.user, reason=form.cleaned_data["reason"])
        record(request, AuditAction.UNMASKED, record=asked)
        return whole, False
    if action == "erase":
        if "understood" not in request.POST:
            raise ValidationError(_("请先确认：清除以后谁也恢复不了。"))
        number = rights.erase_kept(asked, by=request.user)
        record(request, AuditAction.ERASED, record=asked)
        messages.success(request, _("已清除 %(n)d 处。请写明答复。") % {"n": number})
    elif action == "answer":
        rights.answer_request(asked, by=request.user, **form.cleaned_data)
        messages.success(request, _("已答复。"))
    elif action == "refuse":
        rights.refuse_request(asked, by=request.user, **form.cleaned_data)
        messages.success(request, _("已记下不予办理和理由。"))
    else:
        raise ValidationError(_("请再按一次按钮。"))
    return None, True
