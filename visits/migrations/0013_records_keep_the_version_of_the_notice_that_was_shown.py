from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0012_no_number_of_a_resident_lies_in_clear"),
    ]

    operations = [
        migrations.AddField(
            model_name="answerwish",
            name="notice_version",
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="告知书版本"),
        ),
        migrations.AddField(
            model_name="visit",
            name="notice_version",
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="告知书版本"),
        ),
    ]
