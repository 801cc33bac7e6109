"""Rows of the workbook's sheets of places, departments and the register, as {column key: stored value}."""

from canvass import places
from canvass.reading import CHUNK

from .models import Area, Department, Grid, RegisterEntry


def chain(code):
    """A code and every code above it, up to the province."""
    return [code[:length] for length in places.LENGTHS if length <= len(code)]


def area_rows(area_code):
    """The area, everything above it and inside it."""
    areas = Area.objects.inside(area_code) | Area.objects.filter(code__in=chain(area_code))
    fields = ("code", "name", "urban_rural")
    yield from areas.order_by("code").values(*fields).iterator(CHUNK)


def grids(area_code, on):
    """Grids in use on a day, and those that still hold something on the register."""
    inside = Grid.objects.inside(area_code)
    holding = RegisterEntry.objects.inside(area_code).values("grid")
    return inside.active_on(on) | inside.filter(code__in=holding)


def grid_rows(area_code, on):
    yield from grids(area_code, on).order_by("code").values("code", "name", "kind").iterator(CHUNK)


def ended_grids(area_code, on):
    """{code: code of its village} of the grids that the workbook leaves out."""
    left_out = Grid.objects.inside(area_code).exclude(code__in=grids(area_code, on).values("code"))
    return {code: code[: places.VILLAGE] for code in left_out.values_list("code", flat=True)}


def department_rows(ids, *, personal=False):
    """Departments by their ids; the people to call only in an export that two people released."""
    departments = Department.objects.filter(pk__in=ids).order_by("name")
    contacts = ("contact_name", "contact_phone") if personal else ()
    yield from departments.values("name", "level", *contacts).iterator(CHUNK)


def register_rows(entries, *, personal=False):
    """Entries as they stand today; names only in an export that two people released."""
    fields = ("number", "kind", "grid_id", "address", "state", *(["holder_name"] if personal else []))
    for number, kind, grid, address, state, *name in entries.values_list(*fields).iterator(CHUNK):
        row = {"number": number, "kind": kind, "grid": grid, "address": address, "state": state}
        yield row | {"holder_name": name[0]} if name else row
