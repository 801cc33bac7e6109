"""The eight sheets of a report's ledger workbook, as rows of plain values: no person is in any of them."""

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import override

from campaigns.calendar import exceptions_between, working_days
from canvass.figures import DEPARTMENT, GRID
from grids.enums import CadreCategory
from grids.models import Place
from issues.enums import FollowUpResult, IssueState, Satisfaction
from issues.figures import closed_rows, issue_rows
from issues.models import Category, FollowUp
from issues.models.issues import OUT
from visits.enums import GatheringKind, VisitState
from visits.figures import counting_rows, visit_rows
from visits.models import Visit

from .breakdown import rows_by
from .catalogue import COVERAGE, FIGURES
from .facts import CAMPAIGN
from .sentences import CHINESE, label_of, unit_of

GRID_KEYS = (
    *COVERAGE,
    "visits",
    "cadre_visits",
    "opinions",
    "issues",
    "issues_closed",
)
DEPARTMENT_KEYS = (
    "issues",
    "issues_assigned",
    "issues_open",
    "issues_started",
    "issues_resolved",
    "issues_closed",
    "issues_overdue",
    "on_time_rate",
    "returns",
    "extensions",
)
SATISFACTION_KEYS = ("follow_up_rate", "confirmed_solved_rate", "satisfaction_rate", "rework_rate")
QUALITY_KEYS = ("late_filed_share", "inspection_confirmed_rate")
HOURS = (
    ("0–8 时", 0, 8),
    ("8–12 时", 8, 12),
    ("12–14 时", 12, 14),
    ("14–18 时", 14, 18),
    ("18–24 时", 18, 24),
)
HANDLED = (
    ("3 个工作日以内", 0, 3),
    ("4–5 个工作日", 4, 5),
    ("6–15 个工作日", 6, 15),
    ("15 个工作日以上", 16, 10**6),
)


def sheet(name, covers, columns, rows, key=""):
    """`columns` are headings; `rows` hold text, whole numbers, fractions or None."""
    return {"name": name, "key": key, "covers": covers, "columns": columns, "rows": rows}


def ledger_sheets(facts):
    """All eight, the campaign to date unless the sheet says otherwise."""
    with override(CHINESE):
        return [write(facts) for write in _WRITERS]


def _headed(*keys):
    """A heading a figure; of a rate the two sides beside it."""
    headings = []
    for key in keys:
        headings.append(f"{label_of(key)}（{unit_of(key)}）")
        if unit_of(key) == "%":
            headings += [f"{label_of(key)}·分子", f"{label_of(key)}·分母"]
    return headings


def _values(figures, keys):
    values = []
    for key in keys:
        result = figures[key]
        values.append(result.value)
        if unit_of(key) == "%":
            values += [result.numerator, result.denominator]
    return values


def _by_grid(facts):
    *rows, above = rows_by(facts.scope, GRID, [FIGURES[key] for key in GRID_KEYS])
    codes = {row.code[:12] for row in rows}
    villages = dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
    if any(result.value for result in above.figures.values()):
        rows.append(above)
    lines = [
        [row.code, row.name, villages.get(row.code[:12], ""), *_values(row.figures, GRID_KEYS)]
        for row in rows
    ]
    lines.append(["", "合计", "", *_values(facts.totals[CAMPAIGN], GRID_KEYS)])
    return sheet(
        "各网格进度",
        "活动累计，按网格编码排列",
        ["网格编码", "网格", "村（社区）", *_headed(*GRID_KEYS)],
        lines,
        "grids",
    )


def _by_category(facts):
    states = [state for state in IssueState if state not in OUT]
    counts = issue_rows(facts.scope).queryset.order_by().values("category_id", "state_then")
    found = {}
    for row in counts.annotate(n=Count("pk")):
        key = row["category_id"][:2], row["state_then"]
        found[key] = found.get(key, 0) + row["n"]
    lines = [
        [category.code, category.name, *(found.get((category.code, state), 0) for state in states)]
        for category in Category.objects.filter(parent=None).order_by("code")
    ]
    lines = [[*line, sum(line[2:])] for line in lines if any(line[2:])]
    lines.append(["", "合计", *(sum(line[place] for line in lines) for place in range(2, len(states) + 3))])
    return sheet(
        "问题分类与状态",
        "截止时点的状态；限阅、作废、并案、撤回的不计",
        ["类别代码", "类别", *(f"{state.label}（件）" for state in states), "收集问题数（件）"],
        lines,
        "issues",
    )


def _by_department(facts):
    *rows, without = rows_by(facts.scope, DEPARTMENT, [FIGURES[key] for key in DEPARTMENT_KEYS])
    lines = [[row.name, *_values(row.figures, DEPARTMENT_KEYS)] for row in rows]
    lines.append(["未交办到单位", *_values(without.figures, DEPARTMENT_KEYS)])
    lines.append(["合计", *_values(facts.totals[CAMPAIGN], DEPARTMENT_KEYS)])
    return sheet(
        "承办单位", "活动累计，按单位名称排列", ["承办单位", *_headed(*DEPARTMENT_KEYS)], lines, "departments"
    )


def _time_bands(facts):
    visits = counting_rows(facts.scope).queryset.order_by()
    bands = {
        name: Count("pk", filter=Q(started_at__hour__gte=first, started_at__hour__lt=end))
        for name, first, end in HOURS
    }
    counted = visits.aggregate(**{f"band_{n}": one for n, one in enumerate(bands.values())})
    lines = [["走访开始时刻", name, counted[f"band_{n}"], "次"] for n, name in enumerate(bands)]
    lengths = _handling_days(facts)
    for name, least, most in HANDLED:
        lines.append(
            ["问题登记到销号", name, sum(least <= length <= most for length in lengths), unit_of("issues")]
        )
    return sheet(
        "时间分段",
        "活动累计：算作走访的记录按开始时刻；已销号的问题按办理工作日",
        ["内容", "时段", "数量", "单位"],
        lines,
        "time_bands",
    )


def _handling_days(facts):
    pairs = [
        (timezone.localdate(registered), timezone.localdate(closed))
        for registered, closed in closed_rows(facts.scope).queryset.values_list("registered_at", "since_then")
    ]
    if not pairs:
        return []
    exceptions = exceptions_between(min(first for first, _ in pairs), max(last for _, last in pairs))
    lengths = {pair: working_days(*pair, exceptions) for pair in set(pairs)}
    return [lengths[pair] for pair in pairs]


def _satisfaction(facts):
    follow_ups = FollowUp.objects.filter(
        facts.scope.moments("at"), issue__in=issue_rows(facts.scope).queryset.values("pk")
    )
    found = {
        (row["result"], row["satisfaction"]): row["n"]
        for row in follow_ups.order_by().values("result", "satisfaction").annotate(n=Count("pk"))
    }
    lines = [
        ["回访件次", result_label, satisfaction_label, found.get((result, satisfaction), 0), None, None]
        for result, result_label in [*FollowUpResult.choices, ("", "未问结果")]
        for satisfaction, satisfaction_label in [*Satisfaction.choices, ("", "未问")]
        if found.get((result, satisfaction))
    ]
    for key in SATISFACTION_KEYS:
        lines.append([label_of(key), "", "", *facts.result(key)])
    return sheet(
        "满意度",
        "活动累计：回访结果与满意度；比率后为分子、分母",
        ["内容", "回访结果", "满意度", "数量或比率（%）", "分子", "分母"],
        lines,
        "satisfaction",
    )


def _gatherings(facts):
    measure = FIGURES["gathering_attendance"].measure(facts.scope)
    people = dict(measure.rows.queryset.order_by().values_list("kind").annotate(n=Sum("attendance")))
    counts = facts.value("gatherings_by_kind")
    lines = [[kind.label, counts[kind], people.get(kind) or 0] for kind in GatheringKind]
    lines.append(["合计", facts.value("gatherings"), facts.value("gathering_attendance")])
    return sheet(
        "宣讲活动", "活动累计，按类型", ["类型", "场次（场）", "参加人次（人次）"], lines, "gatherings"
    )


def _staff(facts):
    counts = facts.value("cadres_by_category")
    lines = [[category.label, counts[category]] for category in CadreCategory]
    lines.append(["合计：走访力量", facts.value("cadres")])
    lines.append(["其中编入队伍的队员", facts.value("team_members")])
    return sheet(
        "人员构成",
        "截止时点，按类别计数，不列个人；人员可以有岗位而不编入队伍",
        ["类别", "人数（名）"],
        lines,
        "staff",
    )


def _quality(facts):
    visits = visit_rows(facts.scope).queryset.order_by()
    counted = visits.aggregate(
        valid=Count("pk"),
        sent_back=Count("pk", filter=Q(state=VisitState.SENT_BACK)),
        imported=Count("pk", filter=Q(origin=Visit.Origin.WORKBOOK)),
        without_note=Count("pk", filter=Q(note="")),
    )
    void = Visit.objects.filter(facts.scope.moments("started_at"), campaign=facts.campaign).exclude(
        pk__in=visits.values("pk")
    )
    lines = [
        ["有效走访记录", counted["valid"], None, None],
        ["其中退回待更正", counted["sent_back"], None, None],
        ["其中由表格导入", counted["imported"], None, None],
        ["其中没有手记", counted["without_note"], None, None],
        ["作废的走访记录（不计入任何数字）", void.count(), None, None],
        *([f"{label_of(key)}（%）", *facts.result(key)] for key in QUALITY_KEYS),
    ]
    return sheet(
        "数据质量",
        "活动累计；下为发出前的核对",
        ["内容", "数量或比率", "分子", "分母"],
        lines,
        "quality",
    )


_WRITERS = (
    _by_grid,
    _by_category,
    _by_department,
    _time_bands,
    _satisfaction,
    _gatherings,
    _staff,
    _quality,
)
