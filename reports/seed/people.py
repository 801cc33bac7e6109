"""Departments, teams, and everybody on the roster."""

from .places import person_name, villages
from .plan import TOWN

# Who answers for the issues of a category (its first two digits).
RESPONSIBLE = {
    "01": "王店镇生态环境办公室",
    "02": "王店镇征迁安置办公室",
    "03": "王店镇自然资源所",
    "04": "王店镇交通管理站",
    "0402": "王店镇城乡建设办公室",
    "05": "王店镇水利站",
    "06": "王店供电所",
    "07": "王店镇城乡建设办公室",
    "08": "王店镇社区建设办公室",
    "09": "王店镇社会事务办公室",
    "10": "王店镇劳动保障所",
    "11": "秀洲区教育体育局",
    "12": "王店镇卫生院",
    "1203": "王店镇市场监管所",
    "13": "王店镇农业农村办公室",
    "14": "王店镇经济发展办公室",
    "15": "王店镇文化站",
    "16": "王店派出所",
    "17": "王店镇司法所",
    "18": "王店镇司法所",
    "19": "王店镇党建办公室",
    "21": "王店镇便民服务中心",
    "90": "王店镇党政办公室",
}
OTHERS = {
    "秀洲区住房和建设局": "区县",
    "秀洲区交通运输局": "区县",
    "秀洲区医疗保障局": "区县",
    "秀洲区人民法院": "区县",
    "秀洲区人民检察院": "区县",
    "秀洲区司法局": "区县",
    "嘉兴市机关事务管理局": "市",
    "嘉兴市交通投资集团": "市",
    "嘉兴市农业农村局": "市",
    "王店镇综合行政执法队": "镇街",
    "王店镇纪检监察室": "镇街",
    "王店镇志愿服务中心": "镇街",
}
# Where the cadres of a category come from.
HOME = {
    "市级机关干部": ("嘉兴市机关事务管理局", "嘉兴市交通投资集团", "嘉兴市农业农村局"),
    "区级机关干部": ("秀洲区住房和建设局", "秀洲区交通运输局", "秀洲区医疗保障局", "秀洲区教育体育局"),
    "警官": ("王店派出所",),
    "检察官": ("秀洲区人民检察院",),
    "法官": ("秀洲区人民法院",),
    "律师": ("秀洲区司法局",),
    "志愿者": ("王店镇志愿服务中心",),
}
# The six teams of a grid: kind, how many villages one team serves, who is in it.
TEAMS = [
    ("镇村干部", 1, ("镇机关干部", "村社干部", "网格长", "专职网格员")),
    ("志愿者", 1, ("志愿者", "兼职网格员")),
    ("普通党员", 1, ("兼职网格员", "专职网格员")),
    ("结对部门", 1, ("市级机关干部", "区级机关干部")),
    ("三官一师", 3, ("警官", "检察官", "法官", "律师")),
    ("两代表一委员", 3, ("党代表", "人大代表", "政协委员")),
]
# Staff that runs the campaign and makes no visits: number, category, role, where, department, how many.
STAFF = [
    ("WDB", "镇机关干部", "活动办", "王店镇党政办公室", 6),
    ("WDL", "镇机关干部", "领导小组", "王店镇党政办公室", 9),
    ("WDD", "镇机关干部", "督查", "王店镇党建办公室", 4),
    ("WDJ", "镇机关干部", "纪检", "王店镇纪检监察室", 2),
]


def departments(sheets):
    offices = {name: "区县" if name.startswith("秀洲区") else "镇街" for name in RESPONSIBLE.values()}
    names = offices | OTHERS | {f"{row['名称']}委员会": "村社" for row in villages(sheets)}
    return [{"单位名称": name, "层级": level} for name, level in names.items()]


def teams(plan, sheets):
    """Every kind of team for every village, until the plan's number is reached."""
    rows = []
    around = villages(sheets)
    for kind, span, _members in TEAMS:
        for first in range(0, len(around), span):
            served = around[first : first + span]
            rows.append(
                {
                    "队伍名称": f"{served[0]['名称'].removesuffix('社区').removesuffix('村')}{kind}队",
                    "类别": kind,
                    "责任范围": ";".join(row["区划代码"] for row in served),
                }
            )
    return rows[: plan.teams]


def cadres(plan, sheets):
    """Those who visit, with their teams, then the offices, departments and leaders."""
    chance = plan.random("cadres")
    visiting = list(_visitors(plan, sheets, chance))
    _join_teams(plan, sheets, visiting)
    return [*visiting, *_village_offices(sheets, chance), *_staff(chance), *_answering(sheets, chance)]


def _row(number, name, category, role, places, department=None):
    return {
        "工号": number,
        "姓名": name,
        "类别": category,
        "角色": role,
        "责任范围": places,
        "单位": department,
        "队伍": None,
    }


def _visitors(plan, sheets, chance):
    """Category after category, spread over all grids; grid leaders hold one grid each."""
    grids = [row["网格编码"] for row in sheets["网格"]]
    names = {row["区划代码"]: row["名称"] for row in villages(sheets)}
    number = 0
    for shift, (category, count) in enumerate(plan.people.items()):
        for position in range(count):
            number += 1
            # Another beginning for each category, so that the rest of a round falls on other grids.
            grid = grids[(position + 7 * shift) % len(grids)]
            local = category in ("网格长", "专职网格员", "兼职网格员")
            home = HOME.get(category) or (f"{names[grid[:12]]}委员会",)
            if category == "镇机关干部":
                home = tuple(RESPONSIBLE.values())[:8]
            role = "网格长" if category == "网格长" else "走访人员"
            yield _row(
                f"WD{number:05}",
                person_name(chance),
                category,
                role,
                grid if local or category == "志愿者" else grid[:12],
                home[position % len(home)],
            )


def _join_teams(plan, sheets, visiting):
    """Each team gets a member of its kinds from its villages or, for want of one, from elsewhere; then all fill up."""
    free = list(visiting)
    rows = sheets["队伍"]
    kinds = {kind: members for kind, _span, members in TEAMS}
    joined = 0
    while free and joined < plan.team_members:
        before = joined
        for team in rows:
            member = _candidate(free, kinds[team["类别"]], team["责任范围"].split(";"))
            if member and joined < plan.team_members:
                free.remove(member)
                member["队伍"] = team["队伍名称"]
                joined += 1
        if joined == before:
            break


def _candidate(free, categories, served):
    able = [row for row in free if row["类别"] in categories]
    near = (row for row in able if row["责任范围"][:12] in served)
    return next(near, able[0] if able else None)


def _village_offices(sheets, chance):
    for number, village in enumerate(villages(sheets), 1):
        department = f"{village['名称']}委员会"
        yield _row(
            f"WDC{number:03}", person_name(chance), "村社干部", "村社办", village["区划代码"], department
        )


def _staff(chance):
    for prefix, category, role, department, count in STAFF:
        for number in range(1, count + 1):
            yield _row(f"{prefix}{number:03}", person_name(chance), category, role, TOWN, department)


def _answering(sheets, chance):
    """A clerk and a head in each department that answers for a category."""
    for number, department in enumerate(dict.fromkeys(RESPONSIBLE.values()), 1):
        category = "区级机关干部" if department.startswith("秀洲区") else "镇机关干部"
        for prefix, role in (("WDU", "承办单位"), ("WDV", "承办负责人")):
            yield _row(f"{prefix}{number:03}", person_name(chance), category, role, TOWN, department)
