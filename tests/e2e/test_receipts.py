"""A receipt from the visit to the resident's word, on a phone, at a desk and on paper."""

import re

import pytest

from issues.models import ResidentVerdict
from issues.receipts import record_verdict
from tests import factories, people
from tests.issues.answers import answered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def receipt(campaign):
    factories.posting(
        factories.cadre(department=factories.department("王店镇党政办公室", contact_phone="0573-83240000")),
        "campaign_office",
        factories.TOWN,
    )
    return answered(campaign, reply="9月6日已换新雨水管，\n雨后我们再来看一次。")


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_resident_s_pages_are_accessible_and_fit_the_width(open_window, look, campaign, receipt, width):
    said, other = answered(campaign), answered(campaign, "in_progress")
    record_verdict(said, solved=False)
    second = answered(campaign).opinion.issue_links.get().issue
    other.opinion.issue_links.create(issue=second)
    window = open_window(viewport={"width": width, "height": 640})
    addresses = [f"/s/{one.typed_code}/" for one in (receipt, said, other)]
    for address in [*addresses, f"{addresses[0]}?language=en", "/s/", "/s/0000-0000-0000/"]:
        window.goto(address)
        look(window, address.strip("/").replace("/", "-").replace("?", "-"))


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_office_s_pages_are_accessible_and_fit_the_width(
    open_window, sign_in, look, campaign, receipt, width
):
    record_verdict(receipt, solved=False, words="下雨天还是积水" * 10)
    blank = factories.opinion(campaign)
    window = sign_in(open_window(viewport={"width": width, "height": 640}), people.bob())
    for address in [
        f"/issues/receipts/{receipt.opinion_id}/",
        f"/issues/receipts/{blank.pk}/",
        f"/visits/{receipt.opinion.visit_id}/",
        "/issues/verdicts/",
    ]:
        window.goto(address)
        look(window, address.strip("/").replace("/", "-").replace("?", "-"))


def test_from_the_visit_to_the_resident_s_word_without_javascript(
    open_window, phone_without_javascript, sign_in, campaign, receipt
):
    worker = sign_in(open_window(java_script_enabled=False), people.alice())
    worker.goto(f"/visits/{receipt.opinion.visit_id}/")
    worker.get_by_role("link", name="给群众的回执").click()
    code = worker.locator(".slip-code").inner_text()
    assert code == receipt.typed_code
    assert worker.locator(".slip svg.qr").bounding_box()["width"] >= 150

    resident = phone_without_javascript
    resident.goto("/s/")
    resident.get_by_label("回执码").fill(code.lower().replace("-", " "))
    resident.get_by_role("button", name="查询").click()
    assert resident.get_by_text("9月6日已换新雨水管").is_visible()
    resident.get_by_label("没有解决").check()
    resident.get_by_label("想补充的话").fill("雨一大还是漫上来")
    resident.get_by_role("button", name="提交反馈").click()
    assert (
        resident.get_by_role("status").inner_text() == "您已反馈：没有解决。活动办会看到，并决定怎样继续办。"
    )
    assert resident.locator("main").get_by_role("button").count() == 0

    office = sign_in(open_window(), people.bob())
    office.goto("/issues/")
    office.get_by_role("link", name="群众反馈").click()
    assert office.get_by_text("雨一大还是漫上来").is_visible()
    verdict = ResidentVerdict.objects.get()
    office.locator("main h2 a").click()
    assert re.search(rf"/issues/{verdict.issues.get().pk}/$", office.url)


def test_language_stays_while_one_looks_up_and_answers(phone, receipt):
    phone.goto("/s/")
    phone.get_by_role("link", name="English").click()
    phone.locator("#code").fill(receipt.code)
    phone.locator("main button").click()
    assert phone.locator("html").get_attribute("lang") == "en"
    phone.locator("input[value=yes]").check()
    phone.locator("main button").click()
    phone.get_by_role("status").wait_for()
    assert phone.locator("html").get_attribute("lang") == "en"
    assert ResidentVerdict.objects.get().solved


def test_everything_to_tap_is_large_enough(phone, receipt):
    for address in (f"/s/{receipt.typed_code}/", "/s/"):
        phone.goto(address)
        small = phone.evaluate(
            """() => [...document.querySelectorAll("button, .button, .chip label, .code-input, textarea")]
            .filter(e => e.getClientRects().length)
            .map(e => [e.innerText || e.name, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([words, box]) => `${words} ${box.width}x${box.height}`)"""
        )
        assert small == [], address


@pytest.mark.parametrize(("width", "height"), [(105, 148), (210, 297)])
def test_slip_prints_on_one_sheet(open_window, sign_in, receipt, width, height):
    window = sign_in(open_window(), people.bob())
    window.goto(f"/issues/receipts/{receipt.opinion_id}/")
    paper = window.pdf(width=f"{width}mm", height=f"{height}mm")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
