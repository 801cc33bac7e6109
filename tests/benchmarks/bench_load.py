"""Loading a large workbook, against reading it: python tests/benchmarks/bench_load.py [ROWS] [postgres|sqlite …]

Prints seconds, peak memory and the ratios of docs/adr: first load ≤ 1.3 × (openpyxl read + COPY and merge of the
same rows), the same file again ≤ 1.0 × the first time, ≤ 150 MB. Every figure comes from a process of its own.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def make(path, rows, letter="B"):
    """A campaign of `rows` rows: a sixth households, two thirds visits, the rest opinions and materials."""
    from openpyxl import Workbook

    from tests.workbooks import GRID_A1, GRID_A2, sample

    book = Workbook(write_only=True)
    sheets = sample()
    homes, visits, rest = rows // 6, rows * 2 // 3, rows // 12
    start = datetime(2018, 7, 2, 9, 0)
    extra = {
        "走访对象": (
            [f"{letter}{n:06}", "住户", GRID_A1 if n % 2 else GRID_A2, f"花溪路{n}号", f"户主{n}", None]
            for n in range(homes)
        ),
        "走访记录": (
            [
                f"{letter}V{n:06}", f"{letter}{n % homes:06}", start + timedelta(minutes=n % 100_000), "见面",
                "W001;W002" if n % 3 == 0 else "W001", "入户", n % 5, None, f"走访手记第{n}条，反映路灯问题",
            ]
            for n in range(visits)
        ),
        "诉求": (
            [
                f"{letter}O{n:06}", "问题", "走访", GRID_A1, start + timedelta(minutes=n), f"第{n}条原话：门口积水",
                f"{letter}V{n:06}", f"{letter}{n % homes:06}", "W001", None,
            ]
            for n in range(rest)
        ),
        "资料发放": (
            [f"{letter}M{n:06}", date(2018, 8, 1), "宣传册", GRID_A2, 1 + n % 7, f"{letter}V{n:06}"] for n in range(rest)
        ),
    }  # fmt: skip
    for name, stated in sheets.items():
        sheet = book.create_sheet(name)
        header = list(dict.fromkeys(key for row in stated for key in row))
        sheet.append(header)
        for row in stated:
            sheet.append([row.get(key) for key in header])
        for row in extra.get(name, ()):
            sheet.append(row)
    book.save(path)


def read(path):
    """openpyxl alone: the floor of any loader built on it."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for _row in sheet.iter_rows(values_only=True):
            pass


def copy_and_merge(path):
    """The same rows as text through COPY into a staging table, then merged into a table with three indexes."""
    import psycopg
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    rows = [
        tuple(None if cell is None else str(cell) for cell in (*row, *[None] * 12)[:12])
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    columns = ", ".join(f"c{n} text" for n in range(12))
    names = ", ".join(f"c{n}" for n in range(12))
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(f"CREATE TABLE bench_target (id bigserial PRIMARY KEY, {columns})")
        connection.execute("CREATE UNIQUE INDEX ON bench_target (c0)")
        connection.execute("CREATE INDEX ON bench_target (c1, c2)")
        connection.execute(f"CREATE TEMP TABLE bench_stage ({columns})")
        began = time.perf_counter()
        with connection.cursor().copy("COPY bench_stage FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(
            f"INSERT INTO bench_target ({names}) SELECT DISTINCT ON (c0) {names} FROM bench_stage "
            "WHERE c0 IS NOT NULL ON CONFLICT (c0) DO UPDATE SET c1 = excluded.c1"
        )
        connection.commit()
        return time.perf_counter() - began


def load(path):
    import django

    django.setup()
    from reports.loading import load

    outcome = load(path)
    assert outcome.ok, outcome.errors[:3]


def child(what, path, *extra):
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "canvass.settings"
    began, busy = time.perf_counter(), time.process_time()
    seconds = {"make": make, "read": read, "copy": copy_and_merge, "load": load}[what](path, *map(int, extra))
    seconds = seconds or time.perf_counter() - began
    busy = time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, busy, peak]))


def run(what, path, *extra, **environment):
    done = subprocess.run(
        [sys.executable, __file__, "--child", what, path, *map(str, extra)],
        cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    seconds, busy, peak = json.loads(done.stdout.splitlines()[-1])
    print(f"  {what:<8} {seconds:7.1f} s  (own CPU {busy:6.1f} s)  {peak:6.0f} MB", flush=True)
    return seconds


def bench(path, name, url, floor):
    print(name)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )
    if name == "PostgreSQL":
        floor += run("copy", path, DATABASE_URL=url)
    first = run("load", path, DATABASE_URL=url)
    again = run("load", path, DATABASE_URL=url)
    print(
        f"  first load {first / floor:.2f} × the floor, the same file again {again / first:.2f} × the first"
    )


def main(arguments):
    import postgres

    rows = next((int(a) for a in arguments if a.isdigit()), 150_000)
    wanted = [a for a in arguments if not a.isdigit()] or ["sqlite", "postgres"]
    with tempfile.TemporaryDirectory(prefix="canvass-bench-") as scratch:
        path = str(Path(scratch) / "large.xlsx")
        run("make", path, rows)
        print(f"{rows} rows, {Path(path).stat().st_size / 2**20:.1f} MB")
        floor = run("read", path)
        if "sqlite" in wanted:
            bench(path, "SQLite", f"sqlite:///{scratch}/bench.sqlite3", floor)
        if "postgres" in wanted:
            with postgres.cluster() as url:
                bench(path, "PostgreSQL", url, floor)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        sys.path.insert(0, str(ROOT / "tests"))
        main(sys.argv[1:])
