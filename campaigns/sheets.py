"""The workbook's sheets of the campaign, its teams and its people (who stand here because of their teams)."""

from django.utils.translation import gettext_lazy as _

from canvass.roles import Role
from canvass.workbook import Column, Kind, Sheet
from grids.enums import CadreCategory

from .enums import TeamKind

CAMPAIGN = Sheet(
    key="campaign",
    zh="活动",
    help=_("这次活动，只填一行。系统里已有的活动可以不带本表，导入时选定活动即可。"),
    unique=("code",),
    columns=(
        Column("活动代码", "code", Kind.CODE, True, _("活动的代码，如 wangdian-2018。"), max_length=64),
        Column("活动名称", "name", Kind.TEXT, True, _("活动的全称。"), max_length=200),
        Column("区划代码", "area", Kind.CODE, True, _("活动覆盖的区划，如镇的 9 位代码。"), max_length=12),
        Column("开始日期", "first_on", Kind.DATE, True, _("第一天。此前的记录不计入任何数字。")),
        Column("结束日期", "last_on", Kind.DATE, True, _("最后一天。")),
        Column("主题", "theme", help=_("可不填。"), max_length=200),
    ),
)

TEAMS = Sheet(
    key="teams",
    zh="队伍",
    help=_("走访和宣讲的队伍。队员在“人员”表的“队伍”列里填写。"),
    unique=("name",),
    columns=(
        Column("队伍名称", "name", Kind.TEXT, True, _("本次活动中唯一的名称。"), max_length=100),
        Column("类别", "kind", Kind.CHOICE, True, _("哪一类队伍。"), TeamKind),
        Column(
            "责任范围", "places", Kind.CODE, True, _("区划代码或网格编码，多个用分号隔开。"), many=True,
            max_length=16,
        ),
    ),
)  # fmt: skip

CADRES = Sheet(
    key="cadres",
    zh="人员",
    help=_("干部和走访人员。一人担任几个角色就填几行；姓名、类别、单位、手机各行须一致。"),
    unique=("staff_number", "role"),
    columns=(
        Column("工号", "staff_number", Kind.CODE, True, _("全系统唯一的编号。"), max_length=32),
        Column("姓名", "name", Kind.TEXT, True, _("人员姓名。"), max_length=50),
        Column("类别", "category", Kind.CHOICE, True, _("职业或身份，一人一类。"), CadreCategory),
        Column(
            "角色",
            "role",
            Kind.CHOICE,
            True,
            _("在活动中承担的职责；系统管理类角色不能由表格授予。"),
            Role,
            without=(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR),
        ),
        Column(
            "责任范围",
            "places",
            Kind.CODE,
            True,
            _("区划代码或网格编码，多个用分号隔开。"),
            many=True,
            max_length=16,
        ),
        Column(
            "单位",
            "department",
            help=_("单位名称；角色为承办单位或承办负责人时必填。"),
            max_length=100,
        ),
        Column("手机", "phone", Kind.CODE, help=_("11 位手机号码，可不填。"), max_length=11, personal=True),
        Column("队伍", "teams", help=_("所在队伍的名称，多个用分号隔开。"), many=True, max_length=100),
    ),
)
