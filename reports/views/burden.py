"""The burden dial: what filing costs those who visit, and which fields could go."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.burden import (
    FEWEST_FILINGS,
    FEWEST_PEOPLE,
    fields_used,
    forms_replaced,
    required_fields,
    seconds_taken,
)
from reports.questions import UnclearError, ask, last_days

DAYS = 31


@require_safe
@permission_required("reports.view_dashboard", raise_exception=True)
def burden(request):
    """Seconds by outcome, required fields by form, optional fields by use, forms replaced; nobody by name."""
    try:
        question = ask(request)
        if question is None:
            raise Http404
        scope = last_days(request, question, DAYS)
    except UnclearError as problem:
        return render(request, "reports/burden.html", {"problem": problem}, status=400)
    context = {
        "question": question,
        "campaign": question.campaign,
        "scope": scope,
        "taken": seconds_taken(scope),
        "used": fields_used(scope),
        "required": required_fields(),
        "replaced": forms_replaced(question.campaign),
        "fewest_filings": FEWEST_FILINGS,
        "fewest_people": FEWEST_PEOPLE,
    }
    return render(request, "reports/burden.html", context)
