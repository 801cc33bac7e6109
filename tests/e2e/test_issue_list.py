"""The ledger's list in a browser: search and filters, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from issues.models import IssueOpinion
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1, VILLAGE_B

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ledger(transactional_db):
    campaign = factories.campaign()
    for title, code, words in (
        (
            "花溪路积水",
            GRID_A1,
            "一下雨巷子里就积水，老人小孩都要绕路走，去年就反映过两次，盼着早点修好，别再拖了",
        ),
        ("路灯不亮", GRID_B1, "路灯坏了半年，门口积水也看不见"),
    ):
        issue = factories.issue(
            campaign,
            code,
            title=title,
            state="assigned",
            **factories.assigned(factories.department("镇城建办")),
        )
        opinion = factories.opinion(campaign, code, words_verbatim=words)
        IssueOpinion.objects.create(issue=issue, opinion=opinion)


def search_and_filter(window, look):
    window.goto("/issues/")
    look(window, "issue-list")
    window.get_by_role("searchbox").fill("积水")
    window.get_by_role("button", name="搜索").click()
    expect(window.locator("mark")).to_have_count(3)
    look(window, "issue-list-search")
    window.locator("summary").click()
    window.get_by_label("范围").select_option(VILLAGE_B)
    window.get_by_role("button", name="按此筛选").click()
    expect(window.get_by_role("heading", level=2)).to_have_text(["路灯不亮"])
    expect(window.get_by_role("searchbox")).to_have_value("积水")
    look(window, "issue-list-filtered")
    window.get_by_role("link", name="全部").click()
    expect(window.get_by_label("范围")).to_have_value(VILLAGE_B)
    window.get_by_role("link", name="取消筛选").click()
    expect(window.get_by_role("heading", level=2)).to_have_count(2)


def test_office_searches_and_filters_at_the_desk(page, sign_in, look, ledger):
    search_and_filter(sign_in(page, people.bob()), look)


def test_office_searches_and_filters_on_a_phone(phone, sign_in, look, ledger):
    search_and_filter(sign_in(phone, people.bob()), look)
