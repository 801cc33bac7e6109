"""Every address that names a record says which; and what kind of device asks."""

import pytest
from django.http import HttpRequest
from django.urls import resolve

from canvass.devices import device_kind
from canvass.opens import opened_by, record_named
from grids.audit_records import addresses, named_models, words_of
from grids.models import RegisterEntry
from visits.models import Gathering, StayLog, Visit


def test_every_address_that_names_a_record_says_of_which_model():
    named = {
        name: pattern.callback
        for name, pattern in addresses()
        if words_of(pattern) and getattr(pattern.callback, "login_required", True)
    }
    assert len(named) > 60, "the walk has found the site"

    unsaid = {name for name, view in named.items() if opened_by(view) is None}

    assert unsaid == set(), "put @opens(Model) above the view (canvass/opens.py)"


def test_what_names_no_record_says_why():
    said = [opened_by(pattern.callback) for _name, pattern in addresses() if words_of(pattern)]
    assert all(one.all_models() or one.reason for one in said if one is not None)


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/visits/5/", (Visit, "pk", "5")),
        ("/visits/5/check/", (Visit, "pk", "5")),
        ("/visits/phone-photos/6f1f4f0e-6f5c-4a52-9d5a-1f8f7c6d7e8f/", (Visit, "client_id", None)),
        ("/visits/entries/A/1/", (RegisterEntry, "number", "A/1")),
        ("/visits/records/gathering/7/", (Gathering, "pk", "7")),
        ("/visits/records/staylog/7/", (StayLog, "pk", "7")),
        ("/admin/visits/visit/5/change/", (Visit, "pk", "5")),
        ("/admin/visits/visit/5/history/", (Visit, "pk", "5")),
        ("/admin/visits/visit/5/verb/void/", (Visit, "pk", "5")),
        ("/admin/grids/registerentry/A_2F1/change/", (RegisterEntry, "pk", "A/1")),
    ],
)
def test_address_names_its_record(path, named):
    model, field, text = record_named(resolve(path))
    assert (model, field) == named[:2] and text == (named[2] or text)


@pytest.mark.parametrize(
    "path", ["/visits/", "/visits/records/nonsense/7/", "/reports/figures/visits/", "/admin/visits/visit/"]
)
def test_other_addresses_name_none(path):
    assert record_named(resolve(path)) is None


def test_kinds_of_records_are_those_with_an_address():
    kinds = named_models()
    assert {"visits.Visit", "visits.StayLog", "issues.Issue", "grids.RegisterEntry", "grids.Posting"} <= set(
        kinds
    )


ANDROID = "Mozilla/5.0 (Linux; Android 13; V2199A) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36"
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0"
)
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/86.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (ANDROID, "phone"),
        (WECHAT, "phone"),
        (OFFICE, "computer"),
        ("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Chrome/116.0 Safari/537.36", "tablet"),
        ("curl/8.1", "other"),
        ("", "other"),
    ],
)
def test_device_is_told_by_one_word(agent, kind):
    request = HttpRequest()
    request.META["HTTP_USER_AGENT"] = agent
    assert device_kind(request) == kind
