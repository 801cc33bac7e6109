"""What may not stand in an answered example: numbers that reach somebody, names of the place, a resident's very words."""

import re
import unicodedata

from django.db.models import Q
from django.utils.translation import gettext as _

from canvass import places
from canvass.phones import masked_phone
from grids.enums import RegisterKind
from grids.models import Cadre, RegisterEntry
from issues.models import IssueOpinion

_JOINTS = re.compile(r"[\s()-]")
_IDENTITY = re.compile(r"\d{17}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?<!\d)(0[1-9]\d{8,10})(?!\d)")
_LOCAL = re.compile(r"(?<!\d)([2-8]\d{6,7})(?!\d)")  # a landline without its area code
_DATE = re.compile(r"^20\d\d(0[1-9]|1[0-2])[0-3]\d$")
SHORTEST_NAME = 2
SHORTEST_WORDS = 6


def example_problems(issue, text):
    """One sentence for each thing that may not be published in the words of an example; [] when it may."""
    text = unicodedata.normalize("NFKC", text).replace("—", "-")
    return _numbers(text) + _names(issue, text) + _words(issue, text)


def _numbers(text):
    joined = _JOINTS.sub("", text)
    if found := _IDENTITY.search(joined):
        return [_("文字里有 18 位号码（%s…），可能是身份证号，请删去。") % found[0][:6]]
    phones = _MOBILE.findall(joined) + _LANDLINE.findall(joined)
    phones += [number for number in _LOCAL.findall(text) if not _DATE.match(number)]
    return [_("文字里有电话号码（%s），请删去。") % masked_phone(number) for number in dict.fromkeys(phones)]


def _names(issue, text):
    """Householders of the campaign's area, and everybody on the roster who has a duty there or in a department."""
    area, joined = issue.campaign.area_id, re.sub(r"\s", "", text)
    holders = RegisterEntry.objects.filter(places.inside("grid_id", area), kind=RegisterKind.HOUSEHOLD)
    cadres = Cadre.objects.filter(
        places.inside("postings__place_id", area)
        | Q(postings__department__isnull=False)
        | Q(department__isnull=False)
    )
    known = {
        _("户主"): holders.exclude(holder_name="").values_list("holder_name", flat=True),
        _("工作人员"): cadres.values_list("name", flat=True),
    }
    return [
        _("文字里有%(who)s的姓名“%(name)s”，请删去或改写。") % {"who": who, "name": name}
        for who, names in known.items()
        for name in sorted({re.sub(r"\s", "", each) for each in names.order_by().distinct().iterator()})
        if len(name) >= SHORTEST_NAME and name in joined
    ]


def _words(issue, text):
    links = IssueOpinion.objects.voicing(issue).values_list("opinion__words_verbatim", flat=True)
    plain = re.sub(r"\W", "", text)
    for words in links:
        said = re.sub(r"\W", "", unicodedata.normalize("NFKC", words))
        if len(said) >= SHORTEST_WORDS and said in plain:
            return [_("文字里是群众的原话，请用自己的话改写。")]
    return []
