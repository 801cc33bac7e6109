"""The ledger's list, its filters and its search at growing numbers of issues, as ratios to the first one.

    python tests/benchmarks/bench_search.py 1000 100000                              # SQLite
    python tests/postgres.py -- python tests/benchmarks/bench_search.py 1000 100000  # PostgreSQL
    … --keep DIRECTORY                      leaves the SQLite files there, and finds them there again
    … --plans                               also prints the slowest statement of each page and its plan

Each number gets a scratch database of its own: one town, 20 villages, 40 departments, one to three residents'
words an issue. Median of seven requests after one that warms up. "Scan" is the plain condition without the index.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from tests.benchmarks.bench_dashboard import FIRST, TOWN, fill_places, in_chunks  # noqa: E402

TIMES = 7
RARE, RARER, COMMON, NOWHERE = "鼹鼠", "鼹鼠打洞", "积水", "貔貅"
WHERE = "门口 巷子里 村东头 河边 桥头 菜场旁 学校门前 公交站 小区北门 田埂上 老街 卫生室 晒场 码头 二楼 楼道"
WHAT = (
    "一下雨就积水 路灯坏了半年 垃圾没人清运 水管老是爆 井盖松动 噪声太大睡不着 河水发臭 电压不稳 网络信号差 "
    "道路坑坑洼洼 停车没有地方 医保报销太慢 养老金还没到账 宅基地批不下来 田里灌不上水 野狗伤人 油烟直排 "
    "违章搭建没人管 围墙快倒了 公厕太脏 台阶太高轮椅上不去 树枝压着电线 施工扬尘很大 拆迁款没结清 化粪池满溢"
)
WISH = (
    "盼着早点修好 希望有人来看看 打过几次电话没有回音 去年就反映过 老人小孩都不方便 请给个说法 邻居也这么说"
)
NAMES = "水利 农办 城建 环保 民政 交通 供电 卫生 教育 司法 安监 综治 财政 国土 文化 市场 社保 信访 城管 林业"
STATES = ["accepted"] * 10 + ["in_progress"] * 30 + ["replied"] * 3 + ["closed"] * 55 + ["void"] * 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("issues", nargs="+", type=int)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.issues[0], options.plans)
    found = {}
    with tempfile.TemporaryDirectory() as directory:
        for number in options.issues:
            url = scratch(number, options.keep or Path(directory))
            command = [sys.executable, __file__, str(number), "--child", *["--plans"] * options.plans]
            answer = subprocess.run(
                command, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True
            )
            line, _, rest = answer.stdout.partition("\n")
            found[number] = json.loads(line)
            print(rest, end="", flush=True)
    show(found)
    return 0


def show(found):
    first, last = min(found), max(found)
    print(
        f"{'page, ms at so many issues':<44}" + "".join(f"{n:>10,}" for n in found) + f"{'×':>8}{'rows':>6}"
    )
    for name in found[last]:
        spent = [found[number][name][0] for number in found]
        times = found[last][name][0] / found[first][name][0]
        # Chinese characters are two columns wide.
        width = 44 - sum(ord(letter) > 0x2E7F for letter in name)
        print(
            f"{name:<{width}}"
            + "".join(f"{ms:>10.1f}" for ms in spent)
            + f"{times:>8.2f}{found[last][name][1]:>6}"
        )


def scratch(number, directory):
    """The URL of a database of its own."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return f"sqlite:///{directory / f'search-{number}.sqlite3'}"
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE search_{number}")
    return urlsplit(server)._replace(path=f"/search_{number}").geturl()


def child(number, plans):
    os.environ["DJANGO_SETTINGS_MODULE"] = "canvass.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.urls import resolve

    resolve("/issues/")  # everything is imported before the clocks start
    call_command("migrate", verbosity=0)
    from issues.models import Issue

    start = time.perf_counter()
    if not Issue.objects.exists():
        fill(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    filled = time.perf_counter() - start
    found, slow = measure(plans)
    print(json.dumps({"(fill, s)": [filled, 0]} | found))
    for line in slow:
        print(line)
    return 0


# --- What is asked ---------------------------------------------------------------------------------------------


def pages():
    """{name: (user, query)}"""
    from canvass.roles import Role
    from grids.models import Department, Posting
    from issues.models import Issue

    def one(role):
        return Posting.objects.filter(role=role, cadre__user__isnull=False).first().cadre.user

    office, village = one(Role.CAMPAIGN_OFFICE), one(Role.VILLAGE_OFFICE)
    clerk, visitor = one(Role.UNIT_CLERK), one(Role.VISITOR)
    deep = Issue.objects.order_by("-registered_at", "-pk")[int(Issue.objects.count() * 0.9)]
    key = f"{deep.registered_at.timestamp():.6f}_{deep.pk}"
    lead = str(Department.objects.order_by("pk")[3].pk)
    place = Posting.objects.get(cadre__user=village).place_id
    title = Issue.objects.order_by("pk")[500].title
    found = {
        f"office, {lot}": (office, {"lot": lot}) for lot in ("open", "overdue", "answered", "closed", "all")
    }
    found["office, all, deep"] = (office, {"lot": "all", "after": key})
    found["office, open, deep"] = (office, {"after": key})
    for name, query in {
        "department": {"department": lead},
        "category": {"category": "03"},
        "level": {"level": "county"},
        "place": {"place": place},
        "all four": {"department": lead, "category": "03", "level": "town", "place": place},
    }.items():
        found[f"office, filter by {name}"] = (office, {"lot": "all", **query})
    for who, user in {"village": village, "department": clerk, "visitor": visitor}.items():
        found[f"{who}, open"] = (user, {})
    words = {
        "rare word": RARE, "rare longer word": RARER, "common word": COMMON, "word said nowhere": NOWHERE,
        "long sentence": "路灯坏了半年希望有人来看看", "one character": "鼹", "number": "WT000400",
        "end of a number": "0400", "place": "第7村3网格", "department": "信访二所", "category": "环境", "title": title,
    }  # fmt: skip
    for name, text in words.items():
        found[f"office, search {name}"] = (office, {"lot": "all", "q": text})
    found["office, search common word, overdue"] = (office, {"lot": "overdue", "q": COMMON})
    for who, user in {"village": village, "department": clerk, "visitor": visitor}.items():
        for name in ("rare word", "common word", "word said nowhere"):
            found[f"{who}, search {name}"] = (user, {"lot": "all", "q": words[name]})
    return found


def measure(plans):
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found, slow = {}, []
    for name, (user, query) in pages().items():
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(user)

        def ask(client=client, query=query):
            page = client.get("/issues/", query)
            assert page.status_code == 200, page.status_code
            return page.content.count(b'<li class="card">')

        with CaptureQueriesContext(connection) as captured:
            rows = ask()
        queries = captured.captured_queries
        found[name] = [median_ms(ask), rows]
        if plans:
            slow += explained(name, queries)
    return found | scans(), slow


def scans():
    """The same words without the index: as the ledger searched before, and over the words alone."""
    from django.utils import timezone

    from canvass.roles import Role
    from grids.models import User
    from issues.models import Issue
    from issues.search import matches
    from visits.models import Opinion

    office = User.objects.filter(cadre__postings__role=Role.CAMPAIGN_OFFICE).first()
    found = {}
    for name, text in (("rare word", RARE), ("common word", COMMON)):
        said = Opinion.objects.filter(words_verbatim__icontains=text)
        found[f"(scan of the words alone, {name})"] = [median_ms(lambda said=said: said.count()), 0]
    for name, text in (("rare word", RARE), ("common word", COMMON)):
        rows = Issue.objects.filter(matches(text, office)).filter(registered_at__lt=timezone.now())
        found[f"(scan, {name})"] = [median_ms(lambda rows=rows: list(rows[:31])), 0]
    return found


def explained(name, queries):
    from django.db import connection

    slowest = max(queries, key=lambda query: float(query["time"]))
    yield f"--- {name}: {len(queries)} statements, slowest {slowest['time']} s"
    explain = "EXPLAIN (ANALYZE, COSTS OFF) " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    yield slowest["sql"][:3000]
    with connection.cursor() as cursor:
        cursor.execute(explain + slowest["sql"])
        yield from (f"  {row[-1]}" for row in cursor.fetchall())


def median_ms(ask, times=TIMES):
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


# --- A town of so many issues ----------------------------------------------------------------------------------


def fill(number):
    from django.db import transaction

    chance = random.Random(number)
    with transaction.atomic():
        grids = fill_places()
        campaign, offices, collectors = fill_people(grids)
        in_chunks(*fill_issues(campaign, grids, offices, number, chance))
        fill_words(campaign, grids, collectors, chance)


def fill_people(grids):
    from canvass.roles import Role
    from tests import factories, people

    campaign = factories.campaign(code="bench", first_on=FIRST, last_on=FIRST + timedelta(days=400))
    offices = [factories.department(f"{name}{rank}所") for name in NAMES.split() for rank in "一二"]
    people.bob(TOWN)
    people.village_office(grids[40][:12])
    people.clerk(offices[5])
    visitor = people.alice(grids[41])
    others = [factories.cadre(f"人{n}") for n in range(300)]
    for n, other in enumerate(others):
        factories.posting(other, Role.VISITOR, grids[n % len(grids)])
    return campaign, offices, [visitor.cadre, *others]


def sentence(chance, glyphs):
    """Varied words: a place, a trouble, a wish and a few characters that nobody could list."""
    where, what, wish = (chance.choice(words.split()) for words in (WHERE, WHAT, WISH))
    noise = "".join(chance.choice(glyphs) for _ in range(chance.randrange(2, 9)))
    parts = [where, what, noise, wish]
    return "，".join(parts[: chance.randrange(2, 5)]) + chance.choice("。！；")


def fill_issues(campaign, grids, offices, number, chance):
    from issues.enums import IssueLevel
    from issues.models import Category, Issue
    from tests.factories import at

    categories = sorted(
        Category.objects.exclude(code__startswith="20").filter(parent=None).values_list("code", flat=True)
    )
    start, now_on, levels = at(f"{FIRST} 08:00"), at("2026-09-01"), list(IssueLevel)
    glyphs = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]

    def made():
        for index in range(number):
            registered = start + timedelta(minutes=index * 500_000 // number, seconds=chance.randrange(60))
            assigned, replied = registered + timedelta(days=1), registered + timedelta(days=8)
            state = chance.choice(STATES)
            held, done = state not in ("accepted", "void"), state in ("replied", "closed")
            late = chance.randrange(20) == 0
            yield Issue(
                campaign=campaign,
                number=f"WT{index:06d}",
                title=sentence(chance, glyphs)[:40],
                category_id=categories[index % len(categories)],
                level=levels[chance.choice([0, 1, 1, 1, 1, 2])],
                place_id=chance.choice(grids),
                registered_at=registered,
                state=state,
                state_since=replied if done else assigned if held else registered,
                lead_department=chance.choice(offices) if held else None,
                assigned_at=assigned if held else None,
                first_assigned_at=assigned if held else None,
                due_at=(registered + timedelta(days=7) if late else now_on + timedelta(days=400))
                if held
                else None,
                replied_at=replied if done else None,
                first_replied_at=replied if done else None,
                closed_at=replied if state == "closed" else None,
                first_closed_at=replied if state == "closed" else None,
                outcome="substantive" if done else "",
            )

    return Issue, made()


def fill_words(campaign, grids, collectors, chance):
    from issues.models import Issue, IssueOpinion
    from visits.models import Opinion

    glyphs = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]
    issues = list(Issue.objects.order_by("pk").values_list("pk", "place_id", "registered_at"))
    owners = [row for row in issues for _ in range(chance.randrange(1, 4))]
    rare = set(chance.sample(range(len(owners)), 12))

    def said():
        for index, (_pk, place, registered) in enumerate(owners):
            words = sentence(chance, glyphs) + (f"地里有{RARER}" if index in rare else "")
            yield Opinion(
                campaign=campaign,
                number=f"O{index}",
                nature="problem",
                source="visit",
                place_id=place,
                heard_at=registered,
                words_verbatim=words,
                collector=chance.choice(collectors),
            )

    in_chunks(Opinion, said())
    keys = Opinion.objects.order_by("pk").values_list("pk", flat=True)
    in_chunks(
        IssueOpinion,
        (
            IssueOpinion(issue_id=issue, opinion_id=opinion)
            for (issue, *_rest), opinion in zip(owners, keys, strict=True)
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
