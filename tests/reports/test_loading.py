"""What a good workbook becomes: rows, history, marks; loaded again it changes nothing; what may be updated is."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from campaigns.models import Campaign, TeamMember
from canvass.roles import Role
from grids.models import Cadre, Department, Place, Posting, RegisterEntry, RegisterPeriod
from issues.models import Deed, FollowUp, Issue, IssueStep, SuggestionAnswer
from reports.loading import check, load
from reports.models import WorkbookLoad
from tests.workbooks import CODE, GRID_A1, GRID_A2, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B, sample, workbook
from visits.models import GatheringSpeaker, Handout, Opinion, OpinionMark, Visit, VisitCadre, VisitStep

from .stored import everything

pytestmark = pytest.mark.django_db
FIRST_ON = date(2018, 7, 1)


def at(text):
    return timezone.make_aware(datetime.fromisoformat(text))


def loaded(sheets, **options):
    outcome = load(workbook(sheets), **options)
    assert [str(problem) for problem in outcome.errors] == []
    return outcome


@pytest.fixture
def campaign():
    """The sample, loaded."""
    loaded(sample())
    return Campaign.objects.get()


def only(*names):
    """The sample without all sheets but these."""
    return {name: rows for name, rows in sample().items() if name in names}


# --- Once, again, dry ---


def test_workbook_becomes_rows_and_one_log_row():
    content = workbook(sample())

    outcome = load(content, file_name="王店.xlsx")

    assert outcome.changed
    assert {key: counts["created"] for key, counts in outcome.sheets.items()} == {
        "campaign": 1, "areas": 6, "departments": 3, "grids": 3, "teams": 2, "cadres": 6, "register": 4,
        "visits": 3, "gatherings": 2, "materials": 2, "opinions": 4, "issues": 3, "deeds": 2,
    }  # fmt: skip
    log = WorkbookLoad.objects.get()
    assert (log.campaign.code, log.file_name, log.counts) == (CODE, "王店.xlsx", outcome.sheets)
    assert len(log.sha256) == 64


def test_same_workbook_again_writes_no_row(campaign):
    before = everything()

    outcome = loaded(sample())

    assert not outcome.changed
    assert not outcome.changes
    assert everything() == before


def test_dry_run_writes_no_row():
    before = everything()

    outcome = check(workbook(sample()))

    assert (outcome.ok, outcome.changed, outcome.changes) == (True, False, True)
    assert everything() == before


def test_rows_that_say_the_same_twice_are_one(campaign):
    sheets = sample()
    sheets["走访记录"].append(dict(sheets["走访记录"][0]))
    sheets["人员"].append(dict(sheets["人员"][0]))
    sheets["走访对象"].append(
        {"对象编号": "H009", "类型": "住户", "网格编码": GRID_A1, "门牌地址": "花溪路1号"}
    )

    outcome = loaded(sheets)

    assert outcome.sheets["visits"] == {"created": 0, "changed": 0, "unchanged": 4}
    assert outcome.sheets["cadres"]["unchanged"] == 7
    assert RegisterEntry.objects.filter(address="花溪路1号").count() == 2, "addresses may repeat"


def test_sheets_may_stand_in_any_order_and_under_their_english_names():
    sheets = dict(reversed(sample().items()))
    sheets["register"] = sheets.pop("走访对象")

    assert loaded(sheets).sheets["register"]["created"] == 4


def test_rows_without_a_file_load_too():
    outcome = load(sample())

    assert (outcome.ok, outcome.sheets["visits"]["created"]) == (True, 3)


def test_progress_names_the_stage():
    stages = []

    load(workbook(sample()), progress=lambda stage, done, total: stages.append((stage, done, total)))

    assert ("检查“走访记录”", 3, 3) in stages
    assert ("写入“走访记录”", 3, 3) in stages


def test_change_by_somebody_else_between_check_and_write_is_one_error_and_writes_nothing():
    def intrude(stage, done, total):
        if stage == "检查“实事”":
            Department.objects.create(name="区住建局", level="county")

    outcome = load(workbook(sample()), progress=intrude)

    assert [str(problem) for problem in outcome.errors] == [
        "检查之后，别人改动了系统里的数据，所以什么都没有导入。请再导入一次。"
    ]
    assert (outcome.changed, Campaign.objects.count(), WorkbookLoad.objects.count()) == (False, 0, 0)


# --- Places, people, register ---


def test_campaign_of_a_workbook_runs_and_has_its_outcomes(campaign):
    assert (campaign.state, campaign.area_id, campaign.first_on, campaign.last_on) == (
        "running", TOWN, FIRST_ON, date(2018, 9, 30),
    )  # fmt: skip
    assert campaign.counting_outcomes() == ["met"]


def test_places_are_valid_from_the_first_day(campaign):
    village, grid = Place.objects.get(pk=VILLAGE_A), Place.objects.get(pk=GRID_B1)

    assert (village.parent_id, village.urban_rural, village.from_on) == (TOWN, "121", FIRST_ON)
    assert (grid.parent_id, grid.kind, grid.from_on, grid.to_on) == (VILLAGE_B, "dedicated", FIRST_ON, None)


def test_people_have_postings_and_teams_from_the_first_day(campaign):
    worker, official = Cadre.objects.get(staff_number="W001"), Cadre.objects.get(staff_number="W003")

    assert set(worker.postings.values_list("role", "place", "from_on", "to_on")) == {
        ("visitor", GRID_A1, FIRST_ON, None),
        ("visitor", GRID_A2, FIRST_ON, None),
    }
    assert set(official.memberships.values_list("team__name", "from_on")) == {
        ("庆丰宣讲队", FIRST_ON),
        ("花溪走访队", FIRST_ON),
    }
    clerk = Posting.objects.get(role=Role.UNIT_CLERK)
    assert (clerk.department.name, clerk.place_id) == ("镇环保所", TOWN)


def test_register_entry_has_its_first_period(campaign):
    entry = RegisterEntry.objects.get(number="H003")

    assert (entry.grid_id, entry.state, entry.from_on) == (GRID_A2, "vacant", FIRST_ON)
    assert list(entry.periods.values_list("grid", "state", "from_on", "to_on")) == [
        (GRID_A2, "vacant", FIRST_ON, None)
    ]


def test_known_places_people_and_teams_are_updated(campaign):
    sheets = only("活动", "区划", "单位", "网格", "队伍", "人员")
    sheets["活动"][0]["主题"] = "新主题"
    sheets["区划"][4]["名称"] = "花溪新村"
    sheets["单位"][1]["联系人"] = "李四"
    sheets["网格"][0]["网格名称"] = "一号网格"
    sheets["队伍"][1]["责任范围"] = VILLAGE_B
    sheets["人员"][0]["手机"] = "13900139000"

    outcome = loaded(sheets)

    assert {key: counts["changed"] for key, counts in outcome.sheets.items()} == {
        "campaign": 1, "areas": 1, "departments": 1, "grids": 1, "teams": 1, "cadres": 1,
    }  # fmt: skip
    assert outcome.examples["areas"]["changed"] == [
        {"row": 6, "key": VILLAGE_A, "changes": [("名称", "花溪社区", "花溪新村")]}
    ]
    campaign.refresh_from_db()
    assert campaign.theme == "新主题"
    assert Place.objects.get(pk=VILLAGE_A).name == "花溪新村"
    assert list(campaign.teams.get(name="庆丰宣讲队").places.values_list("place", flat=True)) == [VILLAGE_B]
    assert Cadre.objects.get(staff_number="W001").phone == "13900139000"
    assert not loaded(sheets).changes


def test_blank_cell_clears_nothing(campaign):
    sheets = only("活动", "单位", "人员", "走访对象", "走访记录")
    sheets["活动"][0]["主题"] = None
    sheets["单位"][0]["联系电话"] = "  "
    sheets["人员"][1]["手机"] = sheets["人员"][1]["单位"] = sheets["人员"][1]["队伍"] = None
    sheets["走访对象"][0]["户名"] = None
    sheets["走访记录"][0]["手记"] = sheets["走访记录"][0]["方式"] = None
    before = everything()

    assert not loaded(sheets).changes
    assert everything() == before


def test_stated_range_of_duty_replaces_the_open_postings_of_that_role(campaign):
    sheets = only("活动", "人员")
    sheets["人员"] = [sheets["人员"][0] | {"责任范围": f"{GRID_A2};{GRID_B1}"}]

    outcome = loaded(sheets)

    yesterday = timezone.localdate() - timedelta(days=1)
    assert outcome.sheets["cadres"] == {"created": 0, "changed": 1, "unchanged": 0}
    assert set(
        Posting.objects.filter(cadre__staff_number="W001").values_list("place", "from_on", "to_on")
    ) == {
        (GRID_A1, FIRST_ON, yesterday),
        (GRID_A2, FIRST_ON, None),
        (GRID_B1, FIRST_ON, None),
    }


def test_posting_that_began_today_ends_today(campaign):
    today = timezone.localdate()
    Posting.objects.filter(cadre__staff_number="W001", place=GRID_A1).update(from_on=today)
    sheets = only("活动", "人员")
    sheets["人员"] = [sheets["人员"][0] | {"责任范围": GRID_A2}]

    loaded(sheets)

    dropped = Posting.objects.get(cadre__staff_number="W001", place=GRID_A1)
    assert (dropped.from_on, dropped.to_on) == (today, today)


def test_posting_and_place_that_began_late_are_extended_back(campaign):
    late = FIRST_ON + timedelta(days=20)
    Posting.objects.filter(cadre__staff_number="W005").update(from_on=late)
    Place.objects.filter(pk=GRID_B1).update(from_on=late)

    outcome = loaded(only("活动", "网格", "人员"))

    assert (outcome.sheets["grids"]["changed"], outcome.sheets["cadres"]["changed"]) == (1, 1)
    assert Posting.objects.get(cadre__staff_number="W005").from_on == FIRST_ON
    assert Place.objects.get(pk=GRID_B1).from_on == FIRST_ON


def test_stated_teams_replace_the_memberships(campaign):
    sheets = only("活动", "人员")
    sheets["人员"] = [sheets["人员"][0] | {"队伍": "庆丰宣讲队"}]

    loaded(sheets)

    open_ones = TeamMember.objects.filter(cadre__staff_number="W001", to_on__isnull=True)
    assert list(open_ones.values_list("team__name", flat=True)) == ["庆丰宣讲队"]


def test_clerk_moves_to_another_department(campaign):
    sheets = only("活动", "人员")
    sheets["人员"] = [sheets["人员"][4] | {"单位": "区住建局"}]

    loaded(sheets)

    rows = Posting.objects.filter(role=Role.UNIT_CLERK)
    assert {(row.department.name, row.to_on is None) for row in rows} == {
        ("镇环保所", False),
        ("区住建局", True),
    }
    assert not loaded(sheets).changes


def test_register_entry_that_changed_since_an_earlier_day_gets_a_new_period(campaign):
    entry = RegisterEntry.objects.get(number="H001")
    earlier = FIRST_ON - timedelta(days=100)
    RegisterEntry.objects.filter(pk=entry.pk).update(from_on=earlier)
    entry.periods.update(from_on=earlier)
    sheets = only("活动", "走访对象")
    sheets["走访对象"][0]["网格编码"] = GRID_A2

    loaded(sheets)

    assert list(entry.periods.values_list("grid", "from_on", "to_on")) == [
        (GRID_A1, earlier, FIRST_ON - timedelta(days=1)),
        (GRID_A2, FIRST_ON, None),
    ]
    entry.refresh_from_db()
    assert (entry.grid_id, entry.from_on) == (GRID_A2, FIRST_ON)


def test_register_entry_of_this_campaign_is_corrected_in_place(campaign):
    sheets = only("活动", "走访对象")
    sheets["走访对象"][0] |= {"状态": "搬迁", "门牌地址": "花溪路11号"}

    outcome = loaded(sheets)

    assert outcome.examples["register"]["changed"] == [
        {
            "row": 2,
            "key": "H001",
            "changes": [("门牌地址", "花溪路1号", "花溪路11号"), ("状态", "在册", "搬迁")],
        }
    ]
    entry = RegisterEntry.objects.get(number="H001")
    assert list(entry.periods.values_list("state", "from_on", "to_on")) == [("moved", FIRST_ON, None)]
    assert entry.state == "moved"


@pytest.mark.parametrize("has_earlier", [False, True])
def test_register_entry_that_began_late_is_extended_back_unless_something_was_before(campaign, has_earlier):
    late = FIRST_ON + timedelta(days=20)
    entry = RegisterEntry.objects.get(number="H001")
    RegisterEntry.objects.filter(pk=entry.pk).update(from_on=late)
    entry.periods.update(from_on=late)
    if has_earlier:
        RegisterPeriod.objects.create(
            entry=entry, grid_id=GRID_A2, state="active", from_on=FIRST_ON, to_on=late - timedelta(days=1)
        )

    outcome = loaded(only("活动", "走访对象"))

    assert outcome.sheets["register"]["changed"] == (0 if has_earlier else 1)
    assert entry.periods.get(to_on__isnull=True).from_on == (late if has_earlier else FIRST_ON)


# --- Records ---


def test_visit_keeps_grid_people_and_roles_of_its_day(campaign):
    visit = Visit.objects.get(number="V001")

    assert (visit.grid_id, visit.origin, visit.state, visit.people_met) == (GRID_A1, "workbook", "filed", 3)
    assert (visit.started_at, visit.ended_at) == (at("2018-09-03 19:30"), at("2018-09-03 19:50"))
    assert set(VisitCadre.objects.filter(visit=visit).values_list("name", "department_name", "role")) == {
        ("李一", "", "visitor"),
        ("王二", "王店镇政府", "visitor"),
    }
    assert list(VisitStep.objects.filter(visit=visit).values_list("move", "at")) == [
        ("filed", visit.filed_at)
    ]


def test_visit_lies_in_the_grid_where_its_household_stood_that_day(campaign):
    entry = RegisterEntry.objects.get(number="H001")
    moved = date(2018, 9, 10)
    entry.periods.update(to_on=moved - timedelta(days=1))
    RegisterPeriod.objects.create(entry=entry, grid_id=GRID_B1, state="active", from_on=moved)
    RegisterEntry.objects.filter(pk=entry.pk).update(grid=GRID_B1, from_on=moved)
    sheets = only("活动", "走访记录")
    one = sheets["走访记录"][1] | {"对象编号": "H001"}
    sheets["走访记录"] = [
        one | {"走访编号": "X1", "开始时间": "2018-06-01 09:00"},
        one | {"走访编号": "X2", "开始时间": "2018-09-09 23:59"},
        one | {"走访编号": "X3", "开始时间": "2018-09-10"},
    ]

    outcome = loaded(sheets)

    assert dict(Visit.objects.filter(number__startswith="X").values_list("number", "grid")) == {
        "X1": GRID_A1, "X2": GRID_A1, "X3": GRID_B1,
    }  # fmt: skip
    assert [str(problem) for problem in outcome.warnings] == [
        "“走访记录”第 2 行：开始时间“2018-06-01 09:00”：早于活动第一天 2018-07-01。照样导入，但不计入任何数字。"
    ]


def test_gathering_material_and_deed_are_kept(campaign):
    speaker = GatheringSpeaker.objects.get()

    assert (speaker.name, speaker.role, speaker.gathering.attendance) == ("赵三", "campaign_office", 60)
    assert Handout.objects.get(number="M001").visit.number == "V001"
    deed = Deed.objects.get(number="D001")
    assert (deed.amount, deed.households_helped, deed.issue.number) == (Decimal("1250.50"), 12, "I001")


def test_opinion_keeps_words_source_and_answer(campaign):
    opinion = Opinion.objects.get(number="O002")

    assert (opinion.words_verbatim, opinion.visit.number, opinion.entry.number) == (
        "多装路灯",
        "V001",
        "H001",
    )
    assert opinion.collector.staff_number == "W001"
    assert list(SuggestionAnswer.objects.values_list("opinion__number", "answer", "at")) == [
        ("O002", "adopted", at("2018-09-03 19:45"))
    ]


def test_misconduct_report_is_restricted_at_once(campaign):
    assert list(OpinionMark.objects.values_list("opinion__number", "kind")) == [("O004", "restricted")]


@pytest.mark.parametrize(
    ("category", "opinion", "marked"),
    [
        ("2001", "O003", {"O003", "O004"}),
        ("0101", "O004", {"O004"}),
        ("20", "O001;O003", {"O001", "O003", "O004"}),
    ],
)
def test_issue_of_misconduct_is_restricted_with_its_opinions(category, opinion, marked):
    sheets = sample()
    sheets["问题"] = [sheets["问题"][2] | {"类别代码": category, "诉求编号": opinion}]
    sheets["实事"] = []

    loaded(sheets)

    assert Issue.objects.get().is_restricted
    assert set(OpinionMark.objects.values_list("opinion__number", flat=True)) == marked


def test_issue_that_refers_to_a_report_of_an_earlier_load_is_restricted(campaign):
    sheets = only("活动", "问题")
    sheets["问题"] = [sheets["问题"][2] | {"问题编号": "I100", "诉求编号": "O004"}]

    loaded(sheets)

    assert Issue.objects.get(number="I100").is_restricted


def _history(number):
    steps = IssueStep.objects.filter(issue__number=number).order_by("at", "pk")
    return [
        (step.to_state, timezone.localtime(step.at).strftime("%m-%d %H:%M"))
        for step in steps
        if step.move == "imported"
    ]


def test_closed_issue_has_its_dates_departments_and_history(campaign):
    issue = Issue.objects.get(number="I001")

    assert (issue.place_id, issue.lead_department.name, issue.outcome) == (GRID_A1, "镇环保所", "substantive")
    assert {support.department.name for support in issue.supports.all()} == {"王店镇政府", "区住建局"}
    assert issue.due_at == at("2018-09-14 23:59:59")
    assert issue.first_assigned_at == issue.assigned_at == at("2018-09-04 10:00")
    assert issue.first_replied_at == issue.replied_at == at("2018-09-10 16:00")
    assert issue.first_closed_at == issue.closed_at == issue.state_since == at("2018-09-12 09:00")
    assert list(issue.opinion_links.values_list("opinion__number", flat=True)) == ["O001"]
    assert _history("I001") == [
        ("accepted", "09-04 08:30"),
        ("assigned", "09-04 10:00"),
        ("replied", "09-10 16:00"),
        ("closed", "09-12 09:00"),
    ]
    assert list(FollowUp.objects.values_list("issue__number", "at", "result", "satisfaction")) == [
        ("I001", at("2018-09-12 09:00"), "solved", "satisfied")
    ]


def test_history_answers_for_a_day_in_the_past(campaign):
    def states(moment):
        issues = Issue.objects.with_state_at(at(moment)).values_list("number", "state_then")
        return {number: state for number, state in issues if state}

    assert states("2018-09-04 09:00") == {"I001": "accepted"}
    assert states("2018-09-08") == {"I001": "assigned", "I002": "in_progress", "I003": "accepted"}
    assert states("2018-09-11") == {"I001": "replied", "I002": "in_progress", "I003": "accepted"}


REPLIED = [("accepted", "09-04 08:30"), ("assigned", "09-04 10:00"), ("replied", "09-10 16:00")]


@pytest.mark.parametrize(
    ("changes", "history"),
    [
        ({"状态": "已受理"}, [("accepted", "09-04 08:30")]),
        ({"状态": "已交办"}, [("accepted", "09-04 08:30"), ("assigned", "09-04 10:00")]),
        ({"状态": "挂账"}, [("accepted", "09-04 08:30"), ("parked", "09-04 10:00")]),
        ({"状态": "已办理"}, REPLIED),
        ({"状态": "待回访"}, [*REPLIED, ("follow_up", "09-10 16:00")]),
        (
            {"状态": "移交", "主办单位": None, "交办时间": None},
            [("accepted", "09-04 08:30"), ("transferred", "09-04 08:30")],
        ),
        (
            {"当场解决": "是", "主办单位": None, "协办单位": None, "交办时间": None, "期限": None},
            [("accepted", "09-04 08:30"), ("replied", "09-10 16:00"), ("closed", "09-12 09:00")],
        ),
        (
            {"交办时间": "2018-09-04", "答复时间": "2018-09-04", "办结时间": "2018-09-04"},
            [(state, "09-04 08:30") for state in ("accepted", "assigned", "replied", "closed")],
        ),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_history_follows_the_stated_state(changes, history):
    sheets = sample()
    sheets["问题"][0] |= changes

    loaded(sheets)

    assert _history("I001") == history
    assert Issue.objects.get(number="I001").state == history[-1][0]


def test_place_of_an_issue_wins_over_that_of_its_opinion():
    sheets = sample()
    sheets["问题"][0]["范围"] = GRID_B1

    loaded(sheets)

    assert Issue.objects.get(number="I001").place_id == GRID_B1


@pytest.mark.parametrize(
    ("closed", "replied", "expected"),
    [(None, "2018-09-10 16:00", "2018-09-10 16:00"), (None, None, "2018-09-05 11:00")],
)
def test_follow_up_is_dated_by_the_last_date_there_is(closed, replied, expected):
    sheets = sample()
    sheets["问题"][1] |= {"答复时间": replied, "办结时间": closed, "满意度": "基本满意"}

    loaded(sheets)

    follow_up = FollowUp.objects.get(issue__number="I002")
    assert (follow_up.at, follow_up.result, follow_up.satisfaction) == (at(expected), "", "mostly")


def test_time_without_seconds_names_its_minute(campaign):
    """What was saved to the microsecond is exported to the minute or second and is still the same."""
    Visit.objects.filter(number="V003").update(started_at=at("2018-09-05 14:05:41.123456"))
    seconds = sample()
    seconds["走访记录"][2]["开始时间"] = datetime.fromisoformat("2018-09-05 14:05:41")

    assert not loaded(sample()).changes
    assert not loaded(seconds).changes
