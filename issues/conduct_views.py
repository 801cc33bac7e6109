"""Slips about how departments worked: filed on the phone or with a receipt, read by the office and discipline."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from canvass.opens import opens, opens_no_record
from canvass.rate_limit import client_address, count_try, is_over_limit
from visits.record_views import file_page, form_methods, may_file

from .conduct import file_from_receipt, has_spoken, rated_departments
from .conduct_forms import ConductSlipForm, ReceiptConductForm
from .models import ConductSlip
from .receipt_views import VERDICTS_BY_ADDRESS, VERDICTS_BY_CODE, WINDOW, found_receipt, resident_page

PAGE = 30


@form_methods
@may_file
def conduct_slip_file(request):
    """A resident says how a department worked; whoever files it reads it nowhere again."""
    return file_page(request, ConductSlipForm, "issues/conduct_slip_file.html")


@opens(ConductSlip, by="client_id")
@may_file
@never_cache
@require_safe
def conduct_slip_filed(request, identity):
    """It was received: that is all that whoever filed it reads."""
    slip = get_object_or_404(ConductSlip, client_id=identity, created_by=request.user)
    return render(request, "issues/conduct_slip_filed.html", {"number": slip.number})


@permission_required("issues.view_conductslip", raise_exception=True)
@never_cache
@require_safe
def conduct_slip_list(request):
    """The slips one by one, the newest first: no count, no average, and none about an own department."""
    slips = ConductSlip.objects.visible_to(request.user).select_related("department", "place__parent")
    page = Paginator(slips, PAGE).get_page(request.GET.get("page"))
    return render(request, "issues/conduct_slip_list.html", {"page": page})


@opens_no_record("a slip is tied to no receipt, in the log neither")
@resident_page
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_conduct(request, code):
    """The bearer of a receipt says how the department worked, once."""
    receipt, refused = found_receipt(request, code)
    if receipt is None:
        return refused
    departments = rated_departments(receipt)
    form, status = ReceiptConductForm(_sent(request), departments=departments), 200
    if request.method == "POST":
        status = _take(request, receipt, form)
        if status == 302:
            return redirect(reverse("issues:receipt_conduct", args=[receipt.typed_code]))
    context = {
        "campaign": receipt.opinion.campaign,
        "code": receipt.typed_code,
        "form": form,
        "asks": departments.exists() and receipt.opinion.campaign.is_writable,
        "spoken": has_spoken(receipt),
    }
    return render(request, "issues/receipt_conduct.html", context, status=status)


def _sent(request):
    """What was sent, be it nothing: a form that was not bound takes no complaint."""
    return request.POST if request.method == "POST" else None


def _take(request, receipt, form):
    """Keep the slip and return the status of the answer; the form holds what went wrong."""
    if request.user.is_authenticated:
        form.add_error(None, _("您已登录工作账号；请由群众本人填写，或者用手机上的“作风效能反馈单”代填。"))
        return 403
    address = client_address(request)
    if is_over_limit("receipt.conduct", address, VERDICTS_BY_ADDRESS) or is_over_limit(
        "receipt.conduct", receipt.code, VERDICTS_BY_CODE
    ):
        form.add_error(None, _("反馈的次数太多了，请过十分钟再来。"))
        return 429
    count_try("receipt.conduct", address, WINDOW)
    count_try("receipt.conduct", receipt.code, WINDOW)
    if not form.is_valid():
        return 400
    try:
        file_from_receipt(receipt, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return 409
    return 302
