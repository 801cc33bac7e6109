"""The notice that whoever is asked for anything may read: who asks, why, what, how long it is kept, which rights one has."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST = 600
PARTS = ("who", "why", "what", "how_long", "rights", "contact")


def _text(label):
    return models.TextField(label, max_length=LONGEST)


class PrivacyNoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """At the desk: those of the campaigns that one sees. The public page shows each to everybody."""
        campaigns = self.model._meta.get_field("campaign").remote_field.model
        return self.filter(campaign__in=campaigns.objects.visible_to(user))


class PrivacyNotice(models.Model):
    """One version of a campaign's notice, for ever. The next one is a new row: records name the version that was shown.

    Written by `services.publish_notice` alone, which counts the versions on the campaign too.
    """

    append_only = True

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.PROTECT, related_name="notices", verbose_name=_("活动")
    )
    version = models.PositiveSmallIntegerField(_("版本"), editable=False)
    who = _text(_("谁在收集"))
    why = _text(_("为什么收集"))
    what = _text(_("收集什么"))
    how_long = _text(_("保存多久"))
    rights = _text(_("您的权利"))
    contact = _text(_("找谁"))
    valid_from = models.DateTimeField(_("自何时起"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("发布人"),
    )

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人信息告知书")
        verbose_name_plural = pgettext_lazy("plural", "个人信息告知书")
        ordering = ["campaign", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "version"],
                name="privacynotice_version_once",
                violation_error_message=_("本活动已有这一版告知书，请重新打开再发布。"),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="privacynotice_version_counts_from_one",
                violation_error_message=_("告知书的版本从 1 数起。"),
            ),
            models.CheckConstraint(
                condition=~Q(who="")
                & ~Q(why="")
                & ~Q(what="")
                & ~Q(how_long="")
                & ~Q(rights="")
                & ~Q(contact=""),
                name="privacynotice_is_whole",
                violation_error_message=_("告知书的六项都要写。"),
            ),
        ]

    def __str__(self):
        return _("告知书第 %d 版") % self.version

    def get_absolute_url(self):
        return reverse("campaigns:notice_show", args=[self.campaign.code, self.version])

    @property
    def parts(self):
        """[(heading, text)]"""
        return [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in PARTS]
