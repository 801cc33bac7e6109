"""Working days by the Chinese calendar with its make-up days: the library's, corrected by the office's table.

The State Council publishes a year's plan in the autumn before. Until then the library knows the feasts, but not
which days around them are moved: whatever falls into such a year is provisional.
"""

from datetime import timedelta
from functools import cache

import holidays

from .models import CalendarDay

SATURDAY = 5
FIRST_PUBLISHED = 2001


@cache
def _library(year):
    """The library's calendar of a year (it extrapolates unpublished years, and knows nothing after 2100)."""
    return holidays.country_holidays("CN", years=year, language="zh_CN")


@cache
def _make_up_days(year):
    """Weekend days worked in a year. Some at its end belong to the plan of the next year."""
    worked = _library(year).weekend_workdays | _library(year + 1).weekend_workdays
    return frozenset(day for day in worked if day.year == year)


def is_weekend(day):
    return day.weekday() >= SATURDAY


def is_in_library(year):
    """Whether the library holds the plan as published: every one since 2001 moved working days to weekends.

    A guess of the library's never does.
    """
    return year >= FIRST_PUBLISHED and bool(_make_up_days(year))


def last_year_in_library():
    """The last published year that the library holds."""
    year = FIRST_PUBLISHED
    while is_in_library(year + 1):
        year += 1
    return year


def is_provisional(day):
    """Whether the working days around this day may still change: its year's plan is not published yet.

    An office without a newer library types the plan itself; its make-up days tell that it has.
    """
    if day.year < FIRST_PUBLISHED or is_in_library(day.year):
        return False
    typed = CalendarDay.objects.filter(day__year=day.year, is_working=True, day__week_day__in=(1, 7))
    return not typed.exists()


def plan_of(year):
    """{day: (is it worked, name)} of a year's plan: its holidays and its make-up days."""
    plan = {day: (False, name) for day, name in _library(year).items() if day.year == year}
    return plan | dict.fromkeys(_make_up_days(year), (True, "调休上班"))


def exceptions_between(first, last):
    """The rows of the office's table for a span of days: {day: is_working}."""
    return dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "is_working"))


def is_working_day(day, exceptions):
    if day in exceptions:
        return exceptions[day]
    return day in _make_up_days(day.year) if is_weekend(day) else day not in _library(day.year)


def working_days(start, end, exceptions=None):
    """Working days after `start` up to and including `end`; 0 when end is not later."""
    if exceptions is None:
        exceptions = exceptions_between(start, end)
    return sum(
        is_working_day(start + timedelta(days=n), exceptions) for n in range(1, (end - start).days + 1)
    )


def after_working_days(start, number):
    """The day on which the `number`-th working day after `start` falls."""
    day, exceptions = start, exceptions_between(start, start + timedelta(days=3 * number + 30))
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day, exceptions)
    return day
