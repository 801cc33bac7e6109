"""Rows for tests, valid as they stand: every function takes keyword overrides.

place("330411105201")                  # with every place above it
visit(entry=household(), started_at=at("2018-09-03 19:30"), by=[cadre()])
"""

from datetime import date, datetime
from itertools import count

from django.utils import timezone

from campaigns.enums import CampaignState
from campaigns.models import Campaign, Team, TeamMember, TeamPlace
from campaigns.services import create_campaign
from canvass.places import parent_code
from grids.enums import CadreCategory, DepartmentLevel, GridKind, RegisterKind
from grids.models import Cadre, Department, Place, Posting, RegisterEntry, User
from grids.services import add_entry
from issues.enums import IssueLevel, IssueState
from issues.models import Category, Deed, Issue, IssueStep
from visits.enums import GatheringKind, MaterialKind, OpinionNature, OpinionSource, Outcome
from visits.models import Gathering, Handout, Opinion, OpinionMark, StayLog, Visit, VisitCadre

from .workbooks import GRID_A1, TOWN, VILLAGE_A

FIRST_DAY = date(2018, 7, 1)
_numbers = count(1)
_NAMES = {"33": "浙江省", "3304": "嘉兴市", "330411": "秀洲区", TOWN: "王店镇", VILLAGE_A: "花溪社区"}
_KINDS = {"0": GridKind.GENERAL, "1": GridKind.DEDICATED, "2": GridKind.MICRO}


def number(prefix="N"):
    """A text that no other row of the test run has."""
    return f"{prefix}{next(_numbers):06d}"


def at(text):
    """A moment in Shanghai: at("2018-09-03 19:30") or at("2018-09-03")."""
    return timezone.make_aware(datetime.fromisoformat(text))


def place(code=GRID_A1, **fields):
    """The place of a code, with every place above it."""
    above = parent_code(code)
    if above:
        place(above)
    kind = _KINDS[code[12]] if len(code) == 16 else ""
    defaults = {"name": _NAMES.get(code, f"地方{code}"), "parent_id": above or None, "kind": kind, **fields}
    return Place.objects.get_or_create(code=code, defaults=defaults)[0]


def department(name="镇环保所", **fields):
    return Department.objects.get_or_create(name=name, defaults={"level": DepartmentLevel.TOWN, **fields})[0]


def user(username=None, **fields):
    return User.objects.create_user(username or number("user"), **fields)


def cadre(name="李一", **fields):
    """Somebody on the roster. `user=True` gives a sign-in too."""
    if fields.get("user") is True:
        fields["user"] = user()
    fields.setdefault("category", CadreCategory.FULL_TIME_GRID_WORKER)
    return Cadre.objects.create(staff_number=fields.pop("staff_number", number("W")), name=name, **fields)


def posting(cadre, role, code="", **fields):
    """A duty at a place (`code`) or in a department (`department=`)."""
    fields.setdefault("from_on", FIRST_DAY)
    return Posting.objects.create(cadre=cadre, role=role, place=place(code) if code else None, **fields)


def campaign(code="wangdian-2018", area=TOWN, **fields):
    """A running campaign with its outcomes."""
    place(area)
    values = {
        "name": "王店镇大走访",
        "first_on": FIRST_DAY,
        "last_on": date(2018, 9, 30),
        "state": CampaignState.RUNNING,
        **fields,
    }
    return create_campaign(Campaign(code=code, area_id=area, **values))


def team(campaign, *members, code=VILLAGE_A, **fields):
    """A team of a campaign with a place and members."""
    made = Team.objects.create(campaign=campaign, **{"name": number("队"), "kind": "visiting", **fields})
    TeamPlace.objects.create(team=made, place=place(code))
    for member in members:
        TeamMember.objects.create(team=made, cadre=member, from_on=FIRST_DAY)
    return made


def household(grid=GRID_A1, from_on=FIRST_DAY, **fields):
    """An entry of the register with its first period; a household unless `kind` says otherwise."""
    place(grid)
    values = {"number": number("H"), "address": "花溪路1号", "kind": RegisterKind.HOUSEHOLD, **fields}
    return add_entry(RegisterEntry(grid_id=grid, **values), from_on=from_on)


def visit(campaign, entry, by=(), **fields):
    """A visit that met somebody, by some cadres; `grid` is the entry's of today."""
    values = {
        "number": number("V"),
        "grid_id": entry.grid_id,
        "started_at": at("2018-09-03 19:30"),
        "outcome": Outcome.MET,
        "people_met": 1,
        **fields,
    }
    made = Visit.objects.create(campaign=campaign, entry=entry, **values)
    for one in by:
        VisitCadre.objects.create(
            visit=made,
            cadre=one,
            name=one.name,
            category=one.category,
            department=one.department,
            department_name=one.department.name if one.department else "",
        )
    return made


def gathering(campaign, code=VILLAGE_A, **fields):
    values = {
        "number": number("G"),
        "kind": GatheringKind.EVENING_TALK,
        "held_on": date(2018, 8, 1),
        "attendance": 60,
        **fields,
    }
    return Gathering.objects.create(campaign=campaign, place=place(code), **values)


def handout(campaign, code=VILLAGE_A, **fields):
    values = {
        "number": number("M"),
        "kind": MaterialKind.BOOKLET,
        "given_on": date(2018, 8, 1),
        "copies": 10,
        **fields,
    }
    return Handout.objects.create(campaign=campaign, place=place(code), **values)


def stay_log(campaign, author, code=GRID_A1, **fields):
    """Two days and one night, by a cadre."""
    values = {
        "number": number("S"),
        "from_on": date(2018, 8, 1),
        "to_on": date(2018, 8, 2),
        "text": "帮着收稻子",
        "name": author.name,
        "category": author.category,
        "created_by": author.user,
        **fields,
    }
    return StayLog.objects.create(campaign=campaign, place=place(code), cadre=author, **values)


def opinion(campaign, code=GRID_A1, *, restricted=False, **fields):
    """Words of a resident; a misconduct report is marked as restricted."""
    values = {
        "number": number("O"),
        "nature": OpinionNature.PROBLEM,
        "source": OpinionSource.VISIT,
        "heard_at": at("2018-09-03 19:40"),
        "words_verbatim": "一下雨门口就积水",
        **fields,
    }
    made = Opinion.objects.create(campaign=campaign, place=place(code), **values)
    if restricted:
        OpinionMark.objects.create(opinion=made, kind=OpinionMark.Kind.RESTRICTED)
    return made


def issue(campaign, code=GRID_A1, *, state=IssueState.ACCEPTED, **fields):
    """An issue in a state since its registration, with one step that says so."""
    registered = fields.setdefault("registered_at", at("2018-09-04 08:30"))
    values = {
        "number": number("I"),
        "title": "花溪路积水",
        "category": Category.objects.get(code=fields.pop("category_code", "01")),
        "level": IssueLevel.TOWN,
        "state": state,
        "state_since": registered,
        **fields,
    }
    made = Issue.objects.create(campaign=campaign, place=place(code), **values)
    IssueStep.objects.create(
        issue=made, move="imported", to_state=state, at=made.state_since, outcome=made.outcome
    )
    return made


def assigned(department, *, day="2018-09-04", due="2018-09-14"):
    """What an issue needs from "assigned" on: issue(campaign, state=…, **assigned(department()))."""
    moment = at(f"{day} 10:00")
    return {
        "lead_department": department,
        "assigned_at": moment,
        "first_assigned_at": moment,
        "due_at": at(f"{due} 23:59:59"),
    }


def deed(campaign, code=GRID_A1, **fields):
    values = {
        "number": number("D"),
        "done_on": date(2018, 9, 12),
        "content": "疏通下水道",
        "amount": 800,
        "households_helped": 2,
        **fields,
    }
    return Deed.objects.create(campaign=campaign, place=place(code), **values)
