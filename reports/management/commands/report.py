"""Issue a day's or a week's report and write its files."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from campaigns.models import Campaign
from reports.enums import ReportKind
from reports.management.asking import asked_day
from reports.models import PublishedReport
from reports.periods import ReportPeriod
from reports.services import UNCHANGED, issue_report, prepare_report

ENDINGS = ("docx", "xlsx")


class Command(BaseCommand):
    help = "发出某一天的日报或某一周的周报，写出 .docx 和 .xlsx。内容没有变化时不再发，写出已发的一版。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=[ReportKind.DAILY.value, ReportKind.WEEKLY.value])
        parser.add_argument("--campaign", required=True, metavar="CODE", help="活动代码")
        parser.add_argument(
            "--date", required=True, metavar="D", help="哪一天，或哪一周里的一天，如 2018-09-10"
        )
        parser.add_argument("--out", required=True, metavar="DIR", help="写到哪个目录，没有就新建")
        parser.add_argument("--force", action="store_true", help="核对未通过也照发，报告里会注明")

    def handle(self, *, kind, campaign, date, out, force, **options):
        with translation.override("zh-hans"):
            period = ReportPeriod.of(ReportKind(kind), _day(date))
            prepared = prepare_report(_campaign(campaign), period)
            for outcome in prepared.outcomes:
                for text in outcome.texts:
                    self.stderr.write(f"{outcome.check.severity.label}：{text}")
            report = self._issue(prepared, force)
            self._write(report, Path(out))

    def _issue(self, prepared, force):
        """The new edition, or the latest one when nothing has changed."""
        correction = "；".join(
            ["按现有数据重新生成", *(line.rstrip("。") for line in prepared.differences[:5])]
        )
        try:
            report = issue_report(
                prepared,
                by=None,
                correction=f"{correction}。" if prepared.latest else "",
                force_reason="命令行指定照发（--force）" if force else "",
            )
        except ValidationError as refusal:
            if refusal.error_list[0].code != UNCHANGED:
                hint = "改正后再发，或加 --force 照发。" if prepared.blocking else ""
                raise CommandError("\n".join([*refusal.messages, hint]).strip()) from None
            self.stdout.write(f"内容没有变化：{prepared.latest}，没有再发。")
            return PublishedReport.objects.get(pk=prepared.latest.pk)
        self.stdout.write(f"已发出：{report}（第{report.serial}期）。")
        return report

    def _write(self, report, directory):
        """Both files, with the very bytes of the edition."""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            for ending in ENDINGS:
                path = directory / report.file_name(ending)
                path.write_bytes(bytes(getattr(report, ending)))
                self.stdout.write(str(path))
        except OSError as problem:
            raise CommandError(f"报告已发出，但写不到“{directory}”：{problem.strerror}。") from None


def _day(text):
    day = asked_day(text)
    if day > timezone.localdate():
        raise CommandError(f"“{text}”还没有到。")
    return day


def _campaign(code):
    campaigns = Campaign.objects.select_related("area").prefetch_related("outcomes")
    campaign = campaigns.filter(code=code).first()
    if campaign is None:
        known = "、".join(Campaign.objects.values_list("code", flat=True)) or "（还没有活动）"
        raise CommandError(f"没有活动“{code}”。现有活动：{known}")
    return campaign
