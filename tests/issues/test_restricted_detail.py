"""One misconduct report that is no issue yet: /issues/restricted/<pk>/. Strangers: test_restricted_list."""

import pytest

from tests import factories, people
from tests.desk import AUDIT_ROW
from visits.models import OpinionMark

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """With a household and a visit around it, which are not discipline's to read."""
    campaign, collector = factories.campaign(), factories.cadre("艾走访")
    home = factories.household(address="花溪路77号", holder_name="沈百合")
    visit = factories.visit(campaign, home, by=[collector], number="ZF-99", note="手记写着狗很凶")
    return factories.opinion(
        campaign,
        number="SQ-88",
        words_verbatim="某人吃拿卡要，\n还收了钱",
        nature="report",
        visit=visit,
        entry=home,
        collector=collector,
    )


def read(client, report):
    client.force_login(people.discipline())
    return client.get(f"/issues/restricted/{report.pk}/")


def test_discipline_reads_the_words_and_who_heard_them(client, report):
    page = read(client, report)

    for words in ("某人吃拿卡要，<br>还收了钱", "SQ-88", "举报", "2018-09-03 19:40", "艾走访"):
        assert words in page.text
    assert "no-store" in page["Cache-Control"]


def test_household_and_visit_stay_out(client, report):
    page = read(client, report).text

    hidden = ("花溪路77号", "沈百合", "ZF-99", "手记写着狗很凶")
    assert [words for words in hidden if words in page] == []


def test_words_that_are_no_report_are_not_found(client, report):
    plain = factories.opinion(report.campaign, words_verbatim="路灯不亮")

    page = read(client, plain)

    assert page.status_code == 404
    assert "路灯不亮" not in page.text


def test_void_report_is_not_found(client, report):
    OpinionMark.objects.create(opinion=report, kind="void", reason="记错了")

    assert read(client, report).status_code == 404


def test_restricted_detail_needs_few_queries(client, report, django_assert_max_num_queries):
    client.force_login(people.discipline())

    with django_assert_max_num_queries(8 + AUDIT_ROW):
        client.get(f"/issues/restricted/{report.pk}/")
