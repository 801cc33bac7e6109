"""Two towns with a campaign each, four grids, every kind of row in every grid, and somebody of every role.

Home is the first grid: there all the people are posted whose doors are tried. `next` is the other grid of the same
village, `near` another village of the same town, `far` another town with a campaign of its own.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from canvass.roles import PERMISSIONS, Role
from grids.models import User
from tests import factories
from tests.workbooks import GRID_A1, GRID_A2, GRID_B1, TOWN, VILLAGE_A

from .secrets import Marks, Person, Secret

DAY = "2018-09-05 10:00"
FAR_TOWN = "330411106"
GRIDS = {"home": GRID_A1, "next": GRID_A2, "near": GRID_B1, "far": "3304111062010001"}
# Where the people of each role are posted; departments have no place.
POSTED = {
    Role.VISITOR: GRID_A1,
    Role.GRID_LEADER: GRID_A1,
    Role.VILLAGE_OFFICE: VILLAGE_A,
    **dict.fromkeys(
        [
            Role.CAMPAIGN_OFFICE,
            Role.LEADING_GROUP,
            Role.INSPECTOR,
            Role.DISCIPLINE,
            Role.SYSTEM_ADMIN,
            Role.SECURITY_ADMIN,
            Role.AUDITOR,
        ],
        TOWN,
    ),
    Role.UNIT_CLERK: "",
    Role.UNIT_HEAD: "",
}
assert set(POSTED) == set(PERMISSIONS), "give the people of the new role a place to be posted to"


@dataclass(frozen=True)
class Row:
    """A row of the world and who may know that it exists."""

    object: object
    secret: Secret


@dataclass
class Spot:
    """One grid: its campaign, its department, the office and the visitor there, and what they left behind."""

    name: str
    grid: str
    campaign: object
    department: object
    office: object
    worker: object = None
    things: dict = field(default_factory=dict)

    @property
    def town(self):
        return self.grid[:9]

    @property
    def is_home(self):
        return self.name == "home"


class World:
    def __init__(self):
        self.marks = Marks()
        self.rows = {}
        self.people = []
        self.spots = {}

    # --- Planting ---

    def text(self, spot, what, rule="resident", also=frozenset(), **more):
        return self.marks.text(what, rule, getattr(spot, "grid", spot), also, **more)

    def keep(self, spot, made, rule="resident", also=frozenset(), **more):
        """Remember a row, under its model, with who may know of it."""
        secret = Secret(rule, getattr(spot, "grid", spot), type(made).__name__, also, **more)
        self.rows.setdefault(type(made), []).append(Row(made, secret))
        return made

    def of(self, model, person, *, foreign=False):
        """Rows of a model that a person may read, or may not."""
        return [row.object for row in self.rows.get(model, ()) if person.reads(row.secret) is not foreign]

    def __getitem__(self, key):
        return next(person for person in self.people if person.key == key)


def build():
    """The whole world; costs a second or two."""
    from . import furniture, paperwork

    world = World()
    _people(world)
    for name, grid in GRIDS.items():
        world.spots[name] = _spot(world, name, grid)
    for spot in world.spots.values():
        furniture.furnish(world, spot)
        paperwork.lay_down(world, spot)
    for name in ("home", "far"):
        furniture.furnish_town(world, world.spots[name])
        paperwork.lay_down_in_town(world, world.spots[name])
    return world


def _people(world):
    """Somebody of every role; a superuser and somebody without any posting; and nobody at all."""
    own = factories.department("本镇环保所")
    for role, code in POSTED.items():
        where = {"department": own} if not code else {}
        cadre = factories.cadre(f"甲{Role(role).label}", user=True, department=own if not code else None)
        factories.posting(cadre, role, code, **where)
        world.people.append(Person(str(role), cadre.user, role, code))
    superuser = User.objects.create_superuser("superuser", password="x", must_change_password=False)
    world.people.append(Person("superuser", superuser))
    world.people.append(Person("unposted", factories.user("unposted")))
    world.people.append(Person("anonymous"))


def _spot(world, name, grid):
    town = grid[:9]
    rule = {"rule": "roster", "also": {"signed in"}}
    for code in (grid[:12], grid):
        factories.place(code, name=world.text(code, "place.name", **rule))
    if name in ("home", "far"):
        campaign, office = _campaign(world, town)
    else:
        home = world.spots["home"]
        campaign, office = home.campaign, home.office
    department = factories.department("本镇环保所") if name == "home" else _department(world, grid)
    spot = Spot(name, grid, campaign, department, office)
    spot.worker = _worker(world, spot)
    return spot


def _department(world, code):
    """Departments are known by name to everybody inside, their telephones are masked."""
    return factories.department(
        world.text(code, "department.name", "roster", {"signed in"}),
        contact_name=world.text(code, "department.contact_name", "roster", {"signed in"}),
        contact_phone=world.marks.number("department.contact_phone", "staff phone", TOWN),
    )


def _campaign(world, town):
    office = factories.cadre("乙" + town, user=True)
    factories.posting(office, Role.CAMPAIGN_OFFICE, town)
    if town == TOWN:
        own = {"name": "王店镇大走访", "theme": "大走访"}
    else:
        said = {"rule": "campaign", "from_inside": True}
        own = {
            "code": world.text(town, "campaign.code", **said),
            "name": world.text(town, "campaign.name", **said),
            "theme": world.text(town, "campaign.theme", **said),
            "duty_name": world.text(town, "campaign.duty_name", **said),
            "duty_phone": world.marks.number("campaign.duty_phone", "campaign", town),
        }
    campaign = factories.campaign(own.pop("code", "wangdian-2018"), town, **own)
    world.keep(
        town, campaign, "campaign", {"unit_clerk", "unit_head"} if town == TOWN else set(), from_inside=True
    )
    return campaign, office.user


def _worker(world, spot):
    """The visitor of the grid: on the roster, with an account."""
    user = factories.user(world.text(spot, "user.username", "account"))
    cadre = factories.cadre(
        world.text(spot, "cadre.name", "visitor"),
        staff_number=world.text(spot, "cadre.staff_number", "roster"),
        phone=world.marks.number("cadre.phone", "staff phone", spot.grid),
        user=user,
    )
    posting = factories.posting(cadre, Role.VISITOR, spot.grid)
    world.keep(spot, cadre, "account")
    world.keep(spot, posting, "account")
    world.keep(spot, user, "account")
    return cadre


def ago(**lapse):
    return timezone.now() - timedelta(**lapse)
