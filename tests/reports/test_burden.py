"""The burden dial: medians counted by hand, which fields are used, and that nobody can be told from it."""

import pytest
from django.db import IntegrityError, transaction

from reports.burden import fields_used, forms_replaced, required_fields, seconds_taken
from tests import factories, people
from tests.counting import scope
from tests.desk import queries, text
from tests.factories import at
from tests.workbooks import GRID_B1, VILLAGE_A, VILLAGE_B
from visits.models import AnswerWish, VisitPhoto

pytestmark = pytest.mark.django_db
URL = "/reports/burden/"
DAYS = {"from": "2018-09-01", "to": "2018-09-30"}


@pytest.fixture
def campaign():
    return factories.campaign()


@pytest.fixture
def filers():
    return [people.alice() for _ in range(3)]


def filed(campaign, seconds, by, **fields):
    entry = fields.pop("entry", None) or factories.household()
    return factories.visit(campaign, entry, filed_by=by, filling_seconds=seconds, **fields)


def taken(campaign, **period):
    rows = seconds_taken(scope(campaign, **period))
    return {str(row.label): (row.seconds, row.filings) for row in rows}


def used(campaign):
    return {str(share.label): tuple(share.result) for share in fields_used(scope(campaign))}


def test_median_seconds_by_outcome(campaign, filers):
    for seconds, by in [(30, 0), (40, 1), (50, 2), (90, 0), (3600, 1)]:
        filed(campaign, seconds, filers[by])
    for seconds, by in [(10, 0), (20, 1), (21, 2), (30, 0), (40, 0), (50, 1)]:
        filed(campaign, seconds, filers[by], outcome="not_in", people_met=None)
    # None of these is measured here.
    filed(campaign, None, filers[0])
    filed(campaign, 5, filers[0], state="void", voided_at=at("2018-09-04"))
    filed(campaign, 5, filers[0], origin="paper")
    filed(campaign, 5, filers[0], started_at=at("2018-08-31 23:59:59"))
    filed(campaign, 5, filers[0], started_at=at("2018-10-01"))
    filed(factories.campaign("other"), 5, filers[0])

    found = taken(campaign, first="2018-09-01")
    assert found == {"全部走访": (40, 11), "见面": (50, 5), "未遇": (26, 6)}


def test_median_of_few_filings_or_few_people_is_not_told(campaign, filers):
    for _ in range(9):
        filed(campaign, 30, filers[0])
    filed(campaign, 30, filers[1])
    assert taken(campaign) == {"全部走访": (None, 10), "见面": (None, 10)}
    for by in filers:
        filed(campaign, 20, by, outcome="refused", people_met=None)
    assert taken(campaign) == {"全部走访": (30, 13), "见面": (None, 10), "拒访": (None, 3)}


def test_optional_fields_are_counted_where_somebody_was_met(campaign, filers):
    full = filed(
        campaign, 30, filers[0], note="积水", way="door", ended_at=at("2018-09-03 20:00"), latitude="30.631",
        longitude="120.714",
    )  # fmt: skip
    for number in range(2):
        words = factories.opinion(campaign, visit=full, entry=full.entry)
        AnswerWish.objects.create(opinion=words, way="visit", created_by=filers[0])
        factories.handout(campaign, visit=full, number=f"M-{number}")
    VisitPhoto.objects.create(
        visit=full, image="photos/x.jpg", sha256="0" * 64, width=1, height=1, created_by=filers[0]
    )
    bare = filed(campaign, 30, filers[1], people_met=None, outcome="remote")
    report = filed(campaign, None, filers[1], people_met=None)
    factories.opinion(campaign, visit=report, entry=report.entry, restricted=True)
    filed(campaign, 30, filers[1], outcome="not_in", people_met=None)
    assert bare.note == ""

    labels = ["见面人数", "手记", "方式", "结束时间", "发放资料", "诉求", "要答复", "照片", "位置"]
    assert used(campaign) == dict.fromkeys(labels, (33.3, 1, 3))


def test_field_that_nobody_fills_is_named_and_nothing_filed_gives_no_share(client, campaign, filers):
    assert set(used(campaign).values()) == {(None, 0, 0)}
    filed(campaign, 30, filers[0])
    client.force_login(people.bob())
    assert client.get(URL, DAYS).content.decode().count('<span class="mark mark-warn">从未填过') == 8


def test_required_fields_are_those_of_the_forms():
    found = {str(asked.label): list(map(str, asked.required)) for asked in required_fields()}
    assert found["走访"] == ["结果", "开始时间", "走访人"]
    assert found["未遇的几户一次登记"] == ["门牌", "时间", "走访人"]
    assert all(found.values())


def test_office_says_which_forms_are_replaced(client, campaign):
    client.force_login(people.bob())
    assert "活动办还没有写明" in text(client.get(URL, DAYS))
    campaign.forms_replaced = "民情日记\r\n\n 走访台账（月报） \n"
    campaign.save(update_fields=["forms_replaced"])
    assert forms_replaced(campaign) == ["民情日记", "走访台账（月报）"]
    shown = text(client.get(URL, DAYS))
    assert "替代的表格 2" in shown
    assert "走访台账（月报）" in shown


def test_page_tells_no_person_and_no_visit(client, campaign, filers):
    for by in filers * 2:
        filed(campaign, 1847, by)
    client.force_login(people.bob())
    shown = text(client.get(URL, DAYS))
    assert "1,847" in shown
    assert "艾" not in shown
    visit = campaign.visits.first()
    for page in (f"/visits/{visit.pk}/", f"/admin/visits/visit/{visit.pk}/change/"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "1847" not in text(answer)
        assert "1,847" not in text(answer)


def test_village_office_reads_the_own_village_alone(client, campaign, filers):
    for by in filers * 2:
        filed(campaign, 30, by)
        filed(campaign, 90, by, entry=factories.household(GRID_B1))
    client.force_login(people.village_office())
    answer = client.get(URL, DAYS)
    assert answer.context["question"].place.code == VILLAGE_A
    assert [row.seconds for row in answer.context["taken"]] == [30, 30]
    assert client.get(URL, {**DAYS, "place": VILLAGE_B}).status_code == 404


@pytest.mark.parametrize("who", [people.alice, people.clerk, people.nobody])
def test_others_have_no_such_page(client, campaign, who):
    client.force_login(who())
    assert client.get(URL, DAYS).status_code == 403


def test_bad_period_gets_a_sentence(client, campaign):
    client.force_login(people.bob())
    answer = client.get(URL, {"from": "x"})
    assert answer.status_code == 400
    assert "不是日期" in text(answer)


def test_page_costs_the_same_for_one_and_three(client, campaign, filers):
    client.force_login(people.bob())
    address = URL + "?from=2018-09-01&to=2018-09-30"
    filed(campaign, 30, filers[0])
    one = queries(client, address)
    for by in filers[1:]:
        filed(campaign, 30, by, outcome="not_in", people_met=None)
    assert queries(client, address) == one


@pytest.mark.parametrize("seconds", [0, 3601])
def test_database_keeps_seconds_within_an_hour(campaign, filers, seconds):
    with pytest.raises(IntegrityError), transaction.atomic():
        filed(campaign, seconds, filers[0])
