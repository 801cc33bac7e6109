"""What the tests of conduct slips share."""

from uuid import uuid4

from issues.models import ConductSlip
from tests import factories
from tests.workbooks import GRID_A1, VILLAGE_A

SECRET = "窗口的人态度很差尾巴"


def filled(unit, **fields):
    return {
        "client_id": str(uuid4()),
        "place": GRID_A1,
        "department": unit.pk,
        "attitude": "poor",
        "efficiency": "",
        "honesty": "",
        "openness": "fair",
        "words": SECRET,
        **fields,
    }


def slip(campaign, department, code=VILLAGE_A, **fields):
    """A slip that somebody filed for a resident."""
    values = {
        "number": factories.number("ZF"),
        "attitude": "poor",
        "words": SECRET,
        "client_id": uuid4(),
        "place": factories.place(code),
        **fields,
    }
    if not values.get("receipt_key"):
        values.setdefault("created_by", factories.user())
    return ConductSlip.objects.create(campaign=campaign, department=department, **values)
