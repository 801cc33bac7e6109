"""The search of the ledger. One plain condition says what matches; an index of character pairs makes it quick.

The index only narrows down where to look, so a stale row of it shows nothing that the condition would not.
"""

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from grids.models import Department, Place

from .joins import spoken_links, spoken_of
from .models import Category, Issue, IssueOpinion
from .search_index import rows_by_title, rows_by_words

LONGEST = 200  # of what is searched for; no title is longer
# With more candidates than these the words are common: reading the list from its top finds a page sooner.
MOST_CANDIDATES = 1000
EXCERPT = 24  # characters on each side of the words


def matches(words, user):
    """Number, title, place, department, category, and the words that this person reads on the issue's own page."""
    found = Q(number__icontains=words) | Q(title__icontains=words) | _named(words)
    return found | spoken_of(words, user)


def _named(words):
    """By lists, not joins: few places, departments and categories bear a name, and each is asked once."""
    departments = Department.objects.filter(name__icontains=words).order_by()
    categories = Category.objects.filter(
        Q(name__icontains=words) | Q(parent__name__icontains=words)
    ).order_by()
    return (
        Q(place__in=Place.objects.filter(name__icontains=words).order_by())
        | Q(lead_department__in=departments)
        | Q(category__in=categories)
    )


def search(issues, words, user):
    """Those of the issues that hold the words, and whether they are few enough to be counted."""
    words = words[:LONGEST]
    candidates = _candidates(words)
    is_few = len(candidates) <= MOST_CANDIDATES if candidates is not None else False
    if is_few:
        issues = issues.filter(pk__in=candidates)
    return issues.filter(matches(words, user)), is_few


def _candidates(words):
    """Keys of all issues that may hold the words, whoever asks; one too many if they are not few; None: unknown."""
    titled, said = rows_by_title(words, connection), rows_by_words(words, connection)
    if titled is None or said is None:
        return None
    issues = Issue.objects.order_by()
    parts = [
        issues.filter(pk__in=RawSQL(*titled)).values_list("pk"),
        *IssueOpinion.objects.order_by().filter(opinion__in=RawSQL(*said)).issue_keys(),
        *(issues.filter(named).values_list("pk") for named in _named(words).children),
    ]
    found = parts[0].union(*parts[1:], all=True)[: MOST_CANDIDATES + 1]
    return [pk for (pk,) in found]


def excerpts(issues, words, user):
    """{key of the issue: where a resident said the words}: why it is on the list. Few questions for the page."""
    words, found = words[:LONGEST], {}
    for link in spoken_links(issues, words, user):
        main = link.issue.merged_into_id if link.issue_id not in issues else link.issue_id
        found.setdefault(main, _around(link.opinion.words_verbatim, words))
    return found


def _around(text, words):
    start = max(text.lower().find(words.lower()), 0)
    first, last = max(start - EXCERPT, 0), start + len(words) + EXCERPT
    return f"{'…' if first else ''}{text[first:last].strip()}{'…' if last < len(text) else ''}"
