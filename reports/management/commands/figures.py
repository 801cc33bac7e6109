"""Print every figure of a campaign."""

import json
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

from campaigns.models import Campaign
from canvass.figures import LEVELS, Scope
from canvass.moments import last_moment
from canvass.shared import shared_queries
from reports.breakdown import rows_by, totals
from reports.catalogue import CATALOGUE, FIGURES
from reports.management.asking import asked_day

# A sum that is always printed with its two parts.
PARTS = {"issues_resolved_or_started": ("issues_resolved", "issues_started")}


def _moment(text):
    """A cut-off: a day means its last moment."""
    try:
        moment = parse_datetime(text) if "T" in text or ":" in text else None
    except ValueError:
        moment = None
    if isinstance(moment, datetime):
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return last_moment(asked_day(text))


class Command(BaseCommand):
    help = "列出一个活动的全部数字：默认自活动第一天起、截至现在。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, metavar="CODE", help="活动代码")
        parser.add_argument("--from", dest="first", metavar="D", help="时段第一天，如 2018-09-03")
        parser.add_argument("--to", dest="last", metavar="D", help="时段最后一天（含）")
        parser.add_argument("--as-of", metavar="D", help="截止日（含）或截止时刻；默认为现在")
        parser.add_argument("--by", choices=LEVELS, help="分级列出")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *, campaign, first, last, as_of, by, json: bool, **options):
        scope = self._scope(campaign, first, last, as_of)
        with translation.override("zh-hans"), shared_queries():
            total = totals(scope)
            rows = rows_by(scope, by) if by else None
            if json:
                self._write_json(scope, total, rows)
            else:
                self._write_table(scope, total, rows)

    def _scope(self, code, first, last, as_of):
        campaign = Campaign.objects.filter(code=code).prefetch_related("outcomes").first()
        if campaign is None:
            known = "、".join(Campaign.objects.values_list("code", flat=True)) or "（还没有活动）"
            raise CommandError(f"没有活动“{code}”。现有活动：{known}")
        first, last = first and asked_day(first), last and asked_day(last)
        if first and last and last < first:
            raise CommandError("--to 不能早于 --from。")
        moment = _moment(as_of) if as_of else timezone.now()
        return Scope(campaign=campaign, as_of=moment, first=first, last=last, place=campaign.area_id)

    def _write_json(self, scope, total, rows):
        answer = {
            "campaign": scope.campaign.code,
            "as_of": timezone.localtime(scope.as_of).isoformat(timespec="seconds"),
            "from": (scope.first or scope.campaign.first_on).isoformat(),
            "to": (scope.last or scope.day).isoformat(),
            "figures": _as_json(total),
        }
        if rows is not None:
            answer["rows"] = [
                {"code": row.code, "name": row.name, "figures": _as_json(row.figures)} for row in rows
            ]
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))

    def _write_table(self, scope, total, rows):
        as_of = timezone.localtime(scope.as_of)
        self.stdout.write(f"{scope.campaign.name}（{scope.campaign.code}）　截至 {as_of:%Y-%m-%d %H:%M}")
        for figure in CATALOGUE:
            self.stdout.write(_line(figure, total))
        for row in rows or []:
            self.stdout.write(f"\n{row.name} {row.code}".rstrip())
            for figure in CATALOGUE:
                if row.figures[figure.key].value is not None:
                    self.stdout.write(f"  {_line(figure, row.figures)}")


def _as_json(results):
    units = {figure.key: str(figure.unit) for figure in CATALOGUE}
    return {key: {**result._asdict(), "unit": units[key]} for key, result in results.items()}


def _line(figure, results):
    line = f"{figure.label}　{_as_text(results[figure.key])} {figure.unit}"
    parts = [f"{FIGURES[key].label} {_as_text(results[key])}" for key in PARTS.get(figure.key, ())]
    return f"{line}（{' ＋ '.join(parts)}）" if parts else line


def _as_text(result):
    if result.value is None:
        return "—"
    if isinstance(result.value, dict):
        return "；".join(f"{key} {value}" for key, value in result.value.items() if value) or "0"
    if result.denominator is not None:
        return f"{result.value}（{result.numerator}/{result.denominator}）"
    return str(result.value)
