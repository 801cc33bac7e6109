"""The page that asks for what a move must record, and makes it."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns.calendar import after_working_days
from issues.enums import IssueState
from issues.models import Issue, IssueOpinion
from issues.receipts import receipt_for
from tests import factories, people
from tests.desk import text as read

from .moving import an_issue, head, make, ready


@pytest.fixture
def issue(db):
    return factories.issue(factories.campaign())


def assign(client, user, issue, **changes):
    client.force_login(user)
    values = {
        "version": issue.version,
        "lead_department": factories.department().pk,
        "due_on": (timezone.localdate() + timedelta(days=5)).isoformat(),
        **changes,
    }
    return client.post(f"/issues/{issue.pk}/move/assign/", values)


def state_of(issue):
    return Issue.objects.get(pk=issue.pk).state


def test_office_assigns_and_returns_to_the_issue(client, issue):
    response = assign(client, people.bob(), issue)

    assert response.url == f"/issues/{issue.pk}/"
    assert state_of(issue) == IssueState.ASSIGNED


def test_words_to_struck_off_through_the_pages(client, issue):
    bob, clerk, chief = people.bob(), people.clerk(), head()
    assign(client, bob, issue)
    for user, move, values in [
        (clerk, "sign", {}),
        (chief, "reply", {"reason": "已疏通", "outcome": "substantive", "reply": "下水道已疏通"}),
        (bob, "ask", {}),
        (
            bob,
            "close",
            {"outcome": "substantive", "way": "phone", "result": "solved", "satisfaction": "satisfied"},
        ),
    ]:
        client.force_login(user)
        version = Issue.objects.get(pk=issue.pk).version
        client.post(f"/issues/{issue.pk}/move/{move}/", {"version": version, **values})

    assert state_of(issue) == IssueState.CLOSED
    assert [step.to_state for step in issue.steps.all()] == [
        "accepted",
        "assigned",
        "in_progress",
        "replied",
        "follow_up",
        "closed",
    ]


@pytest.mark.parametrize("stranger", [people.charlie, people.clerk, people.alice, people.leader])
def test_move_of_somebody_else_is_not_found(client, issue, stranger):
    assert assign(client, stranger(), issue).status_code == 404
    assert state_of(issue) == IssueState.ACCEPTED


def test_unknown_move_is_not_found(client, issue):
    client.force_login(people.bob())

    assert client.get(f"/issues/{issue.pk}/move/teleport/").status_code == 404
    assert client.get(f"/issues/{issue.pk}/move/imported/").status_code == 404


def test_stale_version_is_told_and_nothing_typed_is_lost(client, issue):
    bob = people.bob()
    assign(client, bob, issue)
    client.force_login(bob)

    text = client.post(
        f"/issues/{issue.pk}/move/withdraw/", {"version": issue.version, "reason": "重复登记"}
    ).content.decode()

    assert "已被鲍二柏改为“已交办”" in text
    assert "重复登记" in text
    assert state_of(issue) == IssueState.ASSIGNED


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"due_on": "2018-13-40"}, "输入一个有效的日期。"),
        ({"due_on": "2018-09-01"}, "期限不能早于今天。"),
        ({"lead_department": "999999"}, "选择一个有效的选项"),
        ({"version": "x"}, ""),
    ],
)
def test_bad_input_changes_nothing_and_says_why(client, issue, changes, message):
    text = assign(client, people.bob(), issue, **changes).content.decode()

    assert message in text
    assert state_of(issue) == IssueState.ACCEPTED


# --- What the resident would read -------------------------------------------------------------------------------


def page_of(issue, move):
    return f"/issues/{issue.pk}/move/{move}/"


def told(html):
    """What a resident reads of one matter, as text."""
    part = re.search(r'<p class="standing">.*?(?=</section>|<p class="small soft">)', html, re.S)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


def with_receipt(issue):
    opinion = factories.opinion(issue.campaign)
    IssueOpinion.objects.create(issue=issue, opinion=opinion)
    return receipt_for(opinion, by=None)


REPLY = {"reason": "内部说明", "outcome": "substantive", "reply": "雨水管已换好。\n<b>再堵</b>请来电。"}
TRANSFER = {"reason": "不归本镇管", "route": "区水务局，电话 0573", "told": "已当面告知"}


@pytest.mark.parametrize(
    ("state", "move", "by", "values"),
    [
        ("in_progress", "reply", head, REPLY),
        ("accepted", "transfer", people.bob, TRANSFER),
        ("accepted", "not_accept", people.bob, TRANSFER),
    ],
)
def test_preview_is_what_the_receipt_shows_after_the_move(client, db, state, move, by, values):
    issue = an_issue(state)
    receipt = with_receipt(issue)
    client.force_login(by())
    typed = {"version": issue.version, **values}

    preview = client.post(page_of(issue, move), typed | {"preview": "1"})
    assert state_of(issue) == state
    assert issue.steps.count() == 1
    assert {name: preview.context["form"][name].value() for name in values} == values
    assert client.post(page_of(issue, move), typed).status_code == 302

    client.logout()
    shown = told(client.get(f"/s/{receipt.typed_code}/").text)
    assert told(preview.text) == shown
    assert values.get("reply", values.get("route")).split()[0] in shown
    assert values["reason"] not in shown


def test_preview_needs_no_more_than_the_words_for_the_resident(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    client.force_login(head())
    response = client.post(page_of(issue, "reply"), {"preview": "1", "reply": "已修好。", "version": "x"})
    assert "已修好。" in told(response.text)
    assert "field-error" not in response.text


def test_preview_of_nothing_says_what_is_missing(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    client.force_login(head())
    page = client.post(page_of(issue, "reply"), {"preview": "1", "reason": "写了一半", "reply": " "}).text
    assert "还没有写给群众看的话" in page
    assert "写了一半" in page
    assert 'class="standing"' not in page


@pytest.mark.parametrize(
    ("move", "has_preview"),
    [("assign", False), ("withdraw", False), ("transfer", True), ("not_accept", True)],
)
def test_preview_is_offered_where_a_resident_reads(client, issue, move, has_preview):
    client.force_login(people.bob())
    assert ('name="preview"' in client.get(page_of(issue, move)).text) == has_preview
    response = client.post(page_of(issue, move), {"preview": "1", "version": 1})
    assert 'class="standing"' not in response.text
    assert state_of(issue) == IssueState.ACCEPTED


def test_preview_of_somebody_elses_move_is_not_found(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    client.force_login(people.clerk())
    assert client.post(page_of(issue, "reply"), {"preview": "1", "reply": "x"}).status_code == 404


# --- The way back -----------------------------------------------------------------------------------------------


def sign(client, issue, next_page):
    client.force_login(people.clerk())
    return client.post(f"{page_of(issue, 'sign')}?next={next_page}", {"version": issue.version})


def test_move_leads_back_to_where_it_was_chosen(client, db):
    issue = an_issue(IssueState.ASSIGNED)
    client.force_login(people.clerk())
    back = "/issues/desk/%3Flot%3Dsign"
    assert 'href="/issues/desk/?lot=sign"' in client.get(f"{page_of(issue, 'sign')}?next={back}").text
    assert sign(client, issue, back).url == "/issues/desk/?lot=sign"


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "%00//e.example",
        "",
    ],
)
def test_move_leads_to_no_other_site(client, db, evil):
    issue = an_issue(IssueState.ASSIGNED)
    response = sign(client, issue, evil)
    assert response.url == f"/issues/{issue.pk}/"
    page = client.get(f"{page_of(issue, 'note')}?next={evil}").text
    assert re.findall(r'href="[^"]*(?:example|alert)', page) == []


def test_department_that_sent_an_issue_back_lands_on_its_list(client, db):
    issue = an_issue(IssueState.ASSIGNED)
    client.force_login(people.clerk())
    values = {"version": 1, "reason": "不归我们", "proposed_department": factories.department("镇农办").pk}
    response = client.post(page_of(issue, "send_back"), values, follow=True)
    assert response.redirect_chain == [("/issues/", 302)]
    assert response.status_code == 200
    assert "已退单" in response.text


# --- Days and what must be filled in ----------------------------------------------------------------------------


def field_at(client, issue, move, by, name):
    client.force_login(by())
    return client.get(page_of(issue, move)).context["form"][name]


def test_extension_proposes_the_last_day_that_the_rules_allow(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    due = timezone.localdate(issue.due_at)
    found = field_at(client, issue, "ask_extension", people.clerk, "due_on")
    last = after_working_days(due, 3)
    assert found.value() == last
    assert found.field.widget.attrs["min"] == (due + timedelta(days=1)).isoformat()
    assert found.field.widget.attrs["max"] == last.isoformat()
    assert str(last) in str(found.help_text)


@pytest.mark.parametrize("move", ["ask_extension", "wait", "ask_parking"])
def test_every_proposed_day_is_one_that_the_move_takes(client, db, move):
    issue = an_issue(IssueState.IN_PROGRESS)
    client.force_login(people.clerk())
    form = client.get(page_of(issue, move)).context["form"]
    days = {name: form[name].value() for name in form.fields if isinstance(form[name].value(), date)}
    values = {
        "version": 1,
        "reason": "等配件",
        "plan": "分两步",
        "milestone": "设计",
        "explanation": "配件明年才到",
    }
    response = client.post(page_of(issue, move), values | days)
    assert len(days) == 1
    assert response.status_code == 302, read(response)


def test_office_grants_the_day_that_was_asked_for(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    day = timezone.localdate(issue.due_at) + timedelta(days=1)
    make(issue, "ask_extension", due_on=day, reason="等配件")
    assert str(field_at(client, issue, "extend", people.bob, "due_on").value()) == str(day)


def test_look_back_day_of_a_closing_is_left_open(client, db):
    assert field_at(client, ready("close"), "close", people.bob, "review_on").value() is None


def test_what_must_be_filled_in_is_marked(client, db):
    client.force_login(head())
    page = read(client.get(page_of(an_issue(IssueState.IN_PROGRESS), "reply")))
    assert "说明 必填" in page
    assert "给群众的答复 必填" in page
    assert "佐证 选填" in page


def test_refusal_keeps_everything_typed(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    client.force_login(head())
    typed = {"reason": "换了管子", "outcome": "", "reply": "已修好。", "evidence": "3 号单"}
    response = client.post(page_of(issue, "reply"), {"version": 1, **typed})
    assert {name: response.context["form"][name].value() for name in typed} == typed
    assert "您填的都还在" in response.text
    assert state_of(issue) == IssueState.IN_PROGRESS


def test_what_was_typed_can_be_sent_again_once_one_was_told_of_the_change(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    make(issue, "note")
    client.force_login(people.clerk())
    refused = client.post(
        page_of(issue, "wait"), {"version": 1, "reason": "等照片", "until_on": "2099-01-05"}
    )
    assert "请看清最新情况后再办" in refused.text
    again = {name: refused.context["form"][name].value() for name in ("version", "reason", "until_on")}
    assert again == {"version": 2, "reason": "等照片", "until_on": "2099-01-05"}
    client.post(page_of(issue, "wait"), again)
    assert state_of(issue) == IssueState.WAITING


def test_words_for_a_move_that_has_become_impossible_are_shown_to_be_copied(client, db):
    issue = an_issue(IssueState.IN_PROGRESS)
    make(issue, "withdraw")
    client.force_login(people.clerk())
    values = {"version": 1, "reason": "等<b>照片</b>", "until_on": "2099-01-05"}
    for extra in ({}, {"use_text": "1"}):
        page = client.post(page_of(issue, "wait"), values | extra).text
        assert "等&lt;b&gt;照片&lt;/b&gt;" in page
        assert "您刚才写的" in page
    assert state_of(issue) == IssueState.WITHDRAWN
