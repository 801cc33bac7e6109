"""Many sign-ins at once: who in a place has none yet, and one link for each of those chosen."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from canvass import places

from .models import Cadre, Place, Posting
from .permissions import handing_codes
from .sign_ins import (
    ACTIVE,
    STATES,
    SUSPENDED,
    duties_of,
    has_live_link,
    issue_link,
    refusal_to_issue,
    state_of,
)

PER_SHEET = 80  # ten pages: what somebody can cut and hand out in a morning


def sheet_for(*pks):
    """The page that offers links to these cadres."""
    return f"{reverse('grids:sign_in_sheet')}?cadres={'.'.join(str(pk) for pk in pks)}"


@dataclass
class Candidates:
    """Who would get a link, ticked or not, and who would not, with the reason."""

    place: Place | None = None
    offered: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    left_over: int = 0


def _cadres(user):
    rows = Cadre.objects.visible_to(user).with_sign_in()
    return rows.select_related("department").prefetch_related(
        "postings__place__parent", "postings__department"
    )


def candidates(user, *, cadres=None, place=""):
    """Those chosen by hand, or everybody posted in a place who has no sign-in yet."""
    if cadres is not None:
        rows = _all_of(user, cadres)
        found = Candidates()
    else:
        found = Candidates(place=get_object_or_404(Place, pk=place))
        if not user.is_superuser and not places.is_inside(place, *handing_codes(user)):
            raise Http404
        today = Posting.objects.active_on(timezone.localdate())
        posted = today.inside(place).values("cadre")
        posted = _cadres(user).filter(pk__in=posted)
        rows = [row for row in posted if state_of(row) not in (ACTIVE, SUSPENDED)]
    rows.sort(key=has_live_link)  # those who hold a paper already come last
    for cadre in rows:
        if refusal := refusal_to_issue(user, cadre):
            found.refused.append((cadre, refusal))
        elif len(found.offered) < PER_SHEET:
            cadre.duties = duties_of(cadre)
            cadre.state = STATES[state_of(cadre)]
            cadre.is_ticked = cadres is not None or not has_live_link(cadre)
            found.offered.append(cadre)
        else:
            found.left_over += 1
    return found


def _all_of(user, pks):
    """Exactly these rows, or nothing at all: a row of another town does not exist."""
    wanted = set(pks)
    rows = list(_cadres(user).filter(pk__in=wanted)) if len(wanted) <= PER_SHEET else []
    if not rows or len(rows) != len(wanted):
        raise Http404
    return rows


def hand_out(pks, *, by):
    """(links, [(cadre, why there is none)]), in the order of the staff numbers. Each stands for itself."""
    links, refused = [], []
    for cadre in _all_of(by, pks):
        try:
            link = issue_link(cadre, by=by)
        except ValidationError as refusal:
            refused.append((cadre, refusal.messages[0]))
        else:
            link.cadre.duties = duties_of(cadre)
            links.append(link)
    return links, refused


def places_to_choose(user):
    """(place, number of cadres without a sign-in) of the towns and villages where this person hands out."""
    posted = Posting.objects.active_on(timezone.localdate()).filter(cadre__user__isnull=True)
    codes = handing_codes(user)
    if not user.is_superuser:
        posted = posted.inside(*codes)
    waiting = defaultdict(set)
    for code, cadre in posted.filter(place__isnull=False).values_list("place", "cadre"):
        for length in (places.TOWN, places.VILLAGE):
            area = code[:length]
            if len(area) == length and (user.is_superuser or places.is_inside(area, *codes)):
                waiting[area].add(cadre)
    return [
        (place, len(waiting[place.pk])) for place in Place.objects.filter(pk__in=waiting).order_by("code")
    ]
