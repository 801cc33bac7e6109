"""Something was said to be solved on the spot: one page to confirm it, or to say that it is not."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from canvass.opens import opens
from visits.models import Opinion

from . import spot
from .similar import beside, guessed_category
from .spot_forms import SpotForm, SpotRefusalForm
from .workflow import KEEPERS

FORMS = {"confirm": SpotForm, "refuse": SpotRefusalForm}


@opens(Opinion)
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(KEEPERS, raise_exception=True)
def spot_check(request, pk):
    """The words, what was done about them, and the two answers; then on to the next one."""
    seen = spot.said_solved(request.user).select_related("campaign", "place__parent", "entry", "visit")
    opinion = get_object_or_404(seen, pk=pk)
    forms = _forms(request, opinion)
    if request.method == "POST":
        done = _decide(request, opinion, forms)
    else:
        done = not spot.can_confirm_spot(request.user, opinion)
        if done:
            messages.info(request, spot.what_became(opinion, request.user))
    if done:
        return _onward(request.user, opinion)
    context = {
        "opinion": opinion,
        "form": forms["confirm"],
        "refusal_form": forms["refuse"],
        "refusals": spot.refusals_of(opinion),
    }
    return render(request, "issues/spot_check.html", context)


def _forms(request, opinion):
    """{decision: its form}; the one that was sent is bound to what was typed."""
    sent = request.POST.get("decision")
    forms = {
        name: form(request.POST if sent == name else None, subject=opinion, request=request, prefix=name)
        for name, form in FORMS.items()
    }
    if sent != "confirm":
        forms["confirm"].initial["category"] = guessed_category(opinion, beside(opinion, request.user))
    return forms


def _decide(request, opinion, forms):
    """Do what was asked. True: this one is done with, by this person or by somebody who was quicker."""
    decision = request.POST.get("decision", "")
    if decision not in FORMS:
        raise Http404
    form = forms[decision]
    if not form.is_valid():
        return False
    verb = {"confirm": spot.confirm_spot, "refuse": spot.refuse_spot}[decision]
    try:
        made = verb(opinion, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        if refusal.code == "sorted":
            messages.warning(request, refusal.message)
            return True
        form.add_error(None, refusal.messages)
        return False
    if decision == "confirm":
        messages.success(request, _("已确认当场解决：%s。接下来由别人回访。") % made)
    else:
        messages.success(request, _("诉求 %s 没有解决，已交活动办分拣。") % opinion.number)
    return True


def _onward(user, opinion):
    """The one that waits longest; the list of what is to be checked when nothing is left."""
    following = spot.waiting_spots(user).exclude(pk=opinion.pk).order_by("heard_at", "pk").first()
    if following is None:
        return redirect("visits:visit_to_check")
    return redirect("issues:spot_check", pk=following.pk)
