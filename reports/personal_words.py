"""What reaches or names a person in words that are meant for others: telephone and identity numbers, names of the place."""

import re
import unicodedata

from django.db.models import Q

from canvass import places
from canvass.masks import masked_phone
from grids.enums import RegisterKind
from grids.models import Cadre, RegisterEntry

_JOINTS = re.compile(r"[\s()-]")
_IDENTITY = re.compile(r"\d{17}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?<!\d)(0[1-9]\d{8,10})(?!\d)")
# A landline without its area code; in two groups, but not two years ("2018-2019").
_LOCAL = re.compile(
    r"(?<!\d)(?<!\d[ -])(?!(?:19|20)\d\d[ -](?:19|20)\d\d)([2-8]\d{6,7}|[2-8]\d{2,3}[ -]\d{4})(?!\d)"
)
_DATE = re.compile(r"^20\d\d(0[1-9]|1[0-2])[0-3]\d$")
SHORTEST_NAME = 2


def plain(text):
    """Full-width digits as digits, every dash as a hyphen."""
    return unicodedata.normalize("NFKC", text).replace("—", "-")


def identity_in(text):
    """The first six digits of what looks like an identity number, or ""."""
    found = _IDENTITY.search(_JOINTS.sub("", plain(text)))
    return found[0][:6] if found else ""


def phones_in(text):
    """Telephone numbers, masked, each once."""
    text = plain(text)
    joined = _JOINTS.sub("", text)
    local = [_JOINTS.sub("", number) for number in _LOCAL.findall(text)]
    found = _MOBILE.findall(joined) + _LANDLINE.findall(joined)
    found += [number for number in local if not _DATE.match(number)]
    return [masked_phone(number) for number in dict.fromkeys(found)]


def householders_in(area, text):
    """Names of householders of an area (its code) that stand in the text."""
    holders = RegisterEntry.objects.filter(places.inside("grid_id", area), kind=RegisterKind.HOUSEHOLD)
    return _standing(holders.exclude(holder_name="").values_list("holder_name", flat=True), text)


def staff_in(area, text):
    """Names of everybody on the roster who has a duty in an area or in a department."""
    cadres = Cadre.objects.filter(
        places.inside("postings__place_id", area)
        | Q(postings__department__isnull=False)
        | Q(department__isnull=False)
    )
    return _standing(cadres.values_list("name", flat=True), text)


def _standing(names, text):
    joined = re.sub(r"\s", "", plain(text))
    known = {re.sub(r"\s", "", each) for each in names.order_by().distinct().iterator()}
    return sorted(name for name in known if len(name) >= SHORTEST_NAME and name in joined)
