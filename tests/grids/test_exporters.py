"""Rows of the workbook that places, departments and the register give."""

from datetime import date

import pytest

from grids import exporters
from grids.models import RegisterEntry
from tests import factories
from tests.workbooks import GRID_A1, GRID_B1, TOWN, VILLAGE_A

pytestmark = pytest.mark.django_db
DAY = date(2018, 9, 10)


def test_chain_goes_up_to_the_province():
    assert exporters.chain(GRID_A1) == ["33", "3304", "330411", TOWN, VILLAGE_A, GRID_A1]
    assert exporters.chain("33") == ["33"]


def test_area_rows_leave_out_the_neighbours():
    factories.place(GRID_A1, name="花溪第一网格")
    factories.place("330411106201")
    rows = list(exporters.area_rows(TOWN))
    assert [row["code"] for row in rows] == ["33", "3304", "330411", TOWN, VILLAGE_A]
    assert rows[-1] == {"code": VILLAGE_A, "name": "花溪社区", "urban_rural": ""}


@pytest.mark.parametrize(("to_on", "kept"), [(DAY, True), (date(2018, 9, 9), False)])
def test_grid_rows_end_after_the_last_day(to_on, kept):
    factories.place(GRID_A1, from_on=date(2010, 1, 1), to_on=to_on)
    assert [row["code"] for row in exporters.grid_rows(TOWN, DAY)] == [GRID_A1] * kept


def test_department_rows_hold_nobody_to_call():
    asked = factories.department(contact_name="钱联系", contact_phone="0573-1234")
    factories.department("镇农办")
    assert list(exporters.department_rows([asked.pk])) == [{"name": "镇环保所", "level": "town"}]


def test_register_rows_hold_no_name():
    factories.household(GRID_B1, number="H1", holder_name="赵户主", state="vacant")
    assert list(exporters.register_rows(RegisterEntry.objects.all())) == [
        {"number": "H1", "kind": "household", "grid": GRID_B1, "address": "花溪路1号", "state": "vacant"}
    ]
