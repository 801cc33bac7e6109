"""From a value down to the very rows behind it."""

from typing import NamedTuple

from django.db.models import F, QuerySet

from canvass.figures import Aggregate, DistinctUnion, Grouped, Rate
from grids.models import Department, Place, RegisterEntry, RegisterPeriod
from issues.models import Category, FollowUp, Issue, IssueStep, SupervisionSlip
from visits.models import Visit, VisitCadre

from .models import Inspection


class Behind(NamedTuple):
    """The rows whose count, or whose sum of `column`, is the value."""

    queryset: QuerySet
    column: str | None = None


def key_labels(measure):
    """{key: label} of a grouped measure, in the order of the listed values; nothing for any other."""
    if not isinstance(measure, Grouped):
        return {}
    if not isinstance(measure.split, str):  # the only expression: the first two digits of a category
        names = {category.code: str(category) for category in Category.objects.filter(code__in=measure.keys)}
    else:
        model = measure.rows.queryset.model
        *steps, column = measure.split.split("__")
        for step in steps:
            model = model._meta.get_field(step).related_model
        names = dict(model._meta.get_field(column.removesuffix("_then")).flatchoices)
    return {key: names.get(key, key) for key in measure.keys}


def behind(measure, *, side="", key=""):
    """The rows behind a measure; of a rate's numerator or else its denominator, of one key of a grouped one."""
    if isinstance(measure, Rate):
        return behind(measure.numerator if side == "numerator" else measure.denominator)
    if isinstance(measure, DistinctUnion):
        return Behind(Department.objects.filter(pk__in=measure.values()))
    queryset = measure.rows.queryset
    if isinstance(measure, Grouped):
        if key:
            split = F(measure.split) if isinstance(measure.split, str) else measure.split
            queryset = queryset.annotate(split_key=split).filter(split_key=key)
        measure = measure.measure
    if isinstance(measure, Aggregate) and not measure.additive:
        return Behind(_different(queryset, measure.column))
    return Behind(queryset, measure.column)


def _different(queryset, column):
    """The people, teams or places that a distinct count counts, each once."""
    values = queryset.order_by().values(column)
    if not column.endswith("_id"):  # the only computed column: the village of a grid
        return Place.objects.filter(code__in=values)
    return queryset.model._meta.get_field(column[:-3]).related_model.objects.filter(pk__in=values)


def visible(queryset, user):
    """Those of the rows that the person may see; what hangs on a record is seen with the record."""
    if hasattr(queryset, "visible_to"):
        return queryset.visible_to(user)
    if queryset.model is Department:  # public knowledge inside the administration
        return queryset
    owner, column = {
        RegisterPeriod: (RegisterEntry, "entry__in"),
        VisitCadre: (Visit, "visit__in"),
        Inspection: (Visit, "visit__in"),
        IssueStep: (Issue, "issue__in"),
        FollowUp: (Issue, "issue__in"),
        SupervisionSlip: (Issue, "issue__in"),
    }[queryset.model]
    return queryset.filter(**{column: owner.objects.visible_to(user)})
