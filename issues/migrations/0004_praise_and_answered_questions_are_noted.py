import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0001_first_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("issues", "0003_follow_up_way_and_permissions"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpinionNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="说明")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "opinion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note",
                        to="visits.opinion",
                        verbose_name="诉求",
                    ),
                ),
            ],
            options={
                "verbose_name": "诉求留存",
                "verbose_name_plural": "诉求留存",
                "ordering": ["at", "pk"],
            },
        ),
    ]
