"""The narrow door in the triggers: an UPDATE blanks just the stretch that a row of the log names, or does not pass."""

import pytest
from django.db import DatabaseError, connection, transaction

from canvass.append_only import MESSAGE, create_triggers, shut_door
from canvass.redaction import strings
from reports.models import Redaction
from tests import factories
from visits.models import Opinion

pytestmark = pytest.mark.django_db
WORDS = "沈百合说路灯坏了"


@pytest.fixture
def opinion():
    return factories.opinion(factories.campaign(), words_verbatim=WORDS, done_on_spot="告诉了沈百合")


def logged(row, column="words_verbatim", start=0, length=3, path="", **fields):
    return Redaction.objects.create(
        table_name=row._meta.db_table,
        row_key=row.pk,
        column_name=column,
        path=path,
        start=start,
        length=length,
        place=factories.place(),
        subject="诉求",
        by=factories.user(),
        reason="有姓名",
        **fields,
    )


def passes(row, **changes):
    try:
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**changes)
    except DatabaseError as refusal:
        assert MESSAGE in str(refusal)
        return False
    return True


def test_just_the_named_stretch_may_be_blanked(opinion):
    logged(opinion)
    assert passes(opinion, words_verbatim="███说路灯坏了")


@pytest.mark.parametrize(
    "changes",
    [
        {"words_verbatim": WORDS},  # nothing changes
        {"words_verbatim": "沈██说路灯坏了"},  # less than the stretch
        {"words_verbatim": "████路灯坏了"},  # more than the stretch
        {"words_verbatim": "███说路灯好了"},  # and a word besides
        {"words_verbatim": "***说路灯坏了"},  # other signs
        {"words_verbatim": "说路灯坏了"},  # cut off
        {"words_verbatim": "张三丰说路灯坏了"},  # another name
        {"words_verbatim": ""},
        {"words_verbatim": "███说路灯坏了", "nature": "praise"},  # another column along
        {"words_verbatim": "███说路灯坏了", "done_on_spot": "███████"},
        {"done_on_spot": "告诉了███"},  # the other column, without its row
        {"number": "X"},
    ],
)
def test_nothing_else_passes_though_a_stretch_is_named(opinion, changes):
    logged(opinion)
    assert not passes(opinion, **changes)
    assert Opinion.objects.get(pk=opinion.pk).words_verbatim == WORDS


def test_row_of_the_log_opens_no_other_row(opinion):
    other = factories.opinion(opinion.campaign, words_verbatim=WORDS)
    logged(other)
    assert not passes(opinion, words_verbatim="███说路灯坏了")


def test_without_a_row_of_the_log_nothing_passes(opinion):
    assert not passes(opinion, words_verbatim="███说路灯坏了")


@pytest.mark.parametrize(("start", "length"), [(6, 3), (100, 2)])
def test_stretch_beyond_the_words_opens_nothing(opinion, start, length):
    logged(opinion, start=start, length=length)
    assert not passes(opinion, words_verbatim=WORDS[:start] + "█" * length)


def test_nothing_is_deleted_through_the_door(opinion):
    logged(opinion)
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        connection.cursor().execute("DELETE FROM visits_opinion WHERE id = %s", [opinion.pk])


def test_replacing_the_row_is_no_way_around(opinion):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL replaces by UPDATE")
    logged(opinion)
    names = [field.column for field in Opinion._meta.concrete_fields]
    values = ["'anders'" if name == "words_verbatim" else f'"{name}"' for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    with pytest.raises(DatabaseError, match=MESSAGE), transaction.atomic():
        connection.cursor().execute(
            f"INSERT OR REPLACE INTO visits_opinion ({columns}) SELECT {', '.join(values)} FROM visits_opinion"
        )
    assert Opinion.objects.get(pk=opinion.pk).words_verbatim == WORDS


def test_text_inside_json_cannot_be_replaced(opinion):
    visit = factories.visit(opinion.campaign, factories.household())
    step = visit.steps.create(move="corrected", reason="错", before={"note": "沈百合在家", "people_met": 2})
    logged(step, "before", path='$."note"')
    assert not passes(step, before={"note": "███在家", "people_met": 3})
    assert not passes(step, before={"note": "沈百合在家"})
    assert not passes(step, before=None)
    logged(step, "before", path='$."missing"', length=1)
    logged(step, "before", path='$."people_met"', length=1)
    assert not passes(step, before={"note": "沈百合在家", "people_met": "█"})
    assert not passes(step, before=None)


@pytest.mark.parametrize("length", [0, 51])
def test_stretch_is_short(opinion, length):
    with pytest.raises(DatabaseError, match="redaction_is_short"), transaction.atomic():
        logged(opinion, length=length)


def test_reason_is_written(opinion):
    row = logged(opinion)
    row.pk, row.reason = None, ""
    with pytest.raises(DatabaseError, match="redaction_says_why"), transaction.atomic():
        row.save(force_insert=True)


def test_door_is_shut_while_the_database_is_migrated(opinion):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL alters tables in place")
    logged(opinion)
    shut_door()
    assert not passes(opinion, words_verbatim="███说路灯坏了")
    create_triggers()
    assert passes(opinion, words_verbatim="███说路灯坏了")


def test_paths_lead_to_every_text():
    assert dict(strings({"a": [{"b": "一"}, "二"], "c": 3})) == {'$."a"[0]."b"': "一", '$."a"[1]': "二"}
