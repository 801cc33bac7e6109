"""Working days by the published calendar of 2018 and the office's own rows."""

from datetime import date

import pytest

from campaigns.calendar import (
    after_working_days,
    exceptions_between,
    is_in_library,
    is_provisional,
    is_working_day,
    last_year_in_library,
    working_days,
)
from campaigns.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2018, 9, 7), True),  # a Friday
        (date(2018, 9, 8), False),  # a Saturday
        (date(2018, 9, 24), False),  # Mid-Autumn, a Monday
        (date(2018, 9, 29), True),  # a Saturday worked for the National Day
        (date(2018, 9, 30), True),
        (date(2018, 10, 1), False),
        (date(2018, 10, 7), False),
        (date(2018, 10, 8), True),
        (date(2018, 2, 11), True),  # make-up days around the Spring Festival
        (date(2018, 2, 15), False),
        (date(2018, 2, 21), False),
        (date(2018, 2, 24), True),
    ],
)
def test_calendar_knows_holidays_and_make_up_days(day, wanted):
    assert is_working_day(day, {}) is wanted


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        (date(2018, 9, 3), date(2018, 9, 3), 0),  # closed on the day of registration
        (date(2018, 9, 4), date(2018, 9, 3), 0),
        (date(2018, 9, 3), date(2018, 9, 4), 1),
        (date(2018, 9, 7), date(2018, 9, 10), 1),  # over a weekend
        (date(2018, 9, 7), date(2018, 9, 9), 0),
        (date(2018, 9, 28), date(2018, 10, 8), 3),  # the two make-up days and the eighth
        (date(2018, 12, 28), date(2019, 1, 2), 2),  # a worked Saturday and the second of January
    ],
)
def test_working_days_count_after_the_first_day_up_to_the_last(start, end, wanted):
    assert working_days(start, end) == wanted


def test_office_rows_overrule_the_published_calendar():
    CalendarDay.objects.create(day=date(2018, 9, 4), is_working=False, name="停电")
    CalendarDay.objects.create(day=date(2018, 9, 8), is_working=True, name="补班")
    CalendarDay.objects.create(day=date(2018, 9, 10), is_working=False)

    assert exceptions_between(date(2018, 9, 4), date(2018, 9, 8)) == {
        date(2018, 9, 4): False,
        date(2018, 9, 8): True,
    }
    assert working_days(date(2018, 9, 3), date(2018, 9, 10)) == 4


@pytest.mark.parametrize(
    ("start", "number", "wanted"),
    [
        (date(2024, 9, 30), 5, date(2024, 10, 12)),  # a make-up Saturday; a holiday lengthens the deadline
        (date(2024, 9, 30), 3, date(2024, 10, 10)),
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 10, 11), 1, date(2024, 10, 12)),
        (date(2024, 10, 12), 1, date(2024, 10, 14)),
        (date(2024, 10, 11), 0, date(2024, 10, 11)),
    ],
)
def test_deadlines_step_over_holidays_and_stop_at_make_up_days(start, number, wanted):
    assert after_working_days(start, number) == wanted


def test_make_up_days_at_the_end_of_a_year_belong_to_the_plan_of_the_next():
    assert is_working_day(date(2011, 12, 31), {})  # a Saturday worked for New Year 2012


def test_every_published_year_is_recognised_and_no_other():
    last = last_year_in_library()

    assert last >= 2026
    assert not is_in_library(2000)
    assert all(is_in_library(year) for year in range(2001, last + 1))
    assert not any(is_in_library(year) for year in range(last + 1, last + 100))


def test_days_beyond_the_last_published_year_are_guessed_and_provisional():
    last = last_year_in_library()

    assert not is_provisional(date(last, 12, 31))
    assert is_provisional(date(last + 1, 1, 1))
    assert not is_provisional(date(1999, 9, 3))
    assert not is_working_day(date(last + 1, 10, 1), {})
    for year in (last + 1, 2099, 2150):  # nothing raises, however far
        assert after_working_days(date(year, 9, 28), 5) > date(year, 10, 1)


def test_year_that_the_office_typed_itself_is_no_longer_provisional():
    year = last_year_in_library() + 1
    saturday = next(day for n in range(1, 8) if (day := date(year, 10, n)).weekday() == 5)
    CalendarDay.objects.create(day=date(year, 10, 4), is_working=False, name="国庆节")

    assert is_provisional(saturday)

    CalendarDay.objects.create(day=saturday, is_working=True, name="调休上班")

    assert not is_provisional(saturday)
    assert is_provisional(date(year + 1, 10, 4))
