"""The logs of loaded workbooks and of what was purged, at the office desk: looked at, never changed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin_filters import CampaignFilter
from campaigns.models import Campaign
from canvass.admin import OfficeAdmin
from canvass.admin_filters import DateRangeFilter
from visits.admin.visits import account_name

from .models import PurgeRun, WorkbookLoad
from .purging import label_of


class ReadOnly(OfficeAdmin):
    """A log."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(WorkbookLoad)
class WorkbookLoadAdmin(ReadOnly):
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

    @admin.display(description=_("导入人"))
    def who(self, obj):
        return account_name(obj.by)


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnly):
    list_display = ["at", "campaign", "what", "number"]
    list_select_related = ["campaign"]
    list_filter = [CampaignFilter, ("at", DateRangeFilter)]
    fields = ["at", "campaign", "what", "number", "run"]
    readonly_fields = ["what"]

    def scope(self, request):
        """What went of the campaigns one sees."""
        return PurgeRun.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))

    @admin.display(description=_("清除的内容"))
    def what(self, obj):
        return label_of(obj.kind)
