"""The tables of a report, as blocks: columns, and rows whose cells are runs (see `sentences`)."""

from django.utils import timezone
from django.utils.translation import override

from canvass.figures import DEPARTMENT
from canvass.places import VILLAGE
from grids.models import Place
from issues.enums import IssueState
from issues.models.issues import ANSWERED

from .breakdown import rows_by
from .catalogue import FIGURES
from .drilldown import key_labels
from .facts import CAMPAIGN, DAY, LAST_WEEK, NOTHING, WEEK
from .sentences import CHINESE, figure_run, label_of, result_run, text_run, unit_of

PERIOD_LABELS = {DAY: "当日", WEEK: "本周", LAST_WEEK: "上周", CAMPAIGN: "累计"}
TOP = 5
DEPARTMENT_KEYS = ("issues_assigned", "issues_open", "issues_overdue", "issues_closed", "on_time_rate")


def column(label, unit="", *, weight=1, number=True):
    """`weight` is the column's share of the width; a rate with its two sides needs more."""
    weight = weight if unit != "%" else max(weight, 3.4)
    return {"label": label, "unit": unit, "weight": weight, "number": number}


def words(text, *, weight=1):
    return column(text, weight=weight, number=False)


def table(caption, columns, rows, *, has_total=False):
    """`rows` are lists of cells, a cell is a list of runs; with `has_total` the last row is the total."""
    return {"type": "table", "caption": caption, "columns": columns, "rows": rows, "has_total": has_total}


def comparison(facts, caption, keys):
    """One line a figure, one column a period; a grouped figure has a line for each key that holds anything."""
    columns = [words("项目", weight=2.2), words("单位")]
    columns += [column(PERIOD_LABELS[name], weight=3.4) for name in facts.periods]
    rows = []
    for key in keys:
        if isinstance(facts.value(key), dict):
            rows += _grouped_lines(facts, key)
            continue
        cells = [[figure_run(facts, key, name, unit=False)] for name in facts.periods]
        rows.append([[text_run(label_of(key))], [text_run(unit_of(key))], *cells])
    return table(caption, columns, rows)


def _grouped_lines(facts, key):
    for part, label in group_labels(facts, key).items():
        cells = [[part_run(facts, key, part, name, unit=False)] for name in facts.periods]
        if any(cell[0]["value"] for cell in cells):
            yield [[text_run(f"{label_of(key)}：{label}")], [text_run(unit_of(key))], *cells]


def group_labels(facts, key):
    with override(CHINESE):
        return {part: str(label) for part, label in key_labels(FIGURES[key].measure(facts.scope)).items()}


def part_run(facts, key, part, period=CAMPAIGN, *, unit=True):
    """One key of a grouped figure."""
    result = facts.result(key, period)
    values = result.value if isinstance(result.value, dict) else {}
    return result_run(key, period, result._replace(value=values.get(part)), unit=unit, key=part)


def by_place(facts, caption, wanted, *, order=""):
    """The rows by place; `wanted`: (figure key, period). In the order of area codes, or the highest `order` first."""
    columns = [words("村（社区）" if facts.level == "village" else "地方", weight=1.7)]
    columns += [column(_headed(facts, key, name), unit_of(key)) for key, name in wanted]
    rows_of = {name: {} for _key, name in wanted}
    names = {}
    for name in rows_of:
        for row in facts.rows([key for key, period in wanted if period == name], name):
            names.setdefault(row.code, row.name)
            rows_of[name][row.code] = row
    codes = sorted(code for code in names if code)
    if order:
        codes.sort(key=lambda code: -(_place_run(facts, rows_of, code, order, CAMPAIGN)["value"] or 0))
    codes += [""] if "" in names else []
    rows = [
        [[text_run(names[code])], *([_place_run(facts, rows_of, code, *one)] for one in wanted)]
        for code in codes
    ]
    rows.append([[text_run("合计")], *([figure_run(facts, *one, unit=False)] for one in wanted)])
    return table(caption, columns, rows, has_total=True)


def _headed(facts, key, period):
    return label_of(key) if period == CAMPAIGN else f"{PERIOD_LABELS[period]}{label_of(key)}"


def _place_run(facts, rows_of, code, key, period):
    row, scope = rows_of[period].get(code), facts.scopes[period]
    if scope is None:
        result = NOTHING
    else:
        result = row.figures[key] if row else FIGURES[key].measure(scope).empty
    return result_run(key, period, result, unit=False, level=facts.level, part=code)


def top_categories(facts):
    """The codes of the categories with most issues, the most first."""
    counts = facts.value("issues_by_category")
    held = [code for code, count in counts.items() if count]
    return sorted(held, key=lambda code: (-counts[code], code))[:TOP]


def by_category(facts, codes):
    labels = group_labels(facts, "issues_by_category")
    columns = [words("类别", weight=2)]
    columns += [column(PERIOD_LABELS[name], unit_of("issues")) for name in facts.periods]
    rows = [
        [
            [text_run(labels[code])],
            *([part_run(facts, "issues_by_category", code, name, unit=False)] for name in facts.periods),
        ]
        for code in codes
    ]
    return table("问题最多的类别（前五类）", columns, rows)


def colour_table(facts, caption, keys, slips):
    """Some figures with the supervision slips beside them, one line a period; `slips(period)` gives the runs."""
    columns = [words("时段"), *(column(label_of(key), unit_of(key)) for key in keys)]
    columns.append(words("督办单", weight=3))
    rows = [
        [
            [text_run(PERIOD_LABELS[name])],
            *([figure_run(facts, key, name, unit=False)] for key in keys),
            slips(name),
        ]
        for name in facts.periods
    ]
    return table(caption, columns, rows)


def by_department(facts):
    """What each department holds; those with nothing overdue come by name like the others."""
    figures = [FIGURES[key] for key in DEPARTMENT_KEYS]
    *rows, without = rows_by(facts.scope, DEPARTMENT, figures)
    columns = [words("承办单位", weight=2), *(column(label_of(key), unit_of(key)) for key in DEPARTMENT_KEYS)]
    if any(result.value for result in without.figures.values()):
        rows.append(without)
    lines = [
        [
            [text_run(row.name if row.code else "未交办到单位")],
            *(
                [result_run(key, CAMPAIGN, row.figures[key], unit=False, level=DEPARTMENT, part=row.code)]
                for key in DEPARTMENT_KEYS
            ),
        ]
        for row in rows
    ]
    lines.append([[text_run("合计")], *([figure_run(facts, key, unit=False)] for key in DEPARTMENT_KEYS)])
    return table("各承办单位办理情况", columns, lines, has_total=True)


def open_issues(facts):
    """The rows behind issues_open by department and due date, with `due_then` and `is_late`. No resident in them."""
    rows = FIGURES["issues_open"].measure(facts.scope).rows.queryset.with_due_at(facts.as_of)
    issues = list(rows.select_related("lead_department", "category", "category__parent"))
    moment = facts.as_of.replace(microsecond=0)
    for issue in issues:
        owes = issue.state_then not in ANSWERED
        issue.is_late = owes and issue.due_then is not None and issue.due_then < moment
    far = moment.replace(year=9999)
    issues.sort(key=lambda one: (str(one.lead_department or ""), one.due_then or far, one.number))
    return issues


def issue_table(caption, issues):
    """A ledger of issues for print."""
    columns = [
        words("编号", weight=2),
        words("事项", weight=4),
        words("村（社区）", weight=2),
        words("承办单位", weight=2),
        words("期限", weight=2),
        words("状态", weight=2),
    ]
    with override(CHINESE):
        villages = _village_names(issues)
        rows = [
            [
                [text_run(issue.number)],
                [text_run(f"{issue.title}（{issue.category}）")],
                [text_run(villages.get(issue.place_id[:VILLAGE], ""))],
                [text_run(issue.lead_department or "未交办")],
                [text_run(timezone.localdate(issue.due_then) if issue.due_then else "—")],
                [text_run(f"{IssueState(issue.state_then).label}{'，超期' if issue.is_late else ''}")],
            ]
            for issue in issues
        ]
    return table(caption, columns, rows)


def _village_names(issues):
    codes = {issue.place_id[:VILLAGE] for issue in issues}
    return dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
