"""How much a value is more or less than that of the week before."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from canvass.moments import last_moment
from issues.figures import AS_OF

from .shown import Shown


@dataclass(frozen=True)
class Change:
    """The difference of two values of one figure; `before` leads to the rows of the earlier one."""

    number: int | float
    before: Shown
    is_state: bool

    @property
    def sign(self):
        """What stands before the words for the eye."""
        return "↑" if self.number > 0 else "↓" if self.number < 0 else "＝"

    @property
    def words(self):
        """In words: how much more or less, and than what."""
        number = abs(self.number)
        told = {"number": f"{number:,.1f}" if isinstance(number, float) else f"{number:,}"}
        if str(self.before.figure.unit) == "%":
            return self._points % told
        return self._counts % told

    @property
    def _points(self):
        if not self.number:
            return _("与上周末持平")
        return _("比上周末多 %(number)s 个百分点") if self.number > 0 else _("比上周末少 %(number)s 个百分点")

    @property
    def _counts(self):
        if self.is_state:
            if not self.number:
                return _("与上周末持平")
            return _("比上周末多 %(number)s") if self.number > 0 else _("比上周末少 %(number)s")
        if not self.number:
            return _("与上周持平")
        return _("比上周多 %(number)s") if self.number > 0 else _("比上周少 %(number)s")


def is_state(figure):
    """Whether a figure says how things stand, not what a period brought: the state at the cut-off, and a rate.

    A rate of one week alone says little: what was registered on Friday can hardly be closed on Sunday.
    """
    return figure.dated_by == AS_OF or str(figure.unit) == "%"


def can_compare(question):
    """Whether the campaign already ran in the week before, and the week has begun at the cut-off."""
    return (
        question.campaign.first_on <= question.week.before.sunday
        and question.week.monday <= question.scope.day
    )


def change_of(figure, question, shown):
    """The Change of a figure; `shown(period)` gives its values. None where nothing can be compared.

    What a week brought is compared with what the week before brought; a state with the state at its end.
    """
    if not can_compare(question):
        return None
    before, state = question.week.before, is_state(figure)
    if state:
        now, ended = shown("campaign"), before.sunday
        scope = replace(question.scope, as_of=last_moment(ended))
        query = question.address(as_of=ended.isoformat())
    else:
        now, scope = shown("week"), question.scope_of(before.monday, before.sunday)
        query = question.address(week=before)
    result = figure.result(scope)
    if now.result.value is None or result.value is None:
        return None
    return Change(_minus(now.result.value, result.value), Shown(figure, result, query), state)


def _minus(now, before):
    """The difference of what the page shows: one decimal where the values have one."""
    difference = Decimal(str(now)) - Decimal(str(before))
    return int(difference) if isinstance(now, int) and isinstance(before, int) else float(difference)
