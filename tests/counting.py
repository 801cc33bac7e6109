"""Ask one figure in a test: value(visits, campaign) is 3; a rate is (percent, numerator, denominator)."""

from datetime import date

from canvass.figures import Scope
from canvass.moments import last_moment

from .factories import at

CUT_OFF = "2018-09-30"


def scope(campaign, as_of=CUT_OFF, *, first=None, last=None):
    """A day as the cut-off means its last moment; first and last are days, too."""
    moment = at(as_of) if len(as_of) > 10 else last_moment(date.fromisoformat(as_of))
    days = {"first": first and date.fromisoformat(first), "last": last and date.fromisoformat(last)}
    return Scope(campaign=campaign, as_of=moment, **days)


def value(figure, campaign, as_of=CUT_OFF, **period):
    result = figure.result(scope(campaign, as_of, **period))
    return result.value if result.denominator is None else tuple(result)


def parts(figure, campaign, level, as_of=CUT_OFF, **period):
    """{code: value} of a breakdown, only the rows that have records."""
    found = figure.measure(scope(campaign, as_of, **period)).by(level)
    return None if found is None else {code: result.value for code, result in found.items()}


def last_second(day):
    return at(f"{day} 23:59:59")
