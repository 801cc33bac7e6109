"""Issues at the office desk: accepted from words, moved by buttons, never typed over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from issues.enums import IssueState
from issues.models import Category, Deed, Issue, SuggestionAnswer
from tests import factories, people
from tests.desk import address, choices, listed, queries, text
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A, VILLAGE_B
from visits.models import Opinion

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(people.bob())
    return client


@pytest.fixture
def campaign():
    return factories.campaign()


def accept_form(campaign, **fields):
    factories.place(VILLAGE_A)
    return {
        "campaign": campaign.pk,
        "opinions": "",
        "title": "村口路灯不亮",
        "category": "0704",
        "level": "town",
        "urgency": "ordinary",
        "place": VILLAGE_A,
        **fields,
    }


def move(client, issue, name, **data):
    return client.post(address(Issue, "move", issue.pk, name), {"version": issue.version, **data})


# --- Accepting ----------------------------------------------------------------------------------------------


def test_accepting_links_the_words_and_numbers_the_issue(office, campaign):
    heard = [factories.opinion(campaign, number=number) for number in ("O-2", "O-1")]

    office.post(address(Issue, "add"), accept_form(campaign, opinions="O-2； O-1"))

    issue = Issue.objects.get()
    assert (issue.number, issue.state, issue.place_id) == ("WT000001", "accepted", VILLAGE_A)
    assert [link.opinion for link in issue.opinion_links.all()] == heard
    assert [step.by.display_name for step in issue.steps.all()] == ["鲍二柏"]


def test_words_ticked_on_the_list_lead_to_the_form(office, campaign):
    first = factories.opinion(campaign, number="O-1")
    second = factories.opinion(campaign, number="O-2", heard_at=factories.at("2018-09-05"))
    data = {"action": "accept_selected", "_selected_action": [second.pk, first.pk]}

    form = office.post(address(Opinion), data, follow=True).context["adminform"].form

    assert {name: form.initial[name] for name in ("opinions", "place")} == {
        "opinions": "O-1；O-2",
        "place": GRID_A1,
    }


def test_words_of_two_campaigns_are_not_one_issue(office, campaign):
    rows = [factories.opinion(campaign), factories.opinion(factories.campaign("second"))]
    data = {"action": "accept_selected", "_selected_action": [row.pk for row in rows]}

    assert "不属于同一活动" in text(office.post(address(Opinion), data, follow=True))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "这个字段是必填项"),
        ({"opinions": "O-404"}, "本活动中没有这些诉求编号：O-404"),
        ({"opinions": "O-suggestion"}, "不能转为问题"),
        ({"opinions": "O-secret"}, "本活动中没有这些诉求编号：O-secret"),
        ({"opinions": "O-void"}, "已经作废或更正"),
        ({"place": "330411106"}, "选择一个有效的选项"),
    ],
)
def test_accept_form_says_what_is_wrong_and_keeps_what_was_typed(office, campaign, fields, sentence):
    factories.place("330411106")
    factories.opinion(campaign, number="O-suggestion", nature="suggestion")
    factories.opinion(campaign, number="O-secret", nature="report", restricted=True)
    factories.opinion(campaign, number="O-void").marks.create(kind="void", reason="听错了")

    response = office.post(address(Issue, "add"), accept_form(campaign, **fields))

    assert sentence in text(response)
    assert response.context["adminform"].form.data["category"] == "0704"
    assert not Issue.objects.exists()


def test_misconduct_leaves_the_offices_sight_at_once(office, campaign):
    factories.opinion(campaign, number="O-1")
    data = accept_form(campaign, category="2001", opinions="O-1", title="某人收钱")

    page = text(office.post(address(Issue, "add"), data, follow=True))

    issue = Issue.objects.get()
    assert issue.is_restricted
    assert "只有纪检人员可以查看" in page and "某人收钱" not in page
    assert (listed(office, Issue), listed(office, Opinion)) == ([], [])
    for name in ("change", "history"):
        assert office.get(address(Issue, name, issue.pk)).status_code == 404
    assert move(office, issue, "assign").status_code == 404
    assert choices(office, Deed, "issue", "某人") == []


def test_village_office_takes_on_its_own_level_only(client, campaign):
    client.force_login(people.village_office())
    factories.place(VILLAGE_B)

    refused = client.post(address(Issue, "add"), accept_form(campaign))
    client.post(address(Issue, "add"), accept_form(campaign, level="village", place=VILLAGE_B))
    client.post(address(Issue, "add"), accept_form(campaign, level="village"))

    assert "只能受理本村自己能办的问题" in text(refused)
    assert [(issue.level, issue.place_id) for issue in Issue.objects.all()] == [("village", VILLAGE_A)]


def test_number_that_a_workbook_brought_is_passed_over(office, campaign):
    factories.issue(campaign, number="WT000001")

    office.post(address(Issue, "add"), accept_form(campaign))

    assert Issue.objects.filter(number="WT000002").exists()


# --- Moving -------------------------------------------------------------------------------------------------


def test_assign_asks_for_department_and_day_and_offers_the_usual_limit(office, campaign):
    issue = factories.issue(campaign, urgency="question")

    form = office.get(address(Issue, "move", issue.pk, "assign")).context["form"]

    assert list(form.fields) == ["version", "lead_department", "due_on", "supports", "is_final", "reason"]
    assert form.fields["due_on"].initial > timezone.localdate()


def test_assign_through_its_page(office, campaign):
    issue, department = factories.issue(campaign), factories.department()
    due = timezone.localdate() + timedelta(days=5)

    move(office, issue, "assign", lead_department=department.pk, due_on=due.isoformat())

    issue.refresh_from_db()
    assert (issue.state, issue.lead_department, issue.version) == ("assigned", department, 2)
    assert timezone.localdate(issue.due_at) == due


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"lead_department": "", "due_on": "2099-01-01"}, "这个字段是必填项"),
        ({"lead_department": "0", "due_on": "2099-01-01"}, "选择一个有效的选项"),
        ({"due_on": "2018-09-01"}, "期限不能早于今天"),
        ({"due_on": "2018-13-40"}, "输入一个有效的日期"),
    ],
)
def test_assign_form_says_what_is_wrong(office, campaign, data, sentence):
    issue = factories.issue(campaign)
    data = {"lead_department": factories.department().pk, **data}

    assert sentence in text(move(office, issue, "assign", **data))
    issue.refresh_from_db()
    assert issue.state == "accepted"


def test_page_left_open_while_somebody_else_moved_says_so(office, campaign):
    issue = factories.issue(campaign)
    move(office, issue, "assign", lead_department=factories.department().pk, due_on="2099-01-01")

    page = text(move(office, issue, "withdraw", reason="重复"))

    assert "这件问题已被鲍二柏改为“已交办”" in page
    issue.refresh_from_db()
    assert issue.state == "assigned"


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (IssueState.ACCEPTED, ["交办", "当场解决", "不予受理", "移交", "并案", "撤回", "申请作废"]),
        (IssueState.ASSIGNED, ["催办", "撤回", "申请作废"]),
        (IssueState.REPLIED, ["转回访", "重办", "撤回", "申请作废"]),
        (IssueState.FOLLOW_UP, ["销号", "未联系上", "记回访", "重办", "申请程序性办结", "撤回", "申请作废"]),
        (IssueState.WITHDRAWN, ["申请作废"]),
    ],
)
def test_office_is_offered_its_own_moves_only(office, campaign, state, offered):
    extra = factories.assigned(factories.department()) | {"replied_at": timezone.now()}
    issue = factories.issue(campaign, state=state, **extra)

    verbs = office.get(address(Issue, "change", issue.pk)).context["verbs"]

    assert [str(verb["label"]) for verb in verbs] == offered


def test_department_move_is_not_the_offices(office, campaign):
    issue = factories.issue(campaign, state="assigned", **factories.assigned(factories.department()))

    response = office.post(address(Issue, "move", issue.pk, "sign"), {"version": 1}, follow=True)

    assert "现在不能这样办理" in text(response)
    issue.refresh_from_db()
    assert issue.state == "assigned"


# --- Looking and correcting ---------------------------------------------------------------------------------


def correction(issue, **fields):
    """What the page of an issue sends, the counts of its read-only rows included."""
    rows = ("opinion_links", "steps", "clocks", "supports", "follow_ups", "slips", "merged_issues")
    rows += ("ResidentVerdict_issues",)
    counts = {f"{name}-{which}_FORMS": "0" for name in rows for which in ("TOTAL", "INITIAL")}
    return counts | {
        "title": issue.title,
        "category": issue.category_id,
        "level": issue.level,
        "urgency": issue.urgency,
        "place": issue.place_id,
        **fields,
    }


def test_correcting_touches_neither_state_nor_dates(office, campaign):
    issue = factories.issue(campaign)
    forged = {"state": "closed", "due_at": "2030-01-01", "number": "X", "is_restricted": "on"}
    forged |= {"closed_at": "2018-09-20 10:00", "version": "9", "outcome": "substantive", "result": "好"}
    forged |= {"lead_department": factories.department().pk, "second_check_on": "2030-01-01"}

    office.post(address(Issue, "change", issue.pk), correction(issue, title="花溪路严重积水", **forged))

    changed = Issue.objects.get()
    assert (changed.title, changed.state, changed.due_at) == ("花溪路严重积水", "accepted", None)
    assert (changed.number, changed.version, changed.is_restricted) == (issue.number, issue.version, False)
    kept = (
        "closed_at",
        "outcome",
        "result",
        "lead_department",
        "assigned_at",
        "replied_at",
        "second_check_on",
    )
    assert [getattr(changed, name) for name in kept] == [getattr(issue, name) for name in kept]


def test_issue_found_to_be_misconduct_is_restricted_with_its_words(office, campaign):
    issue, heard = factories.issue(campaign), factories.opinion(campaign)
    issue.opinion_links.create(opinion=heard)

    response = office.post(
        address(Issue, "change", issue.pk), correction(issue, category="2001"), follow=True
    )

    issue.refresh_from_db()
    assert (issue.category_id, issue.is_restricted) == ("2001", True)
    assert [mark.kind for mark in heard.marks.all()] == ["restricted"]
    assert response.status_code == 200
    assert office.get(address(Issue, "change", issue.pk)).status_code == 404


def test_issues_of_another_village_are_out_of_sight(client, campaign):
    mine, other = factories.issue(campaign, GRID_A1), factories.issue(campaign, GRID_B1)
    client.force_login(people.village_office())

    assert listed(client, Issue) == [mine]
    assert listed(client, Issue, q=other.number) == []
    for name in ("change", "history"):
        assert client.get(address(Issue, name, other.pk)).status_code == 404
    assert move(client, other, "assign").status_code == 404


@pytest.mark.parametrize(
    ("person", "offered"), [(people.village_office, ["当场解决"]), (people.inspector, [])]
)
def test_village_office_vouches_for_a_spot_solution_and_inspector_only_looks(
    client, campaign, person, offered
):
    issue = factories.issue(campaign)

    client.force_login(person())
    response = client.get(address(Issue, "change", issue.pk))
    assert [str(verb["label"]) for verb in response.context["verbs"]] == offered
    assert client.post(address(Issue, "change", issue.pk), correction(issue)).status_code == 403


def test_closed_campaign_is_read_only(office):
    issue = factories.issue(factories.campaign(state="closed"))

    assert office.get(address(Issue, "change", issue.pk)).context["verbs"] == []
    assert office.post(address(Issue, "change", issue.pk), correction(issue, title="X")).status_code == 403


def test_restricted_words_do_not_show_beside_an_open_issue(office, campaign):
    issue = factories.issue(campaign)
    open_words = factories.opinion(campaign, words_verbatim="路灯不亮")
    secret = factories.opinion(campaign, words_verbatim="某人收钱", nature="report", restricted=True)
    for opinion in (open_words, secret):
        issue.opinion_links.create(opinion=opinion)

    page = text(office.get(address(Issue, "change", issue.pk)))

    assert "路灯不亮" in page and "某人收钱" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"lateness": "very_late"}, ["late"]),
        ({"lateness": "no_clock"}, ["answered", "new"]),
        ({"slip": "none"}, ["answered", "late", "new"]),
        ({"state__exact": "accepted"}, ["new"]),
        ({"category": "08"}, ["new"]),
        ({"category": "01"}, ["answered", "late"]),
        ({"level__exact": "village"}, ["new"]),
        ({"area": VILLAGE_B}, ["new"]),
        ({"registered_at_from": "2018-09-05"}, ["new"]),
        ({"q": "镇环保所"}, ["answered", "late"]),
        ({"lead": "x"}, ["answered", "late", "new"]),
    ],
)
def test_issue_filters(office, campaign, query, expected):
    held = factories.assigned(factories.department())
    factories.issue(campaign, number="late", state="assigned", **held)
    factories.issue(campaign, number="answered", state="replied", replied_at=timezone.now(), **held)
    later = factories.at("2018-09-05 00:00")
    new = {"category_code": "0801", "level": "village", "registered_at": later}
    factories.issue(campaign, GRID_B1, number="new", **new)

    assert sorted(issue.number for issue in listed(office, Issue, **query)) == expected


def test_late_issue_says_so_in_words(office, campaign):
    factories.issue(campaign, state="assigned", **factories.assigned(factories.department()))

    assert "2018-09-14 超期 5 个工作日以上" in text(office.get(address(Issue)))


# --- Suggestions --------------------------------------------------------------------------------------------


def test_answer_to_a_suggestion_is_added_never_changed(office, campaign):
    heard = factories.opinion(campaign, nature="suggestion")

    for answer, reason in (("noted", ""), ("adopted", "列入明年计划")):
        office.post(address(Opinion, "verb", heard.pk, "answer"), {"answer": answer, "reason": reason})

    rows = SuggestionAnswer.objects.values_list("answer", "reason")
    assert list(rows) == [("noted", ""), ("adopted", "列入明年计划")]
    assert "列入明年计划" in text(office.get(address(Opinion, "change", heard.pk)))
    assert listed(office, Opinion, sorted="answered") == [heard]
    assert listed(office, Opinion, sorted="no") == []


def test_refusing_a_suggestion_wants_a_reason(office, campaign):
    heard = factories.opinion(campaign, nature="suggestion")

    response = office.post(address(Opinion, "verb", heard.pk, "answer"), {"answer": "not_adopted"})

    assert "不采纳要写明理由" in text(response)
    assert not SuggestionAnswer.objects.exists()


def test_only_suggestions_and_only_the_office_answers(client, office, campaign):
    problem, heard = factories.opinion(campaign), factories.opinion(campaign, nature="suggestion")
    office.post(address(Opinion, "verb", problem.pk, "answer"), {"answer": "noted"})
    client.force_login(people.village_office())
    client.post(address(Opinion, "verb", heard.pk, "answer"), {"answer": "noted"})

    assert not SuggestionAnswer.objects.exists()


# --- Deeds, categories, the cost of lists -------------------------------------------------------------------


def deed_form(campaign, **fields):
    factories.place(VILLAGE_A)
    return {
        "campaign": campaign.pk,
        "number": "",
        "done_on": "2018-09-12",
        "content": "修好三盏路灯",
        "place": VILLAGE_A,
        "kind": "service",
        "amount": "800.50",
        "households_helped": "2",
        "donor": "",
        "issue": "",
        **fields,
    }


def test_deed_is_added_corrected_and_voided(office, campaign):
    office.post(address(Deed, "add"), deed_form(campaign))
    deed = Deed.objects.get()
    office.post(address(Deed, "change", deed.pk), deed_form(campaign, households_helped="3"))
    office.post(address(Deed, "verb", deed.pk, "void"), {"reason": "与上一条重复"})

    deed.refresh_from_db()
    assert (deed.number, deed.households_helped, deed.void_reason) == ("SS000001", 3, "与上一条重复")
    assert listed(office, Deed, valid="no") == [deed]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"amount": "-1"}, "金额不能为负数"), ({"amount": "0.001"}, "小数"), ({"content": ""}, "必填")],
)
def test_deed_form_says_what_is_wrong(office, campaign, fields, sentence):
    assert sentence in text(office.post(address(Deed, "add"), deed_form(campaign, **fields)))
    assert not Deed.objects.exists()


def test_deeds_of_another_village_are_out_of_sight(client, campaign):
    mine, other = factories.deed(campaign, GRID_A1), factories.deed(campaign, GRID_B1)
    client.force_login(people.village_office())

    assert listed(client, Deed) == [mine]
    assert client.get(address(Deed, "change", other.pk)).status_code == 404


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("8801", "上级类别 88 还没有登记"), ("012", "类别代码为 2 位"), ("01", "已存在")],
)
def test_wrong_category_code_is_told_in_words(office, code, sentence):
    data = {"code": code, "name": "新类别", "name_en": "", "external_code": "", "is_active": "on"}

    assert sentence in text(office.post(address(Category, "add"), data))


def test_category_goes_under_its_code_and_out_of_use(office, campaign):
    data = {"code": "0188", "name": "扬尘", "name_en": "", "external_code": "", "is_active": "on"}
    office.post(address(Category, "add"), data)
    assert Category.objects.get(code="0188").parent_id == "01"
    assert choices(office, Issue, "category", "扬尘") == ["0188 生态环境 · 扬尘"]

    office.post(address(Category, "change", "0188"), data | {"is_active": ""})
    assert choices(office, Issue, "category", "扬尘") == []


@pytest.mark.parametrize("model", [Issue, Deed, Category])
def test_list_costs_the_same_for_three_rows_as_for_one(office, campaign, model):
    def more(number):
        for _ in range(number):
            held = factories.assigned(factories.department(factories.number("单位")))
            issue = factories.issue(campaign, state="assigned", **held)
            factories.deed(campaign, issue=issue)

    more(1)
    one = queries(office, address(model))
    more(2)

    assert queries(office, address(model)) == one <= 11


def test_issue_page_costs_the_same_with_more_history(office, campaign):
    issue = factories.issue(campaign, state="assigned", **factories.assigned(factories.department()))
    page = address(Issue, "change", issue.pk)

    def more():
        by = people.bob()
        issue.steps.create(move="assign", to_state="assigned", by=by, department=issue.lead_department)
        issue.follow_ups.create(by=by, result="solved")
        issue.opinion_links.create(opinion=factories.opinion(campaign))
        issue.slips.create(campaign=issue.campaign, number=factories.number("D"), colour="blue", by=by)
        issue.supports.create(department=factories.department(factories.number("单位")))

    more()
    one = queries(office, page)
    more()

    assert queries(office, page) == one


def test_index_begins_with_the_days_work(office):
    groups = office.get("/admin/").context["app_list"]

    assert [str(group["name"]) for group in groups] == ["日常工作", "登记册", "活动安排"]
    assert [str(row["name"]) for row in groups[0]["models"]] == [
        "走访记录", "诉求", "问题", "宣讲活动", "资料发放", "实事", "蹲点日志",
    ]  # fmt: skip


def test_loads_of_a_campaign_are_seen_by_who_sees_the_campaign(client, campaign):
    from reports.models import WorkbookLoad

    load = WorkbookLoad.objects.create(campaign=campaign, file_name="表.xlsx", sha256="0" * 64)
    client.force_login(people.bob())
    assert listed(client, WorkbookLoad) == [load]
    client.force_login(people.bob("330411106"))
    assert listed(client, WorkbookLoad) == []
    assert client.get(address(WorkbookLoad, "change", load.pk)).status_code == 404


@pytest.mark.parametrize("query", [{"lead": "²"}, {"lead": "nonsense"}, {"category": "\0"}])
def test_filter_that_names_nothing_hides_nothing(office, campaign, query):
    issue = factories.issue(campaign)

    assert listed(office, Issue, **query) == [issue]
