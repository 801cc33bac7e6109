"""Figures of households, visits, gatherings, materials and opinions."""

from dataclasses import replace
from datetime import timedelta

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.figures import teams_on
from canvass.figures import DistinctUnion, Grouped, Part, Rate, Rows, Several, count, figure, total
from grids.enums import RegisterKind, RegisterState
from grids.models import RegisterPeriod

from .enums import GatheringKind, MaterialKind, OpinionNature, OpinionSource, Outcome
from .models import Gathering, GatheringSpeaker, Handout, Opinion, Visit, VisitCadre

OWN = "own date"
AS_OF = "as_of"
FIRST_VISIT = "as_of (in a period: first counting visit in it)"
# The lots of the register. A vacant door is one lot, whether a visitor or the register says so.
VISITED = "visited"
GONE = [Outcome.MOVED, Outcome.DEMOLISHED]
LOTS = [VISITED, Outcome.NOT_IN, Outcome.VACANT, Outcome.REFUSED, Outcome.REMOTE, RegisterState.ACTIVE]
# Paper counts by the letter: what was written at the door on Monday and typed on Friday is late.
BY_HAND = Q(origin__in=[Visit.Origin.FORM, Visit.Origin.PAPER])
FILED_LATE = Q(filed_at__gt=Coalesce("ended_at", "started_at") + timedelta(hours=24))


# --- The register at the cut-off: every entry in exactly one lot --------------------------------------------


def _entries(scope, kind):
    """Every entry of one kind on the register at the cut-off, with what its visits found.

    One RegisterPeriod an entry, with `latest` (outcome of the last valid visit, "" for none),
    `first_counting_at` (moment of the first visit that counts) and `lot`: VISITED, or else the latest
    outcome, or else, never tried, the state on the register.
    """
    visits = (
        Visit.objects.filter(entry=OuterRef("entry_id"), campaign=scope.campaign)
        .filter(started_at__gte=scope.campaign.first_at, started_at__lte=scope.as_of)
        .valid_at(scope.known)
    )
    counting = visits.counting(scope.campaign).order_by("started_at")
    latest = visits.order_by("-started_at", "-pk").values("outcome")[:1]
    periods = (
        RegisterPeriod.objects.at(scope.day)
        .filter(entry__kind=kind)
        .annotate(
            latest=Coalesce(Subquery(latest), Value("")),
            first_counting_at=Subquery(counting.values("started_at")[:1]),
            lot=Case(
                When(first_counting_at__isnull=False, then=Value(VISITED)),
                default=Coalesce(Subquery(latest), F("state")),
            ),
        )
    )
    return Rows(periods.inside(scope.campaign.area_id), place="grid_id")


def register_rows(scope, kind):
    """H0 for one kind: on the register as active or vacant at the cut-off, not found moved or demolished.

    Every entry is in exactly one lot.
    """
    rows = _entries(scope, kind).filter(state__in=[RegisterState.ACTIVE, RegisterState.VACANT])
    return replace(rows, queryset=rows.queryset.exclude(latest__in=GONE))


def gone_rows(scope, kind=RegisterKind.HOUSEHOLD):
    """What H0 leaves out: moved or demolished, by the register or by the last visit."""
    return _entries(scope, kind).filter(
        Q(state__in=[RegisterState.MOVED, RegisterState.DEMOLISHED]) | Q(latest__in=GONE)
    )


def household_rows(scope):
    return register_rows(scope, RegisterKind.HOUSEHOLD)


def _lot(scope, lot, kind=RegisterKind.HOUSEHOLD):
    return Part(Grouped(count(register_rows(scope, kind)), "lot", LOTS), lot)


def household_lots(scope):
    """{lot: households} of the scope's place: every household is in exactly one, so that they add up."""
    return Grouped(count(household_rows(scope)), "lot", LOTS).within(scope).result().value


def _visited(scope, kind=RegisterKind.HOUSEHOLD):
    if scope.is_whole:
        return _lot(scope, VISITED, kind)
    return count(register_rows(scope, kind).filter(scope.moments("first_counting_at")))


@figure(
    _("应访户数"),
    _("户"),
    AS_OF,
    _(
        "截止时点活动范围内登记为在册或空关的住户，减去最近一次有效走访结果为搬迁或拆除的；住户归入截止时点所在网格。"
    ),
)
def households(scope):
    return count(household_rows(scope))


@figure(
    _("已走访户数"),
    _("户"),
    FIRST_VISIT,
    _("应访住户中至少有一次有效且算作走访的记录的户数；指定时段时，按首次算作走访的时间归入时段。"),
)
def households_visited(scope):
    return _visited(scope)


@figure(_("走访率"), _("%"), AS_OF, _("截止时点累计已走访户数 ÷ 应访户数。"))
def visit_coverage(scope):
    return Rate(_lot(scope, VISITED), count(household_rows(scope)))


@figure(_("未遇户数"), _("户"), AS_OF, _("尚未走访到、最近一次结果为未遇的应访住户。"))
def households_not_in(scope):
    return _lot(scope, Outcome.NOT_IN)


@figure(
    _("空关户数"),
    _("户"),
    AS_OF,
    _("尚未走访到、最近一次结果为空关，或从未走访且登记为空关的应访住户。"),
)
def households_vacant(scope):
    return _lot(scope, Outcome.VACANT)


@figure(_("拒访户数"), _("户"), AS_OF, _("尚未走访到、最近一次结果为拒访的应访住户。"))
def households_refused(scope):
    return _lot(scope, Outcome.REFUSED)


@figure(
    _("仅远程联系户数"), _("户"), AS_OF, _("尚未走访到、最近一次结果为远程而本活动不算作走访的应访住户。")
)
def households_remote(scope):
    return _lot(scope, Outcome.REMOTE)


@figure(_("未走访户数"), _("户"), AS_OF, _("没有任何有效走访记录且登记为在册的应访住户。"))
def households_untried(scope):
    return _lot(scope, RegisterState.ACTIVE)


@figure(_("应访企业数"), _("家"), AS_OF, _("登记在册的企业和作坊，口径与应访户数相同。"))
def enterprises(scope):
    return count(register_rows(scope, RegisterKind.ENTERPRISE))


@figure(_("已走访企业数"), _("家"), FIRST_VISIT, _("应访企业中至少有一次有效且算作走访的记录的家数。"))
def enterprises_visited(scope):
    return _visited(scope, RegisterKind.ENTERPRISE)


# --- Visits ---------------------------------------------------------------------------------------------------


def visit_rows(scope):
    """Valid visits of the period, whatever their outcome; of each team and cadre category that took part."""
    visits = Visit.objects.filter(scope.moments("started_at"), campaign=scope.campaign)
    return Rows(
        visits.valid_at(scope.known),
        place="grid_id",
        team=teams_on(_day_of("started_at"), "cadres__cadre__memberships", scope.campaign),
        cadre_category=Several("cadres__category", Q()),
    )


def _day_of(moment):
    return TruncDate(moment, tzinfo=timezone.get_default_timezone())


def counting_rows(scope, **conditions):
    """Valid visits of the period whose outcome counts as visited."""
    return visit_rows(scope).filter(outcome__in=scope.campaign.counting_outcomes(), **conditions)


def participation_rows(scope, *, counting_only):
    """One row a cadre and valid visit, with the department of that day."""
    visits = (counting_rows if counting_only else visit_rows)(scope).queryset
    return Rows(
        VisitCadre.objects.filter(visit__in=visits),
        place="visit__grid_id",
        department="department__name",
        team=teams_on(_day_of("visit__started_at"), "cadre__memberships", scope.campaign),
        cadre_category="category",
    )


@figure(_("走访学校次数"), _("次"), OWN, _("对学校的有效且算作走访的次数。"))
def school_visits(scope):
    return count(counting_rows(scope, entry__kind=RegisterKind.SCHOOL))


@figure(_("走访户次"), _("户次"), OWN, _("对住户的有效且算作走访的次数。"))
def visits(scope):
    return count(counting_rows(scope, entry__kind=RegisterKind.HOUSEHOLD))


@figure(_("走访干部人次"), _("人次"), OWN, _("所有有效且算作走访的记录中参加人员之和。"))
def cadre_visits(scope):
    return count(participation_rows(scope, counting_only=True))


@figure(_("走访群众人次"), _("人次"), OWN, _("所有有效且算作走访的记录中见面人数之和。"))
def people_met(scope):
    return total(counting_rows(scope), "people_met")


@figure(
    _("逾期录入率"),
    _("%"),
    OWN,
    _("结束（未填则开始）超过 24 小时才录入的算作走访的记录 ÷ 算作走访的记录；表格导入的两边都不计。"),
)
def late_filed_share(scope):
    filed = counting_rows(scope).filter(BY_HAND)
    return Rate(count(filed.filter(FILED_LATE)), count(filed))


# --- Gatherings and materials ---------------------------------------------------------------------------------


def gathering_rows(scope, **conditions):
    gatherings = Gathering.objects.filter(scope.days("held_on"), campaign=scope.campaign, **conditions)
    return Rows(gatherings.valid_at(scope.known), place="place_id")


def handout_rows(scope):
    handouts = Handout.objects.filter(scope.days("given_on"), campaign=scope.campaign)
    return Rows(handouts.valid_at(scope.known), place="place_id")


@figure(
    _("参与单位"),
    pgettext_lazy("departments", "个"),
    OWN,
    _("参加有效走访或主讲宣讲活动的人员当日所属的不同单位。"),
)
def departments(scope):
    speakers = GatheringSpeaker.objects.filter(gathering__in=gathering_rows(scope).queryset)
    return DistinctUnion(
        (
            Rows(participation_rows(scope, counting_only=False).queryset, place="visit__grid_id"),
            "department_id",
        ),
        (Rows(speakers, place="gathering__place_id"), "department_id"),
    )


@figure(_("宣讲活动场次"), _("场"), OWN, _("举办的各类宣讲活动。"))
def gatherings(scope):
    return count(gathering_rows(scope))


@figure(_("各类活动场次"), _("场"), OWN, _("宣讲活动按类型分组，各类之和等于宣讲活动场次。"))
def gatherings_by_kind(scope):
    return Grouped(gatherings.function(scope), "kind", GatheringKind)


@figure(_("活动参加人次"), _("人次"), OWN, _("宣讲活动参加人数之和。"))
def gathering_attendance(scope):
    return total(gathering_rows(scope), "attendance")


@figure(_("接访次数"), _("次"), OWN, _("接访和带案下访两类活动的场次。"))
def receptions(scope):
    kinds = [GatheringKind.RECEPTION, GatheringKind.VISITING_RECEPTION]
    return count(gathering_rows(scope, kind__in=kinds))


@figure(_("发放资料份数"), _("份"), OWN, _("发放份数之和。"))
def materials_handed_out(scope):
    return total(handout_rows(scope), "copies")


@figure(_("各类资料份数"), _("份"), OWN, _("发放份数按资料种类分组。"))
def materials_by_kind(scope):
    return Grouped(materials_handed_out.function(scope), "kind", MaterialKind)


# --- Opinions -------------------------------------------------------------------------------------------------


def opinion_rows(scope):
    """Valid verbatim records of the period; restricted reports are in no figure."""
    opinions = Opinion.objects.filter(scope.moments("heard_at"), campaign=scope.campaign)
    return Rows(opinions.valid_at(scope.known).unrestricted(), place="place_id")


@figure(_("征求意见条数"), _("条"), OWN, _("逐字记录的意见，作废的不计。"))
def opinions(scope):
    return count(opinion_rows(scope))


@figure(_("意见来源"), _("条"), OWN, _("意见按来源分组。"))
def opinions_by_source(scope):
    return Grouped(opinions.function(scope), "source", OpinionSource)


@figure(_("收集建议数"), _("条"), OWN, _("性质为建议的意见。"))
def suggestions(scope):
    return count(opinion_rows(scope).filter(nature=OpinionNature.SUGGESTION))
