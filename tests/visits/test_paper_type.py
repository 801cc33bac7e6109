"""Paper typed in: /visits/typing/."""

import re
from datetime import date, time, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from canvass.roles import Role
from issues.matters import matters_heard_first
from issues.models import IssueOpinion
from issues.permissions import is_handler_or_visitor
from tests import factories, people
from tests.counting import value
from tests.workbooks import GRID_B1
from visits import figures
from visits.models import Opinion, Visit, VisitCadre
from visits.typed import find_doors, read_day, read_hour

from .forms import by, statements

pytestmark = pytest.mark.django_db
PAGE = "/visits/typing/"
JSON = {"accept": "application/json"}


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def door(campaign):
    return factories.household(address="花溪路12号402室", number="H-12")


@pytest.fixture
def alice(campaign):
    """Went to the door, and wrote it on paper."""
    return people.alice()


@pytest.fixture
def clerk(client, campaign):
    user = people.village_office()
    client.force_login(user)
    return user


def row(*lines, **fields):
    """What stands on paper; lines are (digit of the nature, words)."""
    data = {
        "client_id": str(uuid4()),
        "door": "H-12",
        "day": "910",
        "hour": "1930",
        "outcome": "1",
        "people": "艾一丽",
        "people_met": "2",
        "note": "",
    }
    for n, (nature, words) in enumerate(lines, start=1):
        data |= {f"nature_{n}": nature, f"words_{n}": words}
    return data | fields


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# --- What is short for what ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("910", date(2018, 9, 10)),
        ("0910", date(2018, 9, 10)),
        ("9-10", date(2018, 9, 10)),
        ("９．１０", date(2018, 9, 10)),
        ("9月10日", date(2018, 9, 10)),
        (" 9月 3号 ", date(2018, 9, 3)),
        ("2018-09-10", date(2018, 9, 10)),
        ("20180910", date(2018, 9, 10)),
        ("2018/7/1", date(2018, 7, 1)),
        ("13月40日", None),
        ("2-30", None),
        ("昨天", None),
        ("", None),
        ("9", None),
    ],
)
def test_day_is_read_as_it_is_typed_in_the_campaigns_year(campaign, text, day):
    assert read_day(text, campaign) == day


def test_day_outside_the_campaign_is_the_last_one_before_today(campaign):
    """Somebody went once more after the last day, and the year is not on paper."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if not (7, 1) <= (yesterday.month, yesterday.day) <= (9, 30):
        assert read_day(f"{yesterday.month}-{yesterday.day}", campaign) == yesterday
    assert read_day(
        "2-29", factories.campaign("leap", first_on=date(2018, 10, 1), last_on=date(2018, 10, 2))
    ) in (
        date(2024, 2, 29),
        date(2028, 2, 29),
    )


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("930", time(9, 30)),
        ("9:30", time(9, 30)),
        ("19：30", time(19, 30)),
        ("１９３０", time(19, 30)),
        ("19点半", time(19, 30)),
        ("9点05分", time(9, 5)),
        ("19", time(19, 0)),
        ("0", time(0, 0)),
        ("2400", None),
        ("9:60", None),
        ("早上", None),
        ("", None),
    ],
)
def test_hour_is_read_as_it_is_typed(text, hour):
    assert read_hour(text) == hour


def test_door_is_found_by_number_address_words_and_scanned_code(campaign):
    for n in (1, 2, 12):
        factories.household(address=f"花溪路{n}号", number=f"H-{n}")
    shop = factories.household(address="花溪路2号", number="S-2", kind="shop")
    doors = type(shop).objects.all()

    def found(text):
        return [door.number for door in find_doors(doors, text)]

    assert found("h-1") == ["H-1"]
    assert found("花溪路1号") == ["H-1"]
    assert found("花溪路2号") == ["H-2", "S-2"]
    assert found("花溪 2号") == ["H-12", "H-2", "S-2"]
    assert found("https://anywhere/visits/new/?entry=H-1&campaign=x") == ["H-1"]
    assert found("https://anywhere/visits/new/?entry=H") == []
    assert found(" \0") == []


# --- Filing -------------------------------------------------------------------------------------------------


def test_row_files_a_visit_of_the_visitor_typed_by_the_clerk(client, clerk, alice, door, campaign):
    response = client.post(PAGE, row(("1", "门口积水"), ("建议", "多装路灯"), note="老人在家"), follow=True)
    assert "已登记：花溪路12号402室。" in response.content.decode()
    visit = Visit.objects.get()
    assert (visit.entry, visit.campaign, visit.filed_by, visit.origin) == (door, campaign, clerk, "paper")
    assert visit.started_at == factories.at("2018-09-10 19:30")
    assert (visit.outcome, visit.people_met, visit.note, visit.way) == ("met", 2, "老人在家", "")
    assert [went.cadre for went in visit.cadres.all()] == [alice.cadre]
    words = visit.opinions.order_by("pk").values_list("nature", "words_verbatim", "collector", "created_by")
    assert list(words) == [
        ("problem", "门口积水", alice.cadre.pk, clerk.pk),
        ("suggestion", "多装路灯", alice.cadre.pk, clerk.pk),
    ]
    assert "纸质补录" in client.get(f"/visits/{visit.pk}/").content.decode()


def test_day_and_people_stay_for_the_next_row_and_nothing_else(client, clerk, alice, door):
    response = client.post(PAGE, row(("1", "积水")), follow=True)
    form = response.context["form"]
    kept = {name: form[name].value() for name in form.fields if name != "client_id" and form[name].value()}
    assert kept == {"day": "910", "people": "艾一丽"}
    assert re.search(r'name="door"[^>]* autofocus', response.content.decode())


def test_first_who_is_named_heard_the_words_whatever_the_staff_number(client, clerk, alice, door):
    mate = factories.cadre("毛队友", staff_number="A0")
    client.post(PAGE, row(("1", "积水"), people=f"{by(alice)}；A0，{by(alice)}"))
    assert Opinion.objects.get().collector == alice.cadre
    assert set(VisitCadre.objects.values_list("cadre", flat=True)) == {alice.cadre.pk, mate.pk}


def test_visitor_types_own_sheets_for_own_doors(client, alice, door):
    client.force_login(alice)
    client.post(PAGE, row(("1", "积水"), people=by(alice)))
    assert (Visit.objects.get().filed_by, Opinion.objects.get().collector) == (alice, alice.cadre)


def test_visitor_posted_elsewhere_may_be_named_by_staff_number(client, clerk, door):
    helper = people.charlie()
    client.post(PAGE, row(people=by(helper)))
    assert Visit.objects.get().cadres.get().cadre == helper.cadre


def test_misconduct_report_on_paper_is_restricted_at_once(client, clerk, alice, door):
    client.post(PAGE, row(("6", "某某收了钱")))
    assert Opinion.objects.get().marks.get().kind == "restricted"
    assert not Opinion.objects.visible_to(clerk).exists()
    assert "收了钱" not in client.get(PAGE).content.decode()


def test_paper_is_back_to_the_first_day_of_the_campaign(client, clerk, alice, door):
    client.post(PAGE, row(day="2018-07-01", hour="0"))
    assert Visit.objects.get().started_at == factories.at("2018-07-01")
    response = client.post(PAGE, row(day="2018-06-30"))
    assert errors(response) == {"day": ["开始时间不能早于活动第一天（2018年7月1日）。"]}


def test_figures_count_what_was_typed(client, clerk, alice, door, campaign):
    client.post(PAGE, row(("1", "积水")))
    assert value(figures.households_visited, campaign) == 1
    assert value(figures.people_met, campaign) == 2
    assert value(figures.opinions, campaign) == 1
    assert value(figures.late_filed_share, campaign) == (100.0, 1, 1)


# --- What is wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"door": ""}, "door", "请填门牌、编号，或扫走访表上的二维码。"),
        ({"door": "没有的路9号"}, "door", "您的范围内没有这一户。请核对门牌或编号。"),
        ({"day": "13月40日"}, "day", "没有“13月40日”这一天。请写成 910、9月10日或 2018-09-10。"),
        ({"day": ""}, "day", "请填日期，例如 910 或 9月10日。"),
        ({"hour": "25:00"}, "hour", "没有“25:00”这个时间。请写成 930、9:30 或 19:30。"),
        (
            {"outcome": "8"},
            "outcome",
            "结果请填 1 到 7 的数字：1 见面 · 2 远程 · 3 未遇 · 4 空关 · 5 拒访 · 6 搬迁 · 7 拆除。",
        ),
        ({"people": "W-404"}, "people", "没有工号或姓名为 W-404 的人员，请核对。"),
        ({"people": " ；"}, "people", "请填走访人的工号或姓名，听到原话的人写在最前面。"),
        ({"outcome": "3"}, "people_met", "只有“见面”或“远程”才填见面人数；请留空，或改选结果。"),
        ({"people_met": "两个"}, "people_met", "请填整数，例如 2。"),
        ({"nature_2": "1"}, "words_2", "请写下居民的原话。"),
        (
            {"words_1": "积水"},
            "nature_1",
            "性质请填 1 到 7 的数字：1 问题 · 2 建议 · 3 咨询 · 4 求助 · 5 投诉 · 6 举报 · 7 表扬。",
        ),
    ],
)
def test_bad_row_says_what_to_do_beside_the_field_and_loses_nothing(
    client, clerk, alice, door, fields, name, sentence
):
    response = client.post(PAGE, row(note="老人在家", **fields))
    assert errors(response) == {name: [sentence]}
    assert response.context["form"]["note"].value() == "老人在家"
    assert re.search(rf'name="{name}"[^>]* autofocus', response.content.decode())
    assert not Visit.objects.exists()


def test_visit_in_the_future_is_refused(client, clerk, alice, door):
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = client.post(PAGE, row(day=str(tomorrow)))
    assert errors(response) == {"day": ["开始时间不能晚于现在。"]}


def test_two_of_one_name_are_asked_for_the_staff_number(client, clerk, alice, door):
    other = people.alice()
    response = client.post(PAGE, row())
    numbers = "、".join(sorted([by(alice), by(other)]))
    assert errors(response) == {"people": [f"叫“艾一丽”的有几位：{numbers}。请填工号。"]}


def test_name_of_somebody_elsewhere_is_not_known(client, clerk, door):
    factories.cadre("查三理")
    people.charlie()
    response = client.post(PAGE, row(people="查三理"))
    assert errors(response) == {"people": ["没有工号或姓名为 查三理 的人员，请核对。"]}


def test_two_doors_that_fit_are_asked_which(client, clerk, alice, door):
    factories.household(address="花溪路12号403室", number="H-13", holder_name="张三丰")
    data = row(door="花溪路12号")
    response = client.post(PAGE, data)
    assert errors(response) == {"door": ["有 2 户对得上，请选一户。"]}
    page = response.content.decode()
    assert re.findall(r'type="radio" name="entry" value="([^"]+)"', page) == ["H-12", "H-13"]
    assert "张*" in page
    assert "三丰" not in page
    client.post(PAGE, data | {"entry": "H-13"})
    assert Visit.objects.get().entry.number == "H-13"


def test_too_many_doors_ask_for_more(client, clerk, alice):
    for n in range(9):
        factories.household(address=f"花溪路{n}号")
    response = client.post(PAGE, row(door="花溪路"))
    assert errors(response) == {"door": ["对得上的太多，请把门牌写全一些，或填编号。"]}


def test_scanned_door_alone_is_answered_with_its_address_and_no_complaints(client, clerk, door):
    scan = "https://site/visits/new/?entry=H-12&campaign=wangdian-2018"
    response = client.post(PAGE, {"client_id": str(uuid4()), "door": scan, "day": "910"})
    form = response.context["form"]
    assert errors(response) == {}
    assert (form["door"].value(), form["entry"].value()) == ("花溪路12号402室", "H-12")
    assert re.search(r'name="hour"[^>]* autofocus', response.content.decode())


def test_code_of_another_campaign_is_refused(client, clerk, alice, door):
    response = client.post(PAGE, row(door="https://site/visits/new/?entry=H-12&campaign=old"))
    assert errors(response) == {"door": ["这张走访表是另一项活动的。请先在上面选那项活动。"]}


def test_row_without_an_identity_gets_one_and_is_not_filed(client, clerk, alice, door):
    response = client.post(PAGE, row(client_id="x"))
    assert not Visit.objects.exists()
    data = row(client_id=response.context["form"]["client_id"].value())
    client.post(PAGE, data)
    assert Visit.objects.count() == 1


# --- Twice --------------------------------------------------------------------------------------------------


def test_double_enter_is_one_visit(client, clerk, alice, door):
    data = row(("1", "积水"))
    client.post(PAGE, data)
    response = client.post(PAGE, data, follow=True)
    assert "这一行先前已经登记，没有重复" in response.content.decode()
    assert (Visit.objects.count(), Opinion.objects.count()) == (1, 1)


def test_other_content_under_the_identity_is_told_and_may_become_its_own_row(client, clerk, alice, door):
    data = row()
    client.post(PAGE, data)
    response = client.post(PAGE, data | {"outcome": "3", "people_met": ""})
    assert response.status_code == 409
    page = response.content.decode()
    assert "这一行先前已经登记过，内容不一样；这一次的还没有存下。" in page
    assert f'href="/visits/{Visit.objects.get().pk}/">打开已登记的' in page
    client.post(PAGE, data | {"outcome": "3", "people_met": "", "anew": "1"})
    assert sorted(Visit.objects.values_list("outcome", flat=True)) == ["met", "not_in"]


def test_other_persons_row_under_the_identity_is_not_shown(client, clerk, alice, door):
    data = row()
    client.post(PAGE, data)
    client.force_login(alice)
    response = client.post(PAGE, data)
    assert response.status_code == 409
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_copies_at_the_same_moment_make_one_visit(clerk, alice, door):
    data, start, answers = row(("1", "积水")), Barrier(3), []

    def post():
        browser = Client()
        browser.force_login(clerk)
        start.wait()
        try:
            answers.append(browser.post(PAGE, data, headers=JSON))
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert len({answer.json()["row"]["url"] for answer in answers}) == 1
    assert (Visit.objects.count(), Opinion.objects.count(), VisitCadre.objects.count()) == (1, 1, 1)


# --- For the script -----------------------------------------------------------------------------------------


def test_script_is_told_the_row_and_a_new_identity(client, clerk, alice, door):
    data = row(("1", "积水"))
    response = client.post(PAGE, data, headers=JSON)
    visit, told = Visit.objects.get(), response.json()
    assert response.status_code == 201
    assert told["row"] == {
        "address": "花溪路12号402室",
        "facts": "2018-09-10 19:30 · 见面 · 艾一丽",
        "url": f"/visits/{visit.pk}/",
        "void": f"/visits/{visit.pk}/void/",
    }
    assert told["next"] not in ("", data["client_id"])


def test_script_is_told_complaints_and_the_doors_to_choose_from(client, clerk, alice, door):
    factories.household(address="花溪路12号403室", number="H-13", holder_name="张三丰")
    data = row(door="花溪路12号", day="13月40日")
    response = client.post(PAGE, data, headers=JSON)
    told = response.json()
    assert response.status_code == 422
    assert set(told["errors"]) == {"door", "day"}
    assert told["doors"][1] == {"number": "H-13", "address": "花溪路12号403室", "holder": "张*"}
    assert told["client_id"] == data["client_id"]


def test_script_is_told_a_conflict_with_the_stored_row(client, clerk, alice, door):
    data = row()
    client.post(PAGE, data, headers=JSON)
    response = client.post(PAGE, data | {"note": "另外"}, headers=JSON)
    assert response.status_code == 409
    told = response.json()
    assert told["stored"] == f"/visits/{Visit.objects.get().pk}/"
    assert told["errors"] == {"": ["这一行先前已经登记过，内容不一样；这一次的还没有存下。"]}


# --- Who ----------------------------------------------------------------------------------------------------


def test_door_of_another_village_is_not_found(client, clerk, alice, campaign):
    factories.household(GRID_B1, address="庆丰路1号", number="B-1")
    for asked in ({"door": "B-1"}, {"door": "庆丰路1号"}, {"door": "x", "entry": "B-1"}):
        response = client.post(PAGE, row(**asked))
        assert errors(response) == {"door": ["您的范围内没有这一户。请核对门牌或编号。"]}


def test_posting_that_only_reads_opens_no_door_to_type(client, campaign):
    """Visits in one grid, inspects the town: the paper of the town is not this person's."""
    alice = people.alice()
    factories.posting(alice.cadre, Role.INSPECTOR, GRID_B1)
    factories.household(GRID_B1, number="B-1")
    client.force_login(alice)
    response = client.post(PAGE, row(door="B-1", people=by(alice)))
    assert errors(response) == {"door": ["您的范围内没有这一户。请核对门牌或编号。"]}


@pytest.mark.parametrize("who", [people.leader, people.inspector, people.clerk, people.discipline])
def test_who_does_not_type_paper_gets_no_page(client, campaign, who):
    client.force_login(who())
    assert client.get(PAGE).status_code == 403


def test_closed_campaign_takes_no_paper(client, clerk):
    factories.campaign("closed", state="closed")
    assert client.get(PAGE, {"campaign": "closed"}).status_code == 404


def test_without_a_running_campaign_the_page_says_so(client):
    client.force_login(people.village_office())
    assert "现在没有进行中的活动" in client.get(PAGE).content.decode()


def test_list_holds_what_i_typed_today_and_nobody_elses(client, clerk, alice, door, campaign):
    client.post(PAGE, row())
    client.force_login(people.bob())
    client.post(PAGE, row(note="活动办"))
    factories.visit(campaign, door, filed_by=clerk)  # not from paper
    client.force_login(clerk)
    [visit] = client.get(PAGE).context["typed"]
    assert (visit.filed_by, visit.origin) == (clerk, "paper")
    assert visit.may_be_voided


@pytest.mark.parametrize(("who", "address"), [(people.bob, "/admin/"), (people.village_office, "/admin/")])
def test_office_is_led_to_the_page(client, campaign, who, address):
    client.force_login(who())
    assert f'href="{PAGE}"' in client.get(address).content.decode()


def test_visitor_is_led_to_the_page_from_my_list(client, alice, door):
    client.force_login(alice)
    assert f'href="{PAGE}?campaign=wangdian-2018"' in client.get("/visits/").content.decode()


# --- Who heard it first -------------------------------------------------------------------------------------


def test_clerk_who_typed_is_neither_visitor_nor_first_to_hear_but_who_is_named_is(
    client, alice, door, campaign
):
    office = people.bob()
    client.force_login(office)
    client.post(PAGE, row(("1", "门口积水")))
    words = Opinion.objects.get()
    issue = factories.issue(campaign)
    IssueOpinion.objects.create(issue=issue, opinion=words)
    assert is_handler_or_visitor(alice, issue)
    assert not is_handler_or_visitor(office, issue)
    assert [matter.opinion for matter in matters_heard_first(alice)] == [words]
    assert matters_heard_first(office) == []


# --- Cost ---------------------------------------------------------------------------------------------------


def test_page_costs_the_same_for_one_row_and_for_three(client, clerk, alice, door):
    client.post(PAGE, row())
    _, one = statements(lambda: client.get(PAGE))
    client.post(PAGE, row())
    client.post(PAGE, row())
    _, three = statements(lambda: client.get(PAGE))
    assert len(one) == len(three) <= 8


def test_typing_a_row_costs_a_bounded_number_of_statements(client, clerk, alice, door):
    data = row(("1", "积水"), people=by(alice))
    response, sent = statements(lambda: client.post(PAGE, data, headers=JSON))
    assert response.status_code == 201
    assert len(sent) <= 11, "\n".join(sent)
