"""What residents said when somebody asked them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.enums import VisitWay
from visits.models import Opinion

from ..enums import FollowUpResult, Satisfaction
from .issues import Issue


class FollowUp(models.Model):
    """Append-only: somebody other than the handler asked the resident. An empty result: only a verdict is known."""

    append_only = True
    redactable = ("words_verbatim",)

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="follow_ups", verbose_name=_("问题"))
    # Whose matter was asked about, where an issue carries the words of several; null: not told apart.
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("诉求")
    )
    at = models.DateTimeField(_("回访时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("回访人")
    )
    result = models.CharField(_("回访结果"), max_length=16, choices=FollowUpResult, blank=True)
    satisfaction = models.CharField(_("满意度"), max_length=16, choices=Satisfaction, blank=True)
    way = models.CharField(_("回访方式"), max_length=16, choices=VisitWay, blank=True)
    words_verbatim = models.TextField(_("群众原话"), blank=True)

    class Meta:
        verbose_name = _("回访")
        verbose_name_plural = pgettext_lazy("plural", "回访")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["issue", "at"])]

    def __str__(self):
        return f"{self.issue_id} {self.result}"
