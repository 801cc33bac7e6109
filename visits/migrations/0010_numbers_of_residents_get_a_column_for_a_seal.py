from django.db import migrations

import canvass.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0009_work_is_handed_over_and_reports_name_somebody"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="answerwish", name="answerwish_number_can_be_called"),
        migrations.AlterField(
            model_name="answerwish",
            name="phone",
            field=canvass.sealed.SealedTextField(blank=True, max_length=12, verbose_name="联系电话"),
        ),
    ]
