"""Campaign workbooks for tests: a small valid campaign in Wangdian, and the bytes of any workbook.

sheets = sample()                       # {"活动": [{"活动代码": …}], …}, a fresh copy each time
sheets["走访记录"][0]["结果"] = "未遇"
path.write_bytes(workbook(sheets))
"""

import io
from datetime import date, datetime

from openpyxl import Workbook

TOWN = "330411105"
VILLAGE_A, VILLAGE_B = "330411105201", "330411105202"
GRID_A1, GRID_A2, GRID_B1 = "3304111052010001", "3304111052010002", "3304111052021001"
CODE = "wangdian-2018"
_at = datetime.fromisoformat  # an Excel time cell, as opposed to the same time typed as text


def _rows(header, *lines):
    """Rows from a table: the header's words, then one tuple a row; a missing or None cell is blank."""
    return [dict(zip(header.split(), line, strict=False)) for line in lines]


def _places_and_people():
    return {
        "活动": _rows(
            "活动代码 活动名称 区划代码 开始日期 结束日期 主题",
            (CODE, "王店镇大走访", TOWN, date(2018, 7, 1), date(2018, 9, 30), "大走访、大宣讲"),
        ),
        "区划": _rows(
            "区划代码 名称 城乡分类",
            ("33", "浙江省"),
            ("3304", "嘉兴市"),
            ("330411", "秀洲区"),
            (TOWN, "王店镇"),
            (VILLAGE_A, "花溪社区", "121"),
            (VILLAGE_B, "庆丰村", "220"),
        ),
        "单位": _rows(
            "单位名称 层级 联系人 联系电话",
            ("王店镇政府", "镇街", "张三", "0573-83251234"),
            ("镇环保所", "镇街"),
            ("区住建局", "区县"),
        ),
        "网格": _rows(
            "网格编码 网格名称 类型",
            (GRID_A1, "花溪第一网格", "综合"),
            (GRID_A2, "花溪第二网格", "综合"),
            (GRID_B1, "庆丰工业园", "专属"),
        ),
        "队伍": _rows(
            "队伍名称 类别 责任范围",
            ("花溪走访队", "走访宣讲", VILLAGE_A),
            ("庆丰宣讲队", "宣讲服务", f"{VILLAGE_B};{GRID_A2}"),
        ),
        "人员": _rows(
            "工号 姓名 类别 角色 责任范围 单位 手机 队伍",
            ("W001", "李一", "专职网格员", "走访人员", f"{GRID_A1};{GRID_A2}", None, None, "花溪走访队"),
            ("W002", "王二", "村社干部", "走访人员", VILLAGE_A, "王店镇政府", "13800138000", "花溪走访队"),
            ("W002", "王二", "村社干部", "村社办", VILLAGE_A),
            ("W003", "赵三", "镇机关干部", "活动办", TOWN, "王店镇政府", None, "庆丰宣讲队；花溪走访队"),
            ("W004", "钱四", "镇机关干部", "承办单位", TOWN, "镇环保所"),
            ("W005", "孙五", "专职网格员", "网格长", GRID_B1),
        ),
        "走访对象": _rows(
            "对象编号 类型 网格编码 门牌地址 户名 状态",
            ("H001", "住户", GRID_A1, "花溪路1号", "周某"),
            ("H002", "住户", GRID_A1, "花溪路2号"),
            ("H003", "住户", GRID_A2, "花溪路3号", None, "空关"),
            ("E001", "企业", GRID_B1, "工业路8号", "庆丰电器厂", "在册"),
        ),
    }


def _records():
    return {
        "走访记录": _rows(
            "走访编号 对象编号 开始时间 结果 走访人 方式 见面人数 结束时间 手记",
            (
                "V001",
                "H001",
                _at("2018-09-03 19:30"),
                "见面",
                "W001;W002",
                "入户",
                3,
                _at("2018-09-03 19:50"),
                "门口积水",
            ),
            ("V002", "H002", "2018-09-04 09:00", "未遇", "W001"),
            ("V003", "E001", "2018/9/5 14:05", "见面", "W005", "入户", 2),
        ),
        "宣讲活动": _rows(
            "活动编号 类型 日期 范围 主题 场所 主讲层级 主讲人 参加人数",
            ("G001", "纳凉会", date(2018, 8, 1), VILLAGE_A, "垃圾分类", "文化礼堂", "镇街", "W003", 60),
            ("G002", "接访", "2018-08-02", TOWN),
        ),
        "资料发放": _rows(
            "发放编号 日期 资料 范围 份数 走访编号",
            ("M001", date(2018, 9, 3), "联系卡", GRID_A1, 1, "V001"),
            ("M002", date(2018, 8, 1), "宣传册", VILLAGE_A, 120),
        ),
        "诉求": _rows(
            "诉求编号 性质 来源 范围 收集时间 原话 走访编号 对象编号 收集人 建议答复",
            ("O001", "问题", "走访", GRID_A1, "2018-09-03 19:40", "一下雨门口就积水", "V001", "H001", "W001"),
            ("O002", "建议", "走访", GRID_A1, "2018-09-03 19:45", "多装路灯", "V001", "H001", "W001", "采纳"),
            ("O003", "投诉", "电话", VILLAGE_B, _at("2018-09-05 10:00"), "厂里半夜有噪声"),
            ("O004", "举报", "来信", VILLAGE_B, "2018-09-06", "有人侵占集体资产"),
        ),
        "问题": _issues(),
        "实事": _rows(
            "实事编号 日期 内容 范围 类型 金额 受益户数 捐赠方 问题编号",
            ("D001", date(2018, 9, 12), "疏通下水道", GRID_A1, "项目", "1250.50", 12, None, "I001"),
            ("D002", "2018-09-20", "慰问困难户", VILLAGE_B, "慰问", 800, 2, "爱心企业"),
        ),
    }


def _issues():
    return [
        {
            "问题编号": "I001",
            "标题": "花溪路积水",
            "类别代码": "0101",
            "层级": "镇街",
            "登记时间": "2018-09-04 08:30",
            "状态": "已销号",
            "诉求编号": "O001",
            "主办单位": "镇环保所",
            "协办单位": "王店镇政府;区住建局",
            "交办时间": "2018-09-04 10:00",
            "期限": "2018-09-14",
            "答复时间": "2018-09-10 16:00",
            "办结时间": "2018-09-12 09:00",
            "办结方式": "实质",
            "办理结果": "已疏通",
            "当场解决": "否",
            "回访结果": "已解决",
            "满意度": "满意",
        },
        {
            "问题编号": "I002",
            "标题": "厂区夜间噪声",
            "类别代码": "0103",
            "层级": "村社",
            "登记时间": "2018-09-05 11:00",
            "状态": "办理中",
            "诉求编号": "O003",
            "主办单位": "镇环保所",
            "交办时间": "2018-09-06",
            "期限": "2018-09-20 12:00",
        },
        {
            "问题编号": "I003",
            "标题": "路灯不亮",
            "类别代码": "02",
            "层级": "村社",
            "登记时间": "2018-09-07",
            "状态": "已受理",
            "范围": GRID_B1,
        },
    ]


def sample():
    """A complete small campaign, valid as it stands."""
    return _places_and_people() | _records()


def workbook(sheets):
    """The bytes of an .xlsx with these sheets: {sheet name: list of {header: cell}}.

    The header row is the union of the rows' keys in their order of appearance.
    """
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        header = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(header)
        for row in rows:
            sheet.append([row.get(key) for key in header])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
