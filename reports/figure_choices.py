"""Which figures a breakdown offers, in groups, and which it begins with at each level."""

from django.utils.translation import gettext_lazy as _

from canvass.figures import CADRE_CATEGORY, CATEGORY, DEPARTMENT, GRID, TEAM, TOWN, VILLAGE

from .board import COLUMNS
from .catalogue import CATALOGUE, FIGURES

LEVEL_NAMES = {
    TOWN: _("镇街"),
    VILLAGE: _("村社"),
    GRID: _("网格"),
    DEPARTMENT: _("单位"),
    CATEGORY: _("问题类别"),
    TEAM: _("走访队伍"),
    CADRE_CATEGORY: _("人员类别"),
}

DEFAULTS = {
    **dict.fromkeys((TOWN, VILLAGE, GRID), COLUMNS),
    DEPARTMENT: (
        "cadres",
        "cadre_visits",
        "issues",
        "issues_assigned",
        "issues_open",
        "issues_resolved",
        "issues_closed",
        "resolution_rate",
        "on_time_rate",
        "issues_overdue",
    ),
    CATEGORY: (
        "issues",
        "issues_accepted",
        "issues_open",
        "issues_resolved",
        "issues_closed",
        "resolution_rate",
        "satisfaction_rate",
        "median_handling_days",
    ),
    TEAM: ("team_members", "visits", "school_visits", "cadre_visits", "people_met"),
    CADRE_CATEGORY: ("cadres", "team_members", "visits", "school_visits", "cadre_visits", "people_met"),
}

# The catalogue's order cut into groups, each named with the figure that it begins with.
_STARTS = (
    ("grids", _("网格和队伍")),
    ("departments", _("走访")),
    ("gatherings", _("宣讲、资料和意见")),
    ("issues", _("问题办理")),
    ("follow_up_rate", _("回访和时效")),
    ("suggestions", _("建议、实事和抽查")),
)


def in_order(keys):
    """The figures of some keys, in the order in which reports print them."""
    return tuple(figure for figure in CATALOGUE if figure.key in keys)


def groups():
    """[(name of the group, its figures)]: every figure is in exactly one."""
    order = list(FIGURES)
    starts = [order.index(key) for key, _name in _STARTS]
    ends = [*starts[1:], len(order)]
    return [
        (name, CATALOGUE[first:end]) for (_key, name), first, end in zip(_STARTS, starts, ends, strict=True)
    ]
