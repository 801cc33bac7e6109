"""The register's page with what this app knows about each entry: how the last visit ended."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from grids.admin.register import RegisterEntryAdmin
from grids.models import RegisterEntry

from ..enums import Outcome, VisitState
from ..models import Visit


@admin.register(RegisterEntry)
class RegisterEntryDeskAdmin(RegisterEntryAdmin):
    list_display = [*RegisterEntryAdmin.list_display[:-1], "last_visit"]

    def get_queryset(self, request):
        """One sub-query for the rows of the page; void visits do not count as the last one."""
        visits = Visit.objects.filter(entry=OuterRef("pk")).exclude(state=VisitState.VOID)
        last = visits.order_by("-started_at", "-pk")
        return (
            super()
            .get_queryset(request)
            .annotate(
                last_outcome=Subquery(last.values("outcome")[:1]),
                last_at=Subquery(last.values("started_at")[:1]),
            )
        )

    def get_tools(self, request, obj):
        if not request.user.has_perm("visits.view_visit"):
            return []
        address = reverse("admin:visits_visit_changelist")
        return [(_("看走访记录"), f"{address}?{urlencode({'q': obj.number})}")]

    @admin.display(description=_("最近走访"), ordering="last_at")
    def last_visit(self, obj):
        if not obj.last_outcome:
            return _("未走访")
        return f"{Outcome(obj.last_outcome).label} {timezone.localtime(obj.last_at):%Y-%m-%d}"
