"""Listed values of this app. The Chinese labels are the words of the field and of the workbook's cells."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.enums import OpinionNature


class SuggestionVerdict(TextChoices):
    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    NOTED = "noted", _("留作参考")
    NOT_ADOPTED = "not_adopted", _("不采纳")


class IssueLevel(TextChoices):
    VILLAGE = "village", pgettext_lazy("issue level", "村社")
    TOWN = "town", pgettext_lazy("issue level", "镇街")
    COUNTY = "county", pgettext_lazy("issue level", "区县")
    CITY = "city", _("市")


class IssueState(TextChoices):
    """Where an issue stands; moves between states live in workflow.py alone."""

    ACCEPTED = "accepted", _("已受理")
    ASSIGNED = "assigned", _("已交办")
    IN_PROGRESS = "in_progress", _("办理中")
    WAITING = "waiting", _("待补充")
    PARKED = "parked", _("挂账")
    REPLIED = "replied", _("已办理")
    FOLLOW_UP = "follow_up", _("待回访")
    CLOSED = "closed", _("已销号")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    TRANSFERRED = "transferred", _("移交")
    MERGED = "merged", _("并案")
    WITHDRAWN = "withdrawn", _("撤回")
    VOID = "void", _("作废")


class IssueOutcome(TextChoices):
    SUBSTANTIVE = "substantive", _("实质")
    PROCEDURAL = "procedural", _("程序")
    PHASED = "phased", _("阶段")


class FollowUpResult(TextChoices):
    SOLVED = "solved", _("已解决")
    PARTLY = "partly", _("部分解决")
    NOT_SOLVED = "not_solved", _("未解决")
    NOT_REACHED = "not_reached", _("未联系上")

    @classmethod
    def answers(cls):
        """What somebody says who was reached."""
        return [cls.SOLVED, cls.PARTLY, cls.NOT_SOLVED]


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", _("满意")
    MOSTLY = "mostly", _("基本满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    NO_ANSWER = "no_answer", _("未表态")


class SupervisionColour(TextChoices):
    BLUE = "blue", _("蓝")
    YELLOW = "yellow", _("黄")
    RED = "red", _("红")


class ConductRating(TextChoices):
    """How a resident found one side of a department's work; not said is an answer too."""

    GOOD = "good", pgettext_lazy("conduct", "好")
    FAIR = "fair", pgettext_lazy("conduct", "一般")
    POOR = "poor", pgettext_lazy("conduct", "差")


class ReportStepKind(TextChoices):
    """What discipline did about a misconduct report, in this order."""

    RECEIVED = "received", pgettext_lazy("report", "已接收")
    LOOKED_INTO = "looked_into", pgettext_lazy("report", "正在核查")
    CLOSED = "closed", pgettext_lazy("report", "已办结")


class DeedKind(TextChoices):
    CONDOLENCE = "condolence", _("慰问")
    DONATION = "donation", _("捐助")
    PROJECT = "project", _("项目")
    SERVICE = "service", _("服务")
    OTHER = "other", _("其他")


class Urgency(TextChoices):
    URGENT = "urgent", _("特急")
    UTILITIES = "utilities", _("水电气热")
    QUESTION = "question", _("咨询")
    ORDINARY = "ordinary", _("一般")
    COMPLEX = "complex", _("复杂")
    PROJECT = "project", _("项目")

    @classmethod
    def usual(cls, nature):
        """Of words of a nature, until somebody decides otherwise."""
        return cls.QUESTION if nature == OpinionNature.QUESTION else cls.ORDINARY


class LimitProfile(TextChoices):
    """By whose rules an issue's clocks run: the campaign's own, or those of a petition."""

    CAMPAIGN = "campaign", _("走访活动")
    PETITION = "petition", _("信访事项")


class Lateness(TextChoices):
    """How an issue stands against its due date; every issue is exactly one of these (see models.lateness)."""

    NOT_DUE = "not_due", _("未到期")
    DUE_SOON = "due_soon", _("即将到期")
    LATE = "late", _("已超期")
    VERY_LATE = "very_late", _("超期 5 个工作日以上")
    STOPPED = "stopped", _("停计")
    NO_CLOCK = "no_clock", _("无期限或已答复")


class ClockKind(TextChoices):
    """What somebody owes by when. REVIEW is the answer clock of an issue that comes up again."""

    RESPONSE = "response", _("首次响应")
    ANSWER = "answer", pgettext_lazy("clock", "答复")
    REVIEW = "review", pgettext_lazy("clock", "复查")
    CLOSE = "close", pgettext_lazy("clock", "销号")


class LimitUnit(TextChoices):
    MINUTE = "minute", _("分钟")
    HOUR = "hour", _("小时")
    DAY = "day", _("天")
    WORKING_DAY = "working_day", _("个工作日")


class TextKind(TextChoices):
    """The field of a move that an answer template fills; the names are those of the move table."""

    REPLY = "reply", _("给群众的答复")
    ROUTE = "route", _("应向何处反映")
    REASON = "reason", _("说明")


class SlipCause(TextChoices):
    """Why a supervision slip was issued; each cause has one colour."""

    DUE_SOON = "due_soon", _("办理时限已用八成")
    OVERDUE = "overdue", _("已过期限")
    REWORK = "rework", _("退回重办一次")
    LONG_OVERDUE = "long_overdue", _("超期 5 个工作日以上")
    REWORKS = "reworks", _("退回重办两次以上")
    FALSE_CLOSING = "false_closing", _("销号后又重开")


class SlipStepKind(TextChoices):
    """What may happen to a slip. A reply to the issue ends it too, and is a step of the issue."""

    ANSWERED = "answered", _("单位回复")
    LIFTED = "lifted", pgettext_lazy("slip", "解除")
    SUPERSEDED = "superseded", _("由新督办单接续")
