"""Each kind of cell: what Excel and people write, what it means, and the sentence for what it cannot mean."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from canvass.workbook import Column, Kind
from canvass.workbook_cells import BadCellError, display, reader
from visits.enums import Outcome

TEXT = Column("门牌地址", "address", Kind.TEXT, max_length=5)
VERBATIM = Column("原话", "words_verbatim", Kind.TEXT, verbatim=True)
CODE = Column("编号", "number", Kind.CODE, max_length=20)
CODES = Column("走访人", "cadres", Kind.CODE, many=True, max_length=20)
CHOICE = Column("结果", "outcome", Kind.CHOICE, choices=Outcome, without=(Outcome.DEMOLISHED,))
DATE = Column("日期", "held_on", Kind.DATE)
MOMENT = Column("时间", "at", Kind.MOMENT)
DUE = Column("期限", "due_at", Kind.MOMENT, day_end=True)
WHOLE = Column("份数", "copies", Kind.WHOLE)
MONEY = Column("金额", "amount", Kind.MONEY)
YES_NO = Column("当场解决", "spot", Kind.YES_NO)


def at(text):
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (TEXT, "  门口 \u3000", "门口"),
        (TEXT, "   ", None),
        (TEXT, "１２号Ａ座", "12号Ａ座"),
        (VERBATIM, " 住１２号 ", "住１２号"),
        (TEXT, 101, "101"),
        (TEXT, 3.0, "3"),
        (TEXT, "甲_x000D_\n乙", "甲\n乙"),
        (TEXT, "=1+1", "=1+1"),
        (CODE, "'00123", "00123"),
        (CODE, "00123", "00123"),
        (CODE, "３３０４ＡＢ－１", "3304AB-1"),
        (CODE, 330411105, "330411105"),
        (CODE, 330411105201.0, "330411105201"),
        (CODE, 999_999_999_999_999, "999999999999999"),
        (CODES, "W001; W002；W001;", ("W001", "W002")),
        (CODES, 17, ("17",)),
        (CODES, " ; ", None),
        (CHOICE, " 见面 ", "met"),
        (CHOICE, "met", "met"),
        (CHOICE, "not_in", "not_in"),
        (DATE, "2018-09-10", date(2018, 9, 10)),
        (DATE, "2018/9/1", date(2018, 9, 1)),
        (DATE, "２０１８－０９－１０", date(2018, 9, 10)),
        (DATE, datetime.fromisoformat("2018-09-10T00:00"), date(2018, 9, 10)),
        (DATE, " ", None),
        (MOMENT, "2018-09-10 19:30", at("2018-09-10 19:30")),
        (MOMENT, "2018/9/10 9:05:07", at("2018-09-10 09:05:07")),
        (MOMENT, "2018-09-10", at("2018-09-10 00:00")),
        (MOMENT, datetime.fromisoformat("2018-09-10T19:29:59.999600"), at("2018-09-10 19:30")),
        (DUE, "2018-09-10", at("2018-09-10 23:59:59")),
        (DUE, "2018-09-10 00:00", at("2018-09-10 23:59:59")),
        (DUE, "2018-09-10 12:00", at("2018-09-10 12:00")),
        (WHOLE, 3, 3),
        (WHOLE, 3.0, 3),
        (WHOLE, " １２ ", 12),
        (WHOLE, 0, 0),
        (MONEY, "1,250.50", Decimal("1250.50")),
        (MONEY, 99.89999999999999, Decimal("99.90")),
        (MONEY, 800, Decimal("800.00")),
        (YES_NO, "是", True),
        (YES_NO, "否", False),
        (YES_NO, False, False),
    ],
)
def test_cell_is_read(column, raw, value):
    assert reader(column)(raw) == value


ROUNDED = "编码已被 Excel 舍入，后面的数字丢失了。请把该列设为“文本”格式后重新填写完整编码。"
NOT_A_DATE = "不是日期。请按 2018-09-10 或 2018-09-10 19:30 填写。"


@pytest.mark.parametrize(
    ("column", "raw", "reason"),
    [
        (TEXT, "六个字的手记", "太长：6 个字，最多 5 个。请缩短。"),
        (TEXT, "#REF!", "公式出错。请改成具体的内容。"),
        (TEXT, "甲\x00乙", "含有看不见的控制字符。请重新输入这一格。"),
        (
            TEXT,
            datetime.fromisoformat("2018-03-05"),
            "Excel 把它变成了日期或时间。请把该列设为“文本”格式后重新填写。",
        ),
        (CODE, 10**15, ROUNDED),
        (CODE, 3304111052010001, ROUNDED),
        (CODE, 3.30411e15, ROUNDED),
        (CODE, "3.30411E+15", ROUNDED),
        (CODE, "3E+15", ROUNDED),
        (CODE, 1.5, "带小数的数字不是编码。请把该列设为“文本”格式后重新填写。"),
        (CODE, True, "不是编码。请按文字填写。"),
        (CODES, "W001;3.30411E+15", ROUNDED),
        (CHOICE, "在家", "不在可选值之内。请填：见面、远程、未遇、空关、拒访、搬迁。"),
        (CHOICE, "拆除", "不在可选值之内。请填：见面、远程、未遇、空关、拒访、搬迁。"),
        (DATE, "2018-13-40", "没有这一天或这个时间。请核对年月日。"),
        (DATE, "2018-02-29", "没有这一天或这个时间。请核对年月日。"),
        (DATE, "九月十日", NOT_A_DATE),
        (DATE, 43353, "不是日期。请把该格设为“日期”格式，或按 2018-09-10 填写。"),
        (DATE, time(9, 0), "不是日期。请把该格设为“日期”格式，或按 2018-09-10 填写。"),
        (DATE, "0218-09-10", "年份不对。请核对年月日。"),
        (MOMENT, "2018-09-10 25:00", "没有这一天或这个时间。请核对年月日。"),
        (MOMENT, "#VALUE!", "公式出错。请改成具体的内容。"),
        (WHOLE, -1, "不能为负数。请核对。"),
        (WHOLE, 1.5, "不是整数。请填整数。"),
        (WHOLE, "三", "不是数字。请只填数字，不带单位。"),
        (WHOLE, 2**31, "数字太大。请核对。"),
        (MONEY, "0.005", "金额最多两位小数。请核对。"),
        (MONEY, "-3", "不能为负数。请核对。"),
        (MONEY, 1e300, "数字太大。请核对。"),
        (MONEY, "800元", "不是数字。请只填数字，不带单位。"),
        (YES_NO, "也许", "请填“是”或“否”。"),
    ],
)
def test_cell_is_refused(column, raw, reason):
    with pytest.raises(BadCellError) as error:
        reader(column)(raw)

    assert str(error.value) == reason


def test_listed_words_are_those_of_the_field_in_every_language():
    with translation.override("en"):
        column = Column("结果", "outcome", Kind.CHOICE, choices=Outcome)

        assert column.listed == ["见面", "远程", "未遇", "空关", "拒访", "搬迁", "拆除"]
        assert reader(column)("见面") == "met"


def test_a_value_is_shown_in_local_time_and_short():
    assert display(at("2018-09-10 19:30")) == "2018-09-10 19:30"
    assert display(("W001", "W002")) == "W001;W002"
    assert display("字" * 200) == "字" * 100 + "…"
