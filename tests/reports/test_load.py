"""manage.py load: what it prints, in words and as JSON, how it ends, and that a large file stays small in memory."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from campaigns.models import Campaign
from tests.workbooks import CODE, GRID_A1, sample, workbook
from visits.models import Visit

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "活动.xlsx"
    file.write_bytes(workbook(sample()))
    return file


def _load(*arguments, **options):
    out, err = StringIO(), StringIO()
    call_command("load", *map(str, arguments), stdout=out, stderr=err, **options)
    assert err.getvalue() == ""
    return out.getvalue()


def _refused(*arguments):
    """(standard output, standard error, closing sentence) of a load that fails."""
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as error:
        call_command("load", *map(str, arguments), stdout=out, stderr=err)
    assert error.value.returncode == 1
    return out.getvalue(), err.getvalue(), str(error.value)


@pytest.mark.django_db
def test_load_prints_counts_by_sheet_and_its_verdict(path):
    lines = _load(path).splitlines()

    assert lines[0] == "活动：新增 1，更改 0，没有变化 0"
    assert lines[-1] == "导入完成。"
    assert _load(path).splitlines()[-1] == "没有变化。"


@pytest.mark.django_db
def test_dry_run_prints_the_same_and_writes_nothing(path):
    lines = _load(path, "--dry-run").splitlines()

    assert lines[-1] == "试运行：没有错误，什么都没有写入。"
    assert not Campaign.objects.exists()


@pytest.mark.django_db
def test_json_holds_what_the_interface_promises(path):
    first, again = json.loads(_load(path, "--json")), json.loads(_load(path, "--json"))

    assert set(first) == {"ok", "dry_run", "changed", "errors", "error_count", "sheets", "warnings"}
    assert first["sheets"]["visits"] == {"created": 3, "changed": 0, "unchanged": 0}
    assert (first["ok"], first["changed"], first["errors"], first["error_count"]) == (True, True, [], 0)
    assert (again["changed"], again["sheets"]["visits"]) == (
        False,
        {"created": 0, "changed": 0, "unchanged": 3},
    )


@pytest.mark.django_db
def test_json_of_a_refused_load_names_each_place(path, capsys):
    sheets = sample()
    sheets["走访记录"][1]["走访人"] = "W999"
    path.write_bytes(workbook(sheets))
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("load", str(path), "--json", "--dry-run", stdout=out)

    assert end.value.code == 1
    answer = json.loads(out.getvalue())
    assert (answer["ok"], answer["dry_run"], answer["changed"], answer["error_count"]) == (
        False,
        True,
        False,
        1,
    )
    assert answer["errors"] == [
        {
            "sheet": "走访记录",
            "row": 3,
            "column": "走访人",
            "value": "W999",
            "reason": "没有这个工号。请核对，或在“人员”表补上；多个工号用分号隔开。",
        }
    ]


@pytest.mark.django_db
def test_refused_load_lists_the_errors_and_ends_with_their_number(path):
    sheets = sample()
    sheets["走访对象"] += [{"对象编号": f"X{n}", "类型": "住户", "网格编码": GRID_A1} for n in range(201)]
    path.write_bytes(workbook(sheets))

    _out, err, closing = _refused(path)

    lines = err.splitlines()
    assert lines[0] == "“走访对象”第 6 行：门牌地址：必填，这里是空的。请填写。"
    assert (len(lines), lines[-1]) == (201, "……另有 1 处。")
    assert closing == "共 201 处错误，什么都没有导入。"


@pytest.mark.django_db
def test_path_that_leads_nowhere_is_a_sentence(tmp_path):
    _out, err, closing = _refused(tmp_path / "无.xlsx")

    assert err.splitlines() == [f"找不到文件 {tmp_path / '无.xlsx'}。请核对路径。"]
    assert closing == "共 1 处错误，什么都没有导入。"


@pytest.mark.django_db
def test_campaign_may_be_named_instead_of_its_sheet(path):
    _load(path)
    sheets = sample()
    one = sheets["走访记录"][1] | {"走访编号": "V100"}
    path.write_bytes(workbook({"走访记录": [one]}))

    _load(path, "--campaign", CODE)

    assert Visit.objects.get(number="V100").campaign.code == CODE


@pytest.mark.django_db
def test_warnings_are_printed_and_do_not_hinder(path):
    sheets = sample()
    sheets["宣讲活动"][1]["日期"] = "2018-06-30"
    path.write_bytes(workbook(sheets))

    lines = _load(path).splitlines()

    assert lines[0] == (
        "提醒 “宣讲活动”第 3 行：日期“2018-06-30”：早于活动第一天 2018-07-01。照样导入，但不计入任何数字。"
    )


@pytest.mark.django_db
def test_words_are_chinese_whatever_the_language_of_the_process(path):
    with translation.override("en"):
        lines = _load(path, "--dry-run").splitlines()

    assert lines[-1] == "试运行：没有错误，什么都没有写入。"


MEASURE = """
import sys, tracemalloc
import django
django.setup()
from django.core.management import call_command
from reports.loading import load
from tests.benchmarks.bench_load import make

call_command("migrate", verbosity=0, skip_checks=True)
path, peaks = sys.argv[1], []
make(path, 300)  # the first load also pays for imports and caches
assert load(path).ok
for rows, letter in ((2_000, "C"), (8_000, "D")):
    make(path, rows, letter)
    tracemalloc.start()
    outcome = load(path)
    peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert outcome.ok and outcome.changed, outcome.errors[:3]
print((peaks[1] - peaks[0]) / 6_000)
"""


def test_memory_of_a_large_load_is_bounded(tmp_path):
    """Four times the rows cost their keys and no more: no row is held, written or read, beyond its chunk."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'scratch.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "canvass.settings",
        "PYTHONPATH": str(ROOT),
    }

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "large.xlsx")],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 600, "bytes a row"
