"""What a "100 %" leaves out, in words: a rate that prints as 100.0 % never stands alone."""

from django.utils.translation import override

from issues.enums import Satisfaction
from issues.models import FollowUp
from visits.figures import gone_rows

from .catalogue import FIGURES
from .facts import CAMPAIGN
from .sentences import CHINESE, label_of

FULL = 100.0
_LOTS = {
    "households_not_in": "未遇",
    "households_vacant": "空关",
    "households_refused": "拒访",
    "households_remote": "仅远程联系而不算走访的",
    "households_untried": "未走访",
}


def exclusions(facts):
    """[{figure, period, text}] for every rate of the report that prints as 100.0 %."""
    found = []
    for period in facts.periods:
        for key in FIGURES:
            result = facts.result(key, period)
            if result.denominator and result.value == FULL:
                found.append({"figure": key, "period": period, "text": _left_out(facts, key, period)})
    return found


def _left_out(facts, key, period):
    write = _WRITERS.get(key)
    if write is None:
        with override(CHINESE):
            return f"{label_of(key)}100.0%的口径：{FIGURES[key].rule}"
    return f"{label_of(key)}100.0%，不含：{write(facts, period)}。"


def _households(facts, period):
    gone = gone_rows(facts.scopes[period] or facts.scope).queryset.count()
    lots = "、".join(f"{word}{facts.value(key, period):,}户" for key, word in _LOTS.items())
    return f"已搬迁或拆除而不计入应访户数的{gone:,}户；尚未走访到的户中，{lots}"


def _not_accepted(facts, period):
    refused = facts.value("issues", period) - facts.value("issues_accepted", period)
    return f"不予受理和移交的{refused:,}件；并案、撤回和作废的不计"


def _out_of_collected(_facts, _period):
    return "并案、撤回和作废的问题"


def _without_verdict(facts, period):
    asked = FollowUp.objects.filter(
        (facts.scopes[period] or facts.scope).moments("at"), issue__campaign=facts.campaign
    )
    silent = asked.filter(issue__is_restricted=False, satisfaction__in=["", Satisfaction.NO_ANSWER])
    return f"未表态的{silent.count():,}件次"


def _not_reached(_facts, _period):
    return "未联系上的回访"


_WRITERS = {
    "visit_coverage": _households,
    "closing_rate": _not_accepted,
    "resolution_rate": _out_of_collected,
    "satisfaction_rate": _without_verdict,
    "confirmed_solved_rate": _not_reached,
}


def households_left_out(facts):
    """Moved or demolished by the cut-off: what the households to visit do not hold."""
    return gone_rows(facts.scopes[CAMPAIGN]).queryset.count()
