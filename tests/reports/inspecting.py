"""What the tests of inspections share: visits in both villages, a draw, and what a form says."""

import uuid
from datetime import date

from reports import inspections
from reports.models import InspectionSample
from tests import factories
from tests.factories import at
from tests.workbooks import GRID_A1, TOWN

DENIED = {"way": "door", "result": "denied", "found": "没有人来过", "words_verbatim": "没见过"}


def visits_of(campaign, worker, count=1, grid=GRID_A1, **fields):
    """Filed on their own days, each at another door."""
    made = []
    for number in range(count):
        home = factories.household(grid, address=f"花溪路{number + 1}号")
        fields.setdefault("filed_at", at("2018-09-03 20:00"))
        made.append(factories.visit(campaign, home, by=[worker.cadre], filed_by=worker, **fields))
    return made


def draw(campaign, by, *, code=TOWN, size=5, method=InspectionSample.Method.RANDOM, **fields):
    values = {"first_on": date(2018, 9, 1), "last_on": date(2018, 9, 30), "client_id": uuid.uuid4(), **fields}
    place = factories.place(code)
    return inspections.draw_sample(campaign, by=by, place=place, size=size, method=method, **values)[0]


def drawn(campaign, by, worker, **fields):
    """One visit that was drawn."""
    [visit] = visits_of(campaign, worker, **fields)
    draw(campaign, by)
    return visit


def record(visit, by, *, reached=True, confirmed=True, **more):
    more = {"way": "phone", **more}
    if reached and not confirmed:
        more.setdefault("found", "没有人来过")
    return inspections.record_inspection(
        visit, by=by, is_reached=reached, is_confirmed=reached and confirmed, **more
    )[0]
