"""The register of households, enterprises and schools. visits.admin registers it, with each one's last visit."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.admin import OfficeAdmin, ReadOnlyInline

from .. import services
from ..admin_filters import AreaFilter
from ..models import RegisterPeriod
from ..permissions import can_see_holder


class EntryForm(forms.ModelForm):
    """Grid and state hold from a day on; what held before stays on record."""

    effective_on = forms.DateField(
        label=_("自何日起"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("网格或状态从这一天起这样算；以前的情况保留在下面的登记变动里。"),
    )
    drop_name = forms.BooleanField(label=_("删去户名"), required=False)

    def __init__(self, *args, **kwargs):
        """A person's name is no more handed out here than elsewhere: it is replaced, or seen for a reason on record."""
        super().__init__(*args, **kwargs)
        self.keeps_name = bool(self.instance.pk) and self.instance.has_personal_name
        if not self.keeps_name:
            self.fields.pop("drop_name", None)
        elif "holder_name" in self.fields:
            self.initial["holder_name"] = ""
            self.fields["holder_name"].help_text = (
                _("现在是 %s，不改就留空。要看全名，点上面的“看户名”。") % self.instance.shown_name
            )

    def clean_holder_name(self):
        typed = self.cleaned_data["holder_name"]
        if typed and self.data.get("drop_name"):
            raise forms.ValidationError(_("要么填新的户名，要么勾“删去户名”。"))
        keeps = self.keeps_name and not self.data.get("drop_name")
        return typed or (self.instance.holder_name if keeps else "")

    def clean_effective_on(self):
        day = self.cleaned_data["effective_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("不能填将来的日期。"))
        return day

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("effective_on")
        moves = {"grid", "state"} & set(self.changed_data)
        if self.instance.pk and moves and day:
            first = self.instance.periods.order_by("-from_on").values_list("from_on", flat=True).first()
            if first and day < first:
                self.add_error(
                    "effective_on",
                    forms.ValidationError(
                        _("现在的登记自 %(day)s 起有效，请填这一天或以后的日期。"), params={"day": first}
                    ),
                )
        return cleaned


class PeriodInline(ReadOnlyInline):
    model = RegisterPeriod
    fields = ["grid", "state", "from_on", "to_on"]
    verbose_name_plural = pgettext_lazy("plural", "登记变动")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("grid")


class RegisterEntryAdmin(OfficeAdmin):
    form = EntryForm
    place_field = "grid_id"
    list_display = ["number", "address", "kind", "village", "grid", "holder_masked", "state", "from_on"]
    list_select_related = ["grid__parent"]
    list_filter = ["kind", "state", AreaFilter.on("grid_id")]
    search_fields = ["number", "address"]
    search_help_text = _("按对象编号或门牌地址查找")
    autocomplete_fields = ["grid"]
    fieldsets = [
        (None, {"fields": ["number", "kind", "address", "holder_name"]}),
        (_("所在网格和状态"), {"fields": ["grid", "state", "effective_on"]}),
    ]
    masked = {"holder_name": "holder_masked"}
    inlines = [PeriodInline]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            drops = ["drop_name"] if obj is not None and obj.has_personal_name else []
            return [(None, {"fields": ["number", "kind", "address", "holder_name", *drops]}), fieldsets[1]]
        return [fieldsets[0], (fieldsets[1][0], {"fields": ["grid", "state", "from_on"]})]

    def get_tools(self, request, obj):
        tools = super().get_tools(request, obj)
        if obj.has_personal_name and can_see_holder(request.user, obj):
            tools.append((_("看户名"), reverse("grids:holder_show", args=[obj.pk])))
        return tools

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["number"] if obj else [])]

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def save_model(self, request, obj, form, change):
        day = form.cleaned_data["effective_on"]
        if not change:
            services.add_entry(obj, from_on=day)
            return
        plain = [name for name in form.changed_data if name in ("kind", "address", "holder_name")]
        if form.cleaned_data.get("drop_name"):
            plain.append("holder_name")
        if plain:
            obj.save(update_fields=plain)
        if {"grid", "state"} & set(form.changed_data):
            services.place_entry(obj, grid=obj.grid, state=obj.state, from_on=day)

    def choice_label(self, obj):
        return f"{obj.address}（{obj.number}）"

    @admin.display(description=_("户名"))
    def holder_masked(self, obj):
        return obj.shown_name or "—"

    @admin.display(description=_("村（社区）"), ordering="grid_id")
    def village(self, obj):
        return obj.grid.parent.name
