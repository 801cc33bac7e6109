"""What became of a suggestion. The words themselves stay in visits.Opinion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.models import Opinion

from ..enums import SuggestionVerdict


class SuggestionAnswer(models.Model):
    """Append-only: the office's answer to a suggestion; the latest one holds."""

    append_only = True
    redactable = ("reason",)

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="answers", verbose_name=_("诉求"))
    answer = models.CharField(_("建议答复"), max_length=16, choices=SuggestionVerdict)
    reason = models.TextField(_("理由"), blank=True)
    at = models.DateTimeField(_("答复时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("建议答复")
        verbose_name_plural = pgettext_lazy("plural", "建议答复")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["opinion", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=SuggestionVerdict.values),
                name="suggestionanswer_is_listed",
                violation_error_message=_("请选择采纳、部分采纳、留作参考或不采纳。"),
            )
        ]

    def __str__(self):
        return f"{self.opinion_id} {self.answer}"
