"""The screen on which sheets of paper are typed in, a row a door, by keyboard alone."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from canvass.asking import asked
from canvass.moments import day_start
from canvass.opens import touches

from . import permissions, typed
from .day_views import asked_campaign
from .filing import FilingConflict
from .models import Visit
from .paper_forms import PaperRowForm
from .phone_answers import is_asked
from .views import form_methods

may_type = permission_required("visits.type_paper", raise_exception=True)
MOST_ROWS = 30
CONFLICT = gettext_lazy("这一行先前已经登记过，内容不一样；这一次的还没有存下。")


@form_methods
@may_type
def paper_type(request):
    """A row of paper and the rows typed today. With scripts the answer is JSON, without them a page."""
    campaign, running = asked_campaign(request)
    if campaign is None:
        return render(request, "visits/paper_type.html", {"running": running})
    if not campaign.is_writable:
        raise Http404
    form = _row_form(request, campaign)
    if is_asked(request):
        return _answer(request, form)
    stored = None
    if request.method == "POST":
        if form.asks_for_door_alone:
            _show_door(form)
        elif form.is_valid():
            try:
                return _file(request, form)
            except FilingConflict as conflict:
                stored = conflict.stored
                form.add_error(None, CONFLICT)
    context = {"campaign": campaign, "running": running, "form": form, "typed": _typed(request, campaign)}
    if stored is not None:
        context["stored"] = _seen(request.user, stored)
        context["is_conflict"] = True
    form.fields[form.first_wrong].widget.attrs["autofocus"] = True
    return render(request, "visits/paper_type.html", context, status=409 if stored is not None else 200)


def _row_form(request, campaign):
    """Empty but for the day and the people of the row before; "anew" makes it a row of its own."""
    if request.method != "POST":
        kept = {name: asked(request, name) for name in PaperRowForm.STICKY}
        initial = {"client_id": uuid.uuid4(), **kept}
        return PaperRowForm(initial=initial, campaign=campaign, user=request.user)
    data = request.POST.copy()
    if "anew" in data:
        data["client_id"] = uuid.uuid4()
    return PaperRowForm(data, campaign=campaign, user=request.user)


def _show_door(form):
    """The door that was scanned, in words, and the cursor in the next field."""
    form.is_valid()
    form.keep_door_complaints()
    if door := form.cleaned_data.get("found"):
        form.data = form.data.copy()
        form.data["door"], form.data["entry"] = door.address, door.number


def _file(request, form):
    visit, is_new = form.file()
    touches(request, visit)
    messages.success(request, _told(visit, is_new))
    kept = {name: form.data.get(name, "") for name in PaperRowForm.STICKY}
    return redirect(reverse("visits:paper_type", query={"campaign": form.campaign.code, **kept}))


def _told(visit, is_new):
    text = _("已登记：%s。") if is_new else _("这一行先前已经登记，没有重复：%s。")
    return text % visit.entry.address


def _seen(user, visit):
    return Visit.objects.visible_to(user).filter(pk=visit.pk).first()


def _typed(request, campaign):
    """What this person typed in today, the last row first."""
    rows = Visit.objects.visible_to(request.user).filter(
        campaign=campaign,
        filed_by=request.user,
        origin=Visit.Origin.PAPER,
        filed_at__gte=day_start(timezone.localdate()),
    )
    rows = rows.select_related("entry", "campaign").prefetch_related("cadres").order_by("-filed_at", "-pk")
    rows = list(rows[:MOST_ROWS])
    for visit in rows:
        visit.may_be_voided = permissions.can_void_visit(request.user, visit)
    return rows


# --- For the script -----------------------------------------------------------------------------------------


def _answer(request, form):
    """201 new, 200 known already, 409 other content under this identity, 422 complaints. `next`: a new identity."""
    new_id = str(uuid.uuid4())
    if not form.is_valid():
        errors = {name: list(sentences) for name, sentences in form.errors.items()}
        answer = {"errors": errors, "doors": _offered(form.doors), "client_id": form.data["client_id"]}
        return JsonResponse(answer, status=422)
    try:
        visit, is_new = form.file()
    except FilingConflict as conflict:
        stored = _seen(request.user, conflict.stored)
        url = stored and reverse("visits:visit_detail", args=[stored.pk])
        return JsonResponse({"errors": {"": [str(CONFLICT)]}, "stored": url, "next": new_id}, status=409)
    touches(request, visit)
    row = {
        "address": visit.entry.address,
        "facts": _facts(visit),
        "url": reverse("visits:visit_detail", args=[visit.pk]),
        "void": reverse("visits:visit_void", args=[visit.pk]),
    }
    answer = {"row": row, "is_new": is_new, "told": _told(visit, is_new), "next": new_id}
    return JsonResponse(answer, status=201 if is_new else 200)


def _facts(visit):
    moment = formats.date_format(timezone.localtime(visit.started_at), "Y-m-d H:i")
    names = "、".join(row.name for row in visit.cadres.all())
    return f"{moment} · {visit.get_outcome_display()} · {names}"


def _offered(doors):
    return [{"number": door.number, "address": door.address, "holder": door.shown_name} for door in doors]


@require_safe
@may_type
def paper_doors(request):
    """Doors to choose from while somebody types: only those that this person may type for."""
    campaign, _running = asked_campaign(request)
    if campaign is None or not campaign.is_writable:
        raise Http404
    doors = typed.find_doors(typed.doors_to_type(request.user, campaign), asked(request, "q")[:500])
    answer = {"doors": _offered(doors[: typed.MOST_OFFERED]), "more": len(doors) > typed.MOST_OFFERED}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})
