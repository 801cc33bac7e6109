"""Every door × every role × what is the own and what is not: nothing foreign is said, shown or changed."""

import os

import pytest

from canvass.roles import Role

from .doors import doors
from .filling import CannotFillError, keys_of
from .walking import Walk

pytestmark = pytest.mark.django_db

ALL = [*Role.values, "superuser", "unposted", "anonymous"]
# With every run those who read most, least, a department's and a log's; with WALK=all everybody.
PEOPLE = (
    ALL if os.environ.get("WALK") else ["visitor", "campaign_office", "unit_head", "auditor", "anonymous"]
)
# A door, a person and a way to fill its gaps. Fewer than this, and a part of the site was not walked.
FEWEST = 600


def test_every_gap_of_every_address_can_be_filled(world):
    sentences = []
    for door in doors():
        try:
            keys_of(door, world)
        except CannotFillError as sentence:
            sentences.append(str(sentence))
    assert not sentences, "\n".join(sentences)


@pytest.mark.parametrize("key", PEOPLE)
def test_nobody_reads_or_changes_what_is_not_theirs(world, key):
    walk = Walk(world, world[key]).go()
    print(f"{key}: {walk.tried} requests")
    assert not walk.wrong, f"{len(walk.wrong)} of {walk.tried}\n" + "\n".join(walk.wrong[:60])
    assert walk.tried >= FEWEST
