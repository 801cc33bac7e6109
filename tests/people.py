"""Who meets whom in the tests: each with a sign-in and the posting that the name says.

Two villages A and B of one town, a department, and one person of every kind. Postings begin on the first
day of the campaign and have no end.
"""

from canvass.roles import Role

from . import factories
from .workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A, VILLAGE_B


def person(role, code="", name="李一", **fields):
    """A user with a cadre and one posting."""
    posted = factories.cadre(name, user=True)
    factories.posting(posted, role, code, **fields)
    return posted.user


def alice(code=GRID_A1):
    """Visits in a grid of village A."""
    return person(Role.VISITOR, code, "艾一丽")


def bob(code=TOWN):
    """Alice's office: the campaign office of the town."""
    return person(Role.CAMPAIGN_OFFICE, code, "鲍二柏")


def charlie(code=GRID_B1):
    """The stranger: visits in a grid of village B."""
    return person(Role.VISITOR, code, "查三理")


def village_office(code=VILLAGE_A):
    return person(Role.VILLAGE_OFFICE, code, "村四安")


def other_village_office(code=VILLAGE_B):
    return person(Role.VILLAGE_OFFICE, code, "村五宁")


def leader(code=TOWN):
    return person(Role.LEADING_GROUP, code, "凌六导")


def inspector(code=TOWN):
    return person(Role.INSPECTOR, code, "杜七察")


def clerk(department=None):
    """Handles the issues of a department."""
    return person(Role.UNIT_CLERK, name="陈八办", department=department or factories.department())


def discipline(code=TOWN):
    """Reads restricted reports and nothing else."""
    return person(Role.DISCIPLINE, code, "纪九明")


def system_admin(code=TOWN):
    return person(Role.SYSTEM_ADMIN, code, "管十理")


def auditor(code=TOWN):
    """Reads the audit log of an area and nothing else."""
    return person(Role.AUDITOR, code, "沈十一")


def nobody():
    """A sign-in without any posting."""
    return factories.user()
