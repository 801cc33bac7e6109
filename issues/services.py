"""The verbs on an issue beside its moves: accept one, correct it, answer a suggestion."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.services import lock_campaign
from visits.enums import OpinionNature
from visits.models import Opinion, OpinionMark

from .enums import IssueState
from .models import Issue, IssueOpinion, IssueStep, SuggestionAnswer
from .models.issues import OUT, RESTRICTED_CATEGORY
from .move_rules import is_reopening_over
from .moves import move_issue
from .permissions import can_accept_issue, can_answer_suggestion, can_continue_issue, can_correct_issue
from .voices import voices_of

__all__ = [
    "accept_issue",
    "answer_suggestion",
    "continue_issue",
    "correct_issue",
    "lock_words",
    "move_issue",
    "register_issue",
    "restrict_opinions",
]

# What residents say in these natures may become an issue; a suggestion gets an answer, praise is noted.
ISSUE_NATURES = [
    OpinionNature.PROBLEM,
    OpinionNature.QUESTION,
    OpinionNature.REQUEST,
    OpinionNature.COMPLAINT,
    OpinionNature.REPORT,
]


@transaction.atomic
def accept_issue(
    *,
    by,
    campaign,
    title,
    category,
    level,
    place,
    opinions=(),
    urgency=None,
    profile=None,
    continues=None,
):
    """Register an issue from any number of opinions (domain: 受理). Misconduct becomes restricted at once.

    `continues`: the struck-off issue that this one takes up again, too late to reopen that.

    Raises ValidationError with a sentence for the clerk.
    """
    campaign = lock_campaign(campaign.pk)
    opinions = list(opinions)
    lock_words(opinions)
    _check_acceptable(by, campaign, place, level, opinions)
    return register_issue(
        by=by,
        campaign=campaign,
        title=title,
        category=category,
        level=level,
        place=place,
        opinions=opinions,
        urgency=urgency,
        profile=profile,
        continues=continues,
    )


def register_issue(*, by, campaign, category, opinions, **columns):
    """Write an issue that the caller may register; `campaign` is locked, the words were looked at."""
    restricted = category.code.startswith(RESTRICTED_CATEGORY) or any(
        opinion.nature == OpinionNature.REPORT for opinion in opinions
    )
    now = timezone.now()
    issue = Issue.objects.create(
        campaign=campaign,
        number=_next_number(campaign),
        category=category,
        registered_at=now,
        state_since=now,
        is_restricted=restricted,
        **{name: value for name, value in columns.items() if value},
    )
    IssueOpinion.objects.bulk_create(
        IssueOpinion(issue=issue, opinion=opinion, position=position, at=now, by=by)
        for position, opinion in enumerate(opinions)
    )
    if restricted:
        restrict_opinions(opinions, by=by)
    IssueStep.objects.create(issue=issue, move="accept", to_state=IssueState.ACCEPTED, at=now, by=by)
    return issue


@transaction.atomic
def continue_issue(issue, *, by, title, category, level, urgency, opinions=()):
    """Take up a struck-off issue that cannot be reopened as a new one, once; of its words those still unsolved."""
    lock_campaign(issue.campaign_id)
    issue = Issue.objects.select_related("campaign", "place").get(pk=issue.pk)
    if not can_continue_issue(by, issue):
        raise ValidationError(_("这件问题现在不能接续：没有销号、活动已结束，或者不在您的职责内。"))
    if not is_reopening_over(issue, timezone.now()):
        raise ValidationError(_("这件问题还可以重开，不必登记新的。"))
    if later := issue.continued_by.exclude(state__in=OUT).first():
        raise ValidationError(_("已有问题 %s 接续这一件，请在那里办理。") % later.number)
    chosen = {opinion.pk for opinion in opinions}
    if chosen - set(voices_of(issue).values_list("pk", flat=True)):
        raise ValidationError(_("只能带上这件问题自己的诉求。"))
    return accept_issue(
        by=by,
        campaign=issue.campaign,
        title=title,
        category=category,
        level=level,
        urgency=urgency,
        place=issue.place,
        opinions=opinions,
        continues=issue,
    )


def _next_number(campaign):
    """The campaign's next WT number; a workbook may have brought some of them. The campaign is locked."""
    while True:
        campaign.last_issue_number += 1
        number = f"WT{campaign.last_issue_number:06d}"
        if not Issue.objects.filter(campaign=campaign, number=number).exists():
            campaign.save(update_fields=["last_issue_number"])
            return number


def restrict_opinions(opinions, *, by):
    """Only discipline sees these words from now on."""
    OpinionMark.objects.bulk_create(
        [OpinionMark(opinion=opinion, kind=OpinionMark.Kind.RESTRICTED, by=by) for opinion in opinions],
        ignore_conflicts=True,
    )


def lock_words(opinions):
    """A visitor who corrects these words at this moment waits, or has been waited for: see `corrections`."""
    rows = Opinion.objects.select_for_update(no_key=True).filter(pk__in=[opinion.pk for opinion in opinions])
    list(rows.order_by("pk").values_list("pk"))


def _check_acceptable(by, campaign, place, level, opinions):
    if not campaign.is_writable:
        raise ValidationError(_("活动不在进行中，不能受理问题。"))
    if not can_accept_issue(by, place.code, level):
        raise ValidationError(_("您不能受理这个范围或层级的问题，请交给活动办。"))
    readable = Opinion.objects.visible_to(by).valid_at(timezone.now()).in_bulk([o.pk for o in opinions])
    for opinion in opinions:
        if opinion.pk not in readable:
            raise ValidationError(_("诉求 %s 已经作废或更正，或者您不能查看。") % opinion.number)
        if opinion.campaign_id != campaign.pk:
            raise ValidationError(_("诉求 %s 不属于本次活动。") % opinion.number)
        if opinion.nature not in ISSUE_NATURES:
            raise ValidationError(
                _("诉求 %(number)s 的性质是“%(nature)s”，不能转为问题；建议请作答复，表扬请留存。")
                % {"number": opinion.number, "nature": opinion.get_nature_display()}
            )


@transaction.atomic
def correct_issue(issue, *, by, **columns):
    """Change what the clerk typed when accepting it; state and dates stay with `move_issue`.

    An issue that turns out to be about misconduct is restricted in the same transaction.
    """
    stored = Issue.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=issue.pk)
    if not can_correct_issue(by, stored):
        raise ValidationError(_("这件问题不能再修改：活动已结束，或者不在您的职责内。"))
    for name, value in columns.items():
        setattr(stored, name, value)
    if stored.category_id.startswith(RESTRICTED_CATEGORY):
        stored.is_restricted = True
        voices = IssueOpinion.objects.voicing(stored).select_related("opinion")
        restrict_opinions([link.opinion for link in voices], by=by)
        stored.merged_issues.update(is_restricted=True)  # the same matter under another number
    stored.save(update_fields=[*columns, "is_restricted"])
    return stored


@transaction.atomic
def answer_suggestion(opinion, *, by, answer, reason=""):
    """What the office says to a suggestion; a later answer counts instead, the earlier one stays readable."""
    campaign = lock_campaign(opinion.campaign_id)
    if not campaign.is_writable or not can_answer_suggestion(by, opinion):
        raise ValidationError(_("只有活动办可以答复本范围的建议，且活动须在进行中。"))
    return SuggestionAnswer.objects.create(opinion=opinion, answer=answer, reason=reason, by=by)
