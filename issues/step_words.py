"""What a step of an issue recorded, in words."""

from django.utils.translation import gettext, gettext_lazy

from visits.enums import VisitWay

from .enums import FollowUpResult, IssueOutcome, Satisfaction
from .models import Issue

FIELD_WORDS = {
    "lead_department": gettext_lazy("主办单位"),
    "due_on": gettext_lazy("期限"),
    "reason": gettext_lazy("说明"),
    "outcome": gettext_lazy("办结方式"),
    "result": gettext_lazy("回访结果"),
    "satisfaction": gettext_lazy("满意度"),
    "way": gettext_lazy("回访方式"),
    "route": gettext_lazy("应向何处反映"),
    "told": gettext_lazy("已告知何人"),
    "main_issue": gettext_lazy("主件"),
    "proposed_department": gettext_lazy("建议承办单位"),
    "until_on": gettext_lazy("待补充至"),
    "plan": gettext_lazy("工作计划"),
    "milestone": gettext_lazy("阶段目标"),
    "review_on": gettext_lazy("下次复核日期"),
    "explanation": gettext_lazy("给群众的说明"),
    "reply": gettext_lazy("给群众的答复"),
    "evidence": gettext_lazy("佐证"),
    "is_final": gettext_lazy("最终裁定"),
    "supports": gettext_lazy("协办单位"),
    "voice": gettext_lazy("问的是哪条诉求"),
}
LABELS = {
    "outcome": IssueOutcome,
    "result": FollowUpResult,
    "satisfaction": Satisfaction,
    "way": VisitWay,
}
# What a resident answered, and the moves whose reason are the resident's words: not for the department that is
# judged by them.
ANSWERED_FIELDS = ("way", "result", "satisfaction", "voice")
RESIDENTS_WORDS = ("not_reached", "close")


def told(step, without=()):
    """What a step recorded beside its reason: [(word, text)]; `without` leaves some fields out.

    A main issue that has become restricted since is not named.
    """
    shown = [name for name in step.details if name in FIELD_WORDS and name not in without]
    if "main_issue" in shown and _names_restricted(step):
        shown.remove("main_issue")
    return [(FIELD_WORDS[name], _label(name, step.details[name])) for name in shown]


def _names_restricted(step):
    number = step.details["main_issue"].split(" ", 1)[0]
    restricted = Issue.objects.filter(campaign=step.issue.campaign_id, is_restricted=True)
    return restricted.filter(number=number).exists()


def _label(name, text):
    if name == "is_final":
        return gettext("是")
    return str(dict(LABELS[name].choices).get(text, text)) if name in LABELS else str(text)
