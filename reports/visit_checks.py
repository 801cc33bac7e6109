"""Checks of visits, row by row. None names anybody: the rows themselves are shown through `visible_to`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.figures import visit_rows
from visits.models import Visit

from .checks import Failure, Severity, check
from .hints import alike_notes, crowded_days, known_to_office


def _valid(facts):
    return Visit.objects.filter(campaign=facts.campaign).valid_at(facts.known_at)


@check(gettext_lazy("没有时间在将来或早于活动开始的走访。"))
def visits_lie_in_the_campaign(facts):
    found = {
        _("走访时间在将来的记录 %d 条。"): _valid(facts).filter(started_at__gt=facts.known_at),
        _("走访时间早于活动第一天的记录 %d 条。"): _valid(facts).filter(
            started_at__lt=facts.campaign.first_at
        ),
    }
    for sentence, rows in found.items():
        if count := rows.count():
            yield Failure(sentence % count, queryset=rows)


@check(gettext_lazy("没有一人一天走访超过 40 户。"), Severity.WARNING)
def days_are_possible(facts):
    """By day, without a name: who it was is for the office to look up in the visits themselves."""
    for day, doors, rows in crowded_days(visit_rows(facts.period_scope).queryset):
        yield Failure(
            _("%(day)s 有一人登记走访 %(doors)d 户。") % {"day": day, "doors": doors}, queryset=rows
        )


@check(gettext_lazy("同一人没有五条以上雷同的走访手记。"), Severity.WARNING)
def notes_differ(facts):
    """Of the period: 90 % alike in five visits of one author, who was told before."""
    for alike in alike_notes(known_to_office(visit_rows(facts.period_scope).queryset)):
        yield Failure(
            _("有一人的 %d 条走访手记相同或九成以上相似。") % len(alike),
            queryset=Visit.objects.filter(pk__in=alike),
        )


VISIT_CHECKS = (visits_lie_in_the_campaign, days_are_possible, notes_differ)
