"""The people of a workbook: what is stored about them, and how their postings and teams become what it states."""

from collections import defaultdict
from datetime import timedelta

from canvass import bulk
from canvass.roles import Role
from canvass.sealed import blind_index
from grids.importers import department_ids
from grids.models import Cadre, Posting

from .models import TeamMember

UNIT_ROLES = (Role.UNIT_CLERK.value, Role.UNIT_HEAD.value)


class Roster:
    """The stored cadres among some staff numbers, with their open postings and their teams of the campaign."""

    def __init__(self, load, numbers):
        self.load = load
        cadres = Cadre.objects.filter(staff_number__in=numbers).select_related("department")
        self.cadres = {cadre.staff_number: cadre for cadre in cadres}
        ids = [cadre.pk for cadre in self.cadres.values()]
        self.postings, self.ended = defaultdict(list), set()
        for posting in Posting.objects.filter(cadre__in=ids).select_related("department"):
            if posting.to_on is None:
                self.postings[posting.cadre_id, posting.role].append(posting)
            else:
                self.ended.add((posting.cadre_id, posting.role, posting.place_id))
        self.members = self._members(ids)

    def _members(self, ids):
        members = defaultdict(list)
        campaign = self.load.campaign
        if campaign is not None and campaign.pk:
            found = TeamMember.objects.filter(team__campaign=campaign, cadre__in=ids, to_on__isnull=True)
            for member in found.select_related("team"):
                members[member.cadre_id].append(member)
        return members

    def concerned(self, cadre, values):
        """Open postings of a role that the stated places confirm or replace: those in the campaign's area."""
        return [
            posting
            for posting in self.postings[cadre.pk, values["role"]]
            if posting.place_id
            and (posting.place_id.startswith(self.load.area) or posting.place_id in values["places"])
        ]

    def is_late(self, posting):
        """Whether a stated posting has to be extended back to the campaign's first day."""
        earlier = (posting.cadre_id, posting.role, posting.place_id) in self.ended
        return self.load.first_on is not None and posting.from_on > self.load.first_on and not earlier

    def values(self, cadre, values):
        """What is stored of a person's row, by column key."""
        postings = self.concerned(cadre, values)
        late = [p.from_on for p in postings if p.place_id in values["places"] and self.is_late(p)]
        return {
            "staff_number": cadre.staff_number,
            "name": cadre.name,
            "category": cadre.category,
            "role": values["role"],
            "places": tuple(posting.place_id for posting in postings),
            "department": cadre.department.name if cadre.department_id else "",
            "phone": cadre.phone,
            "teams": tuple(member.team.name for member in self.members[cadre.pk]),
            "posted": {posting.department.name for posting in postings if posting.department_id},
            "begins": min(late) if late else None,
        }


def write_people(load, rows):
    """Make cadres, postings and memberships what the rows state. All rows of a person are among them."""
    people = {row["staff_number"]: row for row in rows}
    departments = department_ids({row["department"] for row in rows if row.get("department")})
    roster = Roster(load, people)
    ids = _write_cadres(people, roster, departments)
    _write_postings(load, rows, roster, ids, departments)
    _write_members(load, people, roster, ids)


def _write_cadres(people, roster, departments):
    """{staff number: primary key} of all of them, new and known."""
    ids = {number: cadre.pk for number, cadre in roster.cadres.items()}
    new = [row for number, row in people.items() if number not in ids]
    fresh = bulk.insert(
        Cadre,
        ["staff_number", "name", "category", "department_id", "phone", "phone_index"],
        [
            (
                row["staff_number"],
                row["name"],
                row["category"],
                departments.get(row.get("department")),
                row.get("phone", ""),
                blind_index(row.get("phone", "")),
            )
            for row in new
        ],
    )
    for number, cadre in roster.cadres.items():
        row = people[number]
        cadre.name, cadre.category = row["name"], row["category"]
        cadre.phone = row.get("phone", cadre.phone)
        cadre.department_id = departments.get(row.get("department"), cadre.department_id)
    columns = ["name", "category", "phone", "phone_index", "department"]
    bulk.update(roster.cadres.values(), columns)
    return ids | dict(zip((row["staff_number"] for row in new), fresh, strict=True))


def _last_day(load, from_on):
    """A duty that the workbook drops ended yesterday, or on its first day."""
    return max(load.today - timedelta(days=1), from_on)


def _write_postings(load, rows, roster, ids, departments):
    changed, fresh = [], []
    for row in rows:
        department = departments[row["department"]] if row["role"] in UNIT_ROLES else None
        missing = set(row["places"])
        cadre = roster.cadres.get(row["staff_number"])
        for posting in roster.concerned(cadre, row) if cadre else ():
            if posting.place_id in missing and posting.department_id == department:
                missing.discard(posting.place_id)
                if roster.is_late(posting):
                    posting.from_on = load.first_on
                    changed.append(posting)
            else:
                posting.to_on = _last_day(load, posting.from_on)
                changed.append(posting)
        pk = ids[row["staff_number"]]
        fresh += [
            (pk, row["role"], code, department, load.first_on) for code in row["places"] if code in missing
        ]
    bulk.update(changed, ["from_on", "to_on"])
    bulk.insert(Posting, ["cadre_id", "role", "place_id", "department_id", "from_on"], fresh)


def _write_members(load, people, roster, ids):
    teams = dict(load.campaign.teams.values_list("name", "pk"))
    changed, fresh = [], []
    for number, row in people.items():
        if not row.get("teams"):
            continue
        missing = {teams[name] for name in row["teams"]}
        for member in roster.members[ids[number]]:
            if member.team_id in missing:
                missing.discard(member.team_id)
            else:
                member.to_on = _last_day(load, member.from_on)
                changed.append(member)
        fresh += [(team, ids[number], load.first_on) for team in sorted(missing)]
    bulk.update(changed, ["to_on"])
    bulk.insert(TeamMember, ["team_id", "cadre_id", "from_on"], fresh)
