from .cases import CaseReview, LeaderCase
from .categories import Category
from .clocks import IssueClock, TimeLimit
from .conduct import ConductSlip
from .deeds import Deed
from .follow_ups import FollowUp
from .issues import Issue
from .links import IssueOpinion, IssueStep, IssueSupport
from .notes import OpinionNote, SpotRefusal
from .receipts import Receipt, ResidentVerdict
from .report_steps import ReportStep
from .suggestions import SuggestionAnswer
from .supervision import SlipStep, SupervisionSlip
from .texts import AnswerTemplate
from .told import ToldAnswer

__all__ = [
    "AnswerTemplate",
    "CaseReview",
    "Category",
    "ConductSlip",
    "Deed",
    "FollowUp",
    "Issue",
    "IssueClock",
    "IssueOpinion",
    "IssueStep",
    "IssueSupport",
    "LeaderCase",
    "OpinionNote",
    "Receipt",
    "ReportStep",
    "ResidentVerdict",
    "SlipStep",
    "SpotRefusal",
    "SuggestionAnswer",
    "SupervisionSlip",
    "TimeLimit",
    "ToldAnswer",
]
