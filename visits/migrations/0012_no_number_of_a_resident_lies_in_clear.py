from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0011_numbers_of_residents_are_sealed"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="answerwish",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone", ""), ("phone__is_sealed", True), _connector="OR"),
                name="answerwish_number_is_sealed",
                violation_error_message="电话号码须加密保存。",
            ),
        ),
    ]
