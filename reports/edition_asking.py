"""What the address of a report names: the campaign, the series, the period, the edition."""

from dataclasses import dataclass

from django.http import Http404

from canvass.asking import asked

from .enums import ReportKind
from .models import PublishedReport
from .periods import WHOLE, ReportPeriod
from .permissions import can_issue_reports, report_campaigns
from .questions import RANK


@dataclass(frozen=True)
class Asked:
    """One period of one series of a campaign that the person reads as a whole."""

    campaign: object
    campaigns: list
    period: ReportPeriod
    may_issue: bool

    @property
    def editions(self):
        """The issued editions, the latest first."""
        rows = PublishedReport.objects.of_period(self.campaign, self.period.kind, self.period.key)
        return rows.without_files().select_related("campaign__area", "issued_by__cadre")


def asked_campaign(request):
    """(campaign, all that the person reads): the one named, else the newest running one; 404 for a stranger."""
    campaigns = report_campaigns(request.user)
    code = asked(request, "campaign")
    if code:
        campaigns_named = [one for one in campaigns if one.code == code]
    else:
        campaigns_named = sorted(campaigns, key=lambda one: RANK[one.state])
    if not campaigns_named:
        raise Http404
    return campaigns_named[0], campaigns


def asked_period(request, kind, period=WHOLE):
    """What the address asks for; a period that is none is not found."""
    campaign, campaigns = asked_campaign(request)
    try:
        parsed = ReportPeriod.parse(campaign, ReportKind(kind), period)
    except ValueError:
        raise Http404 from None
    may_issue = request.user.has_perm("reports.issue_report") and can_issue_reports(request.user, campaign)
    return Asked(campaign, campaigns, parsed, may_issue)


def asked_edition(request, editions):
    """The edition of ?edition=, else the latest; None when nothing was issued."""
    number = asked(request, "edition")
    if not number:
        return editions[0] if editions else None
    found = [one for one in editions if str(one.edition) == number]
    if not found:
        raise Http404
    return found[0]
