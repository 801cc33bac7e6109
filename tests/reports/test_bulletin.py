"""The residents' bulletin: /bulletin/<campaign code>/."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from canvass.moments import day_start
from issues.models import FollowUp, Issue
from reports.bulletin_services import switch_bulletin, take_down_example
from reports.bulletins import Bulletin, content_of, figures_of_day, last_whole_day
from reports.models import BulletinDay, BulletinExample, BulletinSwitch
from tests import factories
from tests.factories import at, campaign, household, visit
from tests.issues.answers import SECRETS, answered

from .bulletining import WORDS, closed, example, four_villages, public

pytestmark = pytest.mark.django_db
ADDRESS = "/bulletin/wangdian-2018/"


def cells(rows):
    return {row["name"]: row["numbers"] for row in rows}


# --- What it says -----------------------------------------------------------------------------------------------------


def test_totals_and_villages_are_those_counted_by_hand():
    of, _issues = four_villages()

    bulletin = Bulletin(of)

    assert bulletin.numbers == {
        "households": 28,
        "households_visited": 17,
        "opinions": 18,
        "issues": 18,
        "issues_resolved": 15,
        "issues_started": None,  # nobody started anything: fewer than three, so that no sum is printed either
    }
    # 南梅村 has one household visited. It is added up with 花溪社区, the first of the others.
    assert cells(bulletin.places) == {
        "庆丰村": [8, 5, 5, 5, 4],
        "建林村": [9, 7, 6, 6, 5],
        "其余合计": [11, 5, 7, 7, 6],
    }
    assert bulletin.places[-1]["names"] == "花溪社区、南梅村"


def test_whole_less_the_printed_rows_is_the_sum_that_is_printed():
    bulletin = Bulletin(four_villages()[0])

    for index, figure in enumerate(bulletin.columns):
        assert sum(row["numbers"][index] for row in bulletin.places) == bulletin.numbers[figure.key]


def test_sum_goes_with_its_two_parts():
    of, _issues = four_villages()
    for _n in range(3):
        factories.issue(of, state="in_progress", **factories.assigned(factories.department()))

    numbers = content_of(of, date(2018, 9, 30))["numbers"]

    assert (numbers["issues_resolved"], numbers["issues_started"]) == (15, 3)
    assert numbers["issues_resolved_or_started"] == 18


def test_categories_follow_the_same_rule():
    of = campaign()
    for code, issues in (("01", 5), ("02", 4), ("03", 6), ("04", 1)):
        for _n in range(issues):
            factories.issue(of, category_code=code)

    content = content_of(of, date(2018, 9, 30))

    # 04 has one, and many have none: they go with 01, the first of the others.
    assert content["categories"]["rows"] == [["02", [4]], ["03", [6]]]
    assert content["categories"]["rest"]["numbers"] == [6]
    assert "20" not in content["categories"]["rest"]["names"]


def test_verdicts_have_their_denominator():
    of, issues = four_villages()
    for n in range(10):
        FollowUp.objects.create(
            issue=issues[n % 3], at=at("2018-09-12"), result="solved" if n < 6 else "not_solved"
        )

    shares = {share["figure"].key: share for share in Bulletin(of).shares}

    assert shares["confirmed_solved_rate"]["numerator"] == 6
    assert shares["confirmed_solved_rate"]["denominator"] == 10
    assert shares["satisfaction_rate"]["denominator"] is None


def test_page_prints_the_numbers_and_its_day(client):
    of, issues = four_villages()
    office = public(of)
    example(issues[0], office)

    page = client.get(ADDRESS)

    assert f"数字截至 {last_whole_day().isoformat()} 24 时" in page.text
    assert "&lt;3" in page.text  # issues being resolved: none
    for words in (*WORDS.values(), "其余合计", "花溪社区、南梅村"):
        assert words in page.text
    assert 'href="/s/"' in page.text


def test_nothing_of_a_record_reaches_the_page(client):
    of = campaign()
    for _n in range(4):
        receipt = answered(of)
    answered(of, restricted=True)
    issue = receipt.opinion.issue_links.get().issue
    example(issue, public(of))

    text = client.get(ADDRESS).text

    assert [secret for secret in SECRETS.values() if secret in text] == []
    assert WORDS["title"] in text


# --- Of the last whole day -------------------------------------------------------------------------------------------


def test_day_ends_at_midnight_in_shanghai():
    assert last_whole_day(at("2018-09-03 23:59")) == date(2018, 9, 2)
    assert last_whole_day(at("2018-09-04 00:00")) == date(2018, 9, 3)


def test_numbers_of_a_day_stand_still():
    of, _issues = four_villages()
    before = Bulletin(of, at("2018-09-05 08:00")).numbers["households_visited"]
    visit(of, household("3304111052020001"), started_at=at("2018-09-04 10:00"))

    assert Bulletin(of, at("2018-09-05 20:00")).numbers["households_visited"] == before == 17
    assert Bulletin(of, at("2018-09-06 08:00")).numbers["households_visited"] == 18


def test_before_the_first_whole_day_there_are_no_numbers(client):
    today = timezone.localdate()
    of = campaign(first_on=today, last_on=today)
    public(of)

    page = client.get(ADDRESS)

    assert "明天起这里有数字" in page.text
    assert BulletinDay.objects.count() == 0


def test_day_is_kept_once_and_never_changes():
    of, _issues = four_villages()
    row = figures_of_day(of, date(2018, 9, 5))
    assert figures_of_day(of, date(2018, 9, 5)) == row

    with pytest.raises(IntegrityError), transaction.atomic():
        BulletinDay.objects.create(campaign=of, day=row.day, content={})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BulletinDay.objects.filter(pk=row.pk).update(content={})


# --- Who and when ----------------------------------------------------------------------------------------------------


def test_unpublished_and_unknown_are_not_found(client):
    of = campaign()
    assert client.get(ADDRESS).status_code == 404
    assert client.get("/bulletin/other/").status_code == 404

    office = public(of)
    assert client.get(ADDRESS).status_code == 200

    switch_bulletin(of, by=office, public=False)
    assert client.get(ADDRESS).status_code == 404
    assert list(BulletinSwitch.objects.values_list("is_public", flat=True)) == [False, True]


def test_other_campaign_is_not_on_the_page(client):
    of = campaign()
    other = campaign("other-2018", "330411106")
    office = public(other)
    example(closed(other, "3304111062010001"), office)
    public(of)

    assert WORDS["title"] not in client.get(ADDRESS).text
    assert WORDS["title"] in client.get("/bulletin/other-2018/").text


def test_what_was_taken_down_reopened_or_restricted_is_gone(client):
    of, issues = four_villages()
    office = public(of)
    down, reopened, restricted = (
        example(issue, office, title=title)
        for issue, title in zip(issues, ("积水一", "积水二", "积水三"), strict=True)
    )

    take_down_example(down, by=office, reason="写得不准")
    Issue.objects.filter(pk=reopened.issue_id).update(state="in_progress")
    Issue.objects.filter(pk=restricted.issue_id).update(is_restricted=True)

    assert "积水" not in client.get(ADDRESS).text


def test_headers_let_it_be_kept_for_minutes_and_set_no_cookie(client):
    office = public(campaign())
    for user in (None, office):
        if user:
            client.force_login(user)
        page = client.get(ADDRESS)
        assert page["Cache-Control"] == "public, max-age=300"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert not page.cookies
        assert office.display_name not in page.text
        assert "Cookie" in page["Vary"]
        assert "csrfmiddlewaretoken" not in page.text


def test_language_is_chosen_by_a_link(client):
    public(campaign())

    assert 'href="?language=en"' in client.get(ADDRESS).text
    page = client.get(ADDRESS, {"language": "en"})
    assert page["Content-Language"] == "en"
    assert 'href="/s/?language=en"' in page.text


def test_who_tries_codes_is_stopped_and_others_are_not(client):
    public(campaign())
    found = [client.get(f"/bulletin/none-{n}/").status_code for n in range(31)]

    assert found == [404] * 30 + [429]
    stopped = client.get(ADDRESS)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "600")
    assert "请过十分钟再来" in stopped.text
    assert client.get(ADDRESS, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_page_takes_no_post(client):
    public(campaign())
    assert client.post(ADDRESS).status_code == 405


@pytest.mark.parametrize("first_look", [True, False])
def test_queries_do_not_grow(client, first_look):
    def queries(of, code):
        if not first_look:
            client.get(code)
        with CaptureQueriesContext(connection) as found:
            assert client.get(code).status_code == 200
        return len(found)

    few = campaign()
    office = public(few)
    example(closed(few), office)
    one = queries(few, ADDRESS)

    many = campaign("many-2018")
    switch_bulletin(many, by=office, public=True)
    for village in ("330411105201", "330411105202", "330411105203"):
        for _n in range(3):
            visit(many, household(f"{village}0001"))
            example(closed(many, f"{village}0001"), office)

    assert queries(many, "/bulletin/many-2018/") == one


def test_example_that_is_not_whole_is_refused_by_the_database():
    issue = closed(campaign())
    for wrong in (
        {"text": ""},
        {"taken_down_at": at("2018-09-12")},
        {"taken_down_because": "写错"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            BulletinExample.objects.create(issue=issue, **{**WORDS, **wrong})
    BulletinExample.objects.create(issue=issue, **WORDS)
    with pytest.raises(IntegrityError), transaction.atomic():
        BulletinExample.objects.create(issue=issue, **WORDS)


def test_switch_leaves_rows_that_nobody_changes():
    office = public(campaign())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BulletinSwitch.objects.update(is_public=False)
    assert BulletinSwitch.objects.get().by == office


def test_first_moment_of_today_is_not_in_the_numbers():
    of, _issues = four_villages()
    today = timezone.localdate()
    visit(of, household("3304111052040001"), started_at=day_start(today))

    assert Bulletin(of).numbers["households_visited"] == 17


def test_what_a_worker_is_told_stays_off_the_page_that_a_proxy_may_keep(client):
    office = public(campaign())
    client.force_login(office)
    client.post("/reports/breakdown/views/?level=village", {"name": "只给我看"})

    assert "只给我看" not in client.get(ADDRESS).text
    assert "已保存视图“只给我看”。" in client.get("/reports/breakdown/").text


def test_code_of_a_campaign_may_hold_a_slash(client):
    office = public(campaign("2018/秋"))
    client.force_login(office)
    address = "/bulletin/2018/%E7%A7%8B/"

    assert address in client.get("/reports/bulletin/").text
    assert client.get(address).status_code == 200
