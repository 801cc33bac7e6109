"""What a report says: sentences and tables made from its figures, and nothing that they do not hold."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from issues.models import IssueStep
from reports.composing import compose, says_the_same
from tests.factories import assigned, at, campaign, department, household, issue, place, visit
from tests.workbooks import GRID_A1, GRID_B1, TOWN

from .issuing import facts, figure_runs, paragraphs, tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    """Two villages; in W36 (3–9 September 2018) two households visited, one the week before, one refuses."""
    place(GRID_B1)
    made = campaign()
    a, b, c = household(), household(grid=GRID_B1), household()
    visit(made, a, started_at=at("2018-08-28 19:00"))
    visit(made, b, started_at=at("2018-09-03 00:00"))
    visit(made, c, started_at=at("2018-09-09 23:59"))
    visit(made, household(), outcome="refused", people_met=None)
    done = issue(made, registered_at=at("2018-08-30 09:00"), state="closed", **closed())
    IssueStep.objects.create(issue=done, move="imported", to_state="accepted", at=done.registered_at)
    issue(made, GRID_B1, category_code="04")
    issue(made, state="in_progress", **assigned(department(), due="2018-09-05"))
    return made


def closed():
    return assigned(department()) | {
        "outcome": "substantive",
        "replied_at": at("2018-09-05 10:00"),
        "closed_at": at("2018-09-06 10:00"),
        "state_since": at("2018-09-06 10:00"),
    }


def test_weekly_says_this_week_last_week_and_to_date(of):
    content = compose(facts(of))

    lines = {row[0]: row[2:] for row in tables(content)["全部数字"]}
    assert lines["已走访户数"] == ["2", "1", "3"]
    assert lines["走访率"] == ["75.0%（3/4）", "25.0%（1/4）", "75.0%（3/4）"]
    assert lines["收集问题数"] == ["2", "1", "3"]
    assert lines["在办"] == ["2", "1", "2"]
    assert lines["满意率"] == ["—", "—", "—"]


def test_week_before_the_campaign_has_no_figures(of):
    content = compose(facts(of, day="2018-07-01"))

    assert {row[3] for row in tables(content)["全部数字"]} == {"—"}


def test_daily_has_two_tables_and_five_lines(of):
    content = compose(facts(of, "daily", "2018-09-03"))

    assert tables(content)["表A　各地走访"] == [
        ["花溪社区", "3", "1", "33.3%（1/3）", "0", "0", "1", "0"],
        ["地方330411105202", "1", "1", "100.0%（1/1）", "1", "0", "0", "0"],
        ["合计", "4", "2", "50.0%（2/4）", "1", "0", "1", "0"],
    ]
    assert [row[0] for row in tables(content)["表B　问题办理"]] == ["当日", "累计"]
    assert [text.split("：")[0] for text in paragraphs(content) if text.endswith("（未填写）")] == [
        "当日重点",
        "好的做法",
        "存在问题",
        "需要协调的事项",
        "明日安排",
    ]


def test_circular_is_in_the_order_of_area_codes(of):
    content = compose(facts(of, "circular"))

    rows = tables(content)["各地进度"]
    assert [row[0] for row in rows] == ["花溪社区", "地方330411105202", "合计"]
    assert "各地按区划代码排列，不作排名。" in paragraphs(content)


def test_order_by_a_figure_is_the_campaigns_decision_and_says_why(of):
    of.visits.filter(started_at=at("2018-09-03 00:00")).update(outcome="not_in")
    visit(of, household(), started_at=at("2018-09-05 19:00"))
    type(of).objects.update(circular_order="closing_rate", circular_order_reason="县里统一要求")
    content = compose(facts(of, "circular"))
    assert [row[0] for row in tables(content)["各地进度"]] == ["花溪社区", "地方330411105202", "合计"]

    type(of).objects.update(circular_order="visit_coverage")
    of.visits.filter(started_at=at("2018-09-03 00:00")).update(outcome="met")
    content = compose(facts(of, "circular"))

    assert [row[0] for row in tables(content)["各地进度"]] == ["地方330411105202", "花溪社区", "合计"]
    assert "各地按走访率从高到低排列；本活动这样排列的理由：县里统一要求" in paragraphs(content)


def test_order_by_a_figure_without_a_reason_is_refused(of):
    with pytest.raises(IntegrityError, match="campaign_circular_order_says_why"), transaction.atomic():
        type(of).objects.update(circular_order="visit_coverage")


def test_sum_of_resolved_and_started_stands_with_its_parts(of):
    said = "\n".join(paragraphs(compose(facts(of))))

    assert "已解决或着手解决2件，其中已解决1件、着手解决1件" in said


def test_full_rate_says_what_it_leaves_out(of):
    household(state="moved")
    household(state="demolished", grid=GRID_B1)
    content = compose(facts(of, day="2018-09-06"))
    assert [one for one in content["exclusions"] if one["figure"] == "visit_coverage"] == []

    visit(of, household(state="vacant"), started_at=at("2018-09-05 19:00"))
    of.visits.filter(outcome="refused").update(outcome="met")
    content = compose(facts(of, day="2018-09-06"))

    assert "走访率100.0%（5/5）" in paragraphs(content)[0]
    assert paragraphs(content)[1].startswith("走访率100.0%，不含：已搬迁或拆除而不计入应访户数的2户；")
    assert "空关0户、拒访0户" in paragraphs(content)[1]


def test_overdue_issues_stand_by_department_and_name_no_resident(of):
    content = compose(facts(of))

    [row] = tables(content)["超期在办的问题（按承办单位）"]
    assert row[3:] == ["镇环保所", "2018-09-05", "办理中，超期"]
    ledger = tables(content)["在办问题（按承办单位和期限）"]
    assert [row[3] for row in ledger] == ["未交办", "镇环保所"]


def test_content_survives_the_database_as_it_is(of):
    content = compose(facts(of))

    assert json.loads(json.dumps(content)) == content


def test_content_is_chinese_whatever_the_language_of_the_page(of):
    now = at("2018-09-20 08:00")
    chinese = compose(facts(of, now=now))
    with translation.override("en"):
        assert compose(facts(of, now=now)) == chinese


def test_what_was_known_later_is_the_same_report_with_other_figures(of):
    early = compose(facts(of, now=at("2018-09-10 08:00")))
    assert says_the_same(early, compose(facts(of, now=at("2018-09-12 08:00"))))

    of.visits.filter(started_at=at("2018-09-03 00:00")).update(state="void", voided_at=at("2018-09-11 10:00"))

    late = compose(facts(of, now=at("2018-09-12 08:00")))
    assert not says_the_same(early, late)
    assert late["figures"]["campaign"]["visits"][0] == early["figures"]["campaign"]["visits"][0] - 1
    assert compose(facts(of, now=at("2018-09-10 08:00"))) == early


def test_open_period_is_cut_off_now(of):
    content = compose(facts(of, now=at("2018-09-05 17:30")))

    assert content["cutoff"] == "9月5日17时30分"
    assert content["figures"]["week"]["households_visited"][0] == 1


def test_every_figure_run_holds_what_its_text_says(of):
    for run in figure_runs(compose(facts(of))):
        if run["value"] is None:
            assert run["text"] == "—"
        elif run["denominator"] is not None:
            assert run["text"] == f"{run['value']:.1f}%（{run['numerator']:,}/{run['denominator']:,}）"
        else:
            assert run["text"].startswith(f"{run['value']:,}")


def test_campaign_of_a_county_is_told_by_town(of):
    county = campaign("county", "330411", first_on=date(2018, 7, 1))

    rows = tables(compose(facts(county, "circular")))["各地进度"]

    assert [row[0] for row in rows] == ["王店镇", "合计"]
    assert TOWN in {run.get("part") for run in figure_runs(compose(facts(county, "circular")))}
    assert GRID_A1.startswith(TOWN)
