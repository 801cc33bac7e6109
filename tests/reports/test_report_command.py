"""manage.py report daily|weekly: issue and write both files."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports.models import PublishedReport
from tests.factories import cadre, campaign, household, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    made = campaign()
    visit(made, household(), by=[cadre()])
    return made


def run(out, *arguments, kind="weekly", date="2018-09-06", code="wangdian-2018"):
    said, complained = StringIO(), StringIO()
    call_command(
        "report", kind, "--campaign", code, "--date", date, "--out", str(out), *arguments,
        stdout=said, stderr=complained,
    )  # fmt: skip
    return said.getvalue(), complained.getvalue()


def files(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.parametrize(("kind", "period"), [("weekly", "2018-W36"), ("daily", "2018-09-06")])
def test_report_is_issued_and_both_files_hold_its_bytes(of, tmp_path, kind, period):
    said, complained = run(tmp_path / "new", kind=kind)

    report = PublishedReport.objects.get()
    assert (report.kind, report.period, report.edition) == (kind, period, 1)
    assert files(tmp_path / "new") == {
        f"wangdian-2018-{kind}-{period}-1.docx": bytes(report.docx),
        f"wangdian-2018-{kind}-{period}-1.xlsx": bytes(report.xlsx),
    }
    assert "已发出：" in said
    assert complained == ""


def test_same_period_again_with_nothing_changed_gives_the_same_bytes_and_says_so(of, tmp_path):
    run(tmp_path)
    before = files(tmp_path)

    said, _complained = run(tmp_path)

    assert "内容没有变化" in said
    assert files(tmp_path) == before
    assert PublishedReport.objects.count() == 1


def test_same_period_again_after_a_change_is_a_correction_that_explains_itself(of, tmp_path):
    run(tmp_path)
    visit(of, household(), by=[cadre()])

    run(tmp_path)

    second = PublishedReport.objects.get(edition=2)
    assert second.correction.startswith("按现有数据重新生成；补录走访1条；")
    assert len(files(tmp_path)) == 4


def test_failed_check_exits_with_1_and_writes_nothing(of, tmp_path):
    visit(of, household())

    with pytest.raises(CommandError, match="走访户次 2，大于走访干部人次 1") as refusal:
        run(tmp_path)

    assert refusal.value.returncode == 1
    assert not PublishedReport.objects.exists()
    assert files(tmp_path) == {}


def test_force_issues_all_the_same_and_the_report_says_so(of, tmp_path):
    visit(of, household())

    _said, complained = run(tmp_path, "--force")

    assert "必须处理：走访户次 2，大于走访干部人次 1。" in complained
    [said] = PublishedReport.objects.get().content["stamp"]["overruled"]
    assert said["reason"] == "命令行指定照发（--force）"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"date": "2018-13-01"}, "不是日期"),
        ({"date": "昨天"}, "不是日期"),
        ({"date": "2090-01-01"}, "还没有到"),
        ({"date": "2018-06-01"}, "活动开始之前"),
        ({"code": "none"}, "没有活动“none”。现有活动：wangdian-2018"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(of, tmp_path, changed, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(tmp_path, **changed)

    assert not PublishedReport.objects.exists()


def test_directory_that_cannot_be_written_is_named(of, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="写不到"):
        run(tmp_path / "file")
