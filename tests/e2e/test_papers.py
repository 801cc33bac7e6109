"""The papers of an issue in a browser: on a phone, at a desk, and on A4 from the browser's print."""

import os
from pathlib import Path

import pytest

from tests import factories, people
from tests.issues.filing import called_back, filed, step
from tests.issues.test_issue_paper import KINDS

pytestmark = pytest.mark.django_db(transaction=True)
# SHOTS=/some/folder keeps a picture of every page looked at, and every paper as PDF and .docx.
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def issue():
    made = filed(factories.campaign())
    step(made, "ask_extension", "2018-09-05 11:00", reason="等材料", details={"due_on": "2018-09-20"})
    step(made, "ask_parking", "2018-09-05 12:00", reason="等拨款", details={"plan": "明年改管"})
    called_back(made)
    return made


@pytest.mark.parametrize("width", [360, 1366])
def test_every_paper_is_read_and_printed(open_window, sign_in, assert_accessible, look, issue, width):
    window = open_window(viewport={"width": width, "height": 640 if width == 360 else 768})
    sign_in(window, people.bob())
    window.goto(f"/issues/{issue.pk}/")
    assert_accessible(window)

    for kind in KINDS:
        window.goto(f"/issues/{issue.pk}/papers/{kind}/")
        look(window, f"paper-{kind}")
        printed = window.pdf(prefer_css_page_size=True)
        assert b"/MediaBox [0 0 59" in printed
        if SHOTS:
            window.screenshot(path=Path(SHOTS) / f"{kind}-{width}.png", full_page=True)
            (Path(SHOTS) / f"{kind}.pdf").write_bytes(printed)
            file = window.request.get(f"/issues/{issue.pk}/papers/{kind}.docx")
            (Path(SHOTS) / f"{kind}.docx").write_bytes(file.body())
