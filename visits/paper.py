"""The list on paper, for whoever has no phone: doors by building, packed onto sheets of A4."""

import re
from typing import NamedTuple

from django.db.models import Count

from grids.models import RegisterEntry

from . import targets

MOST_DOORS = 200  # forty sheets: what one pair of hands gets printed at once
# What fits on a sheet, in millimetres; static/visits/paper.css gives its pieces these heights.
SHEET, HEADING, DOOR = 259, 8, 47

_NUMBER = r"[A-Za-z]?\d+[A-Za-z]?"
# The last number of an address. "12-3号" is one house number with its sub-number, "402、403室" one home over two
# doors; in "3-402室" the door is 402.
_DOOR = re.compile(rf"(?:{_NUMBER}(?:[-－—]{_NUMBER})*号|{_NUMBER}(?:[、，,/]{_NUMBER})*)[^\d]*$")


def building_of(address):
    """The address up to its door, which is the last number in it; an address without one stands for itself.

    花溪路12号3单元402室 -> 花溪路12号3单元; 花溪路1号 -> 花溪路, whose houses go together; 老粮站 -> 老粮站.
    """
    address = address.strip()
    return _DOOR.sub("", address, count=1).rstrip("-－—、，, 附第") or address


def natural_key(text):
    """Sorts door 10 after door 2."""
    parts = re.split(r"(\d+)", text)
    return [int(part) if n % 2 else part for n, part in enumerate(parts)]


class GridOfList(NamedTuple):
    """One grid that a person may print."""

    code: str
    name: str
    village: str
    doors: int


def grids_to_print(user, campaign):
    """The grids of the campaign in which this person sees doors, in the order of their codes."""
    seen = RegisterEntry.objects.visible_to(user).inside(campaign.area_id)
    rows = seen.order_by("grid_id").values_list("grid_id", "grid__name", "grid__parent__name")
    return [GridOfList(*row) for row in rows.annotate(Count("pk"))]


def find_doors(user, campaign, *, ticked=(), grid="", words="", show=""):
    """Rows of my list: those that were ticked, or else what was searched for, in one grid if one is named."""
    rows = targets.targets(user, campaign)
    if ticked:
        return rows.filter(number__in=ticked)
    rows = targets.find_targets(rows, words=words, show=show)
    return rows.filter(grid_id=grid) if grid else rows


def page_of_doors(rows, page):
    """(one page of doors, each with its `building`; how many there are), by grid, building and door.

    Two statements: only the chosen page is read whole, for an address does not sort by its numbers in SQL.
    """
    keys = list(rows.order_by().values_list("grid_id", "address", "number", "pk"))
    keys.sort(key=lambda key: (key[0], natural_key(building_of(key[1])), natural_key(key[1]), key[2]))
    chosen = [pk for *_rest, pk in keys[(page - 1) * MOST_DOORS : page * MOST_DOORS]]
    found = rows.select_related("grid__parent").in_bulk(chosen)
    doors = [found[pk] for pk in chosen if pk in found]
    for door in doors:
        door.building = building_of(door.address)
    return doors, len(keys)


class Part(NamedTuple):
    """The doors of one building on one sheet; `goes_on`: its first ones are on the sheet before."""

    building: str
    goes_on: bool
    rows: list


class Sheet(NamedTuple):
    """One side of paper, with doors of one grid."""

    grid: object
    parts: list


def sheets_of(rows):
    """[Sheet]: (door, anything) pairs, packed in their order. A heading never stands alone at the foot."""
    sheets, room = [], 0
    former = None
    for row in rows:
        door = row[0]
        is_same = former is not None and (former.grid_id, former.building) == (door.grid_id, door.building)
        needs = DOOR if is_same else DOOR + HEADING
        if former is None or former.grid_id != door.grid_id or needs > room:
            sheets.append(Sheet(door.grid, [Part(door.building, is_same, [])]))
            room = SHEET - HEADING
        elif not is_same:
            sheets[-1].parts.append(Part(door.building, False, []))
            room -= HEADING
        sheets[-1].parts[-1].rows.append(row)
        room -= DOOR
        former = door
    return sheets
