"""Filing a visit: /visits/new/."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.enums import CampaignState
from canvass.roles import Role
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, VILLAGE_A
from visits.models import Opinion, Visit, VisitCadre, VisitStep

from .forms import by, file_address, filled, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture
def entry(campaign):
    return factories.household(address="花溪路12号", holder_name="张三丰")


@pytest.fixture
def send(client, alice, entry):
    """send(**fields): Alice files a visit to the entry; opinions come first."""
    client.force_login(alice)

    def post(*opinions, **fields):
        return client.post(file_address(entry), filled(*opinions, **{"cadres": [by(alice)], **fields}))

    return post


def complaints(response):
    """{field: [sentences]} of a form that was refused."""
    assert response.status_code == 200
    assert not Visit.objects.exists()
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- What a filed form leaves -------------------------------------------------------------------------------


def test_filed_visit_keeps_what_the_form_said(send, alice, entry, campaign):
    response = send(ended_at="2018-09-10T19:50")
    visit = Visit.objects.get()
    assert response["Location"] == reverse("visits:visit_detail", args=[visit.pk])
    assert (visit.campaign, visit.entry, visit.grid_id, visit.filed_by) == (campaign, entry, GRID_A1, alice)
    assert (visit.outcome, visit.way, visit.people_met) == ("met", "door", 2)
    assert (visit.started_at, visit.ended_at) == (
        factories.at("2018-09-10 19:30"),
        factories.at("2018-09-10 19:50"),
    )
    assert (visit.note, visit.state, visit.origin) == ("老人说门口路灯不亮", "filed", "form")
    assert visit.number == f"20180910-{visit.client_id.hex[:8].upper()}"
    assert list(visit.steps.values_list("move", "by")) == [("filed", alice.pk)]


def test_filed_visit_keeps_its_cadres_as_of_that_day(send, alice):
    lawyer = factories.cadre("罗律师", department=factories.department("镇司法所"))
    factories.posting(lawyer, Role.VISITOR, VILLAGE_A)
    send(others=f"{lawyer.staff_number}；")
    rows = VisitCadre.objects.order_by("pk").values_list("name", "department_name", "role")
    assert list(rows) == [("艾一丽", "", "visitor"), ("罗律师", "镇司法所", "visitor")]


def test_cadre_without_any_posting_may_have_gone_along(send):
    guest = factories.cadre("顾客座")
    send(others=guest.staff_number)
    assert list(VisitCadre.objects.filter(cadre=guest).values_list("name", "role")) == [("顾客座", "")]


def test_opinions_keep_every_word(send, alice, entry, campaign):
    words = "一下雨门口就积水\r\n已经三年了"
    send(("problem", words), ("praise", "网格员很热心"))
    visit = Visit.objects.get()
    rows = Opinion.objects.order_by("pk")
    assert [(o.number, o.nature, o.words_verbatim) for o in rows] == [
        (f"{visit.number}-1", "problem", "一下雨门口就积水\n已经三年了"),
        (f"{visit.number}-2", "praise", "网格员很热心"),
    ]
    first = rows[0]
    assert (first.visit, first.entry, first.place_id, first.collector) == (visit, entry, GRID_A1, alice.cadre)
    assert (first.source, first.heard_at, first.campaign) == ("visit", visit.started_at, campaign)


def test_misconduct_report_is_restricted_at_once_and_not_shown_to_its_filer(send, client):
    response = send(("report", "村里有人收红包"), ("problem", "路灯不亮"))
    report = Opinion.objects.get(nature="report")
    assert list(report.marks.values_list("kind", flat=True)) == ["restricted"]
    page = client.get(response["Location"]).content.decode()
    assert "路灯不亮" in page
    assert "红包" not in page


def test_visit_lies_in_the_grid_that_the_entry_had_that_day(client, campaign):
    visitor = people.person(Role.VISITOR, VILLAGE_A)
    entry = factories.household()
    from grids.services import place_entry

    place_entry(
        entry, grid=factories.place(GRID_A2), state="active", from_on=factories.at("2018-09-01").date()
    )
    client.force_login(visitor)
    for day in ("2018-08-31", "2018-09-01"):
        client.post(file_address(entry), filled(cadres=[by(visitor)], started_at=f"{day}T10:00", note=day))
    assert dict(Visit.objects.values_list("note", "grid_id")) == {
        "2018-08-31": GRID_A1,
        "2018-09-01": GRID_A2,
    }


# --- Rules, each with its sentence --------------------------------------------------------------------------


def test_outcome_start_and_somebody_who_went_are_needed(send):
    assert complaints(send(outcome="", started_at="", cadres=[])) == {
        "outcome": ["请选择走访结果。"],
        "started_at": ["请填写开始时间。"],
        "cadres": ["请至少勾选一位走访人。"],
    }


@pytest.mark.parametrize("minutes", [2, 60 * 24])
def test_visit_cannot_start_in_the_future(send, minutes):
    start = timezone.localtime() + timedelta(minutes=minutes)
    assert complaints(send(started_at=f"{start:%Y-%m-%dT%H:%M}")) == {
        "started_at": ["开始时间不能晚于现在。"]
    }


def test_visit_cannot_start_before_the_first_day_of_the_campaign(send):
    assert complaints(send(started_at="2018-06-30T23:59")) == {
        "started_at": ["开始时间不能早于活动第一天（2018年7月1日）。"]
    }


def test_visit_may_start_with_the_first_minute_of_the_campaign(send):
    assert send(started_at="2018-07-01T00:00").status_code == 302


def test_visit_cannot_end_before_it_starts(send):
    assert complaints(send(ended_at="2018-09-10T19:29")) == {"ended_at": ["结束时间不能早于开始时间。"]}


def test_moment_that_is_none_is_told_so(send):
    assert complaints(send(started_at="2018-13-40")) == {
        "started_at": ["请填写日期和时间，例如 2018-09-10 19:30。"]
    }


@pytest.mark.parametrize("outcome", ["not_in", "vacant", "refused", "moved", "demolished"])
def test_people_met_belong_to_visits_that_met_somebody(send, outcome):
    assert complaints(send(outcome=outcome)) == {
        "people_met": ["只有“见面”或“远程”才填见面人数；请留空，或改选结果。"]
    }


def test_note_has_at_most_500_characters(send):
    sent = send(note="访" * 501)
    assert complaints(sent) == {"note": ["手记最多 500 字，现在是 501 字，请删减。"]}
    assert send(note="访" * 499 + "\r\n").status_code == 302


def test_unknown_staff_number_is_named(send):
    assert complaints(send(others="没有这人; 也没有")) == {
        "others": ["没有工号为 没有这人；也没有 的人员，请核对工号。"]
    }


def test_opinion_with_words_needs_a_nature_and_loses_nothing(send):
    response = send(("", "路灯不亮"), note="很要紧")
    page = response.content.decode()
    assert not Visit.objects.exists()
    assert "请选择这条诉求的性质。" in page
    assert "路灯不亮" in page
    assert "很要紧" in page


def test_nature_without_words_is_no_opinion(send):
    assert send(("problem", " ")).status_code == 302
    assert not Opinion.objects.exists()


def test_form_without_identity_is_asked_for_again_with_one(send):
    response = send(client_id="")
    assert complaints(response) == {"client_id": ["表单不完整：请再按一次“登记”。"]}
    assert 'name="client_id" value="' in response.content.decode()


def test_form_without_its_rows_of_opinions_is_refused(client, send, alice, entry):
    data = filled(cadres=[by(alice)])
    del data["opinions-TOTAL_FORMS"]
    response = client.post(file_address(entry), data)
    assert "表单不完整，诉求没有送到。请重新打开填报页。" in response.content.decode()
    assert not Visit.objects.exists()


def test_one_more_opinion_keeps_all_that_was_typed_and_complains_about_nothing(send):
    response = send(("", "还没选性质"), more="1", outcome="", note="写到一半")
    page = response.content.decode()
    assert not Visit.objects.exists()
    assert "还没选性质" in page
    assert "写到一半" in page
    assert 'name="opinions-2-words"' in page
    assert "field-error" not in page
    assert "aria-invalid" not in page


def test_absurd_count_of_opinions_is_one_row_when_one_more_is_asked(client, alice, entry):
    client.force_login(alice)
    page = client.post(file_address(entry), filled(more="1") | {"opinions-TOTAL_FORMS": "9" * 5000})
    assert (page.status_code, 'name="opinions-0-words"' in page.text) == (200, True)


def test_empty_form_has_its_identity_in_its_address(client, alice, entry):
    client.force_login(alice)
    first = client.get(file_address(entry))["Location"]
    assert first != client.get(file_address(entry))["Location"]
    form = client.get(first).context["form"]
    assert f"id={form['client_id'].value()}" in first


def test_going_back_to_a_filed_form_shows_its_visit(client, alice, entry):
    client.force_login(alice)
    empty = client.get(file_address(entry))["Location"]
    identity = client.get(empty).context["form"]["client_id"].value()
    filed = client.post(empty, filled(cadres=[by(alice)], client_id=identity))["Location"]
    assert client.get(empty)["Location"] == filed
    client.force_login(people.alice())
    assert client.get(empty).status_code == 200


# --- Urgent: outside the flow ------------------------------------------------------------------------------


def test_form_says_whom_to_call_at_once(client, alice, entry, campaign):
    campaign.duty_name, campaign.duty_phone = "值班室", "0573-80000110"
    campaign.save()
    client.force_login(alice)
    page = client.get(file_address(entry), follow=True).content.decode()
    urgent = page[page.index('class="urgent"') : page.index("</details>")]
    assert [number in urgent for number in ("tel:110", "tel:120", "tel:0573-80000110")] == [True] * 3
    assert "马上打电话，不要先写进表里" in urgent
    assert "值班室" in urgent
    assert page.index("</details>") < page.index('id="filing"')


def test_without_a_duty_contact_the_form_still_says_whom_to_call(client, alice, entry):
    client.force_login(alice)
    page = client.get(file_address(entry), follow=True).content.decode()
    assert "tel:110" in page
    assert "tel:120" in page
    assert page.count("tel:") == 2
    assert "活动还没有填值班电话" in page


# --- Which household, which campaign ------------------------------------------------------------------------


def test_without_a_household_one_picks_from_my_list(client, alice, entry):
    factories.household(GRID_B1, address="庆丰路7号")
    client.force_login(alice)
    page = client.get(reverse("visits:visit_file")).content.decode()
    assert "花溪路12号" in page
    assert "庆丰路" not in page
    assert "张*" in page
    assert "张三丰" not in page


def test_form_offers_me_team_mates_and_cadres_of_the_same_grid(client, alice, entry, campaign):
    mate, neighbour = factories.cadre("毛队友"), factories.cadre("林同格")
    factories.cadre("旁人")
    factories.team(campaign, alice.cadre, mate)
    factories.posting(neighbour, Role.GRID_LEADER, GRID_A1)
    client.force_login(alice)
    form = client.get(file_address(entry), follow=True).context["form"]
    assert [name.split()[0] for _, name in form.candidates] == ["艾一丽", "毛队友", "林同格"]
    assert form.initial["cadres"] == [by(alice)]


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.CLOSED, CampaignState.ARCHIVED])
def test_only_a_running_campaign_takes_visits(send, client, campaign, entry, state):
    campaign.state = state
    campaign.save()
    assert client.get(file_address(entry)).status_code == 404
    assert send().status_code == 404
    assert not Visit.objects.exists()


def test_newest_running_campaign_that_holds_the_household_takes_the_visit(send):
    newer = factories.campaign("wangdian-later", first_on=factories.at("2018-08-01").date())
    factories.campaign("elsewhere", area="330411999", first_on=factories.at("2018-08-02").date())
    send()
    assert Visit.objects.get().campaign == newer


def test_address_may_name_the_campaign(client, alice, entry, campaign):
    factories.campaign("wangdian-later", first_on=factories.at("2018-08-01").date())
    client.force_login(alice)
    client.post(file_address(entry, campaign=campaign.code), filled(cadres=[by(alice)]))
    assert Visit.objects.get().campaign == campaign


def test_number_of_a_household_may_hold_any_character(client, alice, campaign):
    entry = factories.household(number="花溪/1 号&甲?")
    client.force_login(alice)
    assert client.get(reverse("visits:entry_detail", args=[entry.number])).status_code == 200
    assert client.post(file_address(entry), filled(cadres=[by(alice)])).status_code == 302


# --- Strangers ----------------------------------------------------------------------------------------------


def test_stranger_cannot_file_for_a_household_elsewhere(client, entry):
    stranger = people.charlie()
    client.force_login(stranger)
    assert client.get(file_address(entry)).status_code == 404
    assert client.post(file_address(entry), filled(cadres=[by(stranger)])).status_code == 404
    page = client.get(reverse("visits:visit_file", query={"q": "花溪路"})).content.decode()
    assert "花溪路12号" not in page
    assert not Visit.objects.exists()


@pytest.mark.parametrize("who", [people.leader, people.inspector, people.clerk, people.discipline])
def test_roles_that_do_not_visit_cannot_file(client, entry, who):
    user = who()
    client.force_login(user)
    assert client.get(file_address(entry)).status_code == 403
    assert client.post(file_address(entry), filled(cadres=[by(user)])).status_code == 403


def test_anonymous_is_asked_to_sign_in(client, entry):
    response = client.post(file_address(entry), filled())
    assert response["Location"].startswith("/login/?next=/visits/new/")
    assert not Visit.objects.exists()


# --- The same form again ------------------------------------------------------------------------------------


def test_same_form_sent_twice_is_one_visit(client, alice, entry):
    client.force_login(alice)
    data = filled(("problem", "积水"), cadres=[by(alice)])
    first, second = (client.post(file_address(entry), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (Visit.objects.count(), Opinion.objects.count(), VisitStep.objects.count()) == (1, 1, 1)


def test_same_form_after_a_correction_is_still_the_same_visit(client, alice, entry):
    client.force_login(alice)
    data = filled(cadres=[by(alice)])
    address = client.post(file_address(entry), data)["Location"]
    Visit.objects.update(note="更正过的手记")
    assert client.post(file_address(entry), data)["Location"] == address


def test_other_content_under_the_same_identity_is_refused_and_shows_both(client, alice, entry):
    client.force_login(alice)
    data = filled(("problem", "积水"), ("report", "收红包"), cadres=[by(alice)], note="第一份")
    client.post(file_address(entry), data)
    response = client.post(file_address(entry), data | {"note": "第二份", "opinions-0-words": "停电"})
    page = response.content.decode()
    assert response.status_code == 409
    assert [(r.label, r.stored, r.sent) for r in response.context["rows"] if r.differs] == [
        ("手记", "第一份", "第二份"),
        ("诉求原话", "【问题】积水", "【问题】停电\n【举报】收红包"),
    ]
    assert reverse("visits:visit_correct", args=[Visit.objects.get().pk]) in page
    assert Opinion.objects.count() == 2


def test_refused_form_may_be_filed_as_another_visit(client, alice, entry):
    client.force_login(alice)
    data = filled(cadres=[by(alice)], note="第一份")
    client.post(file_address(entry), data)
    context = client.post(file_address(entry), data | {"note": "第二份"}).context
    again = dict(context["sent"]) | {"client_id": str(context["new_id"])}
    assert client.post(file_address(entry), again).status_code == 302
    assert set(Visit.objects.values_list("note", flat=True)) == {"第一份", "第二份"}


def test_identity_of_somebody_elses_form_tells_nothing_about_it(client, alice, entry):
    data = filled(cadres=[by(alice)], note="艾一丽的手记")
    client.force_login(alice)
    client.post(file_address(entry), data)
    stranger, other = people.charlie(), factories.household(GRID_B1)
    client.force_login(stranger)
    response = client.post(file_address(other), data | {"cadres": [by(stranger)], "note": "我的"})
    assert response.status_code == 409
    assert "艾一丽的手记" not in response.content.decode()


def test_number_is_longer_where_the_short_one_is_taken(client, alice, entry, campaign):
    identity = uuid4()
    factories.visit(campaign, entry, number=f"20180910-{identity.hex[:8].upper()}")
    client.force_login(alice)
    client.post(file_address(entry), filled(cadres=[by(alice)], client_id=str(identity)))
    assert Visit.objects.get(client_id=identity).number == f"20180910-{identity.hex.upper()}"


@pytest.mark.django_db(transaction=True)
def test_two_copies_at_the_same_moment_make_one_visit(alice, entry):
    data = filled(("problem", "积水"), cadres=[by(alice)])
    start, answers = Barrier(4), []

    def post():
        browser = Client()
        browser.force_login(alice)
        start.wait()
        try:
            answers.append(browser.post(file_address(entry), data))
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert (Visit.objects.count(), Opinion.objects.count(), VisitCadre.objects.count()) == (1, 1, 1)


# --- Cost ---------------------------------------------------------------------------------------------------


def test_complete_filing_costs_eight_statements(client, alice, entry):
    """Session, person with postings, household with campaign, cadres; then visit, cadres, step, opinions."""
    mate = factories.cadre("毛队友", department=factories.department())
    factories.posting(mate, Role.VISITOR, GRID_A1)
    client.force_login(alice)
    data = filled(("problem", "积水"), cadres=[by(alice), mate.staff_number])
    response, sent = statements(lambda: client.post(file_address(entry), data))
    assert response.status_code == 302
    assert len(sent) == 8, "\n".join(sent)
