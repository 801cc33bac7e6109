"""What discipline did about a misconduct report."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Cadre
from visits.models import Opinion

from ..enums import ReportStepKind


class ReportStep(models.Model):
    """Append-only: received, looked into, closed with a result. Read and written by discipline alone."""

    append_only = True
    redactable = ("text",)

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="report_steps", verbose_name=_("举报"))
    kind = models.CharField(_("动作"), max_length=16, choices=ReportStepKind)
    text = models.TextField(_("说明"), blank=True)
    handler = models.ForeignKey(
        Cadre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核查人")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("举报办理")
        verbose_name_plural = pgettext_lazy("plural", "举报办理")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "kind"],
                condition=~Q(kind=ReportStepKind.LOOKED_INTO),
                name="reportstep_received_and_closed_once",
                violation_error_message=_("这件举报已经接收或办结过了。"),
            ),
            models.CheckConstraint(
                condition=Q(kind=ReportStepKind.RECEIVED) | ~Q(text=""),
                name="reportstep_says_what",
                violation_error_message=_("核查和办结须写明情况。"),
            ),
        ]

    def __str__(self):
        return f"{self.opinion_id} {self.kind}"
