"""The first page that anybody sees."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_login_opens_the_session_of_the_person_who_signs_in(phone, live_server):
    get_user_model().objects.create_user("grid07", password="a-long-secret-7")
    phone.goto("/login/?next=/healthz")
    phone.locator("input[name=username]").fill("grid07")
    phone.locator("input[name=password]").fill("a-long-secret-7")
    phone.locator("form:has(input[name=username]) [type=submit]").click()
    expect(phone).to_have_url(f"{live_server.url}/healthz")


def test_login_page_is_accessible_on_phone_and_desktop(page, phone, assert_accessible):
    for window in (page, phone):
        window.goto("/login/")
        expect(window.locator("html")).to_have_attribute("lang", "zh-hans")
        assert_accessible(window)
