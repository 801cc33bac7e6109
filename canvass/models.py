"""Abstract pieces that more than one app's models share. No concrete model lives here."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FiledOnce(models.Model):
    """A record that a form may have made. The form's identity is unique: sent twice, it is one record.

    `content_hash` tells whether the second copy says the same. Rows from a desk or a workbook have neither.
    """

    client_id = models.UUIDField(_("填报标识"), null=True, blank=True, unique=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Voidable(models.Model):
    """A record that is never deleted: voiding it, with a reason, is a visible state.

    `voided_at` is also what an as-of in the past reads: a row counts until the moment it was voided.
    """

    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("作废人"),
    )
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_void(self):
        return self.voided_at is not None


def void_has_reason(model_name):
    """The constraint of every Voidable: a void row says why, a valid row has no reason."""
    return models.CheckConstraint(
        condition=Q(voided_at__isnull=True, void_reason="")
        | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
        name=f"{model_name}_void_has_reason",
        violation_error_message=_("作废必须写明原因。"),
    )
