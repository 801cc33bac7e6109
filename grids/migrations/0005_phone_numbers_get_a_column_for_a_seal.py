import django.core.validators
from django.db import migrations, models

import canvass.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0004_people_say_what_they_think_and_are_looked_at"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="cadre", name="cadre_phone_is_mobile"),
        migrations.AddField(
            model_name="cadre",
            name="phone_index",
            field=canvass.sealed.BlindIndexField(blank=True, editable=False, max_length=32, of="phone"),
        ),
        migrations.AlterField(
            model_name="cadre",
            name="phone",
            field=canvass.sealed.SealedTextField(
                blank=True,
                max_length=11,
                validators=[
                    django.core.validators.RegexValidator("^1[3-9][0-9]{9}$", "手机号码为 11 位数字。")
                ],
                verbose_name="手机",
            ),
        ),
        migrations.AddIndex(
            model_name="cadre",
            index=models.Index(fields=["phone_index"], name="grids_cadre_phone_i_3b8aa5_idx"),
        ),
    ]
