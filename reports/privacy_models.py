"""The end of personal data: what was erased when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign


class PurgeRun(models.Model):
    """Append-only: what one run of `purge` erased in one transaction: how many of which kind, never a value.

    The rows of one run share `run`; without a campaign it is files that belong to none.
    """

    append_only = True

    run = models.UUIDField(_("清除批次"), default=uuid.uuid4)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, related_name="+", verbose_name=_("活动")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    kind = models.CharField(_("清除的内容"), max_length=32)
    number = models.PositiveIntegerField(_("条数"))

    class Meta:
        verbose_name = _("清除记录")
        verbose_name_plural = pgettext_lazy("plural", "清除记录")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="purgerun_erased_something",
                violation_error_message=_("没有清除任何内容，就没有清除记录。"),
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.number}"
