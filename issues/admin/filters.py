"""The filters of the issue list."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from canvass.admin_filters import ListedFilter
from grids.models import Department

from ..enums import Lateness, SupervisionColour
from ..models import Category, Issue, SupervisionSlip


class LatenessFilter(ListedFilter):
    title = _("期限")
    parameter_name = "lateness"

    def lookups(self, request, model_admin):
        return Lateness.choices

    def queryset(self, request, queryset):
        return queryset.with_lateness().filter(lateness=self.value()) if self.value() else queryset


class SlipFilter(ListedFilter):
    """By the slip that stands."""

    title = _("督办")
    parameter_name = "slip"

    def lookups(self, request, model_admin):
        return [("none", _("没有督办")), *((one.value, _colour(one)) for one in SupervisionColour)]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        standing = SupervisionSlip.objects.visible_to(request.user).open()
        if self.value() == "none":
            return queryset.exclude(pk__in=standing.values("issue"))
        return queryset.filter(pk__in=standing.filter(colour=self.value()).values("issue"))


def _colour(colour):
    return _("%(colour)s色督办") % {"colour": colour.label}


class CategoryFilter(ListedFilter):
    """By the first level: the second has too many to choose from."""

    title = _("类别")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        return [(row.code, f"{row.code} {row}") for row in Category.objects.filter(parent=None)]

    def queryset(self, request, queryset):
        return queryset.filter(category__code__startswith=self.value()) if self.value() else queryset


class LeadFilter(ListedFilter):
    """Departments that have an issue to handle."""

    title = _("主办单位")
    parameter_name = "lead"

    def lookups(self, request, model_admin):
        leads = Department.objects.filter(Exists(Issue.objects.filter(lead_department=OuterRef("pk"))))
        return [(str(pk), name) for pk, name in leads.values_list("pk", "name")]

    def queryset(self, request, queryset):
        return queryset.filter(lead_department=self.value()) if self.value() else queryset
