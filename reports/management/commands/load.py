"""manage.py load FILE.xlsx: the campaign workbook, checked and loaded."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.loading import load
from reports.sheets import SHEETS


class Command(BaseCommand):
    help = "Load a campaign workbook. All or nothing; the same file again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", help="path of the .xlsx")
        parser.add_argument(
            "--campaign", metavar="CODE", help="an existing campaign, when the file names none"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")

    def handle(self, *args, **options):
        # The words of the field, whatever the shell's language.
        with override("zh-hans"):
            progress = _Progress(sys.stderr)
            outcome = load(
                options["file"],
                campaign_code=options["campaign"],
                dry_run=options["dry_run"],
                progress=progress,
            )
            progress.end()
            if options["json"]:
                self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
                if not outcome.ok:
                    sys.exit(1)
                return
            self._print(outcome)

    def _print(self, outcome):
        for problem in outcome.warnings:
            self.stdout.write(_("提醒 %s") % problem)
        self._more(outcome.warning_count - len(outcome.warnings), self.stdout)
        if not outcome.ok:
            for problem in outcome.errors:
                self.stderr.write(str(problem))
            self._more(outcome.error_count - len(outcome.errors), self.stderr)
            raise CommandError(_("共 %d 处错误，什么都没有导入。") % outcome.error_count)
        for sheet in SHEETS:
            if counts := outcome.sheets.get(sheet.key):
                self.stdout.write(
                    _("%(sheet)s：新增 %(created)d，更改 %(changed)d，没有变化 %(unchanged)d")
                    % {"sheet": sheet.zh, **counts}
                )
        self.stdout.write(self._verdict(outcome))

    @staticmethod
    def _more(count, stream):
        if count > 0:
            stream.write(_("……另有 %d 处。") % count)

    @staticmethod
    def _verdict(outcome):
        if not outcome.changes:
            return _("没有变化。")
        if outcome.dry_run:
            return _("试运行：没有错误，什么都没有写入。")
        return _("导入完成。")


class _Progress:
    """One line that rewrites itself, on a terminal only."""

    def __init__(self, stream):
        self.stream = stream if stream.isatty() else None

    def __call__(self, stage, done, total):
        if self.stream:
            counted = f"{done}/{total}" if total else str(done)
            self.stream.write(f"\r\x1b[K{stage} {counted}")
            self.stream.flush()

    def end(self):
        if self.stream:
            self.stream.write("\r\x1b[K")
