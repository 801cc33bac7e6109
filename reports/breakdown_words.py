"""What a breakdown says in words: its periods, and what does not add up, on the page and in its files alike."""

from django.utils.translation import gettext as _

from canvass.figures import TEAM


def span_words(span, scope):
    """The days that a period takes in."""
    if span.is_whole:
        return _("自活动开始（%(first)s）") % {"first": scope.first_day.isoformat()}
    first, last = span.first or scope.first_day, span.last or scope.last_day
    return _("%(first)s 至 %(last)s") % {"first": first.isoformat(), "last": last.isoformat()}


def remarks(table):
    """One sentence each: what is “—”, what does not add up, what no period changes."""
    level = table.asked.level_name
    sentences = []
    if table.not_by_level:
        sentences.append(
            _("这些数字不按%(level)s统计，各行写“—”：%(figures)s。")
            % {"level": level, "figures": _labels(table.not_by_level)}
        )
    if table.is_by_people:
        sentences.append(_belonging(table.asked.level))
    if table.in_several_rows:
        sentences.append(
            _("一次走访有几行的人参加，就在几行各计一次，所以这些数字各行之和可能大于合计：%(figures)s。")
            % {"figures": _labels(table.in_several_rows)}
        )
    if table.row_by_row:
        sentences.append(
            _("这些数字每行单独计算，各行不能相加：%(figures)s。") % {"figures": _labels(table.row_by_row)}
        )
    if table.states:
        sentences.append(
            _("这些数字是截止时点的状态，不随时段变化，也不作对比：%(figures)s。")
            % {"figures": _labels(table.states)}
        )
    if table.then_is_before_campaign:
        sentences.append(_("对比时段在活动开始之前，没有数字。"))
    return sentences


def _belonging(level):
    if level == TEAM:
        return _("走访按走访人当日所在的队伍归行，不在任何队伍的归入“未分到本级”；队伍人数按截止日的队员。")
    return _("走访按走访人当日的人员类别归行；走访力量和队伍人数按人员现在的类别。")


def _labels(figures):
    return "、".join(str(figure.label) for figure in figures)
