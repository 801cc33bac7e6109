"""Blanking a name or a number inside words: what it is and why, where it stands, and then for good."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from canvass.asking import asked
from canvass.opens import opens_no_record
from grids.audit import record
from grids.enums import AuditAction
from reports.models import Redaction
from reports.redacting import find_spots, redact, seen_digest
from reports.redaction_forms import ChoiceForm, RedactionForm
from reports.redaction_texts import REDACT, find_by_number, find_subject

PAGE = 50
may_redact = permission_required(REDACT, raise_exception=True)


@require_safe
@may_redact
@never_cache
def redaction_list(request):
    """What was blanked here, by whom and why; what it said stands nowhere. A number leads to its record."""
    number = asked(request, "number")
    if found := find_by_number(number, request.user):
        return redirect("reports:redaction", kind=found[0], pk=found[1].pk)
    rows = Redaction.objects.visible_to(request.user).select_related("by__cadre", "place")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/redaction_list.html", {"page": page, "number": number})


@require_http_methods(["GET", "HEAD", "POST"])
@may_redact
@never_cache
@opens_no_record("what it opens depends on the kind; the view itself writes which record it was")
def redaction(request, kind, pk):
    """Ask for the words, show where they stand, blank the places that were chosen and confirmed."""
    subject, row = find_subject(kind, pk, request.user)
    form = RedactionForm(request.POST or None)
    context = {"subject": subject, "row": row, "kind": kind, "form": form}
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        spots = find_spots(subject, row, words, by=request.user)
        chosen = ChoiceForm(request.POST if "redact" in request.POST else None, spots=spots)
        if not spots:
            form.add_error("words", _("这件记录里没有这几个字；请照着原话一个字一个字地填。"))
        elif chosen.is_valid() and _redact(request, kind, row, form, chosen):
            return redirect("reports:redaction_list")
        else:
            # Places chosen among other words than these would be the wrong ones.
            spots = find_spots(subject, row, words, by=request.user)
            context |= {"spots": spots, "seen": seen_digest(spots), "chosen": chosen}
    else:
        record(request, AuditAction.OPENED, record=row)
    return render(request, "reports/redaction.html", context)


def _redact(request, kind, row, form, chosen):
    """Whether it is done; what was refused stands on the form."""
    try:
        number = redact(
            kind,
            row,
            form.cleaned_data["words"],
            chosen=chosen.cleaned_data["spots"],
            seen=chosen.cleaned_data["seen"],
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as refusal:
        chosen.add_error(None, refusal)
        return False
    record(request, AuditAction.REDACTED, record=row)
    messages.success(request, ngettext("已隐去 %(n)d 处。", "已隐去 %(n)d 处。", number) % {"n": number})
    return True
