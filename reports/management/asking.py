"""What commands of this app are told: days."""

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date


def asked_day(text):
    """A day like 2018-09-10; anything else is refused with a sentence."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"“{text}”不是日期：请写成 2018-09-10。")
    return day
