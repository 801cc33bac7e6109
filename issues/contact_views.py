"""One page for one number: first why, then the number, once."""

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from canvass.asking import came_from
from canvass.opens import opens
from grids.audit import record
from grids.enums import AuditAction
from visits.forms import ReasonForm
from visits.models import AnswerWish

from .contacts import find_contact, read_contact


@opens(AnswerWish)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def contact_show(request, pk):
    """Ask why; show the number in the answer to that alone, and keep on record that it was shown."""
    wish = find_contact(request.user, pk)
    form, number = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            number = read_contact(wish, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            record(request, AuditAction.UNMASKED, record=wish)
    context = {
        "wish": wish,
        "opinion": wish.opinion,
        "form": form,
        "number": number,
        "readings": wish.readings.select_related("by__cadre"),
        "back": came_from(request, ""),
    }
    return render(request, "issues/contact_show.html", context)
