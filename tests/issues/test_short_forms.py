"""What gatherings, materials, stay logs and deeds have in common when they are filed from the phone."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns.enums import CampaignState
from canvass.figures import Scope
from canvass.roles import Role
from reports.catalogue import CATALOGUE
from tests import factories, people
from tests.visits.forms import statements
from tests.visits.short_forms import ALL, complaints
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, TOWN, VILLAGE_A
from visits.models import Gathering

pytestmark = pytest.mark.django_db

# Rows that one filling of each form makes.
ROWS = {"gathering": 1, "handout": 2, "stay_log": 1, "deed": 1}


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    return people.alice()


@pytest.fixture(params=list(ALL))
def kind(request):
    return request.param


@pytest.fixture
def form(kind):
    return ALL[kind]


@pytest.fixture
def send(client, alice, form):
    """send(**fields): Alice files the form from its page."""
    client.force_login(alice)
    return lambda **fields: client.post(form.address(), form.filled(**fields))


def hand_in(client, user, form, data, **headers):
    """As the queue of a phone does it."""
    headers = {"accept": "application/json", "x-person": str(user.pk), **headers}
    return client.post(form.address(), data, headers=headers)


# --- The page -----------------------------------------------------------------------------------------------


def test_empty_form_proposes_my_grid_and_today_and_keeps_its_identity_in_the_address(client, alice, form):
    client.force_login(alice)
    response = client.get(form.address(), follow=True)
    empty, (address, _status) = response.context["form"], response.redirect_chain[-1]
    assert f"id={empty['client_id'].value()}" in address
    assert "campaign=wangdian-2018" in address
    assert empty["place"].value() == GRID_A1
    assert empty[form.days[-1]].value() == timezone.localdate()


def test_going_back_to_a_filed_form_shows_what_it_filed(client, alice, form):
    client.force_login(alice)
    data = form.filled()
    filed = client.post(form.address(), data)["Location"]
    assert client.get(form.address(id=data["client_id"]))["Location"] == filed
    client.force_login(people.alice())
    assert client.get(form.address(id=data["client_id"])).status_code == 200


def test_without_a_running_campaign_the_page_says_so_and_takes_nothing(client, campaign, send, form):
    campaign.state = CampaignState.CLOSED
    campaign.save()
    assert send().status_code == 404
    assert "现在没有进行中的活动" in client.get(form.address()).content.decode()
    assert client.get(form.address(campaign=campaign.code)).status_code == 404
    assert not form.model.objects.exists()


def test_worker_of_a_village_chooses_among_it_and_its_grids(client, campaign, form):
    factories.place(GRID_A1), factories.place(GRID_A2), factories.place(GRID_B1)
    client.force_login(people.person(Role.VISITOR, VILLAGE_A))
    empty = client.get(form.address(), follow=True).context["form"]
    assert [code for code, _label in empty.fields["place"].choices] == [VILLAGE_A, GRID_A1, GRID_A2]
    assert empty["place"].value() == VILLAGE_A
    assert empty.has_few_places


def test_many_places_are_a_list(client, campaign, form):
    for n in range(1, 9):
        factories.place(f"{VILLAGE_A}000{n}")
    client.force_login(people.person(Role.VISITOR, VILLAGE_A))
    response = client.get(form.address(), follow=True)
    assert not response.context["form"].has_few_places
    assert '<select name="place"' in response.content.decode()


# --- Refused ------------------------------------------------------------------------------------------------


def test_place_that_is_not_mine_is_refused(send, form):
    factories.place(GRID_B1)
    for place in (GRID_B1, VILLAGE_A, TOWN, "nowhere"):
        assert complaints(send(place=place)) == {"place": ["这个地方现在不在您的责任范围内，请另选一个。"]}
    assert complaints(send(place="")) == {"place": ["请选择地方。"]}
    assert not form.model.objects.exists()


def test_day_is_neither_in_the_future_nor_before_the_campaign(send, form):
    tomorrow = timezone.localdate() + timedelta(days=1)
    last = form.days[-1]
    assert complaints(send(**{last: str(tomorrow)}))[last] == ["日期不能晚于今天。"]
    too_early = complaints(send(**dict.fromkeys(form.days, "2018-06-30")))
    assert too_early == {name: ["日期不能早于活动第一天（2018年7月1日）。"] for name in form.days}
    assert complaints(send(**{last: "2018-13-40"})) == {last: ["请填写日期，例如 2018-09-10。"]}
    assert complaints(send(**{last: ""})) == {last: ["请填写日期，例如 2018-09-10。"]}
    assert not form.model.objects.exists()


def test_first_day_of_the_campaign_and_today_are_both_good(send, form, kind):
    for day in ("2018-07-01", str(timezone.localdate())):
        assert send(**dict.fromkeys(form.days, day)).status_code == 302
    assert form.model.objects.count() == 2 * ROWS[kind]


def test_refused_form_keeps_every_word_and_gets_an_identity(send, form):
    response = send(client_id="", place="")
    page = response.content.decode()
    assert complaints(response)["client_id"] == ["表单不完整：请再按一次“登记”。"]
    assert response.context["form"]["client_id"].value()
    for text in form.said.values():
        assert text.split("\n")[0] in page


@pytest.mark.parametrize(
    "who",
    [
        people.bob,
        people.village_office,
        people.leader,
        people.inspector,
        people.clerk,
        people.discipline,
        people.nobody,
    ],
)
def test_only_who_goes_from_door_to_door_files(client, campaign, form, who):
    client.force_login(who())
    assert client.get(form.address()).status_code == 403
    assert client.post(form.address(), form.filled()).status_code == 403
    assert not form.model.objects.exists()


def test_grid_leader_files_too(client, campaign, form):
    client.force_login(people.person(Role.GRID_LEADER, GRID_A1))
    assert client.post(form.address(), form.filled()).status_code == 302


def test_posting_that_ended_yesterday_files_nothing(client, campaign, form):
    yesterday = timezone.localdate() - timedelta(days=1)
    client.force_login(people.person(Role.VISITOR, GRID_A1, to_on=yesterday))
    assert client.post(form.address(), form.filled()).status_code == 403


def test_permission_opens_no_door_of_the_office_desk(client, campaign, form):
    """Somebody who both visits and reads at the desk adds and changes nothing there."""
    both = people.person(Role.VISITOR, GRID_A1)
    factories.posting(both.cadre, Role.INSPECTOR, TOWN)
    client.force_login(both)
    client.post(form.address(), form.filled())
    row, name = form.model.objects.first(), f"{form.model._meta.app_label}/{form.model._meta.model_name}"
    assert client.get(f"/admin/{name}/").status_code == 200
    assert client.get(f"/admin/{name}/add/").status_code == 403
    assert client.post(f"/admin/{name}/{row.pk}/change/", {"number": "X"}).status_code == 403
    client.force_login(people.alice())
    assert client.get(f"/admin/{name}/", follow=True).status_code == 403


# --- The same form again ------------------------------------------------------------------------------------


def test_number_is_short_and_tells_kind_and_day(send, form):
    identity = uuid4()
    send(client_id=str(identity))
    record = form.model.objects.get(client_id=identity)
    assert record.number == f"{form.model.prefix}20180910-{identity.hex[:8].upper()}"


def test_number_is_longer_where_the_short_one_is_taken(send, form, campaign):
    first, second = uuid4(), uuid4()
    second = type(second)(first.hex[:8] + second.hex[8:])
    send(client_id=str(first))
    assert send(client_id=str(second)).status_code == 302
    taken = form.model.objects.get(client_id=second)
    assert taken.number == f"{form.model.prefix}20180910-{second.hex.upper()}"


def test_same_form_twice_is_one_record(send, form, kind):
    identity = str(uuid4())
    first, second = send(client_id=identity), send(client_id=identity)
    assert first["Location"] == second["Location"]
    assert form.model.objects.count() == ROWS[kind]


def test_other_content_under_the_same_identity_shows_both_and_may_be_filed_anew(client, send, form, kind):
    identity = str(uuid4())
    filed = send(client_id=identity)["Location"]
    response = send(client_id=identity, **form.other)
    assert response.status_code == 409
    assert [(r.stored != "", r.sent != "") for r in response.context["rows"] if r.differs] == [(True, True)]
    assert filed in response.content.decode()
    assert form.model.objects.count() == ROWS[kind]
    again = dict(response.context["sent"]) | {"client_id": str(response.context["new_id"])}
    assert client.post(form.address(), again).status_code == 302
    assert form.model.objects.count() == 2 * ROWS[kind]


def test_identity_of_another_person_is_refused_and_tells_nothing(client, send, form, kind):
    identity = str(uuid4())
    send(client_id=identity)
    stranger = people.charlie()
    client.force_login(stranger)
    response = client.post(form.address(), form.filled(client_id=identity, place=GRID_B1, **form.other))
    assert response.status_code == 409
    assert response.context["stored"] is None
    page = response.content.decode()
    (name, mine), *_more = form.other.items()
    assert mine in page
    assert "花溪社区" not in page
    if name in ("topic", "text", "content"):
        assert form.said[name].split("\n")[0] not in page
    assert form.model.objects.count() == ROWS[kind]


@pytest.mark.django_db(transaction=True)
def test_four_copies_at_the_same_moment_are_one_record(alice, form, kind):
    data, start, answers = form.filled(), Barrier(4), []

    def post():
        browser = Client()
        browser.force_login(alice)
        start.wait()
        try:
            answers.append(hand_in(browser, alice, form, data))
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    assert form.model.objects.count() == ROWS[kind]


# --- What the queue of a phone is told ----------------------------------------------------------------------


def test_queue_is_told_identity_number_and_address(client, alice, form):
    client.force_login(alice)
    data = form.filled()
    first, second = (hand_in(client, alice, form, data) for _ in range(2))
    record = form.model.objects.get(client_id=data["client_id"])
    assert (first.status_code, second.status_code) == (201, 200)
    told = {"id": data["client_id"], "number": record.number, "url": record.get_absolute_url()}
    assert first.json() == second.json() == {"filed": told}


def test_queue_is_told_complaints_by_field(client, alice, form):
    client.force_login(alice)
    answer = hand_in(client, alice, form, form.filled(place=""))
    assert (answer.status_code, answer.json()) == (422, {"errors": {"place": ["请选择地方。"]}})


def test_queue_is_told_both_versions(client, alice, form):
    client.force_login(alice)
    data = form.filled()
    filed = hand_in(client, alice, form, data).json()["filed"]["url"]
    answer = hand_in(client, alice, form, data | form.other)
    assert answer.status_code == 409
    assert answer.json()["stored"] == filed
    assert [row[3] for row in answer.json()["rows"]].count(True) == 1


@pytest.mark.parametrize("person", ["", "0"])
def test_form_of_another_person_is_not_filed_by_who_is_signed_in(client, alice, form, person):
    client.force_login(alice)
    answer = hand_in(client, alice, form, form.filled(), **{"x-person": person})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})
    assert not form.model.objects.exists()


def test_signed_out_phone_is_told_so(client, alice, form):
    assert hand_in(client, alice, form, form.filled()).status_code == 401


# --- In the figures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key", "more"),
    [("gathering", "gatherings", 1), ("handout", "materials_handed_out", 42), ("deed", "deeds", 1)],
)
def test_figure_goes_up_in_the_right_place_on_the_right_day(client, alice, campaign, name, key, more):
    figure = next(figure for figure in CATALOGUE if figure.key == key)

    def total(**scope):
        return figure.result(Scope(campaign, timezone.now(), **scope)).value or 0

    day = factories.at("2018-09-10").date()
    assert total() == 0
    client.force_login(alice)
    client.post(ALL[name].address(), ALL[name].filled())
    assert total() == more
    assert total(place=GRID_A1, first=day, last=day) == more
    assert total(place=GRID_B1) == total(first=day + timedelta(days=1)) == total(last=day - timedelta(1)) == 0
    row = ALL[name].model.objects.first()
    client.post(row.get_absolute_url(), {"reason": "填错了"})
    assert total() < more


# --- Cost ---------------------------------------------------------------------------------------------------


def test_filing_costs_the_same_with_many_places_and_records(client, campaign, form):
    client.force_login(people.person(Role.VISITOR, VILLAGE_A))
    for n in range(1, 3):
        factories.place(f"{VILLAGE_A}000{n}")
    _answer, few = statements(lambda: client.post(form.address(), form.filled()))
    for n in range(3, 9):
        factories.place(f"{VILLAGE_A}000{n}")
    answer, many = statements(lambda: client.post(form.address(), form.filled()))
    assert answer.status_code == 302
    assert len(few) == len(many), "\n".join(many)
    assert Gathering.objects.count() in (0, 2)
