"""Exporting a large campaign, against openpyxl writing the same cells: python tests/benchmarks/bench_export.py [ROWS]

Prints seconds, peak memory and the ratio; the goal is ≤ 1.2 × openpyxl alone and ≤ 100 MB at 200,000 rows.
Every figure comes from a process of its own, on an SQLite file of its own or on DATABASE_URL.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def fill(rows, _path):
    """A town with one visit in four rows of five, the fifth a household; two visitors each."""
    from datetime import timedelta

    from django.core.management import call_command

    from grids.models import RegisterEntry
    from tests import factories, people
    from visits.models import Visit, VisitCadre

    call_command("migrate", verbosity=0)
    campaign, _bob = factories.campaign(), people.bob()
    grids = [factories.place(f"3304111052010{number:03}").code for number in range(100)]
    cadres = [factories.cadre() for _ in range(200)]
    entries = RegisterEntry.objects.bulk_create(
        (
            RegisterEntry(number=f"H{n:06}", address=f"花溪路{n}号", grid_id=grids[n % 100], from_on=factories.FIRST_DAY)
            for n in range(rows // 5)
        ),
        batch_size=2000,
    )  # fmt: skip
    start = factories.at("2018-07-02 09:00")
    for first in range(0, rows * 4 // 5, 5000):
        visits = Visit.objects.bulk_create(
            Visit(
                campaign=campaign, number=f"V{n:07}", entry=entries[n % len(entries)],
                grid_id=entries[n % len(entries)].grid_id, started_at=start + timedelta(minutes=n % 80000),
                ended_at=start + timedelta(minutes=n % 80000 + 20), outcome="met", way="door", people_met=2,
                note="说了门口积水的事，答应三天内来看",
            )
            for n in range(first, min(first + 5000, rows * 4 // 5))
        )  # fmt: skip
        VisitCadre.objects.bulk_create(
            VisitCadre(visit=visit, cadre=cadre, name=cadre.name, category=cadre.category)
            for n, visit in enumerate(visits)
            for cadre in (cadres[n % 200], cadres[(n + 7) % 200])
        )


def export(_rows, path):
    from campaigns.models import Campaign
    from grids.models import User
    from reports.exporting import write_export

    with Path(path).open("wb") as file:
        write_export(file, Campaign.objects.get(), User.objects.get())


def write(_rows, path):
    """openpyxl alone, with the cells of the exported file already in a pickle: the floor of any exporter on it."""
    import pickle

    from openpyxl import Workbook

    book = Workbook(write_only=True)
    with Path(f"{path}.pickle").open("rb") as file:
        while True:
            name, rows = pickle.load(file)
            if name is None:
                break
            sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
            for row in rows:
                sheet.append(row)
    book.save(f"{path}.floor.xlsx")


def unpack(_rows, path):
    import pickle

    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    with Path(f"{path}.pickle").open("wb") as file:
        for sheet in book.worksheets:
            chunk = []
            for row in sheet.iter_rows(values_only=True):
                chunk.append(row)
                if len(chunk) == 2000:
                    pickle.dump((sheet.title, chunk), file)
                    chunk = []
            pickle.dump((sheet.title, chunk), file)
        pickle.dump((None, None), file)


def child(what, rows, path):
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "canvass.settings"
    django.setup()
    began, busy = time.perf_counter(), time.process_time()
    {"fill": fill, "export": export, "unpack": unpack, "write": write}[what](int(rows), path)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    print(json.dumps([seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def run(what, rows, path, url):
    done = subprocess.run(
        [sys.executable, __file__, "--child", what, str(rows), path],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    seconds, busy, peak = json.loads(done.stdout.splitlines()[-1])
    if what in ("export", "write"):
        print(f"  {what:<8} {seconds:7.1f} s  (own CPU {busy:6.1f} s)  {peak:6.0f} MB", flush=True)
    return busy


def main(rows=200_000):
    with tempfile.TemporaryDirectory() as directory:
        path = f"{directory}/export.xlsx"
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{directory}/bench.sqlite3"
        run("fill", rows, path, url)
        run("export", rows, path, url)
        run("unpack", rows, path, url)
        pairs = [(run("export", rows, path, url), run("write", rows, path, url)) for _ in range(3)]
        export_cpu, write_cpu = (sorted(values)[1] for values in zip(*pairs, strict=True))
        print(f"export / openpyxl write = {export_cpu / write_cpu:.2f} of CPU (goal 1.2)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:]))
