"""Good deeds at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin_filters import CampaignFilter
from canvass.admin_filters import DateRangeFilter
from grids.admin_filters import AreaFilter
from visits.admin.records import RecordAdmin, VoidFilter

from ..models import Deed


@admin.register(Deed)
class DeedAdmin(RecordAdmin):
    list_display = [
        "number", "done_on", "what", "kind", "village", "households_helped", "amount", "issue_number", "validity",
    ]  # fmt: skip
    list_select_related = ["place__parent", "campaign", "issue", "voided_by"]
    list_filter = [
        CampaignFilter, AreaFilter.on("place_id"), "kind", VoidFilter, ("done_on", DateRangeFilter),
    ]  # fmt: skip
    search_fields = ["number", "content", "donor"]
    search_help_text = _("按编号、内容或捐赠方查找")
    autocomplete_fields = ["place", "issue"]
    fields = [
        "campaign", "number", "done_on", "content", "place", "kind", "amount", "households_helped", "donor", "issue",
    ]  # fmt: skip

    def get_fields(self, request, obj=None):
        """Who only looks reads the number of the issue, and nothing of one that has become restricted."""
        names = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return names
        return ["issue_number" if name == "issue" else name for name in names]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "issue_number"]

    @admin.display(description=_("内容"))
    def what(self, obj):
        return obj.content if len(obj.content) <= 40 else f"{obj.content[:40]}…"

    @admin.display(description=_("问题"))
    def issue_number(self, obj):
        return obj.issue.number if obj.issue and not obj.issue.is_restricted else "—"
