"""The four short forms, filled as a phone sends them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.urls import reverse

from issues.models import Deed
from tests.workbooks import GRID_A1
from visits.models import Gathering, Handout, StayLog


@dataclass(frozen=True)
class ShortForm:
    """A form with one filling of it; `days` are the names of its days, `word` is a field of free text."""

    page: str
    model: Any
    days: tuple
    said: dict
    other: dict

    def filled(self, **fields):
        days = dict.fromkeys(self.days, "2018-09-10")
        return {"client_id": str(uuid4()), "place": GRID_A1, **days, **self.said, **fields}

    def address(self, **query):
        return reverse(self.page, query=query)


GATHERING = ShortForm(
    "visits:gathering_file",
    Gathering,
    ("held_on",),
    {
        "kind": "evening_talk",
        "topic": "防汛",
        "venue": "文化礼堂",
        "attendance": "40",
        "speaker_level": "town",
    },
    {"topic": "防火"},
)
HANDOUT = ShortForm(
    "visits:handout_file",
    Handout,
    ("given_on",),
    {"copies_booklet": "30", "copies_contact_card": "12"},
    {"copies_booklet": "31"},
)
STAY_LOG = ShortForm(
    "visits:stay_log_file",
    StayLog,
    ("from_on", "to_on"),
    {"text": "白天帮着收稻子\n夜里聊了灌溉渠"},
    {"text": "改过的日志"},
)
DEED = ShortForm(
    "issues:deed_file",
    Deed,
    ("done_on",),
    {
        "content": "疏通下水道",
        "kind": "service",
        "households_helped": "6",
        "amount": "800.50",
        "donor": "商会",
    },
    {"content": "修好路灯"},
)
ALL = {"gathering": GATHERING, "handout": HANDOUT, "stay_log": STAY_LOG, "deed": DEED}


def complaints(response):
    """{field: [sentences]} of a form that was refused; "__all__" for the whole."""
    assert response.status_code == 200
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}
