"""manage.py purge: personal data of campaigns past their retention goes. Once a day."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.purging import count_due, purge


class Command(BaseCommand):
    help = "清除过了保留期限的群众个人信息：电话、户名、照片和遗留文件。统计数字不变；重复运行不会再改什么。"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="只说会清除多少，什么都不改")

    def handle(self, *, dry_run, **options):
        with override("zh-hans"):
            found = count_due() if dry_run else purge()
            for one in found:
                where = one.campaign.code if one.campaign else _("不属于活动")
                for kind, number in one.counts.items():
                    self.stdout.write(f"{where}  {kind.label}  {number}")
            total = sum(sum(one.counts.values()) for one in found)
            if not total:
                self.stdout.write(_("没有过了保留期限的个人信息，什么都没有改。"))
            elif dry_run:
                self.stdout.write(_("试运行：将清除 %d 处，什么都没有改。") % total)
            else:
                self.stdout.write(_("已清除 %d 处。") % total)
