"""Two days and one night in a household, told by whoever stayed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.models import void_has_reason
from grids.models import RegisterEntry

from .gatherings import PlacedQuerySet, PlacedRecord
from .visits import CadreSnapshot

LONGEST_LOG = 4000


class StayLogQuerySet(PlacedQuerySet):
    def visible_to(self, user):
        """As other placed records; one's own wherever one is posted now."""
        own = self.filter(created_by=user) if user.is_authenticated else self.none()
        return super().visible_to(user) | own


class StayLog(PlacedRecord, CadreSnapshot):
    """A stay log: what somebody saw and did while staying in a household.

    The author stands in the columns of the snapshot, as of the last day. In no figure and no workbook.
    """

    redactable = ("text", "void_reason")
    prefix, day_field = "DD", "to_on"
    columns = ("from_on", "to_on", "place", "entry", "text")

    number = models.CharField(_("日志编号"), max_length=64)
    from_on = models.DateField(_("住下那天"))
    to_on = models.DateField(_("离开那天"))
    entry = models.ForeignKey(
        RegisterEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("住在哪一户")
    )
    text = models.TextField(_("日志"), max_length=LONGEST_LOG, help_text=_("写事，不写人的隐私。"))

    objects = StayLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("蹲点日志")
        verbose_name_plural = pgettext_lazy("plural", "蹲点日志")
        ordering = ["-to_on", "-pk"]
        indexes = [models.Index(fields=["campaign", "to_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="staylog_number_once",
                violation_error_message=_("本活动已有此日志编号。"),
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="staylog_ends_after_start",
                violation_error_message=_("离开那天不能早于住下那天。"),
            ),
            void_has_reason("staylog"),
        ]

    def __str__(self):
        return self.number

    @property
    def headline(self):
        return self.entry.address if self.entry else self.place.name
