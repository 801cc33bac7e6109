"""Practical things done for residents."""

from django.db import models
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.models.gatherings import PlacedRecord, void_has_reason

from ..enums import DeedKind
from .issues import Issue


class Deed(PlacedRecord):
    """A good deed (办实事): what, where, for how many households, with how much money."""

    redactable = ("content", "donor", "void_reason")
    prefix, day_field = "SS", "done_on"
    columns = ("content", "done_on", "place", "kind", "households_helped", "amount", "donor")

    number = models.CharField(_("实事编号"), max_length=64)
    done_on = models.DateField(_("日期"))
    content = models.TextField(_("内容"))
    kind = models.CharField(_("类型"), max_length=16, choices=DeedKind, blank=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    households_helped = models.PositiveIntegerField(_("受益户数"), null=True, blank=True)
    donor = models.CharField(_("捐赠方"), max_length=100, blank=True)
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="deeds", verbose_name=_("问题")
    )

    class Meta:
        verbose_name = _("实事")
        verbose_name_plural = pgettext_lazy("plural", "实事")
        ordering = ["-done_on", "-pk"]
        indexes = [models.Index(fields=["campaign", "done_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="deed_number_once",
                violation_error_message=_("本活动已有此实事编号。"),
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="deed_amount_not_negative",
                violation_error_message=_("金额不能为负数。"),
            ),
            void_has_reason("deed"),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("issues:deed_detail", args=[self.pk])

    @property
    def headline(self):
        return Truncator(self.content).chars(40)
