"""The auditor's page in a browser: at a desk and on a phone, readable, with nothing that sticks out."""

import pytest
from playwright.sync_api import expect

from grids.audit import record
from grids.enums import AuditAction, AuditResult
from tests import factories, people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit():
    made = factories.visit(factories.campaign(), factories.household())
    record(None, AuditAction.OPENED, record=made, user=people.alice())
    record(None, AuditAction.OPENED, record=made, user=people.charlie(), result=AuditResult.REFUSED)
    record(None, AuditAction.SIGNED_IN, user=people.bob())
    return made


def test_from_a_row_to_all_that_happened_to_its_record(page, sign_in, assert_accessible, visit):
    sign_in(page, people.auditor())
    page.goto("/")
    expect(page.get_by_role("heading", name="审计日志")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name=f"#{visit.pk}").first.click()

    expect(page.locator(".audit-table tbody tr")).to_have_count(2)
    expect(page.locator(".audit-table")).to_contain_text("查三理")


def test_on_a_phone_only_the_table_scrolls(phone, sign_in, assert_accessible, visit):
    sign_in(phone, people.auditor())
    phone.goto("/audit/")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(phone)
