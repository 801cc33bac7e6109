"""Lists, details, counts, searches, choices and files hold the same rows: those that a person may read."""

import os
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from campaigns.models import Campaign
from canvass.roles import Role
from grids.models import Cadre, RegisterEntry
from issues.models import Deed, Issue
from visits.models import Gathering, Handout, Opinion, Visit

from .doors import address, doors
from .filling import APPS, keys_of
from .forms import read
from .walking import Walk

pytestmark = pytest.mark.django_db

READERS = [
    *(
        "visitor",
        "grid_leader",
        "village_office",
        "campaign_office",
        "leading_group",
        "inspector",
        "discipline",
    ),
    *("unit_clerk", "unit_head", "system_admin", "security_admin", "auditor", "superuser"),
]
DESK = (
    "village_office",
    "campaign_office",
    "inspector",
    "system_admin",
    "security_admin",
    "auditor",
    "superuser",
)
# What a search is tried with, of rows that are somebody else's.
SOUGHT = (
    *("entry.number", "entry.address", "entry.holder_name", "visit.number", "visit.note", "opinion.number"),
    *("opinion.words", "issue.number", "issue.title", "cadre.name", "cadre.staff_number", "deed.content"),
    *("gathering.topic", "team.name", "campaign.name", "load.file_name", "slip.number", "view.name"),
)


# Known to everybody inside.
NO_PLACE = ("grids.Place",)
long_walk = pytest.mark.skipif(not os.environ.get("WALK"), reason="minutes: WALK=all")


@pytest.fixture
def walk_of(world):
    return lambda key: Walk(world, world[key])


def planted(world, model):
    """The model's rows of the world, a proxy's those of its table."""
    return world.rows.get(model._meta.concrete_model, ())


def desk_models():
    return [model for model in admin.site._registry if model._meta.app_label in APPS]


def changelist(model, **query):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=query)


# --- The desk -----------------------------------------------------------------------------------------------------


@long_walk
@pytest.mark.parametrize("key", DESK)
def test_list_of_the_desk_its_count_and_its_forms_agree(walk_of, world, key):
    walk, seen = walk_of(key), 0
    for model in desk_models():
        status, _text, response = walk.send("get", changelist(model))
        if status == 403:
            continue
        assert status == 200, model
        listed = {row.pk for row in response.context["cl"].result_list}
        own = {row.object.pk for row in planted(world, model) if walk.person.reads(row.secret)}
        theirs = {row.object.pk for row in planted(world, model)} - own
        assert (own - listed, theirs & listed) == (set(), set()), model
        found = response.context["cl"]
        assert len(listed) == min(found.result_count, found.list_per_page), model
        for pk in sorted(listed & own, key=str)[:3]:
            form = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
            assert walk.send("get", form)[0] == 200, form
        seen += len(listed)
    assert seen or key == "auditor"


def _choices(walk, model, field, term=""):
    path = reverse("admin:autocomplete", query={
        "app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field, "term": term,
    })  # fmt: skip
    status, _text, response = walk.send("get", path)
    return [row["id"] for row in response.json()["results"]] if status == 200 else None


@long_walk
@pytest.mark.parametrize("key", DESK)
def test_choices_of_the_desk_offer_what_the_person_may_read(walk_of, world, key):
    walk, asked = walk_of(key), 0
    for model, desk in admin.site._registry.items():
        for name in getattr(desk, "autocomplete_fields", ()):
            related = model._meta.get_field(name).related_model
            offered = _choices(walk, model, name)
            if offered is None:
                continue
            asked += 1
            theirs = {
                str(row.object.pk) for row in planted(world, related) if not walk.person.reads(row.secret)
            }
            assert not theirs & set(offered), (model, name)
    assert asked or key in ("auditor", "security_admin")


def test_office_is_offered_all_that_is_its_own(walk_of, world):
    """The other half: a choice that hides an own row sends people back to paper."""
    walk = walk_of("campaign_office")
    own = {str(entry.pk) for entry in world.of(RegisterEntry, walk.person)}
    assert own and own <= set(_choices(walk, Visit, "entry"))


# --- Search -------------------------------------------------------------------------------------------------------


def boxes(walk, world):
    """[(address, name)] of every box on a page in which one searches."""
    found = {}
    for door in doors():
        if door.gaps or door.name == "login":
            continue
        path = address(door, dict(keys_of(door, world)[0].values))
        status, text, _response = walk.send("get", path)
        if status == 200 and "<form" in text:
            for form in read(text)[0]:
                for one in form["fields"]:
                    if form["method"] == "get" and one["kind"] in ("search", "text", "input"):
                        found[(urlsplit(form["action"]).path or path, one["name"])] = None
    return list(found)


@long_walk
@pytest.mark.parametrize("key", READERS)
def test_search_for_somebody_elses_words_finds_nothing(walk_of, world, key):
    walk = walk_of(key)
    marks = world.marks.planted.items()
    theirs = {
        secret.what: mark for mark, secret in marks if not walk.person.reads(secret) and secret.what in SOUGHT
    }
    for path, name in boxes(walk, world):
        for what, mark in theirs.items():
            status, text, response = walk.send("get", path, {name: mark})
            leaks = [leak for leak in world.marks.leaks(walk.person, text) if not leak.startswith(mark)]
            assert (status < 500, leaks) == (True, []), (path, name, what)
            if "/admin/" in path and response.context and "cl" in response.context:
                assert response.context["cl"].result_count == 0, (path, what)


# --- Links --------------------------------------------------------------------------------------------------------


@long_walk
@pytest.mark.parametrize(
    "key", [key for key in READERS if key != "superuser"]
)  # every permission, and no place
def test_every_link_of_an_own_page_opens(walk_of, world, key):
    """A page leads nowhere that is shut to the same person.

    Two exceptions hold nothing of anybody: the offline frame, which is the same for all, and Django's own link from a
    read-only field of the desk to the row that it names.
    """
    walk, tried = walk_of(key), {}
    for door in doors():
        for one in keys_of(door, world)[:1]:
            path = address(door, dict(one.values))
            status, text, _response = walk.send("get", path)
            if status != 200 or "<a " not in text or door.name == "visits:offline":
                continue
            for link in read(text)[1]:
                parts = urlsplit(link)
                is_djangos = door.name.endswith("_change") and parts.path.endswith("/change/")
                if parts.path.startswith("/") and not parts.netloc and not is_djangos:
                    tried.setdefault(_door_of(parts.path), (link, path))
    shut = [
        f"{path} → {link}: {status}"
        for link, path in tried.values()
        if (status := walk.send("get", link)[0]) not in (200, 302, 405)
    ]
    assert not shut, "\n".join(shut)


def _door_of(path):
    """One link to each page and row; the rest of an address only sorts and pages."""
    try:
        found = resolve(path)
    except Resolver404:
        return path
    return found.view_name, *sorted((name, str(value)) for name, value in found.kwargs.items())


# --- Files --------------------------------------------------------------------------------------------------------


def numbers_in(world, text, model):
    """The planted rows of a model whose number stands in a text."""
    return {row.object.pk for row in planted(world, model) if row.object.number in text}


@pytest.mark.parametrize("model", [RegisterEntry, Visit, Opinion, Issue, Gathering, Handout, Deed])
def test_workbook_of_the_campaign_holds_the_rows_of_its_lists(walk_of, world, model):
    walk = walk_of(Role.CAMPAIGN_OFFICE)
    _status, text, _response = walk.send("get", reverse("reports:workbook_export"))
    own = {row.object.pk for row in planted(world, model) if walk.person.reads(row.secret)}
    if model is Opinion:  # what is void or replaced stays on its page and leaves the workbook
        own &= set(Opinion.objects.valid_at(timezone.now()).values_list("pk", flat=True))
    assert own
    assert numbers_in(world, text, model) == own


@pytest.mark.parametrize("key", ["campaign_office", "unit_clerk", "unit_head"])
def test_ledger_holds_the_open_issues_that_one_reads(walk_of, world, key):
    walk = walk_of(key)
    _status, text, _response = walk.send("get", reverse("issues:ledger_export"))
    own = {
        issue.pk
        for issue in world.of(Issue, walk.person)
        if issue.state != "closed" and not issue.is_restricted
    }
    assert own
    assert numbers_in(world, text, Issue) == own


@pytest.mark.parametrize("key", READERS)
def test_list_of_issues_holds_all_that_one_may_open(walk_of, world, key):
    walk = walk_of(key)
    status, _text, response = walk.send("get", "/issues/", {"lot": "all"})
    if status == 403:
        assert not world.of(Issue, walk.person)
        return
    listed = {issue.pk for issue, *_more in response.context["rows"]}
    own = {issue.pk for issue in world.of(Issue, walk.person)}
    assert listed == own
    assert {walk.send("get", f"/issues/{pk}/")[0] for pk in own} <= {200}


@pytest.mark.parametrize("key", ["visitor", "grid_leader", "village_office", "campaign_office", "inspector"])
def test_my_list_holds_all_doors_that_one_may_open(walk_of, world, key):
    walk = walk_of(key)
    status, _text, response = walk.send("get", "/visits/")
    assert status == 200
    listed = {entry.pk for entry in response.context["entries"]}
    assert listed == {entry.pk for entry in world.of(RegisterEntry, walk.person)}
    assert response.context["filters"][0][2] == len(listed)


# --- The world ----------------------------------------------------------------------------------------------------


def test_every_queryset_that_decides_has_rows_to_decide_about(world):
    """A model with a `visible_to` of its own needs rows of one's own and of others in the world."""
    missing = []
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            if model._meta.proxy or not hasattr(model._default_manager.all(), "visible_to"):
                continue
            spots = {row.secret.code[:9] for row in planted(world, model)}
            if len(spots) < 2 and model._meta.label not in NO_PLACE:
                missing.append(model._meta.label)
    assert not missing, f"plant rows of {missing} in tests/walk/furniture.py, in both towns"


def test_people_of_the_walk_are_told_apart(world):
    """The world is worth walking: what is the own and what is not are both there for whoever reads anything."""
    visitor, office = world["visitor"], world["campaign_office"]
    assert [len(world.of(Visit, person)) for person in (visitor, office)] == [2, 6]
    assert len(world.of(Campaign, office)) == 1
    assert len(world.of(Cadre, office)) == 3
