"""Filled forms, as a phone sends them."""

import re
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

# The ends of a transaction are no work of ours, and tests that run inside one have savepoints for them. The row of the
# audit log is a transaction of its own, after the work.
_NO_WORK = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)|pg_advisory_xact_lock|grids_auditrow")


def is_work(sql):
    return not _NO_WORK.search(sql)


def filled(*opinions, **fields):
    """A visit that met two people. Opinions are (nature, words) or (nature, words, stored pk)."""
    data = {
        "client_id": str(uuid4()),
        "outcome": "met",
        "started_at": "2018-09-10T19:30",
        "way": "door",
        "people_met": "2",
        "note": "老人说门口路灯不亮",
        **fields,
        "opinions-TOTAL_FORMS": str(len(opinions) + 1),
        "opinions-INITIAL_FORMS": str(sum(len(opinion) > 2 for opinion in opinions)),
    }
    for n, (nature, words, *stored) in enumerate(opinions):
        data |= {f"opinions-{n}-nature": nature, f"opinions-{n}-words": words}
        if stored:
            data[f"opinions-{n}-stored"] = str(stored[0])
    return data


def by(user):
    """The staff number of somebody's cadre, as the boxes send it."""
    return user.cadre.staff_number


def file_address(entry, **query):
    return reverse("visits:visit_file", query={"entry": entry.number, **query})


def statements(function):
    """(what it returns, the statements it sent but for the ends of transactions and the row of the audit log)."""
    assert connection.features.supports_json_field  # Django asks SQLite once a connection
    with CaptureQueriesContext(connection) as captured:
        result = function()
    return result, [q["sql"] for q in captured.captured_queries if is_work(q["sql"])]
