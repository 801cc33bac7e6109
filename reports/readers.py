"""Whose figures a person may read. The Django permission itself is asked by the page."""

from campaigns.models import Campaign
from canvass.places import is_inside
from canvass.roles import REPORT_READERS


def reader_codes(user, campaign):
    """The places of a campaign whose figures this person may read, widest first.

    The campaign's whole area when a posting covers it, else the postings inside it; a posting that does not
    read reports gives nothing.
    """
    codes = user.reach.codes(*REPORT_READERS)
    if is_inside(campaign.area_id, *codes):
        return [campaign.area_id]
    return [code for code in codes if code.startswith(campaign.area_id)]


def readable_campaigns(user):
    """Campaigns with a place whose figures this person may read, newest first."""
    visible = Campaign.objects.visible_to(user).select_related("area").prefetch_related("outcomes")
    return [campaign for campaign in visible if reader_codes(user, campaign)]
