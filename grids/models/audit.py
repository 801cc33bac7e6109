"""The log of access and change: who, when, what, with which result, from where. It holds no word of a record."""

import json
from datetime import UTC

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canvass import places

from ..enums import AuditAction, AuditResult, Device
from .people import User


class AuditRowQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For an auditor: rows by people posted, and of records that lie, inside the own places; for others none.

        Rows that name no place (an unknown account, a department's people without a record, a superuser, the
        server) are read by every auditor: hidden from all, nobody would look at them.
        """
        codes = user.reach.codes_with("grids.view_auditrow")
        if not codes:
            return self.none()
        posted = Q(place="", posted="")
        for code in codes:
            posted |= Q(posted__contains=f" {code}")
        return self.filter(places.inside("place", *codes) | posted)

    def of_record(self, model, key):
        """Who opened this record, and whatever else happened to it: one query, one index."""
        return self.filter(record_type=model._meta.label, record_key=str(key))


class AuditRow(models.Model):
    """Append-only: one thing that somebody did or tried. Written by `grids.audit.record` and by nothing else.

    `id` is the place in the chain, without a gap. `previous` is the seal of the row before and `seal` a keyed
    hash over this row with it (docs/adr/0018-the-audit-log-is-a-chain.md). Name and staff number are those of
    then. `place` is the code of the record's place, `posted` the codes of the person's postings of that day, each
    after a space.
    """

    append_only = True

    id = models.PositiveBigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("账号"), db_index=False
    )
    name = models.CharField(_("姓名"), max_length=150, blank=True)
    staff_number = models.CharField(_("工号"), max_length=32, blank=True)
    action = models.CharField(_("事项"), max_length=16, choices=AuditAction)
    door = models.CharField(_("页面"), max_length=100, blank=True)
    record_type = models.CharField(_("记录类型"), max_length=60, blank=True)
    record_key = models.CharField(_("记录编号"), max_length=64, blank=True)
    result = models.CharField(_("结果"), max_length=16, choices=AuditResult)
    status = models.PositiveSmallIntegerField(_("状态码"), null=True)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    device = models.CharField(_("设备"), max_length=16, choices=Device, blank=True)
    place = models.CharField(_("地方"), max_length=16, blank=True)
    posted = models.TextField(_("岗位范围"), blank=True)
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    objects = AuditRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = pgettext_lazy("plural", "审计记录")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["record_type", "record_key", "-id"], name="auditrow_record"),
            models.Index(fields=["user", "-id"], name="auditrow_user"),
            models.Index(fields=["at"], name="auditrow_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(id=1, previous="") | (Q(id__gt=1) & ~Q(previous=""))) & ~Q(seal=""),
                name="auditrow_follows_sealed",
                violation_error_message=_("审计记录须有封签，并接在上一条之后。"),
            ),
        ]

    def __str__(self):
        return f"{self.id} · {self.get_action_display()}"

    def content(self):
        """Every column but the seal, in one fixed form: what the seal is made of."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        values = [self.id, moment, *(getattr(self, name) for name in SEALED), self.previous]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


SEALED = (
    *("user_id", "name", "staff_number", "action", "door", "record_type", "record_key"),
    *("result", "status", "address", "device", "place", "posted"),
)
