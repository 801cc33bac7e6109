"""Every page of tests/phone_pages.py in the hand: 360 and 320 px, letters of twice the size, elder mode.

One window a lot, each page opened once: it is measured at each size, and axe runs at both widths.
SHOTS=/some/folder keeps a picture of each page at each size.
"""

import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from canvass.roles import Role
from grids.models import Feedback
from issues.models import IssueOpinion
from tests import factories, people
from tests.issues.answers import answered
from tests.issues.conduct import slip
from tests.phone_pages import LOTS
from tests.signing_in import printed, worker
from tests.visits.pictures import picture
from visits.models import HandOver, VisitStep
from visits.photo_services import add_photo

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)

# name, width, elder, size of the root's letters
SIZES = [
    ("360", 360, False, ""),
    ("360-twice", 360, False, "200%"),
    ("360-elder", 360, True, ""),
    ("360-elder-twice", 360, True, "300%"),
    ("320", 320, False, ""),
    ("320-elder", 320, True, ""),
]
CHECKS = (Path(__file__).parent / "phone_checks.js").read_text()


@pytest.fixture
def rows():
    campaign = factories.campaign(name="王店镇“听民声、解民忧”大走访大宣讲大服务")
    leader = people.person(Role.GRID_LEADER, factories.GRID_A1, "欧阳建国")
    own = leader.cadre
    entry = factories.household(
        address="王店镇花溪社区梅里人家小区12幢2单元301室", holder_name="张三丰", number="330411105201-0012"
    )
    other = factories.household(address="花溪路2号", kind="enterprise")
    visit = factories.visit(
        campaign, entry, by=[factories.cadre("罗律师")], note="老人说门口路灯不亮", way="door"
    )
    VisitStep.objects.create(
        visit=visit, move="corrected", reason="写错了", before={"outcome": "not_in", "note": ""}
    )
    opinion = factories.opinion(campaign, visit=visit, entry=entry, collector=own)
    filed = factories.visit(
        campaign,
        other,
        by=[own],
        filed_by=leader,
        outcome="not_in",
        people_met=None,
        started_at=timezone.now(),
        client_id="7a1c3c8e-51a4-4d0a-9a77-0d5a3f1e6b11",
        content_hash="other",
    )
    back = factories.visit(campaign, entry, by=[own], filed_by=leader, state="sent_back")
    office = people.bob()
    VisitStep.objects.create(
        visit=back, move="sent_back", reason="门牌和手记对不上，请核对后再报。", by=office
    )
    deed = factories.deed(
        campaign,
        created_by=leader,
        client_id="7a1c3c8e-51a4-4d0a-9a77-0d5a3f1e6b12",
        content_hash="other",
        content="疏通梅里人家小区12幢门口的下水道，换了三处井盖，雨后去看过，不积水了",
    )
    receipt = answered(campaign, reply="9月6日已换新雨水管，\n雨后我们再来看一次。")
    issue = factories.issue(campaign, state="in_progress", **factories.assigned(factories.department()))
    IssueOpinion.objects.create(
        issue=issue, opinion=factories.opinion(campaign, entry=entry, visit=visit, collector=own)
    )
    return SimpleNamespace(
        campaign=campaign,
        leader=leader,
        office=office,
        nobody=people.nobody(),
        entry=entry,
        other_entry=other,
        visit=visit,
        opinion=opinion,
        filed_from_phone=filed,
        receipt=receipt,
        issue=issue,
        deed=deed,
        conduct_slip=slip(campaign, factories.department(), created_by=leader),
        hand_over=_handed_over(leader, office, opinion, back),
        stay_log=factories.stay_log(campaign, own, entry=entry),
        photo=add_photo(visit, picture(), by=leader)[0],
        token=printed(worker(), office),
    )


def _handed_over(successor, office, opinion, visit):
    """Somebody's grid, words and a visit to correct are offered to the successor; feedback and a look are on record."""
    leaver = factories.cadre("皇甫端木")
    made = HandOver.objects.create(
        leaver=leaver,
        successor=successor.cadre,
        place_id=opinion.place_id,
        last_on=timezone.localdate(),
        by=office,
    )
    posting = factories.posting(leaver, Role.VISITOR, opinion.place_id)
    made.postings.create(posting=posting)
    made.words.create(opinion=opinion)
    made.visits.create(visit=visit)
    said = Feedback.objects.create(
        wanted="给一户补一张照片", happened="按钮找不到", page="/visits/…/", by=successor
    )
    said.answers.create(text="下个版本放到最上面", by=office)
    now = timezone.now()
    successor.cadre.viewing_steps.create(
        kind="begun",
        by=office,
        reason="本人来电，找不到待补访的户",
        at=now,
        until=now + timedelta(minutes=15),
    )
    return made


def measure(window, page):
    """What is wrong with the page as it stands, in sentences, at every size."""
    wrong, axed = [], set()
    for name, width, elder, letters in SIZES:
        window.set_viewport_size({"width": width, "height": 640})
        window.evaluate(
            "([elder, letters]) => { const root = document.documentElement;"
            " root.classList.toggle('elder', elder); root.style.fontSize = letters; scrollTo(0, 0) }",
            [elder, letters],
        )
        if folder := os.environ.get("SHOTS"):
            window.screenshot(path=Path(folder) / f"{page.title}-{name}.png", full_page=True, scale="css")
        wrong += [f"{page.title} at {name}: {what}" for what in window.evaluate(CHECKS)]
        if width not in axed:
            axed.add(width)
            found = Axe().run(window)
            wrong += [f"{page.title} at {name}: {found.generate_report()}"] if found.violations_count else []
    return wrong


def look_at(window, pages, rows):
    wrong = []
    for page in pages:
        window.set_viewport_size(PHONE["viewport"])
        window.goto(page.address(rows))
        expect(window.locator("main")).to_be_visible()
        if page.act:
            page.act(window, rows)
        window.wait_for_load_state()
        wrong += measure(window, page)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("lot", LOTS)
def test_pages_fit_the_hand_and_are_accessible(open_window, sign_in, rows, lot):
    who, pages = LOTS[lot]
    window = open_window(**PHONE)
    if who:
        sign_in(window, getattr(rows, who))
    look_at(window, pages, rows)
