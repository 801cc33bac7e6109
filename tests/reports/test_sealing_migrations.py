"""Rows from before numbers were sealed: migrated there and back, on the database as it was then."""

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from canvass.append_only import create_triggers, drop_triggers
from canvass.sealed import FIRST_LETTERS, blind_index
from tests import factories
from visits.models import AnswerWish

NUMBER = "13812345678"
BEFORE = {
    "grids": "0002_people_sign_in_by_a_printed_link",
    "visits": "0007_filings_are_measured_in_seconds",
}


def stored(table, *columns):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
        return cursor.fetchall()


def migrate(targets):
    MigrationExecutor(connection).migrate(targets)


@pytest.fixture
def forward(transactional_db):
    """Whatever happens, the next test finds the tables of today."""
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    # They name tables that go on the way back; `migrate` itself makes them anew.
    drop_triggers()
    yield lambda: migrate(leaves)
    migrate(leaves)
    create_triggers()


def test_numbers_are_sealed_where_they_lie_and_opened_on_the_way_back(forward):
    opinion = factories.opinion(factories.campaign())
    cadres = [factories.cadre(phone=NUMBER), factories.cadre(phone="")]
    AnswerWish.objects.create(opinion=opinion, way="phone", phone=NUMBER)

    migrate(list(BEFORE.items()))
    assert stored("grids_cadre", "phone") == [(NUMBER,), ("",)]
    assert stored("visits_answerwish", "phone") == [(NUMBER,)]
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE grids_cadre SET phone = '12345'")

    forward()
    (sealed, index), blank = stored("grids_cadre", "phone", "phone_index")
    assert sealed.startswith(FIRST_LETTERS)
    assert (index, blank) == (blind_index(NUMBER), ("", ""))
    assert stored("visits_answerwish", "phone")[0][0].startswith(FIRST_LETTERS)
    assert AnswerWish.objects.get().phone == NUMBER
    cadres[0].refresh_from_db()
    assert cadres[0].phone == NUMBER
