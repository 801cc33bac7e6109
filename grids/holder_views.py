"""One page for one householder's name: first why, then the name, once."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from canvass.asking import came_from
from canvass.opens import opens

from .audit import record
from .enums import AuditAction
from .holder_forms import HolderReasonForm
from .holders import find_holder, read_holder
from .models import RegisterEntry


@opens(RegisterEntry)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def holder_show(request, pk):
    """Ask why; show the name in the answer to that alone, and keep on record that it was shown."""
    entry = find_holder(request.user, pk)
    form, name = HolderReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        name = read_holder(entry, by=request.user, reason=form.cleaned_data["reason"])
        record(request, AuditAction.UNMASKED, record=entry)
    context = {
        "entry": entry,
        "form": form,
        "name": name,
        "readings": entry.readings.select_related("by__cadre"),
        "back": came_from(request, ""),
    }
    return render(request, "grids/holder_show.html", context)
