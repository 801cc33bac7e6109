"""Accounts: the sheet of one-time links that the office prints, the first sign-in by such a link, the password."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.auth.hashers import make_password
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from canvass.qr import qr_svg
from canvass.rate_limit import client_address, count_try, is_over_limit

from .entering import enter
from .forms import ChangePasswordForm, NewPasswordForm
from .hand_outs import PER_SHEET, candidates, hand_out, places_to_choose
from .open_sign_ins import follow
from .permissions import open_postings
from .pins import bind_device, new_device
from .sign_ins import change_own_password, duties_of, find_link, open_link, plain_token, was_printed

WINDOW = 10 * 60
WRONG_CODES = 30  # never printed, from one address within the window: a whole hall may share one

# --- The person ---------------------------------------------------------------------------------------------


def stranger_page(view):
    """Open to whoever holds a link; kept by no cache and no search engine."""

    @login_not_required
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


@stranger_page
def welcome_code(request):
    """For a PC without a camera: the letters and digits under the QR code."""
    if request.method == "POST" and (token := plain_token(request.POST.get("code", ""))):
        return redirect("grids:welcome", token)
    return render(request, "grids/welcome_code.html")


def _dead(request, status):
    """Used, expired, renewed, taken back or never made: one page for all, which says whom to ask."""
    response = render(
        request, "grids/welcome_code.html", {"is_dead": True, "waits": status == 429}, status=status
    )
    if status == 429:
        response["Retry-After"] = str(WINDOW)
    return response


@stranger_page
def welcome(request, token):
    """Whose link it is, and a password for him or her. Looking uses nothing up: messengers look too."""
    address = client_address(request)
    if is_over_limit("welcome.wrong", address, WRONG_CODES):
        return _dead(request, 429)
    link = find_link(token)
    if link is None:
        if not was_printed(token):
            count_try("welcome.wrong", address, WINDOW)
        return _dead(request, 404)
    cadre = link.cadre
    roles = {posting.role for posting in open_postings(cadre)}
    form = NewPasswordForm(request.POST or None, user=cadre.user, cadre=cadre, roles=roles)
    if request.method == "POST" and form.is_valid():
        key, device = new_device() if form.is_pin else ("", "")
        hashed = make_password(form.cleaned_data["new_password"])
        user = open_link(link, password=hashed, pin_device=device)
        if user is None:
            return _dead(request, 404)
        return _bound(enter(request, user, "/"), user, key)
    context = {"form": form, "cadre": cadre, "duties": duties_of(cadre)}
    return render(request, "grids/welcome.html", context, status=400 if form.is_bound else 200)


def _bound(response, user, key):
    if key:
        bind_device(response, user, key)
    return response


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request):
    """Change the own password; who has one that somebody else set sees no other page before."""
    user, cadre = request.user, request.user.reach.cadre
    roles = {posting.role for posting in open_postings(cadre)} if cadre else set()
    form = ChangePasswordForm(request.POST or None, user=user, cadre=cadre, roles=roles)
    if request.method == "POST" and form.is_valid():
        key, device = new_device() if form.is_pin else ("", "")
        hashed = make_password(form.cleaned_data["new_password"])
        former = request.session.session_key
        change_own_password(user, password=hashed, pin_device=device, session_key=former)
        update_session_auth_hash(request, user)
        follow(request, former)
        messages.success(request, _("密码已换好，下次登录用新密码。"))
        return _bound(redirect("/"), user, key)
    context = {"form": form, "must": user.needs_new_password}
    return render(request, "grids/new_password.html", context, status=400 if form.is_bound else 200)


# --- The office ---------------------------------------------------------------------------------------------


@permission_required("grids.hand_out_sign_in", raise_exception=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_sheet(request):
    """Choose a place or come with cadres chosen at the desk; look who gets a link; POST makes and prints them.

    The sheet is the answer to the POST and to nothing else: what it shows is kept nowhere.
    """
    if request.method == "POST":
        chosen = _chosen(request.POST.getlist("cadre"))
        links, refused = hand_out(chosen, by=request.user)
        context = {
            "cards": [
                (link, qr_svg(_absolute(request, "grids:welcome", link.token), border=2)) for link in links
            ],
            "refused": refused,
            "address": _absolute(request, "grids:welcome_code"),
        }
        return render(request, "grids/sign_in_sheet.html", context)
    if not request.GET:
        return render(request, "grids/sign_in_sheet.html", {"places": places_to_choose(request.user)})
    chosen = _chosen(request.GET.get("cadres", "").split(".")) if "cadres" in request.GET else None
    found = candidates(request.user, cadres=chosen, place=request.GET.get("place", ""))
    return render(
        request,
        "grids/sign_in_sheet.html",
        {"found": found, "refused": found.refused, "per_sheet": PER_SHEET},
    )


def _absolute(request, name, *args):
    return request.build_absolute_uri(reverse(name, args=args))


def _chosen(texts):
    """Row numbers from an address or a form."""
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise Http404
    return [int(text) for text in texts]
