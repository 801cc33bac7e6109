from .answers import AnswerWish, ContactReading
from .gatherings import Gathering, GatheringSpeaker, Handout
from .hand_overs import HandOver, HandOverPosting, HandOverStep, HandOverVisit, HandOverWords
from .opinions import Opinion, OpinionMark
from .photos import VisitPhoto
from .reports import ReportSubject
from .stays import LONGEST_LOG, StayLog
from .visits import Visit, VisitCadre, VisitStep

__all__ = [
    "LONGEST_LOG",
    "AnswerWish",
    "ContactReading",
    "Gathering",
    "GatheringSpeaker",
    "HandOver",
    "HandOverPosting",
    "HandOverStep",
    "HandOverVisit",
    "HandOverWords",
    "Handout",
    "Opinion",
    "OpinionMark",
    "ReportSubject",
    "StayLog",
    "Visit",
    "VisitCadre",
    "VisitPhoto",
    "VisitStep",
]
