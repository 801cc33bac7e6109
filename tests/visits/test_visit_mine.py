"""My filings: /visits/mine/."""

import re
from base64 import urlsafe_b64encode

import pytest
from django.urls import reverse
from django.utils import timezone

from issues.models import IssueOpinion
from tests import factories, people
from tests.factories import number
from tests.workbooks import GRID_B1
from visits import targets
from visits.models import VisitStep

from .forms import statements

pytestmark = pytest.mark.django_db
MINE = "/visits/mine/"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(client, campaign):
    user = people.alice()
    client.force_login(user)
    return user


def notes(response):
    return [visit.note for visit in response.context["visits"]]


def test_page_shows_what_i_filed_and_what_i_took_part_in_newest_first(client, campaign, alice):
    here, there = factories.household(), factories.household(GRID_B1)
    bob = people.bob()
    factories.visit(campaign, here, filed_by=alice, note="我登记", started_at=factories.at("2018-09-01"))
    factories.visit(campaign, there, by=[alice.cadre], note="我参加", started_at=factories.at("2018-09-02"))
    factories.visit(campaign, here, by=[bob.cadre], filed_by=bob, note="别人的")
    assert notes(client.get(MINE)) == ["我参加", "我登记"]


def test_state_is_told_in_words(client, campaign, alice):
    factories.visit(campaign, factories.household(), filed_by=alice, state="sent_back")
    assert "退回" in client.get(MINE).content.decode()


def sent_back(campaign, user, reason, day):
    visit = factories.visit(campaign, factories.household(), filed_by=user, state="sent_back", note=reason)
    VisitStep.objects.create(visit=visit, move="sent_back", reason=reason, at=factories.at(day))
    return visit


def test_sent_back_visits_stand_first_with_their_reason_the_longest_waiting_first(client, campaign, alice):
    late = sent_back(campaign, alice, "时间不对", "2018-09-05")
    early = sent_back(campaign, alice, "人数不对", "2018-09-04")
    VisitStep.objects.create(
        visit=early, move="sent_back", reason="还是不对", at=factories.at("2018-09-04 12:00")
    )
    sent_back(campaign, people.charlie(), "别人的", "2018-09-03")
    closed = factories.campaign("closed", state="closed")
    sent_back(closed, alice, "早已结束", "2018-09-01")
    response = client.get(MINE)
    assert [(v, s.reason) for v, s in response.context["sent_back"]] == [
        (early, "还是不对"),
        (late, "时间不对"),
    ]
    page = response.content.decode()
    assert page.index("还是不对") < page.index("我的走访记录")
    assert reverse("visits:visit_correct", args=[late.pk]) in page


def heard(campaign, user, state="accepted", *, joined=None, **fields):
    words = factories.opinion(
        campaign, entry=factories.household(), collector=user.cadre, words_verbatim=number("话")
    )
    issue = joined or factories.issue(campaign, state=state, **fields)
    IssueOpinion.objects.create(issue=issue, opinion=words)
    return words


def answered():
    now = timezone.now()
    unit = {"lead_department": factories.department(), "assigned_at": now, "due_at": now}
    return {"state": "replied", "replied_at": now, "result": "修好了", **unit}


def followed(response):
    """(words to tell, words still running), as the page lists them."""
    page = response.content.decode()
    told, _, running = page.partition("首访负责，还在办")
    running = running.partition("我的走访记录")[0]
    return re.findall(r"话\d{6}", told), re.findall(r"话\d{6}", running)


def test_page_follows_what_i_heard_first_to_the_end(client, campaign, alice):
    running = heard(campaign, alice)
    replied = heard(campaign, alice, **answered())
    for state in ("transferred", "withdrawn", "void"):
        heard(campaign, alice, state)
    charlie = people.charlie()
    theirs = heard(campaign, charlie)
    heard(campaign, alice, joined=theirs.issue_links.get().issue)  # second to say so
    heard(factories.campaign("closed", state="closed"), alice)
    assert followed(client.get(MINE)) == ([replied.words_verbatim], [running.words_verbatim])


def test_reply_that_was_brought_back_ends_it(client, campaign, alice):
    words = heard(campaign, alice, **answered())
    key = f"step-{words.issue_links.get().issue.steps.get().pk}"
    client.post(reverse("issues:answer_tell", args=[words.pk]), {"answer": key, "back": MINE})
    assert followed(client.get(MINE)) == ([], [])


def test_followed_matters_cost_the_same_for_one_and_for_three(client, campaign, alice):
    heard(campaign, alice)
    heard(campaign, alice, **answered())
    _, one = statements(lambda: client.get(MINE))
    for _ in range(2):
        heard(campaign, alice)
        heard(campaign, alice, **answered())
    _, three = statements(lambda: client.get(MINE))
    assert len(one) == len(three) <= 14


def test_pages_hold_every_visit_once(client, campaign, alice, monkeypatch):
    monkeypatch.setattr(targets, "PAGE_SIZE", 2)
    entry = factories.household()
    for n in range(5):
        factories.visit(campaign, entry, filed_by=alice, note=str(n))
    seen, after = [], ""
    for _ in range(3):
        response = client.get(MINE, {"after": after})
        seen += notes(response)
        after = response.context["next_key"]
    assert (seen, after) == (["4", "3", "2", "1", "0"], "")


@pytest.mark.parametrize("key", ['["2018-09-01", 1]', '["2018-09-01T00:00:00+08:00", "x"]', "[null, 1]"])
def test_invented_page_key_gives_the_first_page(client, campaign, alice, key):
    factories.visit(campaign, factories.household(), filed_by=alice, note="我的")
    after = urlsafe_b64encode(key.encode()).decode()
    assert notes(client.get(MINE, {"after": after})) == ["我的"]


def test_stranger_and_clerk(client, campaign, alice):
    factories.visit(campaign, factories.household(), filed_by=alice)
    client.force_login(people.charlie())
    assert notes(client.get(MINE)) == []
    client.force_login(people.clerk())
    assert client.get(MINE).status_code == 403
    client.logout()
    assert client.get(MINE)["Location"] == f"/login/?next={MINE}"


def test_page_costs_the_same_for_one_row_and_for_three(client, campaign, alice):
    entry = factories.household()
    factories.visit(campaign, entry, by=[alice.cadre])
    _, one = statements(lambda: client.get(MINE))
    for _ in range(2):
        factories.visit(campaign, factories.household(), by=[alice.cadre])
    _, three = statements(lambda: client.get(MINE))
    assert (
        len(one) == len(three) <= 7
    )  # the sixth looks for what is handed over, the seventh for visits to give hints about
