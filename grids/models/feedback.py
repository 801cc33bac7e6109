"""What people who work with this system say about it, and what was answered."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass import places

from .people import User
from .places import Place

LONGEST = 1000


class FeedbackQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was said in the places of those who answer it, and what was said without a place; and one's own.

        Nobody but them reads it: village offices, leaders and inspectors do not.
        """
        mine = Q(by=user.pk)
        codes = user.reach.codes_with("grids.view_feedback")
        if codes:
            mine |= places.inside("place_id", *codes) | Q(place__isnull=True)
        return self.filter(mine)

    def waiting(self):
        return self.filter(answers=None)


class Feedback(models.Model):
    """Append-only: what somebody wanted to do here, and what happened. About the system, never about a resident.

    `page` is the kind of page, without what stands behind its question mark and without any number or code in it.
    `place` is the village or area of the author's posting: it says who answers, and the readers learn no name.
    """

    append_only = True

    wanted = models.CharField(_("我想做什么"), max_length=200)
    happened = models.TextField(_("结果怎么样"), max_length=LONGEST)
    page = models.CharField(_("哪一页"), max_length=200, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("范围")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("对系统的意见")
        verbose_name_plural = pgettext_lazy("plural", "对系统的意见")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(wanted="") & ~Q(happened=""),
                name="feedback_says_what",
                violation_error_message=_("请写下想做什么和结果怎么样。"),
            ),
            models.CheckConstraint(
                condition=~Q(page__contains="?"),
                name="feedback_page_asks_nothing",
                violation_error_message=_("网页地址不带问号后面的内容。"),
            ),
        ]

    def __str__(self):
        return self.wanted


class FeedbackAnswer(models.Model):
    """Append-only: a line to whoever said it."""

    append_only = True

    feedback = models.ForeignKey(
        Feedback, models.PROTECT, related_name="answers", verbose_name=_("对系统的意见")
    )
    text = models.CharField(_("答复"), max_length=500)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("答复人"))

    class Meta:
        verbose_name = _("意见的答复")
        verbose_name_plural = pgettext_lazy("plural", "意见的答复")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="feedbackanswer_has_text",
                violation_error_message=_("请写下答复。"),
            ),
        ]

    def __str__(self):
        return self.text
