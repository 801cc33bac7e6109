"""The workbook's sheets of places, departments and the register."""

from django.utils.translation import gettext_lazy as _

from canvass.workbook import Column, Kind, Sheet

from .enums import DepartmentLevel, GridKind, RegisterKind, RegisterState

AREAS = Sheet(
    key="areas",
    zh="区划",
    help=_("活动所在的各级区划。上级区划须在本表中或系统里已有。"),
    unique=("code",),
    columns=(
        Column(
            "区划代码",
            "code",
            Kind.CODE,
            True,
            _("2、4、6、9 或 12 位数字：省、市、县、镇、村。"),
            max_length=12,
        ),
        Column("名称", "name", Kind.TEXT, True, _("区划的名称。"), max_length=100),
        Column(
            "城乡分类", "urban_rural", Kind.CODE, help=_("统计用的三位城乡分类代码，可不填。"), max_length=3
        ),
    ),
)

DEPARTMENTS = Sheet(
    key="departments",
    zh="单位",
    help=_("派出干部或承办问题的单位。"),
    unique=("name",),
    columns=(
        Column("单位名称", "name", Kind.TEXT, True, _("全称；其他表按这个名称引用。"), max_length=100),
        Column("层级", "level", Kind.CHOICE, True, _("单位属于哪一级。"), DepartmentLevel),
        Column("联系人", "contact_name", help=_("办理问题的联系人，可不填。"), max_length=50, personal=True),
        Column(
            "联系电话", "contact_phone", Kind.CODE, help=_("办公电话，可不填。"), max_length=30, personal=True
        ),
    ),
)

GRIDS = Sheet(
    key="grids",
    zh="网格",
    help=_("网格，每个网格在一个村（社区）之内。"),
    unique=("code",),
    columns=(
        Column(
            "网格编码",
            "code",
            Kind.CODE,
            True,
            _("16 位数字：村代码 12 位 + 类型 1 位（综合 0，专属 1，微 2）+ 序号 3 位。"),
            max_length=16,
        ),
        Column("网格名称", "name", Kind.TEXT, True, _("网格的名称。"), max_length=100),
        Column("类型", "kind", Kind.CHOICE, True, _("须与编码第 13 位一致。"), GridKind),
    ),
)

REGISTER = Sheet(
    key="register",
    zh="走访对象",
    help=_("要走访的住户、企业、学校和商户。有门牌地址就够了；不要填写身份证号等个人情况。"),
    unique=("number",),
    columns=(
        Column("对象编号", "number", Kind.CODE, True, _("全系统唯一的编号。"), max_length=64),
        Column("类型", "kind", Kind.CHOICE, True, _("是什么对象。"), RegisterKind),
        Column("网格编码", "grid", Kind.CODE, True, _("所在网格的 16 位编码。"), max_length=16),
        Column("门牌地址", "address", Kind.TEXT, True, _("门牌地址，可以重复。"), max_length=200),
        Column("户名", "holder_name", help=_("可不填：门牌号就够了。"), max_length=50, personal=True),
        Column("状态", "state", Kind.CHOICE, help=_("不填即为在册。"), choices=RegisterState),
    ),
)
