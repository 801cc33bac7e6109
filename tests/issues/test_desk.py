"""A department's desk: what waits for it, in which lot, and the next step on the row."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from campaigns.calendar import after_working_days
from campaigns.enums import CampaignState
from canvass.roles import Role
from issues.models import Issue, IssueSupport
from issues.supervision import answer_slip, lift_slip
from tests import factories, people
from tests.desk import queries, text

from .moving import TODAY, an_issue, head, make
from .supervising import slip_on

pytestmark = pytest.mark.django_db
URL = "/issues/desk/"
FULL = "/issues/desk/?lot="


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def clerk(client):
    client.force_login(people.clerk())
    return client


@pytest.fixture
def issue(campaign):
    return partial(an_issue, campaign=campaign)


def lots(client, url=URL):
    """{lot: titles} as the desk shows them."""
    return {
        key: [row.issue.title for row in rows]
        for key, _label, _count, rows in client.get(url).context["lots"]
    }


def row(client, lot):
    """The only row of a lot."""
    ((_key, _label, _count, rows),) = client.get(FULL + lot).context["lots"]
    (one,) = rows
    return one


def marks(client, lot):
    return [words for words, _kind in row(client, lot).marks]


def said(client, lot):
    return [words for _word, words in row(client, lot).said]


def buttons(client, lot):
    return [move.name for move in row(client, lot).moves]


def by_office():
    return people.person(Role.CAMPAIGN_OFFICE, "330411105", "申十三")


# --- Which lot --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "lot"),
    [
        ("accepted", None), ("assigned", "sign"), ("in_progress", "working"), ("waiting", "standing"),
        ("parked", "standing"), ("replied", None), ("follow_up", None), ("closed", None), ("withdrawn", None),
        ("void", None), ("transferred", None), ("merged", None),
    ],
)  # fmt: skip
def test_state_says_in_which_lot_an_issue_lies(clerk, issue, state, lot):
    made = issue(state, title="甲")
    if state == "accepted":
        Issue.objects.filter(pk=made.pk).update(lead_department=factories.department())
    assert lots(clerk) == ({lot: ["甲"]} if lot else {})


def test_issue_given_back_lies_in_a_lot_of_its_own_until_it_is_answered(client, issue):
    made = issue("replied", title="甲")
    made = make(made, "rework", reason="路面又积水")
    client.force_login(head())
    assert lots(client) == {"returned": ["甲"]}
    assert said(client, "returned") == ["路面又积水"]

    make(made, "wait", by=people.clerk())
    assert list(lots(client)) == ["standing"]
    made.refresh_from_db()
    made = make(made, "resume", by=people.clerk())
    assert list(lots(client)) == ["returned"]
    make(made, "reply")
    assert lots(client) == {}


def test_reopened_issue_says_what_is_new(clerk, issue):
    make(issue("closed", title="甲"), "reopen", reason="又堵了")
    assert lots(clerk) == {"returned": ["甲"]}
    assert said(clerk, "returned") == ["又堵了"]


def test_slip_waits_until_it_is_answered_or_lifted(clerk, issue):
    one, two = (slip_on(issue("in_progress", title=name)) for name in "甲乙")
    assert sorted(lots(clerk, FULL + "slips")["slips"]) == ["乙", "甲"]

    answer_slip(one, by=people.clerk(), words="明天修好")
    assert lots(clerk, FULL + "slips") == {"slips": ["乙"]}
    lift_slip(two, by=people.bob(), words="已核实")
    assert lots(clerk, FULL + "slips") == {"slips": []}


def test_slip_late_to_be_answered_comes_first_and_says_so(clerk, issue):
    slip_on(issue("in_progress", title="后"), answer_due_on=TODAY + timedelta(days=1))
    slip_on(issue("in_progress", title="先"), answer_due_on=TODAY - timedelta(days=1))
    slip_on(issue("in_progress", title="无期"))
    page = clerk.get(FULL + "slips")
    assert lots(clerk, FULL + "slips") == {"slips": ["先", "后", "无期"]}
    assert text(page).count("逾期未回复督办") == 1
    assert page.text.count("/answer/?next=%2Fissues%2Fdesk%2F%3Flot%3Dslips") == 3


def test_supporting_department_contributes_and_moves_nothing_else(clerk, issue):
    made = issue("in_progress", title="甲", lead_department=factories.department("镇农办"))
    IssueSupport.objects.create(issue=made, department=factories.department())
    assert lots(clerk) == {"support": ["甲"]}
    page = clerk.get(URL)
    assert "镇农办" in text(page)
    assert re.findall(r"/move/(\w+)/", page.text) == ["contribute"]
    clerk.post(f"/issues/{made.pk}/move/contribute/", {"version": made.version, "reason": "已清理沟渠"})
    assert "已反馈" in text(clerk.get(URL))


def test_issue_that_we_lead_and_support_is_shown_once(clerk, issue):
    made = issue("in_progress", title="甲")
    IssueSupport.objects.create(issue=made, department=factories.department())
    assert lots(clerk) == {"working": ["甲"]}


# --- Requests ---------------------------------------------------------------------------------------------------


def test_request_is_shown_pending_then_granted(clerk, issue):
    made = issue("in_progress", title="甲")
    make(made, "ask_extension", reason="等配件")
    assert lots(clerk) == {"working": ["甲"], "requests": ["甲"]}
    assert marks(clerk, "requests") == ["等待批准"]
    assert row(clerk, "requests").facts[0] == (
        "申请的日期",
        timezone.localdate(made.due_at) + timedelta(days=1),
    )
    assert "申请延期，等待批准" in marks(clerk, "working")

    made.refresh_from_db()
    make(made, "extend", by=by_office(), reason="同意")
    assert marks(clerk, "requests") == ["批准延期"]
    assert said(clerk, "requests") == ["等配件", "同意"]
    assert "申请延期，等待批准" not in marks(clerk, "working")


def test_requests_that_nobody_has_decided_on_come_first(clerk, issue):
    older, newer = issue("in_progress", title="待批"), issue("in_progress", title="已批")
    make(older, "ask_extension")
    make(newer, "ask_extension")
    newer.refresh_from_db()
    make(newer, "extend", by=by_office())
    assert lots(clerk, FULL + "requests") == {"requests": ["待批", "已批"]}


def test_request_that_was_refused_says_why(clerk, issue):
    made = issue("in_progress")
    make(made, "ask_parking")
    made.refresh_from_db()
    make(made, "refuse_parking", reason="今年就能办")
    assert marks(clerk, "requests") == ["不同意挂账"]
    assert "今年就能办" in said(clerk, "requests")


def test_request_overtaken_by_another_state_is_no_longer_pending(clerk, issue):
    made = issue("in_progress")
    make(made, "ask_extension")
    made.refresh_from_db()
    make(made, "wait")
    assert marks(clerk, "requests") == ["问题的状态已变，申请不再有效"]


def test_request_of_a_former_department_is_not_ours(clerk, issue):
    made = issue("in_progress", lead_department=factories.department("镇农办"))
    make(made, "ask_extension", by=people.clerk(factories.department("镇农办")))
    Issue.objects.filter(pk=made.pk).update(lead_department=factories.department())
    assert list(lots(clerk)) == ["working"]


# --- Whose ------------------------------------------------------------------------------------------------------


def test_other_department_sees_nothing_of_it(client, issue):
    slip_on(issue("in_progress", title="甲"))
    issue("assigned", title="乙")
    client.force_login(people.clerk(factories.department("镇农办")))
    page = client.get(URL)
    assert lots(client) == {}
    assert "甲" not in page.text
    assert "现在没有等本单位办的事" in page.text


def test_restricted_issue_is_on_no_desk(client, issue):
    issue("in_progress", title="举报", is_restricted=True, category_code="20")
    both = people.clerk()
    factories.posting(both.cadre, Role.DISCIPLINE, "330411105")
    client.force_login(both)
    assert lots(client) == {}


def test_place_that_one_also_reads_adds_nothing_to_the_desk(client, issue):
    issue("in_progress", title="别家", lead_department=factories.department("镇农办"))
    both = people.clerk()
    factories.posting(both.cadre, Role.LEADING_GROUP, "330411105")
    client.force_login(both)
    assert lots(client) == {}


def test_closed_campaign_waits_for_nobody(clerk, issue, campaign):
    slip_on(issue("in_progress"))
    issue("assigned")
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert lots(clerk) == {}


def test_person_of_two_departments_is_told_whose_each_is(client, issue):
    issue("assigned")
    both = people.clerk()
    factories.posting(both.cadre, Role.UNIT_CLERK, department=factories.department("镇农办"))
    client.force_login(both)
    assert "主办单位 镇环保所" in text(client.get(URL))


@pytest.mark.parametrize(
    "stranger", [people.alice, people.bob, people.leader, people.nobody, people.discipline]
)
def test_desk_is_closed_to_people_without_a_department(client, issue, stranger):
    issue("assigned", title="甲")
    client.force_login(stranger())
    response = client.get(URL)
    assert response.status_code == 403
    assert "甲" not in response.content.decode()


# --- How urgent -------------------------------------------------------------------------------------------------


def due(days):
    return {"due_at": timezone.now() + timedelta(days=days)}


def test_late_ones_come_first_and_say_by_how_much(clerk, issue):
    issue("in_progress", title="丙", **due(30))
    issue("in_progress", title="甲", **due(-40))
    issue("in_progress", title="乙", **due(0.0001))
    page = clerk.get(FULL + "working")
    assert lots(clerk, FULL + "working") == {"working": ["甲", "乙", "丙"]}
    late, today, left = (one.marks[0] for one in page.context["lots"][0][3])
    assert late[0].startswith("超期 ")
    assert (late[1], left[1]) == ("bad", "")
    assert today[0] in ("今天到期", "还剩不到 1 个工作日", "还剩 1 个工作日")
    assert left[0].startswith("还剩 ")


def test_days_left_are_working_days(clerk, issue):
    last = after_working_days(TODAY, 3)
    issue("in_progress", due_at=factories.at(f"{last} 23:59:59"))
    assert marks(clerk, "working") == ["还剩 3 个工作日"]


def test_waiting_and_parked_tell_their_dates_and_the_reason(clerk, issue):
    made = issue("in_progress", title="甲")
    make(made, "wait", reason="等照片", until_on=TODAY + timedelta(days=3))
    assert [str(value) for _word, value in row(clerk, "standing").facts] == [str(TODAY + timedelta(days=3))]
    assert said(clerk, "standing") == ["等照片"]
    assert marks(clerk, "standing") == []

    Issue.objects.filter(pk=made.pk).update(review_on=TODAY)
    assert marks(clerk, "standing") == ["今天到期"]
    Issue.objects.filter(pk=made.pk).update(review_on=TODAY - timedelta(days=1))
    assert marks(clerk, "standing") == ["日期已过"]


# --- The next step ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "lot", "clerks", "heads"),
    [
        ("assigned", "sign", ["sign", "send_back"], ["sign", "send_back"]),
        ("in_progress", "working", ["note"], ["reply", "note"]),
        ("waiting", "standing", ["resume", "note"], ["resume", "note"]),
        ("parked", "standing", ["note"], ["note"]),
    ],
)
def test_row_offers_the_next_steps_of_the_persons_role(client, issue, state, lot, clerks, heads):
    issue(state)
    client.force_login(people.clerk())
    assert buttons(client, lot) == clerks
    client.force_login(head())
    assert buttons(client, lot) == heads


def test_clerk_is_told_who_answers_and_how_to_prepare_it(client, issue):
    issue("in_progress")
    client.force_login(people.clerk())
    assert "答复由承办负责人提交" in client.get(URL).text
    client.force_login(head())
    assert "答复由承办负责人提交" not in client.get(URL).text


def test_note_stands_on_the_row_for_the_head_to_see(client, issue):
    made = issue("in_progress")
    make(made, "note", reason="雨水管已换好。" + "长" * 200)
    client.force_login(head())
    (words,) = said(client, "working")
    assert words.startswith("雨水管已换好。")
    assert len(words) == 80


def test_issue_may_be_sent_back_while_the_rule_allows_it(clerk, issue):
    issue("assigned")
    assert ("最晚退单", after_working_days(TODAY, 1)) in row(clerk, "sign").facts


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"assigned_at": timezone.now() - timedelta(days=30)}, "已过退单期限"),
        ({"is_final_ruling": True}, "活动办已作最终裁定"),
    ],
)
def test_issue_that_cannot_be_sent_back_says_why(clerk, issue, fields, words):
    issue("assigned", **fields)
    assert buttons(clerk, "sign") == ["sign"]
    assert words in text(clerk.get(FULL + "sign"))


def test_step_leads_back_to_the_lot(clerk, issue):
    made = issue("assigned")
    address = f"/issues/{made.pk}/move/sign/?next=%2Fissues%2Fdesk%2F%3Flot%3Dsign"
    assert address in clerk.get(FULL + "sign").text
    response = clerk.post(address, {"version": made.version}, follow=True)
    assert response.redirect_chain == [(FULL + "sign", 302)]
    assert "已签收" in response.text


def test_answered_slip_leads_back_to_the_desk(clerk, issue):
    slip = slip_on(issue("in_progress"))
    response = clerk.post(f"/issues/supervision/{slip.pk}/answer/?next=/issues/desk/", {"words": "明天修好"})
    assert response.url == URL


# --- The page ---------------------------------------------------------------------------------------------------


def test_department_begins_at_its_desk_and_reaches_the_ledger(clerk, issue):
    issue("closed", title="旧事")
    issue("assigned", title="新事")
    begin = clerk.get("/issues/")
    assert "本单位待办" in begin.text
    assert "旧事" not in begin.text
    assert 'href="/issues/?lot=open"' in begin.text
    ledger = clerk.get("/issues/", {"lot": "all"})
    assert "旧事" in ledger.text
    assert "新事" in ledger.text


def test_office_begins_at_the_ledger(client, issue):
    issue("assigned")
    client.force_login(people.bob())
    assert "本单位待办" not in client.get("/issues/").text


def test_tabs_count_the_rows_of_each_lot(clerk, issue):
    issue("assigned")
    for _number in range(2):
        issue("in_progress")
    make(issue("waiting"), "note")
    counts = {key: count for key, _label, count in clerk.get(URL).context["tabs"] if count}
    assert counts == {"sign": 1, "working": 2, "standing": 1}


def test_first_page_shows_the_beginning_of_a_long_lot_and_leads_to_the_whole(clerk, issue):
    for _number in range(32):
        issue("in_progress")
    page = clerk.get(URL)
    assert len(page.context["lots"][0][3]) == 5
    assert "办理中：全部 32 件" in text(page)
    assert len(lots(clerk, FULL + "working")["working"]) == 30
    second = clerk.get(FULL + "working&page=2")
    assert len(second.context["lots"][0][3]) == 2
    assert "%3Fpage" not in second.text
    assert "lot%3Dworking%26page%3D2" in second.text


def test_empty_lot_says_so_and_an_unknown_one_is_not_found(clerk, campaign):
    assert "这里现在没有事" in clerk.get(FULL + "sign").text
    assert clerk.get(FULL + "nonsense").status_code == 404


def test_markup_in_what_was_said_is_text(clerk, issue):
    make(issue("in_progress", title="<i>甲</i>"), "note", reason="<script>alert(1)</script>")
    page = clerk.get(URL).text
    assert "<script>alert" not in page
    assert "<i>甲" not in page


def a_full_desk(issue, rows):
    for _row in range(rows):
        issue("assigned")
        issue("waiting")
        slip_on(issue("in_progress"))
        make(issue("in_progress"), "ask_extension")
        make(issue("replied"), "rework")
        made = issue("in_progress", lead_department=factories.department("镇农办"))
        IssueSupport.objects.create(issue=made, department=factories.department())


def test_desk_needs_the_same_queries_for_any_number_of_rows(client, issue):
    user = people.clerk()
    client.force_login(user)
    a_full_desk(issue, 1)
    one = {url: queries(client, url) for url in (URL, FULL + "working", FULL + "requests", FULL + "slips")}
    a_full_desk(issue, 2)
    assert {url: queries(client, url) for url in one} == one
    assert max(one.values()) <= 25
