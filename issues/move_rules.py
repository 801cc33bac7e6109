"""Rules of single moves of an issue: limits of days and times, and what must have happened before.

Each takes the change under way (see moves.move_issue) and refuses with a sentence, or says nothing.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar import after_working_days

from .enums import FollowUpResult, IssueOutcome, IssueState, LimitProfile, Satisfaction
from .voices import voices_of
from .workflow import EXTEND, HEARD, LOOK_BACK, REOPEN, REWORK, SECOND_CHECK

# Defaults of the field (working days wd, days d).
SEND_BACK_WITHIN_WD = 1
EXTENSIONS, EXTENSION_WD = 3, 3
PETITION_EXTENSION_D = 30
PARKING_D, REVIEW_D = 180, 30
REOPEN_D = 90
TRIES = 3


def _may_send_back(change):
    issue = change.issue
    if issue.is_final_ruling:
        change.refuse(_("活动办已作最终裁定，不能再退单。"))
    last = after_working_days(timezone.localdate(issue.assigned_at), SEND_BACK_WITHIN_WD)
    if change.today > last:
        change.refuse(_("交办后 %d 个工作日内可以退单，现在已过期限，请签收办理。") % SEND_BACK_WITHIN_WD)


def _may_ask_extension(change):
    issue, new = change.issue, change.values["due_on"]
    if issue.due_at is None or change.now > issue.due_at:
        change.refuse(_("期限已过，不能申请延期。"))
    _check_extension(change, new)


def _check_extension(change, new):
    issue = change.issue
    due_on = timezone.localdate(issue.due_at)
    times, last, told = longest_extension(issue, due_on)
    if not due_on < new <= last:
        change.refuse(
            _("%(told)s：新期限须在 %(first)s 之后、不晚于 %(last)s。")
            % {"told": told, "first": due_on, "last": last}
        )
    # Counted from where the department's clock began.
    began = issue.steps.filter(move__in=["assign", REWORK, REOPEN]).order_by("-at", "-pk")
    since = began.values_list("at", flat=True).first()
    granted = issue.steps.filter(move=EXTEND, **({"at__gte": since} if since else {})).count()
    if granted >= times:
        change.refuse(_("已经延期 %d 次，不能再延。") % times)


def longest_extension(issue, due_on):
    """(how often, the last day of one more, the limit in words), by the issue's profile."""
    if issue.profile == LimitProfile.PETITION:
        return (
            1,
            due_on + timedelta(days=PETITION_EXTENSION_D),
            _("信访事项最多延期 %d 天") % PETITION_EXTENSION_D,
        )
    last = after_working_days(due_on, EXTENSION_WD)
    return EXTENSIONS, last, _("一次延期最多 %d 个工作日") % EXTENSION_WD


def _may_extend(change):
    _check_extension(change, change.values["due_on"])


def _may_wait(change):
    if change.values["until_on"] <= change.today:
        change.refuse(_("待补充的日期须在今天以后。"))


def _may_ask_parking(change):
    _check_review(change)


def _check_review(change):
    if not change.today < change.values["review_on"] <= change.today + timedelta(days=REVIEW_D):
        change.refuse(_("下次复核日期须在今天以后、%d 天以内。") % REVIEW_D)


def _may_review_parking(change):
    _check_review(change)
    parked = change.issue.steps.filter(move="park").order_by("-at", "-pk").first()
    begun = timezone.localdate(parked.at if parked else change.issue.state_since)
    if change.values["review_on"] > begun + timedelta(days=PARKING_D):
        change.refuse(
            _("挂账最长 %(days)d 天，到 %(last)s 为止。")
            % {
                "days": PARKING_D,
                "last": begun + timedelta(days=PARKING_D),
            }
        )


def _may_merge(change):
    issue, main = change.issue, change.values["main_issue"]
    if main.pk == issue.pk or main.campaign_id != issue.campaign_id or main.is_restricted:
        change.refuse(_("主件须是本次活动的另一件问题。"))
    if main.state in (IssueState.MERGED, IssueState.VOID, IssueState.WITHDRAWN):
        change.refuse(_("主件现在是“%s”，不能并入。") % main.get_state_display())
    if issue.merged_issues.exists():
        change.refuse(_("已有问题并入这一件，请把那些问题一起并入新的主件后再办。"))


def _may_hear(change):
    if change.values["result"] == FollowUpResult.NOT_REACHED:
        change.refuse(_("没有联系上群众，请点“未联系上”。"))
    if "voice" not in change.values and len(voices_of(change.issue)[:2]) > 1:
        change.refuse(_("这件问题有几条诉求，请选定问的是哪一条。"))


def _check_answer(change):
    """Nobody reached, nobody satisfied: a try carries no answers."""
    values = change.values
    missed = values.get("result") == FollowUpResult.NOT_REACHED
    if missed and values.get("satisfaction", Satisfaction.NO_ANSWER) != Satisfaction.NO_ANSWER:
        change.refuse(_("没有联系上群众，满意度请选“未表态”。"))


def _may_look_back(change):
    _check_answer(change)
    if change.values.get("review_on", change.today + timedelta(days=1)) <= change.today:
        change.refuse(_("下次回头看的日期须在今天以后。"))


def _may_close(change):
    values = change.values
    if values["result"] == FollowUpResult.NOT_REACHED:
        change.refuse(_("没有联系上群众，不能销号；请点“未联系上”，另行再访。"))
    if values["result"] == FollowUpResult.NOT_SOLVED:
        change.refuse(_("群众认为没有解决，不能销号；请重办。"))
    if values["outcome"] == IssueOutcome.PHASED and "review_on" not in values:
        change.refuse(_("阶段性办结须定下回头看的日期。"))


def tries_since_reply(issue):
    """How often nobody was reached since the reply that stands now; an earlier round counts no more."""
    missed = issue.follow_ups.filter(result=FollowUpResult.NOT_REACHED)
    return missed.filter(at__gte=issue.replied_at).count() if issue.replied_at else 0


def _may_ask_procedural(change):
    tries = tries_since_reply(change.issue)
    explained = change.issue.outcome == IssueOutcome.PROCEDURAL
    if tries < TRIES and not explained:
        change.refuse(
            _("须三次未联系上群众，或答复为“程序”（已解释、合法合规），才能申请；现在未联系上 %d 次。")
            % tries
        )


def is_reopening_over(issue, now):
    """Whether a struck-off issue cannot be reopened: too late, or nobody to give it back to. A new one takes it up."""
    late = issue.closed_at is not None and now > issue.closed_at + timedelta(days=REOPEN_D)
    return late or issue.lead_department_id is None


def _may_reopen(change):
    if change.now > change.issue.closed_at + timedelta(days=REOPEN_D):
        change.refuse(_("销号已超过 %d 天，请登记一件新问题并注明接续。") % REOPEN_D)


RULES = {
    "send_back": _may_send_back,
    "ask_extension": _may_ask_extension,
    EXTEND: _may_extend,
    "wait": _may_wait,
    "ask_parking": _may_ask_parking,
    "review_parking": _may_review_parking,
    "merge": _may_merge,
    HEARD: _may_hear,
    REWORK: _check_answer,
    "close": _may_close,
    LOOK_BACK: _may_look_back,
    SECOND_CHECK: _check_answer,
    "ask_procedural": _may_ask_procedural,
    REOPEN: _may_reopen,
}
