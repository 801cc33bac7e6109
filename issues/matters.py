"""What became of a resident's words, as those who go there may know it; and that the answer was brought back.

Every list here takes a bounded number of statements, however many words there are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from visits.enums import OpinionNature
from visits.models import Opinion
from visits.models.hand_overs import followed_by

from .enums import IssueState
from .models import Issue, IssueOpinion, IssueStep, SpotRefusal, SuggestionAnswer, ToldAnswer
from .models.issues import ANSWERED, OUT, REFUSED, REPLIED_ON
from .permissions import can_tell_answer
from .receipts import SENTENCES, SOLVED_ON_SPOT
from .sorting import ISSUE_NATURES
from .voices import LONGEST_CHAIN, rows_behind


@dataclass(frozen=True)
class Answer:
    """What the resident is to hear: the step that answered the issue, or the answer to a suggestion."""

    source: object
    text: str

    @property
    def at(self) -> datetime:
        return self.source.at

    @property
    def key(self):
        """As a form names it."""
        kind = "step" if isinstance(self.source, IssueStep) else "suggestion"
        return f"{kind}-{self.source.pk}"

    @property
    def column(self):
        return "step" if isinstance(self.source, IssueStep) else "suggestion_answer"


@dataclass(frozen=True)
class Matter:
    """One thing that a resident said, and where it stands now.

    `issue` None: not sorted into an issue (yet). A merged issue is followed to its main one. `opens`: the
    person may open the issue's own page. `tells`: the answer is still to be brought back, by this person too.
    """

    opinion: Opinion
    issue: Issue | None = None
    answer: Answer | None = None
    told: ToldAnswer | None = None
    opens: bool = False
    tells: bool = False
    is_first: bool = True
    # Somebody looked, and what was said to be solved on the spot was not.
    refusal: SpotRefusal | None = None

    @property
    def is_open(self):
        """Somebody owes an answer."""
        return self.issue is not None and self.issue.state not in ANSWERED

    @property
    def note(self):
        """That a question was answered at once; the lists read it along."""
        return getattr(self.opinion, "note", None)

    @property
    def is_solved_on_spot(self):
        """Somebody else has confirmed it."""
        return self.issue is not None and self.issue.is_spot_resolved and self.issue.state in REPLIED_ON

    @property
    def waits_for_look(self):
        """The visitor said that it is solved, and nobody has looked yet."""
        claims = self.opinion.done_on_spot and self.opinion.nature in ISSUE_NATURES
        return bool(claims and self.issue is None and self.note is None and self.refusal is None)

    @property
    def is_late(self):
        return self.is_open and self.issue.is_overdue_at(timezone.now())

    @property
    def sentence(self):
        """Where it stands, in words for the door."""
        if self.issue is None:
            return ""
        if self.issue.is_spot_resolved and self.issue.state == IssueState.FOLLOW_UP:
            return SOLVED_ON_SPOT
        return SENTENCES[self.issue.state][1]


# --- Reading ------------------------------------------------------------------------------------------------


def matters_of(opinions, user):
    """One Matter for each issue that the words became, or one for words that are none; in the given order.

    The opinions come from `visible_to(user)` and are unrestricted; what became of them may be another place's
    business, of which the resident hears the step and the reply, as with the receipt.
    """
    opinions = list(opinions)
    rows = rows_behind(opinions)
    became = _became(rows, opinions)
    mains = _mains({issue.pk: issue for issues in became.values() for issue in issues})
    answers = _answers(mains.values())
    verdicts = _suggestion_answers(rows)
    told = _told(rows)
    opens = set(Issue.objects.visible_to(user).filter(pk__in=mains).values_list("pk", flat=True))
    first = _first_words({issue.pk for issues in became.values() for issue in issues})
    found = []
    for opinion in opinions:
        may = can_tell_answer(user, opinion)
        seen = set()
        for issue in became[opinion.pk]:
            main = _main(issue, mains)
            if main.is_restricted or main.pk in seen:
                continue
            seen.add(main.pk)
            found.append(
                _matter(
                    opinion,
                    answers.get(main.pk),
                    told,
                    may,
                    issue=main,
                    opens=main.pk in opens,
                    is_first=rows.get(first.get(issue.pk)) == opinion.pk,
                )
            )
        if not seen:
            found.append(_matter(opinion, verdicts.get(opinion.pk), told, may))
    return found


def _matter(opinion, answer, told, may, **fields):
    done = answer and told.get((opinion.pk, answer.key))
    refusal = getattr(opinion, "spot_refusal", None)
    tells = bool(answer and not done and may)
    return Matter(opinion, answer=answer, told=done, tells=tells, refusal=refusal, **fields)


def _became(rows, opinions):
    """{opinion pk: [issues]} as the words are sorted now."""
    links = IssueOpinion.objects.standing().filter(opinion__in=rows)
    became = defaultdict(list, {opinion.pk: [] for opinion in opinions})
    for link in links.select_related("issue__lead_department").order_by("issue__registered_at", "pk"):
        became[rows[link.opinion_id]].append(link.issue)
    return became


def _mains(issues):
    """These issues and, by and by, the main issues of those that were merged: {pk: issue}."""
    for _step in range(LONGEST_CHAIN):
        missing = {
            issue.merged_into_id
            for issue in issues.values()
            if issue.state == IssueState.MERGED
            and issue.merged_into_id
            and issue.merged_into_id not in issues
        }
        if not missing:
            break
        rows = Issue.objects.filter(pk__in=missing).select_related("lead_department")
        issues |= {issue.pk: issue for issue in rows}
    return issues


def _main(issue, mains):
    passed = set()
    while issue.state == IssueState.MERGED and issue.merged_into_id in mains and issue.pk not in passed:
        passed.add(issue.pk)
        issue = mains[issue.merged_into_id]
    return issue


def _answers(issues):
    """{issue pk: Answer}: the step of each issue's present answer. Fixed at the door needs no telling."""
    answered = {issue.pk: issue for issue in issues if issue.state in REPLIED_ON}
    steps = IssueStep.objects.filter(issue__in=answered, changes_state=True).order_by("at", "pk")
    begun = {}
    for step in steps:
        if step.to_state not in REPLIED_ON:
            begun.pop(step.issue_id, None)
        elif step.to_state == IssueState.REPLIED or step.issue_id not in begun:
            begun[step.issue_id] = step
    return {
        pk: Answer(step, step.details.get("reply") or answered[pk].result or "")
        for pk, step in begun.items()
        if not (answered[pk].is_spot_resolved and step.move in ("spot", "imported"))
    }


def _suggestion_answers(rows):
    """{opinion pk: Answer}; the latest one holds."""
    found = {}
    for answer in SuggestionAnswer.objects.filter(opinion__in=rows).order_by("at", "pk"):
        found[rows[answer.opinion_id]] = Answer(answer, _said(answer))
    return found


def _said(answer):
    label = answer.get_answer_display()
    return (
        _("%(answer)s：%(reason)s") % {"answer": label, "reason": answer.reason} if answer.reason else label
    )


def _told(rows):
    """{(opinion pk, key of the answer): ToldAnswer}."""
    found = {}
    for told in ToldAnswer.objects.filter(opinion__in=rows).select_related("by__cadre").order_by("at", "pk"):
        kind, pk = ("step", told.step_id) if told.step_id else ("suggestion", told.suggestion_answer_id)
        found.setdefault((rows[told.opinion_id], f"{kind}-{pk}"), told)
    return found


def _first_words(issue_ids):
    """{issue pk: pk of the words that were heard first}."""
    links = IssueOpinion.objects.standing().filter(issue__in=issue_ids)
    links = links.order_by("-opinion__heard_at", "-opinion_id").values_list("issue_id", "opinion_id")
    return dict(links)


# --- Lists of a person --------------------------------------------------------------------------------------


def _words(user):
    return (
        Opinion.objects.visible_to(user)
        .unrestricted()
        .valid_at(timezone.now())
        .select_related("campaign", "entry", "note", "spot_refusal", "answer_wish")
    )


def matters_of_entry(entry, user):
    """What was said at one household, newest first, campaigns of the past too."""
    words = _words(user).filter(entry=entry).exclude(nature=OpinionNature.PRAISE)
    return matters_of(words.order_by("-heard_at", "-pk")[:100], user)


def matters_of_entries(entries, campaign, user):
    """{entry pk: [Matter]} of one campaign."""
    found = defaultdict(list)
    words = _words(user).filter(entry__in=entries, campaign=campaign).exclude(nature=OpinionNature.PRAISE)
    for matter in matters_of(words.order_by("pk"), user):
        found[matter.opinion.entry_id].append(matter)
    return found


def matters_heard_first(user):
    """What this person has to follow to the end: running campaigns, own words that were the first of a matter.

    To be told first, then by due date. A matter ends when the answer was brought back or the office closed it
    as not ours; words that nobody has sorted yet are on the list too.
    """
    return matters_followed_by(user.reach.cadre, user)


def matters_followed_by(cadre, user):
    """The same of a cadre, as somebody else reads it: heard first and not handed over, or taken over from another."""
    words = followed_by(_words(user).filter(campaign__in=Campaign.objects.running()), cadre)
    matters = matters_of(words.exclude(nature=OpinionNature.PRAISE).order_by("heard_at", "pk"), user)
    kept = [matter for matter in matters if matter.is_first and not _has_ended(matter)]
    never = timezone.now().replace(year=9999)
    return sorted(kept, key=lambda m: (not m.tells, (m.issue and m.issue.due_at) or never, m.opinion.pk))


def _has_ended(matter):
    if matter.answer is not None:
        return matter.told is not None
    if matter.issue is None:
        return matter.note is not None
    if matter.is_solved_on_spot:  # until the resident was asked, the visitor reads that it was confirmed
        return matter.issue.state == IssueState.CLOSED
    return matter.issue.state in [*OUT, *REFUSED, *REPLIED_ON]


# --- The answer was brought back ----------------------------------------------------------------------------


@transaction.atomic
def tell_answer(opinion, *, by, key):
    """(the row, whether it is new). The first who brought this answer back stands; a second tap changes nothing.

    `opinion` comes from `visible_to(by)`; `key` names the answer that the person saw.
    """
    if not can_tell_answer(by, opinion):
        raise ValidationError(_("活动已经结束，或者这一户不在您的责任范围内，不能再记“已告知”。"))
    for matter in matters_of([opinion], by):
        if matter.answer is not None and matter.answer.key == key:
            if matter.told is not None:
                return matter.told, False
            which = {matter.answer.column: matter.answer.source}
            return ToldAnswer.objects.get_or_create(opinion=opinion, **which, defaults={"by": by})
    raise ValidationError(_("答复有了变化，请看清最新的答复，再告知居民。"))
