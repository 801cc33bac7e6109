"""One sign-in for each role, so that everybody can try every desk."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import get_random_string

from canvass.roles import Role
from grids.enums import CadreCategory
from grids.models import Cadre, Grid, Posting, User

from .plan import TOWN

# Roles that no workbook can give; their people are added here.
_ADMINISTRATORS = {
    Role.SYSTEM_ADMIN: ("WDA001", "秦管"),
    Role.SECURITY_ADMIN: ("WDA002", "安守"),
    Role.AUDITOR: ("WDA003", "明查"),
}
# The department of the street lamps, the roads and the drains: its desk is full.
_DEPARTMENT = "王店镇城乡建设办公室"


@dataclass(frozen=True)
class SignIn:
    """One line of what the command prints; `password` is empty when somebody changed it."""

    role: Role
    username: str
    password: str


def password_of(role):
    """Easy to keep in mind, and printed for everybody to read."""
    return f"{role.value}-2018"


def add_accounts(campaign):
    """A sign-in for each role that has none yet. Existing accounts, postings and passwords are left alone.

    A site that others can reach gets passwords by chance instead, which are shown this once.
    Returns the SignIn of each role.
    """
    people = {role: _person(role, campaign) for role in Role}
    fresh = [role for role, cadre in people.items() if cadre.user_id is None and not _is_taken(role)]
    passwords = {role: get_random_string(12) if settings.PUBLIC else password_of(role) for role in fresh}
    hashes = dict(zip(fresh, _at_once(make_password, passwords.values()), strict=True))
    with transaction.atomic():
        for role in fresh:
            people[role].user = User.objects.create(username=role.value, password=hashes[role])
            people[role].save(update_fields=["user"])
    return _sign_ins(people, passwords)


def _is_taken(role):
    """Somebody else's account has the name: it is never given to another person."""
    return User.objects.filter(username=role.value).exists()


def _person(role, campaign):
    """The same people each time: those of the first grid, its village, one department, the town's offices."""
    if role in _ADMINISTRATORS:
        return _administrator(role, campaign)
    grid = Grid.objects.inside(TOWN).order_by("code").first()
    places = {
        Role.VISITOR: grid.code,
        Role.GRID_LEADER: grid.code,
        Role.VILLAGE_OFFICE: grid.code[:12],
    }
    posted = Posting.objects.filter(role=role, cadre__staff_number__startswith="WD")
    if role in (Role.UNIT_CLERK, Role.UNIT_HEAD):
        posted = posted.filter(department__name=_DEPARTMENT)
    posted = posted.select_related("cadre__user").order_by("cadre__staff_number")
    return (posted.filter(place=places.get(role, campaign.area_id)).first() or posted.first()).cadre


def _administrator(role, campaign):
    number, name = _ADMINISTRATORS[role]
    with transaction.atomic():
        cadre, is_new = Cadre.objects.select_related("user").get_or_create(
            staff_number=number, defaults={"name": name, "category": CadreCategory.TOWN_OFFICIAL}
        )
        if is_new:
            Posting.objects.create(
                cadre=cadre, role=role, place_id=campaign.area_id, from_on=campaign.first_on
            )
    return cadre


def _at_once(function, values):
    """Hashing a password is slow on purpose and leaves the interpreter free: two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(function, values))


def _sign_ins(people, passwords):
    """What to print: a password that was changed (or given at random before) is not shown."""

    def shown(role):
        user = people[role].user
        if user is None or role in passwords:
            return passwords.get(role, "")
        # Not user.check_password: it may write a newer hash, and this runs in a thread.
        return password_of(role) if check_password(password_of(role), user.password) else ""

    return [
        SignIn(role, cadre.user.username if cadre.user else "", word)
        for (role, cadre), word in zip(people.items(), _at_once(shown, people), strict=True)
    ]
