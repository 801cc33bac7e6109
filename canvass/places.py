"""Codes of places: "inside" is a common prefix, a level is a length of prefix. Knows no model."""

from django.db.models import Q

PROVINCE, CITY, COUNTY, TOWN, VILLAGE, GRID = 2, 4, 6, 9, 12, 16
LENGTHS = (PROVINCE, CITY, COUNTY, TOWN, VILLAGE, GRID)


def parent_code(code):
    """The code one level above, or "" for a province."""
    shorter = [length for length in LENGTHS if length < len(code)]
    return code[: shorter[-1]] if shorter else ""


def inside(field, *codes):
    """Q for rows whose place `field` (e.g. "grid_id") lies in one of the codes; no code means no row.

    A range of equal-length digits, not LIKE: both SQLite and PostgreSQL answer it from the plain index,
    whatever the collation.
    """
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__gte": code, f"{field}__lte": code.ljust(GRID, "9")})
    return condition


def is_inside(code, *codes):
    """Whether one code lies in any of the others."""
    return any(code.startswith(outer) for outer in codes)
