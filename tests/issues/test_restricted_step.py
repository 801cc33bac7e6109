"""What discipline does about a report, and whom it names: /issues/restricted/<pk>/step/."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from canvass.roles import Role
from issues.models import IssueOpinion, ReportStep
from issues.report_handling import record_report_step
from tests import factories, people
from tests.workbooks import TOWN
from visits.models import Opinion, ReportSubject

from .test_restricted_list import OTHERS, said

pytestmark = pytest.mark.django_db


def address(report, page="step/"):
    return f"/issues/restricted/{report.pk}/{page}"


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def report(campaign):
    return said(campaign, "SQ-88", "某人吃拿卡要")


@pytest.fixture
def user():
    return people.discipline()


@pytest.fixture
def colleague():
    return people.person(Role.DISCIPLINE, TOWN, "纪十明")


def take(client, report, kind, **fields):
    return client.post(address(report), {"kind": kind, **fields})


def test_report_is_received_looked_into_and_closed(client, report, user):
    client.force_login(user)

    take(client, report, "received")
    take(client, report, "looked_into", text="问了两户", handler=user.cadre.pk)
    take(client, report, "looked_into", text="查了账")
    take(client, report, "closed", text="查实，另案处理")

    assert list(report.report_steps.values_list("kind", flat=True)) == [
        "received", "looked_into", "looked_into", "closed",
    ]  # fmt: skip
    page = client.get(address(report, "")).text
    assert all(words in page for words in ("问了两户", "查了账", "查实，另案处理", "核查人"))
    assert "这件举报已经办结" in client.get(address(report)).text


def test_discipline_has_a_count_of_its_own_and_closed_ones_leave_the_list(client, campaign, report, user):
    said(campaign, "SQ-89")
    other = said(campaign, "SQ-90")
    record_report_step(other, by=user, kind="received")
    for kind, text in (("received", ""), ("closed", "查无此事")):
        record_report_step(report, by=user, kind=kind, text=text)
    client.force_login(user)

    page = client.get("/issues/restricted/")

    assert "待接收 1 件，办理中 1 件，已办结 1 件" in page.text
    assert [one.number for one in page.context["page"]] == ["SQ-90", "SQ-89"]
    closed = client.get("/issues/restricted/?lot=closed")
    assert [one.number for one in closed.context["page"]] == ["SQ-88"]


@pytest.mark.parametrize(
    ("before", "kind", "text"),
    [
        ([], "looked_into", "查"),
        ([], "closed", "查"),
        (["received"], "received", ""),
        (["received"], "looked_into", " "),
        (["received"], "closed", ""),
        (["received", "closed"], "looked_into", "查"),
        (["received", "closed"], "closed", "查"),
    ],
)
def test_steps_keep_their_order_and_say_what(client, report, user, before, kind, text):
    for one in before:
        record_report_step(report, by=user, kind=one, text="查了")
    client.force_login(user)

    assert take(client, report, kind, text=text).status_code == 400
    assert report.report_steps.count() == len(before)


def test_second_of_two_who_receive_at_once_is_told(report, user, colleague):
    record_report_step(report, by=user, kind="received")
    with pytest.raises(ValidationError, match="刚才已有人办了"):
        record_report_step(report, by=colleague, kind="received")


@pytest.mark.parametrize("make_user", OTHERS)
def test_nobody_else_takes_a_step(client, report, make_user):
    client.force_login(make_user())

    page = take(client, report, "received")

    assert page.status_code == 403
    assert "吃拿卡要" not in page.text
    assert not ReportStep.objects.exists()


def test_discipline_of_another_town_finds_nothing(client, report):
    client.force_login(people.discipline("330411106"))
    assert take(client, report, "received").status_code == 404


# --- Whom it names ----------------------------------------------------------------------------------------------


def test_named_person_of_discipline_does_not_find_it_any_more(client, report, user, colleague):
    client.force_login(user)
    take(client, report, "received", cadres=colleague.cadre.staff_number)

    client.force_login(colleague)
    assert client.get(address(report, "")).status_code == 404
    assert "吃拿卡要" not in client.get("/issues/restricted/").text
    assert "待接收 0 件，办理中 0 件" in client.get("/issues/restricted/").text
    assert not Opinion.objects.visible_to(colleague).exists()


@pytest.mark.parametrize("how", ["roster", "posting"])
def test_nobody_of_a_named_department_finds_it(client, campaign, report, user, colleague, how):
    unit = factories.department("镇建设办")
    if how == "roster":
        type(colleague.cadre).objects.filter(pk=colleague.cadre.pk).update(department=unit)
    else:
        factories.posting(colleague.cadre, Role.UNIT_CLERK, department=unit)
    issue = factories.issue(campaign, category_code="20", is_restricted=True, title="建设办的事")
    IssueOpinion.objects.create(issue=issue, opinion=report)
    record_report_step(report, by=user, kind="received", departments=[unit])

    client.force_login(type(colleague).objects.get(pk=colleague.pk))
    assert client.get(address(report, "")).status_code == 404
    assert client.get(f"/issues/{issue.pk}/").status_code == 404
    assert "建设办的事" not in client.get("/issues/?lot=all").text
    client.force_login(user)
    assert client.get(f"/issues/{issue.pk}/").status_code == 200


def test_it_is_never_given_to_whom_it_names(client, report, user, colleague):
    client.force_login(user)
    take(client, report, "received", cadres=colleague.cadre.staff_number)

    page = take(client, report, "looked_into", text="请他查", handler=colleague.cadre.pk)

    assert page.status_code == 400
    assert report.report_steps.count() == 1
    with pytest.raises(ValidationError, match="不能交给被举报的人"):
        record_report_step(report, by=user, kind="looked_into", text="查", handler=colleague.cadre)


def test_it_is_never_given_to_a_member_of_the_named_department(report, user, colleague):
    unit = factories.department("镇建设办")
    type(colleague.cadre).objects.filter(pk=colleague.cadre.pk).update(department=unit)
    with pytest.raises(ValidationError, match="不能交给被举报的人"):
        record_report_step(report, by=user, kind="received", departments=[unit], handler=colleague.cadre)
    assert not ReportSubject.objects.exists()


def test_it_is_given_to_nobody_outside_discipline(report, user):
    with pytest.raises(ValidationError, match="不能交给"):
        record_report_step(report, by=user, kind="received", handler=people.bob().cadre)


def test_report_under_a_restricted_issue_is_handled_from_there(client, campaign, report, user):
    issue = factories.issue(campaign, category_code="20", is_restricted=True)
    IssueOpinion.objects.create(issue=issue, opinion=report)
    client.force_login(user)

    assert f'href="{address(report, "")}"' in client.get(f"/issues/{issue.pk}/").text
    assert take(client, report, "received").status_code == 302


def test_somebody_always_can_read_it(client, report, user):
    client.force_login(user)

    page = take(client, report, "received", cadres=user.cadre.staff_number)

    assert page.status_code == 400
    assert "请先转请上级纪检" in page.text
    assert not ReportSubject.objects.exists()


def test_unknown_staff_number_is_told(client, report, user):
    client.force_login(user)
    assert "没有工号为 NOBODY 的人员" in take(client, report, "received", cadres="NOBODY").text


def test_restricted_issue_is_assigned_to_nobody(campaign, report):
    """The move table gives discipline and everybody else no move on a restricted issue."""
    from issues.permissions import can_move_issue
    from issues.workflow import MOVES

    issue = factories.issue(campaign, category_code="20", is_restricted=True)
    for make_user in (people.bob, people.discipline, people.clerk, people.leader):
        user = make_user()
        assert [move for move in MOVES if can_move_issue(user, issue, move)] == []


def test_database_keeps_its_rules(report, user):
    unit = factories.department()
    ReportStep.objects.create(opinion=report, kind="received", by=user)
    for wrong in ({"kind": "received"}, {"kind": "closed", "text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportStep.objects.create(opinion=report, by=user, **wrong)
    ReportSubject.objects.create(opinion=report, department=unit, by=user)
    ReportSubject.objects.create(opinion=report, cadre=user.cadre, by=user)
    for wrong in (
        {},
        {"department": unit, "cadre": user.cadre},
        {"department": unit},
        {"cadre": user.cadre},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportSubject.objects.create(opinion=report, by=user, **wrong)
