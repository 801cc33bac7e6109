"""Two campaigns as they were published: their rows, loaded through the public door, give the printed figures."""

import json
from html.parser import HTMLParser
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from campaigns.models import Campaign
from reports.catalogue import CATALOGUE
from reports.checks import run_checks
from reports.composing import compose
from reports.models import ReportDraft
from reports.typed_checks import TYPED_CHECKS
from tests import cases_workbooks, people
from tests.cases_workbooks import GROUPS, case
from tests.workbooks import workbook
from visits.models import Gathering

from .issuing import facts, paragraphs

# All of them, so that the tests of one module stay together and Wangdian is loaded once.
pytestmark = pytest.mark.django_db

# Printed, but no figure of ours: looked up below, or a matter of its own.
_NO_FIGURE = {"policy_talks_by_city_and_district_leaders", "petition_cases_settled"}
_RENAMED = {"receptions_by_kind": "gatherings_by_kind"}


def _printed(name):
    """{figure key: printed value}; a grouped figure's value is {printed key: value}."""
    published = dict(case(name)["published_figures"])
    aid = published.pop("aid", None)
    if aid:
        published |= {"deed_households": aid["households"], "deed_amount": aid["amount_yuan"]}
    return {_RENAMED.get(key, key): value for key, value in published.items() if key not in _NO_FIGURE}


def _as_printed(value, printed):
    """A grouped value by the keys that the source prints, added up where it prints several as one."""
    if not isinstance(printed, dict):
        return value
    return {key: sum(value[part] for part in GROUPS.get(key, (key,))) for key in printed}


def _compare(values, name):
    """(what we found, what was printed), for one assertion that shows every difference."""
    printed = _printed(name)
    return {key: _as_printed(values[key], printed[key]) for key in printed}, printed


def _answer(*arguments):
    """What a command prints as JSON."""
    output = StringIO()
    call_command(*arguments, "--json", stdout=output)
    return json.loads(output.getvalue())


def _load(path):
    answer = _answer("load", str(path))
    assert (answer["ok"], answer["changed"], answer["warnings"]) == (True, True, [])


def _figures(name, *arguments):
    of = case(name)["campaign"]
    return _answer("figures", "--campaign", of["code"], "--as-of", of["published"], *arguments)


def _values(answer):
    return {key: figure["value"] for key, figure in answer["figures"].items()}


class _Figures(HTMLParser):
    """The values of the campaign to date on a page: {key: value} and, of a grouped figure, {key: {part: value}}."""

    def __init__(self, html):
        super().__init__()
        self.values, self.sides = {}, {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag != "data" or found.get("class") != "figure" or found["data-period"] != "campaign":
            return
        key, value = found["data-figure"], float(found["value"]) if found["value"] else None
        if "data-key" in found:
            self.values.setdefault(key, {})[found["data-key"]] = value
        else:
            self.values[key] = value
            self.sides[key] = found.get("data-numerator"), found.get("data-denominator")


def _dashboard(client, name):
    of = case(name)["campaign"]
    client.force_login(people.leader(of["area_code"]))
    page = client.get("/reports/", {"campaign": of["code"], "as_of": of["published"]})
    assert page.status_code == 200
    return _Figures(page.content.decode())


@pytest.fixture(scope="module")
def wangdian(django_db_setup, django_db_blocker, tmp_path_factory):
    """The big one is loaded once for the module, in a transaction around its tests' own.

    Gives what the figures command says about it.
    """
    path = tmp_path_factory.mktemp("wangdian") / "wangdian.xlsx"
    path.write_bytes(workbook(cases_workbooks.wangdian()))
    with django_db_blocker.unblock(), transaction.atomic():
        _load(path)
        yield _figures("wangdian", "--by", "village")
        transaction.set_rollback(True)


@pytest.fixture
def xianxia(db, tmp_path):
    path = tmp_path / "xianxia.xlsx"
    path.write_bytes(workbook(cases_workbooks.xianxia()))
    _load(path)


# --- Wangdian 2018 --------------------------------------------------------------------------------------------


def test_wangdian_gives_its_published_figures(wangdian):
    found, printed = _compare(_values(wangdian), "wangdian")
    assert found == printed


def test_wangdian_keeps_the_two_parts_of_its_sum_apart(wangdian):
    values = _values(wangdian)
    assert values["issues_resolved"] == cases_workbooks.RESOLVED
    assert values["issues_started"] == cases_workbooks.STARTED
    assert values["issues_resolved"] + values["issues_started"] == values["issues_resolved_or_started"] == 792


def test_wangdian_half_of_the_policy_talks_were_given_by_leaders(wangdian):
    talks = Gathering.objects.filter(kind="policy_talk", speaker_level__in=["city", "county"])
    expected = case("wangdian")["published_figures"]["policy_talks_by_city_and_district_leaders"]
    assert talks.count() == expected


def test_wangdian_villages_add_up_to_the_town(wangdian):
    rows, total = [_values(row) for row in wangdian["rows"]], _values(wangdian)
    keys = ("grids", "households", "households_visited", "visits", "issues", "materials_handed_out")
    assert {key: sum(row[key] or 0 for row in rows) for key in keys} == {key: total[key] for key in keys}


def test_wangdian_as_a_weekly_report_says_its_published_figures_in_sentences(wangdian):
    content = compose(facts(Campaign.objects.get(code="wangdian-2018"), "weekly", "2018-09-06"))
    said = "\n".join(paragraphs(content))

    assert "截至9月9日，全镇118个网格共走访18,362户，应访18,362户，走访率100.0%（18,362/18,362）。" in said
    assert "走访率100.0%，不含：已搬迁或拆除而不计入应访户数的60户；" in said
    assert "举办宣讲活动327场" in said
    assert "发放资料96,000份" in said
    assert "走访力量2,114名；走访队伍112支，队员1,344名。" in said
    assert "登记问题1,485件" in said
    assert "已解决或着手解决792件，其中已解决430件、着手解决362件；解决率29.0%（430/1,485）" in said
    found, printed = _compare(
        {key: result[0] for key, result in content["figures"]["campaign"].items()}, "wangdian"
    )
    assert found == printed


def _caught(name, *figures, **lines):
    """What the checks of typed figures say of a campaign's final report."""
    complete = {"figure": "", "part_of": "", "author": "鲍二柏", "reason": "照原稿"}
    draft = ReportDraft(lines=lines, figures=[complete | figure for figure in figures])
    campaign = Campaign.objects.get(code=case(name)["campaign"]["code"])
    outcomes = run_checks(facts(campaign, "final", draft=draft), TYPED_CHECKS)
    return [text for outcome in outcomes for text in outcome.texts]


def test_wangdian_solved_and_being_solved_in_one_number_is_caught(wangdian):
    assert _caught("wangdian", {"label": "已解决", "value": 792, "unit": "件"}) == [
        "“已解决” 792件，系统计算的已解决为 430件。"
    ]
    assert _caught("wangdian", {"label": "镇级解决或正在解决", "value": 792, "unit": "件"}) == [
        "已解决或着手解决须连同已解决、着手解决两个分项分开填写，不能合为一个数。"
    ]


def test_wangdian_subtotal_of_the_town_equal_to_the_whole_is_caught(wangdian):
    town = {"label": "其中镇级解决的", "value": 792, "unit": "件", "part_of": "issues_resolved_or_started"}
    assert _caught("wangdian", town) == ["“其中镇级解决的” 792件 是其中的一部分，却不小于总数 792。"]


def test_wangdian_households_and_person_times_are_not_mixed(wangdian):
    mixed = {"label": "走访户数", "value": 18362, "unit": "人次"}
    assert _caught("wangdian", mixed) == [
        "“走访户数” 18362人次：已走访户数的单位是“户”，户、户次、人次不能混用。"
    ]


def test_wangdian_shows_its_published_figures_on_the_dashboard(wangdian, client):
    page = _dashboard(client, "wangdian")
    found, printed = _compare(page.values, "wangdian")
    assert found == printed
    assert page.sides["visit_coverage"] == ("18362", "18362")
    assert [page.values[key] for key in ("issues_resolved", "issues_started")] == [430, 362]


# --- Xianxia 2011 ---------------------------------------------------------------------------------------------


def test_xianxia_gives_its_published_figures(xianxia):
    answer = _figures("xianxia")
    found, printed = _compare(_values(answer), "xianxia")
    assert found == printed
    rate = answer["figures"]["resolution_rate"]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (96, 103, 93.2)


def test_xianxia_shows_its_published_figures_on_the_dashboard(xianxia, client):
    page = _dashboard(client, "xianxia")
    found, printed = _compare(page.values, "xianxia")
    assert found == printed
    assert page.sides["resolution_rate"] == ("96", "103")


def test_xianxia_as_a_final_report_says_its_published_figures_in_sentences(xianxia):
    content = compose(facts(Campaign.objects.get(code="xianxia-2011"), "final"))
    said = "\n".join(paragraphs(content))

    assert "共走访196户" in said
    assert "走访企业48家，走访学校13次" in said
    assert "接访10次" in said
    assert (
        "已解决或着手解决103件，其中已解决96件、着手解决7件；解决率93.2%（96/103），着手解决的不计入。"
        in said
    )
    assert "收集建议70条，吸纳70条，采纳率100.0%（70/70）。" in said
    found, printed = _compare(
        {key: result[0] for key, result in content["figures"]["campaign"].items()}, "xianxia"
    )
    assert found == printed


def test_xianxia_all_solved_beside_96_of_103_is_caught(xianxia):
    assert _caught("xianxia", practice="群众反映的问题全部得到解决") == [
        "“工作做法（不写姓名）”写有“全部得到解决”，而解决率为 93.2%（96/103）。"
    ]
    assert _caught("xianxia", {"label": "已解决", "value": 103, "unit": "件"}) == [
        "“已解决” 103件，系统计算的已解决为 96件。"
    ]


def test_xianxia_over_200_households_beside_196_is_caught(xianxia):
    assert _caught("xianxia", {"label": "走访户数", "value": 200, "unit": "户"}) == [
        "“走访户数” 200户，系统计算的已走访户数为 196户。"
    ]


def test_xianxia_exported_and_loaded_into_an_empty_database_gives_the_same_figures(client, tmp_path):
    of = case("xianxia")["campaign"]
    original, copy = tmp_path / "original.xlsx", tmp_path / "copy.xlsx"
    original.write_bytes(workbook(cases_workbooks.xianxia()))
    with transaction.atomic():
        _load(original)
        before = _figures("xianxia", "--by", "grid")
        client.force_login(people.bob(of["area_code"]))
        answer = client.get("/reports/workbook/export/", {"campaign": of["code"]})
        copy.write_bytes(b"".join(answer.streaming_content))
        transaction.set_rollback(True)
    _load(copy)
    assert _figures("xianxia", "--by", "grid") == before


def test_printed_figures_are_all_accounted_for():
    known = {figure.key for figure in CATALOGUE}
    assert {key for name in ("wangdian", "xianxia") for key in _printed(name)} - known == set()
