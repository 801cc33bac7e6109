"""Days and moments in the project's time zone."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

# Some edges of the calendar cannot be told in another time zone: whoever types them means "ever".
FIRST_DAY, LAST_DAY = date.min + timedelta(days=1), date.max - timedelta(days=1)


def day_start(day):
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(max(day, FIRST_DAY), time.min))


def day_end(day):
    """The first moment after a day."""
    return day_start(min(day, LAST_DAY) + timedelta(days=1))


def last_moment(day):
    """The last moment of a day, to the microsecond."""
    return day_end(day) - timedelta(microseconds=1)


def due_by(day):
    """The moment by which something due on a day must be done: that day's last second."""
    return day_end(day) - timedelta(seconds=1)
