"""The gravest issues: a leader takes the case, and three parties review it. Nothing here changes or goes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Team
from grids.models import Cadre

from .issues import Issue


class LeaderCase(models.Model):
    """Append-only: one leader, one team, one plan for one issue (领导包案). The latest row holds."""

    append_only = True
    redactable = ("plan",)

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="leader_cases", verbose_name=_("问题"))
    leader = models.ForeignKey(Cadre, models.PROTECT, related_name="+", verbose_name=_("包案领导"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("专班队伍"))
    plan = models.TextField(_("化解方案"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("领导包案")
        verbose_name_plural = pgettext_lazy("plural", "领导包案")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(plan=""),
                name="leadercase_has_plan",
                violation_error_message=_("包案须有化解方案。"),
            ),
        ]

    def __str__(self):
        return f"{self.issue_id} {self.leader}"


class CaseReview(models.Model):
    """Append-only: case leader, task force and legal expert met over an issue (三方会审), and what they found."""

    append_only = True
    redactable = ("conclusion",)

    case = models.ForeignKey(LeaderCase, models.PROTECT, related_name="reviews", verbose_name=_("领导包案"))
    held_on = models.DateField(_("会审日期"))
    task_force = models.CharField(_("专班参加人员"), max_length=200)
    legal_expert = models.CharField(_("法律专家"), max_length=100)
    conclusion = models.TextField(_("会审意见"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("三方会审")
        verbose_name_plural = pgettext_lazy("plural", "三方会审")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(task_force="") & ~Q(legal_expert="") & ~Q(conclusion=""),
                name="casereview_names_three_parties",
                violation_error_message=_("会审须写明三方和意见。"),
            ),
        ]

    def __str__(self):
        return f"{self.case_id} {self.held_on}"
