"""Talks, receptions and performances, what was handed out, and good deeds."""

from datetime import timedelta

from .calendar import days_gone
from .places import villages
from .plan import TOWN, listed

# Kind, how many (None: the plan says), audience, topics, venues, speakers' levels by weight.
KINDS = [
    ("集中宣讲", "policy_talks", (40, 160), "惠民政策一点通|征迁政策面对面|医保养老新规定", {"镇街": 1}),
    ("纳凉会", "evening_talks", (20, 90), "家门口的话|垃圾分类我来说|防诈骗故事会", {"村社": 3, "镇街": 1}),
    ("座谈会", 14, (8, 25), "企业家座谈|新居民座谈|老党员座谈|妇女代表座谈", {"镇街": 3, "区县": 1}),
    ("文艺演出", 8, (120, 400), "乡村大舞台|越剧进村|少儿才艺秀", {}),
    ("讲堂竞赛", 12, (30, 80), "政策知识抢答|道德讲堂|反诈知识竞赛", {"村社": 1, "镇街": 1}),
    ("展览", 6, (60, 200), "老照片里的王店|治水成果展", {}),
    ("接访", 16, (3, 12), "领导干部接访日", {"镇街": 2, "区县": 1}),
    ("带案下访", 7, (2, 6), "带案下访约谈", {"镇街": 1, "区县": 1}),
    ("义诊", 5, (40, 120), "医生到村口", {}),
    ("现场办公", 6, (10, 30), "路桥管网现场会|园区用电现场会", {"镇街": 1}),
]  # fmt: skip
VENUES = listed("文化礼堂|村委会广场|社区活动室|老年活动中心|农家院子|党群服务中心", "|")
DEEDS = [
    ("慰问", "走访慰问高龄老人，送去米油和夏凉用品", (400, 1500), (2, 12), None),
    ("项目", "修补村道坑洼，铺设沥青", (12000, 46000), (30, 160), None),
    ("项目", "新建电动车充电棚", (9000, 30000), (24, 90), None),
    ("服务", "组织理发、磨刀、修伞进村便民服务", (0, 600), (20, 80), None),
    ("服务", "帮助老人在手机上完成医保缴费", (0, 0), (5, 40), None),
    ("捐助", "企业捐助困难学生助学金", (3000, 20000), (3, 15), "镇商会"),
    ("捐助", "捐赠图书和书架", (1000, 6000), (40, 120), "爱心企业"),
    ("服务", "农技员到田头指导葡萄病害防治", (0, 300), (8, 35), None),
]


def gatherings(plan, sheets, today):
    """Meetings and training of the staff in the first days, then everything for residents."""
    chance = plan.random("gatherings")
    days = days_gone(today)
    speakers = [row["工号"] for row in sheets["人员"] if row["类别"].endswith("机关干部")]
    rows = [
        _gathering("培训", days[0], TOWN, "走访人员培训", "镇文化中心", "镇街", speakers[:2], 320),
        *(
            _gathering("例会", day, TOWN, "活动办每周例会", "镇会议室", "镇街", [], 36)
            for day in days
            if day.weekday() == 0
        ),
    ]
    for kind, count, (least, most), topics, levels in KINDS:
        for number in range(getattr(plan, count) if isinstance(count, str) else count):
            level = chance.choices(list(levels), levels.values())[0] if levels else None
            # Half of the policy talks are by city and district leaders.
            if kind == "集中宣讲":
                level = ["市", "镇街", "区县", "镇街"][number % 4]
            place = TOWN if kind in ("文艺演出", "展览") else chance.choice(villages(sheets))["区划代码"]
            rows.append(
                _gathering(
                    kind,
                    chance.choice(days),
                    place,
                    chance.choice(listed(topics, "|")),
                    chance.choice(VENUES),
                    level,
                    chance.sample(speakers, 1) if level else [],
                    chance.randint(least, most),
                )
            )
    rows.sort(key=lambda row: row["日期"])
    return [{"活动编号": f"WDG{number:04}", **row} for number, row in enumerate(rows, 1)]


def _gathering(kind, day, place, topic, venue, level, speakers, attendance):
    return {
        "类型": kind,
        "日期": day,
        "范围": place,
        "主题": topic,
        "场所": venue,
        "主讲层级": level,
        "主讲人": ";".join(speakers) or None,
        "参加人数": attendance,
    }


def materials(plan, sheets, today):
    """Booklets and letters by grid in the first weeks, contact cards with visits, leaflets at gatherings."""
    chance = plan.random("materials")
    days = days_gone(today)
    rows = []
    for grid in sheets["网格"]:
        homes = max(plan.households // plan.grids, 4)
        for kind, share, span in (
            ("宣传册", 1, 14),
            ("公开信", 1, 7),
            ("征集表", 1, 20),
            ("反馈单", 0.6, 45),
        ):
            rows.append(_handout(chance.choice(days[:span]), kind, grid["网格编码"], round(homes * share)))
        rows.append(_handout(chance.choice(days), "宣传资料", grid["网格编码"], round(homes * 1.5)))
    for gathering in sheets["宣讲活动"]:
        if gathering["类型"] in ("集中宣讲", "纳凉会"):
            rows.append(_handout(gathering["日期"], "宣传资料", gathering["范围"], gathering["参加人数"]))
    targets = {row["对象编号"]: row["网格编码"] for row in sheets["走访对象"]}
    for visit in sheets["走访记录"]:
        if visit["结果"] == "见面" and chance.random() < 0.12:
            row = _handout(visit["开始时间"].date(), "联系卡", targets[visit["对象编号"]], 1)
            rows.append(row | {"走访编号": visit["走访编号"]})
    rows.sort(key=lambda row: row["日期"])
    return [{"发放编号": f"WDM{number:05}", **row} for number, row in enumerate(rows, 1)]


def _handout(day, kind, place, copies):
    return {"日期": day, "资料": kind, "范围": place, "份数": max(copies, 1), "走访编号": None}


def deeds(plan, sheets, today):
    """Good deeds of all kinds; those that mended something name the issue."""
    chance = plan.random("deeds")
    days = days_gone(today)
    around = [row["区划代码"] for row in villages(sheets)]
    rows = []
    for number in range(max(plan.opinions // 9, 12)):
        kind, content, (least, most), (few, many), donor = DEEDS[number % len(DEEDS)]
        rows.append(
            {
                "日期": chance.choice(days),
                "内容": content,
                "范围": chance.choice(around),
                "类型": kind,
                "金额": chance.randint(least, most) or None,
                "受益户数": chance.randint(few, many),
                "捐赠方": donor,
                "问题编号": None,
            }
        )
    rows += [
        _lamp_deed(row)
        for row in sheets["问题"]
        if row["标题"].endswith("村口公园路灯装好不亮") and row["答复时间"]
    ]
    rows.sort(key=lambda row: row["日期"])
    return [{"实事编号": f"WDB{number:04}", **row} for number, row in enumerate(rows, 1)]


def _lamp_deed(issue):
    """The interim fix: light on the same evening, long before the proper supply."""
    return {
        "日期": min(issue["交办时间"].date() + timedelta(days=1), issue["答复时间"].date()),
        "内容": "从村委会拉临时线路，公园路灯当晚点亮",
        "范围": issue["范围"],
        "类型": "项目",
        "金额": 1800,
        "受益户数": 60,
        "捐赠方": None,
        "问题编号": issue["问题编号"],
    }
