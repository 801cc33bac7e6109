"""manage.py supervise: provisional due dates made definite, then the supervision slips that are due. Once a day."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from issues.moves import reckon_provisional
from issues.supervision import supervise


class Command(BaseCommand):
    help = "Reckon provisional due dates anew, then issue the supervision slips that are due. Twice does nothing twice."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be issued, write nothing")

    def handle(self, *args, **options):
        # The words of the field, whatever the shell's language.
        with override("zh-hans"):
            for issue, before, after in reckon_provisional(dry_run=options["dry_run"]):
                self.stdout.write(
                    _("期限重算  %(issue)s  %(before)s → %(after)s") % _days(issue, before, after)
                )
            slips = supervise(dry_run=options["dry_run"])
            for slip in slips:
                self.stdout.write(_line(slip))
            total = _("试运行：将发出 %d 张督办单。") if options["dry_run"] else _("已发出 %d 张督办单。")
            self.stdout.write(total % len(slips))


def _days(issue, before, after):
    return {
        "issue": issue.number,
        "before": timezone.localdate(before),
        "after": timezone.localdate(after),
    }


def _line(slip):
    """Number, colour, campaign, issue, department, cause: no name of a person, no words of a resident."""
    parts = [slip.number, slip.get_colour_display(), slip.campaign.code, slip.issue.number]
    parts += [str(slip.department), slip.get_cause_display()]
    if slip.replaces:
        parts.append(_("接续 %s") % slip.replaces)
    return "  ".join(parts)
