from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = _("地方与人员")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Django's own signals: whoever signs in or out, by whatever door, passes here.
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from . import audit_events, open_sign_ins

        user_logged_in.connect(open_sign_ins.begin)
        user_logged_out.connect(open_sign_ins.forget)
        audit_events.hear()
