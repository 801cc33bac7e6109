"""Not in one transaction: each batch is sealed by itself, and a run that was broken off goes on where it stopped."""

from django.db import migrations

from canvass.resealing import forget_clear_rows, open_rows, seal_rows


def seal(apps, schema_editor):
    Cadre = apps.get_model("grids", "Cadre")
    if seal_rows(Cadre, "phone").done:
        forget_clear_rows(schema_editor.connection, Cadre._meta.db_table)


def open_again(apps, schema_editor):
    open_rows(apps.get_model("grids", "Cadre"), "phone")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("grids", "0005_phone_numbers_get_a_column_for_a_seal"),
    ]

    operations = [migrations.RunPython(seal, open_again)]
