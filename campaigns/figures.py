"""Figures of teams."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from canvass.figures import Rows, Several, distinct, figure

from .models import TeamMember


def teams_on(day, memberships, campaign):
    """The campaign's teams that somebody was in on a day; `memberships` is the way from a row to them."""
    held = Q(**{f"{memberships}__team__campaign": campaign, f"{memberships}__from_on__lte": day})
    not_over = Q(**{f"{memberships}__to_on__isnull": True}) | Q(**{f"{memberships}__to_on__gte": day})
    return Several(f"{memberships}__team__name", held & not_over)


def member_rows(scope):
    """Memberships of the campaign's teams that hold at the cut-off."""
    members = TeamMember.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=scope.day), team__campaign=scope.campaign, from_on__lte=scope.day
    )
    return Rows(
        members,
        place="team__places__place_id",
        department="cadre__department__name",
        team="team__name",
        cadre_category="cadre__category",
    )


@figure(_("走访队伍"), _("支"), "as_of", _("截止时点至少有一名队员的队伍。"))
def teams(scope):
    return distinct(member_rows(scope), "team_id")


@figure(_("队伍人数"), _("名"), "as_of", _("这些队伍的队员，同一人只计一次。"))
def team_members(scope):
    return distinct(member_rows(scope), "cadre_id")
