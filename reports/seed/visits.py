"""Visits of eight weeks: honest outcomes, second tries, notes in the visitors' own words."""

from collections import defaultdict
from datetime import timedelta

from .calendar import day_weights, days_gone, visiting_moment
from .plan import listed

# What becomes of a household: the outcomes of its visits in order, and in how many of a thousand.
COURSES = {
    ("见面",): 560,
    ("未遇", "见面"): 130,
    ("见面", "见面"): 60,
    ("未遇", "未遇", "见面"): 25,
    ("未遇",): 48,
    ("未遇", "未遇"): 12,
    ("空关",): 22,
    ("拒访",): 9,
    ("拒访", "见面"): 6,
    ("远程",): 18,
    ("未遇", "远程"): 10,
    ("远程", "见面"): 8,
    (): 87,
}
OTHER_COURSES = {("见面",): 720, ("未遇", "见面"): 60, ("见面", "见面"): 80, (): 140}

OPENINGS = listed(
    """
晚饭后上门，一家人都在|家里老人在，儿子媳妇上班去了|正在院子里剥毛豆，搬了凳子坐下聊|约好的时间，主人家泡了茶等着
楼下碰到，跟着一起上了楼|敲门时正在看电视，很客气|刚从田里回来，边洗手边聊|孩子在写作业，大人在厨房
第二次来才碰到人|小两口都在，讲话爽快|女主人在家带孙子|下雨天没出工，正好在家
隔壁邻居也过来一起坐|主人开小店，边看店边聊|租住在这里的外地师傅，夜班刚醒|退休老教师，话不多但讲得在理
""",
    "|",
)
SUBJECTS = listed(
    """
讲了这次走访的来意和政策要点|把宣传册里医保、养老的部分读给他们听|问了用水用电和出行的情况|对照清单逐项问了需求
解释了垃圾分类新的投放时间|说明了意见怎么办、谁来答复|介绍了村里的便民服务点|提醒了防火和用电安全
讲了防诈骗的几个例子|问了孩子上学和老人就医|回应了上次反映的事情办到哪一步|听他们讲了村里这几年的变化
""",
    "|",
)
DETAILS = listed(
    """
对环境整治满意，希望坚持下去|最关心的是门前的路|反映晚上有些暗|希望多组织一些活动|对办事流程不太清楚，当场作了说明
说网格员常来，情况都晓得|谈到了停车和充电|惦记拆迁的进度|想让孩子在附近上学|提到河道比以前干净多了
问了老年助餐什么时候开|希望白天办事窗口中午有人|讲起厂里的生意，订单还稳定|说到楼道里堆的东西|没有特别的困难，日子蛮好
""",
    "|",
)
CLOSINGS = listed(
    """
留了联系卡。|约好下月再来看看。|所提的事已记下，回去交办。|临走一再说谢谢。|答应有结果当面告诉。|教会了用手机查办理进度。||
""",
    "|",
)
NOT_IN = listed("敲门无人应，门上贴了联系卡|邻居说白天都在厂里，晚上再来|灯黑着，车也不在|电话约了周末|", "|")
VACANT = listed("邻居讲在城里住，过年才回来|门口长草，电表不走|空置出租，房东电话未通|", "|")
REFUSED = listed("隔着门说没空，不再打扰|说材料看看就好，不用进门|", "|")
REMOTE = listed("人在外地打工，通了电话|视频里聊了十来分钟，问了家里老人|", "|")
NOTES = {"未遇": NOT_IN, "空关": VACANT, "拒访": REFUSED, "远程": REMOTE, "搬迁": ["邻居说已搬走，房子转手"]}


def visits(plan, sheets, today):
    """All visits, numbered by time. Nobody is sent to more than thirty doors a day."""
    chance = plan.random("visits")
    days = days_gone(today)
    weights = day_weights(days)
    rounds = _Rounds(sheets, chance)
    rows = []
    for target in sheets["走访对象"]:
        moment = None
        for outcome in _course(target, chance):
            moment = _next_moment(chance, days, weights, moment)
            if moment is None:
                break
            rows.append(_visit(target, outcome, moment, rounds.cadres(target, moment), chance))
    rows.sort(key=lambda row: (row["开始时间"], row["对象编号"]))
    return [{"走访编号": f"WDV{number:06}", **row} for number, row in enumerate(rows, 1)]


def _course(target, chance):
    if target["类型"] != "住户":
        return chance.choices(list(OTHER_COURSES), OTHER_COURSES.values())[0]
    if target["_gone"]:
        return ("搬迁",)
    if target["状态"] == "空关":
        return chance.choice([("空关",), ("空关",), (), ("空关", "远程")])
    return chance.choices(list(COURSES), COURSES.values())[0]


def _next_moment(chance, days, weights, before):
    """Any moment for a first visit; some days after the one before, or None when that is not over yet."""
    if before is None:
        return visiting_moment(chance, days, weights)
    day = before.date() + timedelta(days=chance.randint(3, 12))
    return visiting_moment(chance, [day], [1]) if day <= days[-1] else None


def _visit(target, outcome, moment, cadres, chance):
    met = outcome == "见面"
    minutes = chance.choice([15, 20, 20, 25, 30, 40]) if met else 5
    note = _note(outcome, chance)
    way = "电话" if outcome == "远程" else "入户"
    return {
        "对象编号": target["对象编号"],
        "开始时间": moment,
        "结果": outcome,
        "走访人": ";".join(cadres),
        "方式": chance.choices([way, "视频" if outcome == "远程" else "偶遇" if met else way], [19, 1])[0],
        "见面人数": chance.choices([1, 2, 3, 4, 5], [30, 35, 20, 10, 5])[0] if met else None,
        "结束时间": moment + timedelta(minutes=minutes) if met or chance.random() < 0.3 else None,
        "手记": note or None,
    }


def _note(outcome, chance):
    if outcome != "见面":
        return chance.choice(NOTES[outcome])
    if chance.random() < 0.4:
        return ""
    parts = [chance.choice(OPENINGS), chance.choice(SUBJECTS), chance.choice(DETAILS)]
    if chance.random() < 0.3:
        parts.pop(chance.randrange(3))
    return f"{'，'.join(parts)}。{chance.choice(CLOSINGS)}"


class _Rounds:
    """Who goes: grid staff of the grid, often with somebody posted to the village."""

    LIMIT = 30

    def __init__(self, sheets, chance):
        self.chance = chance
        self.posted = defaultdict(list)
        self.doors = defaultdict(int)
        for row in sheets["人员"]:
            if row["角色"] in ("走访人员", "网格长"):
                self.posted[row["责任范围"]].append(row["工号"])

    def cadres(self, target, moment):
        grid = target["网格编码"]
        local, guests = self.posted[grid], self.posted[grid[:12]]
        size = self.chance.choices([1, 2, 3], [45, 45, 10])[0]
        chosen = [*_some(self.chance, local or guests, 1), *_some(self.chance, local + guests, size - 1)]
        free = [cadre for cadre in dict.fromkeys(chosen) if self.doors[cadre, moment.date()] < self.LIMIT]
        going = free or self.chance.sample(local + guests, 1)
        for cadre in going:
            self.doors[cadre, moment.date()] += 1
        return going


def _some(chance, of, count):
    return chance.sample(of, min(count, len(of)))
