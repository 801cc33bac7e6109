"""What somebody asked for who said something: an answer, how, and where to reach him or her."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.phones import can_be_called, can_be_texted
from canvass.sealed import SealedTextField, Unreadable

from ..enums import AnswerWay
from .opinions import Opinion

_IS_GONE = Q(withdrawn_at__isnull=False) | Q(erased_at__isnull=False)


class AnswerWishQuerySet(models.QuerySet):
    def standing(self):
        """Not withdrawn, and of words that are neither void nor replaced."""
        words = Opinion.objects.valid_at(timezone.now())
        return self.filter(withdrawn_at__isnull=True, opinion__in=words)

    def visible_to(self, user):
        """The wishes beside the words that this person reads; the number itself stays masked (see permissions)."""
        return self.filter(opinion__in=Opinion.objects.visible_to(user))


class AnswerWish(models.Model):
    """That whoever said the words wants an answer, and how. Beside the words, because those can never be changed.

    No row: nobody asked for one. The row changes when only the wish is corrected, or is withdrawn; the former way
    stays in the step of the correction, a former number stays nowhere. Words that are replaced keep their row, and
    the number goes on to the row of the new words. `erased_at`: the number was kept once and is gone.
    """

    opinion = models.OneToOneField(
        Opinion, models.PROTECT, related_name="answer_wish", verbose_name=_("诉求")
    )
    way = models.CharField(_("答复方式"), max_length=16, choices=AnswerWay)
    phone = SealedTextField(_("联系电话"), max_length=12, blank=True)
    may_tell_department = models.BooleanField(_("可以让承办单位知道是谁说的"), default=False)
    # Of the campaign's notice: what stood on the form when this wish was written down.
    notice_version = models.PositiveSmallIntegerField(_("告知书版本"), null=True, editable=False)
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("录入人"),
    )
    withdrawn_at = models.DateTimeField(_("不再要答复的时间"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("号码清除时间"), null=True, blank=True, editable=False)

    objects = AnswerWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("答复意愿")
        verbose_name_plural = pgettext_lazy("plural", "答复意愿")
        constraints = [
            models.CheckConstraint(
                condition=Q(phone="") | Q(way__in=AnswerWay.by_number()),
                name="answerwish_number_only_where_needed",
                violation_error_message=_("只有用电话或短信答复，才留电话号码。"),
            ),
            models.CheckConstraint(
                condition=~Q(way__in=AnswerWay.by_number()) | ~Q(phone="") | _IS_GONE,
                name="answerwish_number_where_needed",
                violation_error_message=_("用电话或短信答复，要有电话号码。"),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | ~_IS_GONE,
                name="answerwish_gone_is_blank",
                violation_error_message=_("不再要答复，或者号码已经清除，就不再留号码。"),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__is_sealed=True),
                name="answerwish_number_is_sealed",
                violation_error_message=_("电话号码须加密保存。"),
            ),
        ]

    def __str__(self):
        return f"{self.opinion_id} {self.way}"

    def clean(self):
        """What the database cannot see of a sealed number. Asked by the form and by whatever writes a wish."""
        if not self.phone or isinstance(self.phone, Unreadable):
            return
        fits = can_be_texted if self.way == AnswerWay.TEXT else can_be_called
        if not fits(self.phone):
            raise ValidationError(_("电话为 11 位手机号，或者带区号的座机；短信只能发到手机。"))


class ContactReading(models.Model):
    """Append-only: somebody was shown the number of who said it: who, when, why."""

    append_only = True
    redactable = ("reason",)

    wish = models.ForeignKey(AnswerWish, models.PROTECT, related_name="readings", verbose_name=_("答复意愿"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        verbose_name = _("查看号码记录")
        verbose_name_plural = pgettext_lazy("plural", "查看号码记录")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="contactreading_says_why",
                violation_error_message=_("查看号码必须写明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.wish_id} {self.by_id}"
