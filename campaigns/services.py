"""Verbs on a campaign."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .calendar import is_in_library, plan_of
from .enums import CalendarSource, CampaignState
from .models import DEFAULT_OUTCOMES, CalendarDay, Campaign, CampaignOutcome, PrivacyNotice
from .notice_texts import first_notice

# draft → running → closed (read-only) → archived; a closed campaign may be opened again, an archived one not.
NEXT_STATES = {
    CampaignState.DRAFT: (CampaignState.RUNNING,),
    CampaignState.RUNNING: (CampaignState.CLOSED,),
    CampaignState.CLOSED: (CampaignState.RUNNING, CampaignState.ARCHIVED),
    CampaignState.ARCHIVED: (),
}


def add_outcomes(campaign):
    """Give a campaign its catalogue of outcomes, with the defaults of the field."""
    CampaignOutcome.objects.bulk_create(
        CampaignOutcome(
            campaign=campaign,
            outcome=outcome,
            counts_as_visited=counts,
            return_after_days=days,
            closes_target=closes,
        )
        for outcome, (counts, days, closes) in DEFAULT_OUTCOMES.items()
    )


def lock_campaign(pk):
    """The campaign's row, locked until the transaction ends: one numbering, one change of state at a time.

    Visits filed meanwhile are not kept waiting: a plain lock would, on PostgreSQL, block every new row that
    points to the campaign, for as long as a large workbook is being loaded.
    """
    return Campaign.objects.select_for_update(no_key=True).get(pk=pk)


@transaction.atomic
def create_campaign(campaign):
    """Save a new campaign with its outcomes and the first version of its notice."""
    campaign.notice_version = 1
    campaign.save(force_insert=True)
    add_outcomes(campaign)
    PrivacyNotice.objects.create(campaign=campaign, version=1, **first_notice(campaign))
    return campaign


@transaction.atomic
def publish_notice(notice, *, by):
    """Make this the campaign's next version: it holds from now on, and all former ones stay to be read.

    `notice.seen` is the version that was current when the form was opened: of two people at once, one is told.
    """
    campaign = lock_campaign(notice.campaign_id)
    if campaign.state == CampaignState.ARCHIVED:
        raise ValidationError(_("活动已经归档，不再收集信息，告知书不再改动。"))
    if notice.seen != campaign.notice_version:
        raise ValidationError(_("刚才有人发布了新的一版告知书。请重新打开，看过以后再发布。"))
    campaign.notice_version += 1
    notice.version, notice.created_by = campaign.notice_version, by
    notice.save(force_insert=True)
    campaign.save(update_fields=["notice_version"])
    return notice


@transaction.atomic
def change_campaign_state(campaign, *, state):
    """Move a campaign along draft, running, closed, archived."""
    campaign = lock_campaign(campaign.pk)
    if state not in NEXT_STATES[CampaignState(campaign.state)]:
        raise ValidationError(
            _("活动现在是“%(now)s”，不能改为“%(wanted)s”。")
            % {"now": campaign.get_state_display(), "wanted": CampaignState(state).label}
        )
    campaign.state = state
    campaign.save(update_fields=["state"])
    return campaign


@transaction.atomic
def fill_calendar(years):
    """Write the published holidays and make-up days of some years into the calendar; rows added or changed.

    What the office typed stays as it is, and doing it again changes nothing. Raises ValidationError for a
    year whose plan the library does not hold.
    """
    changed = 0
    for year in years:
        if not is_in_library(year):
            raise ValidationError(
                _("没有 %(year)d 年的国家放假安排，可以等公布后再填，或者逐日填写。") % {"year": year}
            )
        known = {row.day: row for row in CalendarDay.objects.select_for_update().filter(day__year=year)}
        for day, (is_working, name) in plan_of(year).items():
            changed += _fill_day(known.get(day), day=day, is_working=is_working, name=name[:100])
    return changed


def _fill_day(row, **columns):
    """Whether the row had to be written."""
    if row is None:
        CalendarDay.objects.create(**columns, source=CalendarSource.LIBRARY)
        return True
    same = all(getattr(row, name) == value for name, value in columns.items())
    if row.source == CalendarSource.OFFICE or same:
        return False
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    return True
