"""The pages of personal data in a browser: nothing sticks out on a phone, axe finds nothing, redaction without a script."""

import pytest

from reports import releasing, rights
from reports.rights import Found
from tests import factories, people
from tests.factories import FIRST_DAY
from visits.models import AnswerWish, Opinion

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office():
    campaign = factories.campaign()
    bob = people.bob()
    opinion = factories.opinion(campaign, words_verbatim="沈百合家门口的路灯坏了")
    AnswerWish.objects.create(opinion=opinion, way="phone", phone="13812341234")
    rights.register_request(
        Found(opinion=opinion), by=bob, campaign=campaign, kind="see", way="phone", received_on=FIRST_DAY
    )
    releasing.ask_for_export(campaign, by=bob, reason="核对户名")
    return bob


@pytest.mark.parametrize(
    "address",
    [
        "redactions/",
        "redactions/opinion/{}/",
        "rights/",
        "rights/new/",
        "rights/{}/",
        "workbook/releases/",
        "workbook/releases/{}/",
    ],
)
def test_pages_are_accessible_on_a_phone(phone, sign_in, assert_accessible, office, address):
    sign_in(phone, office)
    phone.goto(f"/reports/{address.format(_key_of(address))}")
    assert phone.locator("h1").count() == 1
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert_accessible(phone)


def _key_of(address):
    model = rights.RightsRequest if "rights" in address else releasing.ExportRequest
    return (Opinion if "opinion" in address else model).objects.values_list("pk", flat=True).first()


def test_redaction_needs_no_script(phone_without_javascript, sign_in, office):
    page = phone_without_javascript
    sign_in(page, office)
    opinion = Opinion.objects.get()
    page.goto(f"/reports/redactions/opinion/{opinion.pk}/")
    page.get_by_label("要隐去的字").fill("沈百合")
    page.get_by_label("原因").fill("原话里有姓名")
    page.get_by_role("button", name="找一找在哪里").click()
    page.get_by_label("我知道").check()
    page.get_by_role("button", name="隐去勾上的各处").click()
    page.get_by_text("已隐去 1 处").wait_for()
    opinion.refresh_from_db()
    assert opinion.words_verbatim == "███家门口的路灯坏了"
