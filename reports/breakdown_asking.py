"""What the page of breakdowns is asked by its address: level, figures, period, and what to compare with."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from canvass.asking import asked
from canvass.figures import GRID, PAGE_LEVELS, PLACE_LEVELS

from .catalogue import FIGURES
from .figure_choices import DEFAULTS, LEVEL_NAMES, in_order
from .questions import Question, UnclearError, ask, day_of
from .weeks import Week

BEFORE, DAYS = "before", "days"  # compared with the period just before, or with other days


@dataclass(frozen=True)
class Span:
    """The days of a period, both included; None: from the campaign's first day, until the cut-off."""

    first: date | None = None
    last: date | None = None

    @property
    def is_whole(self):
        return self.first is None and self.last is None

    def parameters(self):
        """As the list of rows takes them."""
        return {name: day.isoformat() for name, day in (("from", self.first), ("to", self.last)) if day}


@dataclass(frozen=True)
class BreakdownQuestion:
    """Rows of a level × figures of a period, and the period that they are compared with."""

    question: Question
    level: str
    figures: tuple
    span: Span
    week: Week | None = None
    compare: str = ""
    then: Span | None = None

    @property
    def scope(self):
        return self.question.scope_of(self.span.first, self.span.last)

    @property
    def then_scope(self):
        return self.question.scope_of(self.then.first, self.then.last)

    @property
    def level_name(self):
        return LEVEL_NAMES[self.level]

    @property
    def levels(self):
        """{level: name} of those that have rows within the place."""
        return {level: name for level, name in LEVEL_NAMES.items() if has_rows(level, self.question.place)}

    def address(self, **parameters):
        """The query string that asks the same again, or the same with another level; known parameters alone.

        Figures that are the level's usual ones are left out, so that another level begins with its own.
        """
        given = {"level": self.level}
        given |= {"week": str(self.week)} if self.week else self.span.parameters()
        if self.compare:
            given["compare"] = self.compare
        if self.compare == DAYS:
            given |= {f"then_{name}": day for name, day in self.then.parameters().items()}
        keys = tuple(figure.key for figure in self.figures)
        if keys != tuple(figure.key for figure in in_order(DEFAULTS[self.level])):
            given["figure"] = keys
        return f"{self.question.address()}&{urlencode(given | parameters, doseq=True)}"


def has_rows(level, place):
    """A place has no rows of a level of places above its own."""
    return level not in PLACE_LEVELS or PLACE_LEVELS[level] >= len(place.code)


def ask_breakdown(request):
    """The BreakdownQuestion of a request; None, 404 and UnclearError as `ask` gives them."""
    question = ask(request)
    if question is None:
        return None
    level = _level(asked(request, "level"), question)
    week = question.week if asked(request, "week") else None
    span = _span(request, week)
    compare, then = _then(request, question, span)
    return BreakdownQuestion(question, level, _figures(request, level), span, week, compare, then)


def _level(text, question):
    level = text or question.level or GRID
    if level not in PAGE_LEVELS:
        known = "、".join(str(name) for name in LEVEL_NAMES.values())
        raise UnclearError(
            _("没有“%(text)s”这种分组：请从%(known)s中选一种。") % {"text": text, "known": known}
        )
    if not has_rows(level, question.place):
        raise UnclearError(
            _("%(place)s比%(level)s小，不能按%(level)s分组：请选别的分组或地方。")
            % {"place": question.place.name, "level": LEVEL_NAMES[level]}
        )
    return level


def _figures(request, level):
    keys = [key.strip() for key in request.GET.getlist("figure") if key.strip()]
    for key in keys:
        if key not in FIGURES:
            raise UnclearError(_("没有“%(key)s”这个数字：请重新勾选。") % {"key": key.replace("\0", "")})
    return in_order(keys or DEFAULTS[level])


def _span(request, week):
    first, last = _days(request, "from", "to", _("时段的最后一天不能早于第一天。"))
    if week and (first or last):
        raise UnclearError(_("周和起止日只能填一种：请清空其中一种。"))
    return Span(week.monday, week.sunday) if week else Span(first, last)


def _days(request, first_name, last_name, reversed_words):
    first, last = day_of(request, first_name), day_of(request, last_name)
    if first and last and last < first:
        raise UnclearError(reversed_words)
    return first, last


def _then(request, question, span):
    """How to compare and with which days."""
    compare = asked(request, "compare")
    first, last = _days(request, "then_from", "then_to", _("对比时段的最后一天不能早于第一天。"))
    if not compare:
        return "", None
    if compare == BEFORE:
        return BEFORE, _before(question, span)
    if compare != DAYS:
        raise UnclearError(
            _("没有“%(text)s”这种比法：请选“与上一时段比”或“与另一时段比”。") % {"text": compare}
        )
    if not (first and last):
        raise UnclearError(_("与另一时段比较，请把对比时段的第一天和最后一天都填上。"))
    return DAYS, Span(first, last)


def _before(question, span):
    """As many days as the period has, just before it."""
    if span.is_whole:
        raise UnclearError(_("与上一时段比较，请先选一周，或填时段的第一天和最后一天。"))
    scope = question.scope_of(span.first, span.last)
    first, last = span.first or scope.first_day, span.last or scope.last_day
    if last < first:
        raise UnclearError(_("时段在截止日之后，没有上一时段可比：请改时段或截止日。"))
    return Span(first - (last - first) - timedelta(days=1), first - timedelta(days=1))
