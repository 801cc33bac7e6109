"""That somebody of the office looked at the pages of another person, to help on the telephone."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .people import Cadre, User


class ViewingStep(models.Model):
    """Append-only: begun (who, as whom, why, until when at the latest) or ended. The person reads it."""

    class Kind(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("viewing", "开始代看")
        ENDED = "ended", pgettext_lazy("viewing", "结束代看")

    append_only = True

    kind = models.CharField(_("事项"), max_length=16, choices=Kind)
    cadre = models.ForeignKey(
        Cadre, models.PROTECT, related_name="viewing_steps", verbose_name=_("被代看的人")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("办理人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    until = models.DateTimeField(_("最迟到"), null=True, blank=True)
    begun = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="ended")

    class Meta:
        verbose_name = _("代看记录")
        verbose_name_plural = pgettext_lazy("plural", "代看记录")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="begun", until__isnull=False, begun__isnull=True) & ~Q(reason=""))
                | Q(kind="ended", until__isnull=True, begun__isnull=False),
                name="viewingstep_says_why_and_until",
                violation_error_message=_("代看须写明原因和最迟到什么时候；结束须对应一次开始。"),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("at")),
                name="viewingstep_ends_after_start",
                violation_error_message=_("代看的结束不能早于开始。"),
            ),
        ]

    def __str__(self):
        return f"{self.cadre} · {self.get_kind_display()}"

    @property
    def lasted_until(self):
        """When it was over: stopped, or its quarter of an hour was up. Rows read `ended` along."""
        ended = getattr(self, "ended", None)
        return min(ended.at, self.until) if ended else self.until
