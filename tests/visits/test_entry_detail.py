"""A household: /visits/entries/<number>/."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from canvass.roles import Role
from issues.models import Issue, IssueOpinion, IssueStep, SuggestionAnswer
from tests import factories, people
from tests.workbooks import GRID_B1

from .forms import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def entry(campaign):
    return factories.household(address="花溪路12号", holder_name="张三丰")


def address(entry):
    return reverse("visits:entry_detail", args=[entry.number])


def test_page_tells_visits_and_words_of_the_household(client, campaign, entry):
    goer = factories.cadre("罗律师")
    last = factories.visit(campaign, entry, by=[goer], note="路灯不亮")
    factories.opinion(campaign, entry=entry, visit=last, words_verbatim="当面说的")
    factories.visit(campaign, entry, note="更早", started_at=factories.at("2018-08-01"))
    factories.visit(campaign, factories.household(), note="邻居")
    factories.opinion(campaign, entry=entry, words_verbatim="门口积水")
    client.force_login(people.alice())
    response = client.get(address(entry))
    assert [v.note for v in response.context["visits"]] == ["路灯不亮", "更早"]
    told = [[o.words_verbatim for o in v.words] for v in response.context["visits"]]
    assert told == [["当面说的"], []]
    assert [o.words_verbatim for o in response.context["other_words"]] == ["门口积水"]
    page = response.content.decode()
    assert "罗律师" in page
    assert "张*" in page
    assert "张三丰" not in page


def test_page_offers_filing_only_while_a_campaign_is_running(client, campaign, entry):
    client.force_login(people.alice())
    assert "填报这一户的走访" in client.get(address(entry)).content.decode()
    campaign.state = "closed"
    campaign.save()
    assert "填报这一户的走访" not in client.get(address(entry)).content.decode()


@pytest.mark.parametrize("who", [people.alice, people.bob, people.village_office, people.inspector])
def test_restricted_words_are_told_to_nobody_here(client, campaign, entry, who):
    factories.opinion(campaign, entry=entry, words_verbatim="收红包", nature="report", restricted=True)
    client.force_login(who())
    assert "红包" not in client.get(address(entry)).content.decode()


@pytest.mark.parametrize("who", [people.charlie, people.other_village_office])
def test_stranger_finds_no_such_household(client, entry, who):
    factories.household(GRID_B1)
    client.force_login(who())
    assert client.get(address(entry)).status_code == 404


@pytest.mark.parametrize("who", [people.clerk, people.discipline, people.system_admin])
def test_roles_without_households_open_none(client, entry, who):
    client.force_login(who())
    assert client.get(address(entry)).status_code == 403


def test_anonymous_is_asked_to_sign_in(client, entry):
    assert client.get(address(entry))["Location"].startswith("/login/?next=/visits/entries/")


def days_ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, "再访"), (3, "今天该再访"), (4, "已到再访日 1 天")],
    ids=["early", "today", "late"],
)
def test_page_says_when_to_come_back_as_the_list_does(client, campaign, entry, days, words):
    factories.visit(campaign, entry, outcome="not_in", started_at=days_ago(days))
    factories.visit(campaign, entry, state="void", voided_at=timezone.now(), started_at=days_ago(0))
    client.force_login(people.alice())
    response = client.get(address(entry))
    assert response.context["return_day"].late == days - 3
    assert words in response.content.decode()


def test_what_to_bring_is_what_this_household_has_not_got_yet(client, campaign, entry):
    """Letters and booklets go out in this campaign; the booklet is there already."""
    factories.handout(campaign, kind="letter")
    factories.handout(campaign, kind="notice_board")
    factories.handout(campaign, kind="booklet", visit=factories.visit(campaign, entry))
    void = {"voided_at": timezone.now(), "void_reason": "错", "voided_by": factories.user()}
    factories.handout(campaign, kind="leaflet", **void)
    older = factories.campaign("older", first_on=factories.at("2017-07-01").date())
    factories.handout(older, kind="questionnaire")
    client.force_login(people.alice())
    assert client.get(address(entry)).context["materials"] == ["公开信", "联系卡"]
    factories.handout(campaign, kind="contact_card", visit=factories.visit(campaign, entry, outcome="not_in"))
    assert client.get(address(entry)).context["materials"] == ["公开信"]


def test_grid_worker_who_moved_on_loses_the_household(client, campaign, entry):
    alice = people.alice()
    factories.visit(campaign, entry, by=[alice.cadre], filed_by=alice)
    alice.cadre.postings.update(to_on=timezone.localdate() - timedelta(days=1))
    factories.posting(alice.cadre, Role.VISITOR, GRID_B1)
    client.force_login(alice)
    assert client.get(address(entry)).status_code == 404


def sorted_words(campaign, entry, state, **fields):
    words = factories.opinion(campaign, entry=entry, words_verbatim=f"说了{state}")
    issue = factories.issue(campaign, state=state, **fields)
    IssueOpinion.objects.create(issue=issue, opinion=words)
    return issue


def test_promise_and_reply_stand_before_the_visits(client, campaign, entry):
    unit, now = factories.department(), timezone.now()
    due = {"lead_department": unit, "assigned_at": now, "due_at": factories.at("2027-03-09 23:59:59")}
    sorted_words(campaign, entry, "in_progress", **due)
    sorted_words(campaign, entry, "waiting", **due | {"due_at": factories.at("2020-03-09 23:59:59")})
    fixed = sorted_words(campaign, entry, "replied", replied_at=now, result="路灯修好了", **due)
    suggestion = factories.opinion(campaign, entry=entry, nature="suggestion", words_verbatim="装个扶手")
    SuggestionAnswer.objects.create(opinion=suggestion, answer="adopted", reason="下月装")
    client.force_login(people.alice())
    page = re.sub(r"<[^>]+>|\s+", "", client.get(address(entry)).content.decode())
    assert "有答复，请当面告知" in page
    assert "答复：路灯修好了" in page
    assert "采纳：下月装" in page
    assert "镇环保所2027年3月9日前答复" in page
    assert "答应2020年3月9日前答复，已经过了期限" in page
    assert page.index("请当面告知") < page.index("还在办") < page.index("走访记录")
    assert page.count("已当面告知") == 2
    client.force_login(people.inspector())
    page = client.get(address(entry)).content.decode()
    assert fixed.result in page
    assert "已当面告知" not in page


def test_closed_campaign_tells_the_answer_but_asks_for_nothing(client, campaign, entry):
    issue = sorted_words(campaign, entry, "accepted")
    Issue.objects.filter(pk=issue.pk).update(
        is_spot_resolved=True, state="replied", replied_at=timezone.now()
    )
    IssueStep.objects.create(issue=issue, move="reply", to_state="replied", details={"reply": "已经修好"})
    campaign.state = "closed"
    campaign.save()
    client.force_login(people.alice())
    page = client.get(address(entry)).content.decode()
    assert "已经修好" in page
    assert "已当面告知" not in page
    assert "没人在家" not in page


def test_issue_of_restricted_matters_is_not_told(client, campaign, entry):
    sorted_words(campaign, entry, "accepted", is_restricted=True, title="收红包")
    client.force_login(people.alice())
    page = client.get(address(entry)).content.decode()
    assert "收红包" not in page
    assert "已受理" not in page


def test_page_costs_the_same_for_one_row_and_for_three(client, campaign, entry):
    client.force_login(people.alice())

    def add():
        factories.visit(campaign, entry, by=[factories.cadre(), factories.cadre()])
        words = factories.opinion(campaign, entry=entry)
        IssueOpinion.objects.create(issue=factories.issue(campaign), opinion=words)

    add()
    _, one = statements(lambda: client.get(address(entry)))
    add()
    add()
    _, three = statements(lambda: client.get(address(entry)))
    assert len(one) == len(three) <= 18
