"""The telephone numbers of cadres as they lie in the database."""

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, transaction

from canvass.sealed import FIRST_LETTERS, Unreadable, blind_index, blind_indexes
from grids.models import Cadre
from tests import factories

NUMBER, OTHER = "13812345678", "13987654321"
A, B = "a" * 40, "b" * 40


def stored(table="grids_cadre", column="phone"):
    """What the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db
def test_number_is_sealed_on_the_way_in_and_opened_on_the_way_out():
    factories.cadre(phone=NUMBER)
    factories.cadre(phone="")

    sealed, blank = stored()
    assert sealed.startswith(FIRST_LETTERS) and NUMBER not in sealed
    assert blank == ""
    assert list(Cadre.objects.values_list("phone", flat=True)) == [NUMBER, ""]
    assert [cadre.phone for cadre in Cadre.objects.exclude(phone="")] == [NUMBER]
    assert stored(column="phone_index") == [blind_index(NUMBER), ""]


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__regex", "phone__gt"])
def test_sealed_column_is_searched_by_nothing_but_blank(lookup):
    with pytest.raises(FieldError):
        list(Cadre.objects.filter(**{lookup: [NUMBER] if lookup.endswith("in") else NUMBER}))


@pytest.mark.django_db
@pytest.mark.parametrize("clear", [{"phone": NUMBER}, {"phone_index": "", "phone": "gAAAAx"}])
def test_database_refuses_a_number_in_clear_and_one_without_index(clear):
    factories.cadre(phone=NUMBER)
    names = ", ".join(f"{name} = %s" for name in clear)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE grids_cadre SET {names}", list(clear.values()))


@pytest.mark.django_db
def test_index_follows_the_number_through_every_save():
    cadre = factories.cadre(phone=NUMBER)
    cadre.phone = OTHER
    cadre.save()
    assert stored(column="phone_index") == [blind_index(OTHER)]
    cadre.phone = ""
    cadre.save()
    assert stored(column="phone_index") == [""]


@pytest.mark.django_db
def test_what_is_no_mobile_number_is_refused_by_every_form():
    with pytest.raises(ValidationError, match="11 位"):
        factories.cadre(phone="12345").full_clean()


@pytest.mark.django_db
def test_row_with_an_unreadable_number_can_be_changed_and_keeps_it(settings):
    settings.FIELD_KEYS = [A]
    factories.cadre(phone=NUMBER)
    before = stored()
    settings.FIELD_KEYS = [B]
    cadre = Cadre.objects.get()
    assert isinstance(cadre.phone, Unreadable)
    cadre.name = "李二"
    cadre.full_clean()
    cadre.save()
    assert stored() == before
    settings.FIELD_KEYS = [B, A]
    assert Cadre.objects.get().phone == NUMBER
    assert Cadre.objects.filter(phone_index__in=blind_indexes(NUMBER)).exists()
