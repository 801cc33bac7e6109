"""The one write door of an issue: lock, re-read, check, write, append the step. Everything else calls it."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import clocks
from .clock_effects import EFFECTS as CLOCK_EFFECTS
from .enums import FollowUpResult, IssueLevel, IssueOutcome
from .models import FollowUp, Issue, IssueStep, IssueSupport
from .move_rules import RULES, TRIES
from .permissions import calls_for, can_move_issue, pending_request
from .step_words import FIELD_WORDS
from .voices import voices_of
from .workflow import CONTRIBUTE, HEARD, LOOK_BACK, MOVES, RECKONED, REOPEN, REWORK, SECOND_CHECK

# Days after a closing that was drawn by chance.
SECOND_CHECK_D = 7


@transaction.atomic
def move_issue(issue, *, move, by, version, **values):
    """Make one move of the table. `version` is what the person saw; `values` are the move's fields.

    Raises ValidationError with a sentence that helps; its code is stale, state, closed, forbidden, incomplete
    or rule.
    """
    move = MOVES[move]
    issue = Issue.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=issue.pk)
    _check_movable(issue, move, by, version)
    values = {name: values.get(name) for name in move.fields if values.get(name)}
    _check_complete(move, values)
    now = timezone.now()
    change = _Change(issue, move, by, now, values)
    if rule := RULES.get(move.name):
        rule(change)
    if effect := _EFFECTS.get(move.name):
        effect(change)
    if clock_effect := CLOCK_EFFECTS.get(move.clock):
        clock_effect(change)
    _keep_follow_up(change)
    before = issue.state
    if move.target is not None:
        issue.state, issue.state_since = move.target, now
    issue.version += 1
    issue.save()
    IssueStep.objects.create(
        issue=issue,
        move=move.name,
        from_state=before,
        to_state=issue.state,
        changes_state=move.target is not None,
        at=now,
        by=by,
        department=change.department,
        outcome=values.get("outcome", ""),
        due_at=issue.due_at,
        reason="" if move.name in _OWN_WORDS else values.get("reason", ""),
        details={} if move.name in _OWN_WORDS else _details(values),
    )
    return issue


def reckon_provisional(*, dry_run=False):
    """Make the due dates definite that were reckoned before their year's plan of holidays was published.

    Returns [(issue, old due date, new due date)] of those that moved. A lead department's due date that moves
    leaves a step, as any change of it does; nobody saw another date as definite.
    """
    moved = []
    for clock in clocks.now_published():
        with transaction.atomic():
            issue = (
                Issue.objects.select_for_update(of=("self",))
                .select_related("campaign")
                .get(pk=clock.issue_id)
            )
            clock = issue.clocks.running().filter(pk=clock.pk, is_provisional=True).first()
            if clock is None or not issue.campaign.is_writable:
                continue
            before, after = clock.due_at, clocks.definite_due(clock)
            if before != after:
                moved.append((issue, before, after))
            if not dry_run:
                _reckon(issue, clock, after)
    return moved


def _reckon(issue, clock, due_at):
    is_lead = clock.kind in clocks.ANSWERS and clock.department_id == issue.lead_department_id
    changed = clock.due_at != due_at
    clock.due_at, clock.is_provisional = due_at, False
    clock.save(update_fields=["due_at", "is_provisional"])
    if not (is_lead and changed):
        return
    issue.due_at, issue.version = due_at, issue.version + 1
    issue.save(update_fields=["due_at", "version"])
    IssueStep.objects.create(
        issue=issue,
        move=RECKONED,
        from_state=issue.state,
        to_state=issue.state,
        changes_state=False,
        department=issue.lead_department,
        due_at=due_at,
    )


@dataclass
class _Change:
    """One move under way."""

    issue: Issue
    move: object
    by: object
    now: object
    values: dict

    def __post_init__(self):
        self.department = self.issue.lead_department

    @property
    def today(self):
        return timezone.localdate(self.now)

    def refuse(self, sentence):
        raise ValidationError(sentence, code="rule")


# --- Checks that every move passes ------------------------------------------------------------------------------


def _check_movable(issue, move, by, version):
    state = issue.get_state_display()
    if version != issue.version:
        last = issue.steps.select_related("by").last()
        who = last.by.display_name if last and last.by else _("他人")
        raise ValidationError(
            _("这件问题已被%(who)s改为“%(state)s”，请看清最新情况后再办。") % {"who": who, "state": state},
            code="stale",
        )
    if issue.state not in move.sources:
        raise ValidationError(
            _("问题现在是“%(state)s”，不能%(move)s。") % {"state": state, "move": move.label}, code="state"
        )
    if not issue.campaign.is_writable:
        raise ValidationError(_("活动已结束，问题只能查看。"), code="closed")
    if not can_move_issue(by, issue, move):
        raise ValidationError(_refusal(issue, move, by), code="forbidden")
    if not calls_for(issue, move):
        raise ValidationError(
            _("这件问题现在不能%s：没有到期的安排或待定的事项。") % move.label, code="state"
        )


def _refusal(issue, move, by):
    if move.request:
        asked = pending_request(issue, move.request)
        if asked is None:
            return _("没有待批的申请，不能%s。") % move.label
        if asked.by_id == by.pk:
            return _("%s须由申请人以外的人办理。") % move.label
    if move.afresh:
        return _("%s须由未经手、未走访、也没有回访或销号过此事的人员办理。") % move.label
    if move.independent:
        return _("%s须由未经手、未走访此事的人员办理。") % move.label
    return _("您的角色或范围不能%s。") % move.label


def _check_complete(move, values):
    missing = [FIELD_WORDS[name] for name in move.required if name not in values]
    if missing:
        raise ValidationError(
            _("%(move)s须填写：%(fields)s。")
            % {"move": move.label, "fields": _("、").join(map(str, missing))},
            code="incomplete",
        )


# Of these the step says no more than that somebody asked: the department that is judged reads the steps, and must
# not learn from them who said what. The answer stands in the follow-up alone.
_OWN_WORDS = (HEARD, LOOK_BACK, SECOND_CHECK)


def _details(values):
    """What the step's own columns do not hold, as text; never whose words were asked about."""
    own = ("reason", "outcome", "voice")
    return {name: _text(value) for name, value in values.items() if name not in own}


def _text(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple) or hasattr(value, "iterator"):
        return "；".join(str(one) for one in value)
    return str(value)


# --- What a move changes besides the state ----------------------------------------------------------------------


def _assign(change):
    issue, values = change.issue, change.values
    issue.lead_department = values["lead_department"]
    issue.assigned_at, issue.first_assigned_at = change.now, issue.first_assigned_at or change.now
    issue.is_final_ruling = bool(values.get("is_final"))
    change.department = issue.lead_department
    wanted = {d.pk for d in values.get("supports", ())} - {issue.lead_department_id}
    issue.supports.exclude(department__in=wanted).delete()
    IssueSupport.objects.bulk_create(
        [IssueSupport(issue=issue, department_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )


def _release(change):
    """Nobody's any more: the office decides anew."""
    issue = change.issue
    issue.lead_department = issue.assigned_at = issue.due_at = None
    issue.supports.all().delete()


def _wait_until(change):
    change.issue.review_on = change.values["until_on"]


def _park(change):
    asked = pending_request(change.issue, "ask_parking")
    approved = ("plan", "milestone", "review_on", "explanation")
    change.values.update({k: v for k, v in asked.details.items() if k in approved})
    change.issue.review_on = date.fromisoformat(asked.details["review_on"])


def _review(change):
    change.issue.review_on = change.values["review_on"]


def _forget_review(change):
    change.issue.review_on = None


def _reply(change):
    issue = change.issue
    issue.replied_at, issue.first_replied_at = change.now, issue.first_replied_at or change.now
    issue.result, issue.outcome = change.values["reason"], change.values["outcome"]


def _spot(change):
    issue = change.issue
    issue.is_spot_resolved, issue.result = True, change.values["reason"]
    issue.replied_at, issue.first_replied_at = change.now, issue.first_replied_at or change.now


_LEVELS = list(IssueLevel)


def _rework(change):
    issue = change.issue
    issue.replied_at, issue.outcome = None, ""
    if issue.is_spot_resolved:
        issue.is_spot_resolved = False
        if issue.lead_department_id is None:
            change.refuse(_("当场解决的问题没有承办单位，请撤回后重新受理交办。"))
    if issue.steps.filter(move=REWORK).exists():
        issue.level = _LEVELS[min(_LEVELS.index(issue.level) + 1, len(_LEVELS) - 1)]


def _close(change):
    issue = change.issue
    issue.closed_at, issue.first_closed_at = change.now, issue.first_closed_at or change.now
    issue.outcome = change.values["outcome"]
    issue.review_on = change.values.get("review_on")
    # Chance decides, and nobody who closes is told: no step, no message and no page of theirs says it.
    drawn = secrets.randbelow(100) < issue.campaign.second_check_percent
    issue.second_check_on = change.today + timedelta(days=SECOND_CHECK_D) if drawn else None


def _close_procedural(change):
    change.values["outcome"] = IssueOutcome.PROCEDURAL
    _close(change)


def _look_back(change):
    """Solved: over. Otherwise it comes up again on the new day; without one it stays due."""
    solved = change.values["result"] == FollowUpResult.SOLVED
    change.issue.review_on = None if solved else change.values.get("review_on", change.issue.review_on)


def _second_check(change):
    """Done once somebody was reached, or tried as often as before a procedural closing."""
    issue, missed = change.issue, FollowUpResult.NOT_REACHED
    tries = issue.follow_ups.filter(result=missed, at__gt=issue.closed_at).count() + 1
    if change.values["result"] != missed or tries >= TRIES:
        issue.second_check_on = None


def _reopen(change):
    issue = change.issue
    issue.replied_at = issue.closed_at = issue.review_on = issue.second_check_on = None
    issue.outcome = ""
    if issue.lead_department_id is None:
        change.refuse(_("当场解决的问题没有承办单位，请登记一件新问题并注明接续。"))


def _merge(change):
    change.issue.merged_into = change.values["main_issue"]


def _unmerge(change):
    change.issue.merged_into = None


def _contribute(change):
    """The step is the supporting department's own."""
    own = change.issue.supports.filter(department__in=change.by.reach.department_ids)
    change.department = own.exclude(department=change.issue.lead_department_id).first().department


_EFFECTS = {
    CONTRIBUTE: _contribute,
    "assign": _assign,
    "send_back": _release,
    "wait": _wait_until,
    "resume": _forget_review,
    "park": _park,
    "review_parking": _review,
    "unpark": _forget_review,
    "reply": _reply,
    "spot": _spot,
    REWORK: _rework,
    "close": _close,
    "close_procedural": _close_procedural,
    LOOK_BACK: _look_back,
    SECOND_CHECK: _second_check,
    REOPEN: _reopen,
    "merge": _merge,
    "unmerge": _unmerge,
}


def _keep_follow_up(change):
    """What the resident answered, or that nobody was reached, in a row of its own."""
    values = change.values
    result = FollowUpResult.NOT_REACHED if change.move.name == "not_reached" else values.get("result", "")
    if result or values.get("satisfaction"):
        FollowUp.objects.create(
            issue=change.issue,
            opinion=_voice(change),
            at=change.now,
            by=change.by,
            way=values.get("way", ""),
            result=result,
            satisfaction=values.get("satisfaction", ""),
            words_verbatim=values.get("reason", ""),
        )


def _voice(change):
    """Whose matter was asked about; the only resident need not be named."""
    voices, named = voices_of(change.issue), change.values.get("voice")
    if named is None:
        only = voices[:2]
        return only[0] if len(only) == 1 else None
    if not voices.filter(pk=named.pk).exists():
        change.refuse(_("诉求 %s 不属于这件问题，或者已经移出、作废。") % named.number)
    return named
