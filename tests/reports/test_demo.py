"""The demo: a believable campaign, a sign-in for every role, and the same again when it is run again."""

import json
import socket
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaigns.models import Campaign
from canvass.roles import Role
from grids.models import Posting, RegisterEntry, User
from issues.importers import DeedImporter
from issues.models import Issue
from reports.management.commands import demo
from reports.seed import FULL, QUICK, Plan, campaign_sheets, history, stages
from reports.seed.accounts import password_of
from reports.seed.plan import CODE
from visits.models import Opinion, Visit, VisitStep

SMALL = Plan(
    villages=3,
    grids=8,
    households=120,
    teams=12,
    team_members=16,
    opinions=60,
    policy_talks=4,
    evening_talks=6,
    people={"网格长": 8, "专职网格员": 8, "镇机关干部": 8, "志愿者": 4, "村社干部": 4},
)
# No statement about the demo depends on the time of day at which a test runs.
NOON = timezone.make_aware(timezone.datetime(2026, 11, 18, 12, 30))


@pytest.fixture
def small(monkeypatch):
    """The command builds the smallest campaign that has everything."""
    monkeypatch.setattr(demo, "QUICK", SMALL)


def _run(*arguments):
    output = StringIO()
    call_command("demo", "--no-serve", *arguments, stdout=output)
    return output.getvalue()


def _contents():
    """Every row of every table of ours, without the passwords' last use."""
    labels = ("grids", "campaigns", "visits", "issues", "reports")
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in labels
    }


def _figures():
    output = StringIO()
    call_command("figures", "--campaign", CODE, "--json", stdout=output)
    return {key: figure["value"] for key, figure in json.loads(output.getvalue())["figures"].items()}


# --- The rows -------------------------------------------------------------------------------------------------


def _cells(plan, now):
    return campaign_sheets(plan, now.replace(tzinfo=None))


def test_rows_are_the_same_for_the_same_day():
    assert _cells(SMALL, NOON) == _cells(SMALL, NOON)


def test_rows_of_the_quick_demo_have_the_promised_size():
    sheets = _cells(QUICK, NOON)
    kinds = Counter(row["类型"] for row in sheets["网格"])
    villages = [row for row in sheets["区划"] if len(row["区划代码"]) == 12]
    homes = [row for row in sheets["走访对象"] if row["类型"] == "住户"]
    assert (len(villages), len(sheets["网格"]), kinds.keys()) == (24, 118, {"综合", "专属", "微"})
    assert 3000 <= len(homes) <= 3050
    assert {row["类别"] for row in sheets["队伍"]} == {
        "结对部门", "镇村干部", "三官一师", "两代表一委员", "志愿者", "普通党员",
    }  # fmt: skip


@pytest.fixture(scope="module")
def full():
    return _cells(FULL, NOON)


def test_rows_of_the_full_demo_have_the_published_size(full):
    people = {row["工号"]: row for row in full["人员"] if row["角色"] in ("走访人员", "网格长")}
    members = [row["队伍"] for row in people.values() if "队伍" in row]
    assert (len(people), len(members), len(set(members))) == (2114, 1344, 112)


def test_residents_say_many_different_things_about_all_categories():
    sheets = _cells(QUICK, NOON)
    words = {row["原话"] for row in sheets["诉求"]}
    categories = {row["类别代码"][:2] for row in sheets["问题"]}
    natures = Counter(row["性质"] for row in sheets["诉求"])
    assert len(words) >= 90
    # Suggestions get an answer and misconduct is restricted: neither becomes an issue here.
    assert categories >= {f"{n:02}" for n in range(1, 20)} | {"21"}
    assert natures["举报"] == 1
    assert set(natures) == {"问题", "建议", "咨询", "求助", "投诉", "举报", "表扬"}


def test_nobody_visits_more_than_forty_doors_a_day(full):
    doors = Counter(
        (number, row["开始时间"].date()) for row in full["走访记录"] for number in row["走访人"].split(";")
    )
    assert max(doors.values()) <= 40


def test_notes_are_no_copies():
    """The same text in five visits of one author is a warning sign: the demo must not look made up."""
    authors = Counter(
        (row["走访人"].split(";")[0], row["手记"])
        for row in _cells(QUICK, NOON)["走访记录"]
        if row["结果"] == "见面" and "手记" in row
    )
    assert max(authors.values()) < 5


# --- The command ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_demo_prints_a_sign_in_that_works_for_every_role(small, client):
    printed = _run()
    for role in Role:
        line = next(line.split() for line in printed.splitlines() if f" {role.value} " in line)
        assert line == [str(role.label), role.value, password_of(role), line[3]]
        user = User.objects.get(username=role.value)
        assert (user.check_password(line[2]), user.reach.has(role), user.is_superuser) == (True, True, False)
        client.force_login(user)
        start = client.get("/")
        assert (start.status_code, start.url) == (302, line[3])
        assert client.get(start.url).status_code == 200
    assert printed.rstrip().splitlines()[-1].startswith("打开 http://127.0.0.1:8000/")


@pytest.mark.django_db
def test_demo_is_a_running_campaign_in_its_ninth_week(small):
    _run()
    campaign, today = Campaign.objects.get(code=CODE), timezone.localdate()
    assert (campaign.state, campaign.area_id) == ("running", "330411105")
    assert (campaign.duty_name, campaign.duty_phone) == stages.DUTY
    assert (today - campaign.first_on).days // 7 == 8
    assert campaign.last_on > today
    assert not Visit.objects.filter(started_at__gt=timezone.now()).exists()


@pytest.mark.django_db
def test_demo_has_every_lot_of_households_and_its_figures_add_up(small):
    _run()
    found = _figures()
    lots = ("visited", "not_in", "vacant", "refused", "remote", "untried")
    assert found["households"] == 120 == sum(found[f"households_{lot}"] for lot in lots)
    assert found["issues_open"] + found["issues_closed"] == found["issues_accepted"]
    assert found["late_filed_share"] > 0
    assert found["issues_overdue"] > 0


@pytest.mark.django_db
def test_demo_history_went_through_the_doors(small):
    _run()
    filed = Visit.objects.filter(origin=Visit.Origin.FORM)
    moves = Counter(VisitStep.objects.values_list("move", flat=True))
    assert filed.filter(state="void").count() == 1
    assert {move: moves[move] for move in ("checked", "sent_back", "corrected", "voided")} == {
        "checked": 2, "sent_back": 1, "corrected": 1, "voided": 1,
    }  # fmt: skip
    closed = Issue.objects.get(title="弄堂口路灯不亮")
    steps = list(closed.steps.values_list("move", "by__username"))
    assert steps == [
        ("accept", "campaign_office"),
        ("assign", "campaign_office"),
        ("sign", "unit_clerk"),
        ("reply", "unit_head"),
        ("ask", "campaign_office"),
        ("close", "campaign_office"),
    ]
    assert RegisterEntry.objects.filter(periods__to_on__isnull=False).count() == 2


@pytest.mark.django_db
def test_demo_misconduct_report_is_seen_by_discipline_alone(small):
    _run()
    report = Opinion.objects.get(nature="report")
    seen = {
        role
        for role in Role
        if Opinion.objects.visible_to(User.objects.get(username=role.value)).filter(pk=report.pk).exists()
    }
    assert seen == {Role.DISCIPLINE}


@pytest.mark.django_db
def test_demo_run_again_changes_no_row(small):
    _run()
    before = _contents()
    printed = _run()
    assert _contents() == before
    assert "原样保留" in printed


@pytest.mark.django_db
def test_demo_run_again_keeps_what_people_changed(small):
    _run()
    Campaign.objects.filter(code=CODE).update(name="改过的名称")
    RegisterEntry.objects.filter(number="WDH00001").update(holder_name="改过的户名")
    visitor = User.objects.get(username="visitor")
    visitor.set_password("another-word-2026")
    visitor.save()
    clerk = User.objects.get(username="unit_clerk").cadre
    Posting.objects.filter(cadre=clerk).update(to_on=timezone.localdate() - timedelta(days=1))
    before = _contents()
    printed = _run()
    assert _contents() == before
    assert "visitor-2018" not in printed
    assert next(line for line in printed.splitlines() if " visitor " in line).split()[2] == "（已改）"


@pytest.mark.django_db
def test_demo_full_over_a_quick_one_doubles_nothing(small):
    _run()
    before = _contents()
    _run("--full")
    assert _contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["load", "add_accounts", "add_history"])
def test_demo_interrupted_is_taken_up_again(small, monkeypatch, stage):
    """The power fails in the middle of a stage; the next run ends where an undisturbed one would."""
    with monkeypatch.context() as interrupted:
        broken = {
            "load": (DeedImporter, "write"),
            "add_accounts": (stages, "add_accounts"),
            "add_history": (history._Story, "_inspect"),
        }[stage]
        interrupted.setattr(*broken, _power_cut)
        with pytest.raises(KeyboardInterrupt):
            _run()
    _run()
    assert User.objects.filter(username__in=[role.value for role in Role]).count() == len(Role)
    assert Visit.objects.filter(origin=Visit.Origin.FORM).count() == 18
    before = _contents()
    _run()
    assert _contents() == before


def _power_cut(*arguments, **options):
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_demo_gives_nobody_elses_account_away(small):
    stranger = User.objects.create_user("discipline", password="mine-alone-2026")
    printed = _run()
    stranger.refresh_from_db()
    assert stranger.check_password("mine-alone-2026")
    assert not hasattr(stranger, "cadre")
    assert "discipline-2018" not in printed


@pytest.mark.django_db
def test_demo_on_a_public_site_has_no_known_password(small, settings):
    settings.PUBLIC = True
    printed = _run()
    users = User.objects.filter(username__in=[role.value for role in Role])
    assert users.count() == len(Role)
    assert [user.username for user in users if user.check_password(password_of(Role(user.username)))] == []
    assert "-2018" not in printed


@pytest.mark.django_db
def test_demo_that_does_not_fit_says_why_and_writes_nothing(small):
    from tests import factories

    factories.household("3411222012010001", number="WDH00001")
    before = _contents()
    with pytest.raises(CommandError, match="换一个空数据库"):
        _run()
    assert _contents() == before


@pytest.mark.django_db
def test_demo_says_clearly_that_the_port_is_taken(small, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr(demo, "PORT", other.getsockname()[1])
        with pytest.raises(CommandError, match=f"端口 {demo.PORT} 已被占用"):
            call_command("demo", stdout=StringIO())
    assert Campaign.objects.filter(code=CODE).exists()
