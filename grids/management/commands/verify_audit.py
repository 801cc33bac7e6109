"""manage.py verify_audit: is the audit log whole?"""

import re

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from grids.audit_chain import verify_chain


class Command(BaseCommand):
    help = (
        "Walks the chain of the audit log and names the first row that is changed, missing or out of order."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--noted",
            metavar="NUMBER:SEAL",
            help="the last line of an earlier run: the chain has to hold that row with that seal",
        )

    def handle(self, *args, noted=None, **options):
        # The words of the field, whatever the shell's language.
        with override("zh-hans"):
            verdict = verify_chain(_noted(noted))
            if verdict.problem:
                raise CommandError(verdict.problem)
            self.stdout.write(_("审计记录 %d 条，条条相接，封签完好。") % verdict.count)
            if verdict.count:
                self.stdout.write(_("请记下末条的序号和封签，下次用 --noted 核对："))
                self.stdout.write(f"{verdict.count}:{verdict.seal}")


def _noted(text):
    if not text:
        return None
    if not (found := re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", text.strip())):
        raise CommandError(_("--noted 写作 序号:封签，就是上次最后一行。"))
    return int(found[1]), found[2]
