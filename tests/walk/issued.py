"""One issued report of a campaign, forced past its checks: what it says is what is walked for, not whether it adds up."""

from datetime import date

from reports.enums import ReportKind
from reports.periods import ReportPeriod
from reports.services import issue_report, prepare_report


def issue_daily(campaign, office, day=date(2018, 9, 4)):
    prepared = prepare_report(campaign, ReportPeriod.of(ReportKind.DAILY, day))
    return issue_report(prepared, by=office, force_reason="walk")
