from .answers import AnswerWish, ContactReading
from .gatherings import Gathering, GatheringSpeaker, Handout
from .opinions import Opinion, OpinionMark
from .photos import VisitPhoto
from .stays import LONGEST_LOG, StayLog
from .visits import Visit, VisitCadre, VisitStep

__all__ = [
    "LONGEST_LOG",
    "AnswerWish",
    "ContactReading",
    "Gathering",
    "GatheringSpeaker",
    "Handout",
    "Opinion",
    "OpinionMark",
    "StayLog",
    "Visit",
    "VisitCadre",
    "VisitPhoto",
    "VisitStep",
]
