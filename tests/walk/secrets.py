"""Marks planted in everything that holds something of a resident or a place, and who may read each of them.

The rules are written down here once more, by hand and from docs/roles.md: they use nothing of `visible_to`, so that
a mistake there does not excuse itself.
"""

import re
from dataclasses import dataclass
from itertools import count

from canvass.roles import AREA_READERS, REPORT_READERS, ROSTER_READERS, Role

TEXT = re.compile(r"zq\d{4}zq")
NUMBER = re.compile(r"(?<!\d)139\d{8}(?!\d)")

UNITS = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD})
EVERYBODY = frozenset({"everybody"})
SIGNED_IN = frozenset({"signed in"})


@dataclass(frozen=True)
class Rule:
    """Which roles read it where their posting lies; `whole`: only if the posting holds the row's place, town and all."""

    roles: frozenset
    superuser: bool = False
    restricted: bool = False


RULES = {
    # What residents said and what belongs to their doors.
    "resident": Rule(frozenset(AREA_READERS)),
    # The full name of a householder stands on the form of whoever may correct it; everybody else reads 张*.
    "holder": Rule(frozenset({Role.CAMPAIGN_OFFICE})),
    # A resident's number is on no page; whoever may see it asks for it, with a reason.
    "number": Rule(frozenset()),
    "restricted": Rule(frozenset({Role.DISCIPLINE})),
    # Beside a misconduct report stands at which door and by whom it was heard.
    "door": Rule(frozenset({*AREA_READERS, Role.DISCIPLINE})),
    "visitor": Rule(frozenset({*AREA_READERS, *ROSTER_READERS, Role.DISCIPLINE}), superuser=True),
    "slip": Rule(frozenset(REPORT_READERS)),
    "case": Rule(frozenset(REPORT_READERS)),
    "inspection": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.INSPECTOR})),
    "verdict": Rule(
        frozenset({Role.CAMPAIGN_OFFICE, Role.INSPECTOR, Role.LEADING_GROUP, Role.VILLAGE_OFFICE})
    ),
    "report": Rule(frozenset(REPORT_READERS)),
    "draft": Rule(frozenset({Role.CAMPAIGN_OFFICE})),
    "load": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.AUDITOR})),
    # What residents ask about their own data: of a door, not of a misconduct report.
    "rights": Rule(frozenset({Role.CAMPAIGN_OFFICE})),
    "conduct": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.DISCIPLINE})),
    "hand_over": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.VILLAGE_OFFICE})),
    "feedback": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.SYSTEM_ADMIN})),
    "redaction": Rule(frozenset({Role.CAMPAIGN_OFFICE})),
    "release": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.LEADING_GROUP})),
    "purge": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.AUDITOR})),
    "audit": Rule(frozenset({Role.AUDITOR})),
    "roster": Rule(frozenset({*AREA_READERS, *ROSTER_READERS}), superuser=True),
    "account": Rule(frozenset(ROSTER_READERS), superuser=True),
    "staff phone": Rule(frozenset({Role.CAMPAIGN_OFFICE, Role.SYSTEM_ADMIN}), superuser=True),
    "team": Rule(frozenset(set(Role) - UNITS)),
    "campaign": Rule(frozenset(set(Role) - UNITS)),
    # One's own, and nobody else's.
    "own": Rule(frozenset()),
}


@dataclass(frozen=True)
class Secret:
    """A mark or a row: what it is, where it lies, who else may read it."""

    rule: str
    code: str
    what: str
    also: frozenset = frozenset()
    # A campaign and its teams are read by those inside its area, too.
    from_inside: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody who walks: a role at one place, or none."""

    key: str
    user: object = None
    role: str = ""
    code: str = ""

    def reads(self, secret):
        if "everybody" in secret.also or self.key in secret.also or self.role in secret.also:
            return True
        if self.user is None:
            return False
        if "signed in" in secret.also:
            return bool(self.role) or self.key == "superuser"
        rule = RULES[secret.rule]
        if self.key == "superuser":
            return rule.superuser
        if self.role not in rule.roles or not self.code:
            return False
        return secret.code.startswith(self.code) or (secret.from_inside and self.code.startswith(secret.code))


class Marks:
    """Every mark that was planted: text -> Secret."""

    def __init__(self):
        self.planted = {}
        self._numbers = count(1)

    def text(self, what, rule, code, also=frozenset(), **more):
        return self._plant(f"zq{next(self._numbers):04d}zq", Secret(rule, code, what, also, **more))

    def number(self, what, rule, code, also=frozenset()):
        return self._plant(f"139{next(self._numbers):08d}", Secret(rule, code, what, also))

    def _plant(self, text, secret):
        self.planted[text] = secret
        return text

    def found_in(self, text):
        """{mark: Secret} of all that stand in a text."""
        found = {*TEXT.findall(text), *NUMBER.findall(text)}
        return {mark: self.planted[mark] for mark in found if mark in self.planted}

    def leaks(self, person, text):
        """What stands in a text that this person must not read, in words."""
        return sorted(
            f"{mark} ({secret.what} at {secret.code})"
            for mark, secret in self.found_in(text).items()
            if not person.reads(secret)
        )
