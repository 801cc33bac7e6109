"""A visit, who went, and what was done to the record afterwards."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from canvass import places
from canvass.models import FiledOnce
from canvass.roles import Role
from grids.models import Cadre, Department, Grid, RegisterEntry

from ..enums import Outcome, VisitState, VisitWay

# The country, roughly: whatever lies outside was never measured at a door.
LATITUDES, LONGITUDES = (3, 54), (73, 136)
# A form that lay open for longer was not being filled in.
LONGEST_FILLING = 3600


class CadreSnapshot(models.Model):
    """Who took part, with name, department and role as they were on that day; they never change later."""

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+", verbose_name=_("人员"))
    name = models.CharField(_("当日姓名"), max_length=50)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当日单位")
    )
    department_name = models.CharField(_("当日单位名称"), max_length=100, blank=True)
    category = models.CharField(_("当日类别"), max_length=32)
    role = models.CharField(_("当日角色"), max_length=32, blank=True, choices=Role)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class VisitQuerySet(models.QuerySet):
    def valid_at(self, moment):
        """Not void at a moment; filed, checked and sent-back visits are valid."""
        return self.filter(Q(voided_at__isnull=True) | Q(voided_at__gt=moment))

    def counting(self, campaign):
        """Visits whose outcome counts as visited in the campaign."""
        return self.filter(outcome__in=campaign.counting_outcomes())

    def inside(self, *codes):
        return self.filter(places.inside("grid_id", *codes))

    def visible_to(self, user):
        """Visits in the places of one's postings, and one's own filings elsewhere.

        Own: one took part in it or filed it. Departments, discipline and administrators see none.
        """
        reach = user.reach
        if reach.cadre is None:
            return self.none()
        condition = places.inside("grid_id", *reach.area_codes)
        if reach.has(Role.VISITOR, Role.GRID_LEADER):
            took_part = VisitCadre.objects.filter(visit=OuterRef("pk"), cadre=reach.cadre)
            condition |= Q(filed_by=user) | Q(Exists(took_part))
        return self.filter(condition)

    def own(self, user):
        """Visits that one filed or took part in."""
        took_part = VisitCadre.objects.filter(visit=OuterRef("pk"), cadre=user.reach.cadre)
        return self.filter(Q(filed_by=user) | Q(Exists(took_part)))


class Visit(FiledOnce):
    """One visit to one entry of the register. `grid` is the entry's grid on that day.

    State changes only in `services`; voiding is a state, nothing is deleted.
    """

    redactable = ("note",)

    class Origin(models.TextChoices):
        FORM = "form", _("手机填报")
        WORKBOOK = "workbook", _("表格导入")
        PAPER = "paper", _("纸质补录")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="visits", verbose_name=_("活动"))
    number = models.CharField(_("走访编号"), max_length=64)
    entry = models.ForeignKey(
        RegisterEntry, models.PROTECT, related_name="visits", verbose_name=_("走访对象")
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("当日网格"))
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=16, choices=Outcome)
    way = models.CharField(_("方式"), max_length=16, choices=VisitWay, blank=True)
    people_met = models.PositiveIntegerField(_("见面人数"), null=True, blank=True)
    note = models.TextField(_("手记"), blank=True, help_text=_("写事，不写人的隐私。"))
    state = models.CharField(_("状态"), max_length=16, choices=VisitState, default=VisitState.FILED)
    origin = models.CharField(_("来源"), max_length=16, choices=Origin, default=Origin.FORM)
    filed_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    # What the phone's clock said when the form was handed in. It may be wrong, and the form may have waited for
    # a signal: both times are kept, and every rule and figure reads filed_at.
    filed_on_phone_at = models.DateTimeField(_("手机记的时间"), null=True, blank=True, editable=False)
    # How long the form was in the hand, as the phone counts it: what the office asks of its people, and nothing
    # about any of them. It is shown as a median of many, and never beside a person or a visit.
    filling_seconds = models.PositiveSmallIntegerField(null=True, editable=False)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("录入人"),
    )
    # Where the visitor pressed the button, to three decimals: some 100 m. Nobody has to, nothing counts it.
    latitude = models.DecimalField(
        _("纬度"), max_digits=6, decimal_places=3, null=True, blank=True, editable=False
    )
    longitude = models.DecimalField(
        _("经度"), max_digits=6, decimal_places=3, null=True, blank=True, editable=False
    )
    # Which version of the campaign's notice stood on the form; None when nobody knows (a workbook, paper).
    notice_version = models.PositiveSmallIntegerField(_("告知书版本"), null=True, editable=False)
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访记录")
        verbose_name_plural = pgettext_lazy("plural", "走访记录")
        ordering = ["-started_at", "-pk"]
        permissions = [
            ("check_visit", _("审核走访记录")),
            ("file_record", _("登记宣讲、资料、实事和蹲点日志")),
            ("void_record", _("作废记录")),
            ("type_paper", _("补录纸质走访表")),
        ]
        indexes = [
            models.Index(fields=["entry", "campaign", "started_at"]),
            models.Index(fields=["campaign", "started_at"]),
            models.Index(fields=["grid", "started_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="visit_number_once",
                violation_error_message=_("本活动已有此走访编号。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="visit_ends_after_start",
                violation_error_message=_("结束时间不能早于开始时间。"),
            ),
            models.CheckConstraint(
                condition=Q(state=VisitState.VOID, voided_at__isnull=False)
                | (~Q(state=VisitState.VOID) & Q(voided_at__isnull=True)),
                name="visit_void_is_dated",
                violation_error_message=_("作废状态与作废时间须一致。"),
            ),
            models.CheckConstraint(
                condition=Q(filling_seconds__isnull=True) | Q(filling_seconds__range=(1, LONGEST_FILLING)),
                name="visit_filling_takes_an_hour_at_most",
                violation_error_message=_("填报用时在一秒到一小时之间，不知道就留空。"),
            ),
            models.CheckConstraint(
                # To a database a comparison with nothing is not false: both have to be there first.
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | (
                    Q(latitude__isnull=False, longitude__isnull=False)
                    & Q(latitude__range=LATITUDES, longitude__range=LONGITUDES)
                ),
                name="visit_place_is_whole",
                violation_error_message=_("位置要么有经度和纬度，并且在国内，要么都没有。"),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("visits:visit_detail", args=[self.pk])

    @property
    def filer_id(self):
        return self.filed_by_id

    @property
    def phone_time_differs(self):
        """The form waited on the phone for a signal, or the phone's clock was wrong."""
        said = self.filed_on_phone_at
        return said is not None and abs(self.filed_at - said) >= timedelta(minutes=5)


class VisitCadre(CadreSnapshot):
    """One cadre who took part in a visit."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="cadres", verbose_name=_("走访记录"))

    class Meta:
        verbose_name = _("走访人")
        verbose_name_plural = pgettext_lazy("plural", "走访人")
        constraints = [models.UniqueConstraint(fields=["visit", "cadre"], name="visitcadre_once")]


class VisitStep(models.Model):
    """Append-only history of a visit: filed, checked, sent back, corrected, voided; who, when, why.

    `before` holds the former content of a correction (column name -> value as text).
    """

    append_only = True
    redactable = ("reason", "before")

    class Move(models.TextChoices):
        FILED = "filed", pgettext_lazy("step", "登记")
        CHECKED = "checked", pgettext_lazy("step", "审核")
        SENT_BACK = "sent_back", pgettext_lazy("step", "退回")
        CORRECTED = "corrected", pgettext_lazy("step", "更正")
        VOIDED = "voided", pgettext_lazy("step", "作废")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="steps", verbose_name=_("走访记录"))
    move = models.CharField(_("动作"), max_length=16, choices=Move)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    before = models.JSONField(_("更正前"), null=True, blank=True)

    class Meta:
        verbose_name = _("走访记录变动")
        verbose_name_plural = pgettext_lazy("plural", "走访记录变动")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=["filed", "checked"]) | ~Q(reason=""),
                name="visitstep_says_why",
                violation_error_message=_("退回、更正和作废必须写明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.visit_id} {self.move}"
