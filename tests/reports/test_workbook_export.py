"""A campaign as a workbook: complete for those who may see it, harmless for whoever opens it."""

import io
from datetime import date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from campaigns.models import Campaign
from canvass.roles import Role
from issues.enums import IssueState
from issues.models import Issue, IssueOpinion
from reports.exporting import write_template
from reports.loading import load
from reports.sheets import SHEETS
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A, sample, workbook

pytestmark = pytest.mark.django_db
URL = "/reports/workbook/export/"
OTHER_TOWN = "330411106"


def exported(client, user, code="wangdian-2018"):
    client.force_login(user)
    response = client.get(URL, {"campaign": code})
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.getvalue()))


def rows(book, name):
    """The rows of a sheet as {header without star: value}, blank cells left out."""
    header, *lines = book[name].values
    keys = [text.rstrip("*") for text in header]
    return [{k: v for k, v in zip(keys, line, strict=True) if v is not None} for line in lines]


def column(book, name, header):
    return [row.get(header) for row in rows(book, name)]


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def bob(campaign):
    return people.bob()


def test_workbook_export_holds_places_above_and_inside_the_area(client, campaign, bob):
    factories.place(GRID_A1)
    factories.place(OTHER_TOWN + "201")
    book = exported(client, bob)
    assert column(book, "区划", "区划代码") == ["33", "3304", "330411", TOWN, VILLAGE_A]
    assert rows(book, "网格") == [{"网格编码": GRID_A1, "网格名称": f"地方{GRID_A1}", "类型": "综合"}]
    assert rows(book, "活动") == [
        {
            "活动代码": "wangdian-2018",
            "活动名称": "王店镇大走访",
            "区划代码": TOWN,
            "开始日期": datetime(2018, 7, 1),
            "结束日期": datetime(2018, 9, 30),
        }
    ]


def test_workbook_export_leaves_out_grids_that_ended_unless_they_hold_entries(client, campaign, bob):
    factories.place(GRID_A1, from_on=date(2010, 1, 1), to_on=date(2019, 1, 1))
    factories.place(GRID_B1, from_on=date(2010, 1, 1), to_on=date(2019, 1, 1))
    factories.household(GRID_B1)
    assert column(exported(client, bob), "网格", "网格编码") == [GRID_B1]


def test_workbook_export_tells_what_happened_in_an_ended_grid_of_its_village(client, campaign, bob):
    ended = {"from_on": date(2010, 1, 1), "to_on": date(2019, 1, 1)}
    factories.place(GRID_A1, **ended)
    factories.opinion(campaign, GRID_A1)
    factories.team(campaign, code=GRID_A1)
    factories.posting(factories.cadre("李一"), Role.VISITOR, GRID_A1)
    book = exported(client, bob)
    assert column(book, "诉求", "范围") == column(book, "队伍", "责任范围") == [VILLAGE_A]
    assert [row["责任范围"] for row in rows(book, "人员") if row["姓名"] == "李一"] == [VILLAGE_A]


def test_workbook_export_has_a_row_for_each_role_of_a_cadre(client, campaign, bob):
    department = factories.department()
    worker = factories.cadre("李一", department=department, phone="13800001111", staff_number="0001")
    factories.posting(worker, Role.VISITOR, GRID_A1)
    factories.posting(worker, Role.VISITOR, GRID_B1)
    factories.posting(worker, Role.UNIT_CLERK, department=department)
    factories.posting(worker, Role.INSPECTOR, TOWN, to_on=date(2019, 1, 1))
    factories.posting(factories.cadre("外人"), Role.VISITOR, OTHER_TOWN)
    factories.team(campaign, worker, name="第一队")
    book = exported(client, bob)
    mine = [row for row in rows(book, "人员") if row["工号"] == "0001"]
    shared = {"工号": "0001", "姓名": "李一", "类别": "专职网格员", "单位": "镇环保所", "队伍": "第一队"}
    assert mine == [shared | {"角色": "走访人员", "责任范围": f"{GRID_A1}；{GRID_B1}"}]
    assert "外人" not in column(book, "人员", "姓名")
    assert rows(book, "队伍") == [{"队伍名称": "第一队", "类别": "走访宣讲", "责任范围": VILLAGE_A}]
    assert rows(book, "单位") == [{"单位名称": "镇环保所", "层级": "镇街"}]


def test_workbook_export_names_the_clerks_of_departments_that_handle_issues(client, campaign, bob):
    department = factories.department()
    people.clerk(department)
    people.clerk(factories.department("外镇某所"))
    factories.issue(campaign, state=IssueState.ASSIGNED, **factories.assigned(department))
    book = exported(client, bob)
    clerks = [(row["单位"], row["责任范围"]) for row in rows(book, "人员") if row["角色"] == "承办单位"]
    assert clerks == [("镇环保所", TOWN)]
    assert column(book, "单位", "单位名称") == ["镇环保所"]


def test_workbook_export_lists_visits_with_all_who_went(client, campaign, bob):
    entry = factories.household(number="H1")
    by = [factories.cadre(staff_number="W1"), factories.cadre(staff_number="W2")]
    factories.visit(
        campaign, entry, by, number="V1", note="问了路灯", ended_at=factories.at("2018-09-03 19:50")
    )
    factories.visit(campaign, entry, by, number="V2", state="void", voided_at=factories.at("2018-09-04"))
    assert rows(exported(client, bob), "走访记录") == [
        {
            "走访编号": "V1",
            "对象编号": "H1",
            "开始时间": datetime(2018, 9, 3, 19, 30),
            "结束时间": datetime(2018, 9, 3, 19, 50),
            "结果": "见面",
            "走访人": "W1；W2",
            "见面人数": 1,
            "手记": "问了路灯",
        }
    ]


def test_workbook_export_gives_a_place_to_those_who_took_part_without_a_duty(client, campaign, bob):
    helper = factories.cadre("帮手", staff_number="W9")
    factories.visit(campaign, factories.household(GRID_B1), [helper])
    mine = [row for row in rows(exported(client, bob), "人员") if row["工号"] == "W9"]
    assert [(row["角色"], row["责任范围"]) for row in mine] == [("督查", GRID_B1)]


def test_workbook_export_leaves_names_and_phones_blank(client, campaign, bob):
    factories.household(holder_name="赵户主")
    factories.department(contact_name="钱联系", contact_phone="0573-1234")
    bob.cadre.phone = "13900002222"
    bob.cadre.department = factories.department()
    bob.cadre.save()
    book = exported(client, bob)
    assert rows(book, "单位") and rows(book, "走访对象")
    cells = {str(value) for sheet in book for row in sheet.values for value in row if value is not None}
    assert cells.isdisjoint({"赵户主", "钱联系", "0573-1234", "13900002222"})


def test_workbook_export_holds_no_void_and_no_restricted_words(client, campaign, bob):
    kept = factories.opinion(campaign, number="O1", words_verbatim="路灯坏了")
    report = factories.opinion(campaign, number="O2", nature="report", restricted=True)
    marked = factories.opinion(campaign, number="O3", restricted=True)
    replaced = factories.opinion(campaign, number="O4")
    replaced.marks.create(kind="void", reason="更正")
    factories.issue(campaign, number="I1")
    factories.issue(campaign, number="I2", category_code="20", is_restricted=True)
    merged = factories.issue(campaign, number="I3", state=IssueState.MERGED)
    factories.issue(campaign, number="I4", state=IssueState.VOID)
    for position, words in enumerate([kept, report, marked, replaced]):
        merged.opinion_links.create(opinion=words, position=position)
    factories.deed(campaign, number="D1", issue=merged)
    book = exported(client, bob)
    assert column(book, "诉求", "诉求编号") == ["O1"]
    assert [(r["问题编号"], r["状态"], r.get("诉求编号")) for r in rows(book, "问题")] == [
        ("I1", "已受理", None),
        ("I3", "并案", "O1"),
    ]
    assert [(r["实事编号"], r["金额"], r["问题编号"]) for r in rows(book, "实事")] == [("D1", 800, "I3")]


def test_workbook_export_does_not_point_to_what_it_leaves_out(client, campaign, bob):
    entry = factories.household()
    void = factories.visit(campaign, entry, state="void", voided_at=factories.at("2018-09-04"))
    factories.opinion(campaign, visit=void, entry=factories.household(OTHER_TOWN + "2010001"), number="O1")
    factories.handout(campaign, visit=void, number="M1")
    secret = factories.issue(campaign, category_code="20", is_restricted=True)
    factories.deed(campaign, issue=secret, number="D1")
    book = exported(client, bob)
    assert [row.keys() & {"走访编号", "对象编号"} for row in rows(book, "诉求")] == [set()]
    assert [row.keys() & {"走访编号"} for row in rows(book, "资料发放")] == [set()]
    assert [row.keys() & {"问题编号"} for row in rows(book, "实事")] == [set()]


def test_workbook_export_shows_a_due_day_as_a_date_and_a_due_hour_as_a_time(client, campaign, bob):
    held = factories.assigned(factories.department())
    factories.issue(campaign, number="I1", state=IssueState.ASSIGNED, **held)
    factories.issue(
        campaign,
        number="I2",
        state=IssueState.ASSIGNED,
        **held | {"due_at": factories.at("2018-09-14 12:00")},
    )
    sheet = exported(client, bob)["问题"]
    cells = [row[11] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (datetime(2018, 9, 14), "yyyy-mm-dd"),
        (datetime(2018, 9, 14, 12), "yyyy-mm-dd hh:mm"),
    ]


def test_workbook_export_gives_the_last_answer_of_the_resident(client, campaign, bob):
    issue = factories.issue(campaign)
    for day, result, satisfaction in [
        (1, "not_solved", "dissatisfied"),
        (5, "solved", "mostly"),
        (7, "not_reached", ""),
    ]:
        issue.follow_ups.create(
            at=factories.at(f"2018-09-{day:02}"), result=result, satisfaction=satisfaction
        )
    (row,) = rows(exported(client, bob), "问题")
    assert (row["回访结果"], row["满意度"]) == ("已解决", "基本满意")


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", "=", "\t=1"])
def test_workbook_export_never_makes_a_formula_of_words(client, campaign, bob, words):
    factories.opinion(campaign, words_verbatim=words)
    cell = exported(client, bob)["诉求"]["F2"]
    assert (cell.data_type, cell.value) == ("s", words)


def test_workbook_export_survives_characters_that_excel_cannot_hold(client, campaign, bob):
    factories.opinion(campaign, words_verbatim="灯\x0b坏\x1f了\r\n三天\uffff")
    assert exported(client, bob)["诉求"]["F2"].value == "灯坏了\n三天"


def test_workbook_export_cuts_words_longer_than_a_cell_and_says_so(client, campaign, bob):
    factories.opinion(campaign, words_verbatim="灯" * 40000)
    text = exported(client, bob)["诉求"]["F2"].value
    assert len(text) == 32767
    assert text.endswith("（全文超出单元格容量，请在系统中查看）")


def test_workbook_export_keeps_codes_as_text(client, campaign, bob):
    factories.household(number="000123")
    cell = exported(client, bob)["走访对象"]["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("000123", "s", "@")


def test_workbook_export_says_what_it_covers_and_who_made_it(client, campaign, bob):
    factories.household()
    book = exported(client, bob)
    assert book.sheetnames[:2] == ["活动", "说明"]
    cover = {row[0]: row[1] for row in book["说明"].values if row[0]}
    assert ("活动", "王店镇大走访（wangdian-2018）") in list(book["说明"].values)
    assert cover["导出人"] == "鲍二柏"
    assert cover["走访对象"] == "1"
    assert set(cover) >= {"截至", "导出时间", "不含", *(sheet.zh for sheet in SHEETS)}


def test_workbook_export_shows_an_office_of_one_village_only_its_rows(client, campaign, bob):
    factories.visit(campaign, factories.household(GRID_A1), [factories.cadre()], number="VA")
    factories.visit(campaign, factories.household(GRID_B1), [factories.cadre()], number="VB")
    assert column(exported(client, bob), "走访记录", "走访编号") == ["VA", "VB"]
    assert column(exported(client, people.bob(VILLAGE_A)), "走访记录", "走访编号") == ["VA"]


def test_workbook_export_of_another_campaign_holds_other_rows(client, campaign, bob):
    other = factories.campaign("wangdian-2019")
    factories.opinion(campaign, number="O1")
    factories.opinion(other, number="O2")
    assert column(exported(client, bob, "wangdian-2019"), "诉求", "诉求编号") == ["O2"]


def test_workbook_export_is_unknown_to_the_office_of_another_town(client, campaign):
    client.force_login(people.bob(OTHER_TOWN))
    assert client.get(URL, {"campaign": "wangdian-2018"}).status_code == 404
    assert client.get(URL, {"campaign": "wangdian\0"}).status_code == 404
    assert client.get(URL).status_code == 404


def test_workbook_export_is_unknown_to_an_office_that_only_visits_here(client, campaign):
    user = people.bob(OTHER_TOWN)
    factories.posting(user.cadre, Role.VISITOR, GRID_A1)
    client.force_login(user)
    assert client.get(URL, {"campaign": "wangdian-2018"}).status_code == 404


@pytest.mark.parametrize(
    "person",
    [people.alice, people.village_office, people.leader, people.inspector, people.clerk, people.discipline],
)
def test_workbook_export_is_for_the_campaign_office(client, campaign, person):
    client.force_login(person())
    assert client.get(URL, {"campaign": "wangdian-2018"}).status_code == 403


def test_workbook_export_takes_the_newest_running_campaign_by_itself(client, campaign, bob):
    factories.campaign("wangdian-2019", first_on=date(2019, 1, 1), last_on=date(2019, 2, 1))
    client.force_login(bob)
    response = client.get(URL)
    response.getvalue()
    assert "wangdian-2019-" in response["Content-Disposition"]


def test_workbook_export_asks_no_more_for_three_rows_than_for_one(client, campaign, bob):
    def fill():
        entry = factories.household()
        visit = factories.visit(campaign, entry, [factories.cadre()])
        words = factories.opinion(campaign, visit=visit, entry=entry)
        issue = factories.issue(campaign)
        issue.opinion_links.create(opinion=words)
        factories.deed(campaign, issue=issue)
        factories.handout(campaign, visit=visit)
        factories.gathering(campaign)
        factories.team(campaign, factories.cadre())

    def count():
        with CaptureQueriesContext(connection) as queries:
            exported(client, bob)
        return len(queries)

    fill()
    count()
    first = count()
    fill()
    fill()
    assert count() == first


# --- There and back again -----------------------------------------------------------------------------------


def contents(book):
    return {sheet.title: list(sheet.values) for sheet in book if sheet.title != "说明"}


def as_bytes(client, user):
    client.force_login(user)
    return client.get(URL, {"campaign": "wangdian-2018"}).getvalue()


def test_workbook_export_loaded_into_an_empty_database_gives_the_same_rows(client):
    bob = people.bob()
    with transaction.atomic():
        assert load(workbook(sample()), by=bob).changed
        first = as_bytes(client, bob)
        transaction.set_rollback(True)
    assert not Campaign.objects.exists()
    outcome = load(first, by=bob)
    assert (outcome.errors, outcome.changed) == ([], True)
    again = load_workbook(io.BytesIO(as_bytes(client, bob)))
    first = load_workbook(io.BytesIO(first))
    assert contents(again) == contents(first)
    full = {sheet.zh for sheet in SHEETS}
    assert {name for name in full if first[name].max_row > 1} == full


def test_workbook_export_loaded_where_it_came_from_changes_nothing(client):
    bob = people.bob()
    load(workbook(sample()), by=bob)
    outcome = load(as_bytes(client, bob))
    assert (outcome.errors, outcome.changes) == ([], False)


def test_workbook_export_holds_standing_words_alone_and_still_loads_as_unchanged(client):
    bob = people.bob()
    load(workbook(sample()), by=bob)
    issue = Issue.objects.get(number="I001")
    joined = issue.opinion_links.create(opinion=factories.opinion(issue.campaign, number="O900"), position=1)
    link = issue.opinion_links.get(opinion__number="O001")
    IssueOpinion.objects.filter(pk=link.pk).update(removed_at=timezone.now(), removed_because="另一处")

    content = as_bytes(client, bob)

    told = {row["问题编号"]: row.get("诉求编号") for row in rows(load_workbook(io.BytesIO(content)), "问题")}
    assert told["I001"] == "O900"
    for same in (content, workbook(sample())):
        outcome = load(same, by=bob)
        assert ([str(error) for error in outcome.errors], outcome.changes) == ([], False)
    assert list(issue.opinion_links.standing()) == [joined]


def test_workbook_that_names_other_words_of_an_issue_is_still_refused():
    sheets = sample()
    load(workbook(sheets))
    changed = [row | {"诉求编号": "O001"} if row["问题编号"] == "I002" else row for row in sheets["问题"]]

    outcome = load(workbook({"活动": sheets["活动"], "问题": changed}))

    assert len(outcome.errors) == 1


def test_workbook_template_loaded_changes_nothing():
    bob = people.bob()
    load(workbook(sample()), by=bob)
    file = io.BytesIO()
    write_template(file)
    outcome = load(file.getvalue(), campaign_code="wangdian-2018")
    assert (outcome.errors, outcome.changes) == ([], False)
    assert {tuple(counts.values()) for counts in outcome.sheets.values()} == {(0, 0, 0)}
