from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate, pre_migrate

from canvass.append_only import create_triggers, shut_door


def _create_shared_table(using, **kwargs):
    """The table of the cache "shared", if it is not there: `migrate` is all that an installation needs."""
    call_command("createcachetable", database=using, verbosity=0)


class CanvassConfig(AppConfig):
    name = "canvass"
    verbose_name = "大走访"

    def ready(self):
        from canvass import checks  # noqa: F401  registers itself; models have to be there first

        pre_migrate.connect(lambda using, **kwargs: shut_door(using), sender=self, weak=False)
        # After every migrate: Django's ALTER on SQLite remakes a table and drops its triggers.
        post_migrate.connect(lambda using, **kwargs: create_triggers(using), sender=self, weak=False)
        post_migrate.connect(_create_shared_table, sender=self)


class OfficeAdminConfig(AdminConfig):
    """Makes the office desk the default admin site, so that `@admin.register` means it."""

    default_site = "canvass.admin.OfficeAdminSite"
