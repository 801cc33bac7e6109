"""Hints: read first by whoever filed the visit, from the next day on by the office, village by village."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories, people
from tests.workbooks import GRID_B1

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    """Filed seven doors without the number of people, two today."""
    campaign, alice = factories.campaign(), people.alice()
    for number in range(7):
        moment = timezone.now() - timedelta(minutes=5) - timedelta(days=0 if number < 2 else 1)
        home = factories.household(*([GRID_B1] if number == 6 else []), address=f"花溪路{number + 1}号")
        fields = {"people_met": None, "started_at": moment, "filed_at": moment}
        factories.visit(campaign, home, by=[alice.cadre], filed_by=alice, **fields)
    return alice


def test_author_and_office_read_hints(open_window, phone, page, sign_in, look, alice):
    mine = sign_in(phone, alice)
    mine.goto("/visits/mine/")
    mine.get_by_text("给您的提示").click()
    expect(mine.get_by_text("见面没填人数")).to_be_visible()
    expect(mine.get_by_text("还有 2 条。")).to_be_visible()
    look(mine, "mine-hints")
    office = people.bob()
    for window in (
        sign_in(page, office),
        sign_in(open_window(viewport={"width": 360, "height": 640}), office),
    ):
        window.goto("/reports/")
        window.get_by_role("link", name="数据质量").click()
        expect(window.get_by_role("heading", level=1)).to_have_text("数据质量")
        look(window, "quality")
        window.get_by_role("link", name="4", exact=True).click()
        expect(window.get_by_text("共 4 行")).to_be_visible()
        look(window, "quality-rows")
