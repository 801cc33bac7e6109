from .audit import AuditRow
from .feedback import Feedback, FeedbackAnswer
from .open_sign_ins import OpenSignIn, SecondFactor
from .people import Cadre, Department, Posting, SignInStep, User
from .places import Area, Grid, Place
from .register import HolderReading, RegisterEntry, RegisterPeriod
from .viewing import ViewingStep

__all__ = [
    "Area",
    "AuditRow",
    "Cadre",
    "Department",
    "Feedback",
    "FeedbackAnswer",
    "Grid",
    "HolderReading",
    "OpenSignIn",
    "Place",
    "Posting",
    "RegisterEntry",
    "RegisterPeriod",
    "SecondFactor",
    "SignInStep",
    "User",
    "ViewingStep",
]
