"""Which reports are due every morning: the day and the week that ended last, their drafts, and what they wait for."""

from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign

from .enums import ReportKind
from .missing import Missing, missing_of
from .models import PublishedReport
from .periods import ReportPeriod
from .services import draft_of, ensure_draft


@dataclass(frozen=True)
class Ready:
    """A report of a period that is over. `is_new`: its draft was made just now, or would be in a dry run."""

    campaign: object
    period: ReportPeriod
    missing: Missing
    is_issued: bool
    today: object
    is_new: bool = False

    @property
    def sentence(self):
        """昨天的日报可以发了：3 个村没有填报（…）。"""
        said = (
            _("%(report)s已发：%(missing)s。") if self.is_issued else _("%(report)s可以发了：%(missing)s。")
        )
        return said % {"report": self._name, "missing": _("；").join(self.missing.texts)}

    @property
    def _name(self):
        days = (self.today - self.period.last).days
        if self.period.kind == ReportKind.DAILY:
            return _("昨天的日报") if days == 1 else _("%s 的日报") % self.period.key
        return _("上周的周报") if days <= 7 else _("%s 的周报") % self.period.key


def last_whole_periods(campaign, today):
    """The day and the week that ended last, kept inside the campaign: none before its first day is over.

    A campaign that still runs after its last day keeps that day, and the week which holds it once that is over.
    """
    yesterday = ReportPeriod.of(ReportKind.DAILY, today).before[1]
    day = min(yesterday, campaign.last_on)
    periods = [ReportPeriod.of(ReportKind.DAILY, day)]
    week = ReportPeriod.of(ReportKind.WEEKLY, day)
    if week.last >= today:
        week = ReportPeriod.of(ReportKind.WEEKLY, week.before[0])
    return [one for one in (*periods, week) if one.last >= campaign.first_on]


def ready_reports(campaign, today=None, kinds=(ReportKind.DAILY, ReportKind.WEEKLY)):
    """The Ready of each kind for a campaign; reads only."""
    today = today or timezone.localdate()
    issued = PublishedReport.objects.filter(campaign=campaign)
    return [
        Ready(
            campaign,
            period,
            missing_of(campaign, period),
            issued.filter(kind=period.kind, period=period.key).exists(),
            today,
        )
        for period in last_whole_periods(campaign, today)
        if period.kind in kinds
    ]


def prepare_reports(today=None, *, dry_run=False):
    """The Ready of every running campaign, with a draft made where there is none; the week's on Mondays alone."""
    today = today or timezone.localdate()
    kinds = [ReportKind.DAILY, *([ReportKind.WEEKLY] if today.weekday() == 0 else [])]
    for campaign in Campaign.objects.running().select_related("area").prefetch_related("outcomes"):
        for ready in ready_reports(campaign, today, kinds):
            yield replace(ready, is_new=_make_draft(ready, dry_run))


def _make_draft(ready, dry_run):
    """An issued report needs none: its correction begins from the draft that it was made of."""
    if ready.is_issued:
        return False
    if dry_run:
        return draft_of(ready.campaign, ready.period).pk is None
    return ensure_draft(ready.campaign, ready.period)
