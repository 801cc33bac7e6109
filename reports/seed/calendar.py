"""When things happen in a demo: eight weeks and some days of a thirteen-week campaign, up to now."""

from datetime import datetime, time, timedelta

WEEKS = 13
WEEKS_GONE = 8


def first_day(today):
    """A Monday eight weeks before this week's."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS_GONE)


def last_day(today):
    return first_day(today) + timedelta(weeks=WEEKS, days=-1)


def days_gone(today):
    """Every day of the campaign before today; today's visits are filed by phone."""
    return [first_day(today) + timedelta(days=n) for n in range((today - first_day(today)).days)]


def at(day, hour, minute=0):
    """A moment as a cell of a workbook holds it: without a zone."""
    return datetime.combine(day, time(hour, minute))


def visiting_moment(chance, days, weights):
    """Evenings and weekends most of all: people are at home then."""
    day = chance.choices(days, weights)[0]
    if day.weekday() < 5:
        hour = chance.choices([9, 10, 14, 15, 18, 19, 20], [2, 2, 1, 2, 5, 8, 3])[0]
    else:
        hour = chance.choices([9, 10, 14, 15, 16, 19], [4, 5, 3, 4, 3, 3])[0]
    return at(day, hour, chance.randrange(0, 60, 5))


def day_weights(days):
    """A slow start, a push after two weeks, more on Wednesdays (the town's visiting day) and weekends."""
    week = [3, 3, 6, 3, 3, 5, 4]
    return [week[day.weekday()] * (1 if n < 7 else 2 if n < 14 else 3) for n, day in enumerate(days)]


def office_moment(moment):
    """The moment itself in office hours, else the next morning of a working day."""
    if moment.hour >= 17:
        moment = at(moment.date() + timedelta(days=1), 8, 30 + moment.minute // 2)
    elif moment.hour < 8:
        moment = at(moment.date(), 8, 30 + moment.minute // 2)
    while moment.weekday() >= 5:
        moment += timedelta(days=1)
    return moment
