"""The park lamp of Wangdian, from the door to struck off, by everybody's own pages; each page is looked at.

An old man says at his door that the lamp in the park has been dark for a month. The office makes it an issue, the
department puts up a lamp on loan, mends the cable and answers; a colleague who has not worked on it asks him; only
then is it struck off. The resident reads on his receipt how it stands, all along.
"""

import pytest
from playwright.sync_api import expect

from canvass.roles import Role
from issues.models import Issue
from tests import factories, people
from tests.issues.moving import head
from tests.workbooks import TOWN
from visits.models import Opinion

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "公园里那盏灯黑了一个多月了，晚上跳广场舞都看不见路。"
REPLY = "电缆已换好，公园的灯 9 月 3 日晚上起亮了；临时灯留到月底再收。"


@pytest.fixture
def desks(open_window, sign_in):
    """{who: a window of the own, signed in}."""
    factories.campaign()
    factories.household(address="梅里公园旁3号", holder_name="沈阿公")
    department = factories.department("镇城建办")
    asker = people.person(Role.CAMPAIGN_OFFICE, TOWN, "申十三")
    return {
        "visitor": sign_in(open_window(**PHONE), people.alice()),
        "office": sign_in(open_window(), people.bob()),
        "clerk": sign_in(open_window(), people.clerk(department)),
        "head": sign_in(open_window(**PHONE), head(department)),
        "asker": sign_in(open_window(), asker),
        "leader": sign_in(open_window(**PHONE), people.leader()),
        "resident": open_window(**PHONE),
    }


def issue_page(window, issue):
    window.goto(f"/issues/{issue.pk}/")
    return window.locator("main")


def move(window, issue, label, look, name, **fields):
    """Press a button of the issue's page, fill in what it asks for, and look at both pages."""
    issue_page(window, issue).get_by_role("link", name=label, exact=True).click()
    for field, value in fields.items():
        control = window.get_by_label(field).first
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    look(window, f"{name}-form")
    window.locator("main form").last.get_by_role("button", name=label, exact=True).click()
    expect(window.locator(".messages")).to_contain_text(label)
    look(window, name)


def resident_reads(window, code, look, name, *texts):
    window.goto(f"/s/{code}/")
    for text in texts:
        expect(window.locator("main")).to_contain_text(text)
    # Neither the words nor a name.
    expect(window.locator("body")).not_to_contain_text("广场舞")
    expect(window.locator("body")).not_to_contain_text("沈阿公")
    look(window, name)


def test_park_lamp_from_the_door_to_struck_off(desks, look):
    code = heard_at_the_door(desks["visitor"], look)
    resident_reads(desks["resident"], code, look, "01-receipt-registered", "已登记")

    issue = sorted_by_the_office(desks["office"], look)
    move(
        desks["office"], issue, "交办", look, "03-assigned",
        主办单位="镇城建办", 说明="公园路灯归城建办管",
    )  # fmt: skip
    resident_reads(desks["resident"], code, look, "04-receipt-assigned", "镇城建办")

    move(desks["clerk"], issue, "签收", look, "05-signed")
    move(desks["clerk"], issue, "记进展", look, "06-interim", 说明="先装一盏太阳能临时灯，今晚就亮")
    move(
        desks["head"], issue, "答复", look, "07-answered",
        说明="更换电缆 40 米，路灯恢复", 办结方式="实质", 给群众的答复=REPLY, 佐证="验收单 2018-93",
    )  # fmt: skip
    resident_reads(desks["resident"], code, look, "08-receipt-answered", REPLY)

    asked_and_struck_off(desks, issue, look)
    resident_reads(desks["resident"], code, look, "11-receipt-struck-off", "已经办结", REPLY)
    the_leader_sees_it_counted(desks["leader"], look)


def heard_at_the_door(phone, look):
    """Filed on the phone; the code of the receipt for the resident."""
    phone.goto("/visits/")
    look(phone, "00-my-list")
    phone.get_by_role("link", name="填报 梅里公园旁3号").click()
    phone.get_by_label("见面", exact=True).check()
    phone.get_by_label("见面人数").fill("1")
    first = phone.get_by_role("group", name="第 1 条")
    first.get_by_label("原话").fill(WORDS)
    first.get_by_label("问题", exact=True).check()
    look(phone, "00-filing")
    phone.get_by_role("button", name="登记", exact=True).click()
    # The form's own page shows the words too while they are on their way.
    expect(phone.get_by_text("已登记。")).to_be_visible()
    expect(phone.locator("main")).to_contain_text(WORDS)
    look(phone, "00-filed")
    phone.get_by_role("link", name="给群众的回执").click()
    phone.get_by_role("button", name="生成回执").click()
    expect(phone.locator(".slip svg.qr")).to_be_visible()
    look(phone, "01-receipt-slip")
    return phone.locator(".slip-code").inner_text()


def sorted_by_the_office(window, look):
    window.goto("/issues/triage/")
    look(window, "02-triage")
    expect(window.locator("main")).to_contain_text(WORDS)
    window.get_by_role("link", name="分拣", exact=False).last.click()
    window.get_by_label("标题").fill("公园路灯不亮")
    window.get_by_label("类别").select_option("0402")
    look(window, "02-triage-words")
    window.get_by_role("button", name="受理").click()
    expect(window.get_by_text("已受理为问题：")).to_be_visible()
    return Issue.objects.get(title="公园路灯不亮")


def asked_and_struck_off(desks, issue, look):
    """Somebody who neither worked on it nor was at the door; the department itself is not even offered it."""
    move(desks["asker"], issue, "转回访", look, "09-to-follow-up")
    for window in (desks["clerk"], desks["head"], desks["visitor"]):
        expect(issue_page(window, issue).get_by_role("link", name="销号", exact=True)).to_have_count(0)
    move(
        desks["asker"], issue, "销号", look, "10-struck-off",
        办结方式="实质", 回访方式="电话", 回访结果="已解决", 满意度="满意", 说明="亮了亮了，跳舞又能跳了。",
    )  # fmt: skip
    issue.refresh_from_db()
    assert (issue.state, issue.outcome) == ("closed", "substantive")
    assert [row.is_on_time for row in issue.clocks.all()] == [True, True, True]
    # The words are as they were said.
    assert Opinion.objects.get().words_verbatim == WORDS


def the_leader_sees_it_counted(window, look):
    window.goto("/reports/")
    expect(window.locator("main")).to_contain_text("已销号")
    look(window, "12-dashboard")
