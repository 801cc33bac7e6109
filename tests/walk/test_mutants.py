"""The walk itself is walked: without any one `visible_to` it has to find a leak. WALK=all pytest -s tests/walk."""

import os

import pytest
from django.apps import apps

from .filling import APPS
from .walking import Walk

pytestmark = pytest.mark.django_db

# Who meets what: those with the narrowest reach first, for they find most.
PEOPLE = ("visitor", "unit_clerk", "village_office", "discipline", "campaign_office", "inspector", "auditor")
# No page tells the difference: why.
EQUIVALENT = {
    "PlaceQuerySet": "places are public knowledge for whoever has a posting, and nobody else reaches a page of them",
}


def querysets():
    """{name: class} of every queryset that says who sees its rows."""
    found = {}
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            for kind in type(model._default_manager.all()).__mro__:
                for verb in ("visible_to", "readable_by"):
                    if verb in vars(kind) and kind.__module__.split(".")[0] in APPS:
                        found[kind.__name__] = (kind, verb)
    return found


def first_leak(world):
    """The first thing that is wrong, or ""."""
    for key in PEOPLE:
        walk = Walk(world, world[key], is_hasty=True).go(posts=False)
        if walk.wrong:
            return walk.wrong[0]
    return ""


def test_every_queryset_that_decides_is_known():
    assert len(querysets()) >= 16
    assert set(EQUIVALENT) <= set(querysets())


@pytest.mark.skipif(not os.environ.get("WALK"), reason="minutes: WALK=all")
@pytest.mark.parametrize("name", sorted(set(querysets()) - set(EQUIVALENT)))
def test_walk_finds_what_one_queryset_would_give_away(world, monkeypatch, name):
    kind, verb = querysets()[name]
    monkeypatch.setattr(kind, verb, lambda self, user: self.all())

    leak = first_leak(world)
    print(f"{name}: {leak}")
    assert leak, f"nobody noticed that {name}.{verb} gives everything away"
