"""Many doors at once: nobody in, and the slip that says that we were there."""

import uuid
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from canvass.asking import asked
from canvass.opens import touches
from canvass.roles import Role
from canvass.sealed import readable
from grids.models import Posting, RegisterEntry

from .comparison import Row
from .day_views import asked_campaign
from .enums import Outcome
from .identities import asked_identity, with_identity
from .models import Visit
from .round_forms import NobodyInForm
from .rounds import MOST_DOORS, RoundConflict, file_nobody_in, stored_round
from .views import form_methods, may_file

BLANK_SLIPS = 6
NOT_SENT_AGAIN = ("csrfmiddlewaretoken", "client_id")


def _doors(request, campaign, numbers):
    """The ticked doors that are this person's, in the order of the roster."""
    numbers = [number.replace("\0", "") for number in numbers][: 2 * MOST_DOORS]
    found = RegisterEntry.objects.visible_to(request.user).inside(campaign.area_id)
    return list(found.filter(number__in=numbers).select_related("grid__parent").order_by("grid_id", "number"))


def running_campaign(request):
    campaign, _running = asked_campaign(request)
    if campaign is None or not campaign.is_writable:
        raise Http404
    return campaign


def _my_list(campaign):
    return reverse("visits:visit_list", query={"campaign": campaign.code})


@form_methods
@may_file
def nobody_in(request):
    """One page to confirm: these doors, this time, these people."""
    campaign = running_campaign(request)
    if request.method == "POST":
        doors = _doors(request, campaign, request.POST.getlist("entry"))
        form = NobodyInForm(request.POST, campaign=campaign, user=request.user, doors=doors)
        if form.is_valid() and (answer := _file(request, form)):
            return answer
    else:
        doors = _doors(request, campaign, request.GET.getlist("entry"))
        if not doors:
            messages.warning(request, _("请先在名单里勾选没人在家的门牌，再按“都未遇”。"))
            return redirect(_my_list(campaign))
        if answer := _name_form(request, campaign):
            return answer
        initial = {
            "client_id": asked(request, "id"),
            "entry": [door.number for door in doors],
            "started_at": timezone.now(),
            "cadres": [request.user.reach.cadre.staff_number],
            "notice": campaign.notice_version,
        }
        form = NobodyInForm(initial=initial, campaign=campaign, user=request.user, doors=doors)
    context = {"form": form, "campaign": campaign, "doors": doors}
    return render(request, "visits/nobody_in.html", context)


def _name_form(request, campaign):
    """As with one visit, the identity of the form stands in its address: going back makes no second round."""
    identity = asked_identity(request)
    if identity is None:
        return with_identity(request)
    if stored_round(identity, request.user):
        messages.info(request, _("刚才那一批已经登记了。"))
        return redirect(_my_list(campaign))
    return None


def _file(request, form):
    """Where to go once it is filed; None when the form now says what is wrong."""
    try:
        visits, is_new = file_nobody_in(
            form.content(),
            by=request.user,
            campaign=form.campaign,
            client_id=form.cleaned_data["client_id"],
        )
    except RoundConflict as conflict:
        return _show_conflict(request, form, conflict.stored)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None
    touches(request, *visits)
    if is_new:
        done = ngettext("已登记 %(n)d 户未遇。", "已登记 %(n)d 户未遇。", len(visits)) % {"n": len(visits)}
        messages.success(request, done)
    else:
        messages.success(request, _("这一批先前已经登记，没有重复。"))
    return redirect(_my_list(form.campaign))


def _show_conflict(request, form, stored):
    """Both versions side by side; the stored one only to who filed it and still may see it."""
    seen = set(Visit.objects.visible_to(request.user).filter(pk__in=[v.pk for v in stored]).values_list("pk"))
    stored = stored if seen == {(visit.pk,) for visit in stored} else []
    context = {
        "campaign": form.campaign,
        "stored": stored,
        "rows": _compare(stored, form),
        "sent": [(k, v) for k, values in request.POST.lists() for v in values if k not in NOT_SENT_AGAIN],
        "new_id": uuid.uuid4(),
    }
    return render(request, "visits/nobody_in_conflict.html", context, status=409)


def _compare(stored, form):
    content = form.content()
    addresses = {door.number: door.address for door in form.doors}

    def told(doors, started_at, names, left_card):
        moment = formats.date_format(timezone.localtime(started_at), "Y-m-d H:i")
        return ["\n".join(sorted(doors)), moment, "、".join(sorted(names)), _("是") if left_card else _("否")]

    sent = told(
        [addresses.get(number, number) for number in content.numbers],
        content.started_at,
        [companion.cadre.name for companion in content.companions],
        content.left_card,
    )
    before = [""] * len(sent)
    if stored:
        first = stored[0]
        names = [row.name for row in first.cadres.all()]
        doors = [visit.entry.address for visit in stored]
        before = told(doors, first.started_at, names, bool(first.handouts.all()))
    labels = [_("门牌"), _("时间"), _("走访人"), _("留了便民联系卡")]
    return [Row(*row) for row in zip(labels, before, sent, strict=True)]


# --- The slip -----------------------------------------------------------------------------------------------


class Slip(NamedTuple):
    """One slip to leave in a door; without a door, an hour or a phone there is a line to write on."""

    address: str
    grid: object
    came_at: object
    names: list
    phone: str


@require_safe
@may_file
def missed_slip(request):
    """ "Sorry we missed you", several to a sheet: for the ticked doors, or blank ones. No resident's name."""
    campaign = running_campaign(request)
    doors = _doors(request, campaign, request.GET.getlist("entry"))
    if doors:
        slips = _slips(request.user, campaign, doors)
    else:
        slips = [Slip("", None, None, [], _own_phone(request.user))] * BLANK_SLIPS
    context = {"campaign": campaign, "slips": slips, "today": timezone.localdate()}
    return render(request, "visits/missed_slip.html", context)


def _slips(user, campaign, doors):
    """Hour and names are those of today's visit that met nobody, where it is filed already."""
    missed = Visit.objects.visible_to(user).filter(campaign=campaign, entry__in=doors, outcome=Outcome.NOT_IN)
    missed = missed.valid_at(timezone.now()).filter(started_at__date=timezone.localdate())
    last = {v.entry_id: v for v in missed.prefetch_related("cadres").order_by("started_at", "pk")}
    phones, own = _grid_phones({door.grid_id for door in doors}), _own_phone(user)
    slips = []
    for door in doors:
        visit = last.get(door.pk)
        names = [row.name for row in visit.cadres.all()] if visit else [user.reach.cadre.name]
        phone = phones.get(door.grid_id) or own
        slips.append(Slip(door.address, door.grid, visit and visit.started_at, names, phone))
    return slips


def _grid_phones(codes):
    """{grid: phone of its leader}."""
    leaders = Posting.objects.active_on(timezone.localdate()).filter(role=Role.GRID_LEADER, place__in=codes)
    found = leaders.exclude(cadre__phone="").order_by("-pk").values_list("place_id", "cadre__phone")
    return {place: readable(phone) for place, phone in found}


def _own_phone(user):
    """The worker's own number, or that of the department that sent him or her."""
    cadre = user.reach.cadre
    department = cadre.department
    return readable(cadre.phone) or (department.contact_phone if department else "")
