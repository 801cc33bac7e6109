"""The log of loaded workbooks at the office desk: looked at, never changed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin_filters import CampaignFilter
from campaigns.models import Campaign
from canvass.admin import OfficeAdmin
from canvass.admin_filters import DateRangeFilter
from visits.admin.visits import account_name

from .models import WorkbookLoad


@admin.register(WorkbookLoad)
class WorkbookLoadAdmin(OfficeAdmin):
    list_display = ["file_name", "campaign", "at", "who"]
    list_select_related = ["campaign", "by__cadre"]
    list_filter = [CampaignFilter, ("at", DateRangeFilter)]
    search_fields = ["file_name"]
    search_help_text = _("按文件名查找")
    fields = ["file_name", "campaign", "at", "who", "counts", "sha256"]
    readonly_fields = ["who"]

    def scope(self, request):
        """The loads into the campaigns one sees."""
        return WorkbookLoad.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("导入人"))
    def who(self, obj):
        return account_name(obj.by)
