"""Words that need neither an issue nor an answer of the office: they are heard, and that is on record."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.models import Opinion


class OpinionNote(models.Model):
    """Append-only: praise was noted, or a question was answered at once (`text` says how)."""

    append_only = True
    redactable = ("text",)

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="note", verbose_name=_("诉求"))
    text = models.TextField(_("说明"), blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("诉求留存")
        verbose_name_plural = pgettext_lazy("plural", "诉求留存")
        ordering = ["at", "pk"]

    def __str__(self):
        return str(self.opinion_id)


class SpotRefusal(models.Model):
    """Append-only: the visitor said that it was solved at the door, and whoever looked into it found otherwise.

    The words then go the ordinary way; a confirmation is a step of the issue that they become.
    """

    append_only = True
    redactable = ("reason",)

    opinion = models.OneToOneField(
        Opinion, models.PROTECT, related_name="spot_refusal", verbose_name=_("诉求")
    )
    reason = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("核实没有解决")
        verbose_name_plural = pgettext_lazy("plural", "核实没有解决")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="spotrefusal_has_reason",
                violation_error_message=_("请写明为什么没有解决。"),
            ),
        ]

    def __str__(self):
        return str(self.opinion_id)
