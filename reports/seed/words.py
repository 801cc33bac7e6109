"""What residents say, and what becomes of it. The sentences lie in words.csv beside this file."""

import csv
from datetime import timedelta
from pathlib import Path

from .calendar import at, office_moment
from .people import RESPONSIBLE

BANK = Path(__file__).with_name("words.csv")
# How an issue ends that the office does not hand to a department, and in how many of a hundred.
SIDE_WAYS = {"不予受理": 2, "撤回": 1, "并案": 2, "当场解决": 7, "": 88}
PACE = {"06": 3, "05": 4, "02": 18, "03": 15, "07": 12, "04": 11}  # days a department usually needs
LIMIT = {"06": 3, "05": 5, "02": 20, "03": 20, "07": 15, "04": 15}  # days it is given; 7 otherwise
ELSEWHERE = [("意见箱", 3), ("来信", 2), ("来访", 4), ("电话", 4), ("网络", 3), ("活动", 4), ("问卷", 2)]
LAMP = "公园路灯装好不亮"
NATURES = {
    "problem": "问题",
    "suggestion": "建议",
    "question": "咨询",
    "request": "求助",
    "complaint": "投诉",
    "report": "举报",
    "praise": "表扬",
}


def bank():
    """Every sentence with its category, nature, level, title and result."""
    with BANK.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def opinions(plan, sheets, now):
    """One opinion in a good many visits, some by letter, box and telephone; each with its line of the bank.

    Returns (rows of the sheet, {number: line of the bank}).
    """
    chance = plan.random("opinions")
    lines = _deal(bank(), plan.opinions, chance)
    listening = _Listening(sheets, chance)
    rows = []
    for position, line in enumerate(lines):
        visit = listening.visit(line) if position % 7 < 6 and line["nature"] != "report" else None
        rows.append(
            _from_visit(visit, line, sheets, chance) if visit else _from_elsewhere(line, sheets, now, chance)
        )
    order = sorted(range(len(rows)), key=lambda position: rows[position]["收集时间"])
    numbers = {position: f"WDO{number:05}" for number, position in enumerate(order, 1)}
    meant = {numbers[position]: lines[position] for position in order}
    return [{"诉求编号": numbers[position], **rows[position]} for position in order], meant


def _deal(lines, count, chance):
    """Shuffled rounds of the bank; the street lamp comes once and misconduct is reported once."""
    report = [line for line in lines if line["nature"] == "report"]
    lamp = [line for line in lines if LAMP in line["title"]]
    usual = [line for line in lines if line not in report + lamp]
    dealt = []
    while len(dealt) < count:
        chance.shuffle(usual)
        dealt += usual
    return [*lamp, *dealt[: count - len(lamp) - len(report)], *report]


class _Listening:
    """Visits that met somebody, dealt out once each: enterprises speak of business, households of the rest."""

    def __init__(self, sheets, chance):
        met = [row for row in sheets["走访记录"] if row["结果"] == "见面"]
        first = sheets["网格"][0]["网格编码"]
        targets = _targets(sheets)
        chance.shuffle(met)
        # The story of the street lamp begins in the first grid, in the first weeks.
        met.sort(key=lambda row: targets[row["对象编号"]]["网格编码"] != first, reverse=True)
        self.homes = [row for row in met if targets[row["对象编号"]]["类型"] == "住户"]
        early = min(self.homes[-20:], key=lambda row: row["开始时间"], default=None)
        if early:
            self.homes.remove(early)
            self.homes.append(early)
        self.enterprises = [row for row in met if targets[row["对象编号"]]["类型"] == "企业"]

    def visit(self, line):
        rows = self.enterprises if line["category"].startswith("14") else self.homes
        return rows.pop() if rows else None


def _from_visit(visit, line, sheets, chance):
    target = _targets(sheets)[visit["对象编号"]]
    spot = _spot(target["门牌地址"])
    said = _said(line, spot, _villages(sheets)[target["网格编码"][:12]], chance)
    return said | {
        "来源": "走访",
        "范围": target["网格编码"],
        "收集时间": visit["开始时间"] + timedelta(minutes=5),
        "走访编号": visit["走访编号"],
        "对象编号": visit["对象编号"],
        "收集人": visit["走访人"].split(";")[0],
    }


def _from_elsewhere(line, sheets, now, chance):
    code, village = chance.choice(list(_villages(sheets).items()))
    source = "来信" if line["nature"] == "report" else chance.choices(*zip(*ELSEWHERE, strict=True))[0]
    day = chance.choice(sheets["走访记录"])["开始时间"].date()
    heard = min(at(day, chance.randint(9, 16), chance.randrange(60)), now - timedelta(minutes=30))
    return _said(line, village, village, chance) | {
        "来源": source,
        "范围": code,
        "收集时间": heard,
        "走访编号": None,
        "对象编号": None,
        "收集人": None,
    }


def _said(line, spot, village, chance):
    """The words as they were said; the spot is kept for the title of the issue."""
    answer = None
    if line["nature"] == "suggestion" and chance.random() < 0.8:
        known = [word for word in ("部分采纳", "留作参考", "采纳") if line["result"].startswith(word)]
        answer = known[0] if known else chance.choice(["采纳", "采纳", "部分采纳", "留作参考", "不采纳"])
    words = line["words"].format(
        spot=spot, village=village, n=chance.choice("两三四五六八"), m=chance.randint(5, 40)
    )
    return {
        "性质": NATURES[line["nature"]],
        "原话": words,
        "建议答复": answer,
        "_spot": spot,
        "_village": village,
    }


def issues(plan, sheets, meant, now):
    """Issues out of those opinions that ask for something, each as far as its age lets it be."""
    chance = plan.random("issues")
    rows = []
    for opinion in sheets["诉求"]:
        line = meant[opinion["诉求编号"]]
        registered = office_moment(opinion["收集时间"] + timedelta(hours=chance.randint(2, 30)))
        wanted = line["nature"] in ("problem", "question", "request", "complaint")
        if (
            wanted
            and registered < now - timedelta(hours=2)
            and (LAMP in line["title"] or chance.random() < 0.92)
        ):
            rows.append(_issue(opinion, line, registered, now, chance))
    rows.sort(key=lambda row: row["登记时间"])
    return [{"问题编号": f"WDQ{number:05}", **row} for number, row in enumerate(rows, 1)]


def _issue(opinion, line, registered, now, chance):
    category = line["category"]
    row = {
        "标题": line["title"].format(spot=opinion["_spot"], village=opinion["_village"]),
        "类别代码": category,
        "层级": line["level"],
        "登记时间": registered,
        "状态": "已受理",
        "诉求编号": opinion["诉求编号"],
        "范围": opinion["范围"],
        "答复时间": None,
    }
    if category.startswith("18"):
        return row | {"状态": "移交", "办理结果": "属涉法涉诉事项，已告知依法申诉的途径并移交。"}
    way = "" if LAMP in line["title"] else chance.choices(list(SIDE_WAYS), SIDE_WAYS.values())[0]
    if way == "当场解决":
        return row | _spot_resolved(opinion, line, registered, now, chance)
    if way:
        return row | {
            "状态": way,
            "办理结果": {"不予受理": "不属于本镇职责，已告知可向主管部门反映。"}.get(way),
        }
    return row | _handled(line, registered, now, chance)


def _spot_resolved(opinion, line, registered, now, chance):
    closed = registered + timedelta(days=chance.randint(1, 3))
    solved = {"当场解决": "是", "状态": "待回访", "答复时间": registered, "办理结果": line["result"]}
    return solved | (_closing(closed, chance) if closed < now else {})


def _handled(line, registered, now, chance):
    """Assigned, signed for, answered, asked back, closed; one in nine gets stuck on the way."""
    category = line["category"]
    assigned = office_moment(registered + timedelta(hours=chance.randint(1, 14)))
    if assigned > now - timedelta(hours=1):
        return {}
    pace = PACE.get(category[:2], 5)
    replied = office_moment(
        assigned + timedelta(days=chance.randint(1, pace * 8 // 5), hours=chance.randint(0, 6))
    )
    closed = office_moment(replied + timedelta(days=chance.randint(1, 6), hours=1))
    row = {
        "主办单位": RESPONSIBLE.get(category) or RESPONSIBLE[category[:2]],
        "协办单位": "王店镇综合行政执法队" if chance.random() < 0.15 else None,
        "交办时间": assigned,
        "期限": assigned.date() + timedelta(days=LIMIT.get(category[:2], 7)),
        "当场解决": "否",
    }
    if LAMP in line["title"]:
        return row | _lamp(line, assigned, now)
    if assigned > now - timedelta(hours=chance.randint(6, 40)):
        return row | {"状态": "已交办"}
    if chance.random() < 0.11:
        return row | {"状态": chance.choices(["办理中", "待补充", "挂账"], [5, 2, 3])[0]}
    if replied > now:
        return row | {"状态": "办理中"}
    row |= {"状态": "已办理", "答复时间": replied, "办理结果": line["result"]}
    if closed > now:
        return row | {"状态": chance.choice(["已办理", "待回访"])}
    return row | _closing(closed, chance)


def _lamp(line, assigned, now):
    """Light by a temporary supply within days; the item stays until the proper one is there."""
    replied = office_moment(assigned + timedelta(days=2))
    if replied > now:
        return {"状态": "办理中"}
    return {"状态": "待回访", "答复时间": replied, "办理结果": line["result"]}


def _closing(closed, chance):
    """Struck off, with what the resident answered."""
    outcome = chance.choices(["实质", "程序", "阶段"], [78, 14, 8])[0]
    result = chance.choices(
        ["已解决", "部分解决", "未解决"], [86, 11, 3] if outcome == "实质" else [35, 50, 15]
    )[0]
    weights = [60, 30, 2, 8] if result == "已解决" else [10, 45, 30, 15]
    verdict = chance.choices(["满意", "基本满意", "不满意", "未表态"], weights)[0]
    return {"状态": "已销号", "办结时间": closed, "办结方式": outcome, "回访结果": result, "满意度": verdict}


def _spot(address):
    """An address without its last numbers: where something is, not who lives there."""
    return address.split("幢")[0].rstrip("0123456789").rstrip("号").rstrip("0123456789")


def _villages(sheets):
    return {row["区划代码"]: row["名称"] for row in sheets["区划"] if len(row["区划代码"]) == 12}


def _targets(sheets):
    return {row["对象编号"]: row for row in sheets["走访对象"]}
