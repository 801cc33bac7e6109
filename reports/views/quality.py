"""The quality of what was filed: hints by village, and the rows behind them."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from canvass.asking import asked
from canvass.places import is_inside
from grids.models import Place
from reports.columns import cells_of, read_along
from reports.hints import HINTS, OWN_DAYS
from reports.quality import COLUMNS, HINT_FIGURES, by_village, totals_of
from reports.questions import UnclearError, ask, last_days

PAGE_SIZE = 50
may_read = permission_required("reports.view_dashboard", raise_exception=True)


def _asked(request):
    """(question, scope); raises UnclearError, and 404 when there is nothing to read."""
    question = ask(request)
    if question is None:
        raise Http404
    return question, last_days(request, question, OWN_DAYS)


@require_safe
@may_read
def quality(request):
    """How many hints there are in each village."""
    try:
        question, scope = _asked(request)
    except UnclearError as problem:
        return render(request, "reports/quality.html", {"problem": problem}, status=400)
    level, rows = by_village(scope)
    context = {
        "question": question,
        "campaign": question.campaign,
        "scope": scope,
        "level": level,
        "hints": HINTS.values(),
        "rows": rows,
        "totals": totals_of(rows) if rows else [],
        "query": question.address(**{"from": scope.first, "to": scope.last}),
    }
    return render(request, "reports/quality.html", context)


@require_safe
@may_read
def quality_rows(request, key):
    """The visits that a hint is about, those one may see."""
    if key not in HINTS:
        raise Http404
    try:
        question, scope = _asked(request)
    except UnclearError as problem:
        return render(request, "reports/quality_rows.html", {"problem": problem}, status=400)
    visits = HINT_FIGURES[key].measure(scope).rows.queryset
    part = _part(request, question)
    seen = (visits.inside(part.code) if part else visits).visible_to(request.user)
    page = Paginator(read_along(seen, question.as_of), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "question": question,
        "campaign": question.campaign,
        "scope": scope,
        "hint": HINTS[key],
        "part": part,
        "columns": COLUMNS,
        "page": page,
        "rows": [list(cells_of(row, COLUMNS)) for row in page],
        "query": question.address(**{"from": scope.first, "to": scope.last}),
    }
    return render(request, "reports/quality_rows.html", context)


def _part(request, question):
    """The village that is asked for, None for all of the place."""
    code = asked(request, "part")
    if not code:
        return None
    place = Place.objects.filter(code=code).first() if is_inside(code, question.place.code) else None
    if place is None:
        raise Http404
    return place
