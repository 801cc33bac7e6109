"""Bulk actions of the desk: asked once, done row by row, and every row told about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.calendar import after_working_days
from canvass.roles import Role
from issues import bulk
from issues.enums import IssueState
from issues.models import Issue
from issues.workflow import MOVES
from tests import factories, people
from tests.desk import address, text
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_A

from .moving import an_issue, head, make

pytestmark = pytest.mark.django_db
LIST = "/admin/issues/issue/"
TODAY = timezone.localdate()


@pytest.fixture
def office(client):
    client.force_login(people.bob())
    return client


@pytest.fixture
def campaign():
    return factories.campaign()


def ask(client, verb, issues, **fields):
    data = {"action": f"{verb}_selected", "_selected_action": [issue.pk for issue in issues], **fields}
    return client.post(LIST, data, follow=True)


def send(client, verb, asked, **fields):
    """Answer the page that an action showed."""
    rows = asked.context["form"].initial["rows"]
    return client.post(f"{LIST}bulk/{verb}/", {"rows": rows, **fields})


def states(*issues):
    return [Issue.objects.get(pk=issue.pk).state for issue in issues]


def test_several_are_assigned_each_with_its_own_step_and_limit(office, campaign):
    plain, question = (
        an_issue(IssueState.ACCEPTED, campaign=campaign),
        factories.issue(campaign, urgency="question"),
    )
    other = factories.department("镇农办")

    asked = ask(office, "assign", [plain, question])
    told = send(
        office,
        "assign",
        asked,
        lead_department=factories.department().pk,
        supports=[other.pk],
        reason="一并办理",
    )

    assert "2 件已交办，0 件没有办" in text(told)
    assert states(plain, question) == ["assigned", "assigned"]
    due = [timezone.localdate(Issue.objects.get(pk=one.pk).due_at) for one in (plain, question)]
    assert due == [after_working_days(TODAY, 5), after_working_days(TODAY, 3)]
    step = question.steps.last()
    assert (step.move, step.reason, step.details["supports"]) == ("assign", "一并办理", "镇农办")
    assert [support.department for support in plain.supports.all()] == [other]


def test_typed_day_holds_for_all(office, campaign):
    issues = [factories.issue(campaign) for _one in range(2)]
    day = TODAY + timedelta(days=9)

    send(
        office, "assign", ask(office, "assign", issues), lead_department=factories.department().pk, due_on=day
    )

    due = {timezone.localdate(issue.due_at) for issue in Issue.objects.all()}
    assert due == {day}


def test_every_row_is_told_about_and_none_is_lost(office, campaign):
    fresh, moved, gone = (factories.issue(campaign, number=f"WT00000{n}") for n in (1, 2, 3))
    secret = factories.issue(campaign, number="WT000009", title="某人收钱")
    asked = ask(office, "assign", [fresh, moved, gone, secret])
    make(moved, "assign", people.bob())
    make(gone, "withdraw", people.person(Role.CAMPAIGN_OFFICE, "330411105", "申十三"))
    Issue.objects.filter(pk=secret.pk).update(is_restricted=True)

    told = send(office, "assign", asked, lead_department=factories.department("镇农办").pk)

    result = told.context["result"]
    assert [issue.number for issue in result.done] == ["WT000001"]
    assert {row.issue and row.issue.number: row.sentence for row in result.refused} == {
        "WT000002": "这件问题已被鲍二柏改为“已交办”，请看清最新情况后再办。",
        "WT000003": "这件问题已被申十三改为“撤回”，请看清最新情况后再办。",
        None: "有一件已不在您可以查看的范围。",
    }
    page = text(told)
    assert "1 件已交办，3 件没有办" in page
    assert f'href="{address(Issue, "change", moved.pk)}"' in told.content.decode()
    assert "WT000009" not in page and "某人收钱" not in page
    assert states(fresh, moved, gone) == ["assigned", "assigned", "withdrawn"]
    assert Issue.objects.get(pk=moved.pk).lead_department == factories.department()


def test_same_page_sent_twice_does_nothing_twice(office, campaign):
    issue = factories.issue(campaign)
    asked = ask(office, "assign", [issue])
    for _time in range(2):
        told = send(office, "assign", asked, lead_department=factories.department().pk)

    assert "0 件已交办，1 件没有办" in text(told)
    assert issue.steps.filter(move="assign").count() == 1


def test_form_that_is_incomplete_keeps_the_rows_and_what_was_typed(office, campaign):
    issue = factories.issue(campaign)

    page = send(office, "assign", ask(office, "assign", [issue]), due_on="2018-01-01", reason="快办")

    assert "这个字段是必填项" in text(page) and "期限不能早于今天" in text(page)
    assert page.context["form"]["reason"].value() == "快办"
    assert [one for one, _fits in page.context["issues"]] == [issue]
    assert states(issue) == ["accepted"]


def test_page_says_beforehand_which_rows_do_not_fit(office, campaign):
    fits, not_yet = an_issue(IssueState.ASSIGNED, campaign=campaign), factories.issue(campaign)

    asked = ask(office, "remind", [fits, not_yet])

    assert dict(asked.context["issues"]) == {fits: True, not_yet: False}
    assert text(asked).count("这个状态办不了") == 1


def test_ticking_the_whole_list_takes_what_the_filters_leave(office, campaign):
    inside = [factories.issue(campaign, GRID_A1) for _one in range(3)]
    factories.issue(campaign, GRID_B1)
    data = {"action": "remind_selected", "_selected_action": [inside[0].pk], "select_across": "1"}

    asked = office.post(f"{LIST}?area={VILLAGE_A}", data)

    assert {issue for issue, _fits in asked.context["issues"]} == set(inside)


def test_too_many_rows_are_refused_with_a_sentence(office, campaign, monkeypatch):
    monkeypatch.setattr("issues.admin.bulk.MOST", 2)
    issues = [factories.issue(campaign) for _one in range(3)]

    assert "一次最多办理 2 件" in text(ask(office, "assign", issues))
    assert ask(office, "assign", issues[:2]).context["form"].initial["rows"]


@pytest.mark.parametrize("rows", ["", "x", "1", "1:1,", "1:1;2:2", ",".join(f"{n}:1" for n in range(501))])
def test_rows_that_are_not_ours_move_nothing(office, rows):
    page = office.post(f"{LIST}bulk/assign/", {"rows": rows, "lead_department": factories.department().pk})

    assert page.status_code == 200
    assert page.context["form"].errors["rows"]


def test_most_rows_of_one_page():
    assert len(bulk.read_seen(",".join(f"{n}:1" for n in range(1, bulk.MOST + 1)))) == bulk.MOST == 500


# --- Reminding --------------------------------------------------------------------------------------------------


def test_reminder_stays_until_the_department_stirs(office, client, campaign):
    issue = an_issue(IssueState.IN_PROGRESS, campaign=campaign)
    clerk = people.clerk()

    told = send(office, "remind", ask(office, "remind", [issue]), reason="群众又来问了")

    assert "1 件已催办，0 件没有办" in text(told)
    issue.refresh_from_db()
    step = issue.steps.last()
    assert (issue.state, step.move, step.reason, step.changes_state) == (
        "in_progress", "remind", "群众又来问了", False,
    )  # fmt: skip
    mark = f"催办 {TODAY:%m-%d}"
    assert f"已{mark}" in text(office.get(LIST))
    client.force_login(clerk)
    assert mark in text(client.get("/issues/"))
    page = text(client.get(f"/issues/{issue.pk}/"))
    assert mark in page and "群众又来问了" in page
    make(issue, "note", clerk)
    assert mark not in text(client.get("/issues/"))
    assert mark not in text(client.get(f"/issues/{issue.pk}/"))


def test_reminder_is_over_when_another_department_takes_the_issue(campaign):
    issue = make(an_issue(IssueState.ASSIGNED, campaign=campaign), "remind")
    assert Issue.objects.with_reminder().get(pk=issue.pk).reminded_at is not None

    back = make(issue, "send_back")
    make(back, "assign", lead_department=factories.department("镇农办"))

    assert Issue.objects.with_reminder().get(pk=issue.pk).reminded_at is None


def test_reminding_wants_a_reason(office, campaign):
    issue = an_issue(IssueState.ASSIGNED, campaign=campaign)

    assert "这个字段是必填项" in text(send(office, "remind", ask(office, "remind", [issue])))


# --- Whose it is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [people.village_office, people.inspector, people.system_admin])
def test_who_is_not_the_office_has_no_bulk_action(client, campaign, person):
    issue = factories.issue(campaign)
    client.force_login(person())
    ask(client, "assign", [issue])

    answer = client.post(f"{LIST}bulk/assign/", {"rows": f"{issue.pk}:1"})

    assert answer.status_code in (403, 404)
    assert states(issue) == ["accepted"]


@pytest.mark.parametrize("person", [people.alice, people.clerk, head, people.leader, people.discipline])
def test_who_is_not_at_the_desk_does_not_reach_it(client, campaign, person):
    issue = factories.issue(campaign)
    client.force_login(person())

    assert client.post(f"{LIST}bulk/assign/", {"rows": f"{issue.pk}:1"}).status_code in (302, 403, 404)
    assert states(issue) == ["accepted"]


def test_office_of_another_town_moves_nothing_here(client, campaign):
    issue = factories.issue(campaign)
    client.force_login(people.bob("330411106"))

    told = client.post(
        f"{LIST}bulk/assign/",
        {"rows": f"{issue.pk}:1", "lead_department": factories.department().pk},
    )

    assert [row.issue for row in told.context["result"].refused] == [None]
    assert issue.title not in text(told)
    assert states(issue) == ["accepted"]


def test_nothing_closes_in_bulk(office, campaign):
    issue = an_issue(IssueState.FOLLOW_UP, campaign=campaign)
    offered = [value for value, _label in office.get(LIST).context["action_form"].fields["action"].choices]

    assert [value for value in offered if value] == ["assign_selected", "remind_selected"]
    assert {MOVES[name].target for name in bulk.BULK_MOVES} == {IssueState.ASSIGNED, None}
    for name in set(MOVES) - set(bulk.BULK_MOVES):
        fields = {"rows": f"{issue.pk}:1", "outcome": "substantive", "way": "phone", "result": "solved"}
        answer = office.post(f"{LIST}bulk/{name}/", fields | {"satisfaction": "satisfied"})
        assert answer.status_code == 404
        with pytest.raises(ValueError, match=name):
            bulk.move_each({issue.pk: 1}, move=name, by=people.bob(), values_for=lambda _issue: {})
    assert states(issue) == ["follow_up"]
