"""Workbooks of two published campaigns: rows made to the printed figures, with rows beside them that must not count.

The figures themselves lie in tests/data/cases/*.json; what a source prints in one number (staff of the grids,
deputies, forms) is split plausibly here.
"""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

CASES = Path(__file__).with_name("data") / "cases"

# What the sources print as one number, by the keys of our figures.
GROUPS = {
    "grid_staff": ("grid_leader", "full_time_grid_worker", "part_time_grid_worker"),
    "deputy": ("party_delegate", "congress_deputy", "cppcc_member"),
    "legal": ("police_officer", "prosecutor", "judge", "lawyer"),
    "forms": ("opinion_form", "feedback_slip"),
}


def case(name):
    """A published campaign as carried over from its source."""
    return json.loads((CASES / f"{name}.json").read_text())


def _spread(total, parts):
    """Whole shares of a total, as equal as can be."""
    return [total // parts + (position < total % parts) for position in range(parts)]


def _campaign(of, areas):
    return {
        "活动": [
            {
                "活动代码": of["code"],
                "活动名称": of["name"],
                "区划代码": of["area_code"],
                "开始日期": of["from"],
                "结束日期": of["to"],
            }
        ],
        "区划": [{"区划代码": code, "名称": name} for code, name in areas.items()],
    }


# --- Wangdian 2018 --------------------------------------------------------------------------------------------

_TOWN = "330411105"
_VILLAGES = [f"{_TOWN}{number:03}" for number in range(201, 225)]
_CADRES = {
    "网格长": 118,
    "专职网格员": 236,
    "兼职网格员": 703,
    "市级机关干部": 311,
    "区级机关干部": 327,
    "镇机关干部": 186,
    "党代表": 18,
    "人大代表": 22,
    "政协委员": 13,
    "志愿者": 137,
    "警官": 16,
    "检察官": 8,
    "法官": 7,
    "律师": 12,
}
_TEAM_KINDS = ("结对部门", "镇村干部", "三官一师", "两代表一委员", "志愿者", "普通党员")
_GATHERINGS = [("集中宣讲", 66), ("纳凉会", 189), ("文艺演出", 8), ("讲堂竞赛", 35), ("展览", 29)]
# (state, outcome, what the resident said, how many): 430 resolved and 362 being resolved make the printed 792.
_ISSUES = [
    ("已销号", "实质", "已解决", 380),
    ("已销号", "实质", "部分解决", 20),
    ("已销号", "程序", "已解决", 30),
    ("已销号", "阶段", "部分解决", 20),
    ("办理中", None, None, 300),
    ("待补充", None, None, 12),
    ("挂账", None, None, 20),
    ("已办理", None, None, 15),
    ("待回访", None, None, 15),
    ("已交办", None, None, 250),
    ("已受理", None, None, 403),
    ("不予受理", None, None, 12),
    ("移交", None, None, 8),
    # Out of the 1,485: neither of these is an issue of its own.
    ("并案", None, None, 9),
    ("撤回", None, None, 5),
]
RESOLVED, STARTED = 430, 362
_DEPARTMENTS = {"镇环保所": "镇街", "镇征迁办": "镇街", "区住建局": "区县"}


def wangdian():
    """118 grids, 2,114 cadres, 18,362 households, each visited once or more; 1,485 issues."""
    of = case("wangdian")["campaign"]
    areas = {"33": "浙江省", "3304": "嘉兴市", "330411": "秀洲区", _TOWN: "王店镇"}
    areas |= {code: f"第{code[-2:]}村" for code in _VILLAGES}
    grids = [
        {"网格编码": f"{_VILLAGES[n % 24]}0{n // 24 + 1:03}", "网格名称": f"网格{n + 1}", "类型": "综合"}
        for n in range(118)
    ]
    codes = [row["网格编码"] for row in grids]
    register = _wangdian_register(codes)
    return _campaign(of, areas) | {
        "单位": [{"单位名称": name, "层级": level} for name, level in _DEPARTMENTS.items()],
        "网格": grids,
        "队伍": [
            {"队伍名称": f"第{n + 1}队", "类别": _TEAM_KINDS[n % 6], "责任范围": codes[n]} for n in range(112)
        ]
        # Planned, but nobody has joined it yet.
        + [{"队伍名称": "预备队", "类别": "其他", "责任范围": _TOWN}],
        "人员": _wangdian_cadres(codes),
        "走访对象": register,
        "走访记录": _wangdian_visits(register),
        "宣讲活动": _wangdian_gatherings(),
        "资料发放": _wangdian_materials(codes),
        "问题": _wangdian_issues(codes),
    }


def _wangdian_cadres(codes):
    """2,114 who visit, some in two grids and with a second role; 1,344 of them in teams; and an office."""
    rows = []
    for category, count in _CADRES.items():
        for _ in range(count):
            n = len(rows)
            grid = codes[n % 118]
            rows.append(
                {
                    "工号": f"C{n:05}",
                    "姓名": f"人员{n}",
                    "类别": category,
                    "角色": "网格长" if category == "网格长" else "走访人员",
                    "责任范围": f"{grid};{codes[(n + 1) % 118]}" if n % 5 == 0 else grid,
                    "单位": "区住建局" if category == "区级机关干部" else None,
                    "队伍": f"第{n % 112 + 1}队" if n < 1344 else None,
                }
            )
    second = [
        row | {"角色": "村社办", "责任范围": row["责任范围"][:12], "队伍": None} for row in rows[118:142]
    ]
    office = [
        {"工号": f"A{n}", "姓名": f"办公{n}", "类别": "镇机关干部", "角色": role, "责任范围": _TOWN}
        for n, role in enumerate(["活动办", "领导小组", "督查", "纪检"])
    ]
    return rows + second + office


def _wangdian_register(codes):
    """18,362 households to visit; some that had moved before, some found gone, and what is no household."""
    rows = [("住户", "在册", n) for n in range(18362)]
    rows[100:140] = [("住户", "空关", n) for n in range(100, 140)]
    rows += [("住户", "搬迁", n) for n in range(18362, 18402)]
    rows += [("住户", "在册", n) for n in range(18402, 18422)]
    rows += [("企业", "在册", n) for n in range(18422, 18452)]
    return [
        {
            "对象编号": f"H{n:05}",
            "类型": kind,
            "网格编码": codes[n % 118],
            "门牌地址": f"{n // 118 + 1}号",
            "状态": state,
        }
        for kind, state, n in rows
    ]


def _wangdian_visits(register):
    """One met visit each, a thousand after an evening in vain, five hundred met twice; twenty houses are gone."""
    start = datetime(2018, 7, 1, 18, 0)
    rows = []

    def add(row, outcome, days):
        n = len(rows)
        rows.append(
            {
                "走访编号": f"V{n:06}",
                "对象编号": row["对象编号"],
                "开始时间": start + timedelta(days=days, minutes=n % 180),
                "结果": outcome,
                "走访人": f"C{n % 2114:05}" + (f";C{(n + 7) % 2114:05}" if n % 3 == 0 else ""),
                "见面人数": n % 4 + 1 if outcome == "见面" else None,
            }
        )

    for n, row in enumerate(register[:18362]):
        if n % 18 == 0:
            add(row, "未遇", n % 30)
        add(row, "见面", 30 + n % 35)
        if n % 37 == 0:
            add(row, "见面", 66 + n % 5)
    for row in register[18402:18422]:
        add(row, "见面", 3)
        add(row, "拆除", 60)
    return rows


def _wangdian_gatherings():
    rows = []
    for kind, count in _GATHERINGS:
        for n in range(count):
            level = ("市", "镇街", "区县", "镇街")[n % 4] if kind == "集中宣讲" else "村社"
            rows.append(
                {
                    "活动编号": f"G{len(rows):04}",
                    "类型": kind,
                    "日期": date(2018, 7, 2) + timedelta(days=n % 60),
                    "范围": _VILLAGES[n % 24],
                    "主讲层级": level,
                    "参加人数": 40,
                }
            )
    return rows


def _wangdian_materials(codes):
    rows = []
    for kind, total in (("宣传资料", 60000), ("征集表", 18362), ("反馈单", 36000 - 18362)):
        for code, copies in zip(codes, _spread(total, 118), strict=True):
            rows.append(
                {
                    "发放编号": f"M{len(rows):04}",
                    "日期": "2018-07-15",
                    "资料": kind,
                    "范围": code,
                    "份数": copies,
                }
            )
    return rows


def _wangdian_issues(codes):
    rows = []
    for state, outcome, answer, count in _ISSUES:
        for _ in range(count):
            rows.append(_issue(len(rows), codes[len(rows) % 118], state, outcome, answer))
    # Misconduct is restricted: it is in no figure.
    return rows + [
        _issue(len(rows) + n, codes[n], "已受理", None, None) | {"类别代码": "2002"} for n in range(2)
    ]


_MAIN = ("01", "0101", "0104", "21", "2101", "02", "0201", "0402", "0801")
_HELD = ("已交办", "办理中", "待补充", "挂账", "已办理", "待回访", "已销号")


def _issue(n, place, state, outcome, answer):
    registered = datetime(2018, 7, 10, 9, 0) + timedelta(days=n % 40)
    row = {
        "问题编号": f"I{n:04}",
        "标题": f"问题{n}",
        "类别代码": _MAIN[n % len(_MAIN)],
        "层级": "镇街",
        "登记时间": registered,
        "状态": state,
        "范围": place,
    }
    if state in _HELD:
        row |= {
            "主办单位": list(_DEPARTMENTS)[n % 3],
            "交办时间": registered + timedelta(hours=3),
            "期限": registered.date() + timedelta(days=7),
        }
    if state in _HELD[4:]:
        row["答复时间"] = registered + timedelta(days=5)
    if state == "已销号":
        row |= {
            "办结时间": registered + timedelta(days=8),
            "办结方式": outcome,
            "回访结果": answer,
            "满意度": "满意",
        }
    return row


# --- Xianxia 2011 ---------------------------------------------------------------------------------------------

_XIANXIA = "341881104"
_XIANXIA_GRIDS = [f"{_XIANXIA}20{n}0001" for n in range(1, 5)]


def xianxia():
    """196 households, 13 school visits, 48 enterprises; 96 of 103 issues resolved; 70 suggestions adopted."""
    of = case("xianxia")["campaign"]
    areas = {"34": "安徽省", "3418": "宣城市", "341881": "宁国市", _XIANXIA: "仙霞镇"}
    areas |= {code[:12]: f"第{n}村" for n, code in enumerate(_XIANXIA_GRIDS, 1)}
    register = _xianxia_register()
    return _campaign(of, areas) | {
        "单位": [{"单位名称": "仙霞镇政府", "层级": "镇街"}],
        "网格": [
            {"网格编码": code, "网格名称": f"网格{n}", "类型": "综合"}
            for n, code in enumerate(_XIANXIA_GRIDS, 1)
        ],
        "人员": [
            {
                "工号": f"X{n}",
                "姓名": f"干部{n}",
                "类别": "镇机关干部",
                "角色": "走访人员",
                "责任范围": code[:12],
                "单位": "仙霞镇政府",
            }
            for n, code in enumerate(_XIANXIA_GRIDS)
        ],
        "走访对象": register,
        "走访记录": _xianxia_visits(register),
        "宣讲活动": [
            {"活动编号": f"G{n}", "类型": kind, "日期": "2011-10-20", "范围": _XIANXIA}
            for n, kind in enumerate(["接访"] * 6 + ["带案下访"] * 4 + ["例会"] * 3)
        ],
        "诉求": _xianxia_opinions(),
        "问题": _xianxia_issues(),
        "实事": _xianxia_deeds(),
    }


def _xianxia_register():
    kinds = ["住户"] * 240 + ["学校"] * 5 + ["企业"] * 50
    return [
        {"对象编号": f"X{n:03}", "类型": kind, "网格编码": _XIANXIA_GRIDS[n % 4], "门牌地址": f"{n + 1}号"}
        for n, kind in enumerate(kinds)
    ]


def _xianxia_visits(register):
    """Some households twice, schools again and again, some doors in vain."""
    homes, schools, enterprises = register[:240], register[240:245], register[245:]
    met = [*homes[:196], *homes[:30], *(schools[n % 5] for n in range(13)), *enterprises[:48], enterprises[0]]
    tried = [(row, "见面") for row in met] + [(row, "未遇") for row in homes[196:220]]
    return [
        {
            "走访编号": f"V{n:03}",
            "对象编号": row["对象编号"],
            "开始时间": datetime(2011, 9, 5, 9, 0) + timedelta(days=n % 150),
            "结果": outcome,
            "走访人": f"X{n % 4}",
        }
        for n, (row, outcome) in enumerate(tried)
    ]


def _xianxia_opinions():
    """70 suggestions, all adopted (six of them in part), and one problem told by letter."""
    rows = [
        {
            "诉求编号": f"S{n:02}",
            "性质": "建议",
            "来源": "意见箱" if n % 2 else "走访",
            "范围": _XIANXIA_GRIDS[n % 4],
            "收集时间": "2011-10-10 10:00",
            "原话": f"第{n}条建议",
            "建议答复": "部分采纳" if n < 6 else "采纳",
        }
        for n in range(70)
    ]
    told = {"诉求编号": "S70", "性质": "问题", "来源": "来信", "范围": _XIANXIA, "原话": "桥面有洞"}
    return [*rows, told | {"收集时间": "2011-10-11"}]


def _xianxia_issues():
    """96 resolved, seven still open: "all of them solved" would be wrong."""
    rows = []
    for n in range(103):
        row = {
            "问题编号": f"I{n:03}",
            "标题": f"问题{n}",
            "类别代码": "0401",
            "层级": "镇街",
            "登记时间": datetime(2011, 10, 12, 9, 0) + timedelta(days=n % 60),
            "状态": "已销号" if n < 96 else "办理中",
            "范围": _XIANXIA_GRIDS[n % 4],
            "主办单位": "仙霞镇政府",
            "交办时间": datetime(2011, 10, 13, 9, 0) + timedelta(days=n % 60),
            "期限": date(2011, 10, 30) + timedelta(days=n % 60),
        }
        if n < 96:
            row |= {
                "答复时间": datetime(2011, 10, 20, 9, 0) + timedelta(days=n % 60),
                "办结时间": datetime(2011, 10, 25, 9, 0) + timedelta(days=n % 60),
                "办结方式": "实质",
                "回访结果": "已解决",
            }
        rows.append(row)
    rows[0]["诉求编号"] = "S70"
    return rows


def _xianxia_deeds():
    """30,000 yuan for 25 households."""
    return [
        {
            "实事编号": f"D{n}",
            "日期": "2012-01-12",
            "内容": "春节慰问",
            "范围": _XIANXIA_GRIDS[n % 4],
            "类型": "慰问",
            "金额": 6000,
            "受益户数": 5,
        }
        for n in range(5)
    ]
