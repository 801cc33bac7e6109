"""View as …: the campaign office looks at the pages of a cadre, only to read: /viewing/<pk>/."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from canvass.roles import Role
from grids.models import AuditRow, Posting, ViewingStep
from tests import factories, people
from tests.workbooks import GRID_A1, GRID_B1, TOWN
from visits.models import Visit

pytestmark = pytest.mark.django_db
OTHER_TOWN = "330411106"


def address(person):
    return f"/viewing/{person.cadre.pk}/"


def begin(client, looker, person, reason="本人来电"):
    client.force_login(looker)
    return client.post(address(person), {"reason": reason})


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def alice(campaign):
    factories.household(GRID_A1, address="花溪路1号")
    factories.household(GRID_B1, address="梅里路2号")
    return people.alice()


def test_office_sees_the_site_as_the_cadre_does_under_a_banner(client, alice):
    bob = people.bob()

    assert begin(client, bob, alice).status_code == 302
    page = client.get("/visits/")

    assert "花溪路1号" in page.text
    assert "梅里路2号" not in page.text
    assert "鲍二柏正在代看“艾一丽”的页面" in page.text
    assert "停止代看" in page.text
    assert page["Cache-Control"] == "no-store"


def test_nothing_for_the_phone_is_given_to_the_browser(client, alice):
    begin(client, people.bob(), alice)

    page = client.get("/visits/").text

    assert "phone-key" not in page
    assert "outbox-badge" not in page
    assert "sw.js" not in page
    for closed in ("/visits/phone-key/", "/visits/outbox/"):
        assert client.get(closed).status_code == 403


@pytest.mark.parametrize(
    "closed",
    [
        "/password/",
        "/sign-ins/",
        "/viewing/",
        "/feedback/",
        "/reports/workbook/export/",
        "/reports/workbook/template/",
        "/reports/breakdown.csv",
        "/reports/breakdown.xlsx",
        "/issues/ledger/export/",
        "/issues/contacts/1/",
        "/issues/receipts/1/",
        "/visits/paper/",
        "/admin/grids/cadre/1/change/",
    ],
)
def test_pages_that_show_give_or_change_too_much_are_refused(client, alice, closed):
    begin(client, people.bob(), alice)

    page = client.get(closed)

    assert page.status_code == 403
    assert "代看时不能打开这一页。" in page.text


def test_whatever_would_write_is_refused_with_a_sentence(client, campaign, alice):
    entry = factories.household(GRID_A1)
    begin(client, people.bob(), alice)

    for place in (
        f"/visits/new/?entry={entry.number}",
        "/visits/nobody-in/",
        "/language/",
        "/elder/",
        "/feedback/",
    ):
        page = client.post(place, {"outcome": "met", "language": "en", "wanted": "x", "happened": "x"})
        assert page.status_code == 403
        assert "代看时只能看" in page.text
    assert client.put("/visits/").status_code == 403
    assert not Visit.objects.exists()


def test_it_is_on_record_as_whom_why_and_until_when(client, alice):
    bob = people.bob()
    begin(client, bob, alice, reason="找不到待补访的户")

    step = ViewingStep.objects.get()

    assert (step.kind, step.by, step.cadre) == ("begun", bob, alice.cadre)
    assert step.reason == "找不到待补访的户"
    assert step.until - step.at == timedelta(minutes=15)


def test_without_a_reason_nothing_begins(client, alice):
    assert begin(client, people.bob(), alice, reason=" ").status_code == 400
    assert not ViewingStep.objects.exists()
    assert "正在代看" not in client.get("/visits/").text


def test_it_ends_after_a_quarter_of_an_hour(client, alice, monkeypatch):
    begin(client, people.bob(), alice)
    late = timezone.now() + timedelta(minutes=15)
    monkeypatch.setattr(timezone, "now", lambda: late)

    page = client.get("/visits/", follow=True)

    assert "代看已经结束" in page.text
    assert "正在代看" not in page.text
    assert list(ViewingStep.objects.order_by("pk").values_list("kind", flat=True)) == ["begun", "ended"]


@pytest.mark.parametrize("whose", ["the looker's", "the person's"])
def test_it_ends_at_once_with_a_duty_on_either_side(client, alice, whose):
    bob = people.bob()
    begin(client, bob, alice)
    assert "正在代看" in client.get("/visits/").text
    ended = (bob if whose == "the looker's" else alice).cadre
    Posting.objects.filter(cadre=ended).update(to_on=timezone.localdate() - timedelta(days=1))

    page = client.get("/visits/", follow=True)

    assert "正在代看" not in page.text
    assert "花溪路1号" not in page.text or whose == "the person's"
    assert ViewingStep.objects.filter(kind="ended").count() == 1


def test_signing_out_ends_it(client, alice):
    begin(client, people.bob(), alice)

    client.post("/logout/")

    assert ViewingStep.objects.filter(kind="ended").count() == 1
    assert client.get("/visits/").status_code == 302


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.DISCIPLINE, TOWN),
        (Role.SYSTEM_ADMIN, TOWN),
        (Role.SECURITY_ADMIN, TOWN),
        (Role.AUDITOR, TOWN),
        (Role.LEADING_GROUP, TOWN),
        (Role.INSPECTOR, TOWN),
        (Role.CAMPAIGN_OFFICE, TOWN),
        (Role.VISITOR, "3304111052019999"),
    ],
)
def test_higher_duties_are_never_looked_at_nor_those_of_another_place(client, role, code):
    if role == Role.VISITOR:
        person = people.alice(f"{OTHER_TOWN}2010001")
    else:
        person = people.person(role, code)
    bob = people.bob()
    client.force_login(bob)

    page = client.post(address(person), {"reason": "看看"})

    assert page.status_code in (404, 409)
    assert not ViewingStep.objects.exists()


def test_whoever_once_had_a_higher_duty_is_not_looked_at(client, alice):
    factories.posting(alice.cadre, Role.DISCIPLINE, TOWN, to_on=factories.at("2018-08-01").date())

    assert begin(client, people.bob(), alice).status_code == 409


def test_department_that_works_for_other_towns_is_not_looked_at(client):
    county = people.clerk(factories.department("区水利局", level="county"))
    town = people.clerk(factories.department("镇水利站", level="town"))
    bob = people.bob()

    assert begin(client, bob, county).status_code == 409
    assert (
        begin(client, bob, town).status_code == 409 or ViewingStep.objects.filter(cadre=town.cadre).exists()
    )
    assert not ViewingStep.objects.filter(cadre=county.cadre).exists()


@pytest.mark.parametrize(
    "make_looker",
    [
        people.charlie,
        people.village_office,
        people.clerk,
        people.leader,
        people.inspector,
        people.discipline,
        people.system_admin,
        people.nobody,
    ],
)
def test_nobody_but_the_office_looks(client, alice, make_looker):
    assert begin(client, make_looker(), alice).status_code == 403
    assert not ViewingStep.objects.exists()


def test_a_superuser_without_a_posting_looks_at_nobody(client, alice):
    assert begin(client, factories.user(is_superuser=True), alice).status_code == 403


def test_office_does_not_look_at_itself(client):
    bob = people.bob()
    assert begin(client, bob, bob).status_code == 409


def test_button_stands_at_the_desk_for_those_who_may_be_looked_at(client, alice):
    client.force_login(people.bob())
    admin = f"/admin/grids/cadre/{alice.cadre.pk}/change/"
    assert f'href="{address(alice)}"' in client.get(admin).text

    client.force_login(people.system_admin())
    assert f'href="{address(alice)}"' not in client.get(admin).text


def test_steps_say_why_and_never_change(alice):
    bob, now = people.bob(), timezone.now()
    good = {"kind": "begun", "cadre": alice.cadre, "by": bob, "at": now, "reason": "来电"}
    for wrong in (
        {"until": None},
        {"reason": "", "until": now + timedelta(minutes=1)},
        {"until": now - timedelta(minutes=1)},
        {"kind": "ended", "until": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ViewingStep.objects.create(**good | wrong)
    step = ViewingStep.objects.create(**good, until=now + timedelta(minutes=15))
    for change in (lambda: ViewingStep.objects.update(reason="x"), step.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_village_office_is_looked_at_at_the_desk_with_lists_and_without_forms(client, campaign):
    village = people.village_office()
    begin(client, people.bob(), village)

    page = client.get("/admin/")
    assert "正在代看“村四安”的页面" in page.text
    assert client.get("/admin/visits/visit/").status_code == 200
    assert client.get(f"/admin/grids/cadre/{village.cadre.pk}/change/").status_code == 403
    assert client.post("/admin/grids/cadre/", {"action": "hand_out_selected"}).status_code == 403


def test_log_of_access_names_who_looked_and_not_who_was_looked_at(client, campaign, alice):
    visit = factories.visit(campaign, factories.household(GRID_A1), by=[alice.cadre])
    bob = people.bob()
    begin(client, bob, alice)
    client.get(f"/visits/{visit.pk}/")

    assert [row.user for row in AuditRow.objects.of_record(Visit, visit.pk)] == [bob]
    assert not AuditRow.objects.filter(user=alice).exists()
