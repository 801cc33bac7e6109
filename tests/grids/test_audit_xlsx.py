"""The rows of the audit log as a workbook."""

import io

import openpyxl
import pytest

from grids.audit import record
from grids.enums import AuditAction
from grids.models import AuditRow, Cadre
from tests import people

pytestmark = pytest.mark.django_db
FILE = "/audit/rows.xlsx"


def cells(response):
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [list(row) for row in sheet.iter_rows()]


def test_workbook_holds_the_rows_and_no_formula(client):
    alice = people.alice()
    Cadre.objects.filter(user=alice).update(name="=HYPERLINK(1)")
    alice.refresh_from_db()
    record(None, AuditAction.SIGNED_IN, user=alice)
    client.force_login(people.auditor())

    *head, last = cells(client.get(FILE))

    assert "审计日志" in head[0][0].value
    assert (last[0].value, last[2].value, last[2].data_type) == (1, "=HYPERLINK(1)", "s")
    assert AuditRow.objects.first().door == "grids:audit_xlsx"


@pytest.mark.parametrize("person", [people.alice, people.bob, people.nobody])
def test_stranger_gets_no_file(client, person):
    client.force_login(person())
    assert client.get(FILE).status_code == 403
