"""A grid worker files a visit on a phone, as plain as a phone can be."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories, people
from tests.visits.forms import by, file_address, filled
from visits.models import Opinion, Visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def entry(campaign):
    return factories.household(address="花溪路12号", holder_name="张三丰")


def fill_in(page):
    page.get_by_label("见面", exact=True).check()
    page.get_by_text("时间、走访人、方式").click()
    page.get_by_label("入户").check()
    page.get_by_label("见面人数").fill("2")
    page.get_by_label("手记").fill("老人说门口路灯不亮")


def send_as_a_plain_page(page):
    """What the button does without JavaScript; axe, which looks at the answer, needs it switched on."""
    with page.expect_navigation():
        page.evaluate("document.getElementById('filing').submit()")


def opinion(page, n, words, nature):
    row = page.get_by_role("group", name=f"第 {n} 条")
    row.get_by_label("原话").fill(words)
    row.get_by_label(nature).check()


def test_visit_with_two_opinions_is_filed_without_javascript(
    phone_without_javascript, sign_in, alice, entry, live_server
):
    page = sign_in(phone_without_javascript, alice)
    page.goto("/visits/")
    page.get_by_role("link", name="填报 花溪路12号").click()
    fill_in(page)
    opinion(page, 1, "一下雨门口就积水", "问题")
    page.get_by_role("button", name="再加一条诉求").click()
    expect(page.get_by_label("手记")).to_have_value("老人说门口路灯不亮")
    opinion(page, 2, "网格员很热心", "表扬")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记。")).to_be_visible()
    visit = Visit.objects.get()
    expect(page).to_have_url(live_server.url + reverse("visits:visit_detail", args=[visit.pk]))
    assert (visit.outcome, visit.people_met) == ("met", 2)
    words = visit.opinions.order_by("pk").values_list("words_verbatim", flat=True)
    assert list(words) == ["一下雨门口就积水", "网格员很热心"]


def test_form_sent_by_a_double_tap_is_one_visit(phone_without_javascript, sign_in, alice, entry):
    page = sign_in(phone_without_javascript, alice)
    page.goto(file_address(entry))
    fill_in(page)
    opinion(page, 1, "一下雨门口就积水", "问题")
    page.get_by_role("button", name="登记", exact=True).dblclick()
    expect(page.get_by_role("heading", name="诉求原话")).to_be_visible()
    assert (Visit.objects.count(), Opinion.objects.count()) == (1, 1)


def test_going_back_after_filing_shows_the_visit_and_no_second_form(
    phone_without_javascript, sign_in, alice, entry
):
    page = sign_in(phone_without_javascript, alice)
    page.goto(file_address(entry))
    fill_in(page)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记。")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("刚才那张表已经登记了")).to_be_visible()
    assert Visit.objects.count() == 1


def test_refused_form_says_where_and_keeps_what_was_typed(phone, sign_in, alice, entry, assert_accessible):
    page = sign_in(phone, alice)
    page.goto(file_address(entry))
    page.get_by_label("见面", exact=True).check()
    page.get_by_label("手记").fill("写了很久")
    page.get_by_role("group", name="第 1 条").get_by_label("原话").fill("积水")
    page.evaluate("document.querySelector('[name=outcome]:checked').checked = false")
    send_as_a_plain_page(page)
    expect(page.get_by_role("alert")).to_contain_text("还没有存下")
    expect(page.get_by_text("请选择走访结果。")).to_be_visible()
    expect(page.get_by_text("请选择这条诉求的性质。")).to_be_visible()
    expect(page.get_by_label("手记")).to_have_value("写了很久")
    assert_accessible(page)


def test_conflict_page_is_accessible(client, phone, sign_in, alice, entry, assert_accessible):
    client.force_login(alice)
    page = sign_in(phone, alice)
    page.goto(file_address(entry))
    identity = page.locator("input[name=client_id]").get_attribute("value")
    client.post(file_address(entry), filled(cadres=[by(alice)], client_id=identity))
    fill_in(page)
    send_as_a_plain_page(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("这张表先前登记过，内容却不一样")
    assert_accessible(page)
    page.get_by_role("button", name="是另一次走访").click()
    expect(page.get_by_text("已登记。")).to_be_visible()
    assert Visit.objects.count() == 2
