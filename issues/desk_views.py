"""The desk of a department."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from .desk import LOTS, Desk

PAGE = 30
# Of each lot on the first page: enough to begin with, short enough to see the next lot.
FIRST = 5


def has_desk(user):
    """Whether issues wait for this person as one of a department; the campaign office works from the ledger."""
    return user.has_perm("issues.answer_issue") and not user.has_perm("issues.handle_issue")


@permission_required("issues.answer_issue", raise_exception=True)
def desk(request):
    """All lots, or one of them whole, each row with its next steps; they lead back to where one was."""
    lot = request.GET.get("lot", "")
    if lot and lot not in LOTS:
        raise Http404
    own = Desk(request.user)
    counts, page = own.counts(), None
    if lot:
        page = Paginator(own.rows_of(lot), PAGE).get_page(request.GET.get("page"))
        found = {lot: page.object_list}
    else:
        found = {key: own.rows_of(key)[:FIRST] for key in LOTS if counts[key]}
    rows = own.told(found)
    query = {key: value for key, value in (("lot", lot), ("page", page and page.number)) if value}
    back = reverse("issues:desk") + (f"?{urlencode(query)}" if query else "")
    context = {
        "tabs": [(key, label, counts[key]) for key, label in LOTS.items()],
        "lots": [(key, LOTS[key], counts[key], ones) for key, ones in rows.items()],
        "lot": lot,
        "page": page,
        "returns": urlencode({"next": back}),
        "names_departments": len(own.departments) > 1,
        "prepares": not request.user.has_perm("issues.approve_reply"),
    }
    return render(request, "issues/desk.html", context)
