"""Receipts: make one, find one, say how the matter stands, keep what the resident says.

Whoever holds the code reads this, so nothing here tells the words, a name, an address or a visit. Only three
texts are passed on: the reply that a department wrote to the resident, where a refused matter belongs, and why a
parked one takes longer, once the leading group approved it.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from canvass import places
from canvass.roles import Role
from grids.models import Department, Posting
from visits.enums import OpinionNature
from visits.models import Opinion

from .enums import IssueOutcome, IssueState, SuggestionVerdict
from .models import Issue, IssueOpinion, IssueStep, OpinionNote, Receipt, ResidentVerdict
from .models.issues import ASSIGNED_ON, OUT, REFUSED, REPLIED_ON
from .models.receipts import CODE_ALPHABET, CODE_LENGTH
from .workflow import REOPEN, REWORK

REGISTERED = pgettext_lazy("receipt", "已登记")
ACCEPTED = pgettext_lazy("receipt", "已受理")
UNDER_WAY = pgettext_lazy("receipt", "办理中")
ANSWERED = pgettext_lazy("receipt", "已答复")
DONE = pgettext_lazy("receipt", "已办结")
ENDED = pgettext_lazy("receipt", "已了结")

RESTRICTED = gettext_lazy("已收到，由专门人员办理。")
SOLVED_ON_SPOT = gettext_lazy("走访时已经当场解决，等待向您回访。")
REWORKED = gettext_lazy("上次的办理没有解决问题，承办单位正在重新办理。")

# What a resident reads in each state: a step, and a sentence without the words of the office.
SENTENCES = {
    IssueState.ACCEPTED: (ACCEPTED, gettext_lazy("已受理，正在安排承办单位。")),
    IssueState.ASSIGNED: (ACCEPTED, gettext_lazy("已交给承办单位，等待开始办理。")),
    IssueState.IN_PROGRESS: (UNDER_WAY, gettext_lazy("承办单位正在办理。")),
    IssueState.WAITING: (UNDER_WAY, gettext_lazy("还需要补充情况，补齐后继续办理。")),
    IssueState.PARKED: (UNDER_WAY, gettext_lazy("一时难以办成，已列入计划，定期复核。")),
    IssueState.REPLIED: (ANSWERED, gettext_lazy("承办单位已经答复，接下来由其他人员向您回访。")),
    IssueState.FOLLOW_UP: (ANSWERED, gettext_lazy("承办单位已经答复，等待向您回访。")),
    IssueState.CLOSED: (DONE, gettext_lazy("已经办结。")),
    IssueState.NOT_ACCEPTED: (ENDED, gettext_lazy("这件事不属于本次活动的受理范围。")),
    IssueState.TRANSFERRED: (ENDED, gettext_lazy("已移交有权处理的单位。")),
    IssueState.MERGED: (UNDER_WAY, gettext_lazy("已与同类问题合并办理。")),
    IssueState.WITHDRAWN: (ENDED, gettext_lazy("已经撤回，不再办理。")),
    IssueState.VOID: (ENDED, gettext_lazy("这件登记已经作废。")),
}
CLOSED_AS = {
    IssueOutcome.SUBSTANTIVE: gettext_lazy("已经办结。"),
    IssueOutcome.PROCEDURAL: gettext_lazy("已经说明情况或按程序办结。"),
    IssueOutcome.PHASED: gettext_lazy("已经阶段性办结，以后还会回头看。"),
}
SUGGESTIONS = {
    SuggestionVerdict.ADOPTED: gettext_lazy("您的建议已被采纳，谢谢。"),
    SuggestionVerdict.PARTLY: gettext_lazy("您的建议已被部分采纳，谢谢。"),
    SuggestionVerdict.NOTED: gettext_lazy("您的建议已留作参考，谢谢。"),
    SuggestionVerdict.NOT_ADOPTED: gettext_lazy("您的建议这次没有被采纳，谢谢您提出来。"),
}


# --- The code -----------------------------------------------------------------------------------------------


def plain_code(typed):
    """What was meant by what was typed: any case, full width, spaces, hyphens; O is 0, I and L are 1."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return re.sub(r"[^0-9A-Z]", "", text).translate(str.maketrans("OIL", "011"))[: 2 * CODE_LENGTH]


def find_receipt(typed):
    """The receipt of a code, or None; one look into the index, whatever was typed."""
    receipts = Receipt.objects.select_related("opinion__campaign")
    return receipts.filter(code=plain_code(typed)).first()


@transaction.atomic
def receipt_for(opinion, *, by):
    """The opinion's receipt, made when first asked for. A correction keeps the receipt of what it corrects."""
    first = _first_row(opinion)
    code = "".join(secrets.choice(CODE_ALPHABET) for _position in range(CODE_LENGTH))
    return Receipt.objects.get_or_create(opinion=first, defaults={"code": code, "by": by})[0]


def existing_receipt(opinion):
    return Receipt.objects.filter(opinion=_first_row(opinion)).first()


def _first_row(opinion):
    while opinion.corrects_id:
        opinion = opinion.corrects
    return opinion


def _rows(opinion):
    """The opinion as first written down and each correction of it, oldest first."""
    rows = [opinion]
    while later := Opinion.objects.filter(corrects=rows[-1]).first():
        rows.append(later)
    return rows


# --- How it stands ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matter:
    """One thing that the resident reads: step and sentence, who works on it, the reply.

    Of a parked one why it takes longer, and when it is looked at again.
    """

    step: str
    sentence: str
    department: str = ""
    reply: str = ""
    route: str = ""
    explanation: str = ""
    review_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """Everything the bearer of a code may know. `answered`: the issues that have an answer to judge.

    `verdict` is the latest word of the resident, `can_judge` says whether the present answer still waits for one,
    `is_under_way` whether another answer is to come.
    """

    matters: list
    answered: list = field(default_factory=list)
    verdict: ResidentVerdict | None = None
    can_judge: bool = False
    is_under_way: bool = False


def standing_of(receipt):
    """How the matter of a receipt stands now."""
    rows = _rows(receipt.opinion)
    issues = _main_issues(rows)
    readable = Opinion.objects.filter(pk__in=[row.pk for row in rows]).unrestricted().count()
    if readable < len(rows) or any(issue.is_restricted for issue in issues):
        return Standing([Matter(REGISTERED, RESTRICTED)])
    verdict = receipt.verdicts.order_by("answer_round").last()
    if not Opinion.objects.filter(pk=rows[-1].pk).valid_at(timezone.now()).exists():
        return Standing([Matter(*SENTENCES[IssueState.VOID])], verdict=verdict)
    is_writable = receipt.opinion.campaign.is_writable
    if not issues:
        return Standing([_unsorted(rows)], verdict=verdict, is_under_way=is_writable)
    matters = [_matter(issue) for issue in issues]
    live = [issue for issue in issues if issue.state not in [*OUT, *REFUSED]]
    is_under_way = is_writable and any(issue.state not in REPLIED_ON for issue in live)
    # Once nothing else is open: there is one word to give on all the answers together.
    answered = live if is_writable and not is_under_way else []
    return Standing(matters, answered, verdict, _is_unjudged(answered, verdict), is_under_way)


def issues_of(receipt):
    """The issues that the words of a receipt became, as its bearer may know them: none of a misconduct report."""
    rows = _rows(receipt.opinion)
    issues = _main_issues(rows)
    readable = Opinion.objects.filter(pk__in=[row.pk for row in rows]).unrestricted().count()
    is_restricted = readable < len(rows) or any(issue.is_restricted for issue in issues)
    return [] if is_restricted else issues


def _main_issues(rows):
    """The issues that these words became, each merged one replaced by its main issue."""
    links = IssueOpinion.objects.standing().filter(opinion__in=rows)
    joined = Issue.objects.filter(pk__in=links.values("issue"))
    found = {}
    for issue in joined.select_related("lead_department", "merged_into").order_by("pk"):
        passed = {issue.pk}
        while (
            issue.state == IssueState.MERGED and issue.merged_into_id and issue.merged_into_id not in passed
        ):
            issue = issue.merged_into
            passed.add(issue.pk)
        found[issue.pk] = issue
    return list(found.values())


def _is_unjudged(answered, verdict):
    """Whether one of these answers was given after the last word, or belongs to an issue it was not about."""
    if verdict is None or not answered:
        return bool(answered)
    judged = set(verdict.issues.values_list("pk", flat=True))
    return any(issue.pk not in judged or issue.replied_at > verdict.at for issue in answered)


def _round(answered, verdict):
    """The number of the answer: one more than its reworks and reopenings, and never one that was judged before."""
    again = IssueStep.objects.filter(issue__in=answered, move__in=[REWORK, REOPEN]).count()
    return max(1 + again, verdict.answer_round + 1 if verdict else 1)


def _matter(issue):
    moves = list(issue.steps.filter(changes_state=True).order_by("at", "pk"))
    texts = {name: _last_detail(moves, name) for name in ("reply", "route")}
    if issue.state == IssueState.PARKED and moves:  # what was said of an earlier parking holds no more
        texts["explanation"] = moves[-1].details.get("explanation", "")
    return _told(issue, issue.state, moves[-1].move if moves else "", **texts)


def matter_after(issue, move, *, reply="", route=""):
    """What a resident would read of an issue once a move of the table has been made. Nothing is written."""
    return _told(issue, move.target or issue.state, move.name, reply=reply, route=route)


def _told(issue, state, last_move, *, reply, route, explanation=""):
    """An issue in a state, as its resident reads it."""
    step, sentence = SENTENCES[state]
    department = issue.lead_department if state in ASSIGNED_ON else None
    if state == IssueState.CLOSED:
        sentence = CLOSED_AS.get(issue.outcome, sentence)
    elif state == IssueState.FOLLOW_UP and issue.is_spot_resolved:
        sentence = SOLVED_ON_SPOT
    elif state == IssueState.IN_PROGRESS and last_move in (REWORK, REOPEN):
        sentence = REWORKED
    return Matter(
        step,
        sentence,
        str(department or ""),
        reply if state in REPLIED_ON else "",
        route if state in REFUSED else "",
        explanation,
        issue.review_on if state == IssueState.PARKED else None,
    )


def _last_detail(steps, name):
    return next((step.details[name] for step in reversed(steps) if step.details.get(name)), "")


def _unsorted(rows):
    """Words that are no issue: a suggestion and its answer, praise, what was answered at once, or still to sort."""
    nature = rows[-1].nature
    if nature == OpinionNature.PRAISE:
        return Matter(REGISTERED, gettext_lazy("已记下，谢谢。"))
    if nature == OpinionNature.SUGGESTION:
        return _suggestion(rows)
    if OpinionNote.objects.filter(opinion__in=rows).exists():
        return Matter(ANSWERED, gettext_lazy("已经当场答复，谢谢。"))
    if IssueOpinion.objects.filter(opinion__in=rows).exists():  # taken out of an issue again
        return Matter(REGISTERED, gettext_lazy("已登记，正在重新安排受理。"))
    return Matter(REGISTERED, gettext_lazy("已登记，等待受理。"))


def _suggestion(rows):
    answers = [answer for row in rows for answer in row.answers.all()]
    if not answers:
        return Matter(REGISTERED, gettext_lazy("您的建议已登记，等待答复。"))
    last = max(answers, key=lambda answer: (answer.at, answer.pk))
    return Matter(ANSWERED, SUGGESTIONS[last.answer], reply=last.reason)


# --- What the resident says ---------------------------------------------------------------------------------


@transaction.atomic
def record_verdict(receipt, *, solved, words=""):
    """Keep the resident's word, once for each answer. It moves no issue: the office reads it and decides.

    Raises ValidationError with a sentence for the resident.
    """
    receipt = Receipt.objects.select_for_update().get(pk=receipt.pk)
    standing = standing_of(receipt)
    if not standing.answered:
        raise ValidationError(_("这件事现在还不能反馈，请等有了答复再来。"))
    if not standing.can_judge:
        raise ValidationError(_("您已经反馈过了，每次答复反馈一次。"))
    verdict = ResidentVerdict.objects.create(
        receipt=receipt,
        answer_round=_round(standing.answered, standing.verdict),
        solved=solved,
        words_verbatim=words,
    )
    verdict.issues.set(standing.answered)
    return verdict


def office_contact(campaign):
    """The department of the campaign's office that can be called, nearest to the campaign's area; or None."""
    area = campaign.area_id
    around = [area[:length] for length in places.LENGTHS if length <= len(area)]
    offices = (
        Posting.objects.active_on(timezone.localdate())
        .filter(role=Role.CAMPAIGN_OFFICE, place__in=around, cadre__department__isnull=False)
        .exclude(cadre__department__contact_phone="")
    )
    nearest = offices.order_by("-place_id", "pk").values_list("cadre__department", flat=True).first()
    return Department.objects.filter(pk=nearest).first() if nearest else None
