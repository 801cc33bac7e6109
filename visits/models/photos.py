"""Photos that go with a visit; the words never wait for one."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.models import Voidable, void_has_reason

from .visits import Visit


class VisitPhotoQuerySet(models.QuerySet):
    def valid_at(self, moment):
        """Not taken out at a moment."""
        return self.filter(models.Q(voided_at__isnull=True) | models.Q(voided_at__gt=moment))

    def kept(self):
        """Their picture is still there."""
        return self.exclude(image="")

    def visible_to(self, user):
        """The photos of the visits that one may see."""
        return self.filter(visit__in=Visit.objects.visible_to(user))


class VisitPhoto(Voidable):
    """One picture, made anew by us. Taken out with a reason, it is shown to nobody any more; its file stays.

    `sha256` is that of the bytes as they arrived: the same photo sent twice is one, a photo that was taken out
    does not come back by itself. `erased_at`: the picture was kept once and is gone, the row counts on.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos", verbose_name=_("走访记录"))
    image = models.FileField(_("文件"), max_length=100, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField(_("宽"), editable=False)
    height = models.PositiveIntegerField(_("高"), editable=False)
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("录入人"),
    )
    erased_at = models.DateTimeField(_("清除时间"), null=True, blank=True, editable=False)

    objects = VisitPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访照片")
        verbose_name_plural = pgettext_lazy("plural", "走访照片")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "sha256"],
                name="visitphoto_once",
                violation_error_message=_("这次走访已有这张照片。"),
            ),
            models.CheckConstraint(
                condition=models.Q(image="", erased_at__isnull=False)
                | (~models.Q(image="") & models.Q(erased_at__isnull=True)),
                name="visitphoto_erased_has_no_file",
                violation_error_message=_("清除了的照片没有文件，没有清除的有文件。"),
            ),
            void_has_reason("visitphoto"),
        ]

    def __str__(self):
        return f"{self.visit_id} {self.sha256[:8]}"
