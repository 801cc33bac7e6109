"""The workbook's sheets and headers are an interface: other offices fill them in and scripts read them."""

import pytest

from canvass.workbook import Kind
from reports.loading import IMPORTERS
from reports.sheets import SHEETS

HEADERS = {
    "活动 campaign": "活动代码* 活动名称* 区划代码* 开始日期* 结束日期* 主题",
    "区划 areas": "区划代码* 名称* 城乡分类",
    "单位 departments": "单位名称* 层级* 联系人 联系电话",
    "网格 grids": "网格编码* 网格名称* 类型*",
    "队伍 teams": "队伍名称* 类别* 责任范围*",
    "人员 cadres": "工号* 姓名* 类别* 角色* 责任范围* 单位 手机 队伍",
    "走访对象 register": "对象编号* 类型* 网格编码* 门牌地址* 户名 状态",
    "走访记录 visits": "走访编号* 对象编号* 开始时间* 结果* 走访人* 方式 见面人数 结束时间 手记",
    "宣讲活动 gatherings": "活动编号* 类型* 日期* 范围* 主题 场所 主讲层级 主讲人 参加人数",
    "资料发放 materials": "发放编号* 日期* 资料* 范围* 份数* 走访编号",
    "诉求 opinions": "诉求编号* 性质* 来源* 范围* 收集时间* 原话* 走访编号 对象编号 收集人 建议答复",
    "问题 issues": "问题编号* 标题* 类别代码* 层级* 登记时间* 状态* 诉求编号 范围 主办单位 协办单位 交办时间 期限 "
    "答复时间 办结时间 办结方式 办理结果 当场解决 回访结果 满意度",
    "实事 deeds": "实事编号* 日期* 内容* 范围* 类型 金额 受益户数 捐赠方 问题编号",
}


def test_sheets_and_headers_are_those_that_were_promised():
    headers = {
        f"{sheet.zh} {sheet.key}": " ".join(column.header for column in sheet.columns) for sheet in SHEETS
    }

    assert headers == HEADERS
    assert list(headers) == list(HEADERS), "each after those it refers to"


def test_lists_inside_a_cell_are_those_that_were_promised():
    many = {column.zh for sheet in SHEETS for column in sheet.columns if column.many}

    assert many == {"责任范围", "队伍", "走访人", "主讲人", "诉求编号", "协办单位"}


def test_every_sheet_has_its_importer_in_the_same_order():
    assert [importer.sheet for importer in IMPORTERS] == list(SHEETS)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_column_explains_itself_and_names_its_values(sheet):
    for column in sheet.columns:
        assert str(column.help).endswith("。")
        assert bool(column.listed) == (column.kind in (Kind.CHOICE, Kind.YES_NO))
        assert len(column.labels) == len(set(column.labels.values())), "a word means one thing"
