"""Supervision beside the state: numbered slips, and what became of them. Nothing here ever changes or goes."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign
from canvass import places
from canvass.roles import REPORT_READERS
from grids.models import Department

from ..enums import SlipCause, SlipStepKind, SupervisionColour
from .issues import OUT, REFUSED, REPLIED_ON, Issue
from .links import IssueStep

# In these states of the issue no slip stands: it is answered, or out of our hands.
SETTLED = [*REPLIED_ON, *OUT, *REFUSED]
ENDS = [SlipStepKind.LIFTED, SlipStepKind.SUPERSEDED]


class SupervisionSlipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Slips on the issues one sees: the readers of an area all of them, a department those sent to it.

        Visitors see none; a slip on an issue that became restricted is nobody's.
        """
        reach = user.reach
        mine = places.inside("issue__place_id", *reach.codes(*REPORT_READERS))
        mine |= Q(department__in=reach.department_ids)
        issues = Issue.objects.visible_to(user).filter(is_restricted=False)
        return self.filter(mine, issue__in=issues)

    def with_settled_at(self):
        """Annotate `settled_at`: the first approved reply (or way out of our hands) after the slip, or null."""
        steps = IssueStep.objects.filter(
            issue=OuterRef("issue"), at__gte=OuterRef("issued_at"), changes_state=True, to_state__in=SETTLED
        )
        first = steps.order_by().values("issue").annotate(first=Min("at")).values("first")
        return self.annotate(settled_at=Subquery(first))

    def open(self):
        """Slips that stand: neither lifted nor superseded, no reply since, and the issue still its department's.

        The reply's own step ends a slip, so nothing has to be written twice or can be forgotten.
        """
        ended = SlipStep.objects.filter(slip=OuterRef("pk"), kind__in=ENDS)
        return (
            self.with_settled_at()
            .filter(~Exists(ended), settled_at=None, issue__lead_department=F("department"))
            .exclude(issue__state__in=SETTLED)
        )


def with_slip_colour(issues, user):
    """Annotate `slip_colour` on issues: the colour of the slip that stands and that the person may see, or null."""
    standing = SupervisionSlip.objects.visible_to(user).open().filter(issue=OuterRef("pk"))
    return issues.annotate(slip_colour=Subquery(standing.order_by("-pk").values("colour")[:1]))


class SupervisionSlip(models.Model):
    """Append-only: a numbered slip on an issue and its department, never on a person.

    It keeps the due date that the issue had when it was issued, and by when the department must answer.
    """

    append_only = True

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="slips", verbose_name=_("活动"))
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="slips", verbose_name=_("问题"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    number = models.CharField(_("督办单编号"), max_length=64)
    colour = models.CharField(_("颜色"), max_length=8, choices=SupervisionColour)
    cause = models.CharField(_("督办原因"), max_length=16, choices=SlipCause, blank=True)
    issued_at = models.DateTimeField(_("发出时间"), default=timezone.now)
    due_at = models.DateTimeField(_("期限"), null=True)
    answer_due_on = models.DateField(_("回复期限"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )

    objects = SupervisionSlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办单")
        verbose_name_plural = pgettext_lazy("plural", "督办单")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="supervisionslip_number_once",
                violation_error_message=_("本活动已有此督办单编号。"),
            ),
        ]

    def __str__(self):
        return self.number


class SlipStep(models.Model):
    """Append-only: the department answered a slip, the office lifted it, or a graver one took its place."""

    append_only = True
    redactable = ("words",)

    slip = models.ForeignKey(SupervisionSlip, models.PROTECT, related_name="steps", verbose_name=_("督办单"))
    kind = models.CharField(_("动作"), max_length=16, choices=SlipStepKind)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    words = models.TextField(_("说明"), blank=True)
    successor = models.ForeignKey(
        SupervisionSlip,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("接续的督办单"),
    )

    class Meta:
        verbose_name = _("督办经过")
        verbose_name_plural = pgettext_lazy("plural", "督办经过")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slip"],
                condition=Q(kind__in=ENDS),
                name="slipstep_ends_once",
                violation_error_message=_("这张督办单已经解除或接续。"),
            ),
            models.CheckConstraint(
                condition=Q(kind=SlipStepKind.SUPERSEDED, successor__isnull=False)
                | (
                    Q(kind__in=[SlipStepKind.ANSWERED, SlipStepKind.LIFTED], successor__isnull=True)
                    & ~Q(words="")
                ),
                name="slipstep_says_why",
                violation_error_message=_("回复和解除须写明说明，接续须有新的督办单。"),
            ),
        ]

    def __str__(self):
        return f"{self.slip} {self.get_kind_display()}"
