"""What locks a campaign, and whom it keeps waiting."""

from datetime import date
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from campaigns.calendar import after_working_days
from campaigns.enums import CalendarSource
from campaigns.models import CalendarDay
from campaigns.services import fill_calendar, lock_campaign
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_locked_campaign_keeps_no_filing_waiting():
    if connection.vendor == "sqlite":
        pytest.skip("one write lock for the whole database")
    campaign, entry = factories.campaign(), factories.household()

    def file():
        factories.visit(campaign, entry)
        connections.close_all()

    filing = Thread(target=file, daemon=True)
    with transaction.atomic():
        lock_campaign(campaign.pk)
        filing.start()
        filing.join(10)
        assert not filing.is_alive()

    assert campaign.visits.count() == 1


@pytest.mark.django_db
def test_fill_calendar_writes_the_plan_of_a_year_once():
    written = fill_calendar([2024])

    rows = dict(CalendarDay.objects.values_list("day", "is_working"))
    assert written == len(rows)
    assert [day for day, worked in rows.items() if worked and day.month >= 9] == [
        date(2024, 9, 14),
        date(2024, 9, 29),
        date(2024, 10, 12),
    ]
    assert [day.day for day, worked in rows.items() if not worked and day.month == 10] == [1, 2, 3, 4, 7]
    assert set(CalendarDay.objects.values_list("source", flat=True)) == {CalendarSource.LIBRARY}
    assert fill_calendar([2024]) == 0


@pytest.mark.django_db
def test_fill_calendar_keeps_what_the_office_typed_and_renews_its_own():
    CalendarDay.objects.create(day=date(2024, 10, 7), is_working=True, name="防汛值守")
    CalendarDay.objects.create(
        day=date(2024, 10, 4), is_working=True, name="旧数据", source=CalendarSource.LIBRARY
    )

    fill_calendar([2024])

    kept, renewed = (CalendarDay.objects.get(day=date(2024, 10, day)) for day in (7, 4))
    assert (kept.is_working, kept.name, kept.source) == (True, "防汛值守", CalendarSource.OFFICE)
    assert (renewed.is_working, renewed.name) == (False, "休息日（由 2024-09-29 调休）")


@pytest.mark.django_db
def test_fill_calendar_changes_no_deadline_and_refuses_a_year_that_is_not_published():
    before = after_working_days(date(2024, 9, 30), 5)
    fill_calendar([2024])

    assert after_working_days(date(2024, 9, 30), 5) == before == date(2024, 10, 12)
    with pytest.raises(ValidationError, match="没有 2150 年的国家放假安排"):
        fill_calendar([2025, 2150])
    assert not CalendarDay.objects.filter(day__year=2025).exists()
