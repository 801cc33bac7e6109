"""The short forms of the phone, and the page of what one of them filed."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from canvass.asking import asked
from canvass.opens import opens, touches
from grids.models import RegisterEntry

from . import office_services, permissions, phone_answers, record_services, record_words
from .day_views import asked_campaign
from .filing import FilingConflict
from .forms import ReasonForm
from .identities import asked_identity, with_identity
from .models import Gathering, Handout, StayLog
from .record_forms import GatheringForm, HandoutForm, StayLogForm
from .views import NOT_SENT_AGAIN, form_methods

may_file = permission_required("visits.file_record", raise_exception=True)

# Kinds of records as their page's address names them; deeds have a page of their own.
KINDS = {model._meta.model_name: model for model in (Gathering, Handout, StayLog)}


# --- Filing -------------------------------------------------------------------------------------------------


@form_methods
@may_file
def gathering_file(request):
    """A talk, a discussion, an evening talk: what it was about, who spoke, how many came."""
    return file_page(request, GatheringForm, "visits/gathering_file.html")


@form_methods
@may_file
def handout_file(request):
    """Materials handed out in one go, not at one door: how many copies of which kinds."""
    return file_page(request, HandoutForm, "visits/handout_file.html")


@form_methods
@may_file
def stay_log_file(request):
    """Two days and one night in a household; its page leads here with the household filled in."""
    entry = RegisterEntry.objects.visible_to(request.user).filter(number=asked(request, "entry")).first()
    initial = {"entry": entry.number, "place": entry.grid_id} if entry else {}
    return file_page(request, StayLogForm, "visits/stay_log_file.html", initial)


def file_page(request, form_class, template, initial=None):
    """An empty form, the form with what is wrong, both versions, or on to what was filed.

    A form comes from the page itself, or from the queue of a phone, which is answered in JSON.
    """
    campaign, running = asked_campaign(request)
    if campaign is None and request.method != "POST":
        return render(request, template, {"campaign": None})
    if campaign is None or not campaign.is_writable:
        raise Http404
    if request.method != "POST" and (answer := _name_form(request, form_class.model, campaign)):
        return answer
    data = request.POST if request.method == "POST" else None
    initial = {"client_id": asked(request, "id"), **(initial or {})}
    form = form_class(data, initial=initial, campaign=campaign, user=request.user)
    if phone_answers.is_asked(request):
        return phone_answers.file(request, form)
    if data is not None and form.is_wholly_valid():
        return _file(request, form)
    return render(request, template, {"form": form, "campaign": campaign, "running": running})


def _name_form(request, model, campaign):
    """The address of an empty form holds its identity, and its campaign: another may have begun when it arrives."""
    identity = asked_identity(request)
    if identity is None:
        return with_identity(request, campaign=campaign.code)
    filed = model.objects.filter(client_id=identity, created_by=request.user).first()
    if filed is None:
        return None
    messages.info(request, _("刚才那张表已经登记了，就是这一份。"))
    return redirect(filed)


def _file(request, form):
    try:
        record, is_new = form.file()
    except FilingConflict as conflict:
        return _show_conflict(request, form, conflict.stored)
    touches(request, record)
    messages.success(request, _("已登记。") if is_new else _("这一份先前已经登记，没有重复。"))
    return redirect(record)


def _show_conflict(request, form, stored):
    stored, rows = form.compare(stored)
    context = {
        "stored": stored,
        "rows": rows,
        "sent": [(k, v) for k, values in request.POST.lists() for v in values if k not in NOT_SENT_AGAIN],
        "new_id": uuid.uuid4(),
    }
    return render(request, "visits/record_conflict.html", context, status=409)


# --- One record ---------------------------------------------------------------------------------------------


@opens(KINDS, by_choice="kind")
@form_methods
@may_file
def record_detail(request, kind, pk):
    """What was filed; whoever filed it makes it void here, with a reason."""
    if kind not in KINDS:
        raise Http404
    return detail_page(request, KINDS[kind], pk, "visits/record_detail.html")


def detail_page(request, model, pk, template):
    related = model.objects.visible_to(request.user).select_related("campaign", "place", "created_by__cadre")
    record = get_object_or_404(related, pk=pk)
    can_void = permissions.can_void_record(request.user, record)
    form = ReasonForm(request.POST or None) if can_void else None
    if request.method == "POST" and _void(request, record, form):
        return redirect(record)
    context = {"record": record, "rows": _told(record), "form": form, "others": _others(record)}
    context["kind"] = model._meta.model_name
    return render(request, template, context)


def _void(request, record, form):
    """Whether the page has nothing more to say: it is void now, or cannot be made so."""
    if form is None:
        messages.error(request, _("这份记录现在不能作废：已经作废、活动已结束，或者不是您登记的。"))
        return True
    if not form.is_valid():
        return False
    try:
        office_services.void_record(record, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, _("已作废。记录还在，只是不再计数。"))
    return True


def _told(record):
    rows = record_words.tell(record)
    if isinstance(record, Gathering):
        rows.append(record_words.tell_speakers(record.speakers.values_list("name", flat=True)))
    if isinstance(record, StayLog):
        rows.append((_("作者"), " · ".join(filter(None, [record.name, record.department_name]))))
    return [(label, text) for label, text in rows if text]


def _others(record):
    """What the same form filed beside this."""
    if not isinstance(record, Handout):
        return []
    return list(record_services.of_one_form(record).exclude(pk=record.pk))
