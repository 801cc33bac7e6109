"""The workbook's sheets of visits, gatherings and materials."""

from django.utils.translation import gettext_lazy as _

from canvass.workbook import Column, Kind, Sheet
from grids.enums import DepartmentLevel

from .enums import GatheringKind, MaterialKind, Outcome, VisitWay

VISITS = Sheet(
    key="visits",
    zh="走访记录",
    help=_("每次走访一行。同一编号只能有一种内容。"),
    unique=("number",),
    dated_by="started_at",
    columns=(
        Column("走访编号", "number", Kind.CODE, True, _("本次活动中唯一的编号。"), max_length=64),
        Column("对象编号", "entry", Kind.CODE, True, _("走访了谁：走访对象的编号。"), max_length=64),
        Column(
            "开始时间", "started_at", Kind.MOMENT, True, _("如 2018-09-10 19:30；只填日期即为零点。"),
            past=True,
        ),
        Column("结果", "outcome", Kind.CHOICE, True, _("如实填写；未遇、空关、拒访也是结果。"), Outcome),
        Column(
            "走访人", "cadres", Kind.CODE, True, _("走访人的工号，多人用分号隔开。"), many=True,
            max_length=32,
        ),
        Column("方式", "way", Kind.CHOICE, help=_("怎样走访的，可不填。"), choices=VisitWay),
        Column("见面人数", "people_met", Kind.WHOLE, help=_("见到的群众人数。")),
        Column("结束时间", "ended_at", Kind.MOMENT, help=_("不能早于开始时间。"), past=True),
        Column("手记", "note", help=_("写事，不写人的隐私。"), verbatim=True),
    ),
)  # fmt: skip

GATHERINGS = Sheet(
    key="gatherings",
    zh="宣讲活动",
    help=_("宣讲、座谈、接访等活动，每场一行。"),
    unique=("number",),
    dated_by="held_on",
    columns=(
        Column("活动编号", "number", Kind.CODE, True, _("本次活动中唯一的编号。"), max_length=64),
        Column("类型", "kind", Kind.CHOICE, True, _("哪一类活动。"), GatheringKind),
        Column("日期", "held_on", Kind.DATE, True, _("举行的日期。"), past=True),
        Column("范围", "place", Kind.CODE, True, _("在哪里：区划代码或网格编码。"), max_length=16),
        Column("主题", "topic", help=_("可不填。"), max_length=200, verbatim=True),
        Column("场所", "venue", help=_("可不填。"), max_length=100, verbatim=True),
        Column("主讲层级", "speaker_level", Kind.CHOICE, help=_("主讲人属于哪一级。"), choices=DepartmentLevel),
        Column(
            "主讲人", "speakers", Kind.CODE, help=_("主讲人的工号，多人用分号隔开。"), many=True,
            max_length=32,
        ),
        Column("参加人数", "attendance", Kind.WHOLE, help=_("参加的人数。")),
    ),
)  # fmt: skip

MATERIALS = Sheet(
    key="materials",
    zh="资料发放",
    help=_("发放的宣传册、公开信等资料。"),
    unique=("number",),
    dated_by="given_on",
    columns=(
        Column("发放编号", "number", Kind.CODE, True, _("本次活动中唯一的编号。"), max_length=64),
        Column("日期", "given_on", Kind.DATE, True, _("发放的日期。"), past=True),
        Column("资料", "kind", Kind.CHOICE, True, _("哪一类资料。"), MaterialKind),
        Column("范围", "place", Kind.CODE, True, _("在哪里：区划代码或网格编码。"), max_length=16),
        Column("份数", "copies", Kind.WHOLE, True, _("发放的份数。")),
        Column("走访编号", "visit", Kind.CODE, help=_("在走访时发放的，填走访编号。"), max_length=64),
    ),
)
