"""Not in one transaction: each batch is sealed by itself, and a run that was broken off goes on where it stopped."""

from django.db import migrations

from canvass.resealing import forget_clear_rows, open_rows, seal_rows


def seal(apps, schema_editor):
    AnswerWish = apps.get_model("visits", "AnswerWish")
    Visit = apps.get_model("visits", "Visit")
    # The digest of a form was made over the number too: with the rest of the form known, it can be tried out.
    told = AnswerWish.objects.values("opinion__visit")
    Visit.objects.filter(pk__in=told).exclude(content_hash="").update(content_hash="")
    if seal_rows(AnswerWish, "phone").done:
        forget_clear_rows(schema_editor.connection, AnswerWish._meta.db_table, Visit._meta.db_table)


def open_again(apps, schema_editor):
    open_rows(apps.get_model("visits", "AnswerWish"), "phone")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("visits", "0010_numbers_of_residents_get_a_column_for_a_seal"),
    ]

    operations = [migrations.RunPython(seal, open_again)]
