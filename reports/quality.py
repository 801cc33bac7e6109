"""Hints counted by village, as the office reads them: of what was filed before today, and never by person.

They are judged among all visits of the campaign in the period and then counted place by place, because whoever
went may have been in two villages. One or two statements a hint, however many villages there are.
"""

from functools import partial

from django.utils.translation import pgettext_lazy

from canvass.figures import TOWN, VILLAGE, Figure, Rows, count
from canvass.places import COUNTY
from visits.figures import OWN, visit_rows
from visits.models import Visit

from .breakdown import rows_by
from .columns import LISTINGS, visitors_of
from .hints import HINTS, known_to_office


def _measure(hint, scope):
    return count(Rows(hint.rows(known_to_office(visit_rows(scope).queryset)), place="grid_id"))


HINT_FIGURES = {
    key: Figure(key, hint.label, pgettext_lazy("visits", "条"), OWN, hint.rule, partial(_measure, hint))
    for key, hint in HINTS.items()
}
# A row without those who went: the page is about rows.
COLUMNS = tuple(column for column in LISTINGS[Visit].columns if column.text is not visitors_of)


def by_village(scope):
    """[(Row, [(figure, count)])] of each village, of each town where a county is read, in the order of codes.

    What lies above the level comes last, if there is anything.
    """
    level = TOWN if len(scope.place) <= COUNTY else VILLAGE
    *rows, above = rows_by(scope, level, HINT_FIGURES.values())
    told = [(row, _counts(row)) for row in rows]
    return level, told + ([(above, _counts(above))] if any(n for _figure, n in _counts(above)) else [])


def _counts(row):
    return [(figure, row.figures[key].value) for key, figure in HINT_FIGURES.items()]


def totals_of(rows):
    """[(figure, count)] of all rows together."""
    counts = zip(*([n for _figure, n in cells] for _row, cells in rows), strict=True)
    return list(zip(HINT_FIGURES.values(), map(sum, counts), strict=True))
