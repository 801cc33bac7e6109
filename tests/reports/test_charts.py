"""The geometry of the charts."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import nice_ceiling, span_chart
from reports.weeks import Week, weeks_between

VISITS = SimpleNamespace(label="走访户次", unit="户次")


def chart(counts, width=520):
    weeks = weeks_between(date(2018, 7, 2), date(2018, 7, 2 + 7 * (len(counts) - 1)))
    line = {"figure": VISITS, "counts": counts}
    return span_chart(weeks, line, lambda week: week == weeks[-1], width=width)


@pytest.mark.parametrize(
    ("most", "ceiling"), [(0, 2), (1, 2), (3, 4), (9, 10), (10, 10), (11, 20), (556, 600), (601, 800)]
)
def test_axis_ends_at_a_round_number(most, ceiling):
    assert nice_ceiling(most) == ceiling


@given(st.integers(0, 10**9))
def test_axis_holds_every_number_and_has_a_whole_middle(most):
    ceiling = nice_ceiling(most)
    assert most <= ceiling <= max(2, 2 * most)
    assert ceiling % 2 == 0


def test_bars_are_as_tall_as_their_numbers():
    panel = chart([0, 300, 600])["panel"]
    assert [float(bar["height"]) for bar in panel["bars"]] == [0, 60, 120]
    assert [tick["value"] for tick in panel["ticks"]] == [0, 300, 600]


def test_chart_without_any_visit_draws_its_axes():
    bars = chart([0, 0])["panel"]["bars"]
    assert [bar["height"] for bar in bars] == ["0"] * 2
    assert [bar["is_named"] for bar in bars] == [False] * 2


@pytest.mark.parametrize("width", [520, 330])
def test_chart_of_four_weeks_stays_within_its_width(width):
    drawn = chart([5, 10, 15, 20], width)
    right = [float(bar["x"]) + float(bar["width"]) for bar in drawn["panel"]["bars"]]
    assert max(right) <= width
    assert right == sorted(right)


def test_narrow_chart_names_fewer_weeks_but_always_the_last():
    names = [name["span"].number for name in chart([1] * 4, 130)["names"]]
    assert names == [28, 30]


# --- Weeks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2018, 9, 3), "2018-W36"),
        (date(2018, 9, 9), "2018-W36"),
        (date(2018, 9, 10), "2018-W37"),
        (date(2018, 12, 31), "2019-W01"),
        (date(2021, 1, 3), "2020-W53"),
    ],
)
def test_week_of_a_day(day, label):
    assert str(Week.of(day)) == label
    assert Week.parse(label) == Week.of(day)


@pytest.mark.parametrize(
    "text", ["", "2018-W00", "2018-W54", "2018-36", "2018-W3", "2018-W36x", "２０１８-W36"]
)
def test_week_refuses_what_is_no_week(text):
    with pytest.raises(ValueError):
        Week.parse(text)


def test_weeks_between_hold_both_ends():
    weeks = weeks_between(date(2018, 7, 1), date(2018, 7, 9))
    assert [str(week) for week in weeks] == ["2018-W26", "2018-W27", "2018-W28"]
