"""Figures of inspections."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from canvass.figures import Rate, Rows, count, figure
from visits.models import Visit

from .models import Inspection


@figure(_("抽查属实率"), _("%"), "own date", _("抽查时联系上的有效走访中：住户证实的 ÷ 全部。"))
def inspection_confirmed_rate(scope):
    visits = Visit.objects.filter(
        campaign=scope.campaign, started_at__gte=scope.campaign.first_at, started_at__lte=scope.as_of
    )
    # Inspections are few and visits many: each inspection looks up its own visit.
    sampled = Exists(visits.valid_at(scope.known).filter(pk=OuterRef("visit_id")))
    reached = Inspection.objects.filter(scope.days("asked_on"), sampled, is_reached=True)
    rows = Rows(reached, place="visit__grid_id")
    return Rate(count(rows.filter(is_confirmed=True)), count(rows))
