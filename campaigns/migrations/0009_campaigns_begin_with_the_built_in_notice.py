from django.db import migrations

from campaigns.notice_texts import first_notice


def begin(apps, schema_editor):
    """Their records say nothing about a notice, for none was shown; the next ones will."""
    Campaign = apps.get_model("campaigns", "Campaign")
    PrivacyNotice = apps.get_model("campaigns", "PrivacyNotice")
    for campaign in Campaign.objects.filter(notice_version=0).only("pk", "name", "retention_days"):
        PrivacyNotice.objects.create(campaign=campaign, version=1, **first_notice(campaign))
        Campaign.objects.filter(pk=campaign.pk).update(notice_version=1)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_each_campaign_has_a_notice_in_versions"),
    ]

    # The way back needs nothing: the table goes with the step before.
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
