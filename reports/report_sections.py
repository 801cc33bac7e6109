"""The sections and annexes of each series: sentences in the official style and the tables beside them."""

from .catalogue import COVERAGE, FIGURES
from .enums import ReportKind
from .exclusions import exclusions
from .facts import CAMPAIGN, DAY, WEEK
from .report_tables import (
    by_category,
    by_department,
    by_place,
    colour_table,
    comparison,
    issue_table,
    open_issues,
    part_run,
    table,
    top_categories,
    words,
)
from .sentences import cutoff_text, figure_run, label_of, paragraph, sentence, text_run, whole_of
from .typed import LINES, UNFILLED, line_of, typed_figures, typed_run

SHORT_LIST = 20  # overdue issues that a section lists one by one
VISIT_KEYS = (
    "households_visited",
    "visit_coverage",
    "visits",
    "cadre_visits",
    "people_met",
    "enterprises_visited",
    "school_visits",
    "gatherings",
    "gathering_attendance",
    "materials_handed_out",
    "receptions",
)
HANDLING_KEYS = (
    "issues",
    "issues_accepted",
    "issues_assigned",
    "issues_open",
    "issues_resolved",
    "issues_started",
    "issues_closed",
    "closing_rate",
    "resolution_rate",
    "on_time_rate",
    "issues_overdue",
    "spot_resolved",
    "returns",
    "extensions",
)
FOLLOW_UP_KEYS = (
    "follow_up_rate",
    "confirmed_solved_rate",
    "satisfaction_rate",
    "rework_rate",
    "reopen_rate",
    "inspection_confirmed_rate",
)
PLACE_KEYS = (
    *COVERAGE,
    "visits",
    "issues",
    "issues_closed",
)
CIRCULAR_COLUMNS = (
    ("households", CAMPAIGN),
    ("households_visited", CAMPAIGN),
    ("visit_coverage", CAMPAIGN),
    ("households_visited", WEEK),
    ("visits", WEEK),
    ("issues", CAMPAIGN),
    ("issues_closed", CAMPAIGN),
    ("closing_rate", CAMPAIGN),
    ("issues_overdue", CAMPAIGN),
)
DAILY_COLUMNS = (
    ("households", CAMPAIGN),
    ("households_visited", CAMPAIGN),
    ("visit_coverage", CAMPAIGN),
    ("households_visited", DAY),
    ("households_not_in", CAMPAIGN),
    ("households_refused", CAMPAIGN),
    ("households_vacant", CAMPAIGN),
)


def section(heading, *blocks):
    return {"heading": heading, "blocks": [block for block in blocks if block]}


def _say(facts, template, **more):
    is_long = facts.period.kind == ReportKind.FINAL
    known = {"cutoff": cutoff_text(facts.as_of, with_year=is_long), "whole": whole_of(facts.campaign.area)}
    return paragraph(sentence(facts, template, **known | more))


def _left_out(facts, *keys):
    """The sentences that a "100 %" must stand beside."""
    texts = [one["text"] for one in exclusions(facts) if one["figure"] in keys and one["period"] == CAMPAIGN]
    return paragraph([text_run("".join(texts))]) if texts else None


def _typed_line(facts, key):
    return paragraph([text_run(line_of(facts.draft, key) or UNFILLED)])


# --- The sections that weekly and final reports share -----------------------------------------------------------


def _by_weeks(facts, this_week):
    """A sentence about this week and the one before, where the series has weeks."""
    return this_week if WEEK in facts.periods else ""


def _visits(facts):
    return section(
        "走访情况",
        _say(
            facts,
            "截至{cutoff}，{whole}{grids}网格共走访{households_visited}，应访{households}，走访率{visit_coverage}。"
            + _by_weeks(facts, "本周新走访{households_visited@week}，上周{households_visited@last_week}。")
            + "尚未走访到的户中，未遇{households_not_in}、空关{households_vacant}、拒访{households_refused}、"
            "仅远程联系{households_remote}、未走访{households_untried}。",
        ),
        _left_out(facts, "visit_coverage"),
        _say(
            facts,
            "累计走访{visits}，参加走访干部{cadre_visits}，见到群众{people_met}；走访企业{enterprises_visited}，"
            "走访学校{school_visits}。举办宣讲活动{gatherings}，参加{gathering_attendance}；"
            "发放资料{materials_handed_out}；接访{receptions}。",
        ),
        _say(
            facts,
            "走访力量{cadres}；走访队伍{teams}，队员{team_members}。有岗位的人员不一定编入队伍，两数不必相等。",
        ),
        comparison(facts, "走访与宣讲", VISIT_KEYS),
    )


def _words_and_issues(facts):
    codes = top_categories(facts)
    return section(
        "意见和问题",
        _say(
            facts,
            "截至{cutoff}，征求群众意见{opinions}，登记问题{issues}。"
            + _by_weeks(
                facts,
                "本周征求意见{opinions@week}、登记问题{issues@week}，"
                "上周分别为{opinions@last_week}、{issues@last_week}。",
            )
            + "收集建议{suggestions}，吸纳{suggestions_adopted}，采纳率{adoption_rate}。",
        ),
        _left_out(facts, "adoption_rate"),
        _named_categories(facts, codes),
        by_category(facts, codes) if codes else None,
        by_place(
            facts, "各地问题", [("issues", name) for name in facts.periods] + [("issues_closed", CAMPAIGN)]
        ),
    )


def _named_categories(facts, codes):
    """The largest categories in one sentence."""
    if not codes:
        return None
    labels = by_category(facts, codes)["rows"]
    runs = [text_run("问题最多的类别：")]
    for code, row in zip(codes, labels, strict=True):
        runs += [*row[0], part_run(facts, "issues_by_category", code), text_run("、")]
    return paragraph([*runs[:-1], text_run("。")])


def _handling(facts):
    issues = open_issues(facts)
    late = [issue for issue in issues if issue.is_late]
    return section(
        "办理情况",
        _say(
            facts,
            "截至{cutoff}，登记问题{issues}，已受理{issues_accepted}，已交办{issues_assigned}；"
            "在办{issues_open}，已销号{issues_closed}，办结率{closing_rate}。"
            + _by_weeks(facts, "本周销号{issues_closed@week}，上周{issues_closed@last_week}。"),
        ),
        _say(
            facts,
            "已解决或着手解决{issues_resolved_or_started}，其中已解决{issues_resolved}、着手解决{issues_started}；"
            "解决率{resolution_rate}，着手解决的不计入。",
        ),
        _left_out(facts, "closing_rate", "resolution_rate"),
        _say(
            facts,
            "超期在办{issues_overdue}，按期办结率{on_time_rate}；发出督办单{slips}。",
            slips=_slips(facts),
        ),
        comparison(facts, "问题办理", HANDLING_KEYS),
        by_department(facts),
        _late_list(late),
    )


def _slips(facts, period=CAMPAIGN):
    """蓝1件次、黄2件次、红0件次."""
    runs = []
    for colour, word in {"blue": "蓝", "yellow": "黄", "red": "红"}.items():
        runs += [text_run(word), part_run(facts, "supervisions_by_colour", colour, period), text_run("、")]
    return runs[:-1]


def _late_list(late):
    if not late:
        return paragraph([text_run("没有超期在办的问题。")])
    if len(late) > SHORT_LIST:
        return paragraph([text_run(f"超期在办的{len(late):,}件按承办单位列在附件2，状态一栏注明“超期”。")])
    return issue_table("超期在办的问题（按承办单位）", late)


def _follow_ups(facts):
    return section(
        "回访情况",
        _say(
            facts,
            "回访率{follow_up_rate}，群众认定解决率{confirmed_solved_rate}，满意率{satisfaction_rate}；"
            "重办率{rework_rate}，重开率{reopen_rate}。",
        ),
        _left_out(facts, "follow_up_rate", "confirmed_solved_rate", "satisfaction_rate"),
        comparison(facts, "回访", FOLLOW_UP_KEYS),
    )


def _typed_sections(facts):
    """The typed lines, one section each; then the typed figures, each with who typed it and why."""
    headings = {"practice": "工作做法", "problems": "存在问题", "next": "下周安排"}
    if facts.period.kind == ReportKind.FINAL:
        headings["next"] = "下一步打算"
    sections = [section(heading, _typed_line(facts, key)) for key, heading in headings.items()]
    return [*sections, *_typed_figures(facts)]


def _typed_figures(facts):
    typed = typed_figures(facts.draft)
    if not typed:
        return []
    columns = [
        words("内容", weight=3),
        words("数", weight=2),
        words("填写人", weight=2),
        words("理由", weight=4),
    ]
    rows = [
        [
            [text_run(one["label"])],
            [typed_run(one), text_run("（人工填写）")],
            [text_run(one.get("author") or "—")],
            [text_run(one.get("reason") or "—")],
        ]
        for one in typed
    ]
    return [section("人工填写的数字", table("不由系统计算，逐项注明填写人和理由", columns, rows))]


# --- The series -------------------------------------------------------------------------------------------------


def weekly(facts):
    return [
        _visits(facts),
        _words_and_issues(facts),
        _handling(facts),
        _follow_ups(facts),
        *_typed_sections(facts),
    ]


def daily(facts):
    """One page: two tables and five lines."""
    lines = LINES[ReportKind.DAILY]
    typed = [
        paragraph([text_run(f"{label}："), text_run(line_of(facts.draft, key) or UNFILLED)])
        for key, label in lines.items()
    ]
    return [
        section(
            "走访",
            _say(
                facts,
                "截至{cutoff}，{whole}{grids}网格共走访{households_visited}，应访{households}，"
                "走访率{visit_coverage}；当日新走访{households_visited@day}。",
            ),
            _left_out(facts, "visit_coverage"),
            by_place(facts, "表A　各地走访", DAILY_COLUMNS),
        ),
        section("问题", _daily_issues(facts)),
        section("要事", *typed),
        *_typed_figures(facts),
    ]


def _daily_issues(facts):
    """Table B: new, accepted, assigned, closed, overdue, slips; the day and the campaign to date."""
    keys = ("issues", "issues_accepted", "issues_assigned", "issues_closed", "issues_overdue")
    return colour_table(facts, "表B　问题办理", keys, lambda period: _slips(facts, period))


def circular(facts):
    return [
        section(
            "总体情况",
            _say(
                facts,
                "截至{cutoff}，{whole}{grids}网格共走访{households_visited}，应访{households}，"
                "走访率{visit_coverage}；本周新走访{households_visited@week}。登记问题{issues}，"
                "已销号{issues_closed}，办结率{closing_rate}，超期在办{issues_overdue}。",
            ),
            _left_out(facts, "visit_coverage", "closing_rate"),
        ),
        section(
            "各地情况",
            _order_note(facts),
            by_place(facts, "各地进度", CIRCULAR_COLUMNS, order=facts.campaign.circular_order),
        ),
        section("通报意见", _typed_line(facts, "remarks")),
        *_typed_figures(facts),
    ]


def _order_note(facts):
    """Places stand by area code; an order by a figure is the campaign's decision, and says why."""
    order = facts.campaign.circular_order
    if not order:
        return paragraph([text_run("各地按区划代码排列，不作排名。")])
    reason = facts.campaign.circular_order_reason
    return paragraph([text_run(f"各地按{label_of(order)}从高到低排列；本活动这样排列的理由：{reason}")])


SECTIONS = {
    ReportKind.DAILY: daily,
    ReportKind.WEEKLY: weekly,
    ReportKind.FINAL: weekly,
    ReportKind.CIRCULAR: circular,
}


def annexes(facts):
    """1 all figures and the table by place, 2 the open ledger; daily reports and circulars have none."""
    if facts.period.kind not in (ReportKind.WEEKLY, ReportKind.FINAL):
        return []
    explained = [one["text"] for one in exclusions(facts)]
    notes = [paragraph([text_run(text)]) for text in dict.fromkeys(explained)]
    issues = open_issues(facts)
    ledger = (
        issue_table("在办问题（按承办单位和期限）", issues)
        if issues
        else paragraph([text_run("没有在办的问题。")])
    )
    return [
        section(
            "各项数字",
            comparison(facts, "全部数字", FIGURES),
            by_place(facts, "各地进度", [(key, CAMPAIGN) for key in PLACE_KEYS]),
            *notes,
        ),
        section(
            "在办问题台账",
            paragraph([text_run("在办"), figure_run(facts, "issues_open"), text_run("。")]),
            ledger,
        ),
    ]
