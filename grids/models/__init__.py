from .audit import AuditRow
from .people import Cadre, Department, Posting, SignInStep, User
from .places import Area, Grid, Place
from .register import RegisterEntry, RegisterPeriod

__all__ = [
    "Area",
    "AuditRow",
    "Cadre",
    "Department",
    "Grid",
    "Place",
    "Posting",
    "RegisterEntry",
    "RegisterPeriod",
    "SignInStep",
    "User",
]
