"""manage.py prepare: the drafts of yesterday's and last week's reports, and what is missing. Every morning."""

from django.core.management.base import BaseCommand
from django.utils import translation

from issues import ledger
from reports import uploads
from reports.management.asking import asked_day
from reports.ready import prepare_reports


class Command(BaseCommand):
    help = "为每个进行中的活动备好昨天的日报草稿（星期一还有上周的周报），列出还缺什么。再运行一次不会重复。"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="只说会做什么，不写入")
        parser.add_argument("--date", metavar="D", help="当作在这一天早上运行，用来补上漏掉的一天")

    def handle(self, *, dry_run, date, **options):
        if not dry_run:
            uploads.remove_old()  # what somebody uploaded and never came back to
            ledger.remove_old()
        with translation.override("zh-hans"):
            found = list(prepare_reports(date and asked_day(date), dry_run=dry_run))
            for ready in found:
                self.stdout.write(f"{ready.campaign.code}  {ready.period.key}  {ready.sentence}")
            made = sum(ready.is_new for ready in found)
            self.stdout.write(f"试运行：将新建 {made} 份草稿。" if dry_run else f"已新建 {made} 份草稿。")
