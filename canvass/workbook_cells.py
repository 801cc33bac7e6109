"""From what Excel stored in a cell to a typed value, or to a sentence that says what is wrong with it."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from .masks import masked
from .workbook import LIST_SEPARATORS, NO, YES, Kind

# From here on a number may have lost digits: Excel keeps fifteen.
ROUNDED = 10**15
LARGEST_WHOLE = 2**31 - 1
LARGEST_MONEY = Decimal(10) ** 12

_WIDE = str.maketrans(
    "０１２３４５６７８９" + "".join(chr(0xFF21 + n) + chr(0xFF41 + n) for n in range(26)) + "－：／．＋＿",
    "0123456789" + "".join(chr(0x41 + n) + chr(0x61 + n) for n in range(26)) + "-:/.+_",
)
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_E_NOTATION = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?E[+-][0-9]+|[+-]?[0-9]+\.[0-9]+E[0-9]+", re.IGNORECASE)
_DATE = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_FORMULA_ERRORS = {"#REF!", "#N/A", "#DIV/0!", "#NAME?", "#NUM!", "#VALUE!", "#NULL!", "#SPILL!", "#CALC!"}
_CARRIAGE = re.compile(r"_x000D_|\r(?=\n)")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LISTS = re.compile(f"[{LIST_SEPARATORS}\n]")


class BadCellError(ValueError):
    """The cell cannot be read; the message tells a clerk why and what to do."""


def display(value):
    """A cell's raw or typed value as a short text, for an error line or a preview."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple | list):
        return ";".join(display(part) for part in value)
    text = str(value)
    return text if len(text) <= 100 else f"{text[:100]}…"


def shown(column, value):
    """A typed or stored value as the words of its column; of a person's name or number a mask."""
    text = display(column.labels.get(value, value) if column.choices else value)
    return masked(text) if column.personal else text


def reader(column):
    """The function that reads one column's cells: raw value -> typed value, None for a blank one."""
    read = _READERS[column.kind]
    if not column.many:
        return lambda raw: None if raw is None or raw == "" else read(column, raw)
    return lambda raw: None if raw is None or raw == "" else _read_list(column, raw, read)


def _read_list(column, raw, read):
    if not isinstance(raw, str):
        value = read(column, raw)
        return None if value is None else (value,)
    parts = (read(column, part) for part in _LISTS.split(raw))
    return tuple(dict.fromkeys(part for part in parts if part)) or None


def _text(raw):
    text = raw.strip()
    if text in _FORMULA_ERRORS:
        raise BadCellError(_("公式出错。请改成具体的内容。"))
    if not text.isprintable():
        text = _CARRIAGE.sub("", text)
        if _INVISIBLE.search(text):
            raise BadCellError(_("含有看不见的控制字符。请重新输入这一格。"))
    elif "_x000D_" in text:
        text = _CARRIAGE.sub("", text)
    return text


def _fits(column, text):
    if column.max_length and len(text) > column.max_length:
        raise BadCellError(
            _("太长：%(length)d 个字，最多 %(limit)d 个。请缩短。")
            % {"length": len(text), "limit": column.max_length}
        )
    return text or None


def _read_text(column, raw):
    if isinstance(raw, str):
        text = _text(raw)
        return _fits(column, text if column.verbatim else text.translate(_WIDE_DIGITS))
    if isinstance(raw, bool):
        return YES if raw else NO
    if isinstance(raw, int | float):
        return _fits(column, str(int(raw)) if float(raw).is_integer() else repr(raw))
    raise BadCellError(_("Excel 把它变成了日期或时间。请把该列设为“文本”格式后重新填写。"))


def _read_code(column, raw):
    if isinstance(raw, str):
        text = _text(raw)
        if not text.isascii():
            text = text.translate(_WIDE)
        text = text.lstrip("'‘’＇")
        if _E_NOTATION.fullmatch(text):
            raise BadCellError(_rounded())
        return _fits(column, text)
    if isinstance(raw, bool):
        raise BadCellError(_("不是编码。请按文字填写。"))
    if isinstance(raw, int | float):
        if abs(raw) >= ROUNDED:
            raise BadCellError(_rounded())
        if raw != int(raw):
            raise BadCellError(_("带小数的数字不是编码。请把该列设为“文本”格式后重新填写。"))
        return _fits(column, str(int(raw)))
    raise BadCellError(_("Excel 把它变成了日期或时间。请把该列设为“文本”格式后重新填写。"))


def _rounded():
    return _("编码已被 Excel 舍入，后面的数字丢失了。请把该列设为“文本”格式后重新填写完整编码。")


def _read_choice(column, raw):
    if isinstance(raw, bool):
        raw = YES if raw else NO
    text = _text(raw) if isinstance(raw, str) else str(raw)
    if not text:
        return None
    try:
        return column.meanings[text.translate(_WIDE).casefold()]
    except KeyError:
        listed = "、".join(column.listed)
        raise BadCellError(_("不在可选值之内。请填：%(listed)s。") % {"listed": listed}) from None


def _moment(raw):
    """A naive date and time from an Excel date or its text, to the second."""
    if isinstance(raw, dt.datetime):
        naive = raw.replace(tzinfo=None)
        return (naive + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    if isinstance(raw, dt.date):
        return dt.datetime.combine(raw, dt.time.min)
    if isinstance(raw, str):
        return _moment_of_text(_text(raw).translate(_WIDE))
    raise BadCellError(_("不是日期。请把该格设为“日期”格式，或按 2018-09-10 填写。"))


def _moment_of_text(text):
    match = _DATE.fullmatch(text)
    if not match:
        raise BadCellError(_("不是日期。请按 2018-09-10 或 2018-09-10 19:30 填写。"))
    try:
        return dt.datetime(*(int(part or 0) for part in match.groups()))
    except ValueError:
        raise BadCellError(_("没有这一天或这个时间。请核对年月日。")) from None


def _sane(moment):
    if not 1900 <= moment.year <= 2200:
        raise BadCellError(_("年份不对。请核对年月日。"))
    return moment


def _read_date(column, raw):
    if isinstance(raw, str) and not raw.strip():
        return None
    return _sane(_moment(raw)).date()


def _read_moment(column, raw):
    if isinstance(raw, str) and not raw.strip():
        return None
    moment = _sane(_moment(raw))
    if column.day_end and not (moment.hour or moment.minute or moment.second):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.replace(tzinfo=timezone.get_default_timezone())


def _number(raw):
    """A Decimal from a number or its text; None for blanks."""
    if isinstance(raw, str):
        text = _text(raw).translate(_WIDE).replace(",", "").replace("，", "")
        if not text:
            return None
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", text):
            raise BadCellError(_("不是数字。请只填数字，不带单位。"))
        return Decimal(text)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise BadCellError(_("不是数字。请只填数字，不带单位。"))
    try:
        return Decimal(format(raw, ".15g"))  # what Excel shows: 99.9, not 99.89999999999999
    except InvalidOperation:
        raise BadCellError(_("不是数字。请只填数字，不带单位。")) from None


def _not_negative(number, largest):
    if number < 0:
        raise BadCellError(_("不能为负数。请核对。"))
    if not number.is_finite() or number > largest:
        raise BadCellError(_("数字太大。请核对。"))
    return number


def _read_whole(column, raw):
    number = _number(raw)
    if number is None:
        return None
    if _not_negative(number, LARGEST_WHOLE) != int(number):
        raise BadCellError(_("不是整数。请填整数。"))
    return int(number)


def _read_money(column, raw):
    number = _number(raw)
    if number is None:
        return None
    cents = _not_negative(number, LARGEST_MONEY - 1).quantize(Decimal("0.01"))
    if cents != number:
        raise BadCellError(_("金额最多两位小数。请核对。"))
    return cents


def _read_yes_no(column, raw):
    if isinstance(raw, bool):
        return raw
    text = _text(raw).casefold() if isinstance(raw, str) else str(raw)
    if not text:
        return None
    if text in {YES, "yes", "true"}:
        return True
    if text in {NO, "no", "false"}:
        return False
    raise BadCellError(_("请填“是”或“否”。"))


_READERS = {
    Kind.TEXT: _read_text,
    Kind.CODE: _read_code,
    Kind.CHOICE: _read_choice,
    Kind.DATE: _read_date,
    Kind.MOMENT: _read_moment,
    Kind.WHOLE: _read_whole,
    Kind.MONEY: _read_money,
    Kind.YES_NO: _read_yes_no,
}
