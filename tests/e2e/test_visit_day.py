"""A grid worker's day on a phone: the list, a household before knocking, many doors at once, what became of it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from issues.models import Issue, IssueOpinion, IssueStep, SuggestionAnswer, ToldAnswer
from tests import factories, people
from visits.models import Handout, Visit, VisitStep

pytestmark = pytest.mark.django_db(transaction=True)


def ago(days):
    return timezone.now() - timedelta(days=days, minutes=20)


@pytest.fixture
def alice():
    campaign = factories.campaign(name="王店镇大走访", last_on=timezone.localdate() + timedelta(days=20))
    user = people.alice()
    factories.place(user.reach.cadre.postings.get().place_id).save()
    user.cadre.phone = "13800000001"
    user.cadre.save()
    doors = {}
    for n, (outcome, days) in enumerate(
        [(None, 0), (None, 0), ("not_in", 5), ("not_in", 3), ("remote", 20), ("met", 9), ("refused", 2)], 1
    ):
        doors[n] = factories.household(
            address=f"王店镇花溪社区梅里人家小区12幢2单元{n}01室",
            number=f"H-{n}",
            holder_name="张三丰" if n % 2 else "",
        )
        if outcome:
            factories.visit(
                campaign, doors[n], by=[user.cadre], filed_by=user, outcome=outcome, started_at=ago(days)
            )
    tell_stories(campaign, user, doors)
    return user


def tell_stories(campaign, user, doors):
    unit, met = factories.department(), Visit.objects.get(outcome="met")
    given = {"lead_department": unit, "assigned_at": ago(8), "due_at": ago(-4)}

    def heard(words, n, **fields):
        return factories.opinion(
            campaign,
            entry=doors[n],
            visit=met if n == 6 else None,
            collector=user.cadre,
            heard_at=ago(9),
            words_verbatim=words,
            **fields,
        )

    lamp = factories.issue(campaign, state="in_progress", **given)
    IssueOpinion.objects.create(issue=lamp, opinion=heard("楼道口的路灯三个月不亮了，老人晚上不敢下楼。", 6))
    Issue.objects.filter(pk=lamp.pk).update(state="replied", replied_at=ago(1))
    IssueStep.objects.create(
        issue=lamp,
        at=ago(1),
        move="reply",
        to_state="replied",
        details={"reply": "路灯已换新，晚上 6 点自动亮。"},
    )
    water = factories.issue(campaign, state="in_progress", **given)
    IssueOpinion.objects.create(issue=water, opinion=heard("一下雨门口就积水。", 6))
    late = factories.issue(campaign, state="in_progress", **{**given, "due_at": ago(2)})
    IssueOpinion.objects.create(issue=late, opinion=heard("垃圾桶离得太远。", 3))
    rail = heard("希望楼梯装个扶手", 6, nature="suggestion")
    SuggestionAnswer.objects.create(opinion=rail, answer="adopted", reason="列入下月的小修计划。", at=ago(1))
    factories.handout(campaign, kind="letter")
    back = factories.visit(campaign, doors[6], filed_by=user, state="sent_back", started_at=ago(30))
    VisitStep.objects.create(visit=back, move="sent_back", reason="见面人数和手记对不上", by=user, at=ago(29))


PAGES = {
    "day": "/visits/",
    "day-due": "/visits/?show=due",
    "household": "/visits/entries/H-6/",
    "nobody-in": "/visits/nobody-in/?entry=H-1&entry=H-2&entry=H-3",
    "slips": "/visits/slips/?entry=H-1&entry=H-2&entry=H-3",
    "slips-blank": "/visits/slips/",
    "mine": "/visits/mine/",
}


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_pages_of_the_day_are_accessible_and_fit_the_width(open_window, sign_in, look, alice, width):
    window = sign_in(open_window(viewport={"width": width, "height": 640 if width < 1000 else 768}), alice)
    for name, address in PAGES.items():
        window.goto(address)
        look(window, f"day-{name}")


def test_everything_to_tap_is_large_enough(phone, sign_in, alice):
    window = sign_in(phone, alice)
    for address in PAGES.values():
        window.goto(address)
        small = window.evaluate(
            """() => [...document.querySelectorAll(
                "button, .button, nav a, .chip label, .entry-tick, .entry-words, summary, .row-link, .matter a")]
            .map(e => [e.innerText, e.getBoundingClientRect()])
            .filter(([, box]) => box.height && (box.height < 43.9 || box.width < 43.9))
            .map(([words, box]) => `${words} ${box.width}x${box.height}`)"""
        )
        assert small == [], address


def test_three_doors_in_one_go_without_javascript(phone_without_javascript, sign_in, alice):
    page = sign_in(phone_without_javascript, alice)
    page.goto("/visits/")
    for n in (1, 2, 3):
        page.get_by_label(f"勾选 王店镇花溪社区梅里人家小区12幢2单元{n}01室").check()
    page.get_by_role("button", name="勾选的都未遇").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这些门牌都没有人在家")
    page.get_by_label("2单元301室").uncheck()
    page.get_by_label("每户门上留了便民联系卡").check()
    page.get_by_role("button", name="登记，都未遇").dblclick()
    expect(page.get_by_text("已登记 2 户未遇。").or_(page.get_by_text("没有重复"))).to_be_visible()
    assert Visit.objects.filter(filed_by=alice, started_at__gt=ago(1), outcome="not_in").count() == 2
    assert Handout.objects.filter(kind="contact_card").count() == 2
    page.go_back()
    expect(page.get_by_text("刚才那一批已经登记了")).to_be_visible()


def test_door_that_was_lost_meanwhile_is_named_and_the_conflict_shows_both(
    client, phone, sign_in, alice, look
):
    page = sign_in(phone, alice)
    page.goto(PAGES["nobody-in"])
    identity = page.locator("input[name=client_id]").get_attribute("value")
    data = {"client_id": identity, "entry": ["H-1"], "started_at": "2026-01-01T10:00"}
    client.force_login(alice)
    client.post("/visits/nobody-in/", {**data, "cadres": [alice.cadre.staff_number]})
    page.get_by_role("button", name="登记，都未遇").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这一批先前登记过，内容却不一样")
    look(page, "day-nobody-in-conflict")
    page.get_by_role("button", name="是另一批：另外登记").click()
    expect(page.get_by_text("已登记 3 户未遇。")).to_be_visible()


def test_answer_is_brought_back_with_one_tap(phone_without_javascript, sign_in, alice):
    page = sign_in(phone_without_javascript, alice)
    page.goto("/visits/mine/")
    expect(page.get_by_text("路灯已换新，晚上 6 点自动亮。")).to_be_visible()
    page.get_by_role("button", name="已当面告知").first.click()
    expect(page.get_by_text("已记下：答复已当面告知。")).to_be_visible()
    assert ToldAnswer.objects.count() == 1
    page.goto("/visits/entries/H-6/")
    page.get_by_role("button", name="已当面告知").click()
    expect(page.get_by_text("有答复，请当面告知")).to_have_count(0)
    assert ToldAnswer.objects.count() == 2
