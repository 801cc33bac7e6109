"""The campaign filter of every list of records."""

from django.utils.translation import gettext_lazy as _

from canvass.admin_filters import ListedFilter

from .models import Campaign


class CampaignFilter(ListedFilter):
    """Shown where there is a choice: with one campaign there is nothing to filter."""

    title = _("活动")
    parameter_name = "campaign"

    def lookups(self, request, model_admin):
        campaigns = Campaign.objects.visible_to(request.user).values_list("pk", "name")
        return [(str(pk), name) for pk, name in campaigns] if len(campaigns) > 1 else []

    def queryset(self, request, queryset):
        return queryset.filter(campaign=self.value()) if self.value() else queryset
