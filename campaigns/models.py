"""A campaign, which outcomes count in it, its teams, and the calendar of working days."""

from datetime import timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass import places
from canvass.moments import day_start
from canvass.phones import OFFICE
from grids.models import Area, Cadre, Place

from .enums import CalendarSource, CampaignState, CircularOrder, TeamKind
from .notice_models import PrivacyNotice

__all__ = [
    "DEFAULT_OUTCOMES",
    "CalendarDay",
    "Campaign",
    "CampaignOutcome",
    "PrivacyNotice",
    "Team",
    "TeamMember",
    "TeamPlace",
]

# Long enough to answer everybody, and never for good.
RETENTION = (30, 730)


class CampaignQuerySet(models.QuerySet):
    def running(self):
        return self.filter(state=CampaignState.RUNNING)

    def visible_to(self, user):
        """Campaigns whose area touches a posting: it lies inside the campaign's area or around it.

        Department roles see the campaigns of the places that their postings name.
        """
        codes = {posting.place_id for posting in user.reach.postings if posting.place_id}
        around = {code[:length] for code in codes for length in places.LENGTHS if length <= len(code)}
        return self.filter(places.inside("area_id", *codes) | Q(area_id__in=around))


class Campaign(models.Model):
    """A time-limited campaign over one area. Closed means read-only; nothing is ever deleted."""

    code = models.CharField(
        _("活动代码"), max_length=64, unique=True, error_messages={"unique": _("活动代码已被使用。")}
    )
    name = models.CharField(_("活动名称"), max_length=200)
    area = models.ForeignKey(Area, models.PROTECT, related_name="campaigns", verbose_name=_("区划"))
    first_on = models.DateField(_("开始日期"))
    last_on = models.DateField(_("结束日期"))
    theme = models.CharField(_("主题"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=CampaignState, default=CampaignState.DRAFT)
    last_issue_number = models.PositiveIntegerField(default=0, editable=False)
    # How many of a hundred closings somebody else asks about once more. Which ones, chance decides.
    second_check_percent = models.PositiveSmallIntegerField(
        _("二次回访比例（%）"),
        default=5,
        help_text=_("每一百件销号的问题里，随机由另外的人再问一次的件数；0 为不抽。"),
    )
    # Who is called at once when a child is harmed or somebody is in danger: on every form of a visit, outside the flow.
    duty_name = models.CharField(
        _("值班联系人"),
        max_length=50,
        blank=True,
        help_text=_("填报页“紧急报告”里给走访人员看的：孩子受到伤害或有人马上有危险时，立即打给谁。"),
    )
    duty_phone = models.CharField(
        _("值班电话"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(OFFICE, _("值班电话请填手机号、带区号的座机（如 0573-83241234）或短号。"))
        ],
        help_text=_("手机号、带区号的座机或短号，24 小时有人接。"),
    )
    circular_order = models.CharField(
        _("通报中各地的次序"),
        max_length=16,
        choices=CircularOrder,
        default=CircularOrder.AREA_CODE,
        blank=True,
        help_text=_("通报按区划代码排列。要按数字排列，须写明理由，通报里会注明。"),
    )
    circular_order_reason = models.CharField(_("按数字排列的理由"), max_length=200, blank=True)

    # Personal data of residents is needed for this long after the last day, and then erased: reports/purging.py.
    retention_days = models.PositiveSmallIntegerField(
        _("个人信息保留天数"),
        default=180,
        help_text=_("活动结束满这么多天，系统清除为群众姓名和电话留的每一栏和走访照片；统计数字不变。"),
    )

    forms_replaced = models.TextField(
        _("替代的表格"),
        max_length=2000,
        blank=True,
        help_text=_("有了本系统就不用再填、再报的表格和台账，一行一张；“填报负担”页给大家看。"),
    )

    # How many versions of its notice there are; the last one holds. Changed by services.publish_notice alone.
    notice_version = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = pgettext_lazy("plural", "活动")
        ordering = ["-first_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(second_check_percent__lte=100),
                name="campaign_second_check_is_percent",
                violation_error_message=_("二次回访比例为 0 到 100。"),
            ),
            models.CheckConstraint(
                condition=Q(retention_days__range=RETENTION),
                name="campaign_retention_is_bounded",
                violation_error_message=_("个人信息保留天数为 30 到 730 天。"),
            ),
            models.CheckConstraint(
                condition=Q(circular_order="") | ~Q(circular_order_reason=""),
                name="campaign_circular_order_says_why",
                violation_error_message=_("通报按数字排列，必须写明理由。"),
            ),
            models.CheckConstraint(
                condition=Q(duty_name="", duty_phone="") | (~Q(duty_name="") & ~Q(duty_phone="")),
                name="campaign_duty_is_whole",
                violation_error_message=_("值班联系人和值班电话请一起填，或一起留空。"),
            ),
            models.CheckConstraint(
                condition=Q(duty_phone="") | Q(duty_phone__regex=OFFICE),
                name="campaign_duty_phone_can_be_called",
                violation_error_message=_("值班电话请填手机号、带区号的座机（如 0573-83241234）或短号。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_writable(self):
        """Whether records may still be filed and changed."""
        return self.state == CampaignState.RUNNING

    @property
    def purge_on(self):
        """From this day on nothing is kept that tells who a resident is, whatever the campaign's state."""
        return self.last_on + timedelta(days=self.retention_days)

    @property
    def first_at(self):
        """The first moment of the campaign; rows dated before it are in no figure."""
        return day_start(self.first_on)

    def known_notice(self, version):
        """The version when the campaign has such a notice, else None: what a form says about it is not believed."""
        return version if version and 1 <= version <= self.notice_version else None

    def counting_outcomes(self):
        """Keys of the outcomes that count as visited in this campaign."""
        return [row.outcome for row in self.outcomes.all() if row.counts_as_visited]


# The keys are those of visits.enums.Outcome, which this app may not import.
DEFAULT_OUTCOMES = {
    # outcome: (counts as visited, return after days, closes the target)
    "met": (True, None, False),
    "remote": (False, 14, False),
    "not_in": (False, 3, False),
    "vacant": (False, 30, False),
    "refused": (False, 14, False),
    "moved": (False, None, True),
    "demolished": (False, None, True),
}


class CampaignOutcome(models.Model):
    """One catalogue row per campaign and outcome: does it count, when to come back, is the target gone."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="outcomes", verbose_name=_("活动"))
    outcome = models.CharField(_("结果"), max_length=16)
    counts_as_visited = models.BooleanField(_("算作已走访"), default=False)
    return_after_days = models.PositiveSmallIntegerField(_("几天后再访"), null=True, blank=True)
    closes_target = models.BooleanField(_("不再走访"), default=False)

    class Meta:
        verbose_name = _("走访结果规则")
        verbose_name_plural = pgettext_lazy("plural", "走访结果规则")
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "outcome"], name="campaignoutcome_once"),
            models.CheckConstraint(
                condition=Q(outcome="remote")
                | Q(outcome="met", counts_as_visited=True)
                | (Q(outcome__in=list(DEFAULT_OUTCOMES)) & ~Q(outcome="met") & Q(counts_as_visited=False)),
                name="campaignoutcome_honest",
                violation_error_message=_("“见面”必须算作已走访；只有“远程”由活动决定；其他结果都不算。"),
            ),
        ]

    def __str__(self):
        return f"{self.campaign_id} {self.outcome}"


class TeamQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The teams of the campaigns one sees."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class Team(models.Model):
    """A visiting or talks team of a campaign. It counts while it has a member."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="teams", verbose_name=_("活动"))
    name = models.CharField(_("队伍名称"), max_length=100)
    kind = models.CharField(_("类别"), max_length=32, choices=TeamKind)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("队伍")
        verbose_name_plural = pgettext_lazy("plural", "队伍")
        ordering = ["campaign", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"],
                name="team_name_once",
                violation_error_message=_("本活动已有同名队伍。"),
            ),
        ]

    def __str__(self):
        return self.name


class TeamPlace(models.Model):
    """One place of a team's range of duty."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="places", verbose_name=_("队伍"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("责任范围"))

    class Meta:
        verbose_name = _("队伍责任范围")
        verbose_name_plural = pgettext_lazy("plural", "队伍责任范围")
        constraints = [models.UniqueConstraint(fields=["team", "place"], name="teamplace_once")]

    def __str__(self):
        return str(self.place)


class TeamMember(models.Model):
    """A cadre's membership of a team, from which day to which (both included)."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members", verbose_name=_("队伍"))
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="memberships", verbose_name=_("人员"))
    from_on = models.DateField(_("开始日期"), default=timezone.localdate)
    to_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("队员")
        verbose_name_plural = pgettext_lazy("plural", "队员")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "cadre"],
                condition=Q(to_on__isnull=True),
                name="teammember_open_once",
                violation_error_message=_("该人员已在此队伍中。"),
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="teammember_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.team} · {self.cadre}"


class CalendarDay(models.Model):
    """A holiday, a make-up working day, or a day on which the office departs from the public calendar.

    What the library filled in is replaced when it is filled in again; what the office typed stays.
    """

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("是工作日"))
    name = models.CharField(_("说明"), max_length=100, blank=True)
    source = models.CharField(
        pgettext_lazy("calendar", "来源"),
        max_length=8,
        choices=CalendarSource,
        default=CalendarSource.OFFICE,
        editable=False,
    )

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = pgettext_lazy("plural", "工作日历")
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {self.name}"
