"""Talks, receptions and other gatherings, and what was handed out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from canvass import places
from canvass.models import FiledOnce, Voidable, void_has_reason
from grids.enums import DepartmentLevel
from grids.models import Place

from ..enums import GatheringKind, MaterialKind
from .visits import CadreSnapshot, Visit


class PlacedQuerySet(models.QuerySet):
    """Records that carry their own place."""

    def valid_at(self, moment):
        return self.filter(Q(voided_at__isnull=True) | Q(voided_at__gt=moment))

    def visible_to(self, user):
        """Records in the places of one's postings; departments, discipline and administrators see none."""
        return self.filter(places.inside("place_id", *user.reach.area_codes))


class PlacedRecord(FiledOnce, Voidable):
    """What gatherings, handouts, stay logs and deeds share: campaign, number, place, who entered it.

    prefix      begins the numbers that are given here
    day_field   the column of the day that figures count it by
    columns     what a form says about it, in the order in which it is told
    headline    (a property) what a list calls it
    """

    prefix = ""
    day_field = ""
    columns = ()

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("录入人"),
    )

    objects = PlacedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self):
        return reverse("visits:record_detail", args=[self._meta.model_name, self.pk])

    @property
    def filer_id(self):
        return self.created_by_id

    @property
    def day(self):
        return getattr(self, self.day_field)


class Gathering(PlacedRecord):
    """An event for residents or cadres; an evening talk is not a home visit."""

    redactable = ("topic", "venue", "void_reason")
    prefix, day_field = "HD", "held_on"
    columns = ("kind", "held_on", "place", "topic", "venue", "attendance", "speaker_level")

    number = models.CharField(_("活动编号"), max_length=64)
    kind = models.CharField(_("类型"), max_length=32, choices=GatheringKind)
    held_on = models.DateField(_("日期"))
    topic = models.CharField(_("主题"), max_length=200, blank=True)
    venue = models.CharField(_("场所"), max_length=100, blank=True)
    speaker_level = models.CharField(_("主讲层级"), max_length=16, choices=DepartmentLevel, blank=True)
    attendance = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)

    class Meta:
        verbose_name = _("宣讲活动")
        verbose_name_plural = pgettext_lazy("plural", "宣讲活动")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["campaign", "held_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="gathering_number_once",
                violation_error_message=_("本活动已有此活动编号。"),
            ),
            void_has_reason("gathering"),
        ]

    def __str__(self):
        return self.number

    @property
    def headline(self):
        return " · ".join(filter(None, [self.get_kind_display(), self.topic or self.venue]))


class GatheringSpeaker(CadreSnapshot):
    """A cadre who spoke at a gathering."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="speakers", verbose_name=_("宣讲活动")
    )

    class Meta:
        verbose_name = _("主讲人")
        verbose_name_plural = pgettext_lazy("plural", "主讲人")
        constraints = [models.UniqueConstraint(fields=["gathering", "cadre"], name="gatheringspeaker_once")]


class Handout(PlacedRecord):
    """Copies of one kind of material handed out on a day, on a visit or otherwise."""

    prefix, day_field = "FF", "given_on"
    columns = ("kind", "copies", "given_on", "place")

    number = models.CharField(_("发放编号"), max_length=64)
    given_on = models.DateField(_("日期"))
    kind = models.CharField(_("资料"), max_length=32, choices=MaterialKind)
    copies = models.PositiveIntegerField(_("份数"))
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="handouts", verbose_name=_("走访记录")
    )

    class Meta:
        verbose_name = _("资料发放")
        verbose_name_plural = pgettext_lazy("plural", "资料发放")
        ordering = ["-given_on", "-pk"]
        indexes = [models.Index(fields=["campaign", "given_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="handout_number_once",
                violation_error_message=_("本活动已有此发放编号。"),
            ),
            void_has_reason("handout"),
        ]

    def __str__(self):
        return self.number

    @property
    def headline(self):
        return gettext("%(kind)s %(copies)s 份") % {"kind": self.get_kind_display(), "copies": self.copies}
