"""Whom a misconduct report names: they never read it and never handle it."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Cadre, Department


class ReportSubject(models.Model):
    """Append-only: a report names this person, or this department with everybody who belongs to it.

    Said by discipline. From then on the report does not exist for whom it names, whatever duty they have.
    """

    append_only = True

    opinion = models.ForeignKey(
        "visits.Opinion", models.PROTECT, related_name="report_subjects", verbose_name=_("举报")
    )
    cadre = models.ForeignKey(
        Cadre, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("被举报人")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("被举报单位")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )

    class Meta:
        verbose_name = _("被举报对象")
        verbose_name_plural = pgettext_lazy("plural", "被举报对象")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cadre__isnull=False, department__isnull=True)
                | Q(cadre__isnull=True, department__isnull=False),
                name="reportsubject_is_person_or_department",
                violation_error_message=_("被举报的或者是人，或者是单位。"),
            ),
            models.UniqueConstraint(fields=["opinion", "cadre"], name="reportsubject_person_once"),
            models.UniqueConstraint(fields=["opinion", "department"], name="reportsubject_department_once"),
        ]

    def __str__(self):
        return f"{self.opinion_id}"


def names(reach, opinion="pk"):
    """Condition: the report names this person, or a department that he or she belongs to or is posted in.

    `opinion`: where the row holds the key of the words.
    """
    cadre = reach.cadre
    own = {*reach.department_ids, cadre.department_id if cadre else None} - {None}
    named = Q(cadre=cadre.pk if cadre else None) if cadre else Q(pk__in=[])
    if own:
        named |= Q(department__in=own)
    return Exists(ReportSubject.objects.filter(named, opinion=OuterRef(opinion)))
