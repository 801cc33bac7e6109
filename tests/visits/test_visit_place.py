"""Where the visitor stood: only when he or she said so, and never more exactly than some 100 m."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import factories, people
from visits.exporters import visit_rows
from visits.models import Visit

from .forms import by, file_address, filled

pytestmark = pytest.mark.django_db
WRONG = "手机给的位置不对，请按“去掉”，再登记。"


@pytest.fixture
def alice(client):
    factories.campaign()
    user = people.alice()
    client.force_login(user)
    return user


@pytest.fixture
def send(client, alice):
    entry = factories.household(address="花溪路12号")
    return lambda **fields: client.post(file_address(entry), filled(cadres=[by(alice)], **fields))


def page(client, visit):
    return client.get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (("30.635", "120.754"), ("30.635", "120.754")),
        (("30.63549999", "120.7545001"), ("30.635", "120.755")),
        (("3", "73"), ("3.000", "73.000")),
        (("54.000", "136"), ("54.000", "136.000")),
    ],
)
def test_place_is_rounded_again_by_the_server(send, client, sent, kept):
    send(latitude=sent[0], longitude=sent[1])
    visit = Visit.objects.get()
    assert (str(visit.latitude), str(visit.longitude)) == kept
    assert f"{kept[0]}，{kept[1]}" in page(client, visit)


def test_without_a_place_nothing_is_told_of_one(send, client):
    send()
    visit = Visit.objects.get()
    assert (visit.latitude, visit.longitude) == (None, None)
    assert "位置" not in page(client, visit)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("30.635", ""),
        ("", "120.754"),
        ("2.999", "120.754"),
        ("54.001", "120.754"),
        ("30.635", "72.999"),
        ("30.635", "136.001"),
        ("NaN", "120.754"),
        ("1e99", "120.754"),
        ("这里", "120.754"),
    ],
)
def test_place_that_is_none_is_refused_in_a_sentence_and_loses_nothing(send, latitude, longitude):
    response = send(latitude=latitude, longitude=longitude, note="很要紧")
    errors = response.context["form"].errors
    assert not Visit.objects.exists()
    assert {sentence for sentences in errors.values() for sentence in sentences} == {WRONG}
    assert "很要紧" in response.content.decode()


def test_forms_with_another_place_are_different(send):
    identity = {"client_id": "6f1b2a52-8a0c-4d0e-9a39-6a3f5c1d7e23"}
    here = {"latitude": "30.635", "longitude": "120.754"}
    assert send(**identity, **here).status_code == 302
    assert send(**identity, latitude="30.6351", longitude="120.7539").status_code == 302
    response = send(**identity)
    assert response.status_code == 409
    rows = [(row.stored, row.sent) for row in response.context["rows"] if row.label == "位置"]
    assert rows == [("30.635，120.754", "")]


def correct(client, visit, **fields):
    numbers = list(visit.cadres.values_list("cadre__staff_number", flat=True))
    data = filled(cadres=numbers, seen_step=visit.steps.last().pk, reason="写错了", **fields)
    return client.post(reverse("visits:visit_correct", args=[visit.pk]), data)


def test_correction_keeps_the_place_or_takes_it_off_for_good(send, client):
    send(latitude="30.635", longitude="120.754")
    visit = Visit.objects.get()
    correct(client, visit, note="改了手记", latitude="31", longitude="121")
    visit.refresh_from_db()
    assert (str(visit.latitude), str(visit.longitude)) == ("30.635", "120.754")
    correct(client, visit, note="改了手记", drop_place="on")
    visit.refresh_from_db()
    assert (visit.latitude, visit.longitude) == (None, None)
    assert visit.steps.last().before == {"place": True}
    told = page(client, visit)
    assert "原来：位置 （已清除）" in told
    assert "30.635" not in told


def test_visit_without_a_place_offers_nothing_to_take_off(send, client):
    send()
    visit = Visit.objects.get()
    form = client.get(reverse("visits:visit_correct", args=[visit.pk])).context["form"]
    assert "drop_place" not in form.fields


def test_stranger_finds_no_place(send, client):
    send(latitude="30.635", longitude="120.754")
    client.force_login(people.charlie())
    response = client.get(reverse("visits:visit_detail", args=[Visit.objects.get().pk]))
    assert response.status_code == 404
    assert "30.635" not in response.content.decode()


@pytest.mark.parametrize(
    "place", [("30.635", None), (None, "120.754"), ("2.999", "120.754"), ("30.635", "136.001")]
)
def test_database_refuses_half_a_place_and_one_abroad(alice, place):
    visit = factories.visit(factories.Campaign.objects.get(), factories.household())
    visit.latitude, visit.longitude = (Decimal(part) if part else None for part in place)
    with pytest.raises(ValidationError) as refusal:
        visit.validate_constraints()
    assert "位置要么有经度和纬度，并且在国内，要么都没有。" in refusal.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()


def test_place_is_in_no_export(send):
    send(latitude="30.635", longitude="120.754")
    [row] = visit_rows(Visit.objects.get().campaign, people.bob())
    assert row["number"] == Visit.objects.get().number
    assert [value for value in row.values() if str(value) in ("30.635", "120.754")] == []
