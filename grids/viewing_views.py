"""View as …: begin, stop, and the page on which a person reads who looked."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from canvass.opens import opens
from canvass.roles import Role

from .models import Cadre
from .viewing import MINUTES, SESSION_KEY, begin_viewing, find_cadre, refusal_to_view_as, viewings_of

PAGE = 50


class ViewForm(forms.Form):
    """Why somebody else's pages are looked at."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        help_text=gettext_lazy("例如：本人来电，找不到待补访的户。本人会看到。"),
        error_messages={"required": gettext_lazy("请写明原因。")},
    )


@opens(Cadre)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def view_as(request, pk):
    """Ask why, then show the site as this cadre reads it."""
    if not request.user.reach.has(Role.CAMPAIGN_OFFICE):
        raise PermissionDenied
    cadre = find_cadre(request.user, pk)
    if cadre is None:
        raise Http404
    refusal = refusal_to_view_as(request.user, cadre)
    form = ViewForm(request.POST or None)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            step = begin_viewing(cadre, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            request.session[SESSION_KEY] = step.pk
            return redirect("/")
    context = {"cadre": cadre, "refusal": refusal, "form": form, "minutes": MINUTES}
    status = 409 if refusal and request.method == "POST" else 400 if form.errors else 200
    return render(request, "grids/view_as.html", context, status=status)


@require_POST
def view_stop(request):
    """The middleware has ended it; here one is told so."""
    messages.success(request, _("已停止代看，现在是您自己的页面。"))
    return redirect("/")


@never_cache
@require_safe
def viewing_list(request):
    """Who looked at my pages, when and why."""
    return render(request, "grids/viewing_list.html", {"viewings": viewings_of(request.user)[:PAGE]})
