import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0007_a_campaign_says_how_long_residents_are_known"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="notice_version",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="PrivacyNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(editable=False, verbose_name="版本")),
                ("who", models.TextField(max_length=600, verbose_name="谁在收集")),
                ("why", models.TextField(max_length=600, verbose_name="为什么收集")),
                ("what", models.TextField(max_length=600, verbose_name="收集什么")),
                ("how_long", models.TextField(max_length=600, verbose_name="保存多久")),
                ("rights", models.TextField(max_length=600, verbose_name="您的权利")),
                ("contact", models.TextField(max_length=600, verbose_name="找谁")),
                (
                    "valid_from",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="自何时起"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="campaigns.campaign",
                        verbose_name="活动",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息告知书",
                "verbose_name_plural": "个人信息告知书",
                "ordering": ["campaign", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "version"),
                        name="privacynotice_version_once",
                        violation_error_message="本活动已有这一版告知书，请重新打开再发布。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)),
                        name="privacynotice_version_counts_from_one",
                        violation_error_message="告知书的版本从 1 数起。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("who", ""), _negated=True),
                            models.Q(("why", ""), _negated=True),
                            models.Q(("what", ""), _negated=True),
                            models.Q(("how_long", ""), _negated=True),
                            models.Q(("rights", ""), _negated=True),
                            models.Q(("contact", ""), _negated=True),
                        ),
                        name="privacynotice_is_whole",
                        violation_error_message="告知书的六项都要写。",
                    ),
                ],
            },
        ),
    ]
