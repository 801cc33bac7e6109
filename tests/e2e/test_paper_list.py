"""The list on paper: each sheet is one side of A4, and nothing on it is cut off."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import factories, people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    campaign = factories.campaign()
    for building in (1, 2):
        for n in range(1, 8):
            address = f"花溪社区梅园小区{building}幢1单元{n}01室"
            door = factories.household(address=address, holder_name="欧阳三丰", number=f"WDH{building}{n:04}")
            if n % 2:
                factories.visit(campaign, door, outcome="not_in")
    factories.household(address="花溪社区老粮站对面的两间平房", kind="shop", state="vacant")
    return people.alice()


# What is wider or higher than the piece that holds it would be cut off on paper.
CUT_OFF = """() => [...document.querySelectorAll(".paper-sheet, .paper-sheet *")]
  .filter((e) => getComputedStyle(e).overflow === "hidden"
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
  .map((e) => `${e.className}: ${e.textContent.replace(/\\s+/g, " ").slice(0, 60)}`)"""


def test_each_sheet_is_one_side_of_paper(page, sign_in, alice, look):
    sign_in(page, alice)
    page.goto("/visits/")
    look(page, "paper-offered")
    page.get_by_role("button", name="打印走访表").click()
    expect(page.get_by_role("region", name="第 3 页")).to_be_visible()
    look(page, "paper-list")
    page.set_viewport_size({"width": 718, "height": 1047})  # 190 mm, as on paper
    page.emulate_media(media="print")
    assert page.evaluate(CUT_OFF) == []
    pdf = page.pdf(prefer_css_page_size=True)
    if folder := os.environ.get("SHOTS"):
        (Path(folder) / "paper-list.pdf").write_bytes(pdf)
    sheets = page.locator(".paper-sheet").count()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == sheets == 3


def test_list_on_paper_fits_a_phone(phone, sign_in, alice, look):
    sign_in(phone, alice)
    phone.goto("/visits/")
    expect(phone.get_by_role("button", name="打印走访表")).to_be_visible()
    look(phone, "paper-offered")
    phone.goto("/visits/paper/")
    expect(phone.get_by_role("region", name="第 3 页")).to_be_visible()
    look(phone, "paper-list")
