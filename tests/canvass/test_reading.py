"""Reading many rows as one moment shows them."""

from threading import Thread

import pytest
from django.db import connection, connections

from canvass.reading import consistent_reads, gather, in_chunks
from grids.models import Department
from tests import factories


def add_elsewhere(name):
    """Another connection saves a department and is not kept waiting."""

    def add():
        factories.department(name)
        connections.close_all()

    thread = Thread(target=add)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_consistent_reads_see_one_moment_while_others_write():
    factories.department("甲所")
    with consistent_reads():
        assert Department.objects.count() == 1
        add_elsewhere("乙所")
        assert [row.name for chunk in in_chunks(Department.objects.all()) for row in chunk] == ["甲所"]
    assert Department.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_consistent_reads_leave_the_connection_as_it_was():
    with pytest.raises(RuntimeError), consistent_reads():
        Department.objects.count()
        raise RuntimeError
    factories.department("甲所")
    assert (Department.objects.count(), connection.in_atomic_block) == (1, False)


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "sizes"), [(0, []), (2, [2]), (3, [2, 1])])
def test_in_chunks_gives_full_lists_and_the_rest(rows, sizes):
    for number in range(rows):
        factories.department(f"{number}所")
    assert [len(chunk) for chunk in in_chunks(Department.objects.all(), 2)] == sizes


def test_gather_keeps_the_order():
    assert gather([("b", 2), ("a", 1), ("b", 1)]) == {"b": [2, 1], "a": [1]}
