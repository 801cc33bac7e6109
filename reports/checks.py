"""What must hold before a report is issued. A check names its sentence and gives its failures, each with its rows.

A check is a function of `Facts`; it needs no page and no draft, so that any page may run it. A failure of an
error is mended or overruled by somebody with a reason before the report goes out; a warning is shown.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from canvass.shared import shared_queries


class Severity(TextChoices):
    ERROR = "error", _("必须处理")
    WARNING = "warning", _("请留意")


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong: in words, and the rows behind it or the figure whose rows show it."""

    text: str
    queryset: Any = None
    figure: str = ""
    period: str = ""


@dataclass(frozen=True)
class Check:
    """`function(facts)` gives the failures; none means that the sentence holds."""

    key: str
    sentence: str
    severity: Severity
    function: Any

    def failures(self, facts):
        return list(self.function(facts))


@dataclass(frozen=True)
class Outcome:
    """A check that was run. `overruled` is who decided why, for exactly these failures; else None."""

    check: Check
    failures: list = field(default_factory=list)
    overruled: dict | None = None

    @property
    def holds(self):
        return not self.failures

    @property
    def blocks(self):
        """Whether the report may not be issued because of it."""
        return bool(self.failures) and self.check.severity == Severity.ERROR and self.overruled is None

    @property
    def texts(self):
        return [failure.text for failure in self.failures]


def check(sentence, severity=Severity.ERROR):
    """Decorator: the function `key(facts) -> failures` becomes a Check of that key."""

    def wrap(function):
        return Check(function.__name__, sentence, severity, function)

    return wrap


def run_checks(facts, checks):
    """An Outcome for each check, in their order."""
    decided = facts.draft.overruled if facts.draft else {}
    outcomes = []
    with shared_queries():
        for one in checks:
            failures = one.failures(facts)
            said = decided.get(one.key)
            still_the_same = said and said.get("failures") == [failure.text for failure in failures]
            outcomes.append(Outcome(one, failures, said if failures and still_the_same else None))
    return outcomes
