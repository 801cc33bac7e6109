"""Areas and grids. A code is given once; the place above follows from it."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from canvass import places
from canvass.admin import OfficeAdmin

from ..admin_filters import AreaFilter
from ..enums import RegisterState
from ..models import Area, Grid, Place
from ..permissions import handing_codes


class PlaceForm(forms.ModelForm):
    """Says in words what the database would refuse about a code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].required = True

    def clean_code(self):
        code = self.cleaned_data["code"]
        above = places.parent_code(code)
        if not (code.isascii() and code.isdigit()) or len(code) not in self.lengths:
            raise forms.ValidationError(self.wrong_length)
        if above and not Place.objects.filter(code=above).exists():
            raise forms.ValidationError(
                _("上级代码 %(above)s 还没有登记，请先登记上级。"), params={"above": above}
            )
        if not self.request.user.is_superuser and not places.is_inside(code, *self.codes):
            raise forms.ValidationError(_("这个代码不在您负责的区划内。"))
        return code


class AreaForm(PlaceForm):
    lengths = (places.PROVINCE, places.CITY, places.COUNTY, places.TOWN, places.VILLAGE)
    wrong_length = _("区划代码为 2、4、6、9 或 12 位数字。")


class GridForm(PlaceForm):
    lengths = (places.GRID,)
    wrong_length = _("网格编码为 16 位数字：村（社区）代码 12 位、类型 1 位、序号 3 位。")


class PlacesAdmin(OfficeAdmin):
    place_field = "code"
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    search_help_text = _("按代码或名称查找")

    def get_readonly_fields(self, request, obj=None):
        return ["parent", *(["code"] if obj else []), *super().get_readonly_fields(request, obj)]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.codes = self.writable_codes(request)
        return form

    def get_tools(self, request, obj):
        if not request.user.is_superuser and not places.is_inside(obj.code, *handing_codes(request.user)):
            return []
        return [(_("给没有登录的人员发二维码"), f"{reverse('grids:sign_in_sheet')}?place={obj.code}")]

    def choice_label(self, obj):
        return f"{obj.code} {obj.name}"

    @admin.display(description=_("上级"), ordering="parent_id")
    def above(self, obj):
        return obj.parent.name if obj.parent_id else "—"


@admin.register(Place)
class PlaceAdmin(PlacesAdmin):
    """Areas and grids together, only to choose from; they are kept on their own pages."""

    list_display = ["code", "name", "above"]
    fields = ["code", "name", "parent"]

    def get_model_perms(self, request):
        return {}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def writable_codes(self, request):
        return []

    def choice_label(self, obj):
        """The village's name before the grid's: grids are called the same everywhere."""
        above = f"{obj.parent.name} " if obj.is_grid and obj.parent_id else ""
        return f"{above}{obj.name}（{obj.code}）"


@admin.register(Area)
class AreaAdmin(PlacesAdmin):
    form = AreaForm
    list_display = ["code", "name", "above", "urban_rural", "to_on"]
    list_filter = [AreaFilter.on("code")]
    fields = ["code", "name", "parent", "urban_rural", "from_on", "to_on"]


@admin.register(Grid)
class GridAdmin(PlacesAdmin):
    form = GridForm
    list_display = ["code", "name", "above", "kind", "entries_here", "to_on"]
    list_filter = ["kind", AreaFilter.on("code")]
    fields = ["code", "name", "kind", "parent", "from_on", "to_on"]

    def get_queryset(self, request):
        standing = Q(entries__state__in=[RegisterState.ACTIVE, RegisterState.VACANT])
        rows = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "grids_grid_changelist":
            return rows.annotate(entry_count=Count("entries", filter=standing))
        return rows

    def get_list_display(self, request):
        """Who keeps places without reading the register sees how many, and no way to a page that is shut."""
        if request.user.has_perm("grids.view_registerentry"):
            return self.list_display
        return ["number_here" if name == "entries_here" else name for name in self.list_display]

    @admin.display(description=_("走访对象（户）"), ordering="entry_count")
    def number_here(self, obj):
        return obj.entry_count

    @admin.display(description=_("走访对象（户）"), ordering="entry_count")
    def entries_here(self, obj):
        address = reverse("admin:grids_registerentry_changelist")
        return format_html('<a href="{}?area={}">{}</a>', address, obj.code, obj.entry_count)

    def choice_label(self, obj):
        return f"{obj.parent.name} {obj.name}（{obj.code}）"
