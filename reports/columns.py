"""What the list of rows behind a figure shows of each kind of row. Names of people are masked."""

from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from campaigns.models import Team
from canvass.masks import masked_name
from grids.models import Cadre, Department, Grid, Place, RegisterPeriod
from issues.enums import IssueOutcome, IssueState
from issues.models import Deed, FollowUp, Issue, IssueStep, SupervisionSlip
from visits.enums import Outcome
from visits.models import Gathering, Handout, Opinion, Visit, VisitCadre

from .models import Inspection


class Column(NamedTuple):
    """A heading and what a row says under it; `field`: the column that a sum adds up, right-aligned."""

    label: str
    text: object
    field: str = ""
    page: object = None  # gives the address of the row's own page


class Listing(NamedTuple):
    """The columns of one kind of row, and what to read along with it."""

    columns: tuple
    related: tuple = ()
    prefetch: tuple = ()


class Cell(NamedTuple):
    """What stands in one cell, its way to the row's own page, and whether it is a number."""

    text: object
    address: str = ""
    is_number: bool = False


def moment(value):
    return date_format(timezone.localtime(value), "Y-m-d H:i") if value else ""


def day(value):
    return date_format(value, "Y-m-d") if value else ""


def short(words):
    return Truncator(words).chars(40)


def _visit_page(row):
    return reverse("visits:visit_detail", args=[row.pk if isinstance(row, Visit) else row.visit_id])


def _issue_page(row):
    return reverse("issues:issue_detail", args=[row.pk if isinstance(row, Issue) else row.issue_id])


def _entry_page(period):
    return reverse("visits:entry_detail", args=[period.entry.number])


def visitors_of(visit):
    return "、".join(masked_name(one.name) for one in visit.cadres.all())


def _label(choices, key):
    return choices(key).label if key else ""


def _issue_columns(of):
    """Columns of the issue that `of(row)` gives."""
    return (
        Column(_("问题编号"), lambda row: of(row).number, page=_issue_page),
        Column(_("标题"), lambda row: of(row).title),
        Column(_("类别"), lambda row: str(of(row).category)),
        Column(_("地方"), lambda row: of(row).place.name),
    )


_ISSUE_OF = _issue_columns(lambda row: row.issue)


_ISSUE = Listing(
    (
        *_issue_columns(lambda row: row),
        Column(_("登记时间"), lambda row: moment(row.registered_at)),
        Column(_("当时状态"), lambda row: _label(IssueState, row.state_then)),
        Column(_("自"), lambda row: moment(row.since_then)),
        Column(_("办结方式"), lambda row: _label(IssueOutcome, row.outcome_then)),
        Column(_("主办单位"), lambda row: row.lead_department.name if row.lead_department else ""),
        Column(_("期限"), lambda row: moment(row.due_at)),
    ),
    ("category", "place", "lead_department"),
)
_ISSUE_PATHS = ("issue__category", "issue__place")

LISTINGS = {
    Visit: Listing(
        (
            Column(_("走访编号"), lambda row: row.number, page=_visit_page),
            Column(_("走访对象"), lambda row: row.entry.address),
            Column(_("地方"), lambda row: row.grid.village_name),
            Column(_("时间"), lambda row: moment(row.started_at)),
            Column(_("结果"), lambda row: row.get_outcome_display()),
            Column(_("走访人"), visitors_of),
            Column(_("见面人数"), lambda row: row.people_met, field="people_met"),
        ),
        ("entry", "grid__parent"),
        ("cadres",),
    ),
    VisitCadre: Listing(
        (
            Column(_("走访编号"), lambda row: row.visit.number, page=_visit_page),
            Column(_("走访人"), lambda row: masked_name(row.name)),
            Column(_("当日单位"), lambda row: row.department_name),
            Column(_("走访对象"), lambda row: row.visit.entry.address),
            Column(_("地方"), lambda row: row.visit.grid.village_name),
            Column(_("时间"), lambda row: moment(row.visit.started_at)),
        ),
        ("visit__entry", "visit__grid__parent"),
    ),
    RegisterPeriod: Listing(
        (
            Column(_("对象编号"), lambda row: row.entry.number, page=_entry_page),
            Column(_("门牌地址"), lambda row: row.entry.address),
            Column(_("户名"), lambda row: row.entry.shown_name),
            Column(_("地方"), lambda row: row.grid.village_name),
            Column(_("网格"), lambda row: row.grid.name),
            Column(_("登记状态"), lambda row: row.get_state_display()),
            Column(_("最近结果"), lambda row: _label(Outcome, row.latest)),
            Column(_("首次走访"), lambda row: moment(row.first_counting_at)),
        ),
        ("entry", "grid__parent"),
    ),
    Gathering: Listing(
        (
            Column(_("活动编号"), lambda row: row.number),
            Column(_("类型"), lambda row: row.get_kind_display()),
            Column(_("日期"), lambda row: day(row.held_on)),
            Column(_("地方"), lambda row: row.place.name),
            Column(_("主题"), lambda row: row.topic),
            Column(_("参加人数"), lambda row: row.attendance, field="attendance"),
        ),
        ("place",),
    ),
    Handout: Listing(
        (
            Column(_("发放编号"), lambda row: row.number),
            Column(_("资料"), lambda row: row.get_kind_display()),
            Column(_("日期"), lambda row: day(row.given_on)),
            Column(_("地方"), lambda row: row.place.name),
            Column(_("份数"), lambda row: row.copies, field="copies"),
        ),
        ("place",),
    ),
    Opinion: Listing(
        (
            Column(_("诉求编号"), lambda row: row.number),
            Column(_("性质"), lambda row: row.get_nature_display()),
            Column(_("来源"), lambda row: row.get_source_display()),
            Column(_("地方"), lambda row: row.place.name),
            Column(_("收集时间"), lambda row: moment(row.heard_at)),
            Column(_("原话（节选）"), lambda row: short(row.words_verbatim)),
        ),
        ("place",),
    ),
    Issue: _ISSUE,
    IssueStep: Listing(
        (
            *_ISSUE_OF,
            Column(_("动作"), lambda row: row.move_label),
            Column(_("时间"), lambda row: moment(row.at)),
            Column(_("单位"), lambda row: row.department.name if row.department else ""),
        ),
        (*_ISSUE_PATHS, "department"),
    ),
    FollowUp: Listing(
        (
            *_ISSUE_OF,
            Column(_("回访时间"), lambda row: moment(row.at)),
            Column(_("回访结果"), lambda row: row.get_result_display()),
            Column(_("满意度"), lambda row: row.get_satisfaction_display()),
        ),
        _ISSUE_PATHS,
    ),
    SupervisionSlip: Listing(
        (
            Column(_("督办单编号"), lambda row: row.number),
            Column(_("颜色"), lambda row: row.get_colour_display()),
            Column(_("发出时间"), lambda row: moment(row.issued_at)),
            *_ISSUE_OF,
        ),
        _ISSUE_PATHS,
    ),
    Deed: Listing(
        (
            Column(_("实事编号"), lambda row: row.number),
            Column(_("日期"), lambda row: day(row.done_on)),
            Column(_("内容"), lambda row: short(row.content)),
            Column(_("地方"), lambda row: row.place.name),
            Column(_("受益户数"), lambda row: row.households_helped, field="households_helped"),
            Column(_("金额（元）"), lambda row: row.amount, field="amount"),
        ),
        ("place",),
    ),
    Inspection: Listing(
        (
            Column(_("走访编号"), lambda row: row.visit.number, page=_visit_page),
            Column(_("走访对象"), lambda row: row.visit.entry.address),
            Column(_("抽查日期"), lambda row: day(row.asked_on)),
            Column(_("是否属实"), lambda row: _("属实") if row.is_confirmed else _("不属实")),
        ),
        ("visit__entry",),
    ),
    Cadre: Listing(
        (
            Column(_("工号"), lambda row: row.staff_number),
            Column(_("姓名"), lambda row: masked_name(row.name)),
            Column(_("类别"), lambda row: row.get_category_display()),
            Column(_("单位"), lambda row: row.department.name if row.department else ""),
        ),
        ("department",),
    ),
    Team: Listing(
        (
            Column(_("队伍名称"), lambda row: row.name),
            Column(_("类别"), lambda row: row.get_kind_display()),
        )
    ),
    Place: Listing(
        (
            Column(_("代码"), lambda row: row.code),
            Column(_("名称"), lambda row: row.name),
            Column(_("上级"), lambda row: row.parent.name if row.parent else ""),
        ),
        ("parent",),
    ),
    Department: Listing(
        (
            Column(_("单位名称"), lambda row: row.name),
            Column(_("层级"), lambda row: row.get_level_display()),
        )
    ),
}
LISTINGS[Grid] = LISTINGS[Place]


def read_along(queryset, as_of):
    """The rows with everything that their columns name, in a fixed order."""
    listing = LISTINGS[queryset.model]
    if queryset.model is Issue and "state_then" not in queryset.query.annotations:
        queryset = queryset.with_state_at(as_of)
    ordering = queryset.query.order_by or queryset.model._meta.ordering
    return (
        queryset.select_related(*listing.related)
        .prefetch_related(*listing.prefetch)
        .order_by(*ordering, "pk")
    )


def cells(row):
    """The cells of one row, in the order of its listing's columns."""
    return cells_of(row, LISTINGS[type(row)].columns)


def cells_of(row, columns):
    """The cells of one row under some columns."""
    for column in columns:
        text = column.text(row)
        address = column.page(row) if column.page else ""
        yield Cell("" if text is None else text, address, is_number=bool(column.field))
