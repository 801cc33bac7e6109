"""What a clerk should see beside a resident's words: the same household, the same grid, and similar words.

Only what the person may see anyway, of the same campaign, from twelve weeks before the words on. Repeats are
found by matter and place; nothing is kept about the person who speaks.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from visits.models import Opinion

from .models import Category, Issue, IssueOpinion
from .sorting import can_join_issue

WINDOW = timedelta(weeks=12)
TOP = 5
# Measured on Chinese sentences of residents: of unlike pairs 1 in 100 reaches 24, of paraphrases all but few
# do. A title is short, so its best part is compared; of unlike titles 1 in 200 reaches 50.
ALIKE, TITLE_ALIKE = 26, 50
# Comparing 5,000 texts takes some milliseconds; beyond this number the newest are enough.
NEWEST = 10_000
LONGEST = 300


@dataclass
class Neighbour:
    """A row beside the words: somebody else's words, an issue, or both. `is_alike`: it is about the like."""

    opinion: Opinion | None
    issue: Issue | None = None
    is_alike: bool = False
    can_join: bool = False
    key: str = ""


def beside(opinion, user):
    """[(heading, neighbours)] for the triage desk; six queries, whatever they find."""
    since = opinion.heard_at - WINDOW
    seen = Opinion.objects.visible_to(user).unrestricted().valid_at(timezone.now())
    seen = seen.filter(campaign=opinion.campaign_id, heard_at__gte=since).exclude(pk=opinion.pk)
    issues = Issue.objects.visible_to(user).unrestricted()
    issues = issues.filter(campaign=opinion.campaign_id).select_related("place")
    rows = seen.select_related("place")
    home = list(rows.filter(entry=opinion.entry_id)[:TOP]) if opinion.entry_id else []
    shown = [row.pk for row in home]
    alike = _alike(opinion.words_verbatim, seen.values_list("pk", "words_verbatim"), fuzz.ratio, ALIKE)
    found = rows.in_bulk(alike)
    titled = _alike(
        opinion.words_verbatim,
        issues.filter(registered_at__gte=since).values_list("pk", "title"),
        fuzz.partial_ratio,
        TITLE_ALIKE,
    )
    similar = [found[pk] for pk in alike if pk in found and pk not in shown]
    shown += [row.pk for row in similar]
    near = rows.filter(place=opinion.place_id, nature=opinion.nature).exclude(pk__in=shown)[:TOP]
    links = _issues_of([opinion.corrects_id, *(row.pk for row in (*home, *similar, *near))], issues)
    groups = [
        (_("更正前的原话"), [Neighbour(None, issue, True) for issue in links.get(opinion.corrects_id, [])]),
        (_("同一住户"), _neighbours(home, links, alike)),
        (_("近似的话"), _neighbours(similar, links, alike)),
        (_("同一地方、同一性质"), _neighbours(near, links, alike)),
    ]
    groups.append((_("标题近似的问题"), _titled(titled, issues, groups)))
    _offer(groups, opinion, user)
    return [(heading, rows) for heading, rows in groups if rows]


def _letters(text):
    return re.sub(r"\W+", "", text[:LONGEST])


def _alike(words, texts, scorer, cutoff):
    """Keys of the texts most like the words, best first. `texts` are (key, text), newest first."""
    words = _letters(words)
    choices = {key: _letters(text) for key, text in texts[:NEWEST]} if words else {}
    found = process.extract(words, choices, scorer=scorer, limit=TOP, score_cutoff=cutoff)
    return [key for _text, _score, key in found]


def _issues_of(opinions, issues):
    """{opinion's pk: [its issues that the person sees]}."""
    links = IssueOpinion.objects.standing().filter(
        opinion__in=[pk for pk in opinions if pk], issue__in=issues
    )
    found = {}
    for link in links.select_related("issue__place").order_by("-at", "-pk"):
        found.setdefault(link.opinion_id, []).append(link.issue)
    return found


def _neighbours(rows, links, alike):
    return [Neighbour(row, next(iter(links.get(row.pk, [])), None), row.pk in alike) for row in rows]


def _titled(keys, issues, groups):
    shown = {row.issue.pk for _heading, rows in groups for row in rows if row.issue}
    found = issues.in_bulk([pk for pk in keys if pk not in shown])
    return [Neighbour(None, found[pk], True) for pk in keys if pk in found]


def _offer(groups, opinion, user):
    """A button on the first row of each issue that the words may join; a key to press where nobody took them out."""
    offered, keys = set(), 0
    former = set(opinion.issue_links.filter(removed_at__isnull=False).values_list("issue", flat=True))
    for _heading, rows in groups:
        for row in rows:
            if row.issue and row.issue.pk not in offered and can_join_issue(user, opinion, row.issue):
                offered.add(row.issue.pk)
                row.can_join = True
                if row.issue.pk not in former and keys < 9:
                    keys += 1
                    row.key = str(keys)


def guessed_category(opinion, groups):
    """The category of the nearest neighbour about the like, else one that the words name, or None.

    Somebody confirms it. That the same household once spoke of something else says nothing.
    """
    rows = (row for _heading, rows in groups for row in rows)
    given = (row.issue.category_id for row in rows if row.issue and row.is_alike)
    return next(given, None) or _named_category(f"{opinion.words_verbatim} {opinion.done_on_spot}")


def _named_category(words):
    """The category whose name has most letters in a row in common with the words, at least two; or None."""
    words, best, longest = _letters(words), None, 1
    for row in Category.objects.filter(is_active=True, parent__isnull=False).exclude(name="其他"):
        match = SequenceMatcher(None, row.name, words, autojunk=False)
        size = match.find_longest_match(0, len(row.name), 0, len(words)).size
        if size > longest:
            best, longest = row.code, size
    return best
