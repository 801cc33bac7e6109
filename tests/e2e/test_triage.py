"""A clerk sorts the words of residents: by keys on a desktop, by buttons on a phone without JavaScript."""

import pytest
from playwright.sync_api import expect

from issues.models import Issue, IssueOpinion, OpinionNote, SuggestionAnswer
from tests import factories, people
from tests.factories import at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def words(campaign):
    """An issue about a lamp; two residents spoke of the lamp, one of the water, one had an idea, one was glad."""
    entry = factories.household(address="花溪路12号")
    lamp = factories.issue(campaign, title="公园路灯不亮", number="WT1", category_code="0704")
    first = factories.opinion(
        campaign, words_verbatim="公园里的路灯不亮，老人摔了一跤", heard_at=at("2018-08-01")
    )
    IssueOpinion.objects.create(issue=lamp, opinion=first)
    for n, (nature, text) in enumerate(
        [
            ("praise", "网格员很热心"),
            ("suggestion", "建议公园里多放几张长椅"),
            ("problem", "自来水发黄。烧开了也有味道"),
            ("problem", "公园的路灯不亮，晚上老人会摔跤"),
        ]
    ):
        factories.opinion(
            campaign,
            number=f"SQ{n}",
            nature=nature,
            words_verbatim=text,
            entry=entry,
            heard_at=at(f"2018-09-0{n + 1} 10:00"),
        )
    return lamp


def go_through(page, press):
    """Join, accept, answer, note: every decision shows the next words."""
    page.goto("/issues/triage/")
    page.get_by_role("link", name="逐条分拣").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("分拣 SQ3")
    press("1", "归入 WT1")
    expect(page.get_by_text("诉求 SQ3 已归入问题")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("分拣 SQ2")
    expect(page.get_by_label("标题")).to_have_value("自来水发黄")
    page.get_by_label("类别").select_option("0704")
    press("a", "受理")
    expect(page.get_by_text("已受理为问题")).to_be_visible()
    expect(page.get_by_text("没有等待分拣的诉求。")).to_be_visible()
    page.get_by_role("link", name="建议").click()
    page.get_by_role("link", name="分拣 SQ1").click()
    page.get_by_label("答复").select_option("adopted")
    press("a", "答复")
    expect(page.get_by_text("已答复建议 SQ1。")).to_be_visible()
    page.get_by_role("link", name="表扬").click()
    page.get_by_role("link", name="分拣 SQ0").click()
    press("s", "留存")
    expect(page.get_by_text("诉求 SQ0 已留存。")).to_be_visible()


def assert_sorted(lamp):
    assert list(lamp.opinion_links.values_list("opinion__words_verbatim", flat=True)) == [
        "公园里的路灯不亮，老人摔了一跤",
        "公园的路灯不亮，晚上老人会摔跤",
    ]
    assert list(Issue.objects.exclude(pk=lamp.pk).values_list("title", "category")) == [
        ("自来水发黄", "0704")
    ]
    assert (SuggestionAnswer.objects.get().answer, OpinionNote.objects.count()) == ("adopted", 1)


def test_words_are_sorted_by_keys(page, sign_in, words, campaign):
    sign_in(page, people.bob())

    def press(key, name):
        expect(page.get_by_role("button", name=name)).to_be_visible()
        page.wait_for_load_state()
        page.keyboard.press(f"Alt+{key}")

    go_through(page, press)

    assert_sorted(words)


def test_words_are_sorted_by_buttons_without_javascript(phone_without_javascript, sign_in, words, campaign):
    page = sign_in(phone_without_javascript, people.bob())

    go_through(page, lambda _key, name: page.get_by_role("button", name=name).click())

    assert_sorted(words)


@pytest.mark.parametrize("window", ["page", "phone"])
def test_triage_pages_are_accessible_and_fit(
    request, window, sign_in, words, campaign, assert_accessible, look
):
    page = sign_in(request.getfixturevalue(window), people.bob())

    for address in ("/issues/triage/", "/issues/triage/?lot=praise&order=grid"):
        page.goto(address)
        assert_accessible(page)
    for number in ("SQ3", "SQ1", "SQ0"):
        opinion = factories.Opinion.objects.get(number=number)
        page.goto(f"/issues/triage/{opinion.pk}/")
        look(page, f"triage-{number}")
    page.goto(f"/issues/triage/{factories.Opinion.objects.get(number='SQ2').pk}/")
    page.get_by_label("标题").fill("")
    page.get_by_role("button", name="受理").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有存下")
    assert_accessible(page)
