"""The world that is walked through, once for each file of tests."""

import logging
from datetime import timedelta

import pytest
import time_machine

from . import world as worlds
from .filling import common_rows
from .undoing import undone


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once; every request is undone by itself, and all of it at the end."""
    with django_db_blocker.unblock(), undone():
        with time_machine.travel(worlds.factories.at(worlds.DAY)):
            built = worlds.build()
            common_rows()
        yield built


@pytest.fixture(autouse=True)
def that_day():
    """On the day of the world, when all of it has been built: a row of a later moment would not be known yet.

    A log of thousands of refusals is none that anybody reads.
    """
    logging.disable(logging.CRITICAL)
    with time_machine.travel(worlds.factories.at(worlds.DAY) + timedelta(minutes=10)):
        yield
    logging.disable(logging.NOTSET)
