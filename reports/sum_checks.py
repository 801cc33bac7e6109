"""Checks of sums: what the figures of domain and dashboard promise each other."""

from dataclasses import replace

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.enums import IssueState
from issues.figures import closed, issue_rows
from issues.models import FollowUp
from issues.models.issues import REFUSED
from visits.figures import gone_rows

from .board import LOTS
from .catalogue import FIGURES
from .checks import Failure, check
from .exclusions import FULL, exclusions
from .facts import CAMPAIGN
from .sentences import label_of

# What only grows, as long as nothing is taken back.
CUMULATIVE = (
    "households_visited",
    "visits",
    "cadre_visits",
    "people_met",
    "gatherings",
    "materials_handed_out",
    "opinions",
    "issues",
    "issues_closed",
    "issues_resolved",
    "suggestions",
    "deeds",
)


@check(gettext_lazy("各地之和等于合计。"))
def parts_add_up(facts):
    """Every figure that adds up, by place with what lies above the level."""
    keys = [key for key in facts.additive if not isinstance(facts.value(key), dict)]
    rows = facts.rows(keys)
    for key in keys if rows else ():
        added = sum(row.figures[key].value or 0 for row in rows)
        if abs(added - facts.value(key)) > 0.005:
            yield Failure(
                _("%(label)s：各地之和 %(added)s，合计 %(total)s。")
                % {"label": label_of(key), "added": added, "total": facts.value(key)},
                figure=key,
                period=CAMPAIGN,
            )


@check(gettext_lazy("已走访户数不大于应访户数。"))
def visited_within_households(facts):
    yield from _not_more(facts, "households_visited", "households")
    yield from _not_more(facts, "enterprises_visited", "enterprises")


@check(gettext_lazy("已走访户数不大于走访户次，走访户次不大于走访干部人次。"))
def visits_within_cadre_visits(facts):
    yield from _not_more(facts, "households_visited", "visits")
    yield from _not_more(facts, "visits", "cadre_visits")


def _not_more(facts, smaller, larger):
    less, more = facts.value(smaller), facts.value(larger)
    if less > more:
        yield Failure(
            _("%(smaller)s %(less)s，大于%(larger)s %(more)s。")
            % {"smaller": label_of(smaller), "less": less, "larger": label_of(larger), "more": more},
            figure=smaller,
            period=CAMPAIGN,
        )


@check(gettext_lazy("已走访、未遇、空关、拒访、仅远程联系、未走访之和等于应访户数。"))
def lots_add_up(facts):
    added, whole = sum(facts.value(key) for key in LOTS), facts.value("households")
    if added != whole:
        yield Failure(
            _("各类之和 %(added)s 户，应访 %(whole)s 户。") % {"added": added, "whole": whole},
            figure="households",
            period=CAMPAIGN,
        )


@check(gettext_lazy("每件问题恰为已销号、在办、不予受理、移交之一，各类之和等于收集问题数。"))
def issues_add_up(facts):
    rows = issue_rows(facts.scope).queryset.order_by().values("state_then").annotate(n=Count("pk"))
    states = {row["state_then"]: row["n"] for row in rows}
    refused = sum(states.pop(state, 0) for state in REFUSED)
    parts = {
        "issues_closed": (facts.value("issues_closed"), states.pop(IssueState.CLOSED, 0)),
        "issues_open": (facts.value("issues_open"), sum(states.values())),
        "issues": (
            facts.value("issues"),
            facts.value("issues_closed") + facts.value("issues_open") + refused,
        ),
    }
    for key, (said, counted) in parts.items():
        if said != counted:
            yield Failure(
                _("%(label)s %(said)s 件，按状态逐件数得 %(counted)s 件。")
                % {"label": label_of(key), "said": said, "counted": counted},
                figure=key,
                period=CAMPAIGN,
            )


@check(gettext_lazy("已销号的问题都有办结方式和回访。"))
def closed_were_followed_up(facts):
    rows = closed(issue_rows(facts.scope)).queryset
    asked = FollowUp.objects.filter(at__lte=facts.as_of).exclude(result="").values("issue")
    without = {
        _("没有办结方式的已销号问题 %d 件。"): rows.filter(outcome_then=""),
        _("没有回访的已销号问题 %d 件。"): rows.exclude(pk__in=asked),
    }
    for sentence, found in without.items():
        if count := found.count():
            yield Failure(sentence % count, queryset=found)


@check(gettext_lazy("累计数不低于上一份已发报告；搬迁、拆除造成的减少由系统说明，其他减少须写明原因。"))
def totals_do_not_fall(facts):
    if facts.former is None:
        return
    before = facts.former.content["figures"][CAMPAIGN]
    for key in CUMULATIVE:
        was, now = before[key][0] or 0, facts.value(key) or 0
        if now < was and not explains_fall(facts, key, was - now):
            yield Failure(
                _("%(label)s由 %(was)s（%(former)s）减为 %(now)s。")
                % {"label": label_of(key), "was": was, "now": now, "former": facts.former},
                figure=key,
                period=CAMPAIGN,
            )


def explains_fall(facts, key, fall):
    """Whether households that were visited and then found moved or demolished account for the fall."""
    return key == "households_visited" and fall <= newly_gone(facts)


def newly_gone(facts):
    """Households visited by the former report's cut-off that are moved or demolished at this one."""
    gone = gone_rows(facts.scope).queryset.filter(first_counting_at__lte=facts.former.as_of)
    earlier = replace(facts.scope, as_of=facts.former.as_of)
    return gone.exclude(entry__in=gone_rows(earlier).queryset.values("entry")).count()


@check(gettext_lazy("“100%”都写明不含哪些。"))
def full_rates_say_what_is_left_out(facts):
    said = {(one["figure"], one["period"]) for one in exclusions(facts) if one["text"]}
    for period in facts.periods:
        for key in FIGURES:
            result = facts.result(key, period)
            if result.denominator and result.value == FULL and (key, period) not in said:
                yield Failure(_("%s为 100%%，没有写明不含哪些。") % label_of(key), figure=key, period=period)


SUM_CHECKS = (
    parts_add_up,
    visited_within_households,
    visits_within_cadre_visits,
    lots_add_up,
    issues_add_up,
    closed_were_followed_up,
    totals_do_not_fall,
    full_rates_say_what_is_left_out,
)
