"""Villages, grids, and the register of what stands in them."""

from .plan import TOWN, listed

# Name and statistics code (111 town centre … 220 village); all invented.
COMMUNITIES = [
    ("梅南社区", "121"),
    ("塘桥里社区", "121"),
    ("北河社区", "121"),
    ("文昌里社区", "121"),
    ("新桥浜社区", "122"),
]
VILLAGES = [
    ("荷花荡村", "122"),
    ("长水埭村", "220"),
    ("桑园浜村", "220"),
    ("石佛埭村", "220"),
    ("南汇圩村", "220"),
    ("双桥港村", "122"),
    ("稻香村", "220"),
    ("沈家埭村", "220"),
    ("白鹭荡村", "220"),
    ("东圩头村", "220"),
    ("西杨浜村", "220"),
    ("丰乐桥村", "122"),
    ("新农桥村", "220"),
    ("蚕花村", "220"),
    ("竹林埭村", "220"),
    ("圣塘浜村", "220"),
    ("芦花荡村", "220"),
    ("金穗村", "220"),
    ("横泾浜村", "220"),
]
HAMLETS = listed("陆家角 钱家浜 东埭 西埭 张家桥 北庄 南庄 姚家汇 徐家门 朱家湾 塘北 河西头 马家弄 后浜 庙前")
ESTATES = listed("锦绣苑 梅香苑 安泰小区 月河公寓 新兴小区 桂花苑 东方名府 老街北弄 育才新村 百合苑")
PARKS = listed(
    "集成装饰产业园 小家电产业园 农贸市场 专业市场 电商园 物流园 小微企业园 商贸街 农产品加工园 科创楼"
)
DIGIT = {"综合": 0, "专属": 1, "微": 2}
SURNAMES = listed("王 沈 张 陆 朱 徐 李 钱 陈 姚 周 吴 顾 金 杨 许 冯 马 俞 潘 夏 高 戴 倪 严 曹 孙 蒋 汤 费")
GIVEN = list("建国明华芳英林根宝珍福生水荣金秀兰凤娟伟峰磊静丽敏杰勇涛平刚辉玲燕红玉梅学文志永")
TRADES = listed("五金 电器 集成吊顶 服饰 包装 纺织 塑业 木业 食品 模具 照明 机械")
SHOPS = listed("便利店 早餐店 理发店 五金店 水果店 药店 面馆 修车铺 服装店 农资店")


def person_name(chance):
    """An invented name: any likeness is chance."""
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice([1, 2, 2])))


def areas(plan):
    """The real areas above, and as many invented villages and communities as the plan says."""
    communities = round(plan.villages * len(COMMUNITIES) / (len(COMMUNITIES) + len(VILLAGES)))
    named = [
        *zip(range(1, 1 + communities), COMMUNITIES, strict=False),
        *zip(range(201, 201 + plan.villages - communities), VILLAGES, strict=False),
    ]
    above = [
        ("33", "浙江省", None),
        ("3304", "嘉兴市", None),
        ("330411", "秀洲区", None),
        (TOWN, "王店镇", "121"),
    ]
    below = [(f"{TOWN}{number:03}", name, kind) for number, (name, kind) in named]
    return [
        {"区划代码": code, "名称": name, "城乡分类": urban_rural} for code, name, urban_rural in above + below
    ]


def villages(sheets):
    return [row for row in sheets["区划"] if len(row["区划代码"]) == 12]


def grids(plan, sheets):
    """One grid in twelve is a park or market, one in fifteen a micro grid; each village begins with general ones."""
    rows, numbers = [], {}
    around = villages(sheets)
    dedicated, micro = plan.grids // 12, plan.grids // 15
    kinds = ["综合"] * (plan.grids - dedicated - micro) + ["专属"] * dedicated + ["微"] * micro
    for position, kind in enumerate(kinds):
        village = around[position % len(around)]
        key = village["区划代码"], kind
        number = numbers[key] = numbers.get(key, 0) + 1
        short = village["名称"].removesuffix("社区").removesuffix("村")
        names = {
            "综合": f"{short}第{'一二三四五六七八九十'[(number - 1) % 10]}网格",
            "专属": f"{short}{PARKS[position % len(PARKS)]}",
            "微": f"{short}微网格{number}",
        }
        rows.append(
            {
                "网格编码": f"{village['区划代码']}{DIGIT[kind]}{number:03}",
                "网格名称": names[kind],
                "类型": kind,
            }
        )
    return rows


def register(plan, sheets):
    """Households, then enterprises, schools and shops; most householders are not named."""
    chance = plan.random("register")
    return [*_households(plan, sheets, chance), *_others(plan, sheets, chance)]


def _households(plan, sheets, chance):
    homes = [row for row in sheets["网格"] if row["类型"] != "专属"]
    weights = [1 if row["类型"] == "微" else 3 for row in homes]
    # The register holds some that turn out to have moved away: they come on top of those to visit.
    gone = plan.households // 190
    shares = _shares(plan.households + gone, weights)
    away = set(chance.sample(range(1, plan.households + gone + 1), gone))
    number = 0
    for grid, share in zip(homes, shares, strict=True):
        place = _Addresses(grid["网格编码"], _village_name(sheets, grid), chance)
        for _ in range(share):
            number += 1
            yield {
                "对象编号": f"WDH{number:05}",
                "类型": "住户",
                "网格编码": grid["网格编码"],
                "门牌地址": place.next(),
                "户名": person_name(chance) if chance.random() < 0.6 else None,
                "状态": "空关" if chance.random() < 0.025 else "在册",
                "_gone": number in away,
            }


def _others(plan, sheets, chance):
    for prefix, kind, count, grid_kind, name in (
        ("WDE", "企业", max(plan.households // 40, 6), "专属", _enterprise_name),
        ("WDX", "学校", max(plan.villages // 3, 2), "综合", _school_name),
        ("WDS", "商户", max(plan.households // 50, 6), "综合", _shop_name),
    ):
        possible = [row for row in sheets["网格"] if row["类型"] == grid_kind] or sheets["网格"]
        for number in range(1, count + 1):
            grid = chance.choice(possible)
            village = _village_name(sheets, grid)
            yield {
                "对象编号": f"{prefix}{number:04}",
                "类型": kind,
                "网格编码": grid["网格编码"],
                "门牌地址": f"{village}{chance.choice(['兴业路', '人民路', '塘桥路', '广平路'])}{chance.randint(1, 300)}号",
                "户名": name(number, village, chance),
                "状态": "在册",
            }


def _enterprise_name(number, village, chance):
    words = listed("禾 梅 嘉 泰 宏 锦 润 盛 恒 瑞 晨 越")
    return f"{''.join(chance.sample(words, 2))}{chance.choice(TRADES)}有限公司"


def _school_name(number, village, chance):
    return f"{village.removesuffix('社区').removesuffix('村')}{['小学', '幼儿园', '中学'][number % 3]}"


def _shop_name(number, village, chance):
    return f"{chance.choice(SURNAMES)}记{chance.choice(SHOPS)}"


def _village_name(sheets, grid):
    names = {row["区划代码"]: row["名称"] for row in villages(sheets)}
    return names[grid["网格编码"][:12]]


def _shares(total, weights):
    """Whole shares in proportion to the weights that add up to the total."""
    bounds, above = [], 0
    for weight in weights:
        above += weight
        bounds.append(round(total * above / sum(weights)))
    return [last - first for first, last in zip([0, *bounds], bounds, strict=False)]


class _Addresses:
    """Door after door of one grid: hamlets in a village, buildings in a community."""

    def __init__(self, code, village, chance):
        self.village, self.number = village, 0
        names = ESTATES if village.endswith("社区") else HAMLETS
        first = int(code[9:12]) + int(code[13:])
        self.spots = [names[(first * 3 + step) % len(names)] for step in range(3)]

    def next(self):
        spot = self.spots[self.number % 3]
        door = self.number // 3 + 1
        self.number += 1
        if self.village.endswith("社区"):
            flat = door - 1
            return f"{self.village}{spot}{flat // 24 + 1}幢{flat // 12 % 2 + 1}单元{flat // 2 % 6 + 1}0{flat % 2 + 1}室"
        return f"{self.village}{spot}{door}号"
