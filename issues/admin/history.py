"""Everything that happened to an issue, under its own page at the desk: to be read, never to be edited."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.admin import ReadOnlyInline
from visits.admin.visits import account_name
from visits.models import Opinion

from ..cases import case_for
from ..models import (
    CaseReview,
    FollowUp,
    Issue,
    IssueClock,
    IssueOpinion,
    IssueStep,
    IssueSupport,
    LeaderCase,
    ResidentVerdict,
    SupervisionSlip,
)
from ..step_words import told


class ByInline(ReadOnlyInline):
    """Rows that name who did something."""

    related = ()

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by__cadre", *self.related)

    @admin.display(description=_("经办人"))
    def who(self, obj):
        return account_name(obj.by)


class OpinionLinkInline(ByInline):
    """Every joining, also of words that were taken out again."""

    model = IssueOpinion

    fields = ["number", "words", "nature", "at", "who", "removed_at", "remover", "removed_because"]
    related = ["opinion", "removed_by__cadre"]
    verbose_name_plural = _("归入的诉求")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(opinion__in=Opinion.objects.visible_to(request.user))

    @admin.display(description=_("诉求编号"))
    def number(self, obj):
        return obj.opinion.number

    @admin.display(description=_("原话"))
    def words(self, obj):
        return obj.opinion.words_verbatim

    @admin.display(description=_("性质"))
    def nature(self, obj):
        return obj.opinion.get_nature_display()

    @admin.display(description=_("移出人"))
    def remover(self, obj):
        return account_name(obj.removed_by)


class StepInline(ByInline):
    model = IssueStep
    fields = ["at", "what", "to_state", "who", "department", "due_at", "reason", "recorded"]
    related = ["department"]
    verbose_name_plural = pgettext_lazy("plural", "办理过程")

    @admin.display(description=_("动作"))
    def what(self, obj):
        return obj.move_label

    @admin.display(description=_("另外记录"))
    def recorded(self, obj):
        return format_html_join("", "<div>{}：{}</div>", told(obj)) or "—"


class SupportInline(ReadOnlyInline):
    model = IssueSupport
    fields = ["department"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("department")


class FollowUpInline(ByInline):
    model = FollowUp
    fields = ["at", "way", "result", "satisfaction", "words_verbatim", "who"]
    verbose_name_plural = pgettext_lazy("plural", "回访")


class VerdictInline(ReadOnlyInline):
    """What residents said with their receipt in hand; who they are is known to nobody."""

    model = ResidentVerdict.issues.through
    fields = ["said_at", "solved", "words"]
    verbose_name_plural = pgettext_lazy("plural", "群众反馈")

    def get_queryset(self, request):
        seen = ResidentVerdict.objects.visible_to(request.user)
        rows = super().get_queryset(request).filter(residentverdict__in=seen)
        return rows.select_related("residentverdict").order_by("residentverdict__at", "pk")

    @admin.display(description=_("时间"))
    def said_at(self, obj):
        return obj.residentverdict.at

    @admin.display(description=_("已解决"), boolean=False)
    def solved(self, obj):
        return _now("是") if obj.residentverdict.solved else _now("否")

    @admin.display(description=_("群众原话"))
    def words(self, obj):
        return obj.residentverdict.words_verbatim or "—"


class SlipInline(ByInline):
    model = SupervisionSlip
    fields = ["number", "colour", "cause", "department", "issued_at", "answer_due_on", "who", "became"]
    related = ["department"]
    verbose_name_plural = pgettext_lazy("plural", "督办单")

    def get_queryset(self, request):
        seen = SupervisionSlip.objects.visible_to(request.user)
        rows = super().get_queryset(request).filter(pk__in=seen)
        return rows.prefetch_related("steps__by__cadre", "steps__successor")

    @admin.display(description=_("督办经过"))
    def became(self, obj):
        lines = [
            (step.get_kind_display(), step.words or step.successor, account_name(step.by))
            for step in obj.steps.all()
        ]
        return format_html_join("", "<div>{}：{}（{}）</div>", lines) or "—"


class CaseInline(ByInline):
    """Leaders who took the case; its plan is for the readers of the area and the lead department."""

    model = LeaderCase
    fields = ["at", "leader", "team", "plan", "who", "reviewed"]
    related = ["leader", "team"]
    verbose_name_plural = pgettext_lazy("plural", "领导包案")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("reviews")

    def has_view_permission(self, request, obj=None):
        return obj is None or case_for(obj, request.user) is not None

    @admin.display(description=CaseReview._meta.verbose_name)
    def reviewed(self, obj):
        lines = [(row.held_on, row.task_force, row.legal_expert, row.conclusion) for row in obj.reviews.all()]
        return format_html_join("", "<div>{}，{}，{}：{}</div>", lines) or "—"


class ClockInline(ReadOnlyInline):
    model = IssueClock
    fields = ["kind", "department", "begun_at", "due_at", "stopped_at", "met_at", "is_on_time", "dropped_at"]
    verbose_name_plural = pgettext_lazy("plural", "计时")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("department")


class MergedInline(ReadOnlyInline):
    """The issues that were merged into this one."""

    model = Issue
    fk_name = "merged_into"
    fields = ["numbered", "title", "state"]
    verbose_name_plural = _("并入本件的问题")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=Issue.objects.visible_to(request.user))

    @admin.display(description=_("问题编号"))
    def numbered(self, obj):
        return format_html("{}", obj.number)


HISTORY = [
    OpinionLinkInline, StepInline, SupportInline, FollowUpInline, VerdictInline, SlipInline, CaseInline,
    ClockInline, MergedInline,
]  # fmt: skip
