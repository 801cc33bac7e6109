"""Good deeds from the phone, and what else I filed beside visits."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from canvass.opens import opens
from visits.day_views import asked_campaign
from visits.models import Gathering, Handout, StayLog
from visits.record_views import detail_page, file_page, may_file
from visits.views import form_methods

from .deed_forms import DeedForm
from .models import Deed

MOST = 30


@require_safe
@may_file
def record_mine(request):
    """The four short forms, and what I filed with them lately, the newest first.

    Materials that were handed out at a door stand with their visit.
    """
    campaign, running = asked_campaign(request)
    records = []
    for rows in (
        Gathering.objects.all(),
        Handout.objects.filter(visit=None),
        Deed.objects.all(),
        StayLog.objects.select_related("entry"),
    ):
        mine = rows.visible_to(request.user).filter(created_by=request.user, campaign=campaign)
        records += mine.select_related("place").order_by("-created_at", "-pk")[:MOST]
    records.sort(key=lambda record: record.created_at, reverse=True)
    context = {"tab": "records", "campaign": campaign, "running": running, "records": records[:MOST]}
    return render(request, "issues/record_mine.html", context)


@form_methods
@may_file
def deed_file(request):
    """A practical thing done for residents."""
    return file_page(request, DeedForm, "issues/deed_file.html")


@opens(Deed)
@form_methods
@may_file
def deed_detail(request, pk):
    """What was done; whoever filed it makes it void here, with a reason."""
    return detail_page(request, Deed, pk, "issues/deed_detail.html")
