"""Rows of the audit log as CSV and as a workbook: what the page shows, with the seals."""

import csv
from io import BytesIO, StringIO

from django.utils import timezone
from django.utils.translation import gettext as _

from canvass.csv_text import harmless
from canvass.workbook_writer import WorkbookWriter

from .audit_records import kind_of

MOST = 50_000
CHUNK = 2000


def head_lines(form, user):
    """What the file covers, made by whom and when."""
    now = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    chosen = [
        f"{form.fields[name].label}：{_shown(form, name, value)}"
        for name, value in form.cleaned_data.items()
        if value
    ]
    return [
        _("审计日志　条件：%(chosen)s") % {"chosen": "；".join(chosen) or _("无，全部可见的记录")},
        _("数据截至 %(moment)s") % {"moment": now},
        _("%(name)s 于 %(moment)s 导出") % {"name": user.display_name, "moment": now},
    ]


def _shown(form, name, value):
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))


def headings():
    return [
        *(_("序号"), _("时间"), _("姓名"), _("工号"), _("事项"), _("结果"), _("状态码")),
        *(_("记录类型"), _("记录编号"), _("页面"), _("来源地址"), _("设备"), _("地方"), _("封签")),
    ]


def lines(rows):
    """The rows, a bounded number in memory."""
    kinds = {"": ""}
    for row in rows.iterator(chunk_size=CHUNK):
        if row.record_type not in kinds:
            kinds[row.record_type] = kind_of(row.record_type)
        yield [
            *(row.id, f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}", row.name, row.staff_number),
            *(str(row.get_action_display()), str(row.get_result_display()), row.status),
            *(kinds[row.record_type], row.record_key, row.door, row.address),
            *(str(row.get_device_display()), row.place, row.seal),
        ]


def csv_of(form, rows, user):
    """Bytes that Excel opens as they are: with a byte order mark, and no text that becomes a formula."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerows([harmless(line)] for line in head_lines(form, user))
    writer.writerow(headings())
    writer.writerows([harmless(value) for value in line] for line in lines(rows))
    return stream.getvalue().encode("utf-8-sig")


def xlsx_of(form, rows, user):
    """The bytes of the workbook: numbers as numbers, everything else as text."""
    head = head_lines(form, user)
    writer = WorkbookWriter(footer=_("审计日志"))
    writer.write_figures(_("审计日志"), "\n".join(head), headings(), lines(rows))
    stream = BytesIO()
    writer.save(stream)
    return stream.getvalue()
