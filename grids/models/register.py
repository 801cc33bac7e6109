"""The register: what stands in a grid and is to be visited. A door number is enough, no name is needed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass import places
from canvass.masks import masked_name

from ..enums import RegisterKind, RegisterState
from .places import Grid

IMPERSONAL = (RegisterKind.ENTERPRISE, RegisterKind.SCHOOL)


class RegisterEntryQuerySet(models.QuerySet):
    def inside(self, *codes):
        return self.filter(places.inside("grid_id", *codes))

    def visible_to(self, user):
        """Visitors and grid leaders see their grids, the offices, leaders and inspectors their areas.

        Departments, discipline and administrators see no household.
        """
        return self.inside(*user.reach.area_codes)


class RegisterEntry(models.Model):
    """A household, enterprise, school or shop. No personal field but the householder's name exists.

    `grid` and `state` are the present ones (since `from_on`); RegisterPeriod keeps every one by date.
    Change them through `services.place_entry`, never by hand.
    """

    number = models.CharField(
        _("对象编号"), max_length=64, unique=True, error_messages={"unique": _("对象编号已被使用。")}
    )
    kind = models.CharField(_("类型"), max_length=16, choices=RegisterKind, default=RegisterKind.HOUSEHOLD)
    address = models.CharField(_("门牌地址"), max_length=200)
    holder_name = models.CharField(
        _("户名"),
        max_length=50,
        blank=True,
        help_text=_("可不填：门牌号就够了。不要写身份证号、健康等个人情况。"),
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="entries", verbose_name=_("网格"))
    state = models.CharField(_("状态"), max_length=16, choices=RegisterState, default=RegisterState.ACTIVE)
    from_on = models.DateField(_("自何日起"), default=timezone.localdate)

    objects = RegisterEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访对象")
        verbose_name_plural = pgettext_lazy("plural", "走访对象")
        ordering = ["grid", "address", "number"]
        indexes = [models.Index(fields=["grid", "address", "number"]), models.Index(fields=["address"])]
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length(F("grid")), places.GRID),
                name="registerentry_in_grid",
                violation_error_message=_("走访对象须登记在 16 位编码的网格中。"),
            ),
        ]

    def __str__(self):
        return self.address

    @property
    def has_personal_name(self):
        """A firm's or a school's name is no person's; a shop may bear its keeper's."""
        return bool(self.holder_name) and self.kind not in IMPERSONAL

    @property
    def shown_name(self):
        """The name as every page shows it. Whole, and on record: `holders.read_holder`."""
        return masked_name(self.holder_name) if self.has_personal_name else self.holder_name


class HolderReading(models.Model):
    """Append-only: somebody was shown a householder's whole name: who, when, why."""

    append_only = True

    entry = models.ForeignKey(
        RegisterEntry, models.PROTECT, related_name="readings", verbose_name=_("走访对象")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        verbose_name = _("查看户名记录")
        verbose_name_plural = pgettext_lazy("plural", "查看户名记录")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="holderreading_says_why",
                violation_error_message=_("查看户名必须写明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.entry_id} {self.by_id}"


class RegisterPeriodQuerySet(models.QuerySet):
    def at(self, day):
        """The one period of each entry that holds on a day."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day)

    def inside(self, *codes):
        return self.filter(places.inside("grid_id", *codes))


class RegisterPeriod(models.Model):
    """Which grid and state an entry had from one day to another (both included)."""

    entry = models.ForeignKey(
        RegisterEntry, models.CASCADE, related_name="periods", verbose_name=_("走访对象")
    )
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="+", verbose_name=_("网格"))
    state = models.CharField(_("状态"), max_length=16, choices=RegisterState)
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"), null=True, blank=True)

    objects = RegisterPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("登记变动")
        verbose_name_plural = pgettext_lazy("plural", "登记变动")
        ordering = ["entry", "from_on"]
        indexes = [models.Index(fields=["grid", "from_on"])]
        constraints = [
            models.UniqueConstraint(fields=["entry", "from_on"], name="registerperiod_once_a_day"),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(to_on__isnull=True), name="registerperiod_one_open"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="registerperiod_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.entry_id} {self.from_on}–{self.to_on or ''}"
