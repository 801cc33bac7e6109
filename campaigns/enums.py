"""Listed values of this app. The Chinese labels are the words of the field and of the workbook's cells."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TeamKind(TextChoices):
    PAIRED_DEPARTMENTS = "paired_departments", _("结对部门")
    TOWN_AND_VILLAGE = "town_and_village", _("镇村干部")
    LEGAL = "legal", _("三官一师")
    DEPUTIES = "deputies", _("两代表一委员")
    VOLUNTEERS = "volunteers", pgettext_lazy("team", "志愿者")
    PARTY_MEMBERS = "party_members", _("普通党员")
    VISITING = "visiting", _("走访宣讲")
    TALKS = "talks", _("宣讲服务")
    OTHER = "other", _("其他")


class CampaignState(TextChoices):
    DRAFT = "draft", _("筹备")
    RUNNING = "running", _("进行中")
    CLOSED = "closed", _("已结束")
    ARCHIVED = "archived", _("已归档")


class CalendarSource(TextChoices):
    """Who put a day into the calendar."""

    LIBRARY = "library", _("国家安排")
    OFFICE = "office", _("办公室填写")


class CircularOrder(TextChoices):
    """How a circular orders its places: by area code, unless the campaign switches a figure on with a reason.

    The keys are those of figures, which this app may not import.
    """

    AREA_CODE = "", _("按区划代码")
    VISIT_COVERAGE = "visit_coverage", _("按走访率从高到低")
    CLOSING_RATE = "closing_rate", _("按办结率从高到低")
