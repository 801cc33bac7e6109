"""A set of figures for a scope, as a whole and row by row of a level."""

from dataclasses import dataclass

from django.db.models.functions import Length
from django.utils.translation import gettext as _

from campaigns.figures import member_rows
from campaigns.models import Team
from canvass.figures import (
    CADRE_CATEGORY,
    CATEGORY,
    DEPARTMENT,
    GRID,
    PLACE_LEVELS,
    TEAM,
    TOWN,
    VILLAGE,
    Result,
)
from canvass.places import COUNTY
from grids.enums import CadreCategory
from grids.models import Place
from issues.models import Category

from .catalogue import CATALOGUE


@dataclass(frozen=True)
class Row:
    """One row of a breakdown: its code and name, and {figure key: Result}."""

    code: str
    name: str
    figures: dict


def level_below(code):
    """The level of the rows below a place, the towns of a county, the villages of a town; "" for none."""
    if len(code) <= COUNTY:
        return TOWN
    return {PLACE_LEVELS[TOWN]: VILLAGE, PLACE_LEVELS[VILLAGE]: GRID}.get(len(code), "")


def totals(scope, figures=CATALOGUE):
    """{key: Result} for the whole scope."""
    return {figure.key: figure.result(scope) for figure in figures}


def rows_by(scope, level, figures=CATALOGUE):
    """The rows of a breakdown in order of their codes, and last the row of what lies above the level.

    A figure that does not apply to the level has a Result of None throughout.
    """
    measures = {figure.key: figure.measure(scope) for figure in figures}
    parts = {key: measure.by(level) if measure else None for key, measure in measures.items()}
    found = set().union(*(part for part in parts.values() if part))
    names = _names(scope, level, found)

    def cells(code):
        return {
            key: Result(None) if part is None else part.get(code, measures[key].empty)
            for key, part in parts.items()
        }

    rows = [Row(code, name, cells(code)) for code, name in names.items()]
    return [*rows, Row("", _("未分到本级"), cells(""))]


def _names(scope, level, found):
    """{code: name} of a level's rows: those that exist at the cut-off, and those that only old records name."""
    if level == CATEGORY:
        return {c.code: str(c) for c in Category.objects.filter(parent=None)}
    if level == DEPARTMENT:
        return {name: name for name in sorted(found - {""})}
    if level == TEAM:
        members = member_rows(scope).within(scope).queryset
        names = Team.objects.filter(pk__in=members.values("team_id")).values_list("name", flat=True)
        return {name: name for name in sorted({*names, *found} - {""})}
    if level == CADRE_CATEGORY:
        known = dict(CadreCategory.choices)
        return known | {code: code for code in sorted(found - {"", *known})}
    length = PLACE_LEVELS[level]
    inner = Place.objects.inside(scope.place or scope.campaign.area_id).annotate(length=Length("code"))
    codes = set(inner.filter(length=length).active_on(scope.day).values_list("code", flat=True))
    codes |= {code for code in found if len(code) == length}
    known = Place.objects.filter(code__in=codes).order_by("code")
    return dict(known.values_list("code", "name"))
