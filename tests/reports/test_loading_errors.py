"""Bad workbooks: each mistake is one line with its place and what to do, and the database stays as it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.enums import CampaignState
from campaigns.models import Campaign
from reports.loading import check, load
from tests.workbooks import CODE, GRID_A1, GRID_B1, sample, workbook

from .stored import everything

pytestmark = pytest.mark.django_db

LISTED_VISITS = "走访编号、对象编号、开始时间、结果、走访人、方式、见面人数、结束时间、手记"
ROUNDED = "编码已被 Excel 舍入，后面的数字丢失了。请把该列设为“文本”格式后重新填写完整编码。"


def _cell(sheet, row, column, value):
    """Change one cell of the sample; row counts from 2, as in Excel."""

    def change(sheets):
        sheets[sheet][row - 2][column] = value

    return change


def _rename(sheet, old, new):
    def change(sheets):
        for row in sheets[sheet]:
            row[new] = row.pop(old, None)

    return change


def _append(sheet, **changes):
    """Repeat the first row of a sheet with changes."""

    def change(sheets):
        sheets[sheet].append(sheets[sheet][0] | changes)

    return change


def _all(*changes):
    def change(sheets):
        for one in changes:
            one(sheets)

    return change


def _lines(outcome):
    return [str(problem) for problem in outcome.errors]


def _tomorrow():
    return (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")


BAD = {
    "misspelt header": (
        _rename("走访记录", "走访编号", "走访编码"),
        "“走访记录”第 1 行：走访编码“走访编码”：没有这一列，是不是“走访编号”？请改正第 1 行。",
    ),
    "unknown column": (
        _cell("走访记录", 2, "血型", "A"),
        f"“走访记录”第 1 行：血型“血型”：没有这一列。请删去；可用的列：{LISTED_VISITS}。",
    ),
    "column twice": (
        _cell("走访对象", 2, "门牌地址*", "花溪路1号"),
        "“走访对象”第 1 行：门牌地址“门牌地址”：这一列出现了两次。请删去一列。",
    ),
    "missing code": (
        _cell("走访对象", 4, "对象编号", None),
        "“走访对象”第 4 行：对象编号：必填，这里是空的。请填写。",
    ),
    "grid outside its village": (
        _append("网格", 网格编码="3304111059990009"),
        "“网格”第 5 行：网格编码“3304111059990009”：前 12 位 330411105999 不是已知的村（社区）。"
        "请改正编码，或在“区划”表补上这个村。",
    ),
    "grid of another kind": (
        _append("网格", 网格编码="3304111052012009"),
        "“网格”第 5 行：网格编码“3304111052012009”：第 13 位须与类型一致：综合 0，专属 1，微 2。请改正编码或类型。",
    ),
    "grid too short": (
        _append("网格", 网格编码="33041110520"),
        "“网格”第 5 行：网格编码“33041110520”：网格编码是 16 位数字，这里是 11 位。请核对。",
    ),
    "no such day": (
        _cell("走访记录", 4, "开始时间", "2018-13-40"),
        "“走访记录”第 4 行：开始时间“2018-13-40”：没有这一天或这个时间。请核对年月日。",
    ),
    "number ruined by Excel": (
        _append("网格", 网格编码=3304111052010009),
        f"“网格”第 5 行：网格编码“3304111052010009”：{ROUNDED}",
    ),
    "E notation": (
        _cell("走访对象", 2, "网格编码", "3.30411E+15"),
        f"“走访对象”第 2 行：网格编码“3.30411E+15”：{ROUNDED}",
    ),
    "visit twice with other content": (
        _append("走访记录", 手记="别的内容"),
        "“走访记录”第 5 行：走访编号“V001”：与第 2 行编号相同，内容却不同。请删去一行，或改正编号。",
    ),
    "cadre who does not exist": (
        _cell("走访记录", 3, "走访人", "W001;W999"),
        "“走访记录”第 3 行：走访人“W999”：没有这个工号。请核对，或在“人员”表补上；多个工号用分号隔开。",
    ),
    "entry that does not exist": (
        _cell("走访记录", 3, "对象编号", "H999"),
        "“走访记录”第 3 行：对象编号“H999”：没有这个走访对象。请核对编号，或在“走访对象”表补上。",
    ),
    "grid that does not exist": (
        _cell("走访对象", 2, "网格编码", "3304111052010077"),
        "“走访对象”第 2 行：网格编码“3304111052010077”：没有这个网格。请核对编码，或在“网格”表补上。",
    ),
    "not a listed value": (
        _cell("走访记录", 2, "结果", "在家"),
        "“走访记录”第 2 行：结果“在家”：不在可选值之内。请填：见面、远程、未遇、空关、拒访、搬迁、拆除。",
    ),
    "ends before it starts": (
        _cell("走访记录", 2, "结束时间", "2018-09-03 19:00"),
        "“走访记录”第 2 行：结束时间“2018-09-03 19:00”：结束时间早于开始时间。请核对。",
    ),
    "unknown sheet": (
        lambda sheets: sheets.update({"走访纪录": []}),
        "“走访纪录”：没有这张工作表，是不是“走访记录”？请改名。",
    ),
    "sheet in both languages": (
        lambda sheets: sheets.update({"areas": sheets["区划"]}),
        "“areas”：这张工作表出现了两次。请合并成一张。",
    ),
    "urban and rural": (
        _cell("区划", 6, "城乡分类", "12"),
        "“区划”第 6 行：城乡分类“12”：城乡分类是三位数字。请核对。",
    ),
    "area elsewhere": (
        _append("区划", 区划代码="330411106", 名称="洪合镇"),
        "“区划”第 8 行：区划代码“330411106”：不在活动区划 330411105 之内，也不是它的上级。请核对代码。",
    ),
    "area of no length": (
        _append("区划", 区划代码="33041", 名称="某地"),
        "“区划”第 8 行：区划代码“33041”：代码应为 2、4、6、9、12 位（区划）或 16 位（网格）数字，这里是 5 位。请核对。",
    ),
    "people disagree": (
        _cell("人员", 4, "姓名", "王五"),
        "“人员”第 4 行：姓名“王五”：与第 3 行同一工号的“姓名”不一致：那里是“王二”。请改成一致。",
    ),
    "phone": (
        _cell("人员", 2, "手机", "12345"),
        "“人员”第 2 行：手机“***45”：手机号码是 13 至 19 开头的 11 位数字。请核对，也可不填。",
    ),
    "clerk without department": (
        _cell("人员", 6, "单位", None),
        "“人员”第 6 行：单位：角色为承办单位或承办负责人时，必须填写单位。",
    ),
    "department that does not exist": (
        _cell("人员", 3, "单位", "某某局"),
        "“人员”第 3 行：单位“某某局”：没有这个单位。请核对名称，或在“单位”表补上。",
    ),
    "team that does not exist": (
        _cell("人员", 2, "队伍", "某队"),
        "“人员”第 2 行：队伍“某队”：没有这支队伍。请核对名称，多支队伍用分号隔开。",
    ),
    "answer to no suggestion": (
        _cell("诉求", 2, "建议答复", "采纳"),
        "“诉求”第 2 行：建议答复“采纳”：只有性质为“建议”的才有建议答复。请删去答复，或改正性质。",
    ),
    "suggestion as an issue": (
        _cell("问题", 2, "诉求编号", "O001;O002"),
        "“问题”第 2 行：诉求编号“O002”：性质是“建议”，不能转为问题。请改正编号。",
    ),
    "issue of no category": (
        _cell("问题", 2, "类别代码", 101),
        "“问题”第 2 行：类别代码“101”：没有这个类别。请填 2 位或 4 位类别代码，开头的 0 不能丢。",
    ),
    "void issue": (
        _cell("问题", 4, "状态", "作废"),
        "“问题”第 4 行：状态“作废”：不在可选值之内。请填：已受理、已交办、办理中、待补充、挂账、已办理、"
        "待回访、已销号、不予受理、移交、并案、撤回。",
    ),
    "assigned without department": (
        _cell("问题", 3, "主办单位", None),
        "“问题”第 3 行：主办单位：状态为“办理中”时必填，这里是空的。请填写，或改正状态。",
    ),
    "closed without follow-up": (
        _cell("问题", 2, "回访结果", None),
        "“问题”第 2 行：回访结果：状态为“已销号”时必填，这里是空的。请填写，或改正状态。",
    ),
    "issue without place": (
        _cell("问题", 4, "范围", None),
        "“问题”第 4 行：范围：没有诉求编号时必须填写范围。",
    ),
    "closed before the reply": (
        _cell("问题", 2, "办结时间", "2018-09-10 15:00"),
        "“问题”第 2 行：办结时间“2018-09-10 15:00”：早于答复时间。请核对两个时间。",
    ),
    "negative copies": (
        _cell("资料发放", 2, "份数", -1),
        "“资料发放”第 2 行：份数“-1”：不能为负数。请核对。",
    ),
    "money": (
        _cell("实事", 2, "金额", "12.345"),
        "“实事”第 2 行：金额“12.345”：金额最多两位小数。请核对。",
    ),
    "record elsewhere": (
        _cell("宣讲活动", 2, "范围", "330411"),
        "“宣讲活动”第 2 行：范围“330411”：不在活动区划 330411105 之内。请核对代码。",
    ),
    "two campaigns": (
        _append("活动", 活动代码="other-2018"),
        "“活动”第 3 行：活动代码“other-2018”：“活动”表只能有一行。请删去其余的行。",
    ),
    "campaign nowhere": (
        _all(_cell("活动", 2, "区划代码", "33041"), lambda sheets: [sheets.pop(name) for name in list(sheets)[1:]]),
        "“活动”第 2 行：区划代码“33041”：没有这个区划。请核对代码，或在“区划”表补上。",
    ),
    "campaign ends before it starts": (
        _cell("活动", 2, "结束日期", "2018-06-30"),
        "“活动”第 2 行：结束日期“2018-06-30”：结束日期早于开始日期。请核对。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "line"), BAD.values(), ids=BAD)
def test_mistake_is_one_line_and_nothing_is_written(change, line):
    sheets = sample()
    change(sheets)
    before = everything()

    outcome = load(workbook(sheets))

    assert _lines(outcome) == [line]
    assert not outcome.changed
    assert everything() == before


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("走访记录", "开始时间"),
        ("宣讲活动", "日期"),
        ("资料发放", "日期"),
        ("诉求", "收集时间"),
        ("实事", "日期"),
    ],
)
def test_record_of_tomorrow_is_refused(sheet, column):
    sheets, tomorrow = sample(), _tomorrow()
    sheets[sheet][1][column] = tomorrow

    outcome = load(workbook(sheets))

    assert _lines(outcome) == [f"“{sheet}”第 3 行：{column}“{tomorrow}”：时间在将来。请核对年月日。"]


def test_due_date_and_campaign_may_lie_in_the_future():
    sheets = sample()
    sheets["问题"][1]["期限"] = _tomorrow()
    sheets["活动"][0]["结束日期"] = _tomorrow()

    assert _lines(check(workbook(sheets))) == []


def test_village_without_its_town_is_refused():
    sheets = sample()
    del sheets["区划"][3]

    assert _lines(check(workbook(sheets)))[0] == (
        "“区划”第 5 行：区划代码“330411105201”：上级区划 330411105 不在本表，系统里也没有。请补上上级，或改正代码。"
    )


def test_place_of_duty_elsewhere_is_refused():
    sheets = sample()
    load(workbook(sheets | {"活动": [sheets["活动"][0] | {"区划代码": "330411"}]}))
    elsewhere = sample() | {"活动": [sheets["活动"][0] | {"活动代码": "small", "区划代码": "330411105201"}]}
    people = [elsewhere["人员"][0] | {"责任范围": GRID_B1}]

    outcome = check(workbook({"活动": elsewhere["活动"], "人员": people}))

    assert _lines(outcome)[0] == (
        f"“人员”第 2 行：责任范围“{GRID_B1}”：与活动区划 330411105201 无关。请核对代码。"
    )


def test_all_mistakes_of_a_workbook_are_listed_at_once():
    sheets = sample()
    names = ("unknown column", "missing code", "grid outside its village", "no such day", "E notation",
             "visit twice with other content", "cadre who does not exist")  # fmt: skip
    for name in names:
        BAD[name][0](sheets)
    before = everything()

    outcome = load(workbook(sheets))

    assert sorted(_lines(outcome)) == sorted(BAD[name][1] for name in names)
    assert everything() == before


def test_first_two_hundred_mistakes_are_listed_and_all_are_counted():
    sheets = sample()
    sheets["走访对象"] += [{"对象编号": f"X{n}", "类型": "住户", "网格编码": GRID_A1} for n in range(250)]

    outcome = check(workbook(sheets))

    assert (len(outcome.errors), outcome.error_count) == (200, 250)


def test_column_without_a_name_is_refused():
    sheets = sample()
    sheets["区划"][0][""] = "多余"

    assert _lines(check(workbook(sheets))) == [
        "“区划”第 2 行：“多余”：这一列没有名称。请在第 1 行写上列名，或删去这一列。"
    ]


def test_missing_column_is_named_once():
    sheets = sample()
    for row in sheets["宣讲活动"]:
        del row["类型"]

    assert _lines(check(workbook(sheets))) == [
        "“宣讲活动”第 1 行：类型：缺少这一列，它是必填的。请在第 1 行补上。"
    ]


def test_headers_with_stars_and_spaces_are_the_same_headers():
    sheets = sample()
    _rename("走访记录", "走访编号", " 走访编号* ")(sheets)
    _rename("走访记录", "结果", "结果＊")(sheets)

    assert _lines(check(workbook(sheets))) == []


def test_blank_rows_and_explanations_are_ignored():
    sheets = sample() | {"说明": [{"随便": "写"}]}
    sheets["走访记录"].insert(1, {"走访编号": "  "})

    outcome = load(workbook(sheets))

    assert (_lines(outcome), outcome.sheets["visits"]["created"]) == ([], 3)


@pytest.mark.parametrize(("field", "value"), [("sheet", ""), ("row", None), ("column", ""), ("value", "")])
def test_file_that_cannot_be_read_is_one_error(field, value):
    outcome = load(b"")

    assert [getattr(problem, field) for problem in outcome.errors] == [value]


def test_campaign_must_be_known_or_on_the_sheet():
    sheets = sample()
    del sheets["活动"]

    assert _lines(check(workbook(sheets))) == [
        "不知道导入哪个活动：请在文件里填“活动”表，或指明已有活动的代码。"
    ]
    assert _lines(check(workbook(sheets), campaign_code="nirgends")) == [
        "“nirgends”：没有这个活动。请核对活动代码，或在文件里加上“活动”表。"
    ]


def test_campaign_chosen_and_campaign_on_the_sheet_must_be_one():
    load(workbook(sample()))
    sheets = sample()
    sheets["活动"][0]["活动代码"] = "other-2018"

    assert _lines(check(workbook(sheets), campaign_code=CODE))[0] == (
        f"“活动”第 2 行：活动代码“other-2018”：与选定的活动 {CODE} 不一致。请核对，或去掉其中一个。"
    )


@pytest.mark.parametrize("state", [CampaignState.CLOSED, CampaignState.ARCHIVED])
def test_closed_campaign_takes_nothing_more(state):
    load(workbook(sample()))
    Campaign.objects.update(state=state)
    sheets = sample()
    _append("走访记录", 走访编号="V100")(sheets)

    assert _lines(load(workbook(sheets))) == [
        f"“{CODE}”：活动“王店镇大走访”{state.label}，只能查看，不能再导入。请先在后台重新开启活动。"
    ]
    assert load(workbook(sample())).ok, "the very same file changes nothing and may be shown to"


def test_known_record_with_other_content_is_refused_and_says_what_differs():
    load(workbook(sample()))
    before = everything()
    sheets = sample()
    sheets["走访记录"][0]["结果"] = "未遇"
    sheets["问题"][2]["状态"] = "移交"

    assert _lines(load(workbook(sheets))) == [
        "“走访记录”第 2 行：走访编号“V001”：系统里已有这个编号，内容却不同：结果原为“见面”，表中为“未遇”。"
        "已有记录不能用表格改动；若是新记录，请换一个编号。",
        "“问题”第 4 行：问题编号“I003”：系统里已有这个编号，内容却不同：状态原为“已受理”，表中为“移交”。"
        "已有记录不能用表格改动；若是新记录，请换一个编号。",
    ]
    assert everything() == before


def test_entry_of_another_town_is_refused():
    load(workbook(sample()))
    town = "330411106"
    village, grid = f"{town}201", f"{town}2010001"
    sheets = sample()
    other = {
        "活动": [sheets["活动"][0] | {"活动代码": "honghe-2018", "区划代码": town}],
        "区划": [{"区划代码": town, "名称": "洪合镇"}, {"区划代码": village, "名称": "某村"}],
        "网格": [{"网格编码": grid, "网格名称": "一网格", "类型": "综合"}],
        "走访对象": [sheets["走访对象"][0] | {"网格编码": grid}],
        "走访记录": [sheets["走访记录"][1] | {"走访编号": "X1"}],
    }

    assert _lines(load(workbook(other))) == [
        f"“走访对象”第 2 行：对象编号“H001”：这个编号已登记在活动区划之外的网格 {GRID_A1}。请换一个编号。",
        f"“走访记录”第 2 行：对象编号“H002”：这个走访对象在网格 {GRID_A1}，不在活动区划 {town} 之内。请核对编号。",
    ]


def test_refusal_shows_no_words_of_a_restricted_report():
    load(workbook(sample()))
    sheets = sample()
    sheets["诉求"][3]["原话"] = "猜一猜"

    assert _lines(load(workbook(sheets))) == [
        "“诉求”第 5 行：诉求编号“O004”：系统里已有这个编号，内容却不同：原话原为“（限阅）”，表中为“猜一猜”。"
        "已有记录不能用表格改动；若是新记录，请换一个编号。"
    ]
