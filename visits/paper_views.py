"""Pages for whoever writes on paper: the list to print, and the screen on which it is typed in."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from canvass.asking import asked
from canvass.qr import qr_svg

from . import paper, targets
from .enums import OpinionNature, Outcome
from .round_views import running_campaign
from .views import may_file


@require_safe
@may_file
def paper_list(request):
    """My list on A4: the ticked doors, what was searched for, or a whole grid; several grids ask which one."""
    campaign = running_campaign(request)
    grids = paper.grids_to_print(request.user, campaign)
    chosen = _chosen(request, grids)
    context = {"campaign": campaign, "grids": grids, **chosen}
    if chosen["grid"] or chosen["q"] or chosen["ticked"]:
        context |= _printed(request, campaign, chosen)
    return render(request, "visits/paper_list.html", context)


def _chosen(request, grids):
    """What of my list is to be printed; without ticks and words the only grid there is."""
    grid, ticked = asked(request, "grid"), _ticked(request)
    if grid and grid not in {one.code for one in grids}:
        raise Http404
    words, show = asked(request, "q"), asked(request, "show")
    if not (grid or words or ticked) and len(grids) == 1:
        grid = grids[0].code
    return {"grid": grid, "q": words, "show": show if show in targets.FILTERS else "", "ticked": ticked}


def _ticked(request):
    return [number.replace("\0", "") for number in request.GET.getlist("entry")][: paper.MOST_DOORS]


def _printed(request, campaign, chosen):
    text = asked(request, "page")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    rows = paper.find_doors(
        request.user,
        campaign,
        ticked=chosen["ticked"],
        grid=chosen["grid"],
        words=chosen["q"],
        show=chosen["show"],
    )
    doors, total = paper.page_of_doors(rows, max(page, 1))
    if chosen["ticked"] and not doors:
        raise Http404
    for door in doors:
        query = {"entry": door.number, "campaign": campaign.code}
        address = reverse("visits:visit_file", query=query)
        door.qr = qr_svg(request.build_absolute_uri(address), border=2)
    last = -(-total // paper.MOST_DOORS)
    return {
        "doors": doors,
        "total": total,
        "pages": range(1, last + 1) if last > 1 else (),
        "page": page,
        "as_of": timezone.now(),
        "outcomes": Outcome.labels,
        "natures": OpinionNature.labels,
    }
