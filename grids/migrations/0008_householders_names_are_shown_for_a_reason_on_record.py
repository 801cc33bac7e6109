import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0007_no_phone_number_of_a_cadre_lies_in_clear"),
    ]

    operations = [
        migrations.CreateModel(
            name="HolderReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="grids.registerentry",
                        verbose_name="走访对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "查看户名记录",
                "verbose_name_plural": "查看户名记录",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="holderreading_says_why",
                        violation_error_message="查看户名必须写明原因。",
                    )
                ],
            },
        ),
    ]
