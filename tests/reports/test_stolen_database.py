"""A stolen database shows no telephone number: whatever people typed into the site lies sealed in every column."""

import random
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse

from grids.models import Cadre
from tests import factories, people
from tests.desk import address
from tests.visits.forms import by, file_address, filled
from visits.models import AnswerWish, Visit

pytestmark = pytest.mark.django_db(transaction=True)


def every_text():
    """What a thief reads: the bytes of the file and its log; of a server, every column as a text."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return "".join(
            Path(name + end).read_bytes().decode("latin-1")
            for end in ("", "-wal")
            if Path(name + end).exists()
        )
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.fixture
def numbers():
    """Three that nobody else in this file of tests ever had."""
    return [f"1{chance}" for chance in random.sample(range(3_900_000_000, 3_999_999_999), 3)]


def test_stolen_database_shows_no_number(client, numbers):
    campaign = factories.campaign()
    alice, entry = people.alice(), factories.household()
    client.force_login(alice)
    wish = {"wanted": "on", "answer_way": "phone", "answer_phone": numbers[0]}
    said = {f"opinions-0-{name}": value for name, value in wish.items()}
    client.post(file_address(entry), filled(("problem", "积水"), cadres=[by(alice)], **said))
    visit = Visit.objects.get()
    wish["answer_phone"] = numbers[1]
    said = {f"opinions-0-{name}": value for name, value in wish.items()}
    stored = campaign.opinions.get().pk
    data = filled(("problem", "积水", stored), cadres=[by(alice)], reason="号码错了", **said)
    data["seen_step"] = visit.steps.get().pk
    assert client.post(reverse("visits:visit_correct", args=[visit.pk]), data).status_code == 302
    client.force_login(people.bob())
    fields = {"name": "李一", "category": "other", "department": "", "phone": numbers[2]}
    inlines = ("postings", "sign_in_steps")
    posted = {f"{rows}-{count}_FORMS": 0 for rows in inlines for count in ("TOTAL", "INITIAL")}
    client.post(address(Cadre, "change", alice.cadre.pk), fields | posted)

    assert AnswerWish.objects.get().phone == numbers[1]
    assert Cadre.objects.get(pk=alice.cadre.pk).phone == numbers[2]
    texts = every_text()
    assert entry.number in texts, "the scan reads what is stored"
    assert [number for number in numbers if number in texts] == []


def test_no_other_column_is_made_for_a_number():
    """A new one has to be sealed, or named here as an office's line, which is printed on public papers."""
    public = {"grids.Department.contact_phone", "campaigns.Campaign.duty_phone"}
    made = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.CharField)
        and ("phone" in field.name or "电话" in str(field.verbose_name))
    }
    assert made - {"grids.Cadre.phone_index"} == public
