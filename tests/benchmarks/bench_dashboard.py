"""The dashboard request and the `figures` command at growing numbers of visits, as ratios to the first one.

    python tests/benchmarks/bench_dashboard.py 10000 100000                              # SQLite
    python tests/postgres.py -- python tests/benchmarks/bench_dashboard.py 10000 100000  # PostgreSQL
    … --keep DIRECTORY                      leaves the SQLite files there
    … --slowest 10                          also prints the slowest queries of the dashboard

Each number gets a scratch database of its own: one town, 20 villages, a household for three visits, an
opinion for five, an issue for twenty. Median of five requests after one that warms up.
"""

import argparse
import io
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
TOWN, VILLAGES, GRIDS_EACH, CADRES = "330411105", 20, 6, 500
FIRST, DAYS = date(2018, 7, 1), 92
AS_OF, WEEK = "2018-09-30", "2018-W36"
CHUNK = 5000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("visits", nargs="+", type=int)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--slowest", type=int, default=0)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.visits[0], options.slowest)
    first = None
    print(
        f"{'visits':>10} {'fill s':>8} {'dashboard ms':>13} {'×':>6} {'queries':>8} {'figures ms':>11} {'×':>6}"
    )
    with tempfile.TemporaryDirectory() as directory:
        for number in options.visits:
            url = scratch(number, options.keep or Path(directory))
            command = [sys.executable, __file__, str(number), "--child", "--slowest", str(options.slowest)]
            answer = subprocess.run(
                command, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True
            )
            line, _, rest = answer.stdout.partition("\n")
            fill, page, queries, figures = map(float, line.split())
            first = first or (page, figures)
            print(
                f"{number:>10,} {fill:>8.1f} {page:>13.0f} {page / first[0]:>6.2f} {queries:>8.0f} "
                f"{figures:>11.0f} {figures / first[1]:>6.2f}"
            )
            print(rest, end="", flush=True)
    return 0


def scratch(number, directory):
    """The URL of a database of its own."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return f"sqlite:///{directory / f'dashboard-{number}.sqlite3'}"
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE dashboard_{number}")
    return urlsplit(server)._replace(path=f"/dashboard_{number}").geturl()


def child(number, slowest):
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "canvass.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.urls import resolve

    resolve("/reports/")  # everything is imported before the clocks start
    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    leader = fill(number)
    filled = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    page, queries = time_page(leader)
    figures = time_command()
    print(filled, page, len(queries), figures)
    for query in sorted(queries, key=lambda query: -float(query["time"]))[:slowest]:
        print(f"  {float(query['time']) * 1000:7.0f} ms  {query['sql'][:1500]}\n")
    return 0


def time_page(leader):
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(leader)

    def ask():
        page = client.get("/reports/", {"as_of": AS_OF, "week": WEEK})
        assert page.status_code == 200, page.status_code

    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = captured.captured_queries
    return median_ms(ask, 5), queries


def time_command():
    from django.core.management import call_command

    def ask():
        call_command("figures", campaign="bench", as_of=AS_OF, json=True, stdout=io.StringIO())

    return median_ms(ask, 3)


def median_ms(ask, times):
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


# --- A campaign of so many visits ------------------------------------------------------------------------------


def fill(number):
    """Places, people and records; returns the user who reads the dashboard."""
    from django.db import transaction

    chance = random.Random(number)
    with transaction.atomic():
        grids = fill_places()
        campaign, cadres, leader = fill_people(grids)
        homes = fill_register(number // 3, grids)
        fill_visits(campaign, homes, cadres, number, chance)
        fill_words(campaign, grids, number, chance)
    return leader


def in_chunks(model, rows):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            model.objects.bulk_create(batch)
            batch = []
    model.objects.bulk_create(batch)


def fill_places():
    from tests import factories

    grids = []
    for village in range(1, VILLAGES + 1):
        code = f"{TOWN}{200 + village}"
        factories.place(code, name=f"第{village}村")
        for grid in range(1, GRIDS_EACH + 1):
            grids.append(factories.place(f"{code}0{grid:03d}", name=f"第{village}村{grid}网格").code)
    return grids


def fill_people(grids):
    from canvass.roles import Role
    from tests import factories, people

    campaign = factories.campaign(code="bench", first_on=FIRST, last_on=FIRST + timedelta(days=DAYS))
    offices = [factories.department(f"单位{number}") for number in range(40)]
    cadres = [factories.cadre(f"人{n}", department=offices[n % len(offices)]) for n in range(CADRES)]
    for number, cadre in enumerate(cadres):
        factories.posting(cadre, Role.VISITOR, grids[number % len(grids)])
    factories.team(campaign, *cadres[:50], code=TOWN)
    return campaign, cadres, people.leader()


def fill_register(number, grids):
    from grids.models import RegisterEntry, RegisterPeriod

    def entries():
        for index in range(number):
            kind = "enterprise" if index % 50 == 7 else "school" if index % 500 == 3 else "household"
            state = "vacant" if index % 12 == 5 else "active"
            yield RegisterEntry(
                number=f"B{index}",
                kind=kind,
                address=f"和平路{index}号",
                grid_id=grids[index % len(grids)],
                state=state,
                from_on=FIRST,
            )

    in_chunks(RegisterEntry, entries())
    homes = list(RegisterEntry.objects.order_by("pk").values_list("pk", "grid_id", "state"))
    in_chunks(
        RegisterPeriod,
        (RegisterPeriod(entry_id=pk, grid_id=grid, state=state, from_on=FIRST) for pk, grid, state in homes),
    )
    return homes


def fill_visits(campaign, homes, cadres, number, chance):
    from tests.factories import at
    from visits.models import Visit, VisitCadre

    outcomes = ["met"] * 70 + ["not_in"] * 15 + ["vacant"] * 6 + ["refused"] * 4 + ["remote"] * 4 + ["moved"]
    start = at(f"{FIRST} 08:00")

    def made():
        for index in range(number):
            pk, grid, _state = homes[chance.randrange(len(homes))]
            outcome = chance.choice(outcomes)
            moment = start + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(13 * 60))
            yield Visit(
                campaign=campaign,
                number=f"V{index}",
                entry_id=pk,
                grid_id=grid,
                started_at=moment,
                outcome=outcome,
                people_met=2 if outcome == "met" else None,
                origin="form" if index % 2 else "workbook",
                filed_at=moment + timedelta(hours=chance.randrange(30)),
                state="void" if index % 200 == 9 else "filed",
                voided_at=moment + timedelta(days=1) if index % 200 == 9 else None,
            )

    in_chunks(Visit, made())

    def takers():
        for index, pk in enumerate(Visit.objects.order_by("pk").values_list("pk", flat=True).iterator()):
            for cadre in {cadres[index % CADRES], cadres[(index * 7 + 3) % CADRES]}:
                yield VisitCadre(
                    visit_id=pk,
                    cadre=cadre,
                    name=cadre.name,
                    category=cadre.category,
                    department_id=cadre.department_id,
                    department_name=cadre.department.name,
                )

    in_chunks(VisitCadre, takers())


def fill_words(campaign, grids, number, chance):
    from grids.models import Department
    from issues.models import FollowUp, Issue, IssueStep
    from tests.factories import at
    from visits.models import Handout, Opinion

    offices = list(Department.objects.all())
    start = at(f"{FIRST} 08:00")
    natures = ["problem", "suggestion", "question", "praise"]
    in_chunks(
        Opinion,
        (
            Opinion(
                campaign=campaign,
                number=f"O{index}",
                nature=natures[index % 4],
                source="visit",
                place_id=grids[index % len(grids)],
                heard_at=start + timedelta(days=index % DAYS),
                words_verbatim="一下雨门口就积水，盼着早点修好",
            )
            for index in range(number // 5)
        ),
    )
    in_chunks(
        Handout,
        (
            Handout(
                campaign=campaign,
                number=f"M{index}",
                kind="booklet",
                given_on=FIRST + timedelta(days=index % DAYS),
                place_id=grids[index % len(grids)],
                copies=3,
            )
            for index in range(number // 10)
        ),
    )
    in_chunks(Issue, issues(campaign, grids, offices, number // 20, start, chance))
    rows = list(Issue.objects.values_list("pk", "state", "registered_at", "state_since", "outcome"))

    def steps():
        for pk, state, registered, since, outcome in rows:
            yield IssueStep(issue_id=pk, move="imported", to_state="accepted", at=registered)
            if state != "accepted":
                yield IssueStep(issue_id=pk, move="imported", to_state=state, at=since, outcome=outcome)

    in_chunks(IssueStep, steps())
    in_chunks(
        FollowUp,
        (
            FollowUp(issue_id=pk, at=since, result="solved", satisfaction="satisfied")
            for pk, state, _registered, since, _outcome in rows
            if state == "closed"
        ),
    )


def issues(campaign, grids, offices, number, start, chance):
    from issues.models import Issue

    categories = [f"{code:02d}" for code in range(1, 11)]
    for index in range(number):
        registered = start + timedelta(days=chance.randrange(DAYS - 20))
        assigned, replied = registered + timedelta(days=1), registered + timedelta(days=8)
        state = chance.choice(["accepted", "in_progress", "in_progress", "closed", "closed", "closed"])
        held = state != "accepted"
        closed = state == "closed"
        yield Issue(
            campaign=campaign,
            number=f"I{index}",
            title="门口积水",
            category_id=categories[index % len(categories)],
            level="town",
            place_id=grids[index % len(grids)],
            registered_at=registered,
            state=state,
            state_since=replied if closed else assigned if held else registered,
            lead_department=offices[index % len(offices)] if held else None,
            assigned_at=assigned if held else None,
            first_assigned_at=assigned if held else None,
            due_at=registered + timedelta(days=7 + index % 5) if held else None,
            replied_at=replied if closed else None,
            first_replied_at=replied if closed else None,
            closed_at=replied if closed else None,
            first_closed_at=replied if closed else None,
            outcome="substantive" if closed else "",
        )


if __name__ == "__main__":
    sys.exit(main())
