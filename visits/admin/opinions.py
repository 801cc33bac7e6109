"""A resident's words at the desk: read, added, corrected by a new row, voided; never changed.

The class is registered by issues.admin, which adds the sorting into issues and the answers to suggestions.
"""

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.admin_filters import CampaignFilter
from canvass.admin import OfficeAdmin, ReadOnlyInline
from canvass.admin_filters import DateRangeFilter
from canvass.admin_verbs import ReasonForm, Verb
from grids.admin_filters import AreaFilter

from .. import office_services, permissions
from ..models import OpinionMark
from .visits import account_name, state_label


class OpinionForm(forms.ModelForm):
    number = forms.CharField(
        label=_("诉求编号"), max_length=64, required=False, help_text=_("不填则自动编号。")
    )
    correction_reason = forms.CharField(
        label=_("更正原因"), max_length=180, required=False, help_text=_("只在更正以前的记录时填写。")
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("corrects") and not cleaned.get("correction_reason"):
            self.add_error("correction_reason", _("请写明为什么更正。"))
        return cleaned


class MarkInline(ReadOnlyInline):
    model = OpinionMark
    fields = ["at", "kind", "who", "reason"]
    verbose_name_plural = pgettext_lazy("plural", "作废和限阅")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by__cadre")

    @admin.display(description=_("经办人"))
    def who(self, obj):
        return account_name(obj.by)


class ValidFilter(admin.SimpleListFilter):
    """Void and replaced words stay on the list; one may hide them."""

    title = _("是否有效")
    parameter_name = "valid"

    def lookups(self, request, model_admin):
        return [("yes", _("有效")), ("no", _("作废或已更正"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(is_void=self.value() == "no")
        return queryset


class OpinionAdmin(OfficeAdmin):
    form = OpinionForm
    place_field = "place_id"
    campaign_field = "campaign"
    list_display = ["number", "words", "nature", "source", "village", "heard_at", "collector", "validity"]
    list_select_related = ["place__parent", "collector", "campaign"]
    list_filter = [
        CampaignFilter, AreaFilter.on("place_id"), "nature", "source", ValidFilter, ("heard_at", DateRangeFilter),
    ]  # fmt: skip
    search_fields = ["number", "words_verbatim"]
    search_help_text = _("按诉求编号或原话中的字句查找")
    autocomplete_fields = ["place", "entry", "visit", "collector", "corrects"]
    verbs = (
        Verb(
            "void",
            pgettext_lazy("verb", "作废"),
            office_services.void_opinion,
            permissions.can_void_opinion,
            ReasonForm,
            _("原话一字不动地保留，只是不再计入统计。"),
            is_grave=True,
        ),
    )
    inlines = [MarkInline]
    add_fieldsets = [
        (None, {"fields": ["campaign", "number", "nature", "source", "words_verbatim", "heard_at", "place"]}),
        (_("从哪里听到（可不填）"), {"fields": ["entry", "visit", "collector"]}),
        (_("更正以前的记录（可不填）"), {"fields": ["corrects", "correction_reason"]}),
    ]
    fieldsets = [
        (None, {"fields": ["number", "words_verbatim", "nature", "source", "heard_at", "place", "campaign"]}),
        (_("来历"), {"fields": ["entry", "visit", "collector", "corrects", "created_at"]}),
    ]

    def get_queryset(self, request):
        void = OpinionMark.objects.filter(opinion=OuterRef("pk"), kind=OpinionMark.Kind.VOID)
        return super().get_queryset(request).annotate(is_void=Exists(void)).prefetch_related("marks")

    def choices_for(self, request, codes):
        return super().choices_for(request, codes).filter(is_void=False)

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_tools(self, request, obj):
        """A correction is a new row that begins with what the old one says."""
        if request.user.has_perm("visits.add_opinion") and permissions.can_void_opinion(request.user, obj):
            return [(_("更正"), f"{reverse('admin:visits_opinion_add')}?corrects={obj.pk}")]
        return []

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        former = self.get_object(request, initial.get("corrects") or "")
        if former is None:
            return initial
        kept = (
            "campaign",
            "nature",
            "source",
            "words_verbatim",
            "heard_at",
            "place",
            "entry",
            "visit",
            "collector",
        )
        return initial | {name: getattr(former, name) for name in kept}

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def has_change_permission(self, request, obj=None):
        """The words' row never changes, whoever asks."""
        return False

    def save_model(self, request, obj, form, change):
        office_services.add_opinion(obj, by=request.user, reason=form.cleaned_data["correction_reason"])

    def choice_label(self, obj):
        return f"{obj.number} {obj.words_verbatim[:24]}"

    @admin.display(description=_("原话"))
    def words(self, obj):
        return obj.words_verbatim if len(obj.words_verbatim) <= 60 else f"{obj.words_verbatim[:60]}…"

    @admin.display(description=_("村（社区）"), ordering="place_id")
    def village(self, obj):
        return obj.place.village_name

    @admin.display(description=_("有效"), ordering="is_void")
    def validity(self, obj):
        return state_label(_("作废或已更正"), "late") if obj.is_void else state_label(_("有效"))
