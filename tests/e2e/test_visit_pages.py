"""Every page of the visits, on a phone and at a desk: axe finds nothing and nothing sticks out sideways."""

import pytest

from tests import factories, people
from tests.visits.forms import file_address
from visits.models import VisitStep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def addresses():
    """Every page for the campaign office, who may open all of them."""
    campaign = factories.campaign()
    entry = factories.household(address="王店镇花溪社区梅里人家小区12幢2单元301室", holder_name="张三丰")
    visit = factories.visit(
        campaign, entry, by=[factories.cadre("罗律师")], note="老人说门口路灯不亮", way="door"
    )
    factories.opinion(campaign, visit=visit, entry=entry)
    VisitStep.objects.create(
        visit=visit, move="corrected", reason="写错了", before={"outcome": "not_in", "note": ""}
    )
    lists = ["/visits/", "/visits/?show=not_in", "/visits/mine/", "/visits/to-check/", "/visits/new/"]
    one = [f"/visits/{visit.pk}/{verb}" for verb in ("", "correct/", "void/", "send-back/")]
    return [*lists, file_address(entry), f"/visits/entries/{entry.number}/", *one, "/visits/0/"]


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_pages_are_accessible_and_fit_the_width(open_window, sign_in, look, addresses, width):
    window = sign_in(open_window(viewport={"width": width, "height": 640}), people.bob())
    for address in addresses:
        window.goto(address)
        look(window, address.strip("/").replace("/", "-").replace("?", "-"))


def test_everything_to_tap_is_large_enough(phone, sign_in, addresses):
    """44 px for a thumb, but for words inside a sentence."""
    window = sign_in(phone, people.bob())
    for address in addresses:
        window.goto(address)
        small = window.evaluate(
            """() => [...document.querySelectorAll(
                "button, .button, nav a, .chip label, input:not([type=hidden]):not([type=radio])"
                + ":not([type=checkbox]), textarea, summary, .entry-words, .row-link")]
            .map(e => [e.innerText || e.name, e.getBoundingClientRect()])
            .filter(([, box]) => box.height && (box.height < 44 || box.width < 44))
            .map(([words, box]) => `${words} ${box.width}x${box.height}`)"""
        )
        assert small == [], address
