"""How long a form was in the hand comes with it from the phone; the office reads medians of many."""

import pytest
from playwright.sync_api import expect

from tests import factories, people
from tests.visits.forms import file_address
from visits.models import Visit

from .filing import becomes_true

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    return factories.campaign(forms_replaced="民情日记\n走访台账（月报）")


def test_seconds_arrive_with_the_form_and_an_earlier_sitting_counts(phone, sign_in, campaign):
    alice, entry = people.alice(), factories.household()
    sign_in(phone, alice)
    phone.goto(file_address(entry))
    expect(phone.locator("#filing[data-ready]")).to_be_attached()
    phone.wait_for_timeout(1500)
    phone.get_by_label("见面", exact=True).check()
    expect(phone.locator("[name=seconds]")).not_to_have_value("")
    first = int(phone.locator("[name=seconds]").input_value())
    becomes_true(phone, "Outbox.mine().then((records) => records.some((one) => one.state === 'draft'))")
    phone.reload()
    expect(phone.locator("#filing[data-ready]")).to_be_attached()
    assert int(phone.locator("[name=seconds]").input_value()) >= first
    phone.wait_for_timeout(1500)
    phone.get_by_role("button", name="登记", exact=True).click()
    expect(phone.get_by_text("经过", exact=True)).to_be_visible()
    assert first >= 2
    assert first + 1 < Visit.objects.get().filling_seconds < 600


def test_hour_at_the_most_and_nothing_while_another_page_is_in_front(phone, sign_in, campaign):
    sign_in(phone, people.alice())
    phone.clock.install()
    phone.goto(file_address(factories.household()))
    expect(phone.locator("#filing[data-ready]")).to_be_attached()
    phone.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    phone.clock.fast_forward(1_000_000)
    phone.evaluate(
        "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert int(phone.locator("[name=seconds]").input_value()) < 600
    phone.clock.fast_forward(5_000_000)
    phone.get_by_label("见面", exact=True).check()
    expect(phone.locator("[name=seconds]")).to_have_value("3600")


def test_form_without_javascript_has_no_seconds(phone_without_javascript, sign_in, campaign):
    window = sign_in(phone_without_javascript, people.alice())
    window.goto(file_address(factories.household()))
    window.get_by_label("见面", exact=True).check()
    window.get_by_role("button", name="登记", exact=True).click()
    expect(window.get_by_text("已登记。")).to_be_visible()
    assert Visit.objects.get().filling_seconds is None


@pytest.mark.parametrize("width", [360, 1366])
def test_office_reads_the_dial(open_window, sign_in, look, campaign, width):
    filers = [people.alice() for _ in range(3)]
    for number in range(12):
        fields = {"outcome": "not_in", "people_met": None} if number > 8 else {"note": "积水"}
        factories.visit(
            campaign,
            factories.household(),
            filed_by=filers[number % 3],
            filling_seconds=30 + number,
            **fields,
        )
    window = sign_in(open_window(viewport={"width": width, "height": 640}), people.bob())
    window.goto("/reports/burden/?from=2018-09-01&to=2018-09-30")
    expect(window.get_by_role("heading", level=1)).to_have_text("填报负担")
    expect(window.get_by_text("民情日记")).to_be_visible()
    look(window, "burden")
