"""Gatherings and handouts: entered by the office while the campaign runs, voided with a reason."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.admin_filters import CampaignFilter
from canvass.admin import OfficeAdmin, OfficeInline
from canvass.admin_filters import DateRangeFilter
from canvass.admin_verbs import ReasonForm, Verb
from grids.admin_filters import AreaFilter
from grids.models import Cadre

from .. import office_services, permissions
from ..models import Gathering, GatheringSpeaker, Handout, StayLog
from ..snapshots import role_on, snapshot
from .visits import account_name, state_label

VOID = Verb(
    "void",
    pgettext_lazy("verb", "作废"),
    office_services.void_record,
    permissions.can_void_record,
    ReasonForm,
    _("作废后不再计入任何统计，但仍留在列表里，可以看到原因。"),
    is_grave=True,
)


class VoidFilter(admin.SimpleListFilter):
    """Void rows stay visible; one may hide them or look at them alone."""

    title = _("是否有效")
    parameter_name = "valid"

    def lookups(self, request, model_admin):
        return [("yes", _("有效")), ("no", _("作废"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(voided_at__isnull=self.value() == "yes")
        return queryset


class RecordForm(forms.ModelForm):
    number = forms.CharField(label=_("编号"), max_length=64, required=False, help_text=_("不填则自动编号。"))


class RecordAdmin(OfficeAdmin):
    """What gatherings, handouts, stay logs and deeds share at the desk."""

    form = RecordForm
    place_field = "place_id"
    campaign_field = "campaign"
    verbs = (VOID,)
    void_fields = ("voided_at", "voided_by_name", "void_reason")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.is_void:
            return fieldsets
        return [*fieldsets, (_("作废"), {"fields": self.void_fields})]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["campaign", "number"] if obj else []
        return [*super().get_readonly_fields(request, obj), *self.void_fields, *fixed]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_void)

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            office_services.add_record(obj, by=request.user, prefix=obj.prefix)

    @admin.display(description=_("村（社区）"), ordering="place_id")
    def village(self, obj):
        return obj.place.village_name

    @admin.display(description=_("有效"), ordering="voided_at")
    def validity(self, obj):
        return state_label(_("作废"), "late") if obj.is_void else state_label(_("有效"))

    @admin.display(description=_("作废人"))
    def voided_by_name(self, obj):
        return account_name(obj.voided_by)


class SpeakerInline(OfficeInline):
    model = GatheringSpeaker
    fields = ["cadre", "name", "department_name"]
    readonly_fields = ["name", "department_name"]
    autocomplete_fields = ["cadre"]
    extra = 1
    verbose_name_plural = _("主讲人（当日）")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cadre")


@admin.register(Gathering)
class GatheringAdmin(RecordAdmin):
    list_display = [
        "number", "held_on", "kind", "topic", "village", "venue", "speaker_level", "attendance", "validity",
    ]  # fmt: skip
    list_select_related = ["place__parent", "campaign"]
    list_filter = [
        CampaignFilter, AreaFilter.on("place_id"), "kind", "speaker_level", VoidFilter, ("held_on", DateRangeFilter),
    ]  # fmt: skip
    search_fields = ["number", "topic", "venue", "speakers__name"]
    search_help_text = _("按编号、主题、场所或主讲人查找")
    autocomplete_fields = ["place"]
    inlines = [SpeakerInline]
    fields = [
        "campaign", "number", "kind", "held_on", "place", "venue", "topic", "speaker_level", "attendance",
    ]  # fmt: skip

    def save_formset(self, request, form, formset, change):
        """A new speaker is kept with name, department and role as of the day of the gathering."""
        gathering = form.instance
        for row in formset.save(commit=False):
            cadre = Cadre.objects.select_related("department").get(pk=row.cadre_id)
            role = role_on(cadre.postings.all(), gathering.held_on, gathering.place_id)
            made = snapshot(GatheringSpeaker, cadre, role=role, gathering=gathering)
            made.pk = row.pk
            made.save()


@admin.register(Handout)
class HandoutAdmin(RecordAdmin):
    list_display = ["number", "given_on", "kind", "copies", "village", "visit", "validity"]
    list_select_related = ["place__parent", "campaign", "visit"]
    list_filter = [
        CampaignFilter, AreaFilter.on("place_id"), "kind", VoidFilter, ("given_on", DateRangeFilter),
    ]  # fmt: skip
    search_fields = ["number", "visit__number"]
    search_help_text = _("按发放编号或走访编号查找")
    autocomplete_fields = ["place", "visit"]
    fields = ["campaign", "number", "kind", "given_on", "copies", "place", "visit"]


@admin.register(StayLog)
class StayLogAdmin(RecordAdmin):
    """To read, to filter, to void. Whoever stayed writes it, and nobody in his or her place."""

    list_display = ["number", "from_on", "to_on", "name", "department_name", "village", "entry", "validity"]
    list_select_related = ["place__parent", "campaign", "entry", "voided_by"]
    list_filter = [CampaignFilter, AreaFilter.on("place_id"), VoidFilter, ("to_on", DateRangeFilter)]
    search_fields = ["number", "name", "text"]
    search_help_text = _("按编号、作者或内容查找")
    fields = [
        "campaign", "number", "from_on", "to_on", "place", "entry", "name", "department_name", "role", "text",
    ]  # fmt: skip

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
