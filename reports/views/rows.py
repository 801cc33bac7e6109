"""The rows behind a value of the dashboard."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from canvass.asking import asked
from canvass.figures import CADRE_CATEGORY, CATEGORY, PAGE_LEVELS, PLACE_LEVELS, TEAM, Rate
from canvass.places import is_inside
from grids.enums import CadreCategory
from grids.models import Place
from issues.models import Category
from reports.catalogue import FIGURES
from reports.columns import LISTINGS, cells, read_along
from reports.drilldown import behind, key_labels, visible
from reports.questions import UnclearError, ask, day_of
from reports.shown import Shown
from reports.splits import SPLITS

PAGE_SIZE = 50
PARAMETERS = ("week", "from", "to", "level", "part")  # what narrows a value beside campaign, place and as_of


@require_safe
@permission_required("reports.view_dashboard", raise_exception=True)
def figure_rows(request, key):
    """The definition of a figure, its value, and the rows that make it."""
    figure = FIGURES.get(key)
    if figure is None:
        raise Http404
    try:
        question = ask(request)
        if question is None:
            raise Http404
        scope = _scope(request, question)
    except UnclearError as problem:
        return render(request, "reports/figure_rows.html", {"problem": problem}, status=400)
    context = {"question": question, "campaign": question.campaign, "figure": figure, "scope": scope}
    split = _split(request, figure)
    context |= {"part_name": _part_name(scope), "split": split}
    measure = (split or figure).measure(scope)
    if measure:
        context |= _listed(request, question, figure, measure)
    return render(request, "reports/figure_rows.html", context)


def _split(request, figure):
    """The split of the figure that is asked for, or None."""
    key = asked(request, "split")
    if not key:
        return None
    split = SPLITS.get(key)
    if split is None or split.figure is not figure:
        raise Http404
    return split


def _scope(request, question):
    """The scope of the value: a week, or days from and to, or the campaign to date; one part of a level."""
    first, last = day_of(request, "from"), day_of(request, "to")
    if first and last and last < first:
        raise UnclearError(_("时段的最后一天不能早于第一天。"))
    if asked(request, "week"):
        scope = question.week_scope
    else:
        scope = question.scope_of(first, last)
    level = asked(request, "level")
    if not level:
        return scope
    part = asked(request, "part")
    if level not in PAGE_LEVELS:
        raise Http404
    # A campaign's own records may lie outside its area: who reads the whole campaign reads these too.
    whole = question.place.code == question.campaign.area_id
    if level in PLACE_LEVELS and part and not whole and not is_inside(part, question.place.code):
        raise Http404
    return scope.at(level, part)


def _part_name(scope):
    """What the part of a breakdown is called."""
    if scope.part is None:
        return ""
    if not scope.part:
        return _("未分到本级")
    if scope.level == CADRE_CATEGORY:  # a roster may know others than the list does
        return str(dict(CadreCategory.choices).get(scope.part, scope.part))
    if scope.level == TEAM:
        named = scope.campaign.teams.filter(name=scope.part).first()
    else:
        model = {CATEGORY: Category, **dict.fromkeys(PLACE_LEVELS, Place)}.get(scope.level)
        named = model.objects.filter(pk=scope.part).first() if model else scope.part
    if named is None:
        raise Http404
    return str(named)


def _listed(request, question, figure, measure):
    """The value and the rows behind it, one page of them."""
    side, key = asked(request, "side"), asked(request, "key")
    labels = key_labels(measure)
    if (key and key not in labels) or (side and not isinstance(measure, Rate)):
        raise Http404
    if side not in ("", "numerator", "denominator"):
        raise Http404
    narrowed = {name: request.GET[name] for name in PARAMETERS if name in request.GET}
    queryset, column = behind(measure, side=side, key=key)
    seen = visible(queryset, request.user)
    everything, count = queryset.count(), seen.count()
    page = Paginator(read_along(seen, question.as_of), PAGE_SIZE).get_page(request.GET.get("page"))
    result = measure.result()
    return {
        "value": Shown(figure, result, question.address(**narrowed), split=asked(request, "split")),
        "key": key,
        "key_label": labels.get(key, ""),
        "key_labels": labels,
        "side": side or ("denominator" if isinstance(measure, Rate) else ""),
        "count": count,
        "hidden": everything - count,
        "column": column,
        "sum": seen.order_by().aggregate(n=Sum(column))["n"] or 0 if column else None,
        "columns": LISTINGS[queryset.model].columns,
        "page": page,
        "rows": [list(cells(row)) for row in page],
    }
