"""The same question is asked once, within the block that says so."""

import pytest

from canvass.figures import Rows, count
from canvass.shared import shared_queries
from grids.models import Department
from tests.factories import department

pytestmark = pytest.mark.django_db


def how_many(**conditions):
    return count(Rows(Department.objects.filter(**conditions))).result().value


def test_same_query_is_asked_once_within_the_block(django_assert_num_queries):
    department()
    with shared_queries(), django_assert_num_queries(1):
        assert (how_many(), how_many()) == (1, 1)


def test_other_query_is_asked_on_its_own(django_assert_num_queries):
    department("甲")
    department("乙")
    with shared_queries(), django_assert_num_queries(2):
        assert (how_many(), how_many(name="甲")) == (2, 1)


def test_outside_the_block_every_query_is_asked(django_assert_num_queries):
    department("甲")
    with shared_queries():
        assert how_many() == 1
    department("乙")
    with django_assert_num_queries(2):
        assert (how_many(), how_many()) == (2, 2)


def test_query_that_can_hold_nothing_is_not_asked(django_assert_num_queries):
    with shared_queries(), django_assert_num_queries(0):
        assert how_many(pk__in=[]) == 0
