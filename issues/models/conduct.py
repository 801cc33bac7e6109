"""What residents say about how a department worked: for the office and discipline, never for the department."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from canvass import places
from canvass.models import FiledOnce
from grids.models import Department, Place

from ..enums import ConductRating

RATINGS = ("attitude", "efficiency", "honesty", "openness")
LONGEST_SLIP = 1000


def _rating(label):
    return models.CharField(label, max_length=16, choices=ConductRating, blank=True)


def _says_something():
    said = ~Q(words="")
    for name in RATINGS:
        said |= ~Q(**{name: ""})
    return said


class ConductSlipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Slips of the places of the campaign office and of discipline, but never of a department of one's own.

        Own: one is posted there, or stands there in the roster, whatever other duty one has. Who filed a slip for a
        resident does not read it back; nobody else sees that it exists.
        """
        reach = user.reach
        codes = reach.codes_with("issues.view_conductslip")
        if not codes:
            return self.none()
        own = {*reach.department_ids, reach.cadre.department_id} - {None}
        return self.filter(places.inside("place_id", *codes)).exclude(department__in=own)


class ConductSlip(FiledOnce):
    """Append-only: four ratings and words about one department (作风效能反馈单). It knows no resident.

    From the phone `created_by` filed it for somebody; from a receipt nobody did, and `receipt_key`, a keyed hash that
    leads back to no receipt, lets each receipt speak once. In no figure, workbook, search or export.
    """

    append_only = True
    redactable = ("words",)
    redacted_along = ("content_hash",)

    prefix = "ZF"
    columns = ("department", *RATINGS, "words", "place")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    number = models.CharField(_("反馈单编号"), max_length=64)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("单位"))
    attitude = _rating(_("态度"))
    efficiency = _rating(_("效率"))
    honesty = _rating(_("廉洁"))
    openness = _rating(_("公开"))
    words = models.TextField(_("想说的话"), max_length=LONGEST_SLIP, blank=True)
    receipt_key = models.CharField(max_length=64, blank=True, editable=False)
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

    objects = ConductSlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("作风效能反馈单")
        verbose_name_plural = pgettext_lazy("plural", "作风效能反馈单")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["place", "created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="conductslip_number_once",
                violation_error_message=_("本活动已有此反馈单编号。"),
            ),
            models.UniqueConstraint(
                fields=["receipt_key"],
                condition=~Q(receipt_key=""),
                name="conductslip_once_per_receipt",
                violation_error_message=_("这张回执已经评过了。"),
            ),
            models.CheckConstraint(
                condition=_says_something(),
                name="conductslip_says_something",
                violation_error_message=_("请至少评一项，或者写几句话。"),
            ),
            models.CheckConstraint(
                condition=Q(receipt_key="", created_by__isnull=False)
                | (~Q(receipt_key="") & Q(created_by__isnull=True)),
                name="conductslip_has_one_source",
                violation_error_message=_("反馈单或者由走访人员代填，或者凭回执填写。"),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        """Whoever filed it reads there that it was received, and nothing else."""
        return reverse("issues:conduct_slip_filed", args=[self.client_id])

    @property
    def filer_id(self):
        return self.created_by_id

    @property
    def day(self):
        return timezone.localdate(self.created_at)

    @property
    def ratings(self):
        """[(what was rated, how)] of those that were rated."""
        found = (
            (self._meta.get_field(name).verbose_name, getattr(self, f"get_{name}_display")())
            for name in RATINGS
        )
        return [(label, said) for label, said in found if said]
