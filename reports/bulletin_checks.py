"""What may not stand in an answered example: numbers that reach somebody, names of the place, a resident's very words."""

import re

from django.utils.translation import gettext as _

from issues.models import IssueOpinion

from .personal_words import householders_in, identity_in, phones_in, plain, staff_in

SHORTEST_WORDS = 6


def example_problems(issue, text):
    """One sentence for each thing that may not be published in the words of an example; [] when it may."""
    return _numbers(text) + _names(issue.campaign.area_id, text) + _words(issue, text)


def _numbers(text):
    if found := identity_in(text):
        return [_("文字里有 18 位号码（%s…），可能是身份证号，请删去。") % found]
    return [_("文字里有电话号码（%s），请删去。") % number for number in phones_in(text)]


def _names(area, text):
    known = {_("户主"): householders_in(area, text), _("工作人员"): staff_in(area, text)}
    return [
        _("文字里有%(who)s的姓名“%(name)s”，请删去或改写。") % {"who": who, "name": name}
        for who, names in known.items()
        for name in names
    ]


def _words(issue, text):
    links = IssueOpinion.objects.voicing(issue).values_list("opinion__words_verbatim", flat=True)
    written = re.sub(r"\W", "", plain(text))
    for words in links:
        said = re.sub(r"\W", "", plain(words))
        if len(said) >= SHORTEST_WORDS and said in written:
            return [_("文字里是群众的原话，请用自己的话改写。")]
    return []
