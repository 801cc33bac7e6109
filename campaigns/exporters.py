"""Rows of the workbook's sheets of the campaign, its teams and its people, as {column key: stored value}."""

from django.db.models import Q
from django.utils import timezone

from canvass import places
from canvass.reading import gather
from canvass.roles import Role
from canvass.sealed import readable
from grids.exporters import chain
from grids.models import Cadre, Posting
from grids.models.people import UNIT_ROLES

from .models import TeamMember
from .sheets import CADRES


def campaign_rows(campaign):
    yield {
        "code": campaign.code,
        "name": campaign.name,
        "area": campaign.area_id,
        "first_on": campaign.first_on,
        "last_on": campaign.last_on,
        "theme": campaign.theme,
    }


def team_rows(campaign):
    """Teams with their places here and above; one whose places all lie elsewhere stands for the whole area."""
    area = campaign.area_id
    for team in campaign.teams.order_by("name").prefetch_related("places"):
        codes = sorted(place.place_id for place in team.places.all())
        here = [code for code in codes if places.is_inside(code, area) or places.is_inside(area, code)]
        yield {"name": team.name, "kind": team.kind, "places": here or [area]}


class Roster:
    """The people of a campaign: who is posted in its area or above it, who is in its teams, who took part.

    `took_part`: {cadre id: code of the place} of those who filed, spoke or collected. `handling`: ids of the
    departments that handle the campaign's issues; their people often have no place.
    """

    def __init__(self, campaign, took_part, handling, on=None, *, personal=False):
        self.campaign, self.personal = campaign, personal
        self.handling = set(handling)
        self.today = on or timezone.localdate()
        self.teams = gather(
            TeamMember.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=self.today))
            .filter(team__campaign=campaign, from_on__lte=self.today)
            .order_by("team__name")
            .values_list("cadre_id", "team__name")
        )
        self.took_part = dict.fromkeys(self.teams, campaign.area_id) | took_part
        self.postings = self._postings()

    def _postings(self):
        """{cadre id: (role, place, department, own department) of the postings here and above}."""
        area = self.campaign.area_id
        here = (
            places.inside("place_id", area)
            | Q(place_id__in=chain(area))
            | Q(place_id__isnull=True, department_id__in=self.handling)
        )
        current = (
            Posting.objects.active_on(self.today)
            .filter(here, role__in=[role.value for role in CADRES.by_key["role"].allowed])
            .order_by("role", "place_id")
            .values_list("cadre_id", "role", "place_id", "department_id", "cadre__department_id")
        )
        return gather((cadre, posting) for cadre, *posting in current)

    @property
    def departments(self):
        """Ids of the departments that the people belong to or answer for."""
        ids = {pk for rows in self.postings.values() for *_posting, pk in rows}
        ids |= {department for rows in self.postings.values() for _role, _place, department, _own in rows}
        for part in _parts(sorted(self.took_part)):
            ids |= set(Cadre.objects.filter(pk__in=part).values_list("department_id", flat=True))
        return ids - {None}

    def rows(self):
        """One row per person and role; telephone numbers only in an export that two people released."""
        everybody = sorted(set(self.postings) | set(self.took_part))
        for part in _parts(everybody):
            cadres = Cadre.objects.filter(pk__in=part).select_related("department")
            answering = self._answering(part)
            for cadre in sorted(cadres, key=lambda cadre: cadre.staff_number):
                yield from self._rows_of(cadre, answering.get(cadre.pk, ""))

    def _answering(self, cadre_ids):
        """{cadre: name of the department that it answers for}, for cadres that belong to none."""
        return dict(
            Posting.objects.active_on(self.today)
            .filter(cadre_id__in=cadre_ids, role__in=UNIT_ROLES)
            .order_by("-department_id")
            .values_list("cadre_id", "department__name")
        )

    def _rows_of(self, cadre, answering):
        shared = {
            "staff_number": cadre.staff_number,
            "name": cadre.name,
            "category": cadre.category,
            "department": cadre.department.name if cadre.department else answering,
            "teams": self.teams.get(cadre.pk, []),
        }
        if self.personal:
            shared["phone"] = readable(cadre.phone)
        roles = gather(self._duties(cadre))
        if not roles:
            # Somebody who took part and has no duty here any more. A row has to name one: reading in one
            # place is the least, and it makes nobody a visitor in the figures.
            roles = {Role.INSPECTOR.value: [self.took_part.get(cadre.pk, self.campaign.area_id)]}
        for role, codes in roles.items():
            yield shared | {"role": role, "places": sorted(set(codes))}

    def _duties(self, cadre):
        """(role, code) of the postings; one for a department other than the cadre's own cannot be told."""
        for role, place, department, own in self.postings.get(cadre.pk, ()):
            if role not in UNIT_ROLES or own is None or own == department:
                yield role, place or self.campaign.area_id


def _parts(values, size=1000):
    return [values[start : start + size] for start in range(0, len(values), size)]
