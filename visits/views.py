"""Filing a visit, and what comes after: checking, correcting, sending back, voiding."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.models import Campaign
from canvass.asking import asked
from canvass.masks import masked_phone
from canvass.opens import opens, touches

from . import comparison, permissions, phone_answers, photo_services, services, targets
from .contents import COLUMNS
from .day_views import asked_campaign, may_view, targets_page, visits_page
from .enums import VisitState
from .filing import FilingConflict
from .forms import CorrectVisitForm, FileVisitForm, OpinionForms, ReasonForm
from .identities import asked_identity, with_identity
from .models import Visit
from .photo_views import tell_refused

may_file = permission_required("visits.add_visit", raise_exception=True)
may_change = permission_required("visits.change_visit", raise_exception=True)
may_check = permission_required("visits.check_visit", raise_exception=True)
form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@may_check
def visit_to_check(request):
    """Filed visits of the places I answer for, other people's only."""
    rows = Visit.objects.inside(*request.user.reach.codes(*permissions.KEEPERS)).visible_to(request.user)
    own = Visit.objects.own(request.user).values("pk")
    rows = rows.filter(state=VisitState.FILED, campaign__in=Campaign.objects.running()).exclude(pk__in=own)
    return render(request, "visits/visit_to_check.html", {"tab": "check", **visits_page(request, rows)})


# --- Filing -------------------------------------------------------------------------------------------------


@form_methods
@may_file
def visit_file(request):
    """File a visit: first the household, then what was found there.

    A form comes from the page itself, or from the queue of a phone, which is answered in JSON.
    """
    number = asked(request, "entry")
    if not number:
        return _pick_entry(request)
    entry, campaign = targets.find_target(request.user, number, asked(request, "campaign"))
    if entry is None or campaign is None:
        raise Http404
    if request.method != "POST" and (answer := _name_form(request)):
        return answer
    form = _file_form(request, entry, campaign)
    if phone_answers.is_asked(request):
        return phone_answers.file(request, form)
    if request.method == "POST" and "more" not in request.POST and form.is_wholly_valid():
        try:
            return _file(request, form)
        except FilingConflict as conflict:
            return _show_conflict(request, form, conflict.stored)
    return render(request, "visits/visit_file.html", {"form": form, "entry": entry, "campaign": campaign})


def _name_form(request):
    """The identity of an empty form stands in its address: reloading it or going back to it makes no second one.

    Sends on to the address with a new identity, or to the visit that was filed under it.
    """
    identity = asked_identity(request)
    if identity is None:
        return with_identity(request)
    filed = Visit.objects.filter(client_id=identity, filed_by=request.user).first()
    if filed is None:
        return None
    messages.info(request, _("刚才那张表已经登记了，就是这一次走访。"))
    return redirect("visits:visit_detail", pk=filed.pk)


def _pick_entry(request):
    campaign, running = asked_campaign(request)
    context = {"campaign": campaign, "running": running}
    if campaign:
        context |= targets_page(request, campaign)
    return render(request, "visits/visit_file.html", context)


def _bind(request, form_class, *, opinions=(), initial, **subject):
    """The form and its opinions, empty or as sent; one more row, without complaints, when that was asked."""
    if request.method != "POST":
        rows = OpinionForms(initial=opinions, prefix="opinions")
        rows.extra = 0 if opinions else 1
        return form_class(initial=initial, opinions=rows, user=request.user, **subject)
    data = request.POST.copy()
    if more := "more" in data:
        count = data.get("opinions-TOTAL_FORMS", "")
        data["opinions-TOTAL_FORMS"] = int(count) + 1 if count.isdecimal() and len(count) < 9 else 1
    rows = OpinionForms(data, initial=opinions, prefix="opinions")
    form = form_class(data, initial=initial, opinions=rows, user=request.user, **subject)
    if more:
        form.without_complaints()
        rows.without_complaints()
    return form


def _file_form(request, entry, campaign):
    initial = {
        "client_id": asked(request, "id"),
        "started_at": timezone.now(),
        "cadres": [request.user.reach.cadre.staff_number],
        "notice": campaign.notice_version,
    }
    return _bind(request, FileVisitForm, initial=initial, entry=entry, campaign=campaign)


def _file(request, form):
    visit, is_new = form.file()
    touches(request, visit)
    messages.success(request, _("已登记。") if is_new else _("这次走访先前已经登记，没有重复。"))
    # Only now: the words are filed, whatever the photos are.
    tell_refused(request, photo_services.add_photos(visit, request.FILES.getlist("photos"), by=request.user))
    return redirect("visits:visit_detail", pk=visit.pk)


def _show_conflict(request, form, stored):
    """Both versions side by side; the stored one only to those who may see it."""
    stored, rows = form.compare(stored)
    if request.FILES:
        messages.warning(request, _("照片没有跟来：登记以后，请在走访页上加照片。"))
    context = {
        "entry": form.entry,
        "campaign": form.campaign,
        "stored": stored,
        "rows": rows,
        "sent": [(k, v) for k, values in request.POST.lists() for v in values if k not in NOT_SENT_AGAIN],
        "new_id": uuid.uuid4(),
    }
    return render(request, "visits/visit_conflict.html", context, status=409)


NOT_SENT_AGAIN = ("csrfmiddlewaretoken", "client_id", "more")


# --- One visit ----------------------------------------------------------------------------------------------


def _visits(user):
    related = Visit.objects.visible_to(user).select_related("campaign", "entry", "grid")
    return related.prefetch_related("cadres__cadre")


@opens(Visit)
@require_safe
@may_view
def visit_detail(request, pk):
    """A visit with its people as of that day, the words that were heard, and its history."""
    visit = get_object_or_404(_visits(request.user), pk=pk)
    opinions = visit.opinions.visible_to(request.user).select_related("answer_wish").order_by("pk")
    current = set(opinions.valid_at(timezone.now()).values_list("pk", flat=True))
    photos = visit.photos.select_related("voided_by__cadre")
    context = {
        "visit": visit,
        "campaign": visit.campaign,
        "opinions": [_with_contact(o, request.user) for o in opinions if o.pk in current],
        "former_opinions": [o for o in opinions if o.pk not in current],
        "handouts": visit.handouts.visible_to(request.user).valid_at(timezone.now()).order_by("number"),
        "photos": [photo for photo in photos if not photo.is_void and photo.image],
        "erased_photos": [photo for photo in photos if not photo.image],
        "former_photos": [photo for photo in photos if photo.is_void and photo.image],
        "steps": comparison.told(visit.steps.select_related("by__cadre")),
        "can": {
            name: getattr(permissions, f"can_{name}_visit")(request.user, visit)
            for name in ("correct", "void", "check", "send_back")
        },
    }
    return render(request, "visits/visit_detail.html", context)


def _with_contact(opinion, user):
    """Say beside a wish whether this person may see the number whole."""
    opinion.opens_contact = opinion.wish is not None and permissions.can_see_contact(user, opinion)
    return opinion


def _visit_for(request, pk, allowed):
    visit = get_object_or_404(_visits(request.user), pk=pk)
    if not allowed(request.user, visit):
        raise PermissionDenied
    return visit


@opens(Visit)
@form_methods
@may_change
def visit_correct(request, pk):
    """The form again, with what is stored, and the reason for changing it."""
    visit = _visit_for(request, pk, permissions.can_correct_visit)
    form = _correct_form(request, visit)
    if request.method == "POST" and "more" not in request.POST and form.is_wholly_valid():
        data = form.cleaned_data
        try:
            services.correct_visit(
                visit,
                by=request.user,
                content=form.content(),
                reason=data["reason"],
                seen_step=data["seen_step"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("已更正。原来的内容留在记录的经过里。"))
            return redirect("visits:visit_detail", pk=visit.pk)
    context = {"form": form, "visit": visit, "entry": visit.entry, "campaign": visit.campaign}
    return render(request, "visits/visit_correct.html", context)


def _correct_form(request, visit):
    initial = {name: getattr(visit, name) for name in COLUMNS}
    initial["cadres"] = [row.cadre.staff_number for row in visit.cadres.all()]
    initial["notice"] = visit.campaign.notice_version
    initial["place"] = (visit.latitude, visit.longitude) if visit.latitude is not None else None
    initial["seen_step"] = visit.steps.order_by("-at", "-pk").values_list("pk", flat=True).first()
    opinions = visit.opinions.visible_to(request.user).valid_at(timezone.now()).order_by("pk")
    rows = [_stored_row(opinion) for opinion in opinions.select_related("answer_wish")]
    return _bind(
        request, CorrectVisitForm, initial=initial, opinions=rows, entry=visit.entry, campaign=visit.campaign
    )


def _stored_row(opinion):
    """What the form of stored words begins with; of a number only that there is one."""
    row = {
        "stored": opinion.pk,
        "words": opinion.words_verbatim,
        "nature": opinion.nature,
        "done": opinion.done_on_spot,
    }
    if wish := opinion.wish:
        row |= {"wanted": True, "answer_way": wish.way, "may_tell": wish.may_tell_department}
        row |= {"kept_number": masked_phone(wish.phone)}
    return row


def _ask_reason(request, pk, *, allowed, verb, done, template):
    """A page that asks for a reason, does the verb, and goes back to the visit."""
    visit = _visit_for(request, pk, allowed)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verb(visit, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done)
            return redirect("visits:visit_detail", pk=visit.pk)
    context = {"form": form, "visit": visit, "entry": visit.entry, "campaign": visit.campaign}
    return render(request, template, context)


@opens(Visit)
@form_methods
@may_change
def visit_void(request, pk):
    """Take a visit out of the count, with a reason."""
    return _ask_reason(
        request,
        pk,
        allowed=permissions.can_void_visit,
        verb=services.void_visit,
        done=_("已作废。记录和原话都还在，只是不再计数。"),
        template="visits/visit_void.html",
    )


@opens(Visit)
@form_methods
@may_check
def visit_send_back(request, pk):
    """Send a visit back to its people, with a reason."""
    return _ask_reason(
        request,
        pk,
        allowed=permissions.can_send_back_visit,
        verb=services.send_back_visit,
        done=_("已退回，走访人会看到原因。"),
        template="visits/visit_send_back.html",
    )


@opens(Visit)
@require_POST
@may_check
def visit_check(request, pk):
    """Mark a visit as looked over."""
    visit = _visit_for(request, pk, permissions.can_check_visit)
    try:
        services.check_visit(visit, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("已审核。"))
    return redirect("visits:visit_detail", pk=visit.pk)
