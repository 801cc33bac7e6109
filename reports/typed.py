"""What people type for a report: which lines each series has, and how typed figures stand in it."""

from django.utils.translation import gettext_lazy as _

from .enums import ReportKind
from .sentences import text_run

UNFILLED = "（未填写）"
# {series: {key: label}}, in the order of the paper.
LINES = {
    ReportKind.DAILY: {
        "focus": _("当日重点"),
        "practice": _("好的做法"),
        "problems": _("存在问题"),
        "needs": _("需要协调的事项"),
        "next": _("明日安排"),
    },
    ReportKind.WEEKLY: {
        "practice": _("工作做法（不写姓名）"),
        "problems": _("存在问题"),
        "next": _("下周安排"),
    },
    ReportKind.FINAL: {
        "practice": _("工作做法（不写姓名）"),
        "problems": _("存在问题"),
        "next": _("下一步打算"),
    },
    ReportKind.CIRCULAR: {
        "remarks": _("通报意见（对单位和地方，不对个人）"),
    },
}


def line_of(draft, key):
    """The typed text of a line."""
    return (draft.lines.get(key) or "").strip() if draft else ""


def typed_figures(draft):
    return list(draft.figures) if draft else []


def typed_run(typed):
    """A typed figure in a paper: marked, with who typed it."""
    return text_run(f"{typed['value']}{typed['unit']}") | {"typed": True}
