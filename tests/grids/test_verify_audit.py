"""manage.py verify_audit: whatever somebody with the database in hand does to the log is found."""

import pytest
from django.core.management import CommandError, call_command

from grids.audit import record
from grids.enums import AuditAction
from grids.models import AuditRow

from .auditing import unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def five():
    return [record(None, AuditAction.ERASED) for _time in range(5)]


def said(capsys, **options):
    call_command("verify_audit", **options)
    return capsys.readouterr().out


def test_whole_chain_is_told_with_what_to_note(five, capsys):
    out = said(capsys)

    assert "审计记录 5 条，条条相接，封签完好" in out
    assert out.splitlines()[-1] == f"5:{five[-1].seal}"


def test_empty_log_is_whole(capsys):
    assert "审计记录 0 条" in said(capsys)


def change(sql):
    with unprotected() as cursor:
        for statement in sql.split(";"):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE grids_auditrow SET name = '别人' WHERE id = 3", "第 3 条被改过"),
        ("UPDATE grids_auditrow SET result = 'refused' WHERE id = 1", "第 1 条被改过"),
        ("UPDATE grids_auditrow SET posted = ' 33' WHERE id = 5", "第 5 条被改过"),
        ("UPDATE grids_auditrow SET previous = seal WHERE id = 4", "第 4 条被改过"),
        ("DELETE FROM grids_auditrow WHERE id = 3", "第 3 条到第 3 条缺失"),
        ("DELETE FROM grids_auditrow WHERE id IN (1, 2)", "第 1 条到第 2 条缺失"),
        (
            "DELETE FROM grids_auditrow WHERE id = 3;UPDATE grids_auditrow SET id = 3 WHERE id = 4;"
            "UPDATE grids_auditrow SET id = 4 WHERE id = 5",
            "第 3 条被改过",
        ),
        (
            "UPDATE grids_auditrow SET id = 9 WHERE id = 2;UPDATE grids_auditrow SET id = 2 WHERE id = 3;"
            "UPDATE grids_auditrow SET id = 3 WHERE id = 9",
            "第 2 条被改过",
        ),
    ],
)
def test_first_row_that_is_not_right_is_named(five, sql, found):
    change(sql)

    with pytest.raises(CommandError, match=found):
        call_command("verify_audit")


def test_row_of_another_chain_does_not_follow(five):
    """Whoever holds the key can seal a row, but not fit it in without sealing all that follow."""
    other = AuditRow.objects.get(id=3)
    other.name = "别人"
    other.previous = "0" * 64
    from grids.audit import seal_of

    with unprotected() as cursor:
        cursor.execute(
            "UPDATE grids_auditrow SET name = %s, previous = %s, seal = %s WHERE id = 3",
            [other.name, other.previous, seal_of(other)],
        )

    with pytest.raises(CommandError, match="第 3 条没有接在上一条之后"):
        call_command("verify_audit")


def test_tail_that_was_cut_off_is_found_by_what_was_noted(five, capsys):
    noted = said(capsys).splitlines()[-1]
    change("DELETE FROM grids_auditrow WHERE id > 3")

    assert "审计记录 3 条" in said(capsys), "alone, a shorter chain is a whole one"
    with pytest.raises(CommandError, match="到第 3 条就没有了，而记下的是第 5 条"):
        call_command("verify_audit", noted=noted)


def test_what_was_noted_is_still_there_when_the_log_has_grown(five, capsys):
    noted = said(capsys).splitlines()[-1]
    record(None, AuditAction.ERASED)

    assert "审计记录 6 条" in said(capsys, noted=noted)


def test_other_chain_of_the_same_length_is_found(five):
    with pytest.raises(CommandError, match="第 5 条与记下的封签不同"):
        call_command("verify_audit", noted=f"5:{'0' * 64}")


@pytest.mark.parametrize("noted", ["5", "x:y", "0:" + "0" * 64, "5:" + "0" * 63])
def test_nonsense_is_no_note(five, noted):
    with pytest.raises(CommandError, match="序号:封签"):
        call_command("verify_audit", noted=noted)


def test_walk_keeps_a_bounded_number_in_memory(five, monkeypatch, capsys):
    """Also across the edge of a chunk."""
    from grids import audit_chain

    monkeypatch.setattr(audit_chain, "CHUNK", 2)
    assert "审计记录 5 条" in said(capsys)
