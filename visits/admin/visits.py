"""Visits: looked at, checked, sent back, voided. Their content comes from the phone or a workbook."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.admin_filters import CampaignFilter
from canvass.admin import OfficeAdmin, ReadOnlyInline, tell
from canvass.admin_filters import DateRangeFilter
from canvass.admin_verbs import ReasonForm, Verb
from grids.admin_filters import AreaFilter

from .. import comparison, permissions, services
from ..enums import VisitState
from ..models import Opinion, Visit, VisitCadre, VisitStep


class CadreInline(ReadOnlyInline):
    model = VisitCadre
    fields = ["name", "department_name", "role"]
    verbose_name_plural = _("走访人（当日）")


class StepInline(ReadOnlyInline):
    model = VisitStep
    fields = ["at", "move", "who", "reason", "former"]
    verbose_name_plural = pgettext_lazy("plural", "办理过程")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by__cadre")

    @admin.display(description=_("经办人"))
    def who(self, obj):
        return account_name(obj.by)

    @admin.display(description=_("更正前"))
    def former(self, obj):
        return "；".join(f"{label}：{value}" for label, value in comparison.changes(obj)) or "—"


class WordsInline(ReadOnlyInline):
    """The words heard on this visit, as far as this person may read them."""

    model = Opinion
    fields = ["number", "nature", "words_verbatim"]
    verbose_name_plural = pgettext_lazy("plural", "群众原话")

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


def account_name(user):
    """The cadre's name behind an account; a workbook has nobody."""
    return user.display_name if user else "—"


def state_label(text, kind=""):
    """A state as a word in a lamp's colour; the word alone says it too."""
    return format_html('<span class="state {}">{}</span>', kind, text)


class TargetKindFilter(admin.ChoicesFieldListFilter):
    """The kind of what was visited; beside the visit's own columns it needs its full name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("对象类型")


VERBS = (
    Verb("check", _("审核通过"), services.check_visit, permissions.can_check_visit),
    Verb(
        "send_back",
        pgettext_lazy("verb", "退回"),
        services.send_back_visit,
        permissions.can_send_back_visit,
        ReasonForm,
    ),
    Verb(
        "void",
        pgettext_lazy("verb", "作废"),
        services.void_visit,
        permissions.can_void_visit,
        ReasonForm,
        _("作废的走访不再计入任何统计，但仍然留在这里，谁都能看到原因。听到的群众原话不受影响。"),
        is_grave=True,
    ),
)


@admin.register(Visit)
class VisitAdmin(OfficeAdmin):
    place_field = "grid_id"
    campaign_field = "campaign"
    list_display = [
        "number", "address", "village", "started_at", "outcome", "people", "people_met", "state_word", "origin",
    ]  # fmt: skip
    list_select_related = ["entry", "grid__parent", "campaign"]
    list_filter = [
        CampaignFilter, AreaFilter.on("grid_id"), "outcome", "state", "way", ("entry__kind", TargetKindFilter), "origin",
        ("started_at", DateRangeFilter),
    ]  # fmt: skip
    search_fields = ["number", "entry__address", "entry__number", "cadres__name"]
    search_help_text = _("按走访编号、门牌地址、对象编号或走访人姓名查找")
    actions = ["check_selected"]
    verbs = VERBS
    inlines = [CadreInline, WordsInline, StepInline]
    fieldsets = [
        (None, {"fields": ["number", "campaign", "state", "entry_link", "grid"]}),
        (_("走访情况"), {"fields": ["started_at", "ended_at", "outcome", "way", "people_met", "note"]}),
        (_("录入"), {"fields": ["origin", "filed_at", "filed_on_phone_at", "filed_by_name", "voided_at"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody edits a visit by hand: a correction goes through the visit's own page, with its reason."""
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("cadres")

    def get_readonly_fields(self, request, obj=None):
        return ["entry_link", "filed_by_name"]

    @admin.display(description=_("门牌地址"), ordering="entry__address")
    def address(self, obj):
        return obj.entry.address

    @admin.display(description=_("走访对象"))
    def entry_link(self, obj):
        return f"{obj.entry.address}（{obj.entry.number}）"

    @admin.display(description=_("村（社区）"), ordering="grid_id")
    def village(self, obj):
        return obj.grid.parent.name

    @admin.display(description=_("走访人"))
    def people(self, obj):
        return "、".join(row.name for row in obj.cadres.all())

    @admin.display(description=_("状态"), ordering="state")
    def state_word(self, obj):
        kinds = {VisitState.CHECKED: "good", VisitState.SENT_BACK: "late", VisitState.VOID: "late"}
        return state_label(obj.get_state_display(), kinds.get(obj.state, ""))

    @admin.display(description=_("录入人"))
    def filed_by_name(self, obj):
        return account_name(obj.filed_by)

    @admin.action(description=_("审核通过所选走访"))
    def check_selected(self, request, queryset):
        done, refused = 0, []
        for visit in queryset:
            try:
                services.check_visit(visit, by=request.user)
                done += 1
            except ValidationError as refusal:
                refused += [f"{visit.number}：{sentence}" for sentence in refusal.messages]
        tell(request, done, refused)

    def get_actions(self, request):
        actions = super().get_actions(request)
        return actions if request.user.has_perm("visits.check_visit") else {}

    def choice_label(self, obj):
        return f"{obj.number} {obj.entry.address}"
