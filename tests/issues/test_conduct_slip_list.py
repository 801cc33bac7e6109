"""Conduct slips are read by the campaign office and discipline, and never by the department that they rate."""

import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from canvass.roles import Role
from grids.models import User
from issues.models import ConductSlip
from tests import factories, people
from tests.desk import said
from tests.reports.redacting import redacted
from tests.visits.forms import statements
from tests.workbooks import GRID_A1, TOWN, VILLAGE_A

from .conduct import SECRET, slip
from .moving import grid_leader, head

pytestmark = pytest.mark.django_db
ADDRESS = "/issues/conduct/"
OTHER_TOWN = "330411106"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def unit():
    return factories.department()  # of people.clerk and head


@pytest.mark.parametrize("make_user", [people.bob, people.discipline])
def test_readers_see_each_slip_with_village_and_day(client, campaign, unit, make_user):
    slip(campaign, unit, GRID_A1, attitude="poor", honesty="good")
    client.force_login(make_user())

    page = client.get(ADDRESS).text

    assert SECRET in page
    assert "镇环保所" in page
    assert "花溪社区" in page
    assert "第一网格" not in page


def test_readers_of_another_town_see_nothing(client, campaign, unit):
    slip(campaign, unit)
    for make_user in (people.bob, people.discipline):
        client.force_login(make_user(OTHER_TOWN))
        assert SECRET not in client.get(ADDRESS).text


@pytest.mark.parametrize(
    "make_user",
    [
        people.alice,
        grid_leader,
        people.village_office,
        people.clerk,
        head,
        people.leader,
        people.inspector,
        people.system_admin,
        lambda: people.person(Role.SECURITY_ADMIN, TOWN, "安十四"),
        lambda: people.person(Role.AUDITOR, TOWN, "审十五"),
        people.nobody,
        lambda: factories.user(is_staff=True),
    ],
)
def test_nobody_else_opens_the_list(client, campaign, unit, make_user):
    slip(campaign, unit)
    client.force_login(make_user())

    page = client.get(ADDRESS)

    assert page.status_code == 403
    assert SECRET not in page.text


def member(unit, *roles):
    """Somebody of the rated department, by posting or by the roster alone, who has other duties too."""
    cadre = factories.cadre("陈八办", user=True, department=unit)
    for role in roles:
        if role in (Role.UNIT_CLERK, Role.UNIT_HEAD):
            factories.posting(cadre, role, department=unit)
        else:
            factories.posting(cadre, role, TOWN)
    return User.objects.get(pk=cadre.user_id)


@pytest.mark.parametrize(
    "roles",
    [
        (Role.CAMPAIGN_OFFICE,),
        (Role.DISCIPLINE,),
        (Role.CAMPAIGN_OFFICE, Role.UNIT_CLERK),
        (Role.DISCIPLINE, Role.UNIT_HEAD),
        (Role.CAMPAIGN_OFFICE, Role.VISITOR),
    ],
    ids=" ".join,
)
def test_member_of_the_rated_department_reads_those_about_others_alone(client, campaign, unit, roles):
    slip(campaign, unit)
    slip(campaign, factories.department("镇水利站"), words="说别的单位")
    client.force_login(member(unit, *roles))

    page = client.get(ADDRESS).text

    assert SECRET not in page
    assert "说别的单位" in page


def test_posting_in_the_department_is_enough_to_be_of_it(client, campaign, unit):
    bob = people.bob()
    factories.posting(bob.cadre, Role.UNIT_CLERK, department=unit)
    slip(campaign, unit)
    client.force_login(bob)

    assert SECRET not in client.get(ADDRESS).text


DOORS = [
    "/issues/", "/issues/?lot=all&q=窗口", "/issues/desk/", "/issues/ledger/", "/issues/ledger/export/",
    "/issues/supervision/", "/issues/triage/", "/issues/verdicts/?lot=all", "/issues/restricted/", "/issues/follow-up/",
    "/issues/conduct/", "/visits/", "/visits/mine/", "/visits/records/", "/visits/to-check/", "/reports/",
    "/reports/breakdown/", "/reports/quality/", "/reports/workbook/export/?campaign=wangdian-2018", "/admin/",
    "/admin/issues/", "/admin/issues/issue/?q=窗口", "/admin/visits/opinion/?q=窗口", "/admin/grids/department/",
]  # fmt: skip


@pytest.mark.parametrize(
    "roles",
    [
        (Role.UNIT_CLERK,),
        (Role.UNIT_HEAD,),
        (Role.UNIT_CLERK, Role.VISITOR),
        (Role.UNIT_CLERK, Role.CAMPAIGN_OFFICE),
        (Role.UNIT_HEAD, Role.LEADING_GROUP),
        (Role.UNIT_CLERK, Role.INSPECTOR),
        (Role.UNIT_CLERK, Role.DISCIPLINE),
    ],
    ids=" ".join,
)
def test_no_door_tells_the_rated_department(client, campaign, unit, roles):
    kept = slip(campaign, unit, number="ZF-1-KEY77")
    client.force_login(member(unit, *roles))
    doors = [*DOORS, f"/visits/conduct/{kept.client_id}/"]

    told = [door for door in doors if {SECRET, "KEY77"} & _parts(said(client.get(door, follow=True)))]

    assert told == []


def _parts(text):
    return {tail for tail in (SECRET, "KEY77") if tail in text}


def test_no_figure_knows_of_a_slip(capsys, campaign, unit):
    def figures():
        call_command("figures", campaign=campaign.code, by="department", json=True)
        return capsys.readouterr().out.replace("\n", "")

    def without_clock(text):
        return [part for part in text.split('"') if "T" not in part or ":" not in part]

    before = without_clock(figures())
    slip(campaign, unit)
    assert without_clock(figures()) == before


def test_list_says_neither_how_many_nor_who_filed_them(client, campaign, unit):
    alice = people.alice()
    for _number in range(3):
        slip(campaign, unit, VILLAGE_A, created_by=alice)
    client.force_login(people.bob())

    page = client.get(ADDRESS).text

    assert "艾一丽" not in page
    assert page.count(SECRET) == 3
    assert "3" not in re.sub(
        r"<[^>]*>|ZF\d+|\d{4}-\d\d-\d\d", "", page.partition("<main")[2].partition("</main>")[0]
    )


def test_list_needs_the_same_queries_for_any_number_of_rows(client, campaign, unit):
    client.force_login(people.discipline())
    found = []
    for _number in range(3):
        slip(campaign, unit, GRID_A1)
        found.append(len(statements(lambda: client.get(ADDRESS))[1]))

    assert found[0] == found[2]


def test_no_slip_is_changed_or_deleted(campaign, unit):
    kept = slip(campaign, unit)
    for change in (lambda: ConductSlip.objects.update(words="x"), kept.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_name_in_a_slip_is_blanked_by_its_readers_and_told_to_nobody_else(client, campaign, unit):
    kept = slip(campaign, unit, words="张三丰等了很久")
    bob = people.bob()

    assert redacted(client, bob, "conduct", kept, "张三丰").status_code == 302

    kept.refresh_from_db()
    assert kept.words == "███等了很久"
    client.force_login(member(unit, Role.CAMPAIGN_OFFICE))
    assert client.get(f"/reports/redactions/conduct/{kept.pk}/").status_code == 404
    assert kept.number not in client.get("/reports/redactions/").text
