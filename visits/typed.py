"""What stands on paper, typed in a hurry: short days and hours, doors by number or words, people by name."""

import re
import unicodedata
from datetime import date, time
from urllib.parse import parse_qs, urlsplit

from django.db.models import Q
from django.utils import timezone

from canvass import places
from grids.models import Posting, RegisterEntry

from . import targets

MOST_OFFERED = 8  # doors to choose from; more than that says "type more"

_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?|(\d{4})?(\d{1,2})(\d{2})")
_HOUR = re.compile(r"(\d{1,2})[:.点时](\d{2}|半)?分?|(\d{1,2}?)(\d{2})?")


def plain(text):
    """Full-width digits and marks as plain ones, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def read_day(text, campaign):
    """910, 9-10, 9月10日 or 2018-09-10 as a date; None when there is no such day.

    Without a year it is the last such day of the campaign so far, or else the last one before today.
    """
    match = _DAY.fullmatch(plain(text))
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups()[:3])
    if month is None:
        year, month, day = (int(part) if part else None for part in match.groups()[3:])
    if year:
        return _date(year, month, day)
    today = timezone.localdate()
    end = min(today, campaign.last_on)
    possible = [_date(one, month, day) for one in range(today.year, campaign.first_on.year - 1, -1)]
    possible = [one for one in possible if one]
    within = [one for one in possible if campaign.first_on <= one <= end]
    past = [one for one in possible if one <= today]
    return next(iter([*within, *past, *possible]), None)


def _date(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_hour(text):
    """930, 9:30, 19：30, 19点半 or 19 as a time of the day; None when there is no such hour."""
    match = _HOUR.fullmatch(plain(text))
    if not match:
        return None
    hour, minute = match.group(1) or match.group(3), match.group(2) or match.group(4) or "0"
    try:
        return time(int(hour), 30 if minute == "半" else int(minute))
    except ValueError:
        return None


def read_choice(text, choices):
    """The key of a listed value: by its digit on paper, counted from 1, or by its word; None for anything else."""
    typed = plain(text)
    by_typing = {str(n): value for n, (value, _label) in enumerate(choices.choices, start=1)}
    by_typing |= {str(label): value for value, label in choices.choices}
    return by_typing.get(typed)


def numbered(choices):
    """What the digits of a listed value mean: 1 见面 · 2 远程 …"""
    return " · ".join(f"{n} {label}" for n, label in enumerate(choices.labels, start=1))


# --- Doors --------------------------------------------------------------------------------------------------


def doors_to_type(user, campaign):
    """Doors of the campaign in the places where this person may type paper in."""
    codes = user.reach.codes_with("visits.type_paper")
    return RegisterEntry.objects.visible_to(user).inside(*codes).inside(campaign.area_id)


def read_scan(text):
    """(number of the door, code of the campaign) that a scanned code leads to; None for other texts."""
    if "entry=" not in text:
        return None
    try:
        asked = parse_qs(urlsplit(text.strip()).query)
    except ValueError:  # brackets or odd letters where a host would stand: no address of ours
        return None
    return asked.get("entry", [""])[0], asked.get("campaign", [""])[0]


def find_doors(doors, text):
    """Up to MOST_OFFERED + 1 doors, in the order of the roster: exactly this number or address, or else by words."""
    scan = read_scan(text)
    text = (scan[0] if scan else text).replace("\0", "").strip()
    if not text:
        return []
    exact = doors.filter(Q(number__iexact=text) | Q(address=text))
    found = list(exact.order_by("grid_id", "number")[: MOST_OFFERED + 1])
    if found or scan:
        by_number = [door for door in found if door.number.casefold() == text.casefold()]
        return by_number or found
    return list(targets.find_targets(doors, words=text).order_by("grid_id", "number")[: MOST_OFFERED + 1])


# --- People -------------------------------------------------------------------------------------------------


def names_to_numbers(names, *, user, grid, day):
    """{name: staff numbers} of those with a duty at this door or in the places of who types, that day or today."""
    around = [grid[:length] for length in places.LENGTHS]
    codes = user.reach.codes_with("visits.type_paper")
    posted = Posting.objects.active_on(day) | Posting.objects.active_on(timezone.localdate())
    posted = posted.filter(Q(place__in=around) | places.inside("place_id", *codes))
    found = {}
    rows = posted.filter(cadre__name__in=names).order_by("cadre__staff_number")
    for name, number in rows.values_list("cadre__name", "cadre__staff_number").distinct():
        found.setdefault(name, []).append(number)
    return found
