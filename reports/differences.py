"""Why a report would say something else now: the figures that changed since an edition, and what was recorded since.

Nothing is guessed: the lines count rows that were filed, voided or corrected after the edition was made and that
lie in its time. A change of the register leaves no moment behind, and shows as the households left out.
"""

from django.utils.dateparse import parse_datetime

from canvass.figures import Result
from issues.models import Deed
from visits.models import Gathering, Handout, Opinion, OpinionMark, Visit, VisitStep

from .catalogue import FIGURES
from .models import WorkbookLoad
from .report_tables import PERIOD_LABELS
from .sentences import label_of, value_text


def changed_figures(before, after):
    """[(period, key, then, now)] of the figures of two contents that differ; then and now are Results."""
    found = []
    for period in before["periods"]:
        for key in before["figures"][period]:
            then, now = before["figures"][period][key], after["figures"][period].get(key)
            if key in FIGURES and then != now:
                found.append((period, key, Result(*then), Result(*now)))
    return found


def difference_lines(before, after, campaign):
    """The differences in words, one line each: first what was recorded, then each figure."""
    reasons, figures = recorded_since(before, after, campaign), figure_lines(before, after)
    if figures and not reasons:
        reasons = ["更改了登记信息（网格、户的状态、岗位、队伍或问题的登记内容）。"]
    return [*reasons, *figures]


def figure_lines(before, after):
    lines = []
    for period, key, then, now in changed_figures(before, after):
        label = f"{PERIOD_LABELS[period]}{label_of(key)}"
        if isinstance(then.value, dict):
            lines += _key_lines(label, then.value, now.value)
        else:
            lines.append(f"{label}由 {value_text(key, then)} 改为 {value_text(key, now)}。")
    return lines


def _key_lines(label, then, now):
    return [
        f"{label}（{key}）由 {then.get(key, 0):,} 改为 {now.get(key, 0):,}。"
        for key in {**then, **now}
        if then.get(key, 0) != now.get(key, 0)
    ]


def recorded_since(before, after, campaign):
    """What was filed late, voided or corrected between two contents, counted within the time of the first."""
    since, until = parse_datetime(before["known_at"]), parse_datetime(after["known_at"])
    counts = [*_visits(before, campaign, since, until), *_others(before, campaign, since, until)]
    lines = [f"{what}{count:,}{unit}。" for what, count, unit in counts if count]
    if before["as_of"] != after["as_of"]:
        lines.append(f"截止时点由{before['cutoff']}改为{after['cutoff']}，其间发生的一并计入。")
    then, now = before["left_out"], after["left_out"]
    if then != now:
        lines.append(f"搬迁或拆除而不计入应访户数的由{then:,}户变为{now:,}户。")
    return lines


def _visits(before, campaign, since, until):
    as_of = parse_datetime(before["as_of"])
    visits = Visit.objects.filter(campaign=campaign, started_at__gte=campaign.first_at, started_at__lte=as_of)
    filed = visits.filter(filed_at__gt=since, filed_at__lte=until).valid_at(until)
    voided = visits.filter(voided_at__gt=since, voided_at__lte=until, filed_at__lte=since)
    corrected = VisitStep.objects.filter(
        visit__in=visits, move=VisitStep.Move.CORRECTED, at__gt=since, at__lte=until
    )
    yield "补录走访", filed.count(), "条"
    yield "作废走访", voided.count(), "条"
    yield "更正走访", corrected.values("visit").distinct().count(), "条"


def _others(before, campaign, since, until):
    as_of, last_on = parse_datetime(before["as_of"]), parse_datetime(before["as_of"]).date()
    opinions = Opinion.objects.filter(campaign=campaign, heard_at__lte=as_of)
    yield "补录意见", opinions.filter(created_at__gt=since, created_at__lte=until).count(), "条"
    marks = OpinionMark.objects.filter(opinion__in=opinions, at__gt=since, at__lte=until)
    yield "作废或限阅意见", marks.values("opinion").distinct().count(), "条"
    placed = (
        (Gathering, "held_on", "宣讲活动", "场"),
        (Handout, "given_on", "资料发放", "条"),
        (Deed, "done_on", "实事", "件"),
    )
    for model, dated, what, unit in placed:
        rows = model.objects.filter(campaign=campaign, **{f"{dated}__lte": last_on})
        fresh = rows.filter(created_at__gt=since, created_at__lte=until).valid_at(until)
        gone = rows.filter(voided_at__gt=since, voided_at__lte=until, created_at__lte=since)
        yield f"补录{what}", fresh.count(), unit
        yield f"作废{what}", gone.count(), unit
    loads = WorkbookLoad.objects.filter(campaign=campaign, at__gt=since, at__lte=until)
    yield "导入表格", loads.count(), "次"
