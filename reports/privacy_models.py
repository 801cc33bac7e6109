"""What the end of personal data leaves on record: what was erased when, which words were blanked."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from canvass import places
from canvass.redaction import LONGEST
from canvass.roles import Role
from grids.models import Place


class PurgeRun(models.Model):
    """Append-only: what one run of `purge` erased in one transaction: how many of which kind, never a value.

    The rows of one run share `run`; without a campaign it is files that belong to none.
    """

    append_only = True

    run = models.UUIDField(_("清除批次"), default=uuid.uuid4)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, related_name="+", verbose_name=_("活动")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    kind = models.CharField(_("清除的内容"), max_length=32)
    number = models.PositiveIntegerField(_("条数"))

    class Meta:
        verbose_name = _("清除记录")
        verbose_name_plural = pgettext_lazy("plural", "清除记录")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="purgerun_erased_something",
                violation_error_message=_("没有清除任何内容，就没有清除记录。"),
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.number}"


class RedactionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Redactions in the places where one may redact; in a misconduct report one's own alone.

        A report may name another reader of reports, and must not be known to exist by its redaction.
        """
        codes = user.reach.codes(Role.CAMPAIGN_OFFICE)
        own = Q(is_restricted=True, by=user) if user.is_authenticated else Q(pk__in=[])
        return self.filter(
            (places.inside("place_id", *codes) & Q(is_restricted=False))
            | (places.inside("place_id", *user.reach.restricted_codes) & own)
        )


class Redaction(models.Model):
    """Append-only: a stretch of words was blanked: where, how long, by whom and why. What it said stands nowhere.

    The triggers of other tables read these rows: no words change but by one of them (canvass/redaction.py).
    """

    append_only = True
    is_redaction_log = True

    table_name = models.CharField(_("表"), max_length=64)
    row_key = models.BigIntegerField(_("记录"))
    column_name = models.CharField(_("列"), max_length=64)
    path = models.CharField(max_length=200, blank=True)
    start = models.PositiveIntegerField(_("从第几字"))
    length = models.PositiveIntegerField(_("几个字"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    subject = models.CharField(_("哪件记录"), max_length=100)
    is_restricted = models.BooleanField(_("限阅"), default=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    reason = models.CharField(_("原因"), max_length=200)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("隐去记录")
        verbose_name_plural = pgettext_lazy("plural", "隐去记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["table_name", "row_key"])]
        permissions = [
            ("redact_words", _("隐去原话里的个人信息")),
            ("release_export", _("放行含姓名电话的导出")),
            ("handle_rights", _("办理个人信息请求")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="redaction_says_why",
                violation_error_message=_("隐去必须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(length__range=(1, LONGEST)),
                name="redaction_is_short",
                violation_error_message=_(
                    "一次隐去 1 到 50 个字：只隐去姓名、电话这样的内容，不能隐去整段话。"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.subject} {self.length}"


class ExportRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those that one may release."""
        codes = user.reach.codes_with("reports.release_export")
        own = Q(asked_by=user) if user.is_authenticated else Q(pk__in=[])
        return self.filter(own | places.inside("place_id", *codes))

    def undecided(self):
        decided = ExportStep.objects.filter(request=models.OuterRef("pk"), kind__in=ExportStep.DECISIONS)
        return self.filter(~models.Exists(decided))


class ExportRequest(models.Model):
    """Append-only: somebody asks for the export of a campaign with names and numbers, and says why.

    Somebody else releases it or refuses; what then happened stands in its steps (see `releasing`). `place` is that of
    the posting by which it was asked: nobody below it releases it.
    """

    append_only = True

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("申请人的范围"))
    reason = models.CharField(_("用途"), max_length=200)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )

    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("含姓名电话的导出申请")
        verbose_name_plural = pgettext_lazy("plural", "含姓名电话的导出申请")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="exportrequest_says_why",
                violation_error_message=_("请写明用途。"),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """What stands on every sheet."""
        return f"FX{self.pk:06d}"


class ExportStep(models.Model):
    """Append-only: the request was released, refused or withdrawn, or its file was fetched."""

    append_only = True

    class Kind(models.TextChoices):
        RELEASED = "released", _("放行")
        REFUSED = "refused", _("不放行")
        WITHDRAWN = "withdrawn", _("撤回申请")
        DOWNLOADED = "downloaded", _("下载")

    DECISIONS = (Kind.RELEASED, Kind.REFUSED)

    request = models.ForeignKey(
        ExportRequest, models.PROTECT, related_name="steps", verbose_name=_("导出申请")
    )
    kind = models.CharField(_("动作"), max_length=16, choices=Kind)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    reason = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("导出申请经过")
        verbose_name_plural = pgettext_lazy("plural", "导出申请经过")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(kind__in=["released", "refused"]),
                name="exportstep_decided_once",
                violation_error_message=_("这份申请已经有人决定过。"),
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(kind="withdrawn"),
                name="exportstep_withdrawn_once",
                violation_error_message=_("这份申请已经撤回。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="refused") | ~Q(reason=""),
                name="exportstep_refusal_says_why",
                violation_error_message=_("不放行请写明原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.request_id} {self.kind}"
