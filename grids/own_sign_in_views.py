"""What somebody keeps of the own sign-in: where one is signed in, and the second factor."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from canvass.qr import qr_svg

from .entering import PROVED
from .forms import FactorForm
from .models import OpenSignIn
from .open_sign_ins import end, end_all, is_this_one
from .second_factor import (
    TooManyTriesError,
    address_of,
    check_code,
    check_first_code,
    factor_of,
    turn_off,
    typed_recovery_code,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_list(request):
    """Where one is signed in now. Any one of them can be ended, or all but this."""
    mine = OpenSignIn.objects.visible_to(request.user)
    if request.method == "POST":
        if request.POST.get("end") == "others":
            end_all(request.user, but=request.session.session_key)
            messages.success(request, _("其他地方都已退出。"))
        else:
            row = get_object_or_404(mine, pk=_number(request.POST.get("end", "")))
            end(mine.filter(pk=row.pk))
            messages.success(request, _("已退出：%(where)s") % {"where": row})
        return redirect("grids:sign_in_list")
    rows = [(row, is_this_one(request, row)) for row in mine]
    return render(request, "grids/sign_in_list.html", {"rows": rows})


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@require_safe
@never_cache
def sign_in_stay(request):
    """A page on which somebody types says so now and then; it counts as use. And a fresh token for the page's forms."""
    request.is_use = True
    return JsonResponse({"csrf": get_token(request)})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request):
    """Turn the one-time code on, with the codes for paper shown once; or off, for another phone."""
    factor = factor_of(request.user)
    form, status = FactorForm(request.POST or None, user=request.user, is_on=factor.is_on), 200
    if request.method == "POST":
        status = 400
        try:
            if form.is_valid() and (done := _turn(request, factor, form)):
                return done
        except TooManyTriesError:
            status = 429
            form.add_error(None, _("试错的次数太多，请 15 分钟后再试。"))
    address = "" if factor.is_on else address_of(factor)
    context = {
        "form": form,
        "factor": factor,
        "must": request.user.must_have_second_factor,
        "address": address,
        "qr": address and qr_svg(address, border=4),
    }
    return render(request, "grids/second_factor.html", context, status=status)


def _turn(request, factor, form) -> HttpResponse | None:
    """The answer when the code was right."""
    user, code = request.user, form.cleaned_data["code"]
    if factor.is_on:
        if check_code(user, code):
            turn_off(user, by=user)
            request.session.pop(PROVED, None)
            messages.success(request, _("两步验证已关闭。换了手机的，请马上在新手机上重新启用。"))
            return redirect("grids:second_factor")
    elif codes := check_first_code(user, code):
        request.session[PROVED] = True
        end_all(user, but=request.session.session_key)
        codes = [typed_recovery_code(one) for one in codes]
        return render(request, "grids/second_factor.html", {"codes": codes})
    form.add_error("code", _("验证码不对，或者已经用过。请等手机上换出新的一组再输。"))
    return None
