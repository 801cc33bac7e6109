"""Figures of places and people."""

from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass.figures import Grouped, Rows, count, distinct, figure
from canvass.roles import VISITING

from .enums import CadreCategory
from .models import Grid, Posting


def grid_rows(scope):
    """Active grids of the campaign's area at the cut-off."""
    grids = Grid.objects.inside(scope.campaign.area_id).active_on(scope.day)
    return Rows(grids.annotate(village=Substr("code", 1, 12)), place="code")


def posting_rows(scope):
    """Postings as visitor or grid leader in the campaign's area at the cut-off."""
    postings = Posting.objects.inside(scope.campaign.area_id).active_on(scope.day).filter(role__in=VISITING)
    return Rows(
        postings,
        place="place_id",
        department="cadre__department__name",
        cadre_category="cadre__category",
    )


@figure(_("网格数"), pgettext_lazy("grids", "个"), "as_of", _("截止时点活动范围内在用的网格。"))
def grids(scope):
    return count(grid_rows(scope))


@figure(
    _("村(社区)数"),
    pgettext_lazy("villages", "个"),
    "as_of",
    _("上述网格所属的不同村（社区）代码（12 位）。"),
)
def areas_with_grids(scope):
    return distinct(grid_rows(scope), "village")


@figure(_("走访力量"), _("名"), "as_of", _("截止时点在活动范围内任走访人员或网格长的人员，同一人只计一次。"))
def cadres(scope):
    return distinct(posting_rows(scope), "cadre_id")


@figure(_("人员构成"), _("名"), "as_of", _("走访力量按人员类别分组，各类之和等于走访力量。"))
def cadres_by_category(scope):
    return Grouped(cadres.function(scope), "cadre__category", CadreCategory)
