"""What residents ask about their own data: to see, correct or erase it. Found by number, never by person."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from canvass import places
from grids.models import Place, RegisterEntry
from visits.models import Opinion

ANSWER_WITHIN = timedelta(days=15)
ENDS = ["answered", "refused"]


class RightsRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests of the places where one handles them, about what one may read oneself."""
        here = places.inside("place_id", *user.reach.codes_with("reports.handle_rights"))
        about_words = Q(opinion__in=Opinion.objects.visible_to(user))
        about_door = Q(opinion=None, entry__in=RegisterEntry.objects.visible_to(user))
        return self.filter(here, about_words | about_door)

    def open(self):
        return self.filter(~Exists(RightsStep.objects.filter(request=OuterRef("pk"), kind__in=ENDS)))


class RightsRequest(models.Model):
    """Append-only: a resident asks to see, correct or erase what is kept about one matter or one door.

    It names the words or the door, not the person: there is no list of people who ask. What was done about it stands
    in its steps.
    """

    append_only = True

    class Kind(models.TextChoices):
        SEE = "see", _("查看")
        CORRECT = "correct", _("更正")
        ERASE = "erase", _("删除")

    class Way(models.TextChoices):
        COUNTER = "counter", _("到活动办")
        PHONE = "phone", _("电话")
        LETTER = "letter", _("来信")
        VISIT = "visit", _("走访时")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    kind = models.CharField(_("请求"), max_length=16, choices=Kind)
    way = models.CharField(_("怎样提出"), max_length=16, choices=Way)
    received_on = models.DateField(_("收到日期"))
    due_on = models.DateField(_("答复期限"))
    opinion = models.ForeignKey(Opinion, models.PROTECT, null=True, related_name="+", verbose_name=_("诉求"))
    entry = models.ForeignKey(
        RegisterEntry, models.PROTECT, null=True, related_name="+", verbose_name=_("走访对象")
    )
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人信息请求")
        verbose_name_plural = pgettext_lazy("plural", "个人信息请求")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion__isnull=True, entry__isnull=False)
                | Q(opinion__isnull=False, entry__isnull=True),
                name="rightsrequest_is_about_one",
                violation_error_message=_("一份请求只关于一件诉求或一户。"),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=models.F("received_on")),
                name="rightsrequest_due_after_received",
                violation_error_message=_("答复期限在收到日期之后。"),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return f"QL{self.pk:06d}"

    @property
    def about(self):
        """The number or the door that it was found by."""
        return self.opinion.number if self.opinion_id else self.entry.address


class RightsStep(models.Model):
    """Append-only: what was done about a request: shown, erased, answered, refused."""

    append_only = True

    class Kind(models.TextChoices):
        SHOWN = "shown", _("看了完整内容")
        ERASED = "erased", _("清除")
        ANSWERED = "answered", _("答复")
        REFUSED = "refused", _("不予办理")

    class Ground(models.TextChoices):
        """Why the law lets an office refuse."""

        LAW = "law", _("法律、行政法规规定要保存")
        DUTY = "duty", _("履行法定职责所必需，且没有超出必要范围")
        IDENTITY = "identity", _("核实不了是本人或本人委托的人")
        NOT_HELD = "not_held", _("没有保存这项信息")

    request = models.ForeignKey(
        RightsRequest, models.PROTECT, related_name="steps", verbose_name=_("个人信息请求")
    )
    kind = models.CharField(_("动作"), max_length=16, choices=Kind)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    ground = models.CharField(_("法定理由"), max_length=16, choices=Ground, blank=True)
    text = models.CharField(_("说明"), max_length=500)

    class Meta:
        verbose_name = _("个人信息请求经过")
        verbose_name_plural = pgettext_lazy("plural", "个人信息请求经过")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(kind__in=ENDS),
                name="rightsstep_ends_once",
                violation_error_message=_("这份请求已经答复过。"),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="rightsstep_says_what",
                violation_error_message=_("请写明说明。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="refused", ground__in=["law", "duty", "identity", "not_held"])
                | (~Q(kind="refused") & Q(ground="")),
                name="rightsstep_refusal_has_ground",
                violation_error_message=_("不予办理须有法定理由。"),
            ),
        ]

    def __str__(self):
        return f"{self.request_id} {self.kind}"
