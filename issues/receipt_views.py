"""Receipts: the resident's pages, open without a sign-in; the slip to print; what the office reads of it."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from canvass.asking import asked_language
from canvass.opens import opens
from canvass.qr import qr_svg
from canvass.rate_limit import client_address, count_try, is_over_limit
from visits.models import Opinion

from .models import Issue, ResidentVerdict
from .receipt_forms import VerdictForm
from .receipts import (
    existing_receipt,
    find_receipt,
    office_contact,
    plain_code,
    receipt_for,
    record_verdict,
    standing_of,
)

WINDOW = 10 * 60
# Within the window. One address may be a whole village behind one line, so only what went wrong counts.
WRONG_CODES = 30
VERDICTS_BY_ADDRESS, VERDICTS_BY_CODE = 30, 5
PAGE = 30
LOTS = {"waiting": pgettext_lazy("verdict", "待处理"), "all": gettext_lazy("全部")}


def resident_page(view):
    """Open to whoever holds a code; kept by no cache, no search engine and no other site's log.

    Without a referrer a browser names no origin either, which Django's CSRF check refuses. It is not needed
    here: no cookie gives any right on these pages, only the code does, and who forges a request would have to
    know it. For the same reason the language is chosen by a link and not by the site's form.
    """

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def page(request, *args, **kwargs):
        if language := asked_language(request):
            translation.activate(language)
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


def _address(request, code):
    """Where the answer to a code stands, in the language of this page."""
    language = asked_language(request)
    return reverse("issues:receipt_show", args=[code]) + (f"?language={language}" if language else "")


@resident_page
@require_safe
def receipt_lookup(request):
    """Type the code that is printed on the receipt."""
    if code := plain_code(request.GET.get("code", "")):
        return redirect(_address(request, code))
    return render(request, "issues/receipt_lookup.html")


def _refused(request, status, error):
    """One and the same page for every code that opens nothing."""
    response = render(request, "issues/receipt_lookup.html", {"error": error}, status=status)
    if status == 429:
        response["Retry-After"] = str(WINDOW)
    return response


def found_receipt(request, code):
    """(the receipt, None), or (None, the page for whoever holds no such code)."""
    address = client_address(request)
    if is_over_limit("receipt.wrong", address, WRONG_CODES):
        return None, _refused(request, 429, _("试的次数太多了，请过十分钟再来，或者问活动办。"))
    receipt = find_receipt(code)
    if receipt is None:
        count_try("receipt.wrong", address, WINDOW)
        return None, _refused(request, 404, _("没有这个回执码，请对照回执再输一遍。"))
    return receipt, None


@resident_page
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_show(request, code):
    """Step, department and reply; and, once there is an answer, the resident's word on it."""
    receipt, refused = found_receipt(request, code)
    if receipt is None:
        return refused
    form, status = VerdictForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = _take_verdict(request, receipt, form)
        if status == 302:
            return redirect(_address(request, receipt.typed_code))
    standing = standing_of(receipt)
    context = {
        "campaign": receipt.opinion.campaign,
        "code": receipt.typed_code,
        "standing": standing,
        "form": form,
        "asks": standing.can_judge and not request.user.is_authenticated,
        "contact": office_contact(receipt.opinion.campaign),
        "rates": any(matter.department for matter in standing.matters),
    }
    return render(request, "issues/receipt_show.html", context, status=status)


def _take_verdict(request, receipt, form):
    """Keep what was said and return the status of the answer; the form holds what went wrong."""
    if request.user.is_authenticated:
        form.add_error(None, _("您已登录工作账号；是否解决，请由群众本人反馈。"))
        return 403
    address = client_address(request)
    if is_over_limit("receipt.verdict", address, VERDICTS_BY_ADDRESS) or is_over_limit(
        "receipt.verdict", receipt.code, VERDICTS_BY_CODE
    ):
        form.add_error(None, _("反馈的次数太多了，请过十分钟再来。"))
        return 429
    count_try("receipt.verdict", address, WINDOW)
    count_try("receipt.verdict", receipt.code, WINDOW)
    if not form.is_valid():
        return 400
    try:
        record_verdict(receipt, solved=form.cleaned_data["solved"], words=form.cleaned_data["words"])
    except ValidationError as error:
        form.add_error(None, error)
        return 409
    return 302


# --- Behind the sign-in -------------------------------------------------------------------------------------


@opens(Opinion)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_slip(request, pk):
    """A receipt to print and hand over, for whoever sees the opinion. POST makes it when there is none yet."""
    opinion = get_object_or_404(Opinion.objects.visible_to(request.user).select_related("campaign"), pk=pk)
    if request.method == "POST":
        receipt_for(opinion, by=request.user)
        return redirect("issues:receipt_slip", pk=pk)
    context = {"opinion": opinion, "receipt": existing_receipt(opinion)}
    if receipt := context["receipt"]:
        address = request.build_absolute_uri(reverse("issues:receipt_show", args=[receipt.typed_code]))
        context |= {
            "qr": qr_svg(address),
            "lookup": request.build_absolute_uri(reverse("issues:receipt_lookup")),
            "contact": office_contact(opinion.campaign),
        }
    return render(request, "issues/receipt_slip.html", context)


@permission_required("issues.handle_issue", raise_exception=True)
@require_safe
def verdict_list(request):
    """Residents who say that it is not solved: the office decides on rework or reopening."""
    lot = request.GET.get("lot", "waiting")
    if lot not in LOTS:
        raise Http404
    seen = Issue.objects.visible_to(request.user).unrestricted().select_related("lead_department")
    verdicts = (
        ResidentVerdict.objects.visible_to(request.user)
        .not_solved()
        .prefetch_related(Prefetch("issues", queryset=seen))
    )
    if lot == "waiting":
        verdicts = verdicts.unsettled()
    page = Paginator(verdicts, PAGE).get_page(request.GET.get("page"))
    return render(request, "issues/verdict_list.html", {"page": page, "lots": LOTS.items(), "lot": lot})
