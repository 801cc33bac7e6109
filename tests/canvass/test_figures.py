"""The arithmetic that all figures share."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from canvass.figures import Measure, Median, Rate, Result, Scope, percent

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Days:
    """What a scope reads of a campaign."""

    first_on: date = date(2018, 7, 1)
    area_id: str = "330411105"


@pytest.mark.parametrize(
    ("numerator", "denominator", "wanted"),
    [
        (1, 3, 33.3),
        (2, 3, 66.7),
        (1, 16, 6.3),  # 6.25: half up, not to even
        (3, 16, 18.8),  # 18.75
        (1, 2000, 0.1),  # 0.05
        (1, 2001, 0.0),
        (1999, 2000, 100.0),  # 99.95
        (96, 103, 93.2),
        (0, 5, 0.0),
        (5, 5, 100.0),
        (6, 5, 120.0),
    ],
)
def test_percent_has_one_decimal_half_up(numerator, denominator, wanted):
    assert percent(numerator, denominator) == wanted


@pytest.mark.parametrize("numerator", [0, 3])
def test_percent_of_nothing_is_no_number(numerator):
    assert percent(numerator, 0) is None


class Fixed(Measure):
    rows = None

    def __init__(self, value):
        self.value = value

    def result(self):
        return Result(self.value)


def test_rate_shows_its_two_parts():
    assert Rate(Fixed(1), Fixed(3)).result() == Result(33.3, 1, 3)
    assert Rate(Fixed(0), Fixed(0)).result() == Result(None, 0, 0)
    assert Rate(Fixed(0), Fixed(0)).empty == Result(None, 0, 0)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [([], None), ([0], 0), ([3], 3), ([1, 2], 1.5), ([4, 2], 3), ([9, 1, 2], 2), ([1, 2, 3, 10], 2.5)],
)
def test_median_of_an_even_number_may_end_in_half(values, wanted):
    result = Median(None, (), lambda rows: rows)._median(values)

    assert result == Result(wanted)
    assert type(result.value) is type(wanted)


def shanghai(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("as_of", "first", "last", "wanted"),
    [
        (shanghai(2018, 9, 10, 8), None, None, (date(2018, 7, 1), date(2018, 9, 10))),
        (shanghai(2018, 9, 10, 8), date(2018, 9, 3), date(2018, 9, 9), (date(2018, 9, 3), date(2018, 9, 9))),
        # Nothing before the campaign, nothing after the cut-off.
        (shanghai(2018, 9, 5, 8), date(2018, 6, 1), date(2018, 9, 9), (date(2018, 7, 1), date(2018, 9, 5))),
        # Midnight in Shanghai is still the day before in UTC.
        (datetime(2018, 9, 9, 16, tzinfo=ZoneInfo("UTC")), None, None, (date(2018, 7, 1), date(2018, 9, 10))),
    ],
)
def test_scope_keeps_the_period_inside_the_campaign_and_the_cut_off(as_of, first, last, wanted):
    scope = Scope(campaign=Days(), as_of=as_of, first=first, last=last)

    assert (scope.first_day, scope.last_day) == wanted
    assert scope.is_whole is (first is None)


def test_scope_ends_a_period_with_its_last_moment_or_the_cut_off():
    day = date(2018, 9, 9)
    early = Scope(campaign=Days(), as_of=shanghai(2018, 9, 9, 12), last=day)
    late = Scope(campaign=Days(), as_of=shanghai(2018, 9, 20, 12), last=day)

    def until(scope):
        return dict(scope.moments("x").children)["x__lte"]

    assert until(early) == shanghai(2018, 9, 9, 12)
    assert until(late) == shanghai(2018, 9, 9, 23, 59, 59, 999999)
