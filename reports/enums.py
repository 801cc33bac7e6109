"""Listed values of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportKind(TextChoices):
    """The series of reports of a campaign; each period of a series has its editions."""

    DAILY = "daily", _("日报")
    WEEKLY = "weekly", _("周报")
    FINAL = "final", _("总结")
    CIRCULAR = "circular", _("通报")
