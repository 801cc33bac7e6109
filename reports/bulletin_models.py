"""The residents' bulletin: whether it is public, what it said of which day, and the answered examples on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from issues.enums import IssueState
from issues.models import Issue


class BulletinSwitch(models.Model):
    """Append-only: from this moment the bulletin of a campaign is public, or is not. The latest row counts."""

    append_only = True

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    is_public = models.BooleanField(_("公开简报"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("简报公开记录")
        verbose_name_plural = pgettext_lazy("plural", "简报公开记录")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.campaign_id} {self.at:%Y-%m-%d %H:%M} {self.is_public}"


class BulletinDay(models.Model):
    """Append-only: the numbers of a bulletin as of the end of one day, small ones already taken out.

    The first look at the page after midnight makes the row; what is filed later counts on the next day.
    """

    append_only = True

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    day = models.DateField(_("截至"))
    content = models.JSONField(_("内容"))
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now)

    class Meta:
        verbose_name = _("简报数字")
        verbose_name_plural = pgettext_lazy("plural", "简报数字")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "day"],
                name="bulletinday_once",
                violation_error_message=_("这一天的简报数字已经有了。"),
            ),
        ]

    def __str__(self):
        return f"{self.campaign_id} {self.day}"


class BulletinExampleQuerySet(models.QuerySet):
    def standing(self):
        """Not taken down."""
        return self.filter(taken_down_at=None)

    def shown(self):
        """What residents see: standing, and the issue is still closed and no misconduct report (all are restricted)."""
        return self.standing().filter(issue__state=IssueState.CLOSED, issue__is_restricted=False)


class BulletinExample(models.Model):
    """A closed issue and its answer in the office's own words: the row is never worded anew.

    To change a word it is taken down and put up again, so that it stays known what was public when.
    """

    redactable = ("title", "text", "answer")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="bulletin_examples", verbose_name=_("问题"))
    title = models.CharField(_("标题"), max_length=60)
    text = models.TextField(_("群众反映"))
    answer = models.TextField(_("办理和答复"))
    ticked_at = models.DateTimeField(_("公开时间"), default=timezone.now)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("公开人")
    )
    taken_down_at = models.DateTimeField(_("撤下时间"), null=True, blank=True, editable=False)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("撤下人"),
    )
    taken_down_because = models.CharField(_("撤下原因"), max_length=200, blank=True, editable=False)

    objects = BulletinExampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("简报例子")
        verbose_name_plural = pgettext_lazy("plural", "简报例子")
        ordering = ["-ticked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"],
                condition=Q(taken_down_at=None),
                name="bulletinexample_once",
                violation_error_message=_("这件问题已经在简报上。"),
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at=None, taken_down_because="")
                | (Q(taken_down_at__isnull=False) & ~Q(taken_down_because="")),
                name="bulletinexample_taken_down_says_why",
                violation_error_message=_("撤下须写明原因。"),
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text="") & ~Q(answer=""),
                name="bulletinexample_is_whole",
                violation_error_message=_("标题、群众反映、办理和答复都要写。"),
            ),
        ]

    def __str__(self):
        return self.title
