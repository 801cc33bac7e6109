"""Which campaigns a person may load, export and report on; the Django permission itself is asked by the page."""

from django.db.models import Q

from campaigns.enums import CampaignState
from campaigns.models import Campaign
from canvass import places
from canvass.roles import REPORT_READERS, Role
from grids.exporters import chain


def office_campaigns(user):
    """The visible campaigns whose office this person is: a campaign-office posting inside or around the area.

    A posting of another kind somewhere else opens its rows to the eye, not to a workbook.
    """
    codes = user.reach.codes(Role.CAMPAIGN_OFFICE)
    around = {above for code in codes for above in chain(code)}
    return Campaign.objects.visible_to(user).filter(places.inside("area_id", *codes) | Q(area_id__in=around))


def can_load_area(user, area_code):
    """A workbook may fill or change the whole of its campaign's area: so the posting must hold all of it.

    The very first workbook of an empty installation has nobody posted yet: a superuser loads it.
    """
    if places.is_inside(area_code, *user.reach.codes(Role.CAMPAIGN_OFFICE)):
        return True
    return user.is_superuser and not user.reach.postings and not Campaign.objects.exists()


def loadable_campaigns(user):
    """Campaigns that are not over yet and whose whole area is this office's."""
    mine = places.inside("area_id", *user.reach.codes(Role.CAMPAIGN_OFFICE))
    open_ones = [CampaignState.DRAFT, CampaignState.RUNNING]
    return Campaign.objects.visible_to(user).filter(mine, state__in=open_ones)


def report_campaigns(user):
    """Campaigns whose issued reports this person reads: an edition tells of the whole campaign, so a reader's
    posting must hold all of its area. Who reads one village only has the dashboard of that village.
    """
    campaigns = Campaign.objects.visible_to(user).select_related("area").prefetch_related("outcomes")
    codes = user.reach.codes(*REPORT_READERS)
    return list(campaigns.filter(places.inside("area_id", *codes)))


def can_share_view(user, campaign):
    """The campaign's office: what it shares, every reader of the campaign finds."""
    return office_campaigns(user).filter(pk=campaign.pk).exists()


def can_issue_reports(user, campaign):
    """The campaign office of the whole area, once the campaign has begun and before it is archived."""
    return campaign.state in (CampaignState.RUNNING, CampaignState.CLOSED) and places.is_inside(
        campaign.area_id, *user.reach.codes_with("reports.issue_report")
    )
