"""The voices of a matter: residents' words that stand under an issue, or under one that was merged into it."""

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from visits.models import Opinion

from .enums import FollowUpResult
from .models import FollowUp, Issue, IssueOpinion

LONGEST_CHAIN = 20  # corrections of corrections, merges of merges: a circle would have no end
# Of a follow-up: the words asked about, or what they were corrected to since, twice at most.
VOICE = Coalesce("opinion__corrected_by__corrected_by", "opinion__corrected_by", "opinion")


def voices_of(issue):
    """Words of which each is owed an answer of its own: neither taken out, void nor restricted."""
    links = IssueOpinion.objects.voicing(issue)
    words = Opinion.objects.filter(pk__in=links.values("opinion")).valid_at(timezone.now())
    return words.unrestricted().order_by("heard_at", "pk")


def voices_by_issue(issues):
    """{pk of an issue: the voices of its matter}, for a page of issues at once."""
    found = {issue.pk: set() for issue in issues}
    links = IssueOpinion.objects.standing().filter(
        Q(issue__in=found) | Q(issue__merged_into__in=found),
        opinion__in=Opinion.objects.valid_at(timezone.now()).unrestricted(),
    )
    for main, own, opinion in links.values_list("issue__merged_into", "issue", "opinion"):
        found[main if main in found else own].add(opinion)
    return found


def rows_behind(opinions):
    """{pk of a row: pk of the current opinion}: each opinion with the rows that it corrects."""
    rows = {opinion.pk: opinion.pk for opinion in opinions}
    waiting = {opinion.corrects_id: opinion.pk for opinion in opinions if opinion.corrects_id}
    for _step in range(LONGEST_CHAIN):
        if not waiting:
            break
        rows |= waiting
        before = Opinion.objects.filter(pk__in=waiting, corrects__isnull=False).values_list("pk", "corrects")
        waiting = {former: waiting[pk] for pk, former in before}
    return rows


def answers_about(opinions, user):
    """{pk of an opinion: [what was asked and answered about it]}, oldest first.

    Also what was asked under another issue: words that were merged there and came back keep their answers. And
    what was asked before the words were corrected.
    Nothing of an issue that this person does not see or handles.
    """
    seen = Issue.objects.visible_to(user).unrestricted()
    handled = Issue.objects.filter(lead_department__in=user.reach.department_ids)
    current = rows_behind(opinions)
    rows = FollowUp.objects.filter(opinion__in=current, issue__in=seen.values("pk"))
    rows = rows.exclude(issue__in=handled.values("pk")).select_related("by__cadre", "issue")
    found = {}
    for row in rows:
        found.setdefault(current[row.opinion_id], []).append(row)
    return found


def voices_to_ask(issue, user):
    """The voices of an issue that nobody has reached since the reply that stands, as this person reads them."""
    asked = issue.follow_ups.annotate(voice=VOICE)
    if issue.replied_at:
        asked = asked.filter(at__gte=issue.replied_at)
    return voices_of(issue).exclude(pk__in=told_apart(asked)) & Opinion.objects.visible_to(user)


def voice_asked(follow_up, user):
    """A queryset with the words that a follow-up asked about, as they stand now; neither void nor restricted."""
    voice = FollowUp.objects.filter(pk=follow_up.pk).annotate(voice=VOICE).values("voice")
    words = Opinion.objects.visible_to(user).unrestricted().valid_at(timezone.now())
    return words.filter(pk__in=voice)


def told_apart(rows):
    """Voices that somebody reached, among follow-ups annotated with `voice=VOICE`."""
    return {row.voice for row in rows if row.voice and row.result in FollowUpResult.answers()}
