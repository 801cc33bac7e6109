"""manage.py rotate_keys: every number under the first key, so that the others can be thrown away."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from canvass.resealing import reseal_rows
from canvass.sealed import Unreadable, is_under_first_key
from grids.accounts import account_for
from grids.models import Cadre
from tests import factories
from visits.models import AnswerWish

pytestmark = pytest.mark.django_db
A, B, C = "a" * 40, "b" * 40, "c" * 40
NUMBERS = [f"1381234567{n}" for n in range(5)]


@pytest.fixture
def rows(settings):
    """Five cadres and five residents, sealed with A."""
    settings.FIELD_KEYS = [A]
    campaign = factories.campaign()
    for number in NUMBERS:
        factories.cadre(phone=number, user=True)
        AnswerWish.objects.create(opinion=factories.opinion(campaign), way="phone", phone=number)
    factories.cadre(phone="")


def rotate(*arguments):
    output = StringIO()
    call_command("rotate_keys", *arguments, stdout=output)
    return output.getvalue().splitlines()


def readable():
    return [
        list(model.objects.exclude(phone="").order_by("pk").values_list("phone", flat=True))
        for model in (Cadre, AnswerWish)
    ]


def seals():
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM grids_cadre UNION ALL SELECT phone FROM visits_answerwish")
        return sorted(phone for (phone,) in cursor.fetchall() if phone)


def test_numbers_are_readable_after_the_old_key_is_gone(rows, settings):
    settings.FIELD_KEYS = [B, A]
    told = rotate()
    assert "grids.Cadre.phone  已重新加密 5  已是新密钥 0  打不开 0" in told
    assert "visits.AnswerWish.phone  已重新加密 5  已是新密钥 0  打不开 0" in told
    settings.FIELD_KEYS = [B]
    assert readable() == [NUMBERS, NUMBERS]
    assert account_for(NUMBERS[0]).cadre.phone == NUMBERS[0]


def test_without_turning_them_the_old_key_is_needed(rows, settings):
    settings.FIELD_KEYS = [B]
    assert all(isinstance(number, Unreadable) for numbers in readable() for number in numbers)
    assert account_for(NUMBERS[0]) is None


def test_sign_in_by_number_works_before_and_while_keys_are_turned(rows, settings):
    settings.FIELD_KEYS = [B, A]
    assert account_for(NUMBERS[0]).cadre.phone == NUMBERS[0]
    first = Cadre.objects.earliest("pk")
    first.save()  # sealed with B by itself
    assert account_for(NUMBERS[0]) == first.user
    assert account_for(NUMBERS[1]).cadre.phone == NUMBERS[1]


def test_second_run_changes_nothing(rows, settings):
    settings.FIELD_KEYS = [B, A]
    rotate()
    before = seals()
    assert "grids.Cadre.phone  已重新加密 0  已是新密钥 5  打不开 0" in rotate()
    assert seals() == before


def test_broken_off_run_goes_on(rows, settings, monkeypatch):
    settings.FIELD_KEYS = [B, A]
    monkeypatch.setattr("canvass.resealing.BATCH", 2)
    count = reseal_rows(Cadre, "phone")
    assert (count.done, count.kept) == (5, 0)
    assert "grids.Cadre.phone  已重新加密 0  已是新密钥 5  打不开 0" in rotate()
    assert all(map(is_under_first_key, seals()))


def test_dry_run_counts_and_writes_nothing(rows, settings):
    settings.FIELD_KEYS = [B, A]
    before = seals()
    assert "grids.Cadre.phone  将重新加密 5  已是新密钥 0  打不开 0" in rotate("--dry-run")
    assert seals() == before


def test_what_no_key_opens_is_left_alone_and_told(rows, settings):
    settings.FIELD_KEYS = [C]
    before = seals()
    with pytest.raises(CommandError, match="10 个号码"):
        rotate()
    assert seals() == before
