"""The words under an issue as one person may read them: its own, those of the issues merged into it, and their past.

Whoever handles the issue reads all of its words; everybody else those that `Opinion.visible_to` gives. Lists,
papers, search and the issue's own page agree on this.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from visits.models import Opinion

from .contacts import Contact, contact_of
from .models import Issue, IssueOpinion, IssueSupport


@dataclass(frozen=True)
class Joined:
    """Words that stand under an issue; `merged` is the issue that they came with, or None for its own."""

    link: IssueOpinion
    merged: Issue | None
    contact: Contact | None = None

    @property
    def opinion(self):
        return self.link.opinion


@dataclass(frozen=True)
class Joining:
    """A line of the history beside the steps: words were joined, or taken out again."""

    move_label: str
    at: object
    by: object
    number: str
    reason: str = ""


def _handled(user):
    """A condition on issues: those that a department of this person leads or supports."""
    departments = user.reach.department_ids
    if not departments:
        return None
    supports = IssueSupport.objects.filter(issue=OuterRef("pk"), department__in=departments)
    return Q(lead_department__in=departments) | Q(Exists(supports))


def handles(user, issue):
    """Whether a department of this person leads or supports the issue."""
    handled = _handled(user)
    return handled is not None and Issue.objects.filter(handled, pk=issue.pk).exists()


def _readable(links, issue, user, *, is_handler):
    """Annotate `is_readable`, and `is_seen` for words that are this person's to read also without the issue.

    Misconduct reports never beside an open issue.
    """
    links = links.filter(issue__is_restricted=issue.is_restricted)
    if not issue.is_restricted:
        links = links.filter(opinion__in=Opinion.objects.unrestricted())
    seen = Opinion.objects.visible_to(user)
    readable = Opinion.objects.all() if is_handler else seen
    return links.annotate(
        is_readable=Exists(readable.filter(pk=OuterRef("opinion"))),
        is_seen=Exists(seen.filter(pk=OuterRef("opinion"))),
    )


def words_of(issue, user):
    """(the words that stand, how many more there are that this person may not read); own ones first."""
    links = IssueOpinion.objects.voicing(issue).filter(opinion__in=Opinion.objects.valid_at(timezone.now()))
    is_handler = handles(user, issue)
    links = _readable(links, issue, user, is_handler=is_handler)
    links = links.select_related("opinion__answer_wish", "opinion__entry", "issue")
    found = {}
    for link in sorted(links, key=lambda row: (row.issue_id != issue.pk, row.issue_id, row.position, row.pk)):
        found.setdefault(link.opinion_id, link)
    words = [
        Joined(
            link,
            None if link.issue_id == issue.pk else link.issue,
            contact_of(link.opinion, user, is_seen=link.is_seen, is_handler=is_handler),
        )
        for link in found.values()
        if link.is_readable
    ]
    return words, len(found) - len(words)


def joinings_of(issue, user):
    """What was joined after the issue was registered, corrected since, or taken out; oldest first."""
    links = issue.opinion_links.order_by("at", "pk")
    links = _readable(links, issue, user, is_handler=handles(user, issue))
    found = []
    related = ("opinion", "by__cadre", "removed_by__cadre", "replaces__opinion", "replaced_by")
    for link in links.select_related(*related):
        if not link.is_readable:
            continue
        number = link.opinion.number
        if link.replaces is not None:
            numbers = f"{link.replaces.opinion.number} → {number}"
            found.append(Joining(_("更正诉求"), link.at, link.by, numbers))
        elif link.at != issue.registered_at:
            found.append(Joining(_("归入诉求"), link.at, link.by, number))
        if link.removed_at is not None and not hasattr(link, "replaced_by"):
            reason = link.removed_because
            found.append(Joining(_("移出诉求"), link.removed_at, link.removed_by, number, reason))
    return sorted(found, key=lambda row: row.at)


def _said(words):
    """Never restricted, void or replaced words: nobody may learn from a search that they are there."""
    return Opinion.objects.unrestricted().valid_at(timezone.now()).filter(words_verbatim__icontains=words)


def spoken_of(words, user):
    """A condition on issues: some of the words that this person reads on its page contain this."""
    said, links = _said(words), IssueOpinion.objects.standing()
    condition = links.filter(opinion__in=said.visible_to(user)).issues()
    handled = _handled(user)
    if handled is not None:
        condition |= handled & links.filter(opinion__in=said).issues()
    return condition


def spoken_links(issues, words, user):
    """The links by which `spoken_of` holds for a page of issues (a list of keys), in the order of the page."""
    links = IssueOpinion.objects.standing().filter(Q(issue__in=issues) | Q(issue__merged_into__in=issues))
    readable = Q(opinion__in=Opinion.objects.visible_to(user))
    handled = _handled(user)
    if handled is not None:
        mine = Issue.objects.filter(handled, pk__in=issues).values("pk")
        readable |= Q(issue__in=mine) | Q(issue__merged_into__in=mine)
    links = links.filter(readable, opinion__in=_said(words)).select_related("opinion", "issue")
    return links.order_by("position", "pk")
