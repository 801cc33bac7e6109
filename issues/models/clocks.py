"""Limits as office data, and the clocks that run by them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Department

from ..enums import ClockKind, LimitProfile, LimitUnit, Urgency
from .issues import Issue


class TimeLimit(models.Model):
    """How long something may take: by profile and, where it matters, by urgency. A template for new clocks only."""

    profile = models.CharField(_("时限规则"), max_length=16, choices=LimitProfile)
    kind = models.CharField(_("时限"), max_length=16, choices=ClockKind)
    urgency = models.CharField(
        _("紧急程度"), max_length=16, choices=Urgency, blank=True, help_text=_("不选：适用于其余各种。")
    )
    amount = models.PositiveSmallIntegerField(_("时长"))
    unit = models.CharField(_("单位（时间）"), max_length=16, choices=LimitUnit)

    class Meta:
        verbose_name = _("办理时限")
        verbose_name_plural = pgettext_lazy("plural", "办理时限")
        ordering = ["profile", "kind", "urgency"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "kind", "urgency"],
                name="timelimit_once",
                violation_error_message=_("这一种时限已经有了，请直接修改。"),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=1),
                name="timelimit_is_positive",
                violation_error_message=_("时长至少为 1。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount} {self.get_unit_display()}"


class IssueClockQuerySet(models.QuerySet):
    def running(self):
        """Neither met nor dropped; one that stands still is among them."""
        return self.filter(met_at=None, dropped_at=None)


class IssueClock(models.Model):
    """What one department (or, without one, the office) owes on an issue by when.

    Written by the write door alone. A clock runs until it is met, which freezes whether it was on time, or
    dropped, because the matter left that department. It keeps the limit that it was begun with, so that a
    later change of the templates changes nothing here. `amount` null: somebody typed the date.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="clocks", verbose_name=_("问题"))
    kind = models.CharField(_("时限"), max_length=16, choices=ClockKind)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="clocks", verbose_name=_("单位")
    )
    begun_at = models.DateTimeField(_("起算"))
    due_at = models.DateTimeField(_("期限"))
    amount = models.PositiveSmallIntegerField(_("时长"), null=True)
    unit = models.CharField(_("单位（时间）"), max_length=16, choices=LimitUnit, blank=True)
    stopped_at = models.DateTimeField(_("停计"), null=True)
    # What the stops have added to the due date so far: days or working days; minutes for minutes and hours.
    stood = models.PositiveIntegerField(_("停计时长"), default=0)
    # Reckoned before the plan of holidays was published; `recompute_provisional` makes it definite.
    is_provisional = models.BooleanField(_("暂定"), default=False)
    met_at = models.DateTimeField(_("完成"), null=True)
    dropped_at = models.DateTimeField(_("撤销"), null=True)
    is_on_time = models.BooleanField(_("按期"), null=True)

    objects = IssueClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("计时")
        verbose_name_plural = pgettext_lazy("plural", "计时")
        ordering = ["begun_at", "pk"]
        indexes = [models.Index(fields=["issue", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "kind", "department"],
                condition=Q(met_at=None, dropped_at=None),
                name="issueclock_one_running",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, is_on_time=None) | Q(met_at__isnull=False, is_on_time__isnull=False),
                name="issueclock_met_is_judged",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(dropped_at=None), name="issueclock_met_or_dropped"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("begun_at")), name="issueclock_due_after_begun"),
        ]

    def __str__(self):
        return f"{self.issue_id} {self.kind}"
