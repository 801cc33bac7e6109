"""A worker's day: my list, a household before knocking, and what became of what I filed."""

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from canvass.asking import asked
from canvass.opens import opens
from grids.models import RegisterEntry
from grids.permissions import can_see_holder

from . import targets
from .enums import VisitState
from .handing_out import materials_to_bring
from .models import Visit, VisitStep
from .models.hand_overs import taken_visits

may_view = permission_required("visits.view_visit", raise_exception=True)


def asked_campaign(request):
    """(the campaign one looks at or None, all running ones that one may choose)."""
    seen = Campaign.objects.visible_to(request.user).prefetch_related("outcomes")
    if code := asked(request, "campaign"):
        return get_object_or_404(seen, code=code), []
    running = list(seen.running())
    return (running[0] if running else None), running


def targets_page(request, campaign):
    """One page of my list as the address asks for it."""
    words, show = asked(request, "q"), asked(request, "show")
    show = show if show in targets.FILTERS else ""
    rows = targets.find_targets(targets.targets(request.user, campaign), words=words, show=show)
    page, next_key = targets.page_of_targets(rows.select_related("grid"), request.GET.get("after", ""))
    for entry in page:
        entry.return_day = targets.return_day(campaign, entry, entry.last_at, entry.last_outcome)
    return {
        "entries": page,
        "next_key": next_key,
        "q": words,
        "show": show,
        "filters": targets.FILTERS,
        "one_grid": len({entry.grid_id for entry in page}) == 1,
    }


@require_safe
@may_view
def visit_list(request):
    """Households, enterprises and schools of my grids: never visited first, then those due again."""
    campaign, running = asked_campaign(request)
    context = {"campaign": campaign, "running": running, "tab": "entries"}
    if campaign:
        context |= targets_page(request, campaign)
        found = targets.find_targets(targets.targets(request.user, campaign), words=context["q"])
        counts = targets.count_targets(found)
        context["filters"] = [(key, label, counts[key]) for key, label in targets.FILTERS.items()]
        context["progress"] = targets.grid_progress(request.user, campaign)
    return render(request, "visits/visit_list.html", context)


@opens(RegisterEntry, by="number")
@require_safe
@may_view
def entry_detail(request, number):
    """A household before one knocks: who was there when, what was said, what to bring, when to come back."""
    entry, campaign = targets.find_target(request.user, number.replace("\0", ""))
    if entry is None:
        raise Http404
    now = timezone.now()
    visits = list(
        entry.visits.visible_to(request.user)
        .select_related("campaign")
        .prefetch_related("cadres")
        .order_by("-started_at", "-pk")[:100]
    )
    opinions = entry.opinions.visible_to(request.user).valid_at(now)
    opinions = list(opinions.select_related("answer_wish")[:100])
    shown = {visit.pk for visit in visits}
    for visit in visits:
        visit.words = [opinion for opinion in opinions if opinion.visit_id == visit.pk]
    context = {
        "entry": entry,
        "opens_name": entry.has_personal_name and can_see_holder(request.user, entry),
        "campaign": campaign,
        "visits": visits,
        "other_words": [opinion for opinion in opinions if opinion.visit_id not in shown],
    }
    if campaign:
        context["return_day"] = _return_day(entry, campaign, visits)
        context["materials"] = materials_to_bring(entry, campaign)
    return render(request, "visits/entry_detail.html", context)


def _return_day(entry, campaign, visits):
    """By the last valid visit of this campaign, as on the list; `visits` newest first."""
    valid = [v for v in visits if v.campaign_id == campaign.pk and v.state != VisitState.VOID]
    last = valid[0] if valid else None
    return last and targets.return_day(campaign, entry, last.started_at, last.outcome)


def visits_page(request, rows):
    """One page of a list of visits, newest first."""
    rows = rows.select_related("entry")
    page, next_key = targets.page_of_visits(rows, request.GET.get("after", ""))
    return {"visits": page, "next_key": next_key}


@require_safe
@may_view
def visit_mine(request):
    """What came back to me, what became of the words I heard, and my visits, newest first."""
    rows = Visit.objects.visible_to(request.user).own(request.user)
    context = {"tab": "mine", **visits_page(request, rows)}
    if not request.GET.get("after"):
        mine = Visit.objects.visible_to(request.user).filter(
            Q(pk__in=rows.values("pk")) | Q(pk__in=taken_visits(request.user.reach.cadre))
        )
        context["sent_back"] = _sent_back(mine)
    return render(request, "visits/visit_mine.html", context)


def _sent_back(rows):
    """My visits, and those I took over, that wait for a correction, the longest first: [(visit, the step that says why)]."""
    waiting = rows.filter(state=VisitState.SENT_BACK, campaign__in=Campaign.objects.running())
    waiting = list(waiting.select_related("entry", "campaign"))
    steps = VisitStep.objects.filter(visit__in=waiting, move=VisitStep.Move.SENT_BACK)
    why = {step.visit_id: step for step in steps.select_related("by__cadre").order_by("at", "pk")}
    found = [(visit, why[visit.pk]) for visit in waiting if visit.pk in why]
    without = [(visit, None) for visit in waiting if visit.pk not in why]
    return without + sorted(found, key=lambda pair: (pair[1].at, pair[1].pk))
