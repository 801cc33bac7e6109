"""What the reports app keeps: loaded workbooks, visits drawn and inspected, reports as issued, saved views."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from canvass import places
from grids.models import Place
from visits.models import Visit

from .bulletin_models import BulletinDay, BulletinExample, BulletinSwitch
from .enums import ReportKind
from .privacy_models import ExportRequest, ExportStep, PurgeRun, Redaction
from .readers import readable_campaigns
from .rights_models import RightsRequest, RightsStep

__all__ = [
    "BulletinDay",
    "BulletinExample",
    "BulletinSwitch",
    "ExportRequest",
    "ExportStep",
    "Inspection",
    "PublishedReport",
    "PurgeRun",
    "Redaction",
    "ReportDraft",
    "RightsRequest",
    "RightsStep",
    "WorkbookLoad",
]


class WorkbookLoad(models.Model):
    """Append-only log: a workbook that changed something. Refused, dry and unchanged loads leave no row."""

    append_only = True

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("导入时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )
    counts = models.JSONField(_("行数"), default=dict)

    class Meta:
        verbose_name = _("表格导入记录")
        verbose_name_plural = pgettext_lazy("plural", "表格导入记录")
        ordering = ["-at", "-pk"]
        permissions = [
            ("load_workbook", _("导入表格")),
            ("export_campaign", _("导出活动")),
            ("view_dashboard", _("查看数字")),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.file_name}"


class InspectionSampleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The draws inside the places where one inspects."""
        return self.filter(places.inside("place_id", *user.reach.codes_with("reports.inspect_visits")))


class InspectionSample(models.Model):
    """Append-only: one draw of visits that somebody else asks about, with all that is needed to draw it again.

    Drawn in `inspections`; the same form sent twice is one draw. `size` is how many were wanted, `population` how
    many there were to choose from.
    """

    append_only = True

    class Method(models.TextChoices):
        RANDOM = "random", _("随机抽取")
        FLAGGED = "flagged", _("先抽有提示的")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("范围"))
    first_on = models.DateField(_("第一天"))
    last_on = models.DateField(_("最后一天"))
    method = models.CharField(_("抽取方法"), max_length=16, choices=Method, default=Method.RANDOM)
    size = models.PositiveSmallIntegerField(_("抽几条"))
    population = models.PositiveIntegerField(_("可抽的走访"))
    seed = models.CharField(_("随机种子"), max_length=32)
    client_id = models.UUIDField(unique=True, editable=False)
    drawn_at = models.DateTimeField(_("抽取时间"), default=timezone.now)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("抽取人")
    )

    objects = InspectionSampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("抽样")
        verbose_name_plural = pgettext_lazy("plural", "抽样")
        ordering = ["-drawn_at", "-pk"]
        permissions = [("inspect_visits", _("抽查走访"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1, population__gte=1),
                name="inspectionsample_draws_something",
                violation_error_message=_("至少抽一条。"),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="inspectionsample_ends_after_start",
                violation_error_message=_("最后一天不能早于第一天。"),
            ),
        ]

    def __str__(self):
        return f"{self.place} {self.first_on}–{self.last_on}"


class SampledVisit(models.Model):
    """Append-only: a visit that was drawn, once and never again; `hints` are the keys of those it was flagged for."""

    append_only = True

    sample = models.ForeignKey(
        InspectionSample, models.PROTECT, related_name="visits", verbose_name=_("抽样")
    )
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="sampled", verbose_name=_("走访记录"))
    hints = models.JSONField(_("提示"), default=list)

    class Meta:
        verbose_name = _("抽中的走访")
        verbose_name_plural = pgettext_lazy("plural", "抽中的走访")
        ordering = ["pk"]

    def __str__(self):
        return str(self.visit)


class Inspection(models.Model):
    """A sampled visit that somebody who did not visit asked the household about.

    One row a try: what was found stands beside what the visit recorded and what the resident said. Rows that were
    loaded or made before samples were drawn here know only whether somebody was reached and confirmed it.
    """

    redactable = ("found", "words_verbatim")

    class Way(models.TextChoices):
        PHONE = "phone", _("电话")
        DOOR = "door", _("上门")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="inspections", verbose_name=_("走访记录"))
    asked_on = models.DateField(_("抽查日期"))
    at = models.DateTimeField(_("记录时间"), null=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("抽查人")
    )
    way = models.CharField(_("方式"), max_length=16, choices=Way, blank=True)
    is_reached = models.BooleanField(_("联系上"), default=False)
    is_confirmed = models.BooleanField(_("属实"), default=False)
    found = models.CharField(_("核查情况"), max_length=500, blank=True)
    words_verbatim = models.CharField(_("群众原话"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("抽查")
        verbose_name_plural = pgettext_lazy("plural", "抽查")
        constraints = [
            models.UniqueConstraint(fields=["visit", "asked_on"], name="inspection_once_a_day"),
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | Q(is_reached=True),
                name="inspection_confirmed_was_reached",
                violation_error_message=_("未联系上不能算属实。"),
            ),
            models.CheckConstraint(
                condition=Q(way="") | Q(is_reached=False) | Q(is_confirmed=True) | ~Q(found=""),
                name="inspection_unconfirmed_says_why",
                violation_error_message=_("不属实的，请写明核查情况。"),
            ),
            models.CheckConstraint(
                condition=Q(words_verbatim="") | Q(is_reached=True),
                name="inspection_words_of_somebody_reached",
                violation_error_message=_("未联系上，就没有群众原话。"),
            ),
        ]

    def __str__(self):
        return f"{self.visit_id} {self.asked_on}"


class PublishedReportQuerySet(models.QuerySet):
    def without_files(self):
        """For lists and pages: the files are large, and only a download reads them."""
        return self.defer("docx", "xlsx")

    def of_period(self, campaign, kind, period):
        """The editions of one report, the latest first."""
        return self.filter(campaign=campaign, kind=kind, period=period).order_by("-edition")


class PublishedReport(models.Model):
    """Append-only: one edition of a report, its content and files as they were issued.

    `content` is what the page, the .docx and the .xlsx say alike (see `composing`). A correction is the next
    edition of the same period and says why; the series' number stays.
    """

    append_only = True
    redactable = ("content", "correction")
    # Made anew from the content.
    redacted_along = ("docx", "docx_sha256", "xlsx", "xlsx_sha256")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    kind = models.CharField(_("类型"), max_length=16, choices=ReportKind)
    period = models.CharField(_("期别"), max_length=10)
    first_on = models.DateField(_("第一天"))
    last_on = models.DateField(_("最后一天"))
    serial = models.PositiveIntegerField(_("期号"))
    edition = models.PositiveSmallIntegerField(_("版次"), default=1)
    as_of = models.DateTimeField(_("截至"))
    issued_at = models.DateTimeField(_("发出时间"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("发出人")
    )
    correction = models.TextField(_("更正说明"), blank=True)
    content = models.JSONField(_("内容"))
    docx = models.BinaryField()
    docx_sha256 = models.CharField(max_length=64)
    xlsx = models.BinaryField()
    xlsx_sha256 = models.CharField(max_length=64)

    objects = PublishedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("已发报告")
        verbose_name_plural = pgettext_lazy("plural", "已发报告")
        ordering = ["-last_on", "kind", "-edition"]
        permissions = [("issue_report", _("编制和发出报告"))]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "period", "edition"],
                name="publishedreport_edition_once",
                violation_error_message=_("这一版已经发出。"),
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind", "serial", "edition"],
                name="publishedreport_serial_once",
                violation_error_message=_("这一期号已经用过。"),
            ),
            models.CheckConstraint(
                condition=Q(edition=1, correction="") | (Q(edition__gt=1) & ~Q(correction="")),
                name="publishedreport_correction_says_why",
                violation_error_message=_("第二版起必须写明更正说明，第一版没有更正。"),
            ),
            models.CheckConstraint(
                condition=Q(serial__gte=1, last_on__gte=F("first_on")),
                name="publishedreport_period_is_whole",
                violation_error_message=_("期号从 1 起，时段的最后一天不能早于第一天。"),
            ),
        ]

    def __str__(self):
        return gettext("%(kind)s %(period)s 第 %(edition)d 版") % {
            "kind": self.get_kind_display(),
            "period": self.period,
            "edition": self.edition,
        }

    @property
    def blanked(self):
        """How many stretches of its words were blanked after it was issued; no figure ever is."""
        return Redaction.objects.filter(table_name=self._meta.db_table, row_key=self.pk).count()

    def file_name(self, ending):
        # A campaign's code may hold any character; a name of a file leads into no other folder.
        return get_valid_filename(f"{self.campaign.code}-{self.kind}-{self.period}-{self.edition}.{ending}")


class ReportDraft(models.Model):
    """What people type for a report that is being made: one row a period, taken up again by its corrections.

    `lines` {key: text}; `figures` [{label, value, unit, figure, part_of, author, reason}], marked as typed by
    hand in every output; `overruled` {check: {reason, who, at, failures}}, valid for just those failures.
    """

    redactable = ("lines", "figures", "overruled")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    kind = models.CharField(_("类型"), max_length=16, choices=ReportKind)
    period = models.CharField(_("期别"), max_length=10)
    lines = models.JSONField(_("填写的文字"), default=dict)
    figures = models.JSONField(_("填写的数字"), default=list)
    overruled = models.JSONField(_("照发的核对"), default=dict)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("修改人")
    )

    class Meta:
        verbose_name = _("报告草稿")
        verbose_name_plural = pgettext_lazy("plural", "报告草稿")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "period"],
                name="reportdraft_once",
                violation_error_message=_("这一期已有草稿。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.period}"


class SavedViewQuerySet(models.QuerySet):
    def readable_by(self, user):
        """One's own, and what the office shared with the readers of a campaign."""
        shared = Q(is_shared=True, campaign__in=readable_campaigns(user))
        return self.filter(Q(owner=user) | shared)


class SavedView(models.Model):
    """A bookmark: the question of a breakdown under a name, its owner's own to rename and to throw away."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("保存人")
    )
    name = models.CharField(_("名称"), max_length=50)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("活动"))
    query = models.CharField(_("条件"), max_length=4000)
    is_shared = models.BooleanField(_("共享"), default=False)
    created_at = models.DateTimeField(_("保存时间"), default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("保存的视图")
        verbose_name_plural = pgettext_lazy("plural", "保存的视图")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="savedview_name_once",
                violation_error_message=_("您已有同名的视图：请换一个名称，或先删除旧的。"),
            )
        ]

    def __str__(self):
        return self.name
