"""Each check holds on sound data and fails on data that violates it, with the rows behind the failure."""

from dataclasses import replace

import pytest

from grids.models import RegisterEntry
from issues.models import FollowUp
from reports.all_checks import CHECKS
from reports.checks import Severity, run_checks
from reports.facts import Facts
from reports.models import ReportDraft
from reports.typed_checks import TYPED_CHECKS
from tests.factories import assigned, at, cadre, campaign, department, household, issue, user, visit
from visits.models import Visit

from .issuing import facts, issued

pytestmark = pytest.mark.django_db
BY_KEY = {check.key: check for check in CHECKS}
NOTE = "今天到这一户走访，家里有老人，讲了政策，问了难处"


@pytest.fixture
def of():
    made = campaign()
    visit(made, household(), by=[cadre()])
    household()
    done = issue(
        made,
        state="closed",
        outcome="substantive",
        replied_at=at("2018-09-05 10:00"),
        closed_at=at("2018-09-06 10:00"),
        state_since=at("2018-09-06 10:00"),
        **assigned(department()),
    )
    FollowUp.objects.create(issue=done, at=at("2018-09-06 09:00"), result="solved", satisfaction="satisfied")
    issue(made, state="not_accepted")
    return made


def failures(key, of, **more):
    return BY_KEY[key].failures(facts(of, **more))


def texts(key, of, **more):
    return [failure.text for failure in failures(key, of, **more)]


def typed(*figures, **lines):
    complete = {"figure": "", "part_of": "", "author": "鲍二柏", "reason": "村里报来"}
    return ReportDraft(lines=lines, figures=[complete | figure for figure in figures])


class Tampered(Facts):
    """Facts whose figures somebody changed: what a slip in the counting would look like."""

    def __init__(self, sound, **values):
        super().__init__(sound.campaign, sound.period, sound.as_of, sound.known_at)
        self.__dict__["totals"] = {
            period: results | {key: results[key]._replace(value=value) for key, value in values.items()}
            for period, results in sound.totals.items()
        }


def test_sound_data_passes_every_check(of):
    outcomes = run_checks(facts(of), CHECKS)

    assert {outcome.check.key: outcome.texts for outcome in outcomes if outcome.failures} == {}
    assert len(outcomes) == 18


@pytest.mark.parametrize(
    ("key", "values", "sentence"),
    [
        ("parts_add_up", {"households": 3}, "应访户数：各地之和 2，合计 3。"),
        ("visited_within_households", {"households_visited": 3}, "已走访户数 3，大于应访户数 2。"),
        ("visits_within_cadre_visits", {"visits": 0}, "已走访户数 1，大于走访户次 0。"),
        ("lots_add_up", {"households_not_in": 1}, "各类之和 3 户，应访 2 户。"),
        ("issues_add_up", {"issues": 3}, "收集问题数 3 件，按状态逐件数得 2 件。"),
        ("issues_add_up", {"issues_closed": 2}, "已销号 2 件，按状态逐件数得 1 件。"),
    ],
)
def test_sum_that_does_not_hold_is_named(of, key, values, sentence):
    assert sentence in [failure.text for failure in BY_KEY[key].failures(Tampered(facts(of), **values))]


def test_visit_without_anybody_is_more_visits_than_cadre_visits(of):
    visit(of, household())

    assert texts("visits_within_cadre_visits", of) == ["走访户次 2，大于走访干部人次 1。"]


def test_closed_without_a_follow_up_is_found_with_its_row(of):
    bare = issue(
        of,
        state="closed",
        outcome="procedural",
        replied_at=at("2018-09-05 10:00"),
        closed_at=at("2018-09-06 10:00"),
        state_since=at("2018-09-06 10:00"),
        **assigned(department()),
    )

    [failure] = failures("closed_were_followed_up", of)

    assert failure.text == "没有回访的已销号问题 1 件。"
    assert list(failure.queryset) == [bare]


@pytest.mark.parametrize(
    ("started", "sentence"),
    [
        ("2018-06-30 23:59", "走访时间早于活动第一天的记录 1 条。"),
        ("2018-09-08 12:00", "走访时间在将来的记录 1 条。"),
    ],
)
def test_visit_outside_the_campaign_or_in_the_future_is_found(of, started, sentence):
    wrong = visit(of, household(), by=[cadre()], started_at=at(started))

    [failure] = failures("visits_lie_in_the_campaign", of, now=at("2018-09-08 11:59"))

    assert failure.text == sentence
    assert list(failure.queryset) == [wrong]


def test_void_visit_in_the_future_is_nobodys_business(of):
    visit(
        of,
        household(),
        started_at=at("2018-09-08 12:00"),
        state="void",
        voided_at=at("2018-09-08 09:00"),
    )

    assert texts("visits_lie_in_the_campaign", of, now=at("2018-09-08 11:59")) == []


def test_more_than_forty_doors_a_day_is_a_warning_without_a_name(of):
    who = cadre("张三丰")
    doors = [household() for _ in range(41)]
    for door in doors[:40]:
        visit(of, door, by=[who])
    visit(of, doors[0], by=[who])
    assert texts("days_are_possible", of) == []

    visit(of, doors[40], by=[who])
    [failure] = failures("days_are_possible", of)

    assert failure.text == "2018-09-03 有一人登记走访 41 户。"
    assert failure.queryset.count() == 42
    assert BY_KEY["days_are_possible"].severity == Severity.WARNING


def test_five_alike_notes_of_one_author_are_a_warning(of):
    who = cadre("张三丰", user=True)
    for n in range(4):
        visit(of, household(), by=[who], note=f"{NOTE}。{n}", filed_by=who.user)
    visit(of, household(), by=[cadre()], note=NOTE, filed_by=user())
    visit(of, household(), by=[who], note="路灯不亮，已记下，和电工约好后天来修", filed_by=who.user)
    assert texts("notes_differ", of) == []

    visit(of, household(), by=[who], note=f"{NOTE}！", filed_by=who.user)
    assert texts("notes_differ", of) == []  # filed today: the author is told first
    Visit.objects.update(filed_at=at("2018-09-04 08:00"))
    [failure] = failures("notes_differ", of)

    assert failure.text == "有一人的 5 条走访手记相同或九成以上相似。"
    assert failure.queryset.count() == 5
    assert "张" not in failure.text


def test_short_notes_may_be_the_same(of):
    who = cadre()
    for _ in range(5):
        visit(of, household(), by=[who], note="已走访", filed_at=at("2018-09-04 08:00"))

    assert texts("notes_differ", of) == []


# --- Between two reports ------------------------------------------------------------------------------------------


def _next_week(of, former):
    sound = facts(of, day="2018-09-13", now=at("2018-09-20 08:00"))
    return replace(sound, former=former)


def test_total_that_fell_since_the_last_report_is_named(of):
    former = issued(of)
    Visit.objects.update(state="void", voided_at=at("2018-09-12 10:00"))

    said = [failure.text for failure in BY_KEY["totals_do_not_fall"].failures(_next_week(of, former))]

    assert "走访户次由 1（周报 2018-W36 第 1 版）减为 0。" in said
    assert "已走访户数由 1（周报 2018-W36 第 1 版）减为 0。" in said


def test_fall_by_a_demolished_household_explains_itself(of):
    former = issued(of)
    door = Visit.objects.get().entry
    visit(of, door, by=[cadre()], outcome="demolished", started_at=at("2018-09-12 10:00"))

    now = _next_week(of, former)

    assert (
        former.content["figures"]["campaign"]["households_visited"][0],
        now.value("households_visited"),
    ) == (1, 0)
    assert BY_KEY["totals_do_not_fall"].failures(now) == []


# --- A hundred percent ----------------------------------------------------------------------------------------------


def test_full_rate_always_has_its_sentence(of):
    visit(of, RegisterEntry.objects.get(visits__isnull=True), by=[cadre()])

    assert facts(of).result("visit_coverage").value == 100.0
    assert texts("full_rates_say_what_is_left_out", of) == []


# --- Typed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "draft", "sentence"),
    [
        (
            "typed_figures_are_marked",
            typed({"label": "休闲椅", "value": 3, "unit": "把", "reason": ""}),
            "“休闲椅”没有写明理由。",
        ),
        (
            "typed_agree_with_figures",
            typed({"label": "已走访户数", "value": 2, "unit": "户"}),
            "“已走访户数” 2户，系统计算的已走访户数为 1户。",
        ),
        (
            "typed_agree_with_figures",
            typed({"label": "走访群众", "value": 1, "unit": "人次", "figure": "households_visited"}),
            "“走访群众” 1人次：已走访户数的单位是“户”，户、户次、人次不能混用。",
        ),
        (
            "typed_agree_with_each_other",
            typed({"label": "椅子", "value": 2, "unit": "把"}, {"label": "椅子", "value": 3, "unit": "把"}),
            "“椅子” 2把 与 “椅子” 3把 不一致。",
        ),
        (
            "typed_agree_with_each_other",
            typed({"label": "其中镇级", "value": 2, "unit": "件", "part_of": "issues"}),
            "“其中镇级” 2件 是其中的一部分，却不小于总数 2。",
        ),
        (
            "sums_stand_with_their_parts",
            typed({"label": "解决或正在解决", "value": 1, "unit": "件"}),
            "已解决或着手解决须连同已解决、着手解决两个分项分开填写，不能合为一个数。",
        ),
        (
            "claims_agree_with_figures",
            typed(problems="群众反映的问题已全部解决"),
            "“存在问题”写有“全部解决”，而解决率为 50.0%（1/2）。",
        ),
        (
            "claims_agree_with_figures",
            typed(practice="走访全覆盖"),
            "“工作做法（不写姓名）”写有“走访全覆盖”，而走访率为 50.0%（1/2）。",
        ),
        (
            "typed_full_rates_say_what_is_left_out",
            typed({"label": "培训率", "value": 100, "unit": "%"}),
            "“培训率” 100%：请在理由里写明“不含……”。",
        ),
    ],
)
def test_typed_words_and_figures_that_contradict_are_caught(of, key, draft, sentence):
    assert texts(key, of, draft=draft) == [sentence]


@pytest.mark.parametrize(
    "draft",
    [
        typed({"label": "已走访户数", "value": 1, "unit": "户"}),
        typed({"label": "休闲椅", "value": 3, "unit": "把"}, {"label": "长椅", "value": 4, "unit": "把"}),
        typed({"label": "其中镇级", "value": 1, "unit": "件", "part_of": "issues"}),
        typed(
            {"label": "已解决或着手解决", "value": 1, "unit": "件"},
            {"label": "已解决", "value": 1, "unit": "件"},
            {"label": "着手解决", "value": 0, "unit": "件"},
        ),
        typed(problems="问题尚未全部解决", practice="每户都送到资料，争取全部走访", next="问题全部解决"),
        typed({"label": "培训率", "value": 100, "unit": "%", "reason": "签到表，不含请假 3 人"}),
    ],
    ids=range(6),
)
def test_typed_words_and_figures_that_agree_pass(of, draft):
    outcomes = run_checks(facts(of, draft=draft), TYPED_CHECKS)

    assert [text for outcome in outcomes for text in outcome.texts] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("张三丰家的路灯修好了", "张*"),
        ("有事打 8324 1234", "832****1234"),
        ("证号 33041119500101123x 的住户", "330411…"),
    ],
)
def test_typed_line_that_names_a_resident_is_caught_and_not_repeated(of, line, found):
    household(holder_name="张三丰")

    sentence = f"“存在问题”里有住户的姓名或号码（{found}），请删去或改写。"
    assert texts("typed_lines_name_nobody", of, draft=typed(problems=line)) == [sentence]


def test_typed_line_about_years_enterprises_and_other_towns_passes(of):
    household(kind="enterprise", holder_name="花溪纸厂")
    household("3304111062010001", holder_name="远方客")

    line = "2018-2019 年度花溪纸厂停了夜班，20180907 复查，花 1200 元，远方客也来看。"
    assert texts("typed_lines_name_nobody", of, draft=typed(problems=line)) == []
