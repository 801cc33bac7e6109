"""The workbook's sheets of opinions (with the answers to suggestions), issues and deeds."""

from django.utils.translation import gettext_lazy as _

from canvass.workbook import Column, Kind, Sheet
from visits.enums import OpinionNature, OpinionSource

from .enums import (
    DeedKind,
    FollowUpResult,
    IssueLevel,
    IssueOutcome,
    IssueState,
    Satisfaction,
    SuggestionVerdict,
)

OPINIONS = Sheet(
    key="opinions",
    zh="诉求",
    help=_("群众的原话，每条一行，导入后不能改动。性质为举报的只有纪检人员能看到。"),
    unique=("number",),
    dated_by="heard_at",
    columns=(
        Column("诉求编号", "number", Kind.CODE, True, _("本次活动中唯一的编号。"), max_length=64),
        Column("性质", "nature", Kind.CHOICE, True, _("问题、咨询、求助、投诉可以转为问题。"), OpinionNature),
        Column("来源", "source", Kind.CHOICE, True, _("从哪里听来的。"), OpinionSource),
        Column("范围", "place", Kind.CODE, True, _("说的是哪里：区划代码或网格编码。"), max_length=16),
        Column(
            "收集时间", "heard_at", Kind.MOMENT, True, _("如 2018-09-10 19:30；只填日期即为零点。"), past=True
        ),
        Column(
            "原话",
            "words_verbatim",
            Kind.TEXT,
            True,
            _("群众怎么说就怎么写。写事，不写人的隐私。"),
            verbatim=True,
        ),
        Column("走访编号", "visit", Kind.CODE, help=_("走访时听到的，填走访编号。"), max_length=64),
        Column("对象编号", "entry", Kind.CODE, help=_("谁说的：走访对象的编号，可不填。"), max_length=64),
        Column("收集人", "collector", Kind.CODE, help=_("收集人的工号。"), max_length=32),
        Column(
            "建议答复", "answer", Kind.CHOICE, help=_("只有性质为建议的才能填写。"), choices=SuggestionVerdict
        ),
    ),
)

ISSUES = Sheet(
    key="issues",
    zh="问题",
    help=_("要办理的问题。已有问题的状态不能用表格改动。"),
    unique=("number",),
    dated_by="registered_at",
    columns=(
        Column("问题编号", "number", Kind.CODE, True, _("本次活动中唯一的编号。"), max_length=64),
        Column("标题", "title", Kind.TEXT, True, _("一句话说清是什么事。"), max_length=200, verbatim=True),
        Column(
            "类别代码", "category", Kind.CODE, True, _("2 位或 4 位数字；20 开头的一律限阅。"), max_length=4
        ),
        Column("层级", "level", Kind.CHOICE, True, _("由哪一级解决。"), IssueLevel),
        Column("登记时间", "registered_at", Kind.MOMENT, True, _("受理登记的时间。"), past=True),
        Column(
            "状态", "state", Kind.CHOICE, True, _("办理到哪一步。"), IssueState, without=(IssueState.VOID,)
        ),
        Column(
            "诉求编号",
            "opinions",
            Kind.CODE,
            help=_("来自哪些诉求，多个用分号隔开。"),
            many=True,
            max_length=64,
        ),
        Column(
            "范围",
            "place",
            Kind.CODE,
            help=_("区划代码或网格编码；不填则取第一条诉求的范围。"),
            max_length=16,
        ),
        Column("主办单位", "lead_department", help=_("自已交办起必填（当场解决的除外）。"), max_length=100),
        Column("协办单位", "supports", help=_("协办单位的名称，多个用分号隔开。"), many=True, max_length=100),
        Column(
            "交办时间", "assigned_at", Kind.MOMENT, help=_("自已交办起必填（当场解决的除外）。"), past=True
        ),
        Column(
            "期限",
            "due_at",
            Kind.MOMENT,
            help=_("办理期限；只填日期即为当天结束。自已交办起必填。"),
            day_end=True,
        ),
        Column("答复时间", "replied_at", Kind.MOMENT, help=_("自已办理起必填。"), past=True),
        Column("办结时间", "closed_at", Kind.MOMENT, help=_("已销号的必填。"), past=True),
        Column("办结方式", "outcome", Kind.CHOICE, help=_("已销号的必填。"), choices=IssueOutcome),
        Column("办理结果", "result", help=_("做了什么、结果如何。"), verbatim=True),
        Column("当场解决", "is_spot_resolved", Kind.YES_NO, help=_("走访时当场解决的填“是”。")),
        Column(
            "回访结果",
            "follow_up",
            Kind.CHOICE,
            help=_("已销号的必填。"),
            choices=FollowUpResult,
            without=(FollowUpResult.NOT_REACHED,),
        ),
        Column("满意度", "satisfaction", Kind.CHOICE, help=_("群众的评价。"), choices=Satisfaction),
    ),
)

DEEDS = Sheet(
    key="deeds",
    zh="实事",
    help=_("为群众办的实事，每件一行。"),
    unique=("number",),
    dated_by="done_on",
    columns=(
        Column("实事编号", "number", Kind.CODE, True, _("本次活动中唯一的编号。"), max_length=64),
        Column("日期", "done_on", Kind.DATE, True, _("办成的日期。"), past=True),
        Column("内容", "content", Kind.TEXT, True, _("办了什么事。"), verbatim=True),
        Column("范围", "place", Kind.CODE, True, _("在哪里：区划代码或网格编码。"), max_length=16),
        Column("类型", "kind", Kind.CHOICE, help=_("哪一类实事。"), choices=DeedKind),
        Column("金额", "amount", Kind.MONEY, help=_("元，最多两位小数。")),
        Column("受益户数", "households_helped", Kind.WHOLE, help=_("受益的户数。")),
        Column("捐赠方", "donor", help=_("可不填。"), max_length=100, verbatim=True),
        Column("问题编号", "issue", Kind.CODE, help=_("为解决某个问题的，填问题编号。"), max_length=64),
    ),
)
