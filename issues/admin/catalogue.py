"""Categories and limits of issues: office data."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from canvass.admin import OfficeAdmin

from ..models import Category, TimeLimit


class CategoryForm(forms.ModelForm):
    """The category above follows from the code."""

    def clean(self):
        cleaned = super().clean()
        code = cleaned.get("code", self.instance.code) or ""
        above = code[:2] if len(code) == 4 else None
        if above and not Category.objects.filter(code=above).exists():
            self.add_error("code", _("上级类别 %(above)s 还没有登记。") % {"above": above})
        else:
            self.instance.parent_id = above
        return cleaned


@admin.register(Category)
class CategoryAdmin(OfficeAdmin):
    form = CategoryForm
    is_common = True
    list_display = ["code", "name", "above", "external_code", "is_active"]
    list_select_related = ["parent"]
    list_filter = ["is_active"]
    search_fields = ["code", "name"]
    search_help_text = _("按类别代码或名称查找")
    fields = ["code", "name", "name_en", "external_code", "is_active"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]

    def choices_for(self, request, codes):
        return super().choices_for(request, codes).filter(is_active=True)

    def choice_label(self, obj):
        above = f"{obj.parent} · " if obj.parent_id else ""
        return f"{obj.code} {above}{obj}"

    @admin.display(description=_("上级类别"), ordering="parent_id")
    def above(self, obj):
        return str(obj.parent) if obj.parent_id else "—"


@admin.register(TimeLimit)
class TimeLimitAdmin(OfficeAdmin):
    """Templates: a change counts for clocks that begin after it."""

    is_common = True
    list_display = ["profile", "kind", "for_urgency", "amount", "unit"]
    list_filter = ["profile", "kind"]
    fields = ["profile", "kind", "urgency", "amount", "unit"]

    def get_readonly_fields(self, request, obj=None):
        kept = ["profile", "kind", "urgency"] if obj else []
        return [*super().get_readonly_fields(request, obj), *kept]

    @admin.display(description=_("紧急程度"), ordering="urgency")
    def for_urgency(self, obj):
        return obj.get_urgency_display() or _("其余各种")
