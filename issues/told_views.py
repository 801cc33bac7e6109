"""One tap: the resident has been told."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from canvass.opens import opens
from visits.models import Opinion

from .matters import tell_answer


@opens(Opinion)
@require_POST
@permission_required("visits.add_visit", raise_exception=True)
def answer_tell(request, pk):
    """Record that the answer was brought back, and go back to the page one came from."""
    words = Opinion.objects.visible_to(request.user).unrestricted().select_related("campaign")
    opinion = get_object_or_404(words, pk=pk)
    try:
        told, is_new = tell_answer(opinion, by=request.user, key=request.POST.get("answer", ""))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        if is_new:
            messages.success(request, _("已记下：答复已当面告知。"))
        else:
            who = told.by.display_name if told.by else _("他人")
            messages.info(request, _("先前已由%s告知，没有重复记。") % who)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect("visits:visit_mine")
    return redirect(back)
