from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0006_phone_numbers_of_cadres_are_sealed"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="cadre",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone", ""), ("phone_index", "")),
                    models.Q(("phone__is_sealed", True), models.Q(("phone_index", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cadre_phone_is_sealed",
                violation_error_message="手机号码须加密保存，并带有查找用的索引。",
            ),
        ),
    ]
