"""Figures of issues, suggestions' answers and good deeds."""

from dataclasses import replace
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.calendar import exceptions_between, working_days
from canvass.figures import Grouped, Median, Rate, Rows, count, figure, total
from visits.figures import OWN
from visits.figures import suggestions as all_suggestions

from .enums import (
    FollowUpResult,
    IssueOutcome,
    IssueState,
    Satisfaction,
    SuggestionVerdict,
    SupervisionColour,
)
from .models import Category, Deed, FollowUp, Issue, IssueStep, SuggestionAnswer, SupervisionSlip
from .models.issues import OUT, REFUSED, REPLIED_ON, STARTED
from .workflow import EXTEND, REOPEN, REWORK, SEND_BACK

AS_OF = "as_of"
REGISTERED, CLOSED, DUE, STEP, REPLIED, FOLLOW_UP = (
    "registered",
    "closed",
    "due",
    "step",
    "replied",
    "follow-up",
)
ANSWERED = [FollowUpResult.SOLVED, FollowUpResult.PARTLY, FollowUpResult.NOT_SOLVED]
VERDICTS = [Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.DISSATISFIED]
REOPEN_WITHIN = timedelta(days=90)


# --- Rows -----------------------------------------------------------------------------------------------------


def issue_rows(scope):
    """Every issue known at the cut-off, with its state then; void, merged, withdrawn, restricted ones out."""
    issues = (
        Issue.objects.unrestricted()
        .filter(
            campaign=scope.campaign,
            registered_at__gte=scope.campaign.first_at,
            registered_at__lte=scope.as_of,
        )
        .with_state_at(scope.as_of)
        .exclude(state_then__in=OUT)
    )
    return Rows(issues, place="place_id", department="lead_department__name", category="category_id")


def registered_rows(scope):
    return issue_rows(scope).filter(scope.moments("registered_at"))


def accepted(rows):
    return rows.filter(~Q(state_then__in=REFUSED))


def closed(rows):
    return rows.filter(state_then=IssueState.CLOSED)


def resolved(rows, scope):
    """Closed, and either a real fix or the resident's last answer was: solved."""
    last_answer = FollowUp.objects.filter(issue=OuterRef("pk"), at__lte=scope.as_of, result__in=ANSWERED)
    answered = rows.queryset.annotate(
        last_answer=Subquery(last_answer.order_by("-at", "-pk").values("result")[:1])
    )
    return closed(
        Rows(answered, rows.place, rows.department, rows.category).filter(
            Q(outcome_then=IssueOutcome.SUBSTANTIVE) | Q(last_answer=FollowUpResult.SOLVED)
        )
    )


def closed_rows(scope):
    """Closed at the cut-off, the closing in the period."""
    return closed(issue_rows(scope)).filter(scope.moments("since_then"))


def due_rows(scope):
    """Every issue with its due date of the cut-off: an extension counts from the moment it was approved."""
    rows = issue_rows(scope)
    return replace(rows, queryset=rows.queryset.with_due_at(scope.as_of))


def replied_rows(scope):
    """Issues ever replied, the first reply in the period."""
    return issue_rows(scope).filter(scope.moments("first_replied_at"))


def _has_step(scope, move, **conditions):
    steps = IssueStep.objects.filter(issue=OuterRef("pk"), move=move, at__lte=scope.as_of)
    return Exists(steps.filter(**conditions))


def _side_rows(model, scope, moment, **conditions):
    """Rows that hang on issues which are in the figures, dated by their own moment."""
    rows = model.objects.filter(scope.moments(moment), issue__in=issue_rows(scope).queryset.values("pk"))
    return Rows(
        rows.filter(**conditions),
        place="issue__place_id",
        department="department__name" if hasattr(model, "department") else "issue__lead_department__name",
        category="issue__category_id",
    )


# --- Collected and accepted -----------------------------------------------------------------------------------


@figure(_("收集问题数"), _("件"), REGISTERED, _("登记的问题；作废、并案、撤回的不计。"))
def issues(scope):
    return count(registered_rows(scope))


@figure(_("问题分类"), _("件"), REGISTERED, _("收集问题按一级类别分组。"))
def issues_by_category(scope):
    codes = Category.objects.filter(parent=None).values_list("code", flat=True)
    return Grouped(issues.function(scope), Substr("category_id", 1, 2), codes)


@figure(pgettext_lazy("figure", "已受理"), _("件"), REGISTERED, _("收集问题减去不予受理和移交的。"))
def issues_accepted(scope):
    return count(accepted(registered_rows(scope)))


@figure(
    pgettext_lazy("figure", "已交办"), _("件"), STEP, _("已受理问题中曾交办给承办单位的，按首次交办时间。")
)
def issues_assigned(scope):
    return count(accepted(issue_rows(scope)).filter(scope.moments("first_assigned_at")))


@figure(_("当场解决"), _("件"), REGISTERED, _("走访时当场解决的问题。"))
def spot_resolved(scope):
    return count(registered_rows(scope).filter(is_spot_resolved=True))


# --- Handled --------------------------------------------------------------------------------------------------


@figure(pgettext_lazy("figure", "在办"), _("件"), AS_OF, _("截止时点已受理而未销号的问题。"))
def issues_open(scope):
    return count(accepted(issue_rows(scope)).filter(~Q(state_then=IssueState.CLOSED)))


@figure(_("着手解决"), _("件"), AS_OF, _("截止时点处于办理中、待补充、挂账、已办理或待回访的问题。"))
def issues_started(scope):
    return count(issue_rows(scope).filter(state_then__in=STARTED))


@figure(
    pgettext_lazy("figure", "已解决"),
    _("件"),
    CLOSED,
    _("截止时点已销号，且实质办结或群众最近一次回访认定已解决的问题。"),
)
def issues_resolved(scope):
    return count(resolved(closed_rows(scope), scope))


@figure(pgettext_lazy("figure", "已销号"), _("件"), CLOSED, _("截止时点已销号的问题，按销号时间。"))
def issues_closed(scope):
    return count(closed_rows(scope))


@figure(
    _("已解决或着手解决"),
    _("件"),
    AS_OF,
    _("已解决与着手解决之和，须连同两个分项一起公布。"),
)
def issues_resolved_or_started(scope):
    started = issue_rows(scope).filter(state_then__in=STARTED).queryset.values("pk")
    done = resolved(closed_rows(scope), scope).queryset.values("pk")
    both = Issue.objects.filter(Q(pk__in=started) | Q(pk__in=done))
    return count(Rows(both, "place_id", "lead_department__name", "category_id"))


@figure(_("办结率"), _("%"), REGISTERED, _("时段内登记的问题中：已销号 ÷ 已受理。"))
def closing_rate(scope):
    rows = accepted(registered_rows(scope))
    return Rate(count(closed(rows)), count(rows))


@figure(_("解决率"), _("%"), REGISTERED, _("时段内登记的问题中：已解决 ÷ 收集问题数。"))
def resolution_rate(scope):
    rows = registered_rows(scope)
    return Rate(count(resolved(rows, scope)), count(rows))


@figure(_("实质性办结率"), _("%"), CLOSED, _("时段内销号的问题中：实质办结 ÷ 已销号。"))
def substantive_rate(scope):
    rows = closed_rows(scope)
    return Rate(count(rows.filter(outcome_then=IssueOutcome.SUBSTANTIVE)), count(rows))


@figure(
    _("按期办结率"),
    _("%"),
    DUE,
    _("期限落在时段内的问题中：期限前已有批准、未被退回重办的答复 ÷ 全部；超期未办的留在分母里。"),
)
def on_time_rate(scope):
    rows = due_rows(scope).filter(scope.moments("due_then"))
    answered = replace(rows, queryset=rows.queryset.with_reply_at(scope.as_of))
    return Rate(count(answered.filter(replied_then__lte=F("due_then"))), count(rows))


@figure(_("超期在办"), _("件"), AS_OF, _("截止时点已过期限而没有批准的答复的已受理问题。"))
def issues_overdue(scope):
    rows = accepted(due_rows(scope)).filter(~Q(state_then__in=REPLIED_ON))
    # A due date that names a day ends with that day's last second.
    return count(rows.filter(due_then__lt=scope.as_of.replace(microsecond=0)))


@figure(_("退单数"), _("件次"), STEP, _("承办单位退回的交办。"))
def returns(scope):
    return count(_side_rows(IssueStep, scope, "at", move=SEND_BACK))


@figure(_("延期数"), _("件次"), STEP, _("批准的延期。"))
def extensions(scope):
    return count(_side_rows(IssueStep, scope, "at", move=EXTEND))


@figure(_("督办件数"), _("件次"), STEP, _("发出的督办单按颜色分组。"))
def supervisions_by_colour(scope):
    return Grouped(count(_side_rows(SupervisionSlip, scope, "issued_at")), "colour", SupervisionColour)


# --- Asked back -----------------------------------------------------------------------------------------------


@figure(_("回访率"), _("%"), REPLIED, _("曾答复或销号的问题中：至少有一次得到回答的回访 ÷ 全部。"))
def follow_up_rate(scope):
    known = issue_rows(scope)
    known = Rows(
        known.queryset.annotate(answered_at=Coalesce("first_replied_at", "first_closed_at")),
        known.place,
        known.department,
        known.category,
    ).filter(scope.moments("answered_at"))
    asked = FollowUp.objects.filter(issue=OuterRef("pk"), at__lte=scope.as_of, result__in=ANSWERED)
    return Rate(count(known.filter(Exists(asked))), count(known))


@figure(_("群众认定解决率"), _("%"), FOLLOW_UP, _("得到回答的回访中：已解决 ÷ 全部。"))
def confirmed_solved_rate(scope):
    rows = _side_rows(FollowUp, scope, "at", result__in=ANSWERED)
    return Rate(count(rows.filter(result=FollowUpResult.SOLVED)), count(rows))


@figure(_("满意率"), _("%"), FOLLOW_UP, _("表态的回访中：满意和基本满意 ÷ 全部；未表态的不计。"))
def satisfaction_rate(scope):
    rows = _side_rows(FollowUp, scope, "at", satisfaction__in=VERDICTS)
    return Rate(count(rows.filter(~Q(satisfaction=Satisfaction.DISSATISFIED))), count(rows))


@figure(_("重办率"), _("%"), REPLIED, _("曾答复的问题中：至少重办一次的 ÷ 全部。"))
def rework_rate(scope):
    rows = replied_rows(scope)
    return Rate(count(rows.filter(_has_step(scope, REWORK))), count(rows))


@figure(_("重开率"), _("%"), CLOSED, _("曾销号的问题中：销号后 90 天内重开的 ÷ 全部。"))
def reopen_rate(scope):
    rows = issue_rows(scope).filter(scope.moments("first_closed_at"))
    reopened = _has_step(scope, REOPEN, at__lte=OuterRef("first_closed_at") + REOPEN_WITHIN)
    return Rate(count(rows.filter(reopened)), count(rows))


@figure(
    _("办理时长中位数"),
    _("工作日"),
    CLOSED,
    _("时段内销号的问题，从登记次日到销号当日（含）的工作日数的中位数；偶数件时可能为 .5。"),
)
def median_handling_days(scope):
    return Median(closed_rows(scope), ("registered_at", "since_then"), _handling_days)


def _handling_days(rows):
    """Working days of each (registered, closed) pair; the office's calendar rows are read once."""
    days = [(timezone.localdate(registered), timezone.localdate(closing)) for registered, closing in rows]
    if not days:
        return []
    exceptions = exceptions_between(min(first for first, _last in days), max(last for _first, last in days))
    lengths = {pair: working_days(*pair, exceptions) for pair in set(days)}
    return [lengths[pair] for pair in days]


# --- Suggestions and deeds ------------------------------------------------------------------------------------


@figure(_("吸纳建议数"), _("条"), OWN, _("最近一次答复为采纳或部分采纳的建议。"))
def suggestions_adopted(scope):
    rows = all_suggestions.function(scope).rows
    answer = SuggestionAnswer.objects.filter(opinion=OuterRef("pk"), at__lte=scope.as_of)
    answered = rows.queryset.annotate(
        last_answer=Subquery(answer.order_by("-at", "-pk").values("answer")[:1])
    )
    adopted = answered.filter(last_answer__in=[SuggestionVerdict.ADOPTED, SuggestionVerdict.PARTLY])
    return count(Rows(adopted, place=rows.place))


@figure(_("建议采纳率"), _("%"), OWN, _("吸纳建议数 ÷ 收集建议数。"))
def adoption_rate(scope):
    return Rate(suggestions_adopted.function(scope), all_suggestions.function(scope))


def deed_rows(scope):
    deeds_done = Deed.objects.filter(scope.days("done_on"), campaign=scope.campaign)
    return Rows(deeds_done.valid_at(scope.known), place="place_id")


@figure(_("办实事件数"), _("件"), OWN, _("记录的实事。"))
def deeds(scope):
    return count(deed_rows(scope))


@figure(_("帮扶金额"), _("元"), OWN, _("实事金额之和。"))
def deed_amount(scope):
    return total(deed_rows(scope), "amount")


@figure(_("受益户数"), _("户"), OWN, _("实事受益户数之和。"))
def deed_households(scope):
    return total(deed_rows(scope), "households_helped")
