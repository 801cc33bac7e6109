"""The triage desk: which words still wait for somebody's decision, the decisions, and one that is taken back.

Each verb locks the campaign, looks again whether the words are still waiting, and tells the second of two
clerks what the first one did. Misconduct reports never come here.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.enums import CampaignState
from campaigns.services import lock_campaign
from canvass import places
from canvass.roles import Role
from visits.enums import OpinionNature
from visits.models import Opinion

from . import services
from .enums import IssueState
from .models import Issue, IssueOpinion, OpinionNote, SuggestionAnswer
from .models.issues import OUT, REFUSED
from .permissions import OFFICE_ROLES, can_accept_issue, can_answer_suggestion

# What may become an issue here; a report is discipline's.
ISSUE_NATURES = [nature for nature in services.ISSUE_NATURES if nature != OpinionNature.REPORT]
# Praise is noted; a question may have been answered at once.
NOTED_NATURES = [OpinionNature.PRAISE, OpinionNature.QUESTION]
# Nobody works on these any more, or never will: words joined to them would get no answer.
NOT_JOINABLE = [*OUT, *REFUSED, IssueState.CLOSED]


# --- What waits ---------------------------------------------------------------------------------------------


def unsorted(opinions):
    """Those of the opinions that became no issue, got no answer and were not noted."""
    decisions = (IssueOpinion.objects.standing(), SuggestionAnswer.objects, OpinionNote.objects)
    for rows in decisions:
        opinions = opinions.filter(~Exists(rows.filter(opinion=OuterRef("pk"))))
    return opinions


def desk_opinions(user):
    """Words of the places whose matters this person may accept, sorted or not, void or not.

    The campaign office its area; a village office its village, without the suggestions, which the campaign
    office answers. Misconduct reports never, whoever asks.
    """
    reach = user.reach
    answers = places.inside("place_id", *reach.codes_with("issues.add_suggestionanswer"))
    mine = places.inside("place_id", *reach.codes(*OFFICE_ROLES, Role.VILLAGE_OFFICE))
    return Opinion.objects.visible_to(user).unrestricted().filter(mine, ~Q(nature="suggestion") | answers)


def waiting_opinions(user):
    """What this person's triage desk holds: valid now, of a running campaign, and not sorted yet."""
    valid = desk_opinions(user).valid_at(timezone.now()).filter(campaign__state=CampaignState.RUNNING)
    return unsorted(valid)


def can_join_issue(user, opinion, issue):
    """Whether these words may be put under that issue. The visibility of both is the caller's business."""
    return (
        issue.campaign_id == opinion.campaign_id
        and opinion.nature in ISSUE_NATURES
        and not issue.is_restricted
        and issue.state not in NOT_JOINABLE
        and can_accept_issue(user, opinion.place_id, issue.level)
    )


def can_take_out(user, issue):
    """Whether this person may take words out of that issue. The visibility of both is the caller's business."""
    return (
        not issue.is_restricted
        and issue.state not in NOT_JOINABLE
        and issue.campaign.is_writable
        and can_accept_issue(user, issue.place_id, issue.level)
    )


# --- Decisions ----------------------------------------------------------------------------------------------


@transaction.atomic
def accept_opinion(opinion, *, by, title, category, level, urgency):
    """An issue of its own from these words."""
    _lock_waiting(opinion, by)
    return services.accept_issue(
        by=by,
        campaign=opinion.campaign,
        title=title,
        category=category,
        level=level,
        urgency=urgency,
        place=opinion.place,
        opinions=[opinion],
    )


@transaction.atomic
def join_issue(opinion, issue, *, by):
    """Put words under an issue that exists: one matter, and one more resident who is owed the answer."""
    _lock_waiting(opinion, by)
    seen = Issue.objects.visible_to(by).unrestricted()
    issue = seen.select_for_update(of=("self",)).filter(pk=issue.pk).first()
    if issue is None:
        raise ValidationError(_("没有这件问题，或者您不能查看。"), code="unknown")
    if issue.state in NOT_JOINABLE:
        raise ValidationError(
            _("问题 %(number)s 现在是“%(state)s”，不能再归入；请另行受理。")
            % {"number": issue.number, "state": issue.get_state_display()},
            code="state",
        )
    if not can_join_issue(by, opinion, issue):
        raise ValidationError(
            _("这条诉求不能归入问题 %(number)s：活动、性质或层级不合，请交给活动办。")
            % {"number": issue.number},
            code="forbidden",
        )
    position = issue.opinion_links.count()
    return IssueOpinion.objects.create(issue=issue, opinion=opinion, position=position, by=by)


@transaction.atomic
def answer_opinion(opinion, *, by, answer, reason=""):
    """The office's answer to a suggestion."""
    _lock_waiting(opinion, by)
    return services.answer_suggestion(opinion, by=by, answer=answer, reason=reason)


@transaction.atomic
def note_opinion(opinion, *, by, text=""):
    """Praise is kept; of a question, how it was answered at once."""
    _lock_waiting(opinion, by)
    if opinion.nature not in NOTED_NATURES:
        raise ValidationError(_("只有表扬和已当场答复的咨询可以留存；其他诉求请受理、归入或答复。"))
    if opinion.nature == OpinionNature.QUESTION and not text.strip():
        raise ValidationError(_("请写明怎样答复了这个咨询。"))
    return OpinionNote.objects.create(opinion=opinion, text=text.strip(), by=by)


def decisions_for(user, opinion):
    """Which of the decisions this person is offered for these words, by nature and duty."""
    offered = []
    if opinion.nature in ISSUE_NATURES:
        offered.append("accept")
    if can_answer_suggestion(user, opinion):
        offered.append("answer")
    if opinion.nature in NOTED_NATURES:
        offered.append("note")
    return offered


def _lock_waiting(opinion, by):
    """One decision at a time in a campaign; whoever comes second is told what the first one decided."""
    lock_campaign(opinion.campaign_id)
    services.lock_words([opinion])
    if not waiting_opinions(by).filter(pk=opinion.pk).exists():
        raise ValidationError(what_became(opinion, by), code="sorted")


def what_became(opinion, user):
    """A sentence about words that no longer wait; it names an issue only to those who may see it."""
    told = {"number": opinion.number}
    links = IssueOpinion.objects.standing().filter(opinion=opinion).select_related("issue", "by__cadre")
    link = links.order_by("at", "pk").last()
    if link is not None:
        if not Issue.objects.visible_to(user).unrestricted().filter(pk=link.issue_id).exists():
            return _("诉求 %(number)s 已经有人处理，不必再办。") % told
        told |= {"who": _name(link), "issue": str(link.issue)}
        return _("诉求 %(number)s 已由%(who)s归入问题“%(issue)s”，不必再办。") % told
    for model in (SuggestionAnswer, OpinionNote):
        if row := model.objects.filter(opinion=opinion).select_related("by__cadre").last():
            told |= {"who": _name(row), "done": row._meta.verbose_name}
            return _("诉求 %(number)s 已由%(who)s办理（%(done)s），不必再办。") % told
    return _("诉求 %(number)s 已经作废或更正、活动不在进行中，或者不归您分拣。") % told


def taken_out(opinion, user):
    """The joinings of these words that were taken back, latest first; only of issues that this person sees."""
    rows = IssueOpinion.objects.filter(opinion=opinion, removed_at__isnull=False)
    rows = rows.filter(issue__in=Issue.objects.visible_to(user).unrestricted())
    return rows.select_related("issue", "removed_by__cadre").order_by("-removed_at", "-pk")


def _name(row):
    return row.by.display_name if row.by else _("他人")


# --- Taking words out again ---------------------------------------------------------------------------------


@transaction.atomic
def take_out(link, *, by, reason):
    """Take words out of an issue: they wait on the desk again, and the row keeps who did it and why."""
    lock_campaign(link.issue.campaign_id)
    seen = Issue.objects.visible_to(by).unrestricted().select_related("campaign")
    issue = seen.select_for_update(of=("self",)).filter(pk=link.issue_id).first()
    if issue is None:
        raise ValidationError(_("没有这件问题，或者您不能查看。"), code="unknown")
    link = IssueOpinion.objects.select_related("opinion", "removed_by__cadre").get(pk=link.pk)
    if refusal := why_not_take_out(link, issue, by):
        raise refusal
    if not reason.strip():
        raise ValidationError(_("请写明为什么移出。"), code="incomplete")
    link.removed_at, link.removed_by, link.removed_because = timezone.now(), by, reason.strip()
    link.save(update_fields=["removed_at", "removed_by", "removed_because"])
    return link


def why_not_take_out(link, issue, by):
    """The refusal that these words would meet, or None."""
    told = {"number": link.opinion.number, "issue": issue.number, "state": issue.get_state_display()}
    if link.removed_at is not None:
        who = link.removed_by.display_name if link.removed_by else _("他人")
        sentence = _("诉求 %(number)s 已由%(who)s从问题 %(issue)s 移出（%(why)s），不必再办。")
        told |= {"who": who, "why": link.removed_because}
        return ValidationError(sentence % told, code="sorted")
    if issue.state == IssueState.MERGED:
        return ValidationError(_("问题 %(issue)s 已并案，请先撤销并案，再移出诉求。") % told, code="state")
    if issue.state in NOT_JOINABLE:
        return ValidationError(_("问题 %(issue)s 现在是“%(state)s”，不能再移出诉求。") % told, code="state")
    if not can_take_out(by, issue):
        return ValidationError(
            _("您不能从问题 %(issue)s 移出诉求：活动、范围或层级不合，请交给活动办。") % told,
            code="forbidden",
        )
    valid = Opinion.objects.unrestricted().valid_at(timezone.now())
    if not valid.visible_to(by).filter(pk=link.opinion_id).exists():
        return ValidationError(_("诉求 %(number)s 已经作废或更正，或者您不能查看。") % told, code="unknown")
    others = issue.opinion_links.standing().exclude(opinion=link.opinion_id)
    if not others.filter(opinion__in=valid).exists():
        return ValidationError(
            _("这是问题 %(issue)s 仅有的诉求，不能移出。问题不该受理的，请撤回这件问题或申请作废。") % told,
            code="last",
        )
    return None
